"""Counts: nodes and edges by kind, confidence, and how complex the functions are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from isg.graph.codes import SYMBOL_KINDS
from isg.graph.graph import Graph
from isg.graph.model import Symbol
from isg.graph.queries.members import CALLABLES

_BANDS = (1, 5, 10, 20, 50)  # the upper ends; above the last one is a band of its own


class Band(msgspec.Struct, frozen=True):
    """How many functions have a cyclomatic complexity in a range."""

    low: int
    high: int | None
    functions: int


class Complexity(msgspec.Struct, frozen=True):
    functions: int
    mean: float
    median: int
    p90: int
    highest: int
    bands: tuple[Band, ...]
    most: tuple[Symbol, ...]  # the most complex ones


class Stats(msgspec.Struct, frozen=True):
    files: int
    lines: int
    languages: dict[str, int]  # files by language
    nodes: dict[str, int]
    edges: dict[str, int]
    confidence: dict[str, int]
    unresolved: int  # sites
    tests: int  # symbols
    complexity: Complexity


def stats(graph: Graph, *, most: int = 5) -> Stats:
    """The counts of a graph."""
    nodes = Counter(str(SYMBOL_KINDS[code]) for code in graph.node_kind)
    languages = Counter(row.language for row in graph.files)
    return Stats(
        files=graph.file_count,
        lines=sum(row.lines for row in graph.files),
        languages=dict(sorted(languages.items())),
        nodes=dict(sorted(nodes.items())),
        edges=dict(graph.meta.by_kind),
        confidence=dict(graph.meta.by_confidence),
        unresolved=sum(graph.unresolved.values()),
        tests=sum(graph.is_test(node) for node in range(len(graph))),
        complexity=complexity(graph, most),
    )


def complexity(graph: Graph, most: int) -> Complexity:
    """The distribution of cyclomatic complexity over functions and methods."""
    rated = [
        (graph.node_complexity[node], node)
        for node in range(len(graph))
        if graph.node_kind[node] in CALLABLES and graph.node_complexity[node]
    ]
    values = sorted(value for value, _ in rated)
    if not values:
        return Complexity(0, 0.0, 0, 0, 0, _bands(values), ())
    top = sorted(rated, key=lambda row: (-row[0], row[1]))[:most]
    return Complexity(
        functions=len(values),
        mean=round(sum(values) / len(values), 3),
        median=values[len(values) // 2],
        p90=values[min(len(values) * 9 // 10, len(values) - 1)],
        highest=values[-1],
        bands=_bands(values),
        most=tuple(graph.symbol(node) for _, node in top),
    )


def _bands(values: Sequence[int]) -> tuple[Band, ...]:
    bands, low = [], 1
    for high in _BANDS:
        bands.append(Band(low, high, sum(low <= value <= high for value in values)))
        low = high + 1
    bands.append(Band(low, None, sum(value >= low for value in values)))
    return tuple(bands)
