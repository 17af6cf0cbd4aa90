"""A file of which one function was read again says what the whole file says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from canonical_facts import canonical
from hypothesis import given
from hypothesis import strategies as st

from isg.parsers.facts import FileFacts
from isg.parsers.parse import Edit, parse, parse_edited

BEFORE = '''\
"""A module."""
import os
from typing import TYPE_CHECKING, Any as Anything

LIMIT = 1
TWICE = 1
TWICE = 2


def first(path, *rest, key=LIMIT):
    """Says something."""
    if path is None:
        return os.curdir
    for part in rest:
        key = part
    return [each for each in rest if each], key


class Base:
    kind: str = "base"

    def __init__(self, name):
        self.name = name

    @property
    def title(self):
        return self.name.title()

    @title.setter
    def title(self, value):
        self.name = value

    @staticmethod
    def make(name: str = "x", other=TWICE) -> "Base":
        made = Base(name)
        return made

    async def run(self, other: Anything):
        def inner(value):
            return value + self.kind

        class Local(Base):
            size = 3

            def run(self):
                return self.size

        return inner(await other.run()) if Local().run() else self

    def last(self):
        total = 0
        with open(self.name) as file:
            total += len(file.read())
        return total


if TYPE_CHECKING:

    def declared(x): ...


def behind(function=first):
    return function(Base.kind)
'''


def _edited(before: str, after: str) -> tuple[FileFacts, Edit | None, FileFacts]:
    known = parse("python", before.encode())
    facts, edit = parse_edited("python", lambda: known, before.encode(), after.encode())
    return facts, edit, parse("python", after.encode())


def _replaced(old: str, new: str) -> str:
    assert BEFORE.count(old) == 1
    return BEFORE.replace(old, new)


ALONE = {
    "a statement more": ("        total = 0\n", "        total = 0\n        print(total)\n"),
    "a statement less": ("        key = part\n", ""),
    "another value": ("total += len(file.read())", "total = self.run(file)"),
    "a loop": (
        "    for part in rest:\n",
        "    while rest:\n        rest = rest[1:]\n    for part in rest:\n",
    ),
    "a comprehension": ("[each for each in rest if each]", "{e: e() for e in rest}"),
    "a lambda": ("        key = part\n", "        key = lambda x=part: x(key)\n"),
    "a walrus": ("    if path is None:", "    if (found := path) is None and found:"),
    "a docstring": ('"""Says something."""', '"""Says more.\n\n    And more.\n    """'),
    "an annotation": ("def last(self):", "def last(self) -> 'Base':"),
    "parameters": ("def first(path, *rest, key=LIMIT):", "def first(path, /, flag: bool, *, key=os.sep):"),
    "text around": ("        total = 0\n", "        # a comment\n\n        total = 0\n"),
    "in a nested function": ("return value + self.kind", "return self.last(value)"),
    "in a nested class": ("            size = 3\n", "            size = first(1)\n"),
    "a generator": ("        return total\n", "        yield total\n"),
    "a statement at the end": ("        return total\n", "        return total\n        print()\n"),
    "no statement at the end": ("        return total\n", ""),
    "the only line": ("return function(Base.kind)", "return None"),
}
WHOLE = {
    "another name": ("def last(self):", "def later(self):"),
    "an attribute of the class": ("        total = 0\n", "        self.total = 0\n"),
    "where one was set": ("        self.name = name\n", "        self.name = str(name)\n"),
    "a variable of the module": ("        total = 0\n", "        global LIMIT\n        LIMIT = 0\n"),
    "an import": ("        total = 0\n", "        import json\n"),
    "a definition more": ("        total = 0\n", "        def total(): ...\n"),
    "an accessor": ("        self.name = value\n", "        print(value)\n"),
    "a decorator": ("    @staticmethod\n", "    @classmethod\n"),
    "another color": ("    async def run", "    def run"),
    "a head with a name that was bound twice": ("        made = Base(name)\n", ""),
    "one of several definitions": ("return self.name.title()", "return self.kind.title()"),
    "out of the function": ("        total = 0\n", "    total = 0\n"),
    "a string without end": ("        total = 0\n", '        total = """\n'),
    "a bracket without end": ("        total = 0\n", "        total = (\n"),
    "an empty body": ("    return function(Base.kind)\n", ""),
    "between functions": ("LIMIT = 1\n", "LIMIT = 3\n"),
    "an unfinished line": ("        return total\n", "        return total \\\n"),
    "parameters of types": ("def last(self):", "def last[T](self):"),
}


@pytest.mark.parametrize("name", ALONE)
def test_an_edit_within_a_function_is_read_alone(name: str) -> None:
    facts, edit, whole = _edited(BEFORE, _replaced(*ALONE[name]))
    assert edit is not None
    assert canonical(facts) == canonical(whole)


@pytest.mark.parametrize("name", WHOLE)
def test_what_says_something_of_the_rest_is_read_with_it(name: str) -> None:
    facts, edit, whole = _edited(BEFORE, _replaced(*WHOLE[name]))
    assert edit is None
    assert facts == whole


def test_edits_add_up() -> None:
    """Each edit starts from the facts that the one before left."""
    text, facts = BEFORE, parse("python", BEFORE.encode())
    for old, new in ALONE.values():
        if text.count(old) == 1:
            after = text.replace(old, new)
            facts, _ = parse_edited("python", _given(facts), text.encode(), after.encode())
            assert canonical(facts) == canonical(parse("python", after.encode()))
            text = after


def test_indexes_of_before_mean_what_they_meant() -> None:
    """Others may keep them: what is known of a term holds as long as its function says the same."""
    known = parse("python", BEFORE.encode())
    facts, edit, _ = _edited(BEFORE, _replaced(*ALONE["a loop"]))
    assert edit is not None
    assert facts.terms[: len(known.terms)] == known.terms
    assert facts.bindings[: len(known.bindings)] == known.bindings
    assert facts.scopes[: len(known.scopes)] == known.scopes
    assert [each.name for each in facts.symbols] == [each.name for each in known.symbols]


@pytest.mark.parametrize("ending", ["", "\n\n# the end\n", "\n    # further in\n"])
def test_at_the_end_of_the_file(ending: str) -> None:
    before = f"def f(x):\n    return x{ending}"
    for after in (f"def f(x):\n    y = x\n    return y{ending}", f"def f(x):\n    return x + 1{ending}"):
        facts, _, whole = _edited(before, after)
        assert canonical(facts) == canonical(whole)


@pytest.mark.parametrize("start", ["\ufeff", "# coding: latin-1\n", "x = 'é'\r\n"])
def test_whatever_the_encoding(start: str) -> None:
    before = f"{start}def f(x):\n    return x\n"
    facts, _, whole = _edited(before, before.replace("return x", "ä = x\n    return ä"))
    assert canonical(facts) == canonical(whole)


def test_an_error_without_a_place_is_one_of_the_file() -> None:
    """A line that is missing its end is no node of the tree, but the whole file is read in another way."""
    broken = BEFORE.replace("    if path is None:\n", "    if path is None:\npass")
    facts, edit, whole = _edited(broken, broken.replace('thing."""', 'thing."""#'))
    assert edit is None
    assert facts == whole
    assert [each.code for each in whole.diagnostics] == ["syntax-error"]


TOKENS = (
    *(
        "(",
        ")",
        "[",
        "]",
        ":",
        "=",
        "#",
        "\\",
        '"',
        '"""',
        ",",
        ".",
        ";",
        "\n",
        "\n    ",
        "\n        ",
        "    ",
        " ",
    ),
    *(
        "\t",
        "\r",
        "\f",
        "é",
        ":=",
        "->",
        "@",
        "lambda: ",
        "await ",
        "async ",
        "def f(): ...",
        "class C: x = 1",
    ),
    *("self.x = 1", "global LIMIT", "import os", "return path", "yield", "pass", "for x in y:\n", "if x:\n"),
)


@given(
    st.lists(st.tuples(st.integers(0, len(BEFORE)), st.integers(0, 9), st.sampled_from(TOKENS)), max_size=3)
)
def test_whatever_is_edited_the_facts_are_those_of_the_file(
    edits: list[tuple[int, int, str]],
) -> None:
    text, facts = BEFORE, parse("python", BEFORE.encode())
    for place, length, token in edits:
        after = text[:place] + token + text[place + length :]
        facts, _ = parse_edited("python", _given(facts), text.encode(), after.encode())
        assert canonical(facts) == canonical(parse("python", after.encode()))
        text = after


def _given(facts: FileFacts) -> Callable[[], FileFacts]:
    return lambda: facts
