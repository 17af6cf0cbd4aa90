"""What matters most to someone who looks at a symbol: personalised PageRank by local push.

A walker starts at the seeds, follows edges in both directions, likelier the ones that tell more, and
returns to the seeds now and then; a symbol's score is the share of the time it is visited. The push
algorithm (Andersen, Chung, Lang 2006) touches only the neighbourhood that gets a noticeable share.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import TypeAlias

from isg.graph.codes import (
    CALLS,
    CONTAINS,
    DEFINES,
    EDGE_KINDS,
    HOW_CODE,
    HOWS,
    IMPL,
    IMPORTS,
    LOOKS,
    OVERRIDES,
    USES,
    NodeFlag,
    look,
)
from isg.graph.graph import Graph
from isg.graph.model import Confidence, How

RETURN = 0.2  # how often the walker returns to the seeds
PRECISION = 1.5e-4  # the share for each edge of a node that is not worth pushing on

# How telling an edge is, seen from its source and from its target.
_FORWARD = {
    CALLS: 1.0,
    USES: 0.5,
    IMPL: 0.9,
    OVERRIDES: 0.8,
    DEFINES: 0.25,
    CONTAINS: 0.05,
    IMPORTS: 0.1,
}
_BACKWARD = {
    CALLS: 0.7,
    USES: 0.3,
    IMPL: 0.6,
    OVERRIDES: 0.5,
    DEFINES: 0.5,
    CONTAINS: 0.1,
    IMPORTS: 0.05,
}
_BY_HOW = {
    HOW_CODE[How.TYPE]: 1.3,
    HOW_CODE[How.WRITE]: 1.2,
    HOW_CODE[How.TYPE_ONLY]: 0.5,
    HOW_CODE[How.STRUCTURAL]: 2.0,  # nobody declared it, but whoever reads the one wants the other
}
_EXTERNAL = NodeFlag.EXTERNAL.value
_BY_CONFIDENCE = {
    Confidence.GUESS.value: 0.1,
    Confidence.DISPATCH.value: 0.4,
    Confidence.INFERRED.value: 0.9,
    Confidence.EXACT.value: 1.0,
}


def relevance(
    graph: Graph,
    seeds: Sequence[int],
    *,
    min_confidence: Confidence = Confidence.DISPATCH,
    precision: float = PRECISION,
) -> dict[int, float]:
    """The share of each symbol near the seeds, in no particular order; they sum to at most 1.

    A node is pushed as long as more waits at it than ``precision`` for each of its edges; what still
    waits in the end counts for the node as if it were pushed once more.
    """
    share: dict[int, float] = {}
    rest = {seed: 1.0 / len(seeds) for seed in seeds}
    waiting, queued = deque(seeds), set(seeds)
    tables = _tables(min_confidence)
    known: dict[int, _Around] = {}  # a node is pushed twice on average
    waits_at, degrees = rest.get, graph.degrees
    while waiting:
        node = waiting.popleft()
        queued.discard(node)
        around = known.get(node)
        if around is None:
            around = known[node] = _around(graph, node, tables)
        weights, total = around
        left, rest[node] = rest[node], 0.0
        share[node] = share.get(node, 0.0) + (RETURN * left if weights else left)
        spread = (1 - RETURN) * left / total
        for end, weight in weights.items():
            rest[end] = waits = waits_at(end, 0.0) + spread * weight
            if waits >= precision * degrees[end] and end not in queued:
                queued.add(end)
                waiting.append(end)
    for node, left in rest.items():
        if left:
            share[node] = share.get(node, 0.0) + RETURN * left
    return share


_Tables: TypeAlias = tuple[list[float], list[float]]
_Around: TypeAlias = tuple[dict[int, float], float]


@lru_cache
def _tables(floor: Confidence) -> _Tables:
    """Weights by the look of an arc: of outgoing and of incoming ones."""
    return _table(_FORWARD, floor), _table(_BACKWARD, floor)


def _table(by_kind: Mapping[int, float], floor: Confidence) -> list[float]:
    table = [0.0] * LOOKS
    for kind, how, sure in product(range(len(EDGE_KINDS)), range(len(HOWS)), Confidence):
        if sure >= floor:
            weight = by_kind.get(kind, 0.0) * _BY_HOW.get(how, 1.0) * _BY_CONFIDENCE[sure]
            table[look(kind, how, sure)] = weight
    return table


def _around(graph: Graph, node: int, tables: _Tables) -> _Around:
    """The symbols next to a node in either direction, how telling the edges between are, and their sum."""
    looks, flags = graph.arc_looks, graph.node_flags
    found: dict[int, float] = {}
    sides = (
        (graph.outgoing(node), graph.arc_target, tables[0]),
        (graph.incoming(node), graph.arc_source, tables[1]),
    )
    for arcs, ends, table in sides:
        for arc in arcs:
            weight = table[looks[arc]]
            if weight:
                end = ends[arc]
                if end in found:
                    found[end] += weight
                elif end != node and not flags[end] & _EXTERNAL:
                    found[end] = weight
    return found, sum(found.values()) or 1.0
