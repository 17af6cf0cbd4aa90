"""Destructuring: what each name of a pattern takes from the value (ECMA-262, 8.6.2 and 13.15.5)."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, Form, Role, TermId
from isg.parsers.typescript.grammar import (
    ARRAY_PATTERN,
    ASSIGNMENT_PATTERN,
    COMPUTED,
    IDENTIFIER,
    MEMBER,
    NON_NULL,
    OBJECT_ASSIGNMENT_PATTERN,
    OBJECT_PATTERN,
    PAIR_PATTERN,
    PARENTHESIZED,
    REST,
    SHORTHAND_PATTERN,
    SUBSCRIPT,
)
from isg.parsers.typescript.readers import Reader
from isg.parsers.typescript.walk import MAX_DEPTH, Walk


class Patterns:
    """Binds the names of patterns: declared ones at their place, others as assignments."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def bind(self, node: Node, value: TermId, declared: TermId = 0) -> None:
        walk = self.walk
        number = walk.kinds[node.kind_id]
        if number in (IDENTIFIER, SHORTHAND_PATTERN):
            self.name(node, value, declared)
            return
        if declared:  # the names are of the parts of the type, whatever the value is
            value = walk.terms[(op.ANNOTATION, declared)]
        if walk.depth > MAX_DEPTH:
            walk.too_deep(node)
            return
        walk.depth += 1
        if number == OBJECT_PATTERN:
            self._object(node, value)
        elif number == ARRAY_PATTERN:
            self._array(node, value)
        elif number in (ASSIGNMENT_PATTERN, OBJECT_ASSIGNMENT_PATTERN):
            self._with_default(node, value)
        elif number in (MEMBER, SUBSCRIPT):
            self.member(node, value)
        elif number in (PARENTHESIZED, NON_NULL) and node.named_children:
            self.bind(node.named_children[0], value)
        elif number == REST:
            for child in node.named_children:
                self.bind(child, walk.terms[(op.REST, value)])
        else:
            self.reader.read(node)
        walk.depth -= 1

    def name(self, node: Node, value: TermId, declared: TermId = 0) -> None:
        """A name gets a value; a module's variable that had one is written."""
        walk = self.walk
        if walk.bind(node.start_byte, value, declared) != NOTHING:
            return
        name = walk.slice(node)
        variable = walk.find(name)
        if variable is None:
            term = self.reader.names.value(name)
            walk.refer(term, name, Role.WRITE, Form.NAME, node)
            return
        walk.assign(variable, value)
        if variable.notable:
            walk.refer(self.reader.names.term(variable), name, Role.WRITE, Form.NAME, node)

    def member(self, node: Node, value: TermId) -> None:
        """``a.b = value``, ``a["b"] = value``, ``a[i] = value``"""
        walk, members = self.walk, self.reader.members
        if walk.kinds[node.kind_id] == SUBSCRIPT:
            members.element(node, Role.WRITE)
            return
        receiver, name, name_node, form = members.parts(node)
        if name:
            walk.refer(walk.terms[(op.MEMBER, receiver, name)], name, Role.WRITE, form, name_node)
            self.reader.assignments.member(node, name, name_node, value, form)

    def _object(self, node: Node, value: TermId) -> None:
        walk = self.walk
        for child in node.named_children:
            number = walk.kinds[child.kind_id]
            if number == SHORTHAND_PATTERN:
                self.name(child, self._property(child, walk.slice(child), value))
            elif number == OBJECT_ASSIGNMENT_PATTERN:
                left = child.named_children[0] if child.named_children else child
                if walk.kinds[left.kind_id] == SHORTHAND_PATTERN:
                    taken = self._property(left, walk.slice(left), value)
                    self._with_default(child, taken)
                else:
                    self.bind(child, value)
            elif number == PAIR_PATTERN:
                self._pair(child, value)
            elif number == REST:
                for each in child.named_children:
                    self.bind(each, walk.terms[(op.OBJECT, "...", value)])
            elif child.kind_id not in walk.extras:
                self.bind(child, 0)

    def _pair(self, node: Node, value: TermId) -> None:
        """``{key: pattern}``"""
        walk = self.walk
        children = [child for child in node.named_children if child.kind_id not in walk.extras]
        if len(children) != 2:
            self.reader.anything(node)
            return
        key, pattern = children
        name = self.reader.members.key(key)
        if walk.kinds[key.kind_id] == COMPUTED and name.startswith("["):
            self.bind(pattern, 0)
        else:
            self.bind(pattern, self._property(key, name, value))

    def _property(self, node: Node, name: str, value: TermId) -> TermId:
        """Taking a property out of a value reads it."""
        walk = self.walk
        if not value:
            return 0
        term = walk.terms[(op.MEMBER, value, name)]
        walk.refer(term, name, Role.READ, Form.CHAIN, node)
        return term

    def _array(self, node: Node, value: TermId) -> None:
        walk, position = self.walk, 0
        for child in node.children:
            if not child.is_named:
                position += child.type == ","
            elif walk.kinds[child.kind_id] == REST:
                self.bind(child, value)
            elif child.kind_id not in walk.extras:
                self.bind(child, walk.terms[(op.ITEM, value, position)])

    def _with_default(self, node: Node, value: TermId) -> None:
        children = [child for child in node.named_children if child.kind_id not in self.walk.extras]
        if len(children) != 2:
            self.reader.anything(node)
            return
        terms = self.walk.terms
        default = self.reader.read(children[1])
        self.bind(children[0], self.reader.union(terms[(op.NON_NULL, value)], default) if value else default)
