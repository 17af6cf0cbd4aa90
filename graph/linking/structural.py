"""Structural satisfaction: the classes that have what a protocol asks for, though they never say so.

A class satisfies a protocol where it has, by itself or from its bases, every member that the protocol and
its protocol bases declare, and its methods can be called the way the protocol's are (typing specification,
chapter on protocols; types of parameters are not compared). Such edges concern the whole project, so they
are computed from all its symbols and edges after each linking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from isg.graph.model import CALLABLE_KINDS, TYPE_KINDS, Confidence, Edge, EdgeKind, How, Symbol, SymbolKind

_DECLARED = CALLABLE_KINDS | {SymbolKind.FIELD, SymbolKind.CONSTANT, SymbolKind.VARIABLE}
_NOT_ASKED = frozenset(
    {"__init__", "__new__", "__slots__", "__class_getitem__", "__init_subclass__", "__doc__"}
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a method can be called: positional parameters after the receiver, and what it must be given."""

    required: int
    accepted: int
    variadic: bool
    keywords: frozenset[str]  # keyword-only parameters
    required_keywords: frozenset[str]
    open_keywords: bool


def whole_project_edges(symbols: Iterable[Symbol], edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Edges with ``how`` structural: IMPL from each type to each protocol that it satisfies undeclared, and
    OVERRIDES from its methods to those of the protocol."""
    types = {s.id: s for s in symbols if s.kind in TYPE_KINDS}
    protocols = [s for s in types.values() if s.kind is SymbolKind.PROTOCOL]
    if not protocols:
        return ()
    hierarchy = _Hierarchy(symbols, edges, types)
    bearers: dict[str, list[int]] = {}
    for type_ in types:
        for name in hierarchy.members(type_):
            bearers.setdefault(name, []).append(type_)
    found: list[Edge] = []
    for protocol in sorted(protocols, key=lambda s: s.key):
        asked = hierarchy.asked(protocol.id)
        if asked.keys() <= {"__call__"}:  # nothing, or the type of a function: no class is meant
            continue
        rarest = min(asked, key=lambda name: (len(bearers.get(name, ())), name))
        for type_ in bearers.get(rarest, ()):
            candidate = types[type_]
            if candidate.kind is SymbolKind.PROTOCOL or protocol.id in hierarchy.ancestors(type_):
                continue
            offered = hierarchy.members(type_)
            if satisfies(asked, offered):
                file = candidate.file or ""
                found.append(_structural(EdgeKind.IMPL, type_, protocol.id, file))
                methods = (n for n, wanted in asked.items() if wanted.kind is SymbolKind.METHOD)
                found += [_structural(EdgeKind.OVERRIDES, offered[n].id, asked[n].id, file) for n in methods]
    distinct = {(edge.kind, edge.source, edge.target): edge for edge in found}
    return tuple(sorted(distinct.values(), key=lambda e: (e.file, e.kind, e.source, e.target)))


def _structural(kind: EdgeKind, source: int, target: int, file: str) -> Edge:
    return Edge(kind, How.STRUCTURAL, Confidence.DISPATCH, source, target, file)


class _Hierarchy:
    """Members by name of every type, inherited ones included."""

    def __init__(self, symbols: Iterable[Symbol], edges: Iterable[Edge], types: Mapping[int, Symbol]) -> None:
        self._types = types
        self._own: dict[int, dict[str, Symbol]] = {}
        for symbol in symbols:
            if symbol.parent in types and symbol.kind in _DECLARED:
                self._own.setdefault(symbol.parent or 0, {}).setdefault(symbol.name, symbol)
        self._bases: dict[int, list[int]] = {}
        for edge in edges:
            if edge.kind is EdgeKind.IMPL and edge.how is not How.STRUCTURAL and edge.target in types:
                self._bases.setdefault(edge.source, []).append(edge.target)
        self._members: dict[int, dict[str, Symbol]] = {}

    def ancestors(self, type_: int) -> list[int]:
        """The type and all it declares to extend, nearest first."""
        seen, queue = {type_: None}, [type_]
        for current in queue:
            for base in self._bases.get(current, ()):
                if base not in seen:
                    seen[base] = None
                    queue.append(base)
        return queue

    def members(self, type_: int) -> dict[str, Symbol]:
        found = self._members.get(type_)
        if found is None:
            found = {}
            for ancestor in self.ancestors(type_):
                for name, symbol in self._own.get(ancestor, {}).items():
                    found.setdefault(name, symbol)
            self._members[type_] = found
        return found

    def asked(self, protocol: int) -> dict[str, Symbol]:
        """What a protocol asks for: its members and those of its protocol bases."""
        result: dict[str, Symbol] = {}
        for ancestor in self.ancestors(protocol):
            if self._types[ancestor].kind is SymbolKind.PROTOCOL:
                for name, symbol in self._own.get(ancestor, {}).items():
                    if name not in _NOT_ASKED:
                        result.setdefault(name, symbol)
        return result


def satisfies(asked: Mapping[str, Symbol], offered: Mapping[str, Symbol]) -> bool:
    """Whether every member asked for is offered, and methods can be called as asked."""
    for name, wanted in asked.items():
        member = offered.get(name)
        if member is None:
            return False
        both = wanted.kind is SymbolKind.METHOD and member.kind is SymbolKind.METHOD
        if wanted.kind is SymbolKind.METHOD and member.kind is SymbolKind.PROPERTY:
            return False
        if both and not _callable_as(shape_of(member), shape_of(wanted)):
            return False
    return True


def _callable_as(offered: Shape, wanted: Shape) -> bool:
    if offered.required > wanted.accepted and not wanted.variadic:
        return False
    if wanted.accepted > offered.accepted and not offered.variadic:
        return False
    if offered.required_keywords - wanted.keywords:
        return False
    return offered.open_keywords or wanted.keywords <= offered.keywords


def shape_of(method: Symbol) -> Shape:
    """The shape of a method, read from its signature line."""
    required = accepted = 0
    variadic = open_keywords = keyword_only = False
    keywords: set[str] = set()
    required_keywords: set[str] = set()
    receiver = "static" not in method.modifiers
    for parameter in parameters_of(method.signature):
        name = parameter.split(":")[0].split("=")[0].strip()
        has_default = "=" in parameter
        if parameter == "/":
            continue
        if name.startswith("**"):
            open_keywords = True
        elif name.startswith("*"):
            variadic = variadic or len(name) > 1
            keyword_only = True
        elif receiver:
            receiver = False
        elif keyword_only:
            keywords.add(name)
            if not has_default:
                required_keywords.add(name)
        else:
            accepted += 1
            required += not has_default
    return Shape(
        required, accepted, variadic, frozenset(keywords), frozenset(required_keywords), open_keywords
    )


def parameters_of(signature: str) -> list[str]:
    """The parameters of a signature line ``def f(a: int = 0, *, b) -> str``, split at top-level commas."""
    start = signature.find("(")
    if start < 0:
        return []
    depth, current, result = 0, "", []
    for character in signature[start:]:
        if character in "([{":
            depth += 1
            if depth == 1:
                continue
        elif character in ")]}":
            depth -= 1
            if depth == 0:
                break
        if character == "," and depth == 1:
            result.append(current.strip())
            current = ""
        else:
            current += character
    if current.strip():
        result.append(current.strip())
    return result
