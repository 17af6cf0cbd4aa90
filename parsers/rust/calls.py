"""Calls, method calls, fields and struct literals."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import Form, Role, TermId
from isg.parsers.rust.grammar import (
    CLOSURE,
    COMMENTS,
    FIELD_EXPRESSION,
    GENERIC_FUNCTION,
    IDENTIFIER,
    SCOPED,
    SELF,
    kind,
    named,
    parts,
)
from isg.parsers.rust.readers import Reader
from isg.parsers.rust.walk import Walk

_FIELD_IDENTIFIER = kind("field_identifier")
_REFERENCE = kind("reference_expression")
_INITIALIZERS = kind("field_initializer_list")
_FIELD = kind("field_initializer")
_SHORTHAND = kind("shorthand_field_initializer")
_BASE = kind("base_field_initializer")


class Calls:
    """Reads calls and what else takes members of values."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def call(self, node: Node) -> TermId:
        """The term of a call, with one reference of role CALL to what is called."""
        children = node.children
        if len(children) != 2:
            children = parts(node)
            if len(children) != 2:
                return self.reader.anything(node)
        walk, function = self.walk, children[0]
        types: TermId = 0
        if function.kind_id == GENERIC_FUNCTION:
            generic = parts(function)
            function = generic[0]
            types = self.reader.types.arguments(generic[-1])
        term, name, name_node, form = self._callee(function, children[1])
        callee = walk.terms[(op.INDEX, term, types)] if types else term
        values, lambdas = self.arguments(named(children[1].children))
        call = walk.terms[(op.CALL, callee, len(values), *values)]
        self.expect(lambdas, call)
        walk.refer(term, name, Role.CALL, form, name_node, len(values), call)
        return call

    def _callee(self, node: Node, arguments: Node) -> tuple[TermId, str, Node, Form]:
        """Term, name, the name's node and the form of what is called."""
        kind_id = node.kind_id
        if kind_id == FIELD_EXPRESSION:
            owner, name, name_node, form = self._member(node)
            return self.walk.terms[(op.MEMBER, owner, name)], name, name_node, form
        if kind_id == IDENTIFIER:
            name = self.walk.name(node)
            return self._plain(name, node), name, node, Form.NAME
        if kind_id in SCOPED:
            return self.reader.paths.value(node)
        return self.reader.read(node), "", arguments, Form.OTHER

    def _plain(self, name: str, node: Node) -> TermId:
        walk = self.walk
        binding = walk.locals.get(name)
        if binding is None:
            return walk.terms[(op.NAME, walk.scope, name)]
        row = walk.terms.rows[walk.tables.bindings[binding].term]
        if row[0] == op.PARAMETER:
            walk.tables.signatures[int(row[1])].called.append((int(row[2]), *walk.place(node)))
        return walk.terms[(op.USE, binding)]

    def arguments(self, nodes: list[Node]) -> tuple[list[TermId], list[tuple[int, int]]]:
        """Terms of the arguments; position and signature of each that is a closure."""
        walk, read = self.walk, self.reader.read
        values: list[TermId] = []
        lambdas: list[tuple[int, int]] = []
        for at, node in enumerate(nodes):
            term = read(node)
            values.append(term)
            if node.kind_id == _REFERENCE:  # `&mut |x| …` is read as what it refers to
                node = node.children[-1]
            if node.kind_id == CLOSURE:
                row = walk.terms.rows[term]
                if row[0] == op.LAMBDA:
                    lambdas.append((at, int(row[1])))
        return values, lambdas

    def expect(self, lambdas: list[tuple[int, int]], call: TermId) -> None:
        """Closures get the types of their parameters from what they are passed to."""
        for at, number in lambdas:
            self.walk.tables.signatures[number].expected = self.walk.terms[(op.EXPECTED, call, at)]

    # members

    def _member(self, node: Node) -> tuple[TermId, str, Node, Form]:
        """Owner, name, the name's node and the form of `value.name`.

        Fields and methods have namespaces of their own: the name of a field has a dot in its term.
        """
        walk = self.walk
        children = node.children
        if len(children) != 3:
            children = parts(node)
        owner, name_node = children[0], children[-1]
        kind_id = owner.kind_id
        form = Form.CHAIN
        if kind_id == SELF:
            form = Form.SELF
        elif kind_id == IDENTIFIER:
            form = Form.ATTRIBUTE
        name = walk.name(name_node)
        return self.reader.read(owner), name, name_node, form

    def field(self, node: Node, role: Role = Role.READ) -> TermId:
        """A field that is read or written; fields of tuples are no symbols."""
        walk = self.walk
        owner, name, name_node, form = self._member(node)
        term = walk.terms[(op.MEMBER, owner, f".{name}")]
        if name_node.kind_id == _FIELD_IDENTIFIER:
            walk.refer(term, name, role, form, name_node)
        return term

    def struct_literal(self, node: Node) -> TermId:
        """`Path { a: x, b, ..base }`: the type is used, the fields are written."""
        walk = self.walk
        children = parts(node)
        if len(children) != 2 or children[1].kind_id != _INITIALIZERS:
            return self.reader.anything(node)
        path = self.reader.paths.constructed(children[0])
        pairs: list[str | TermId] = []
        written: list[tuple[str, Node]] = []
        for child in children[1].children:
            if child.kind_id in COMMENTS or not child.is_named:
                continue
            self._initializer(child, pairs, written)
        value = walk.terms[(op.NEW, path, 0, *pairs)]
        for name, name_node in written:
            term = walk.terms[(op.MEMBER, value, f".{name}")]
            walk.refer(term, name, Role.WRITE, Form.CHAIN, name_node)
        return value

    def _initializer(self, node: Node, pairs: list[str | TermId], written: list[tuple[str, Node]]) -> None:
        inner = named(node.children)
        if not inner:
            return
        if node.kind_id == _SHORTHAND:
            name = self.walk.name(inner[-1])
            pairs += (name, self.reader.read(inner[-1]))
            written.append((name, inner[-1]))
        elif node.kind_id == _FIELD:
            name = self.walk.name(inner[0])
            value = self.reader.read(inner[-1]) if len(inner) > 1 else 0
            pairs += (name, value)
            if inner[0].kind_id == _FIELD_IDENTIFIER:
                written.append((name, inner[0]))
        elif node.kind_id == _BASE:
            pairs += ("..", self.reader.read(inner[-1]))
