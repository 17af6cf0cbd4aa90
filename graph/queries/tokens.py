"""How many tokens a text is at most, for the tokenizers in common use, without any of them at hand.

Byte-pair tokenizers first split a text into words, numbers, punctuation and white space, and merge inside
those pieces. The estimate counts each piece as dear as it gets: a word by its camelCase parts, four letters
a token; digits, punctuation and bytes beyond ASCII one each; indentation by runs.
It is additive over lines: the estimate of a text is the sum of those of its lines.
"""

from __future__ import annotations

import re
from functools import lru_cache

_PIECE = re.compile(
    r"(?P<newline>\n[ \t]*)"
    r"|(?P<word>[A-Z]?[a-z]+)"
    r"|(?P<capitals>[A-Z]+(?![a-z]))"
    r"|(?P<space>[ \t\r\f\v]+)"
    r"|(?P<ascii>[\x00-\x7f])"
    r"|(?P<wide>[^\x00-\x7f]+)"
)
_LETTERS = 4  # letters of a word that make a token, at the least
_CAPITALS = 2
_INDENT = 16


@lru_cache(maxsize=4096)
def estimate(text: str) -> int:
    """An upper bound for the number of tokens of a text."""
    total = 0
    for match in _PIECE.finditer(text):
        kind = match.lastgroup
        length = match.end() - match.start()
        if kind == "word":
            total += 1 + (length - 1) // _LETTERS
        elif kind == "capitals":
            total += 1 + (length - 1) // _CAPITALS
        elif kind == "newline":
            total += 1 + (length + _INDENT - 3) // _INDENT
        elif kind == "space":
            total += (length + _INDENT - 2) // _INDENT + _stands_alone(text, match.end())
        elif kind == "ascii":
            total += 1
        else:
            total += len(match.group().encode("utf-8", "surrogatepass"))
    return total


def _stands_alone(text: str, end: int) -> int:
    """1 where a space is not merged into the word that follows it."""
    return 0 if text[end : end + 1].isalpha() else 1


def cut_to(text: str, tokens: int) -> str:
    """The longest run of whole lines from the beginning of a text that keeps within a number of tokens."""
    kept: list[str] = []
    left = tokens
    for line in text.splitlines(keepends=True):
        left -= estimate(line)
        if left < 0:
            break
        kept.append(line)
    return "".join(kept)
