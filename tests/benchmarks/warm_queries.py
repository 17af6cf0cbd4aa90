"""Queries in a process that holds the graph, about many symbols drawn by a seed: p50 and p95.

Each question is asked once, so that what it decodes of the graph counts. The floor is rustworkx that gives
the neighbours of the same symbols: of one, or of all within three hops. Symbols that much depends on are
asked for apart: few of those that chance draws are used at all.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import rustworkx
from asking import SEED, Symbols, ask_all, graph_of
from measuring import Figure, arguments_of, quantile, report
from trees import DJANGO, tree_of

from isg.graph.graph import Graph
from isg.graph.model import Confidence
from isg.graph.queries.blast_radius import blast_radius
from isg.graph.queries.calls import callees, callers
from isg.graph.queries.paths import paths
from isg.graph.queries.who_implements import who_implements
from isg.graph.ranking.rank import rank

MOST = 200  # symbols of an answer that a bar is about


def main() -> None:
    given = arguments_of(__doc__, times=1000)
    report(figures(given.tree, given.times))


def figures(given: Path | None, questions: int) -> Iterator[Figure]:
    """So many questions of each kind."""
    with tree_of(given, DJANGO) as tree:
        graph = graph_of(tree)
        drawn = Symbols.of(graph)
        yield from of_graph(graph, Symbols(*(nodes[:questions] for nodes in drawn)))
        used = Symbols(*(_most_used(graph, nodes)[:questions] for nodes in drawn))
        yield from _of_used(graph, used)


def of_graph(graph: Graph, symbols: Symbols) -> Iterator[Figure]:
    """The kinds of queries that have a bar."""
    whole = graph.rx()
    hop = _timed("rustworkx: neighbours", whole.predecessor_indices, symbols.functions)
    yield from hop
    hops = _timed("rustworkx: three hops", lambda node: _three_hops(whole, node), symbols.functions)
    yield from hops
    one, three = hop[1].value, hops[1].value
    yield from _timed("who-implements", lambda node: who_implements(graph, [node]), symbols.types, 500, one)
    yield from _timed("callers", lambda node: callers(graph, [node]), symbols.functions, 500, one)
    yield from _timed("callees", lambda node: callees(graph, [node]), symbols.functions, 500, one)
    yield from _timed(
        "one hop", lambda node: blast_radius(graph, [node], depth=1), symbols.any, 500, one, results
    )
    yield from _timed(
        "blast radius, depth 3", lambda node: blast_radius(graph, [node]), symbols.any, 1000, three, results
    )
    others = list(symbols.functions)
    random.Random(SEED).shuffle(others)
    towards = dict(zip(symbols.functions, others, strict=True))
    yield from _timed(
        "path", lambda node: paths(graph, [node], [towards[node]]), symbols.functions, 1000, three, results
    )
    yield from _timed(
        "context ranking", lambda node: rank(graph, [node], Confidence.DISPATCH), symbols.any, 5000, three
    )


def _of_used(graph: Graph, used: Symbols) -> Iterator[Figure]:
    yield from _timed("most used: who-implements", lambda node: who_implements(graph, [node]), used.types)
    yield from _timed("most used: callers", lambda node: callers(graph, [node]), used.functions)
    yield from _timed(
        "most used: context ranking", lambda node: rank(graph, [node], Confidence.DISPATCH), used.functions
    )


def results(answer: object) -> int:
    """How many results an answer has."""
    return len(getattr(answer, "results", ()))


def _timed(
    what: str,
    ask: Callable[[int], object],
    nodes: Sequence[int],
    bar: float | None = None,
    floor: float | None = None,
    size: Callable[[object], int] = lambda answer: 0,
) -> list[Figure]:
    """p50 and p95 of questions whose answer is not too large, in microseconds."""
    asked = [each for each in ask_all(ask, nodes) if size(each.answer) <= MOST]
    times = [1e6 * each.seconds for each in asked]
    p50, p95 = quantile(times, 0.5), quantile(times, 0.95)
    note = f"{len(times)} questions" + (f", {p95 / floor:.0f} x rustworkx" if floor else "")
    return [Figure(f"{what}, p50", p50, "µs"), Figure(f"{what}, p95", p95, "µs", bar=bar, note=note)]


def _three_hops(whole: rustworkx.PyDiGraph[int, int], start: int) -> set[int]:
    seen, level = {start}, [start]
    for _ in range(3):
        level = list({end for node in level for end in whole.predecessor_indices(node)} - seen)
        seen.update(level)
    return seen


def _most_used(graph: Graph, nodes: Sequence[int]) -> list[int]:
    return sorted(nodes, key=lambda node: (-graph.in_degree(node), node))


if __name__ == "__main__":
    main()
