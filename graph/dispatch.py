"""Calls that may run an override: the composition of CALLS with OVERRIDES, computed and never stored.

A call resolved to method M through the type of its receiver may run any override of M. Not so
- a call that is exact: `Base.save(x)` names the very function;
- a construction: the class is known;
- a call of M by an override of M: that is `super().M()`, which runs M itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from isg.graph.codes import CALLS, HOW_CODE, OVERRIDES
from isg.graph.graph import Graph
from isg.graph.model import Confidence, How

_CONSTRUCT = HOW_CODE[How.CONSTRUCT]


class Dispatch(NamedTuple):
    """A call that may run ``target``, an override of the method that it is resolved to."""

    source: int
    target: int
    base: int  # the method that the call is resolved to
    arc: int  # the arc of that call


def overriders(graph: Graph, method: int, floor: int = 0) -> dict[int, int]:
    """All overrides of a method, transitively, with the confidence of each (the weakest on the way)."""
    return _closure(graph, method, floor, down=True)


def overridden(graph: Graph, method: int, floor: int = 0) -> dict[int, int]:
    """All methods that a method overrides, transitively, nearest first, with the confidence of each."""
    return _closure(graph, method, floor, down=False)


def _closure(graph: Graph, method: int, floor: int, *, down: bool) -> dict[int, int]:
    found: dict[int, int] = {}
    waiting = [(method, int(Confidence.EXACT))]
    ends = graph.arc_source if down else graph.arc_target
    for node, confidence in waiting:
        for arc in graph.incoming(node, OVERRIDES) if down else graph.outgoing(node, OVERRIDES):
            if graph.arc_confidence[arc] < floor:
                continue
            end = ends[arc]
            if end not in found and end != method:
                found[end] = min(confidence, graph.arc_confidence[arc])
                waiting.append((end, found[end]))
    return found


def dispatches(graph: Graph, arc: int) -> bool:
    """Whether a call arc may run an override of its target instead (``super()`` calls aside)."""
    return (
        graph.arc_kind[arc] == CALLS
        and graph.arc_confidence[arc] < Confidence.EXACT
        and graph.arc_how[arc] != _CONSTRUCT
    )


def is_super_call(graph: Graph, arc: int) -> bool:
    """Whether the source of a call overrides its target."""
    return graph.arc_target[arc] in overridden(graph, graph.arc_source[arc])


def dispatched_callers(graph: Graph, method: int, floor: int = 0) -> Iterator[Dispatch]:
    """Calls of what a method overrides, by sources that do not call the method itself."""
    bases = overridden(graph, method, floor)
    if not bases:
        return
    direct = {graph.arc_source[arc] for arc in graph.incoming(method, CALLS) if _plain_call(graph, arc)}
    for base in bases:
        for arc in graph.incoming(base, CALLS):
            source = graph.arc_source[arc]
            if graph.arc_confidence[arc] < floor or source == method or source in direct:
                continue
            if dispatches(graph, arc) and not is_super_call(graph, arc):
                yield Dispatch(source, method, base, arc)


def dispatched_callees(graph: Graph, caller: int, floor: int = 0) -> Iterator[Dispatch]:
    """The overrides that the calls of one function may run, beside what they are resolved to."""
    calls = graph.outgoing(caller, CALLS)
    direct: set[int] | None = None  # most calls may run no override: then nobody asks
    for arc in calls:
        if not dispatches(graph, arc) or graph.arc_confidence[arc] < floor:
            continue
        base = graph.arc_target[arc]
        overrides = overriders(graph, base, floor)
        if not overrides or is_super_call(graph, arc):
            continue
        if direct is None:
            direct = {graph.arc_target[call] for call in calls if _plain_call(graph, call)}
        for target in overrides:
            if target != caller and target not in direct:
                yield Dispatch(caller, target, base, arc)


def _plain_call(graph: Graph, arc: int) -> bool:
    return graph.arc_how[arc] == HOW_CODE[How.NONE]
