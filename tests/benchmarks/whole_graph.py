"""Algorithms over a whole graph, in a process that holds it, against rustworkx's part of the work alone."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import rustworkx
from asking import graph_of
from measuring import Figure, arguments_of, report
from trees import DJANGO, tree_of

from isg.graph.codes import CALLS, DEPENDENCIES
from isg.graph.graph import Graph
from isg.graph.model import Confidence
from isg.graph.queries.find_cycles import find_cycles
from isg.graph.queries.hotspots import centrality, hotspots
from isg.graph.queries.projection import Level


def main() -> None:
    given = arguments_of(__doc__, times=5)
    report(figures(given.tree, given.times))


def figures(given: Path | None, times: int) -> Iterator[Figure]:
    with tree_of(given, DJANGO) as tree:
        graph = graph_of(tree)
    called, depended = _arcs_alone(graph, {CALLS}), _arcs_alone(graph, DEPENDENCIES)
    components = _milliseconds(lambda: rustworkx.strongly_connected_components(called), times)
    yield Figure("rustworkx: components of calls", components, "ms")
    ranked = _milliseconds(lambda: rustworkx.pagerank(depended), times)
    yield Figure("rustworkx: PageRank", ranked, "ms")
    for level in (Level.FUNCTION, Level.CLASS, Level.MODULE, Level.PACKAGE):
        took = _milliseconds(lambda: find_cycles(graph, level=level), times)
        bar = 250 if level is Level.FUNCTION else None
        yield Figure(
            f"cycles of {level} level", took, "ms", bar=bar, note=f"{took / components:.1f} x rustworkx"
        )
    took = _milliseconds(lambda: centrality(graph, Confidence.DISPATCH), times)
    yield Figure("PageRank", took, "ms", bar=250, note=f"{took / ranked:.1f} x rustworkx")
    yield Figure("hotspots", _milliseconds(lambda: hotspots(graph), times), "ms")


def _arcs_alone(graph: Graph, kinds: set[int] | frozenset[int]) -> rustworkx.PyDiGraph[None, None]:
    """All arcs of some kinds as a graph of rustworkx, without anything at its nodes."""
    made: rustworkx.PyDiGraph[None, None] = rustworkx.PyDiGraph()
    made.add_nodes_from([None] * len(graph))
    arcs = zip(graph.arc_source, graph.arc_target, graph.arc_kind, strict=True)
    made.add_edges_from_no_data([(source, target) for source, target, kind in arcs if kind in kinds])
    return made


def _milliseconds(work: Callable[[], object], times: int) -> float:
    """The median of some runs."""
    took = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        took.append(1e3 * (time.perf_counter() - started))
    return statistics.median(took)


if __name__ == "__main__":
    main()
