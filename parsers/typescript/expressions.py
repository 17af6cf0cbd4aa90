"""Expressions as terms, with the references in them."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import ReferenceFlag, Role, TermId
from isg.parsers.grammar import Dispatch
from isg.parsers.typescript.assignments import Assignments
from isg.parsers.typescript.calls import Calls
from isg.parsers.typescript.classes import Classes
from isg.parsers.typescript.conditions import Conditions
from isg.parsers.typescript.declare import Declarer
from isg.parsers.typescript.documented import Documented
from isg.parsers.typescript.expected import expect, hold
from isg.parsers.typescript.exports import Exports
from isg.parsers.typescript.functions import Functions
from isg.parsers.typescript.grammar import (
    BINARY,
    CALL,
    IDENTIFIER,
    MEMBER,
    PARENTHESIZED,
    TYPE_ARGUMENTS,
)
from isg.parsers.typescript.imports import Imports
from isg.parsers.typescript.interfaces import Interfaces
from isg.parsers.typescript.jsx import Jsx
from isg.parsers.typescript.literals import Literals
from isg.parsers.typescript.members import MemberReader
from isg.parsers.typescript.names import Names
from isg.parsers.typescript.patterns import Patterns
from isg.parsers.typescript.readers import Runner
from isg.parsers.typescript.types import Types
from isg.parsers.typescript.walk import MAX_DEPTH, Walk

MAX_UNION = 16
_LOGICAL = frozenset({"&&", "||", "??"})
_TESTS = frozenset({"===", "==", "!==", "!=", "instanceof", "in"})
_COMPARISONS = frozenset({"<", "<=", ">", ">="})


class Expressions:
    """Reads expressions: ``read(node)`` is the term of the value."""

    def __init__(self, walk: Walk, exports: Exports, runner: Runner) -> None:
        self.walk = walk
        self.runner = runner
        self.declarer = Declarer(walk)
        self.names = Names(walk)
        self.imports = Imports(walk)
        self.members = MemberReader(walk, self)
        self.types = Types(walk, self)
        self.documented = Documented(walk, self)
        self.functions = Functions(walk, self)
        self.patterns = Patterns(walk, self)
        self.assignments = Assignments(walk, self, exports)
        self.calls = Calls(walk, self)
        self.literals = Literals(walk, self)
        self.conditions = Conditions(walk, self)
        self.interfaces = Interfaces(walk, self)
        self.classes = Classes(walk, self)
        self.jsx = Jsx(walk, self)
        handlers = {
            "identifier": self.names.read,
            "shorthand_property_identifier": self.names.read,
            "member_expression": self.members.read,
            "subscript_expression": self.members.subscript,
            "call_expression": self.calls.read,
            "new_expression": self.calls.new,
            "await_expression": self.await_,
            "yield_expression": self.yield_,
            "binary_expression": self.binary,
            "unary_expression": self.conditions.unary,
            "ternary_expression": self.conditions.choose,
            "assignment_expression": self.assignments.assignment,
            "augmented_assignment_expression": self.assignments.augmented,
            "update_expression": self.assignments.update,
            "parenthesized_expression": self.parenthesized,
            "sequence_expression": self.last,
            "as_expression": self.as_,
            "satisfies_expression": self.satisfies,
            "type_assertion": self.assertion,
            "non_null_expression": self.non_null,
            "instantiation_expression": self.instantiation,
            "spread_element": self.spread,
            "arrow_function": self.functions.expression,
            "function_expression": self.functions.expression,
            "generator_function": self.functions.expression,
            "class": self.classes.expression,
            "this": self.this,
            "super": self.super_,
            "comment": self.nothing,
            "meta_property": self.nothing,
            **self.literals.handlers(),
            **self.jsx.handlers(),
        }
        self.handlers: Dispatch[TermId] = walk.syntax.grammar.dispatch(handlers, self.anything)

    def read(self, node: Node) -> TermId:
        walk = self.walk
        depth = walk.depth
        if depth > MAX_DEPTH:
            return walk.too_deep(node)
        walk.depth = depth + 1
        term = self.handlers[node.kind_id](node)
        walk.depth = depth
        return term

    def nothing(self, node: Node) -> TermId:
        """A comment, ``import.meta``, ``new.target``."""
        return 0

    def anything(self, node: Node) -> TermId:
        """Whatever has no handler: its parts are read, its value is unknown."""
        for child in node.named_children:
            self.read(child)
        return 0

    def last(self, node: Node) -> TermId:
        """``(a)``, ``a, b``: the value of the last."""
        term = 0
        for child in node.named_children:
            if child.kind_id not in self.walk.extras:
                term = self.read(child)
        return term

    def parenthesized(self, node: Node) -> TermId:
        """``(x)``; in JavaScript ``/** @type {T} */ (x)`` is a T."""
        value = self.last(node)
        if self.walk.jsdoc is None:
            return value
        type = self.documented.asserted(node)
        if type and value in self.walk.expectant:
            expect(self.walk, value, type)
        return self.walk.terms[(op.ANNOTATION, type)] if type else value

    def this(self, node: Node) -> TermId:
        return self.walk.frame.this

    def super_(self, node: Node) -> TermId:
        return self.walk.frame.super

    def head(self, node: Node, role: Role) -> TermId:
        """What a class extends: its name has a role of its own."""
        number = self.walk.kinds[node.kind_id]
        if number == IDENTIFIER:
            return self.names.mention(node, role)
        if number == MEMBER:
            return self.members.mention(node, role)
        if number == PARENTHESIZED and len(node.named_children) == 1 and self.walk.depth < MAX_DEPTH:
            return self.head(node.named_children[0], role)
        return self.read(node)

    # types

    def as_(self, node: Node) -> TermId:
        """``x as T`` is a T; ``x as const`` is x."""
        children = self._parts(node)
        if len(children) < 2:
            return self.last(node)
        value = self.read(children[0])
        type = self.types.read(children[1])
        if value in self.walk.expectant:
            expect(self.walk, value, type)
        return self.walk.terms[(op.ANNOTATION, type)] if type else 0

    def satisfies(self, node: Node) -> TermId:
        children = self._parts(node)
        if len(children) < 2:
            return self.last(node)
        value = self.read(children[0])
        type = self.types.read(children[1])
        if value in self.walk.expectant:
            expect(self.walk, value, type)
        return value

    def assertion(self, node: Node) -> TermId:
        """``<T>x``"""
        children = self._parts(node)
        if len(children) != 2:
            return self.last(node)
        arguments = [child for child in children[0].named_children if child.kind_id not in self.walk.extras]
        type = self.types.read(arguments[0]) if arguments else 0
        value = self.read(children[1])
        if value in self.walk.expectant:
            expect(self.walk, value, type)
        return self.walk.terms[(op.ANNOTATION, type)] if type else 0

    def non_null(self, node: Node) -> TermId:
        return self.walk.terms[(op.NON_NULL, self.last(node))]

    def instantiation(self, node: Node) -> TermId:
        """``f<T>``"""
        children = self._parts(node)
        term = self.read(children[0]) if children else 0
        for child in children[1:]:
            if self.walk.kinds[child.kind_id] == TYPE_ARGUMENTS:
                term = self.types.applied(term, child)
        return term

    def _parts(self, node: Node) -> list[Node]:
        """The operands of a type assertion; ``const`` of ``as const`` is none."""
        extras = self.walk.extras
        return [child for child in node.named_children if child.kind_id not in extras]

    # operators

    def spread(self, node: Node) -> TermId:
        return self.walk.terms[(op.STAR, self.last(node))]

    def await_(self, node: Node) -> TermId:
        walk = self.walk
        operand = node.children[-1]
        if walk.kinds[operand.kind_id] == CALL and walk.depth <= MAX_DEPTH:
            walk.depth += 1
            value = self.calls.call(operand, ReferenceFlag.AWAITED.value)
            walk.depth -= 1
        else:
            value = self.read(operand)
        return walk.terms[(op.AWAIT, value)]

    def yield_(self, node: Node) -> TermId:
        children = self._parts(node)
        value = self.read(children[0]) if children else self.walk.terms[(op.LITERAL, "undefined")]
        if any(child.type == "*" for child in node.children):
            value = self.walk.terms[(op.ITER, value)]
        signature = self.walk.frame.signature
        if signature is not None:
            signature.yielded[value] = None
        return 0

    def binary(self, node: Node) -> TermId:
        """Tests and logic are read as such; long chains of other operators without recursion."""
        children = node.children
        sign = children[1].type if len(children) == 3 else ""
        if sign in _TESTS:
            return self.conditions.test(node).term
        if sign in _LOGICAL:
            return self.conditions.logical(node, sign).term
        return self.operate(node)

    def operate(self, node: Node) -> TermId:
        """Arithmetic and comparisons, from the left."""
        walk = self.walk
        spine: list[Node] = []
        while walk.kinds[node.kind_id] == BINARY:
            children = [child for child in node.children if child.kind_id not in walk.extras]
            if len(children) != 3 or children[1].type in _LOGICAL or children[1].type in _TESTS:
                break
            spine.append(node)
            node = children[0]
        term = self.read(node) if spine else self.anything(node)
        for each in reversed(spine):
            children = [child for child in each.children if child.kind_id not in walk.extras]
            term = self._operated(children[1].type, term, self.read(children[2]))
        return term

    def _operated(self, sign: str, left: TermId, right: TermId) -> TermId:
        terms = self.walk.terms
        if sign == "+":
            return terms[(op.OPERATE, "+", left, right)]
        return terms[(op.LITERAL, "boolean" if sign in _COMPARISONS else "number")]

    def union(self, *terms: TermId) -> TermId:
        """One of these values; flat, without repetition."""
        members = self.walk.alternatives(terms)
        if len(members) == 1:
            return next(iter(members))
        parts = tuple(members)[:MAX_UNION]
        return hold(self.walk, self.walk.terms[(op.UNION, *parts)], parts)
