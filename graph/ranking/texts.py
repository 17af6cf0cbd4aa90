"""How much the sources of symbols say the same: their words, rare ones counting more.

Words are identifiers and what they are made of, split at case and underscores, in comments and strings, too.
What is rare is told by the texts at hand, the likeliest candidates, not by the whole project: nothing is kept
on disk, and what a question costs does not grow with the project.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from math import log, sqrt
from typing import NamedTuple

from isg.graph.names import words_of

_IDENTIFIER = re.compile(r"[^\W\d]\w+")
_ASCII = "".join(char if char.isalnum() or char == "_" else " " for char in map(chr, range(128)))
_SATURATION, _LENGTH = 1.2, 0.75  # the usual k1 and b of BM25

Words = Mapping[str, int]


class Likeness(NamedTuple):
    """What texts have in common with the asked one, each column in the order of the texts."""

    overlap: list[float]  # BM25 (Robertson and Zaragoza 2009)
    rarest: list[float]  # the rarity of the rarest word that both have; 0 where they have none
    cosine: list[float]  # of the sets of words, each with the square of its rarity


def words_in(text: str) -> Words:
    """The words of a text and how often each occurs, in the order in which they first occur."""
    # Splitting takes half the time of the expression, and most sources are ASCII.
    runs = text.translate(_ASCII).split() if text.isascii() else _IDENTIFIER.findall(text)
    return Counter(chain.from_iterable(map(_words, runs)))


@lru_cache(maxsize=2**15)
def _words(run: str) -> tuple[str, ...]:
    """The words of the identifier in a run of letters and digits."""
    found = _IDENTIFIER.search(run)
    if found is None:
        return ()
    identifier = found.group()
    words = tuple(word for word in words_of(identifier) if len(word) > 1)
    return (*words, identifier) if len(words) > 1 else words


def likeness(asked: Words, texts: Sequence[Words]) -> Likeness:
    """How much each text is like the asked one."""
    rarity = _rarity([asked, *texts])
    square = {word: value * value for word, value in rarity.items()}
    lengths = [sum(text.values()) for text in texts]
    usual = sum(lengths) / max(1, len(texts)) or 1.0
    own = sqrt(sum(square[word] for word in asked)) or 1.0
    overlap, rarest, cosine = [], [], []
    for text, length in zip(texts, lengths, strict=True):
        common = list(filter(asked.__contains__, text))
        long = _SATURATION * (1 - _LENGTH + _LENGTH * length / usual)
        overlap.append(
            sum(rarity[word] * text[word] * (1 + _SATURATION) / (text[word] + long) for word in common)
        )
        rarest.append(max((rarity[word] for word in common), default=0.0))
        norm = own * (sqrt(sum(map(square.__getitem__, text))) or 1.0)
        cosine.append(sum(map(square.__getitem__, common)) / norm)
    return Likeness(overlap, rarest, cosine)


def _rarity(texts: Sequence[Words]) -> dict[str, float]:
    """The inverse document frequency of every word."""
    counts = Counter(chain.from_iterable(texts))
    of_count = [log(1 + (len(texts) - n + 0.5) / (n + 0.5)) for n in range(len(texts) + 1)]
    return {word: of_count[n] for word, n in counts.items()}
