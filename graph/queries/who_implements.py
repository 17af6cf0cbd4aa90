"""Who implements a type, or overrides a method: declared or structurally, directly or by way of others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from isg.graph.codes import IMPL, OVERRIDES
from isg.graph.graph import Graph
from isg.graph.model import Confidence, Symbol, SymbolKind
from isg.graph.queries.bound import Bound, Notice, bound_of, empty_notices, may_be_weaker
from isg.graph.queries.members import CALLABLES, TYPES, members
from isg.graph.spelling import members_named

_OBJECT = frozenset(
    {"__init__", "__new__", "__repr__", "__str__", "__eq__", "__hash__", "__slots__", "constructor"}
)


class MemberSupply(msgspec.Struct, frozen=True):
    """Who supplies a member that the asked type wants; nobody where ``by`` is None."""

    method: str
    by: str | None  # a key
    of: str | None  # the key of its type: the implementing one, or one that this inherits from


class Implementation(msgspec.Struct, frozen=True):
    """A type that implements the asked one, or a method that overrides it."""

    symbol: Symbol
    how: str  # extends, implements, embeds, structural; overrides for a method
    confidence: Confidence  # the weakest on the way
    direct: bool
    via: tuple[str, ...]  # keys of what lies between, from the asked symbol on
    implements: tuple[MemberSupply, ...] = ()


class NearMiss(msgspec.Struct, frozen=True):
    """A type that has most of the members that the asked one wants."""

    symbol: Symbol
    has: tuple[str, ...]
    lacks: tuple[str, ...]
    differs: tuple[str, ...] = ()  # it has them, but they cannot be called the same way


class Implementations(msgspec.Struct, frozen=True):
    results: tuple[Implementation, ...]
    bound: Bound
    near: tuple[NearMiss, ...] = ()
    warnings: tuple[Notice, ...] = ()


class _Reached(NamedTuple):
    depth: int
    confidence: int
    arc: int
    before: int  # the node it was reached through


def who_implements(
    graph: Graph,
    nodes: Sequence[int],
    *,
    direct: bool = False,
    methods: bool = False,
    near: bool = False,
    min_confidence: Confidence = Confidence.DISPATCH,
) -> Implementations:
    """Every implementer of the asked types and every override of the asked methods.

    Direct ones first, then by distance and confidence, tests last among equals. ``methods`` tells who
    supplies each member, ``near`` also finds types that have most of the abstract ones.
    """
    reached = _reach(graph, nodes, min_confidence, 1 if direct else None)
    wanted = [name for node in nodes for name in wanted_members(graph, node)] if methods else []
    results = sorted(
        (_result(graph, node, reached, wanted) for node in reached),
        key=lambda found: (len(found.via), -found.confidence, found.symbol.is_test, found.symbol.key),
    )
    weaker = 0
    if not results and may_be_weaker(graph, min_confidence):
        weaker = len(_reach(graph, nodes, Confidence.GUESS, 1 if direct else None))
    return Implementations(
        tuple(results),
        bound_of((found.confidence for found in results), graph, nodes),
        near_misses(graph, nodes, {*nodes, *reached}) if near else (),
        empty_notices(len(results), weaker, min_confidence, "nothing in the project implements it"),
    )


def _reach(graph: Graph, nodes: Iterable[int], floor: Confidence, longest: int | None) -> dict[int, _Reached]:
    """All implementers, level by level; on each level the surest way to a node is kept."""
    reached: dict[int, _Reached] = {}
    asked = set(nodes)
    level = {node: int(Confidence.EXACT) for node in sorted(asked)}
    depth = 0
    while level and (longest is None or depth < longest):
        depth += 1
        found: dict[int, _Reached] = {}
        for node, sure in level.items():
            for arc in graph.incoming(node):
                if graph.arc_kind[arc] not in (IMPL, OVERRIDES) or graph.arc_confidence[arc] < floor:
                    continue
                end = graph.arc_source[arc]
                confidence = min(sure, graph.arc_confidence[arc])
                known = found.get(end)
                if end in asked or end in reached or (known and known.confidence >= confidence):
                    continue
                found[end] = _Reached(depth, confidence, arc, node)
        reached |= found
        level = {node: found[node].confidence for node in sorted(found)}
    return reached


def _result(
    graph: Graph,
    node: int,
    reached: dict[int, _Reached],
    wanted: Iterable[str],
) -> Implementation:
    this = reached[node]
    via: list[str] = []
    before = this.before
    while before in reached:
        via.append(graph.symbol(before).key)
        before = reached[before].before
    overrides = graph.arc_kind[this.arc] == OVERRIDES
    return Implementation(
        symbol=graph.symbol(node),
        how="overrides" if overrides else str(graph.how(this.arc)),
        confidence=Confidence(this.confidence),
        direct=this.depth == 1,
        via=tuple(reversed(via)),
        implements=() if overrides else tuple(_supply(graph, node, name) for name in dict.fromkeys(wanted)),
    )


def wanted_members(graph: Graph, node: int) -> dict[str, int]:
    """The members that an implementer of a type is asked for: its own, and those its bases leave abstract."""
    if graph.node_kind[node] not in TYPES:
        return {}
    wanted: dict[str, int] = {}
    seen, waiting = {node}, [node]
    for owner in waiting:
        for member in members(graph, owner):
            wants = _is_abstract(graph, member) if owner != node else _is_wanted(graph, member)
            name = graph.symbol(member).name
            if wants and name not in _OBJECT and not _is_optional(graph, member):
                wanted.setdefault(name, member)
        for base in graph.targets(owner, IMPL, Confidence.INFERRED):
            if base not in seen and not graph.is_external(base):
                seen.add(base)
                waiting.append(base)
    return wanted


def _is_wanted(graph: Graph, member: int) -> bool:
    if graph.node_kind[member] in CALLABLES:
        return graph.is_public(member) or graph.symbol(member).name.startswith("__")
    return _is_abstract(graph, member) and graph.is_public(member)


def _is_optional(graph: Graph, member: int) -> bool:
    return "optional" in graph.symbol(member).modifiers


def _is_abstract(graph: Graph, member: int) -> bool:
    """Whether a member only asks to be supplied."""
    return "abstract" in graph.symbol(member).modifiers or _in_interface(graph, member)


def _in_interface(graph: Graph, member: int) -> bool:
    owner = graph.parent[member]
    return owner >= 0 and graph.kind(owner) in (SymbolKind.PROTOCOL, SymbolKind.INTERFACE)


def _supply(graph: Graph, node: int, name: str) -> MemberSupply:
    concrete = [found for found in members_named(graph, node, name) if not _is_abstract(graph, found)]
    if not concrete:
        return MemberSupply(name, None, None)
    owner = node if concrete[0] in members(graph, node) else graph.owner(concrete[0])
    return MemberSupply(name, graph.symbol(concrete[0]).key, graph.symbol(owner).key)


# Near misses


def near_misses(graph: Graph, nodes: Sequence[int], known: Collection[int]) -> tuple[NearMiss, ...]:
    """Types outside ``known`` that nearly are what an interface or abstract class asks for, nearest first."""
    misses: dict[int, NearMiss] = {}
    for node in nodes:
        asked = _asked_of_strangers(graph, node)
        for candidate in _owners(graph, asked, known) if len(asked) > 1 else ():
            miss = _near_miss(graph, candidate, asked)
            if miss is not None:
                misses[candidate] = miss
    return tuple(
        sorted(
            misses.values(),
            key=lambda miss: (len(miss.lacks) + len(miss.differs), -len(miss.has), miss.symbol.key),
        )
    )


def _asked_of_strangers(graph: Graph, node: int) -> dict[str, int]:
    """What a type has to supply that inherits nothing from this one: only its abstract members."""
    return {
        name: member for name, member in wanted_members(graph, node).items() if _is_abstract(graph, member)
    }


def _near_miss(graph: Graph, candidate: int, asked: Mapping[str, int]) -> NearMiss | None:
    """What a type lacks of the asked members; nothing where it has all of them or not even half."""
    from isg.graph.linking.structural import satisfies

    lacks, differs, has = [], [], []
    for name, member in asked.items():
        own = members_named(graph, candidate, name)
        if not own:
            lacks.append(name)
        elif not satisfies({name: graph.symbol(member)}, {name: graph.symbol(own[0])}):
            differs.append(name)
        else:
            has.append(name)
    if not (lacks or differs) or 2 * (len(has) + len(differs)) < len(asked):
        return None
    return NearMiss(graph.symbol(candidate), tuple(has), tuple(lacks), tuple(differs))


def _owners(graph: Graph, asked: Mapping[str, int], known: Collection[int]) -> list[int]:
    """The types that define at least half of the asked members themselves."""
    counts: Counter[int] = Counter()
    for name in asked:
        for node in graph.by_name(name):
            owner = graph.owner(node)
            if owner >= 0 and graph.node_kind[owner] in TYPES and owner not in known:
                counts[owner] += 1
    return sorted(owner for owner, count in counts.items() if 2 * count >= len(asked))
