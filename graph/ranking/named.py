"""How much the names of symbols have in common, for very many symbols at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from weakref import WeakKeyDictionary

from isg.graph.graph import Graph
from isg.graph.names import words_of

_known: WeakKeyDictionary[Graph, dict[int, frozenset[str]]] = WeakKeyDictionary()


def common_words(graph: Graph, nodes: Sequence[int], seeds: Sequence[int]) -> list[float]:
    """The share of common words among those of two names, for the seed that has most of them."""
    asked = [_words(name) for name in set(graph.bare_names(seeds))]
    words = _words_by_node(graph, nodes)
    if len(asked) == 1:
        one, apart = asked[0], asked[0].isdisjoint  # most are: a call for each would take longer
        return [0.0 if apart(own := words[node]) else _share(one, own) for node in nodes]
    return [max((_share(each, words[node]) for each in asked), default=0.0) for node in nodes]


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def _words_by_node(graph: Graph, nodes: Iterable[int]) -> Mapping[int, frozenset[str]]:
    """The words of the names of these nodes, and of others; kept for the next question."""
    known = _known.get(graph)
    if known is None:
        known = _known[graph] = {}
    missing = [node for node in nodes if node not in known]
    for node, name in zip(missing, graph.bare_names(missing), strict=True):
        known[node] = _words(name)
    return known


@lru_cache(maxsize=2**15)
def _words(name: str) -> frozenset[str]:
    return frozenset(words_of(name))
