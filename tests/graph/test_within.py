"""Which edits of a function tell others nothing new about it."""

from __future__ import annotations

import pytest

from isg.graph.linking.within import says_the_same
from isg.parsers.parse import parse, parse_edited

BEFORE = """\
import os

GIVEN = 1


class Kind:
    def method(self, value: int, function=len):
        made = Kind()
        for each in value:
            made = each
        function(value)
        return made, os.sep, lambda: made

    def plain(self, value: int, function=len):
        made = Kind()
        for each in value:
            made = each
        if value:
            return made.plain(value)
        return GIVEN, os.sep, super().plain(value)
"""

SAME = {
    "a call more": ("        if value:\n", "        print(value)\n        if value:\n"),
    "a variable more": ("        if value:\n", "        other = value\n        if value:\n"),
    "a docstring": ("        if value:\n", "        'said'\n        if value:\n"),
}
OTHER = {
    "what it gives": ("GIVEN, os", "each, os"),
    "one thing more": (
        "        if value:\n",
        "        if value is None:\n            return None\n        if value:\n",
    ),
    "what a variable holds": ("        if value:\n", "        made = each\n        if value:\n"),
    "a variable of its own by that name": ("        if value:\n", "        GIVEN = 2\n        if value:\n"),
    "that it is a generator": ("            return made.plain(value)\n", "            yield made\n"),
    "what it takes": ("def plain(self, value: int,", "def plain(self, value: str,"),
    "a default": ("def plain(self, value: int, function=len)", "def plain(self, value: int, function=max)"),
    "that it calls a parameter": ("        if value:\n", "        function()\n        if value:\n"),
    "a function without a name": ("        function(value)\n", ""),
}


def _same(old: str, new: str) -> bool:
    place = BEFORE.rindex(old)
    after = BEFORE[:place] + new + BEFORE[place + len(old) :]
    known = parse("python", BEFORE.encode())
    facts, edit = parse_edited("python", lambda: known, BEFORE.encode(), after.encode())
    assert edit is not None
    return says_the_same(edit, facts)


@pytest.mark.parametrize("name", SAME)
def test_it_says_the_same(name: str) -> None:
    assert _same(*SAME[name])


@pytest.mark.parametrize("name", OTHER)
def test_it_says_something_else(name: str) -> None:
    assert not _same(*OTHER[name])
