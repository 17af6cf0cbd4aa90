"""The four questions, stated once: what every engine has to answer, whatever language it is asked in.

Only edges that are at least as sure as ``FLOOR`` count. An answer is a list in any order, but for
``context``; it is a *different* answer if any element differs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, Protocol

import rustworkx

from isg.graph.codes import CALLS, CONTAINS, DEFINES, DEPENDENCIES, IMPL, IMPORTS, OVERRIDES, USES
from isg.graph.model import Confidence

FLOOR = int(Confidence.DISPATCH)
DEPTHS = (1, 3, 5)  # hops of the reverse search
FRONT = 50  # neighbours whose neighbours a context looks at
PIECES = 40  # symbols in a context
NEAR = 16  # how many times more a neighbour counts than a neighbour's neighbour
WEIGHTS = {CALLS: 8, IMPL: 8, OVERRIDES: 6, USES: 4, DEFINES: 3, CONTAINS: 1, IMPORTS: 1}
DEPENDS = tuple(sorted(DEPENDENCIES))


class Piece(NamedTuple):
    """A symbol of a context, as it would be shown."""

    key: str
    signature: str
    line: int


class Arcs(Protocol):
    """A graph that can be walked: nodes are numbers in the order of ``position``."""

    def sources(self, node: int, kinds: Collection[int]) -> Iterable[int]:
        """The other ends of incoming edges of these kinds."""
        ...

    def around(self, node: int) -> Iterable[tuple[int, int]]:
        """(other end, weight) of all edges, in either direction."""
        ...

    def is_external(self, node: int) -> bool: ...


def implementers(arcs: Arcs, node: int) -> set[int]:
    """All that reach a type over IMPL edges."""
    found, waiting = {node}, [node]
    for each in waiting:
        new = set(arcs.sources(each, (IMPL,))) - found
        found |= new
        waiting += new
    return found - {node}


def dependents(arcs: Arcs, node: int, depth: int) -> set[int]:
    """All that reach a symbol over at most so many CALLS, USES, IMPL or IMPORTS edges."""
    found = level = {node}
    for _ in range(depth):
        level = {end for each in level for end in arcs.sources(each, DEPENDS)} - found
        found = found | level
    return found - {node}


def context(arcs: Arcs, node: int) -> list[int]:
    """The nodes around one, best first: its neighbours, and theirs where those are the nearest."""
    near: dict[int, int] = {}
    for end, weight in arcs.around(node):
        if end != node and not arcs.is_external(end):
            near[end] = near.get(end, 0) + weight
    scores = {end: NEAR * score for end, score in near.items()}
    for each in best(near, FRONT):
        for end, weight in arcs.around(each):
            if end != node and not arcs.is_external(end):
                scores[end] = scores.get(end, 0) + near[each] * weight
    return best(scores, PIECES)


def best(scores: dict[int, int], count: int) -> list[int]:
    """The nodes with the highest scores, earlier ones first among equals."""
    return sorted(scores, key=lambda node: (-scores[node], node))[:count]


def components(pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The strongly connected components of more than one node, of edges given by ids."""
    index: dict[int, int] = {}
    ends = [(index.setdefault(a, len(index)), index.setdefault(b, len(index))) for a, b in pairs]
    ids = list(index)
    graph = rustworkx.PyDiGraph[int, None]()
    graph.add_nodes_from(ids)
    graph.add_edges_from_no_data(ends)
    found = rustworkx.strongly_connected_components(graph)
    return [[ids[node] for node in component] for component in found if len(component) > 1]
