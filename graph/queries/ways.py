"""The shortest ways from everything to what changed, and along imports alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from isg.graph.codes import CALLS, IMPL, IMPORTS, OVERRIDES, USES
from isg.graph.graph import Graph
from isg.graph.model import Confidence
from isg.graph.queries.members import CALLABLES, MODULES, module_of, with_members

RUNS = frozenset({CALLS, USES, IMPL})  # edges along which a test runs what it tests


class Way(msgspec.Struct, frozen=True, gc=False):
    """How a node gets to what changed."""

    depth: int
    before: int  # the next node towards what changed
    confidence: int


def ways_to(graph: Graph, changed: Sequence[int], floor: int) -> dict[int, Way]:
    """The shortest chain of calls and uses from every node to what changed, as the next node of each."""
    found = {node: Way(0, -1, Confidence.EXACT) for node in with_members(graph, changed)}
    level = sorted(found)
    depth = 0
    while level:
        depth += 1
        ahead: dict[int, Way] = {}
        for node in level:
            sure = found[node].confidence
            for end, confidence in _before(graph, node, floor):
                if end in found:
                    continue
                known = ahead.get(end)
                if known is None or min(sure, confidence) > known.confidence:
                    ahead[end] = Way(depth, node, min(sure, confidence))
        found |= ahead
        level = sorted(node for node in ahead if graph.node_kind[node] not in MODULES)
    return found


def _before(graph: Graph, node: int, floor: int) -> Iterator[tuple[int, int]]:
    """What runs or uses a node, by dispatch too, and the function that a nested one is in."""
    for arc in graph.incoming(node):
        if graph.arc_kind[arc] in RUNS and graph.arc_confidence[arc] >= floor:
            yield graph.arc_source[arc], graph.arc_confidence[arc]
    if floor <= Confidence.DISPATCH:
        for arc in graph.outgoing(node, OVERRIDES):
            yield graph.arc_target[arc], min(int(Confidence.DISPATCH), graph.arc_confidence[arc])
    around = graph.parent[node]
    if around >= 0 and graph.node_kind[around] in CALLABLES:
        yield around, Confidence.EXACT


def import_ways(graph: Graph, changed: Iterable[int]) -> dict[int, Way]:
    """The shortest chain of imports from every module to one in which something changed."""
    modules = {module for node in changed if (module := module_of(graph, node)) is not None}
    found = {module: Way(0, -1, Confidence.EXACT) for module in modules}
    level = sorted(modules)
    depth = 0
    while level:
        depth += 1
        ahead: dict[int, Way] = {}
        for module in level:
            for importer in sorted(_importers(graph, module)):
                if importer not in found and importer not in ahead:
                    ahead[importer] = Way(depth, module, Confidence.EXACT)
        found |= ahead
        level = list(ahead)
    return found


def _importers(graph: Graph, module: int) -> set[int]:
    """The modules that import a module or something of it."""
    file = graph.path(module)
    nodes = (module, *graph.in_file(file)) if file is not None else (module,)
    sources = {graph.arc_source[arc] for node in nodes for arc in graph.incoming(node, IMPORTS)}
    found = {module_of(graph, source) for source in sources}
    return {each for each in found if each is not None}


def chain(node: int, ways: Mapping[int, Way]) -> Iterator[int]:
    while node >= 0:
        yield node
        node = ways[node].before
