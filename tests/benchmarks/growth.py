"""A project of one, two and four copies of a tree: what a line costs to index, what a query costs.

The time of a line may not grow by more than 15 %; the same questions are asked of each project.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from asking import Symbols, ask_all, graph_of
from floors import parse_alone
from measuring import Figure, Run, arguments_of, median_of, quantile, report, run
from trees import OF_100_000_LINES, repeated, tree_of

from isg.graph.graph import Graph
from isg.graph.queries.blast_radius import blast_radius

SIZES = (1, 2, 4)
BAR = 1.15  # times the cost of a line of the single tree


def main() -> None:
    given = arguments_of(__doc__, times=3, questions=500)
    report(figures(given.tree, given.times, given.questions))


def figures(given: Path | None, times: int, questions: int) -> Iterator[Figure]:
    a_line: float | None = None
    keys: list[str] = []
    with tree_of(given, OF_100_000_LINES) as tree:
        for size in SIZES:
            with repeated(tree, size) as whole:
                alone = parse_alone(whole)
                seconds = median_of(times, lambda: _index_from_nothing(whole)).seconds
                note = f"{alone.lines} lines, {seconds:.2f} s, {seconds / alone.seconds:.2f} P"
                cost = 1e6 * seconds / alone.lines
                yield Figure(f"{size}x: index, a line", cost, "µs", a_line, BAR if a_line else None, note)
                a_line = a_line or cost
                graph = graph_of(whole)
                keys = keys or [graph.symbol(node).key for node in Symbols.of(graph).any[:questions]]
                yield from _of_queries(graph, keys, f"{size}x: blast radius")


def _of_queries(graph: Graph, keys: list[str], what: str) -> Iterator[Figure]:
    nodes = [node for node in map(graph.by_key, keys) if node is not None]
    times = [1e6 * each.seconds for each in ask_all(lambda node: blast_radius(graph, [node]), nodes)]
    note = f"the same {len(nodes)} symbols"
    yield Figure(f"{what}, p50", quantile(times, 0.5), "µs")
    yield Figure(f"{what}, p95", quantile(times, 0.95), "µs", note=note)


def _index_from_nothing(tree: Path) -> Run:
    shutil.rmtree(tree / ".isg", ignore_errors=True)
    return run("index", cwd=tree)


if __name__ == "__main__":
    main()
