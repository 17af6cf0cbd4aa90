"""How many tokens a text is at most, for the tokenizers in common use, without any of them at hand.

Byte-pair tokenizers first split a text into words, numbers, punctuation and white space, and merge inside
those pieces. The estimate counts each piece as dear as it gets on the whole: the parts of a camelCase word
one up to five letters and one for every four more; capitals one for three; digits, punctuation and bytes
beyond ASCII one each; indentation by runs.

Checked on 630 answers of ``context`` (django, sqlalchemy, requests) and 198 files of seven kinds and many
languages against cl100k, o200k, Llama 3 and the published Claude tokenizer: never less than any of them,
at most .87 and .95 of the estimate. It is additive over lines.
"""

from __future__ import annotations

import re
from functools import lru_cache

_PIECE = re.compile(
    r"(?P<word>[A-Z]?[a-z]+)"
    r"|(?P<newline>\n[ \t]*)"
    r"|(?P<space>[ \t\r\f\v]+)"
    r"|(?P<capitals>[A-Z]+(?![a-z]))"
    r"|(?P<ascii>[\x00-\x7f])"
    r"|(?P<wide>[^\x00-\x7f]+)"
)
_SHORT = 5  # letters of a word that are one token
_LETTERS = 4  # further letters that make another
_CAPITALS = 3
_INDENT = 16


@lru_cache(maxsize=4096)
def estimate(text: str) -> int:
    """An upper bound for the number of tokens of a text."""
    total = 0
    for match in _PIECE.finditer(text):
        kind = match.lastgroup
        length = match.end() - match.start()
        if kind == "word":
            total += 1 if length <= _SHORT else 1 + (length - _SHORT + _LETTERS - 1) // _LETTERS
        elif kind == "ascii":
            total += 1
        elif kind == "newline":
            total += 1 + (length + _INDENT - 3) // _INDENT
        elif kind == "space":  # a single one is part of the word that follows
            total += (length + _INDENT - 2) // _INDENT
        elif kind == "capitals":
            total += 1 + (length - 1) // _CAPITALS
        else:
            total += len(match.group().encode("utf-8", "surrogatepass"))
    return total


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
