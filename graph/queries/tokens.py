"""How many tokens a text is at most, for the tokenizers in common use, without any of them at hand.

Byte-pair tokenizers first split a text into words, numbers, punctuation and white space, and merge inside
those pieces. The estimate counts each piece as dear as it gets on the whole: the parts of a camelCase word
one up to six letters and one for every three more, but two for a capital with two letters, which may be a
name of the project's own (Zod); capitals one for three; of a run of punctuation the first two characters one
each and one for every two more; digits, bytes beyond ASCII, line breaks with the indentation that follows,
and each of the last two spaces before a digit one.

Checked by ``tests/benchmarks/context_budget.py`` against cl100k, o200k and the published tokenizers of
Anthropic and DeepSeek: answers about 22 projects of three languages need .81 of the estimate, .99 at most
(tables of numbers, lists of rare words). Prices that a linear program fitted to the same answers were no
lower. It is additive over lines.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from functools import lru_cache

_WORD = re.compile(rb"A?a+")  # in shapes
_CAPITALS = re.compile(rb"A+(?!a)")
_SPACE = re.compile(rb"\n[ \t]*|[ \t\r\f\v]{2,}")  # a single space is part of the word that follows
_BEFORE_DIGIT = re.compile(rb"  ?[0-9]")
_ASCII = bytes(range(128))
_NO_DIGITS = bytes(code for code in range(256) if not chr(code).isdecimal() or code > 127)
_WORDS_AND_SPACE = frozenset((string.ascii_letters + string.digits + "_ \t\n\r\f\v").encode())
_PUNCTUATION = bytes(code if code < 128 and code not in _WORDS_AND_SPACE else ord(" ") for code in range(256))
_SHAPES = bytes(  # capitals are A, other letters a, all else is between words
    ord(" " if code > 127 or not chr(code).isalpha() else "A" if chr(code).isupper() else "a")
    for code in range(256)
)
_OWN = b"Aaa"  # a name that no tokenizer may know
_SHORT = 6  # letters of a word that are one token
_LETTERS = 3  # further letters that make another
_RUN = 3  # capitals that are one token
_PAIR = 2  # characters of punctuation that are one token, one of them more at the start
_INDENT = 16  # white space that is one token


@lru_cache(maxsize=4096)
def estimate(text: str) -> int:
    """An upper bound for the number of tokens of a text."""
    data = text.encode("utf-8", "surrogatepass")
    punctuation = data.translate(_PUNCTUATION).split()
    spaces = Counter(map(len, _SPACE.findall(data))).items()
    return (
        sum(map(_letters, data.translate(_SHAPES).split()))
        + len(punctuation)
        + sum([length // _PAIR for length in map(len, punctuation)])
        + sum(count * (1 + max(0, length - 2) // _INDENT) for length, count in spaces)
        + data.count(b"_")
        + len(data.translate(None, _NO_DIGITS))
        + sum([len(found) - 1 for found in _BEFORE_DIGIT.findall(data)])
        + len(data.translate(None, _ASCII))
    )


@lru_cache(maxsize=4096)
def _letters(shape: bytes) -> int:
    """The tokens of letters in a row, of which there are few shapes: ``Aaaaa``, ``aaaAaa``."""
    words = _WORD.findall(shape)
    further = [max(0, len(word) - _SHORT + _LETTERS - 1) // _LETTERS for word in words]
    capitals = [1 + (len(run) - 1) // _RUN for run in _CAPITALS.findall(shape)]
    return len(words) + words.count(_OWN) + sum(further) + sum(capitals)


def at_least(text: str) -> int:
    """A lower bound for the estimate, much faster to tell."""
    return (len(text) - text.count(" ") - text.count("\t")) // _SHORT
