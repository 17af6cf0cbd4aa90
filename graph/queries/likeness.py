"""How alike what two pieces of code name is: BM25 over the words of names, read off the graph.

A test that mentions what a changed function mentions is likely to be about it, whether or not it calls it.
BM25: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import log

from isg.graph.names import words_of

_SATURATION = 1.2  # BM25's k1: how little it adds that a word occurs once more
_LENGTH = 0.75  # BM25's b: how much a long document counts less


@lru_cache(maxsize=100_000)
def words(name: str) -> tuple[str, ...]:
    """The words of a name, and the whole of it where it has several."""
    parts = words_of(name)
    return (*parts, name.lower()) if len(parts) > 1 else tuple(parts)


def likeness(query: Mapping[str, float], documents: Sequence[Iterable[str]]) -> list[float]:
    """How well each document (its names) matches the weighted words of a query; the best one is 1."""
    counts: list[Counter[str]] = []
    lengths: list[int] = []
    for document in documents:
        all_words = [word for name in document for word in words(name)]
        lengths.append(max(1, len(all_words)))
        counts.append(Counter(word for word in all_words if word in query))
    spread: Counter[str] = Counter(word for each in counts for word in each)
    mean = sum(lengths) / max(1, len(lengths))
    rarity = {word: _rarity(spread[word], len(documents)) * query[word] for word in spread}
    scores = [
        sum(rarity[word] * _saturated(count, length / mean) for word, count in found.items())
        for found, length in zip(counts, lengths, strict=True)
    ]
    best = max(scores, default=0.0)
    return [score / best for score in scores] if best else scores


def _rarity(documents: int, total: int) -> float:
    return log(1 + (total - documents + 0.5) / (documents + 0.5))


def _saturated(count: int, length: float) -> float:
    return count * (_SATURATION + 1) / (count + _SATURATION * (1 - _LENGTH + _LENGTH * length))
