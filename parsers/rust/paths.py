"""Paths: the names of items in expressions, patterns and types (Rust reference, chapter "Paths")."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import Form, Role, TermId
from isg.parsers.rust.grammar import (
    BRACKETED_TYPE,
    GENERIC_TYPES,
    IDENTIFIER,
    QUALIFIED_TYPE,
    SCOPED,
    TYPE_ARGUMENTS,
    TYPE_IDENTIFIER,
    named,
    parts,
)
from isg.parsers.rust.readers import Reader
from isg.parsers.rust.walk import MAX_DEPTH, Walk

_NAMES = frozenset({IDENTIFIER, TYPE_IDENTIFIER})
_KEYWORDS = frozenset({"self", "Self", "super", "crate", "$crate"})


class Paths:
    """Reads paths. Segments before the last are names of types, traits, enums or modules."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def value(self, node: Node) -> tuple[TermId, str, Node, Form]:
        """Term, last name, its node and the form of a path in a value position."""
        walk = self.walk
        owner, name_node = self._split(node)
        name = walk.name(name_node)
        if owner is None:
            return walk.terms[(op.NAME, walk.scope, f"::{name}")], name, name_node, Form.NAME
        if owner.kind_id == BRACKETED_TYPE:
            asked = self._qualified(owner)
            if asked is not None:
                return walk.terms[(op.QUALIFIED, *asked, name)], name, name_node, Form.CHAIN
        term = walk.terms[(op.MEMBER, self.prefix(owner, True), name)]
        form = Form.CHAIN
        if owner.kind_id in _NAMES:
            form = Form.SELF if walk.text[owner.start_byte : owner.end_byte] == "Self" else Form.ATTRIBUTE
        return term, name, name_node, form

    def constructed(self, node: Node) -> TermId:
        """The type or variant whose fields a struct literal or pattern names."""
        if node.kind_id in SCOPED:
            return self.type_(node, Role.TYPE, True)
        return self.reader.types.head(node, Role.TYPE)

    def type_(self, node: Node, role: Role, variant: bool = False) -> TermId:
        """The term of a path in a type position, with a reference to its last segment.

        What stands before it is a module or a type parameter; *variant* where it may be an enum.
        """
        walk = self.walk
        owner, name_node = self._split(node)
        name = walk.name(name_node)
        form = Form.CHAIN
        if owner is None:
            term, form = walk.terms[(op.TYPE_NAME, walk.scope, f"::{name}")], Form.NAME
        elif owner.kind_id == BRACKETED_TYPE and (asked := self._qualified(owner)) is not None:
            term = walk.terms[(op.QUALIFIED, *asked, name)]
        else:
            term = walk.terms[(op.TYPE_MEMBER, self.prefix(owner, variant), name)]
            if owner.kind_id in _NAMES:
                form = Form.ATTRIBUTE
        walk.refer(term, name, role, form, name_node)
        return term

    def prefix(self, node: Node, refer: bool) -> TermId:
        """The term of what stands before `::`; *refer* where it may be a type that is used."""
        walk = self.walk
        kind_id = node.kind_id
        if kind_id in _NAMES:
            name = walk.name(node)
            term = walk.terms[(op.TYPE_NAME, walk.scope, name)]
            if refer and name != "Self":
                walk.refer(term, name, Role.TYPE, Form.NAME, node)
            return term
        if kind_id in GENERIC_TYPES:
            return self._generic(node, refer)
        if kind_id not in SCOPED:
            text = walk.text[node.start_byte : node.end_byte]
            if text in _KEYWORDS:
                return walk.terms[(op.TYPE_NAME, walk.scope, text.lstrip("$"))]
            return self.reader.types.read(node)
        if walk.depth > MAX_DEPTH:
            return walk.too_deep(node)
        walk.depth += 1
        term = self._inner(node, refer)
        walk.depth -= 1
        return term

    def _inner(self, node: Node, refer: bool) -> TermId:
        walk = self.walk
        owner, name_node = self._split(node)
        name = walk.name(name_node)
        if name_node.kind_id not in _NAMES:  # `super::super`
            name = name.lstrip("$")
        form = Form.CHAIN
        if owner is None:
            term, form = walk.terms[(op.TYPE_NAME, walk.scope, f"::{name}")], Form.NAME
        elif owner.kind_id == BRACKETED_TYPE and (asked := self._qualified(owner)) is not None:
            term = walk.terms[(op.QUALIFIED, *asked, name)]
        else:
            term = walk.terms[(op.TYPE_MEMBER, self.prefix(owner, False), name)]
        if refer and name not in _KEYWORDS:
            walk.refer(term, name, Role.TYPE, form, name_node)
        return term

    def _generic(self, node: Node, refer: bool) -> TermId:
        """`Vec::<T>` before `::`"""
        term = arguments = 0
        for child in parts(node):
            if child.kind_id == TYPE_ARGUMENTS:
                arguments = self.reader.types.arguments(child)
            elif child.is_named:
                term = self.prefix(child, refer)
        return self.walk.terms[(op.INDEX, term, arguments)] if arguments else term

    def _split(self, node: Node) -> tuple[Node | None, Node]:
        """What stands before the last `::`, and the last segment."""
        children = node.children
        if len(children) != 3:
            children = parts(node)
        if len(children) < 3 or not children[0].is_named:
            return None, children[-1]
        return children[0], children[-1]

    def _qualified(self, node: Node) -> tuple[TermId, TermId] | None:
        """Type and trait of `<T as Trait>`; None of `<T>`."""
        inner = named(node.children)
        if len(inner) != 1 or inner[0].kind_id != QUALIFIED_TYPE:
            return None
        both = named(inner[0].children)
        if len(both) != 2:
            return None
        return self.reader.types.read(both[0]), self.reader.types.read(both[1])
