"""Callers and callees: one hop over CALLS, with the overrides that a call may run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from isg.graph.codes import CALLS
from isg.graph.dispatch import dispatched_callees, dispatched_callers
from isg.graph.graph import Graph
from isg.graph.model import Confidence, How, Site, Symbol
from isg.graph.queries.bound import Bound, Notice, bound_of, empty_notices, may_be_weaker


class Call(msgspec.Struct, frozen=True):
    """The other end of calls: who calls, or what is called."""

    symbol: Symbol
    how: How
    confidence: Confidence
    sites: tuple[tuple[str, Site], ...]  # with their file
    via: str | None = None  # the key of the method that the call is resolved to, where it is an override


class Calls(msgspec.Struct, frozen=True):
    results: tuple[Call, ...]
    bound: Bound
    warnings: tuple[Notice, ...] = ()


class _End(NamedTuple):
    node: int
    arc: int
    confidence: int
    base: int | None


def callers(graph: Graph, nodes: Sequence[int], *, min_confidence: Confidence = Confidence.DISPATCH) -> Calls:
    """What calls these symbols; for a method also the calls that reach it by dispatch."""
    return _calls(graph, nodes, min_confidence, outgoing=False)


def callees(graph: Graph, nodes: Sequence[int], *, min_confidence: Confidence = Confidence.DISPATCH) -> Calls:
    """What these symbols call; of a method that is overridden also the overrides, by dispatch."""
    return _calls(graph, nodes, min_confidence, outgoing=True)


def _calls(graph: Graph, nodes: Sequence[int], floor: Confidence, *, outgoing: bool) -> Calls:
    ends = _merge(graph, (end for node in nodes for end in _ends(graph, node, floor, outgoing)))
    results = tuple(_result(graph, arcs) for arcs in ends)
    weaker = 0
    if not results and may_be_weaker(graph, floor):
        weaker = sum(1 for node in nodes for _ in _ends(graph, node, Confidence.GUESS, outgoing))
    what = "nothing in the project is called by it" if outgoing else "nothing in the project calls it"
    return Calls(
        results,
        bound_of((result.confidence for result in results), graph, () if outgoing else nodes),
        empty_notices(len(results), weaker, floor, what),
    )


def _ends(graph: Graph, node: int, floor: Confidence, outgoing: bool) -> Iterator[_End]:
    other = graph.arc_target if outgoing else graph.arc_source
    for arc in graph.outgoing(node) if outgoing else graph.incoming(node):
        if graph.arc_kind[arc] == CALLS and graph.arc_confidence[arc] >= floor:
            yield _End(other[arc], arc, graph.arc_confidence[arc], None)
    if floor > Confidence.DISPATCH:
        return
    candidates = dispatched_callees if outgoing else dispatched_callers
    for found in candidates(graph, node, floor):
        confidence = min(int(Confidence.DISPATCH), graph.arc_confidence[found.arc])
        yield _End(found.target if outgoing else found.source, found.arc, confidence, found.base)


def _merge(graph: Graph, ends: Iterable[_End]) -> list[list[_End]]:
    """Ends gathered by (node, how): the surest first, those in tests last, then by file and line."""
    groups: dict[tuple[int, int], list[_End]] = {}
    for end in ends:
        groups.setdefault((end.node, graph.arc_how[end.arc]), []).append(end)
    for group in groups.values():
        group.sort(key=lambda end: (-end.confidence, end.arc))
    order = sorted(groups, key=lambda key: (-groups[key][0].confidence, graph.is_test(key[0]), key))
    return [groups[key] for key in order]


def _result(graph: Graph, group: list[_End]) -> Call:
    best = group[0]
    arcs = dict.fromkeys(end.arc for end in group if end.confidence == best.confidence)
    sites = sorted({place for arc in arcs for place in graph.places(arc)})
    via = None if best.base is None else graph.symbol(best.base).key
    return Call(
        graph.symbol(best.node),
        graph.how(best.arc) if best.base is None else How.NONE,
        Confidence(best.confidence),
        tuple(sites),
        via,
    )
