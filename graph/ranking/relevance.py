"""What matters most to someone who looks at a symbol: personalised PageRank by local push.

A walker starts at the seeds, follows edges in both directions, likelier the ones that tell more, and
returns to the seeds now and then; a symbol's score is the share of the time it is visited. The push
algorithm (Andersen, Chung, Lang 2006) touches only the neighbourhood that gets a noticeable share.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from isg.graph.codes import (
    CALLS,
    CONTAINS,
    DEFINES,
    HOW_CODE,
    IMPL,
    IMPORTS,
    OVERRIDES,
    USES,
    NodeFlag,
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
    weights = _tables(min_confidence)
    known: dict[int, dict[int, float]] = {}  # a node is pushed twice on average
    least: dict[int, float] = {}  # that has to wait at a node to be pushed
    while waiting:
        node = waiting.popleft()
        queued.discard(node)
        around = known.get(node)
        if around is None:
            around = known[node] = weighted_neighbours(graph, node, weights)
        left, rest[node] = rest[node], 0.0
        share[node] = share.get(node, 0.0) + (RETURN * left if around else left)
        spread = (1 - RETURN) * left / (sum(around.values()) or 1.0)
        for end, weight in around.items():
            rest[end] = waits = rest.get(end, 0.0) + spread * weight
            # Every end has an edge: so what is less than the precision itself is never enough.
            if waits < precision or end in queued:
                continue
            enough = least.get(end)
            if enough is None:
                enough = least[end] = precision * graph.degree(end)
            if waits >= enough:
                queued.add(end)
                waiting.append(end)
    for node, left in rest.items():
        if left:
            share[node] = share.get(node, 0.0) + RETURN * left
    return share


_Tables: TypeAlias = tuple[list[float], list[float]]


@lru_cache
def _tables(floor: Confidence) -> _Tables:
    """Weights by (kind, how, confidence) as one number: of outgoing and of incoming arcs."""
    return _table(_FORWARD, floor), _table(_BACKWARD, floor)


def _table(by_kind: Mapping[int, float], floor: Confidence) -> list[float]:
    return [
        by_kind.get(code >> 6, 0.0) * _BY_HOW.get(code >> 2 & 15, 1.0) * _BY_CONFIDENCE[code & 3]
        if code & 3 >= floor
        else 0.0
        for code in range(8 << 6)
    ]


def weighted_neighbours(graph: Graph, node: int, weights: _Tables) -> dict[int, float]:
    """The symbols next to a node in either direction, and how telling the edges between are."""
    kinds, hows, sure, flags = graph.arc_kind, graph.arc_how, graph.arc_confidence, graph.node_flags
    found: dict[int, float] = {}
    sides = (
        (graph.outgoing(node), graph.arc_target, weights[0]),
        (graph.incoming(node), graph.arc_source, weights[1]),
    )
    for arcs, ends, table in sides:
        for arc in arcs:
            weight = table[kinds[arc] << 6 | hows[arc] << 2 | sure[arc]]
            if weight:
                end = ends[arc]
                found[end] = found[end] + weight if end in found else weight
    found.pop(node, None)
    return {end: weight for end, weight in found.items() if not flags[end] & _EXTERNAL}
