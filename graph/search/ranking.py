"""The order of what a search has found: how well the words match, then what the project rests on.

The relevance of the words is Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework:
BM25 and Beyond", 2009), as the index of words gives it. A name that is just what was asked for comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

import msgspec

from isg.graph.graph import Graph
from isg.graph.model import Symbol
from isg.graph.search.found import FirstOf
from isg.graph.search.words import split

# What speaks for a symbol, against a relevance of 1 for the best match of the words.
SAME_NAME = 1.0
SAME_WORDS = 0.5  # the words of the name are those asked for, in any order
BEGINS = 0.25
CENTRAL = 0.35  # for the symbol of those found that most others use
TEST = -0.3


MOST = 400  # matches of the words, by relevance, that are looked at more closely


class Hit(msgspec.Struct, frozen=True):
    """A symbol that was found, by its id; of two, the one with the greater score fits better."""

    id: int
    score: float


def rank(graph: Graph, words: Sequence[str], found: Sequence[tuple[int, float]]) -> Sequence[Hit]:
    """The symbols found for some words, best first; ``found`` are their ids, the most relevant first."""
    nearest = found[:MOST]
    most = nearest[0][1] if nearest and nearest[0][1] > 0 else 1.0
    near = [(_node(graph, id_), relevance) for id_, relevance in nearest]
    used = max((graph.in_degree(node) for node, _ in near), default=0)
    scored = []
    for node, relevance in near:
        symbol = graph.symbol(node)
        central = log2(1 + graph.in_degree(node)) / log2(2 + used)
        score = relevance / most + _fit(symbol, words) + CENTRAL * central + TEST * symbol.is_test
        scored.append((-round(score, 4), node, symbol.id))
    hits = [Hit(id_, -score) for score, _, id_ in sorted(scored)]
    return FirstOf(
        hits,
        len(found),
        lambda: [Hit(id_, round(relevance / most - 1, 4)) for id_, relevance in found[MOST:]],
    )


def _node(graph: Graph, id_: int) -> int:
    node = graph.node_of(id_)
    assert node is not None, "the words are those of this graph"
    return node


def _fit(symbol: Symbol, words: Sequence[str]) -> float:
    """How a name fits the words that were asked for."""
    mine, words = split(symbol.name), list(words)
    if mine == words or split(symbol.qualified)[-len(words) :] == words:
        return SAME_NAME
    if set(mine) == set(words):
        return SAME_WORDS
    return BEGINS if mine[: len(words)] == words else 0.0
