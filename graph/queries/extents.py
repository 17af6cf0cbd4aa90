"""How many lines belong to a function, a type or a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from isg.graph.graph import Graph
from isg.graph.queries.members import CALLABLES, members


class Extents:
    """The lines of the places of a graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._inside = _functions_inside(graph)

    def inside(self, node: int) -> Sequence[int]:
        """The functions that stand directly inside of a function, or of a class inside of it."""
        return self._inside.get(node, ())

    def of_function(self, node: int) -> int:
        """Without the functions inside of it, which are places of their own."""
        return _span(self._graph, node) - _covered(self._graph, self.inside(node))

    def of_type(self, node: int) -> int:
        """With what is defined for it elsewhere, as in ``impl`` blocks."""
        elsewhere = [part for part in members(self._graph, node) if not _covers(self._graph, node, part)]
        return sum(_span(self._graph, part) for part in (node, *elsewhere))

    def of_file(self, module: int) -> int:
        return self._graph.files[self._graph.node_file[module]].lines or self._graph.node_end[module]

    def longest_function(self, nodes: Iterable[int]) -> int:
        """The lines of the longest function among some places; 0 where there is none."""
        functions = (node for node in nodes if self._graph.node_kind[node] in CALLABLES)
        return max(map(self.of_function, functions), default=0)


def _functions_inside(graph: Graph) -> Mapping[int, Sequence[int]]:
    """The functions that stand directly inside of each function, or of a class inside of it."""
    found: dict[int, list[int]] = {}
    for node in range(len(graph)):
        around = graph.parent[node] if graph.node_kind[node] in CALLABLES else -1
        while around >= 0 and graph.node_kind[around] not in CALLABLES:
            around = graph.parent[around]
        if around >= 0 and _covers(graph, around, node):
            found.setdefault(around, []).append(node)
    return found


def _span(graph: Graph, node: int) -> int:
    return graph.node_end[node] - graph.node_start[node] + 1


def _covered(graph: Graph, nodes: Iterable[int]) -> int:
    """How many lines belong to these alone: the one that a function begins on is also of what is around."""
    count, end = 0, 0
    for node in sorted(nodes, key=lambda each: graph.node_start[each]):
        count += max(0, graph.node_end[node] - max(end, graph.node_start[node]))
        end = max(end, graph.node_end[node])
    return count


def _covers(graph: Graph, node: int, part: int) -> bool:
    same = graph.node_file[node] == graph.node_file[part]
    return same and graph.node_start[node] <= graph.node_start[part] <= graph.node_end[node]
