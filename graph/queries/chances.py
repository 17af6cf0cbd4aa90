"""How likely each test has to change, or fails, with what changed.

It adds how alike test and change are in what they name, how near they are, and how often they changed
together. `tests/benchmarks/history/fit_blast.py` fits the weights to what people changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import log
from posixpath import basename

import msgspec

from isg.graph.codes import CALLS, USES
from isg.graph.graph import Graph
from isg.graph.names import words_of
from isg.graph.queries.cases import Case
from isg.graph.queries.likeness import likeness, words
from isg.graph.queries.members import with_members


class Weights(msgspec.Struct, frozen=True):
    """What adds to the likelihood of a test."""

    own: float  # of the names of what changed, beside those of what that mentions
    near: float  # of 1 / (1 + hops)
    together: float  # of how often its file changed together with what changed


FITTED = Weights(own=1.0, near=0.5, together=0.3)
FAR = 8  # hops, where there is no way


def alikeness(
    graph: Graph, cases: Sequence[Case], changed: Sequence[int], weights: Weights = FITTED
) -> list[float]:
    """How alike each test is to what changed in what they name: 1 the most alike, 0 without a word of it."""
    return likeness(_query(graph, changed, weights.own), [_names(graph, case) for case in cases])


def chances(
    graph: Graph,
    cases: Sequence[Case],
    alike: Sequence[float],
    hops: Sequence[int],
    together: Mapping[int, float],
    weights: Weights = FITTED,
) -> list[float]:
    """The likelihood of each test, the likeliest 1.

    ``hops`` are those of its way by calls and uses, ``together`` weighs how often nodes changed with others.
    """
    partners = _by_file(graph, together)
    sums = [
        alike[at]
        + weights.near / (1 + hops[at])
        + weights.together * partners.get(graph.node_file[case.node], 0.0)
        for at, case in enumerate(cases)
    ]
    best = max(sums, default=1.0)
    return [each / best for each in sums]


def _query(graph: Graph, changed: Sequence[int], weight: float) -> dict[str, float]:
    """The words of what changed and of what that mentions, weighted by how often they occur."""
    counts: Counter[str] = Counter()
    for node in with_members(graph, changed):
        counts.update(words(graph.symbol(node).name))
        ends = [graph.arc_target[arc] for arc in graph.outgoing(node) if graph.arc_kind[arc] in (CALLS, USES)]
        for name in graph.bare_names(ends):
            counts.update(set(words(name)))
    own = {word for node in changed for word in _own_words(graph, node)}
    return {word: 1 + log(count) for word, count in counts.items()} | {
        word: 1 + log(counts[word] + 2) + weight for word in own
    }


def _own_words(graph: Graph, node: int) -> Iterator[str]:
    symbol = graph.symbol(node)
    for part in symbol.qualified.split("."):
        yield from words(part)
    yield from words_of(_stem(graph, node))


def _names(graph: Graph, case: Case) -> list[str]:
    """What a test is called and what it mentions."""
    symbol = graph.symbol(case.node)
    own = case.title.split() if case.title else symbol.qualified.split(".")
    return [*own, _stem(graph, case.node), *graph.bare_names(case.targets)]


def _stem(graph: Graph, node: int) -> str:
    """The name of a node's file, without what only says that it holds tests."""
    name = basename(graph.path(node) or "").partition(".")[0]
    return name.removeprefix("test_").removesuffix("_test")


def _by_file(graph: Graph, together: Mapping[int, float]) -> dict[int, float]:
    """How often files changed together with what changed, the most often 1."""
    found: dict[int, float] = {}
    for node, weight in together.items():
        file = graph.node_file[node]
        found[file] = found.get(file, 0.0) + weight
    most = max(found.values(), default=0.0)
    return {file: weight / most for file, weight in found.items()} if most else {}
