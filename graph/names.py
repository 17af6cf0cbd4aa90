"""Finding names that are not quite what was typed, over all the names of a project.

A name's score says how it matches: the whole name, its beginning, the beginnings of its words
(``gbn`` for ``get_by_name``), a part of it, or, for typing errors, the share of common trigrams (the
measure of Angell, Freund and Willett 1983).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher

import msgspec

from isg.graph.graph import Graph
from isg.graph.model import Symbol, SymbolKind
from isg.graph.qualified import parts_of

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]")
_SIMILAR = 0.35  # the least share of common trigrams that counts as a typing error


class Match(msgspec.Struct, frozen=True):
    """A symbol and how well it matches (1 is the very name)."""

    symbol: Symbol
    score: float


class Found(msgspec.Struct, frozen=True):
    """The best matches and how many there are in all."""

    results: tuple[Match, ...]
    total: int


def find_symbols(
    graph: Graph, text: str, limit: int = 40, kinds: Collection[SymbolKind] | None = None
) -> Found:
    """Symbols whose names resemble a text, best first; ``limit`` 0 is all of them."""
    parts = parts_of(text.strip())
    if not parts:
        return Found((), 0)
    scored: list[tuple[float, bool, bool, int, str, Symbol]] = []
    owners = [part.lower() for part in parts[:-1]]
    for score, index in _score_names(graph.names, parts[-1]):
        for node in graph.nodes_of_name(index):
            symbol = graph.symbol(node)
            if (kinds is None or symbol.kind in kinds) and _owned(symbol.key, owners):
                order = (-score, symbol.external, symbol.is_test, -graph.in_degree(node), symbol.key)
                scored.append((*order, symbol))
    scored.sort(key=lambda row: row[:5])
    unique = {row[5].key: row for row in reversed(scored)}
    best = sorted(unique.values(), key=lambda row: row[:5])
    chosen = best[:limit] if limit else best
    return Found(tuple(Match(row[5], round(-row[0], 4)) for row in chosen), len(best))


def nearest_names(graph: Graph, name: str, limit: int = 5) -> list[str]:
    """The names of the project nearest to one that is none of them, nearest first."""
    names = graph.names
    lowered = name.lower()
    rough = sorted(_score_names(names, name), key=lambda row: (-row[0], names[row[1]]))[: limit * 6]
    close = sorted(
        rough,
        key=lambda row: (
            -SequenceMatcher(None, lowered, names[row[1]].lower()).ratio(),
            names[row[1]],
        ),
    )
    return [names[index] for _, index in close[:limit]]


def words_of(name: str) -> list[str]:
    """The words of a camelCase or snake_case name, in lower case."""
    return [word.lower() for word in _WORD.findall(name)]


def _owned(key: str, owners: Sequence[str]) -> bool:
    """Whether the owners' names occur in a key, in their order, before its last part."""
    rest = iter(parts_of(key.lower())[:-1])
    return all(any(owner in part for part in rest) for owner in owners)


def _score_names(names: Sequence[str], text: str) -> list[tuple[float, int]]:
    """(score, index) of every name that resembles the text."""
    lowered = text.lower()
    plain = lowered.replace("_", "")
    trigrams = _trigrams(lowered)
    scored = []
    for index, name in enumerate(names):
        score = _score(name, text, lowered, plain)
        if score == 0.0 and trigrams and abs(len(name) - len(text)) <= 3:
            score = _similarity(trigrams, name.lower())
        if score:
            scored.append((score, index))
    return scored


def _score(name: str, text: str, lowered: str, plain: str) -> float:
    if name == text:
        return 1.0
    low = name.lower()
    at = low.find(lowered)
    if at < 0:
        return 0.5 if len(plain) > 1 and low[:1] == plain[0] and _initials(name, plain) else 0.0
    if low == lowered:
        return 0.95
    share = len(lowered) / len(low)
    if at == 0:
        return 0.8 + 0.1 * share
    starts_word = low[at - 1] in "_<" or name[at].isupper()
    return (0.65 if starts_word else 0.5) + 0.1 * share


def _initials(name: str, plain: str) -> bool:
    """Whether a text is made of beginnings of the name's words, in order, from the first one on."""
    words = words_of(name)

    def fits(text_at: int, word_at: int) -> bool:
        if text_at == len(plain):
            return True
        if word_at == len(words):
            return False
        word, longest = words[word_at], 0
        while longest < len(word) and plain[text_at + longest : text_at + longest + 1] == word[longest]:
            longest += 1
        return any(fits(text_at + length, word_at + 1) for length in range(longest, 0, -1))

    return len(words) > 1 and fits(0, 0)


def _trigrams(text: str) -> set[str]:
    padded = f"  {text} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def _similarity(trigrams: set[str], name: str) -> float:
    other = _trigrams(name)
    share = 2 * len(trigrams & other) / (len(trigrams) + len(other))
    return share * 0.5 if share >= _SIMILAR else 0.0
