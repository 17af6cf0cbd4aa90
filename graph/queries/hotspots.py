"""Where trouble is likeliest: complex code that changes often and that much depends on.

    score = complexity × log2(2 + churn) × (1 + centrality)

``churn`` counts the commits that changed the file, ``centrality`` is PageRank over dependencies as a share
of the highest. Without history churn is unknown and its factor 1.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from math import log2
from typing import TYPE_CHECKING

import msgspec

from isg.graph.codes import DEPENDENCIES
from isg.graph.graph import Graph
from isg.graph.model import Confidence, Symbol
from isg.graph.queries.bound import Bound, Notice
from isg.graph.queries.members import CALLABLES, MODULES, TYPES, members, with_members

if TYPE_CHECKING:
    import rustworkx

FORMULA = "complexity × log2(2 + churn) × (1 + centrality)"
FORMULA_WITHOUT_HISTORY = "complexity × (1 + centrality)"


class Level(StrEnum):
    FUNCTION = "function"
    CLASS = "class"
    FILE = "file"


class Hotspot(msgspec.Struct, frozen=True):
    """A place and what its score is made of."""

    symbol: Symbol  # of a file its module
    score: float
    complexity: int
    churn: int | None  # None without history
    fan_in: int  # symbols outside that depend on it
    fan_out: int  # symbols outside that it depends on
    centrality: float  # 0 … 1
    lines: int


class Hotspots(msgspec.Struct, frozen=True):
    results: tuple[Hotspot, ...]
    formula: str
    bound: Bound
    warnings: tuple[Notice, ...] = ()


def hotspots(
    graph: Graph,
    *,
    level: Level | str = Level.FUNCTION,
    churn: Mapping[str, int] | None = None,
    include_tests: bool = False,
    min_confidence: Confidence = Confidence.DISPATCH,
) -> Hotspots:
    """All functions, classes or files with any complexity, the hottest first.

    ``churn`` gives the changes of a file by its path; None where there is no history.
    """
    level = Level(level)
    central = centrality(graph, min_confidence)
    found = [
        _hotspot(graph, node, level, churn, central, min_confidence)
        for node in _nodes(graph, level)
        if include_tests or not graph.is_test(node)
    ]
    results = sorted(
        (spot for spot in found if spot.complexity), key=lambda spot: (-spot.score, spot.symbol.key)
    )
    warnings = []
    if churn is None:
        warnings.append(Notice("no_history", "no git history: ranked by complexity and centrality alone"))
    if not results:
        warnings.append(Notice("none", f"looked, and there is no {level} with any complexity"))
    return Hotspots(
        tuple(results),
        FORMULA_WITHOUT_HISTORY if churn is None else FORMULA,
        Bound(len(results), 0),
        tuple(warnings),
    )


def centrality(graph: Graph, floor: Confidence) -> Sequence[float]:
    """PageRank of each node over dependencies inside the project, as a share of the highest."""
    import rustworkx

    dependencies: rustworkx.PyDiGraph[int, None] = rustworkx.PyDiGraph(node_count_hint=len(graph))
    dependencies.add_nodes_from(range(len(graph)))
    external = [graph.is_external(node) for node in range(len(graph))]
    dependencies.add_edges_from_no_data(
        [
            (source, target)
            for source, target, kind, sure in zip(
                graph.arc_source, graph.arc_target, graph.arc_kind, graph.arc_confidence, strict=True
            )
            if kind in DEPENDENCIES and sure >= floor and not external[target]
        ]
    )
    if not len(graph):
        return ()
    found = rustworkx.pagerank(dependencies)
    highest = max((found[node] for node in range(len(graph)) if not external[node]), default=0.0) or 1.0
    return [0.0 if external[node] else found[node] / highest for node in range(len(graph))]


def _nodes(graph: Graph, level: Level) -> list[int]:
    wanted = {Level.FUNCTION: CALLABLES, Level.CLASS: TYPES, Level.FILE: MODULES}[level]
    return [node for node in range(len(graph)) if graph.node_kind[node] in wanted]


def _hotspot(
    graph: Graph,
    node: int,
    level: Level,
    churn: Mapping[str, int] | None,
    central: Sequence[float],
    floor: Confidence,
) -> Hotspot:
    parts = [node] if level is Level.FUNCTION else with_members(graph, [node])
    path = graph.path(node)
    changes = None if churn is None else churn.get(path or "", 0)
    complexity = sum(graph.node_complexity[part] for part in parts)
    share = min(1.0, round(sum(central[part] for part in parts), 6))
    factor = 1.0 if changes is None else log2(2 + changes)
    fan_in, fan_out = _fan(graph, parts, floor)
    return Hotspot(
        symbol=graph.symbol(node),
        score=round(complexity * factor * (1 + share), 4),
        complexity=complexity,
        churn=changes,
        fan_in=fan_in,
        fan_out=fan_out,
        centrality=share,
        lines=_lines(graph, node, level),
    )


def _fan(graph: Graph, parts: Collection[int], floor: int) -> tuple[int, int]:
    """How many symbols outside depend on these, and how many they depend on."""
    kinds, sure = graph.arc_kind, graph.arc_confidence
    inside = set(parts)
    sources: set[int] = set()
    targets: set[int] = set()
    for part in parts:
        for arc in graph.incoming(part):
            if kinds[arc] in DEPENDENCIES and sure[arc] >= floor:
                sources.add(graph.arc_source[arc])
        for arc in graph.outgoing(part):
            if kinds[arc] in DEPENDENCIES and sure[arc] >= floor:
                targets.add(graph.arc_target[arc])
    return len(sources - inside), len(targets - inside)


def _lines(graph: Graph, node: int, level: Level) -> int:
    """How long a place is; a type with what is defined for it elsewhere, as in Rust's ``impl`` blocks."""
    if level is Level.FILE:
        return graph.files[graph.node_file[node]].lines or graph.node_end[node]
    elsewhere = [part for part in members(graph, node) if not _covers(graph, node, part)]
    return sum(graph.node_end[part] - graph.node_start[part] + 1 for part in (node, *elsewhere))


def _covers(graph: Graph, node: int, part: int) -> bool:
    same = graph.node_file[node] == graph.node_file[part]
    return same and graph.node_start[node] <= graph.node_start[part] <= graph.node_end[node]
