"""What a change of a kind reaches: which uses of a symbol it breaks at once, and how it passes on.

- A changed **signature** breaks calls: depth 1 is every site that calls it, also through what it overrides,
  also those of its twins (:mod:`isg.graph.queries.twins`) and calls of its rare name on a receiver that is
  not known. What else mentions it, and what has to be declared alike, follows at depth 2.
- A **rename** or **deletion** breaks every mention.
- A changed **body** is seen by what runs it, and stops where a caller knows only an interface: a call that is
  resolved to what the symbol overrides.
- What it **returns** or **raises** reaches those callers as well, and through them theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec

from isg.graph.codes import (
    CALLS,
    CONTAINMENT,
    DEPENDENCIES,
    HOW_CODE,
    OVERRIDES,
    SYMBOL_CODE,
    USES,
    symbol_codes,
)
from isg.graph.dispatch import dispatched_callers, overridden
from isg.graph.graph import Graph
from isg.graph.model import Confidence, How, SymbolKind
from isg.graph.queries.blast_radius import BlastRadius, ranked
from isg.graph.queries.bound import may_be_weaker
from isg.graph.queries.guesses import Mention, guesses, names_of_guesses
from isg.graph.queries.members import MODULES, TYPES, with_members
from isg.graph.queries.reach import TWIN, Reach, Rules, chance_of, overrides_of, reach, spread
from isg.graph.queries.twins import implemented, twins

_CALLBACK, _READ = HOW_CODE[How.CALLBACK], HOW_CODE[How.READ]
_CONSTRUCTORS = symbol_codes({SymbolKind.CONSTRUCTOR})
_PROPERTIES = symbol_codes({SymbolKind.PROPERTY})
_FUNCTION = SYMBOL_CODE[SymbolKind.FUNCTION]
_HOLDERS = symbol_codes({SymbolKind.VARIABLE, SymbolKind.CONSTANT, SymbolKind.FIELD})
_OF_TWIN = 0.5  # how likely a caller of a twin has to change, of those of the symbol itself


class Change(StrEnum):
    """What about a symbol changes."""

    SIGNATURE = "signature"
    RENAME = "rename"
    DELETE = "delete"
    BODY = "body"
    RETURN = "return"
    RAISES = "raises"


class Planned(msgspec.Struct, frozen=True):
    """A change of some symbols."""

    nodes: tuple[int, ...]
    change: Change | None  # None: anything about them
    spared: frozenset[int] = frozenset()  # what it is known not to break


class _Manner(NamedTuple):
    """How a change of a kind passes on: by which edges at once, and by which from there."""

    first: frozenset[int]
    later: frozenset[int]
    through_bases: bool  # whether callers that know only what the symbol overrides see it
    family: bool  # whether overrides and twins have to follow


_RUN = frozenset({CALLS})
_MANNERS = {
    Change.SIGNATURE: _Manner(_RUN, DEPENDENCIES, through_bases=True, family=True),
    Change.RENAME: _Manner(DEPENDENCIES, frozenset(), through_bases=True, family=True),
    Change.DELETE: _Manner(DEPENDENCIES, DEPENDENCIES, through_bases=True, family=True),
    Change.BODY: _Manner(_RUN, _RUN, through_bases=False, family=False),
    Change.RETURN: _Manner(_RUN, _RUN, through_bases=True, family=True),
    Change.RAISES: _Manner(_RUN, _RUN, through_bases=True, family=False),
}
_OPEN = frozenset({Change.SIGNATURE, Change.RENAME, Change.DELETE})  # what unresolved sites may break by


def names_to_look_up(graph: Graph, nodes: Iterable[int], change: Change) -> set[str]:
    """The names whose unresolved sites can be of the changed symbols: the caller looks these sites up."""
    return names_of_guesses(graph, nodes) if change in _OPEN else set()


def blast_radius_of_change(
    graph: Graph,
    nodes: Sequence[int],
    change: Change,
    *,
    depth: int = 3,
    min_confidence: Confidence = Confidence.GUESS,
    mentions: Iterable[Mention] = (),
    spared: Collection[int] = (),
) -> BlastRadius:
    """What a change of that kind reaches, ranked; sites that are only guessed to be of the symbol count.

    ``mentions`` are the sites without a target of the names that `names_to_look_up` gives; ``spared`` are
    symbols of which it is known that the change does not break them.
    """
    planned = Planned(tuple(nodes), change, frozenset(spared))
    return blast_radius_of_changes(
        graph, [planned], depth=depth, min_confidence=min_confidence, mentions=mentions
    )


def blast_radius_of_changes(
    graph: Graph,
    changes: Sequence[Planned],
    *,
    depth: int = 3,
    min_confidence: Confidence = Confidence.GUESS,
    mentions: Iterable[Mention] = (),
) -> BlastRadius:
    """What any of several changes reaches, each symbol by its best way."""
    sites = list(mentions)
    nodes = [node for each in changes for node in each.nodes]

    def found(floor: Confidence) -> dict[int, Reach]:
        reached: dict[int, Reach] = {}
        for each in changes:
            for node, way in _reach(graph, each, depth, floor, sites).items():
                known = reached.get(node)
                if known is None or (-way.depth, way.chance) > (-known.depth, known.chance):
                    reached[node] = way
        return {node: way for node, way in reached.items() if node not in nodes}

    reached = found(min_confidence)
    weaker = 0 if reached or not may_be_weaker(graph, min_confidence) else len(found(Confidence.GUESS))
    what = "nothing in the project sees it" if nodes else "nothing that the graph has is changed"
    return ranked(graph, reached, nodes, min_confidence, weaker, what)


def _reach(
    graph: Graph, change: Planned, depth: int, floor: Confidence, mentions: Sequence[Mention]
) -> dict[int, Reach]:
    if change.change is None:
        return reach(graph, change.nodes, depth, Rules(True, DEPENDENCIES, floor, overrides=True))
    return reach_of_change(graph, change.nodes, change.change, depth, floor, mentions, change.spared)


def reach_of_change(
    graph: Graph,
    nodes: Sequence[int],
    change: Change,
    depth: int,
    floor: int,
    mentions: Iterable[Mention] = (),
    spared: Collection[int] = (),
) -> dict[int, Reach]:
    """The best way to every node within the depth that a change of that kind of these nodes can reach."""
    manner = _MANNERS[change]
    changed = _changed(graph, nodes, change)
    rules = Rules(incoming=True, kinds=manner.later, floor=floor, overrides=manner.family)
    direct: dict[int, Reach] = {}
    ahead: dict[int, Reach] = {}
    for node in changed:
        _keep_best(direct, _users(graph, node, manner, floor))
    if manner.family:
        ahead |= overrides_of(graph, changed, rules)
        for node in changed:
            _keep_best(ahead, _above(graph, node, floor))
    if manner.family and floor <= Confidence.GUESS:
        for node in changed:
            for twin, likeness in _twins(graph, node, ahead):
                ahead.setdefault(twin, Reach(likeness, Confidence.GUESS, TWIN, node, 2, True))
    if change in _OPEN and floor <= Confidence.GUESS:
        _keep_best(direct, _of_twins(graph, ahead, manner))
        _keep_best(direct, guesses(graph, changed, change is Change.SIGNATURE, mentions))
    _keep_best(ahead, _mentions(graph, changed, manner, floor))
    for node in (*changed, *spared):
        direct.pop(node, None)
    return spread(graph, direct, {2: ahead}, depth, rules, changed)


def _changed(graph: Graph, nodes: Sequence[int], change: Change) -> list[int]:
    """The symbols that change: for all but a deletion, a type's own signature is that of its constructors."""
    if change is Change.DELETE or any(graph.node_kind[node] in MODULES for node in nodes):
        return with_members(graph, nodes)
    found = dict.fromkeys(nodes)
    for node in nodes:
        if graph.node_kind[node] in TYPES and change is not Change.RENAME:
            found |= dict.fromkeys(
                graph.arc_target[arc]
                for arc in graph.outgoing(node)
                if graph.arc_kind[arc] in CONTAINMENT
                and graph.node_kind[graph.arc_target[arc]] in _CONSTRUCTORS
            )
    return list(found)


def _keep_best(ways: dict[int, Reach], more: Iterable[tuple[int, Reach]]) -> None:
    for node, way in more:
        known = ways.get(node)
        if known is None or (way.confidence, way.chance) > (known.confidence, known.chance):
            ways[node] = way


def _users(graph: Graph, node: int, manner: _Manner, floor: int) -> Iterator[tuple[int, Reach]]:
    """What uses a symbol by the edges that count at once."""
    kinds = manner.first | {USES} if graph.node_kind[node] in _PROPERTIES else manner.first
    for arc in graph.incoming(node):
        sure = graph.arc_confidence[arc]
        if graph.arc_kind[arc] in kinds and sure >= floor and not _is_generic(graph, arc):
            yield from _ends(graph, arc, node, sure, 1)
    if manner.through_bases and floor <= Confidence.DISPATCH:
        for found in dispatched_callers(graph, node, floor):
            confidence = min(int(Confidence.DISPATCH), graph.arc_confidence[found.arc])
            yield from _ends(graph, found.arc, found.base, confidence, 1)
        for base in implemented(graph, node):
            for arc in graph.incoming(base, CALLS):
                if graph.arc_confidence[arc] < Confidence.EXACT:
                    yield from _ends(graph, arc, base, Confidence.DISPATCH, 1)


def _mentions(
    graph: Graph, changed: Iterable[int], manner: _Manner, floor: int
) -> Iterator[tuple[int, Reach]]:
    """What mentions a symbol without breaking at once, or runs it as what it was given, at depth 2."""
    for node in changed:
        for arc in graph.incoming(node):
            kind = graph.arc_kind[arc]
            later = kind in manner.later - manner.first or (kind == CALLS and _is_generic(graph, arc))
            if later and graph.arc_confidence[arc] >= floor:
                yield from _ends(graph, arc, node, graph.arc_confidence[arc], 2)


def _is_generic(graph: Graph, arc: int) -> bool:
    """Whether a call is one of a function that runs whatever it is given."""
    return graph.arc_how[arc] == _CALLBACK and graph.arc_confidence[arc] <= Confidence.DISPATCH


def _ends(
    graph: Graph, arc: int, node: int, confidence: int, depth: int, share: float = 1.0
) -> Iterator[tuple[int, Reach]]:
    way = Reach(
        share * chance_of(graph, arc, confidence), confidence, graph.arc_kind[arc], node, depth, False
    )
    return ((end, way) for end in holders(graph, arc))


def holders(graph: Graph, arc: int) -> set[int]:
    """The innermost symbols around the sites of an arc.

    The source of an arc is a function, type or module. In a module, a site in the value of a variable
    (`const visit = compose(() => …)`) belongs to that variable, for whoever looks for the place.
    """
    source = graph.arc_source[arc]
    file = graph.path(source)
    if graph.node_kind[source] not in MODULES or file is None:
        return {source}
    lines = {site.line for path, site in graph.places(arc) if path == file}
    found, covered = set[int](), set[int]()
    for node in graph.in_file(file):
        if graph.node_kind[node] in _HOLDERS and graph.parent[node] == source:
            inside = {line for line in lines if graph.node_start[node] <= line <= graph.node_end[node]}
            if inside:
                found.add(node)
                covered |= inside
    return found if found and covered == lines else found | {source}


def _above(graph: Graph, node: int, floor: int) -> Iterator[tuple[int, Reach]]:
    """What a method overrides, and what overrides that as well: all of them are declared alike."""
    for base, confidence in overridden(graph, node, floor).items():
        yield base, Reach(1.0, confidence, OVERRIDES, node, 2, True)


def _twins(graph: Graph, node: int, ahead: dict[int, Reach]) -> Iterator[tuple[int, float]]:
    for twin, likeness, near in twins(graph, node):
        if twin not in ahead:
            yield twin, likeness if near else likeness / 2


def _of_twins(graph: Graph, ahead: dict[int, Reach], manner: _Manner) -> Iterator[tuple[int, Reach]]:
    """The callers of near twins."""
    for twin, way in ahead.items():
        if way.kind == TWIN and way.chance > 0.5:
            for arc in graph.incoming(twin):
                if graph.arc_kind[arc] in manner.first and not _is_generic(graph, arc):
                    share = _OF_TWIN * way.chance
                    yield from _ends(graph, arc, twin, Confidence.GUESS, 1, share)
