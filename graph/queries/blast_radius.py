"""What can break when a symbol changes: a bounded search against the direction of dependencies.

Depth counts dependency hops (CALLS, USES, IMPL, IMPORTS); containment costs none:
- a changed class or module includes its members;
- a changed method touches its callers, and by dispatch the callers of what it overrides; its overrides
  stand at depth 2, before all else there;
- a nested function that is touched touches the function around it;
- a class whose body mentions a changed member of its own (`save.alters_data = True`) is not touched by it;
- a changed module touches its importers, and those theirs. A module that only mentions a changed symbol
  is touched, but not all who import that module.

The score of a symbol halves with each hop; within a depth it follows the kinds and confidences of the
edges on the best way to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

import msgspec

from isg.graph.codes import (
    CALLS,
    DEPENDENCIES,
    EDGE_CODE,
    HOW_CODE,
    IMPL,
    IMPORTS,
    OVERRIDES,
    USES,
)
from isg.graph.dispatch import is_super_call, overridden, overriders
from isg.graph.graph import Graph
from isg.graph.model import Confidence, EdgeKind, How, Symbol
from isg.graph.queries.bound import Bound, Notice, bound_of, empty_notices, may_be_weaker
from isg.graph.queries.members import CALLABLES, MODULES, TYPES, with_members

Direction = Literal["in", "out"]

# How likely a break passes over an edge of a kind, and one of a confidence.
_BY_KIND = {CALLS: 0.95, IMPL: 0.9, USES: 0.75, IMPORTS: 0.5, OVERRIDES: 1.0}
_BY_HOW = {HOW_CODE[How.TYPE]: 0.8, HOW_CODE[How.WRITE]: 0.9, HOW_CODE[How.TYPE_ONLY]: 0.6}
_BY_CONFIDENCE = {
    Confidence.GUESS.value: 0.3,
    Confidence.DISPATCH.value: 0.6,
    Confidence.INFERRED.value: 0.95,
    Confidence.EXACT.value: 0.99,
}

_TEST = 0.8  # how much less a test counts than other code
_AGAIN = 0.3  # the share of what is missing to certainty that many sites add to one


class Via(msgspec.Struct, frozen=True):
    """The last hop to a symbol: the kind of the edge, and the key of what it was reached through."""

    kind: EdgeKind
    key: str


class Impact(msgspec.Struct, frozen=True):
    """A symbol that a change can reach."""

    symbol: Symbol
    depth: int
    score: float  # in (0, 1], higher is likelier to break
    via: Via
    confidence: Confidence  # the weakest on the best way
    is_test: bool


class FileImpact(msgspec.Struct, frozen=True):
    """What a change can reach in one file."""

    file: str
    symbols: int
    depth: int  # the nearest
    score: float  # the highest
    is_test: bool


class BlastRadius(msgspec.Struct, frozen=True):
    results: tuple[Impact, ...]
    files: tuple[FileImpact, ...]
    bound: Bound
    warnings: tuple[Notice, ...] = ()


class _Reach(NamedTuple):
    """One way to a node; ``spreads`` tells whether a module passes it on to its importers."""

    chance: float
    confidence: int
    kind: int
    before: int
    depth: int
    spreads: bool


class _Rules(NamedTuple):
    incoming: bool
    kinds: frozenset[int]
    floor: int
    overrides: bool


def blast_radius(
    graph: Graph,
    nodes: Sequence[int],
    *,
    depth: int = 3,
    direction: Direction = "in",
    kinds: Collection[EdgeKind] | None = None,
    min_confidence: Confidence = Confidence.DISPATCH,
    tests_only: bool = False,
) -> BlastRadius:
    """Everything within ``depth`` hops that depends on the nodes (``out``: that they depend on), ranked."""
    codes = DEPENDENCIES if kinds is None else frozenset(EDGE_CODE[kind] for kind in kinds)
    rules = _Rules(
        direction == "in",
        codes & DEPENDENCIES,
        min_confidence,
        kinds is None or EdgeKind.OVERRIDES in kinds,
    )
    reached = reach(graph, nodes, depth, rules)
    results = _rank(graph, reached, tests_only)
    weaker = 0
    if not results and may_be_weaker(graph, min_confidence):
        weaker = len(reach(graph, nodes, depth, rules._replace(floor=0)))
    what = "no test reaches it" if tests_only else "nothing in the project depends on it"
    if direction == "out":
        what = "it depends on nothing that is known"
    return BlastRadius(
        results,
        _by_file(results),
        bound_of((found.confidence for found in results), graph, nodes if rules.incoming else ()),
        empty_notices(len(results), weaker, min_confidence, what),
    )


def reach(graph: Graph, nodes: Iterable[int], depth: int, rules: _Rules) -> dict[int, _Reach]:
    """The best way to every node within the depth; the changed nodes themselves are left out."""
    seeds = with_members(graph, nodes)
    changed = set(seeds)
    reached: dict[int, _Reach] = {}
    level = {node: _Reach(1.0, Confidence.EXACT, -1, -1, 0, True) for node in seeds}
    passed: set[int] = set()
    ahead = _overrides_of(graph, seeds, rules) if rules.incoming and rules.overrides else {}
    for at in range(1, depth + 1):
        found: dict[int, _Reach] = {}
        if at == 2:
            found = {node: way for node, way in ahead.items() if node not in reached}
        for node in sorted(level):
            for end, way in _with_enclosing(graph, _hops(graph, node, level[node], at, rules, passed), rules):
                known = found.get(end)
                if end not in changed and end not in reached and (known is None or _better(way, known)):
                    found[end] = way
        reached |= found
        level = found
    return reached


def _better(way: _Reach, known: _Reach) -> bool:
    if known.kind == OVERRIDES:
        return False
    return (way.chance, way.confidence, -way.before) > (known.chance, known.confidence, -known.before)


def _overrides_of(graph: Graph, seeds: Iterable[int], rules: _Rules) -> dict[int, _Reach]:
    """The overrides of changed methods, which stand at depth 2."""
    changed = set(seeds)
    return {
        node: _Reach(1.0, confidence, OVERRIDES, method, 2, True)
        for method in sorted(changed)
        if graph.node_kind[method] in CALLABLES
        for node, confidence in overriders(graph, method, rules.floor).items()
        if node not in changed
    }


def _hops(
    graph: Graph, node: int, way: _Reach, depth: int, rules: _Rules, passed: set[int]
) -> Iterator[tuple[int, _Reach]]:
    """One hop on from a node, dispatch included; ``passed`` are the methods whose dispatch is known."""
    ends = graph.arc_source if rules.incoming else graph.arc_target
    module = graph.node_kind[node] in MODULES
    if module and not way.spreads:
        return
    for arc in graph.incoming(node) if rules.incoming else graph.outgoing(node):
        kind, confidence = graph.arc_kind[arc], graph.arc_confidence[arc]
        if kind in rules.kinds and confidence >= rules.floor and not _own_class(graph, arc, rules):
            chance = _chance(graph, arc, confidence)
            yield (
                ends[arc],
                _Reach(
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
            chance = way.chance * _chance(graph, arc, confidence)
            kind = graph.arc_kind[arc]
            yield end, _Reach(chance, min(way.confidence, confidence), kind, node, depth, False)


def _with_enclosing(
    graph: Graph, hops: Iterable[tuple[int, _Reach]], rules: _Rules
) -> Iterator[tuple[int, _Reach]]:
    """The hops, and with a nested function the functions around it, whose code it is."""
    for end, way in hops:
        yield end, way
        around = graph.parent[end]
        while rules.incoming and around >= 0 and graph.node_kind[around] in CALLABLES:
            yield around, way
            around = graph.parent[around]


def _own_class(graph: Graph, arc: int, rules: _Rules) -> bool:
    """Whether a class body mentions a member of the class: that changes nothing for the class's users."""
    source, node = graph.arc_source[arc], graph.arc_target[arc]
    if not rules.incoming or graph.node_kind[source] not in TYPES:
        return False
    while node >= 0 and node != source:
        node = graph.parent[node]
    return node == source


def _dispatched(graph: Graph, node: int, rules: _Rules, passed: set[int]) -> Iterator[tuple[int, int]]:
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


def _may_dispatch(graph: Graph, arc: int, rules: _Rules) -> bool:
    return (
        graph.arc_kind[arc] in (CALLS, USES)
        and graph.arc_kind[arc] in rules.kinds
        and rules.floor <= graph.arc_confidence[arc] < Confidence.EXACT
        and graph.arc_how[arc] != HOW_CODE[How.CONSTRUCT]
        and graph.node_kind[graph.arc_target[arc]] in CALLABLES
        and not is_super_call(graph, arc)
    )


def _chance(graph: Graph, arc: int, confidence: int) -> float:
    how = _BY_HOW.get(graph.arc_how[arc], 1.0)
    once = _BY_KIND[graph.arc_kind[arc]] * how * _BY_CONFIDENCE[confidence]
    sites = graph.site_count(arc)
    return once if sites < 2 else once + (1 - once) * _AGAIN * (1 - 1 / sites)


def _score(way: _Reach, is_test: bool) -> float:
    """A number in a band of its own for each depth, so that the order by score is the order by depth.

    Among equals code comes before its tests; an override is first of its band either way.
    """
    chance = way.chance * (_TEST if is_test and way.kind != OVERRIDES else 1.0)
    return round(0.5 ** (way.depth - 1) * (0.5 + 0.5 * chance), 6)


def _rank(graph: Graph, reached: dict[int, _Reach], tests_only: bool) -> tuple[Impact, ...]:
    found = [
        Impact(
            symbol=graph.symbol(node),
            depth=way.depth,
            score=_score(way, graph.is_test(node)),
            via=Via(_kind(way.kind), graph.symbol(way.before).key),
            confidence=Confidence(way.confidence),
            is_test=graph.is_test(node),
        )
        for node, way in reached.items()
        if not tests_only or graph.is_test(node)
    ]
    found.sort(
        key=lambda impact: (
            impact.depth,
            impact.via.kind is not EdgeKind.OVERRIDES,
            -impact.score,
            impact.is_test,
            impact.symbol.key,
        )
    )
    return tuple(found)


_EDGE_KIND = {code: kind for kind, code in EDGE_CODE.items()}


def _kind(code: int) -> EdgeKind:
    return _EDGE_KIND[code]


def _by_file(results: Iterable[Impact]) -> tuple[FileImpact, ...]:
    groups: dict[str, list[Impact]] = {}
    for impact in results:
        if impact.symbol.file is not None:
            groups.setdefault(impact.symbol.file, []).append(impact)
    files = [
        FileImpact(
            file,
            len(found),
            min(impact.depth for impact in found),
            max(impact.score for impact in found),
            all(impact.is_test for impact in found),
        )
        for file, found in groups.items()
    ]
    return tuple(sorted(files, key=lambda file: (file.depth, -file.score, -file.symbols, file.file)))
