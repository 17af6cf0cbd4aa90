"""Tokens of macros, as macros by example see them (Rust reference, chapters "Tokens", "Macros By Example").

What tree-sitter gives for a token tree is for reading it in place; to fit tokens to the rules of a macro and
to write them anew they are taken from the text, flat, each with its place in the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import NamedTuple

NOWHERE = -1  # the place of a token that stands in no invocation
_CLOSING = {"(": ")", "[": "]", "{": "}"}
OPENERS, CLOSERS = frozenset(_CLOSING), frozenset(_CLOSING.values())

# `>` is a token of its own: two of them may end two lists of generic arguments. What is not closed goes on
# to the end, so that no text is looked at twice.
_TOKENS = re.compile(
    r"""(?P<doc> ///(?!/)[^\n]* | /\*\*(?![*/])(?:.*?\*/|.*) )
      | (?P<noise> \s+ | //[^\n]* | /\*(?:.*?\*/|.*) )
      | (?P<literal> b?c?r(?: "[^"]*"? | \#"(?:.*?"\#|.*) | \#\#"(?:.*?"\#\#|.*) )
          | [bc]?"[^"\\]*(?:\\.[^"\\]*)*"?
          | b?'(?:\\[^'\n]+|[^\\'\x80-\xff]|[\x80-\xff]{2,4})'
          | \d[\w]*(?:\.\d[\w]*)?(?:(?<=[eE])[-+]\d+)? )
      | (?P<lifetime> '[\w\x80-\xff]+ )
      | (?P<word> (?:r\#)?[A-Za-z_\x80-\xff][\w\x80-\xff]* )
      | (?P<mark> <<= | \.\.\. | \.\.= | :: | -> | => | [-=!<+*/%^&|]= | && | \|\| | << | \.\. | . )""",
    re.DOTALL | re.VERBOSE | re.ASCII,
)


class TokenKind(Enum):
    WORD = auto()
    LITERAL = auto()
    LIFETIME = auto()
    MARK = auto()


_KINDS = {kind.name.lower(): kind for kind in TokenKind}


class Token(NamedTuple):
    kind: TokenKind
    text: str
    place: int  # the byte of the file that it begins at; or NOWHERE
    gap: str  # what stands before it where that is blank and on one line; else a line feed


class Tokens:
    """Balanced tokens; ``closing`` is the index of the bracket that closes each opening one."""

    __slots__ = ("closing", "each")

    def __init__(self, each: Sequence[Token]) -> None:
        self.each = each
        self.closing = _closing(each)


def _closing(tokens: Sequence[Token]) -> dict[int, int]:
    """Raises ValueError where brackets do not match."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for index, (kind, text, *_) in enumerate(tokens):
        if kind is not TokenKind.MARK:
            continue
        if text in _CLOSING:
            opened.append(index)
        elif text in CLOSERS:
            if not opened or _CLOSING[tokens[opened[-1]].text] != text:
                raise ValueError(text)
            found[opened.pop()] = index
    if opened:
        raise ValueError(tokens[opened[-1]].text)
    return found


def tokens_of(text: str, start: int, end: int, place_of: Callable[[int], int] | None = None) -> Tokens:
    """The tokens of a part of some text; raises ValueError where brackets do not match.

    ``place_of`` gives the place of an offset of the text; without it, the tokens stand nowhere. Documentation
    is the attribute that it stands for.
    """
    found: list[Token] = []
    gap = ""
    for each in _TOKENS.finditer(text, start, end):
        kind = each.lastgroup
        if kind is None or kind == "noise":
            gap = each[0] if not gap and each[0].isspace() and "\n" not in each[0] else "\n"
            continue
        place = NOWHERE if place_of is None else place_of(each.start())
        if kind == "doc":
            found += _documentation(each[0], place)
        else:
            found.append(Token(_KINDS[kind], each[0], place, gap))
        gap = "\n" if kind == "doc" else ""
    return Tokens(found)


def _documentation(comment: str, place: int) -> list[Token]:
    """`#[doc = "…"]`"""
    said = comment[3:] if comment.startswith("//") else comment[3:].removesuffix("*/")
    quoted = '"' + said.replace("\\", "\\\\").replace('"', '\\"') + '"'
    mark, word, literal = TokenKind.MARK, TokenKind.WORD, TokenKind.LITERAL
    marks = ((mark, "#"), (mark, "["), (word, "doc"), (mark, "="), (literal, quoted), (mark, "]"))
    return [Token(kind, text, place, " ") for kind, text in marks]
