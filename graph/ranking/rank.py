"""The order in which symbols matter to a reader of the seeds: a weighted sum of signs (:mod:`signals`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp
from operator import add

from isg.graph.codes import SYMBOL_KINDS, NodeFlag
from isg.graph.graph import Graph
from isg.graph.history import History
from isg.graph.model import Confidence
from isg.graph.queries.members import CALLABLES, TYPES
from isg.graph.ranking.signals import READ, Columns, Measured, Source, measure, read
from isg.graph.ranking.weights import FITTED, TEST, TYPE, VALUE, Weights

_KINDS = [0.0 if code in CALLABLES else TYPE if code in TYPES else VALUE for code in range(len(SYMBOL_KINDS))]
_IS_TEST = NodeFlag.TEST.value


def rank(
    graph: Graph,
    seeds: Sequence[int],
    floor: Confidence,
    limit: int | None = None,
    *,
    source: Source | None = None,
    history: History | None = None,
    weights: Weights = FITTED,
) -> list[tuple[int, float]]:
    """The seeds, then the symbols around them by falling score in (0, 1]; modules only as seeds.

    With a limit the first so many of them. Without ``source`` and ``history`` the graph alone decides.
    """
    measured = measure(graph, seeds, floor, history)
    nodes, signs = measured.nodes, _signs(graph, measured, weights)
    if source is not None:
        first = _falling(signs)[:READ]
        texts = read(graph, seeds, [nodes[at] for at in first], source)
        for at, sign in zip(first, weighted(texts, weights), strict=True):
            signs[at] += sign
    highest = max(signs, default=0.0)
    wanted = None if limit is None else max(0, limit - len(seeds))
    scored = [(seed, 1.0) for seed in seeds]
    # Six digits; round() with a number of digits takes four times as long.
    scored += [(nodes[at], round(99e4 * exp(signs[at] - highest)) / 1e6) for at in _falling(signs)[:wanted]]
    return scored[:limit]


def likeliest(graph: Graph, measured: Measured, weights: Weights) -> list[int]:
    """The positions of those whose sources are read."""
    return _falling(_signs(graph, measured, weights))[:READ]


def _signs(graph: Graph, measured: Measured, weights: Weights) -> list[float]:
    """The sum of what is known of each symbol without its source."""
    return list(map(add, _kinds(graph, measured.nodes), weighted(measured.columns, weights)))


def weighted(columns: Columns, weights: Weights) -> list[float]:
    """The sum of the signs of each symbol, each with its weight."""
    given = weights._asdict()
    total = [0.0] * len(next(iter(columns.values())))
    for name, column in columns.items():
        if any(column):  # several often say nothing of anything
            weight = given[name]
            total = [before + weight * value for before, value in zip(total, column, strict=True)]
    return total


def _falling(signs: Sequence[float]) -> list[int]:
    """The positions by falling sign; differences that rounding may make count for nothing."""
    rounded = [round(-1e9 * sign) for sign in signs]
    return sorted(range(len(signs)), key=rounded.__getitem__)


def _kinds(graph: Graph, nodes: Iterable[int]) -> list[float]:
    """What the kind of each symbol says, and whether it is a test."""
    kinds, flags = graph.node_kind, graph.node_flags
    return [_KINDS[kinds[node]] + (TEST if flags[node] & _IS_TEST else 0.0) for node in nodes]
