"""Structural satisfaction: the types that have what an interface asks for, though they never say so.

A class satisfies a protocol or interface where it has, by itself or from its bases, every member that this
and its own bases declare, and its methods can be called the way they are there (Python typing specification,
chapter on protocols; TypeScript handbook, "Type Compatibility"; types of parameters are not compared). In
Rust nothing is satisfied that is not declared. Such edges concern the whole project, so they are computed
from all its symbols and edges after each linking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from isg.graph.linking.shapes import callable_as, shape_of
from isg.graph.model import CALLABLE_KINDS, TYPE_KINDS, Confidence, Edge, EdgeKind, How, Symbol, SymbolKind
from isg.parsers.facts import MOST_MEANINGS
from isg.parsers.languages import FAMILIES

_DECLARED = CALLABLE_KINDS | {SymbolKind.FIELD, SymbolKind.CONSTANT, SymbolKind.VARIABLE}


class _Rules(msgspec.Struct, frozen=True):
    """What a language has types satisfy without a word."""

    interface: SymbolKind
    everywhere: frozenset[str]
    """Members that any type has, or that nothing is asked for."""
    records: bool
    """Whether interfaces are written for plain objects too: one without any method means no class."""
    marks: bool
    """Whether a base outside the project may be there only to make the type an interface."""


_RULES = {
    "python": _Rules(
        SymbolKind.PROTOCOL,
        frozenset({"__init__", "__new__", "__slots__", "__class_getitem__", "__init_subclass__", "__doc__"}),
        records=False,
        marks=True,
    ),
    "typescript": _Rules(
        SymbolKind.INTERFACE,
        frozenset({"constructor", "toString", "toLocaleString", "valueOf", "hasOwnProperty", ""}),
        records=True,
        marks=False,
    ),
}

INTERFACES = frozenset(rules.interface for rules in _RULES.values())
"""The kinds of symbols that others may satisfy without a word."""


def what_is_compared(symbol: Symbol) -> tuple[object, ...]:
    """All of a symbol that it depends on, besides what types extend, who satisfies which interface."""
    looks = (symbol.kind, symbol.name, symbol.parent, symbol.visibility, symbol.modifiers)
    return looks if symbol.kind not in CALLABLE_KINDS else (*looks, symbol.signature)


def whole_project_edges(symbols: Iterable[Symbol], edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Edges with ``how`` structural: IMPL from each type to each interface that it satisfies undeclared, and
    OVERRIDES from its methods to those of the interface."""
    types = {s.id: s for s in symbols if s.kind in TYPE_KINDS and FAMILIES[s.language] in _RULES}
    interfaces = [s for s in types.values() if _is_interface(s)]
    if not interfaces:
        return ()
    hierarchy = _Hierarchy(symbols, edges, types)
    bearers: dict[tuple[str, str], list[int]] = {}
    for type_, symbol in types.items():
        if not _is_interface(symbol):
            for name in hierarchy.offered(type_):
                bearers.setdefault((FAMILIES[symbol.language], name), []).append(type_)
    found: list[Edge] = []
    for interface in sorted(interfaces, key=lambda s: s.key):
        asked = hierarchy.asked(interface.id)
        if not _means_classes(interface, asked) or hierarchy.asks_for_more(interface.id):
            continue
        family = FAMILIES[interface.language]
        rarest = min(asked, key=lambda name: (len(bearers.get((family, name), ())), name))
        for type_ in bearers.get((family, rarest), ()):
            if interface.id in hierarchy.ancestors(type_):
                continue
            offered = hierarchy.offered(type_)
            if satisfies(asked, offered):
                file = types[type_].file or ""
                found.append(_structural(EdgeKind.IMPL, type_, interface.id, file))
                methods = (name for name, wanted in asked.items() if wanted.kind is SymbolKind.METHOD)
                found += [_overriding(offered[name], asked[name]) for name in methods]
    distinct = {(edge.kind, edge.source, edge.target): edge for edge in found}
    return tuple(sorted(distinct.values(), key=lambda e: (e.file, e.kind, e.source, e.target)))


def _is_interface(type_: Symbol) -> bool:
    return type_.kind is _RULES[FAMILIES[type_.language]].interface


def _means_classes(interface: Symbol, asked: Mapping[str, Symbol]) -> bool:
    """Whether classes are meant by an interface: not by one that is empty, the type of a function, or (where
    plain objects have types too) the shape of a record."""
    if asked.keys() <= {"__call__"}:
        return False
    records = _RULES[FAMILIES[interface.language]].records
    return not records or any(wanted.kind is SymbolKind.METHOD for wanted in asked.values())


def _structural(kind: EdgeKind, source: int, target: int, file: str) -> Edge:
    return Edge(kind, How.STRUCTURAL, Confidence.DISPATCH, source, target, file)


def _overriding(method: Symbol, wanted: Symbol) -> Edge:
    """It stands where the method does: several types may satisfy an interface by one that they inherit."""
    return _structural(EdgeKind.OVERRIDES, method.id, wanted.id, method.file or "")


class _Hierarchy:
    """Members by name of every type, inherited ones included."""

    def __init__(self, symbols: Iterable[Symbol], edges: Iterable[Edge], types: Mapping[int, Symbol]) -> None:
        self._types = types
        self._own: dict[int, dict[str, Symbol]] = {}
        for symbol in symbols:
            if symbol.parent in types and symbol.kind in _DECLARED:
                self._own.setdefault(symbol.parent or 0, {}).setdefault(symbol.name, symbol)
        self._bases: dict[int, list[int]] = {}
        self._outside: set[int] = set()  # types with a base that is not of the project
        for edge in edges:
            if edge.kind is EdgeKind.IMPL and edge.how is not How.STRUCTURAL:
                if edge.target in types:
                    self._bases.setdefault(edge.source, []).append(edge.target)
                else:
                    self._outside.add(edge.source)
        self._join_declarations()
        self._offered: dict[int, dict[str, Symbol]] = {}

    def _join_declarations(self) -> None:
        """All declarations of an interface are one: each has the others (keys end in ``~2`` …) for bases.

        Of more than a name may mean each stands for itself.
        """
        by_name: dict[str, list[int]] = {}
        for type_, symbol in self._types.items():
            if _is_interface(symbol):
                by_name.setdefault(symbol.key.partition("~")[0], []).append(type_)
        for declarations in by_name.values():
            for type_ in declarations if 1 < len(declarations) <= MOST_MEANINGS else ():
                self._bases[type_] = [*self._bases.get(type_, ()), *declarations]

    def ancestors(self, type_: int) -> list[int]:
        """The type and all it declares to extend, nearest first."""
        seen, queue = {type_: None}, [type_]
        for current in queue:
            for base in self._bases.get(current, ()):
                if base not in seen:
                    seen[base] = None
                    queue.append(base)
        return queue

    def offered(self, type_: int) -> dict[str, Symbol]:
        """What a type has: its members and those of all it extends."""
        found = self._offered.get(type_)
        if found is None:
            found = {}
            for ancestor in self.ancestors(type_):
                for name, symbol in self._own.get(ancestor, {}).items():
                    if _is_offered(symbol):
                        found.setdefault(name, symbol)
            self._offered[type_] = found
        return found

    def asked(self, interface: int) -> dict[str, Symbol]:
        """What an interface asks for: its members and those of the interfaces that it extends."""
        everywhere = _RULES[FAMILIES[self._types[interface].language]].everywhere
        result: dict[str, Symbol] = {}
        for ancestor in self.ancestors(interface):
            if _is_interface(self._types[ancestor]):
                for name, symbol in self._own.get(ancestor, {}).items():
                    if name not in everywhere and "optional" not in symbol.modifiers:
                        result.setdefault(name, symbol)
        return result

    def asks_for_more(self, interface: int) -> bool:
        """Whether an interface asks for members that nobody knows, those of a base outside the project."""
        marks = _RULES[FAMILIES[self._types[interface].language]].marks
        return not marks and not self._outside.isdisjoint(self.ancestors(interface))


def _is_offered(member: Symbol) -> bool:
    """Whether an instance lets others have a member. In Python it lets them have any."""
    return FAMILIES[member.language] == "python" or (
        member.visibility == "public" and "static" not in member.modifiers
    )


def satisfies(asked: Mapping[str, Symbol], offered: Mapping[str, Symbol]) -> bool:
    """Whether every member asked for is offered, and methods can be called as asked."""
    for name, wanted in asked.items():
        member = offered.get(name)
        if member is None:
            return False
        both = wanted.kind is SymbolKind.METHOD and member.kind is SymbolKind.METHOD
        if wanted.kind is SymbolKind.METHOD and member.kind is SymbolKind.PROPERTY:
            return False
        if both and not callable_as(shape_of(member), shape_of(wanted)):
            return False
    return True
