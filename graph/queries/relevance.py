"""What matters most to someone who looks at a symbol: personalised PageRank by local push.

A walker starts at the seeds, follows edges in both directions, likelier the ones that tell more, and
returns to the seeds now and then; a symbol's score is the share of the time it is visited. The push
algorithm (Andersen, Chung, Lang 2006) touches only the neighbourhood that gets a noticeable share.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from isg.graph.codes import (
    CALLS,
    CONTAINS,
    DEFINES,
    HOW_CODE,
    IMPL,
    IMPORTS,
    OVERRIDES,
    USES,
)
from isg.graph.graph import Graph
from isg.graph.model import Confidence, How

RETURN = 0.2  # how often the walker returns to the seeds
PRECISION = 2e-4  # the share per weight of edges that is not worth pushing

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
_BY_HOW = {HOW_CODE[How.TYPE]: 1.3, HOW_CODE[How.WRITE]: 1.2, HOW_CODE[How.TYPE_ONLY]: 0.5}
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
    """The share of each symbol near the seeds, in no particular order; they sum to at most 1."""
    share: dict[int, float] = {}
    rest = {seed: 1.0 / len(seeds) for seed in seeds}
    neighbours: dict[int, Mapping[int, float]] = {}
    waiting = deque(seeds)
    queued = set(seeds)
    while waiting:
        node = waiting.popleft()
        queued.discard(node)
        left = rest.get(node, 0.0)
        if node not in neighbours:
            if left < precision * max(1, graph.in_degree(node) + graph.out_degree(node)) * 0.05:
                continue
            neighbours[node] = weighted_neighbours(graph, node, min_confidence)
        around = neighbours[node]
        rest[node] = 0.0
        share[node] = share.get(node, 0.0) + (RETURN * left if around else left)
        total = sum(around.values())
        for end, weight in around.items():
            rest[end] = rest.get(end, 0.0) + (1 - RETURN) * left * weight / total
            if rest[end] >= precision and end not in queued:
                queued.add(end)
                waiting.append(end)
    return share


def weighted_neighbours(graph: Graph, node: int, floor: Confidence) -> dict[int, float]:
    """The symbols next to a node in either direction, and how telling the edges between are."""
    weights: dict[int, float] = {}
    for arc in graph.outgoing(node):
        _weigh(graph, arc, graph.arc_target[arc], _FORWARD, floor, weights)
    for arc in graph.incoming(node):
        _weigh(graph, arc, graph.arc_source[arc], _BACKWARD, floor, weights)
    weights.pop(node, None)
    return weights


def _weigh(
    graph: Graph,
    arc: int,
    end: int,
    by_kind: Mapping[int, float],
    floor: Confidence,
    weights: dict[int, float],
) -> None:
    confidence = graph.arc_confidence[arc]
    if confidence < floor or graph.is_external(end):
        return
    weight = by_kind[graph.arc_kind[arc]] * _BY_HOW.get(graph.arc_how[arc], 1.0) * _BY_CONFIDENCE[confidence]
    weights[end] = weights.get(end, 0.0) + weight
