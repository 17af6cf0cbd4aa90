"""Where names are assigned to, found in the text before it is read.

A closure may keep what a test told of a variable that nothing assigns to, and a loop voids what was known
of those that it assigns to. Both ask for assignments that have not been read yet; the text has them at
hand, and taking some more names for assigned only loses a little knowledge.
"""

from __future__ import annotations

import re

_ASSIGNMENT = re.compile(r"(?:\*\*|<<|>>>?|&&|\|\||\?\?|[-+*/%&|^])?=(?![=>])|\+\+|--")
_WORD = re.compile(r"[\w$#]+")
_LAST_WORD = re.compile(r"([\w$#]+)\s*\Z")
_MAX_NAME = 80


def assigned_names(text: str) -> dict[str, list[int]]:
    """The places of assignments by the name, or last member name, that stands before (or behind `++`)."""
    found: dict[str, list[int]] = {}
    for match in _ASSIGNMENT.finditer(text):
        at = match.start()
        if at and text[at - 1] in "=!<>":
            continue
        word = _LAST_WORD.search(text[max(0, at - _MAX_NAME) : at])
        if word is not None:
            found.setdefault(word[1], []).append(at)
        elif text[at] in "+-" and text[at] == text[at + 1 : at + 2]:
            following = _WORD.match(text, match.end())
            if following is not None:
                found.setdefault(following[0], []).append(at)
    return found
