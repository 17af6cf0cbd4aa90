"""Where names are assigned to, found in the text before it is read.

A closure may keep what a test told of a variable that nothing assigns to, and a loop voids what was known
of those that it assigns to. Both ask for assignments that have not been read yet; the text has them at
hand, and taking some more names for assigned only loses a little knowledge.
"""

from __future__ import annotations

import re

_ASSIGNMENT = re.compile(r"=(?![=>])|\+\+|--")
_OPERATORS = "+-*/%&|^<>? \t\r\n"
_WORD = re.compile(r"[\w$#]+")
_MAX_NAME = 80


def assigned_names(text: str) -> dict[str, list[int]]:
    """The places of assignments by the name, or last member name, that stands before (or behind ``++``)."""
    found: dict[str, list[int]] = {}
    for match in _ASSIGNMENT.finditer(text):
        at = match.start()
        if _compares(text, at):
            continue
        name = _last_word(text[max(0, at - _MAX_NAME) : at].rstrip(_OPERATORS))
        if not name and match.end() - at == 2:
            behind = _WORD.match(text, match.end())
            name = behind[0] if behind is not None else ""
        if name:
            found.setdefault(name, []).append(at)
    return found


def _last_word(text: str) -> str:
    """The word that a text ends with, looked for from there."""
    backwards = _WORD.match(text[::-1])
    return backwards[0][::-1] if backwards is not None else ""


def _compares(text: str, at: int) -> bool:
    """Whether the sign ends ``==``, ``!=``, ``<=`` or ``>=``; ``<<=`` and ``>>=`` assign."""
    if text[at] != "=" or not at:
        return False
    before = text[at - 1]
    return before in "=!" or (before in "<>" and text[at - 2 : at - 1] != before)
