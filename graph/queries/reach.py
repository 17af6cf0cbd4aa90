"""The search behind blast-radius: what depends on symbols, hop by hop, and how likely a break gets there.

Depth counts dependency hops (CALLS, USES, IMPL, IMPORTS); containment costs none:
- a changed class or module includes its members;
- a changed method touches its callers, and by dispatch the callers of what it overrides; its overrides
  stand at depth 2, before all else there;
- a nested function that is touched touches the function around it;
- a class whose body mentions a changed member of its own (`save.alters_data = True`) is not touched by it;
- a changed module touches its importers, and those theirs. A module that only mentions a changed symbol
  is touched, but not all who import that module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from isg.graph.codes import CALLS, HOW_CODE, IMPL, IMPORTS, OVERRIDES, USES
from isg.graph.dispatch import is_super_call, overridden, overriders
from isg.graph.graph import Graph
from isg.graph.model import Confidence, How
from isg.graph.queries.members import CALLABLES, MODULES, TYPES, with_members

# How likely a break passes over an edge of a kind, and one of a confidence.
_BY_KIND = {CALLS: 0.95, IMPL: 0.9, USES: 0.75, IMPORTS: 0.5, OVERRIDES: 1.0}
_BY_HOW = {HOW_CODE[How.TYPE]: 0.8, HOW_CODE[How.WRITE]: 0.9, HOW_CODE[How.TYPE_ONLY]: 0.6}
_BY_CONFIDENCE = {
    Confidence.GUESS.value: 0.3,
    Confidence.DISPATCH.value: 0.6,
    Confidence.INFERRED.value: 0.95,
    Confidence.EXACT.value: 0.99,
}

TWIN = -2  # in the place of an edge's kind: no edge, but declared alike
_AGAIN = 0.3  # the share of what is missing to certainty that many sites add to one


class Reach(NamedTuple):
    """One way to a node; ``spreads`` tells whether a module passes it on to its importers."""

    chance: float
    confidence: int
    kind: int
    before: int
    depth: int
    spreads: bool


class Rules(NamedTuple):
    incoming: bool
    kinds: frozenset[int]
    floor: int
    overrides: bool


def reach(graph: Graph, nodes: Iterable[int], depth: int, rules: Rules) -> dict[int, Reach]:
    """The best way to every node within the depth; the changed nodes themselves are left out."""
    seeds = with_members(graph, nodes)
    level = {node: Reach(1.0, Confidence.EXACT, -1, -1, 0, True) for node in seeds}
    ahead = overrides_of(graph, seeds, rules) if rules.incoming and rules.overrides else {}
    return spread(graph, level, {2: ahead}, depth, rules)


def spread(
    graph: Graph,
    level: Mapping[int, Reach],
    ahead: Mapping[int, Mapping[int, Reach]],
    depth: int,
    rules: Rules,
    changed: Iterable[int] | None = None,
) -> dict[int, Reach]:
    """On from a level, hop by hop; ``ahead`` are the ways to a depth that are known before the search.

    The level is of the changed nodes themselves, or, where those are given, of what is next to them.
    """
    seeds = set(level if changed is None else changed)
    reached: dict[int, Reach] = {} if changed is None else dict(level)
    passed: set[int] = set()
    for at in range(1 if changed is None else 2, depth + 1):
        found = {node: way for node, way in ahead.get(at, {}).items() if node not in reached}
        for node in sorted(level):
            for end, way in _with_enclosing(graph, _hops(graph, node, level[node], at, rules, passed), rules):
                known = found.get(end)
                if end not in seeds and end not in reached and (known is None or _better(way, known)):
                    found[end] = way
        reached |= found
        level = found
    return reached


def _better(way: Reach, known: Reach) -> bool:
    if known.kind in (OVERRIDES, TWIN):
        return False
    return (way.chance, way.confidence, -way.before) > (known.chance, known.confidence, -known.before)


def overrides_of(graph: Graph, seeds: Iterable[int], rules: Rules) -> dict[int, Reach]:
    """The overrides of changed methods, which stand at depth 2."""
    changed = set(seeds)
    return {
        node: Reach(1.0, confidence, OVERRIDES, method, 2, True)
        for method in sorted(changed)
        if graph.node_kind[method] in CALLABLES
        for node, confidence in overriders(graph, method, rules.floor).items()
        if node not in changed
    }


def _hops(
    graph: Graph, node: int, way: Reach, depth: int, rules: Rules, passed: set[int]
) -> Iterator[tuple[int, Reach]]:
    """One hop on from a node, dispatch included; ``passed`` are the methods whose dispatch is known."""
    ends = graph.arc_source if rules.incoming else graph.arc_target
    module = graph.node_kind[node] in MODULES
    if module and not way.spreads:
        return
    for arc in graph.incoming(node) if rules.incoming else graph.outgoing(node):
        kind, confidence = graph.arc_kind[arc], graph.arc_confidence[arc]
        if kind in rules.kinds and confidence >= rules.floor and not _own_class(graph, arc, rules):
            chance = chance_of(graph, arc, confidence)
            yield (
                ends[arc],
                Reach(
                    way.chance * chance,
                    min(way.confidence, confidence),
                    kind,
                    node,
                    depth,
                    module and kind == IMPORTS,
                ),
            )
    if rules.floor <= Confidence.DISPATCH and graph.node_kind[node] in CALLABLES:
        for end, arc in _dispatched(graph, node, rules, passed):
            confidence = min(int(Confidence.DISPATCH), graph.arc_confidence[arc])
            chance = way.chance * chance_of(graph, arc, confidence)
            kind = graph.arc_kind[arc]
            yield end, Reach(chance, min(way.confidence, confidence), kind, node, depth, False)


def _with_enclosing(
    graph: Graph, hops: Iterable[tuple[int, Reach]], rules: Rules
) -> Iterator[tuple[int, Reach]]:
    """The hops, and with a nested function the functions around it, whose code it is."""
    for end, way in hops:
        yield end, way
        around = graph.parent[end]
        while rules.incoming and around >= 0 and graph.node_kind[around] in CALLABLES:
            yield around, way
            around = graph.parent[around]


def _own_class(graph: Graph, arc: int, rules: Rules) -> bool:
    """Whether a class body mentions a member of the class: that changes nothing for the class's users."""
    source, node = graph.arc_source[arc], graph.arc_target[arc]
    if not rules.incoming or graph.node_kind[source] not in TYPES:
        return False
    while node >= 0 and node != source:
        node = graph.parent[node]
    return node == source


def _dispatched(graph: Graph, node: int, rules: Rules, passed: set[int]) -> Iterator[tuple[int, int]]:
    """(other end, arc): users of what a method overrides; outwards, overrides of what it calls."""
    if rules.incoming:
        for base in overridden(graph, node, rules.floor):
            if base not in passed:
                passed.add(base)
                yield from (
                    (graph.arc_source[arc], arc)
                    for arc in graph.incoming(base)
                    if _may_dispatch(graph, arc, rules)
                )
        return
    for arc in graph.outgoing(node):
        base = graph.arc_target[arc]
        if base not in passed and _may_dispatch(graph, arc, rules):
            passed.add(base)
            yield from ((target, arc) for target in overriders(graph, base, rules.floor))


def _may_dispatch(graph: Graph, arc: int, rules: Rules) -> bool:
    return (
        graph.arc_kind[arc] in (CALLS, USES)
        and graph.arc_kind[arc] in rules.kinds
        and rules.floor <= graph.arc_confidence[arc] < Confidence.EXACT
        and graph.arc_how[arc] != HOW_CODE[How.CONSTRUCT]
        and graph.node_kind[graph.arc_target[arc]] in CALLABLES
        and not is_super_call(graph, arc)
    )


def chance_of(graph: Graph, arc: int, confidence: int) -> float:
    how = _BY_HOW.get(graph.arc_how[arc], 1.0)
    once = _BY_KIND[graph.arc_kind[arc]] * how * _BY_CONFIDENCE[confidence]
    sites = graph.site_count(arc)
    return once if sites < 2 else once + (1 - once) * _AGAIN * (1 - 1 / sites)
