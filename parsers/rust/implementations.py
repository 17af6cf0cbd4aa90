"""Traits and impl blocks."""

from __future__ import annotations

from typing import Protocol

from tree_sitter import Node

from isg.parsers.facts import Role, ScopeKind
from isg.parsers.rust.generics import Generics
from isg.parsers.rust.grammar import (
    DECLARATION_LIST,
    GENERIC_TYPES,
    SCOPED,
    TYPE_PARAMETERS,
    WHERE_CLAUSE,
    kind,
    kinds,
    named,
)
from isg.parsers.rust.readers import Reader
from isg.parsers.rust.signature_text import clean_line
from isg.parsers.rust.walk import Walk
from isg.parsers.tables import SymbolDraft

_BOUNDS = kind("trait_bounds")
_BOUNDED = kind("bounded_type")
_WRAPPERS = kinds(
    "reference_type", "pointer_type", "dynamic_type", "abstract_type", "bounded_type", "bracketed_type"
) | kinds("higher_ranked_trait_bound", "parenthesized_type")
_SHAPES = {
    "array_type": "[]",
    "tuple_type": "()",
    "unit_type": "()",
    "function_type": "fn",
    "never_type": "!",
}


class Members(Protocol):
    def run(self, nodes: list[Node]) -> None: ...


class Implementations:
    """Reads traits and impl blocks; their items are members of their scope."""

    def __init__(self, walk: Walk, reader: Reader, generics: Generics, items: Members) -> None:
        self.walk = walk
        self.reader = reader
        self.generics = generics
        self.items = items

    def trait(self, node: Node, draft: SymbolDraft) -> None:
        """`unsafe trait T<A>: Super where …`"""
        head = {child.kind_id: child for child in node.children}
        self._generic(draft, head)
        if _BOUNDS in head:
            draft.bases = tuple(self.reader.types.bound_list(head[_BOUNDS], Role.INHERIT))
        if node.children and any(child.type == "unsafe" for child in node.children):
            draft.modifiers = (*draft.modifiers, "unsafe")
        self._body(node, draft, "trait")

    def impl(self, node: Node, draft: SymbolDraft) -> None:
        """`impl<T> Trait for Type where …`; a negative one implements nothing."""
        types = self.reader.types
        head = {child.kind_id: child for child in node.children}
        trait, self_type = node.child_by_field_name("trait"), node.child_by_field_name("type")
        words = {child.type for child in node.children if not child.is_named}
        self._generic(draft, head)
        draft.modifiers = (*draft.modifiers, *(["unsafe"] if "unsafe" in words else []))
        draft.visibility = "public"
        if trait is not None:
            if "!" in words:
                draft.modifiers = (*draft.modifiers, "negative")
                types.read(trait)
            else:
                draft.keywords = (("trait", types.head(trait, Role.IMPLEMENT)),)
        if self_type is not None:
            draft.keywords = (("self", types.read(self_type)), *draft.keywords)
        self._body(node, draft, "impl" if trait is None else "trait")

    def _generic(self, draft: SymbolDraft, head: dict[int, Node]) -> None:
        """The members' scope, inside that of the generic parameters."""
        walk = self.walk
        self.generics.enter(draft, head.get(TYPE_PARAMETERS), head.get(WHERE_CLAUSE))
        draft.scope = walk.tables.scope(ScopeKind.CLASS, walk.scope, walk.symbol, {})

    def _body(self, node: Node, draft: SymbolDraft, member_of: str) -> None:
        walk = self.walk
        body = next((child for child in node.children if child.kind_id == DECLARATION_LIST), None)
        end = body.start_byte if body is not None else node.end_byte
        draft.signature = clean_line(walk.source.slice(node.start_byte, end))
        walk.scope, walk.member_of = draft.scope, member_of
        if body is not None:
            draft.bodies = ((body.start_byte, body.end_byte),)
            self.items.run(body.children)

    def name_of(self, node: Node) -> str:
        """The last segment of the self type's path; the shape of a type without a path."""
        found = node.child_by_field_name("type")
        while found is not None:
            kind_id = found.kind_id
            if kind_id in GENERIC_TYPES:
                found = found.children[0]
            elif kind_id in SCOPED:
                found = found.children[-1]
            elif kind_id in _WRAPPERS:
                inner = named(found.children)
                inner = [each for each in inner if each.type not in ("lifetime", "mutable_specifier")]
                found = inner[-1] if inner and kind_id != _BOUNDED else inner[0] if inner else None
            else:
                return _SHAPES.get(found.type) or self.walk.name(found).split("!")[0]
        return "_"
