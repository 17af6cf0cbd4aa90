"""Expressions as terms, with the references in them (Rust reference, chapter "Expressions")."""

from __future__ import annotations

import re

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, Binding, Form, Role, TermId
from isg.parsers.grammar import Dispatch
from isg.parsers.rust.calls import Calls
from isg.parsers.rust.closures import Closures
from isg.parsers.rust.control import Control
from isg.parsers.rust.grammar import (
    BLOCK,
    FIELD_EXPRESSION,
    GRAMMAR,
    IDENTIFIER,
    TYPE_ARGUMENTS,
    named,
    parts,
)
from isg.parsers.rust.items import Items
from isg.parsers.rust.macros import Macros
from isg.parsers.rust.operators import ASSIGNING_METHODS, BINARY_METHODS, COMPARISON_METHODS, UNARY_METHODS
from isg.parsers.rust.parameters import Parameters
from isg.parsers.rust.paths import Paths
from isg.parsers.rust.patterns import Patterns
from isg.parsers.rust.types import Types
from isg.parsers.rust.walk import MAX_DEPTH, Walk

_SUFFIX = re.compile(r"(?:[iu](?:8|16|32|64|128|size)|f(?:16|32|64|128))$")


class Expressions:
    """Reads expressions: ``read(node)`` is the term of the value."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.paths = Paths(walk, self)
        self.types = Types(walk, self)
        self.patterns = Patterns(walk, self)
        self.parameters = Parameters(walk, self)
        self.calls = Calls(walk, self)
        self.closures = Closures(walk, self)
        self.control = Control(walk, self)
        self.macros = Macros(walk, self)
        self.items = Items(walk, self)
        self._handlers: Dispatch[TermId] = GRAMMAR.dispatch(
            {
                "self": self.name,
                "metavariable": self.name,
                "scoped_identifier": self.path,
                "generic_function": self.generic,
                "field_expression": self.calls.field,
                "call_expression": self.calls.call,
                "macro_invocation": self.macros.invocation,
                "struct_expression": self.calls.struct_literal,
                "closure_expression": self.closures.closure,
                "async_block": self.closures.async_block,
                "await_expression": self.await_,
                "try_expression": self.try_,
                "reference_expression": self.transparent,
                "parenthesized_expression": self.transparent,
                "unary_expression": self.unary,
                "binary_expression": self.binary,
                "range_expression": self.range_,
                "index_expression": self.index,
                "type_cast_expression": self.cast,
                "assignment_expression": self.assignment,
                "compound_assignment_expr": self.compound,
                "array_expression": self.array,
                "tuple_expression": self.tuple_,
                "unit_expression": self.unit,
                "block": self.control.block,
                "unsafe_block": self.wrapped_block,
                "const_block": self.wrapped_block,
                "gen_block": self.anything,
                "try_block": self.anything,
                "expression_statement": self.transparent,
                "if_expression": self.control.if_,
                "match_expression": self.control.match,
                "loop_expression": self.control.loop,
                "while_expression": self.control.while_,
                "for_expression": self.control.for_,
                "let_condition": self.control.let_condition,
                "let_chain": self.control.let_condition,
                "break_expression": self.control.break_,
                "continue_expression": self.control.continue_,
                "return_expression": self.control.return_,
                "integer_literal": self.number,
                "negative_literal": self.transparent,
                "float_literal": self.number,
                "string_literal": self.string,
                "raw_string_literal": self.string,
                "char_literal": self.char,
                "boolean_literal": self.boolean,
                "line_comment": self.nothing,
                "block_comment": self.nothing,
                "attribute_item": self.nothing,
                "inner_attribute_item": self.nothing,
                "label": self.nothing,
                "lifetime": self.nothing,
            },
            self.anything,
        )

    def read(self, node: Node) -> TermId:
        kind_id = node.kind_id
        if kind_id == IDENTIFIER:
            return self.name(node)
        walk = self.walk
        depth = walk.depth
        if depth > MAX_DEPTH:
            return walk.too_deep(node)
        walk.depth = depth + 1
        term = self._handlers[kind_id](node)
        walk.depth = depth
        return term

    def nothing(self, node: Node) -> TermId:
        return 0

    def anything(self, node: Node) -> TermId:
        """Whatever has no handler: its parts are read, its value is unknown."""
        for child in node.children:
            if child.is_named:
                self.read(child)
        return 0

    def transparent(self, node: Node) -> TermId:
        """`(x)`, `&x`, `&mut x`, `x;`"""
        inner = named(node.children)
        return self.read(inner[-1]) if inner else 0

    # names

    def name(self, node: Node, role: Role = Role.READ) -> TermId:
        """A variable; else an item, with a reference to it."""
        walk = self.walk
        name = walk.name(node)
        binding = walk.locals.get(name)
        if binding is not None:
            return walk.terms[(op.USE, binding)]
        term = walk.terms[(op.NAME, walk.scope, name)]
        if name != "self" and name != "_":
            walk.refer(term, name, role, Form.NAME, node)
        return term

    def path(self, node: Node, role: Role = Role.READ) -> TermId:
        term, name, name_node, form = self.paths.value(node)
        self.walk.refer(term, name, role, form, name_node)
        return term

    def generic(self, node: Node) -> TermId:
        """`path::<T>` that is not called"""
        children = parts(node)
        types = self.types.arguments(children[-1]) if children[-1].kind_id == TYPE_ARGUMENTS else 0
        term = self.read(children[0])
        return self.walk.terms[(op.INDEX, term, types)] if types else term

    # operators

    def await_(self, node: Node) -> TermId:
        return self.walk.terms[(op.AWAIT, self.read(node.children[0]))]

    def try_(self, node: Node) -> TermId:
        self.walk.complexity += 1
        return self.walk.terms[(op.TRY, self.read(node.children[0]))]

    def unary(self, node: Node) -> TermId:
        walk, sign = self.walk, node.children[0]
        value = self.transparent(node)
        method = UNARY_METHODS.get(sign.type)
        if method is None:
            return walk.terms[(op.DEREF, value)]
        walk.imply(value, method, sign)
        return walk.terms[(op.UNARY, method, value)]

    def binary(self, node: Node) -> TermId:
        children = node.children if len(node.children) == 3 else parts(node)
        if len(children) != 3:
            return self.anything(node)
        walk = self.walk
        left, right = self.read(children[0]), self.read(children[2])
        sign = children[1].type
        method = BINARY_METHODS.get(sign)
        if method is not None:
            walk.imply(left, method, children[1])
            return walk.terms[(op.OPERATE, method, left, right)]
        if sign in COMPARISON_METHODS:
            walk.imply(left, COMPARISON_METHODS[sign], children[1])
        else:
            walk.complexity += 1  # && and ||
        return walk.terms[(op.LITERAL, "bool")]

    def range_(self, node: Node) -> TermId:
        """`a..b`; an end that is left out is unknown."""
        ends: list[TermId] = [0, 0]
        at, sign = 0, ".."
        for child in parts(node):
            if child.is_named:
                ends[at] = self.read(child)
            else:
                at, sign = 1, child.type
        return self.walk.terms[(op.OPERATE, sign, *ends)]

    def index(self, node: Node) -> TermId:
        inner = named(node.children)
        if len(inner) != 2:
            return self.anything(node)
        owner, index = self.read(inner[0]), self.read(inner[1])
        self.walk.imply(owner, "index", inner[1])
        return self.walk.terms[(op.INDEX, owner, index)]

    def cast(self, node: Node) -> TermId:
        children = parts(node)
        self.read(children[0])
        return self.walk.terms[(op.ANNOTATION, self.types.read(children[-1]))]

    # assignment

    def assignment(self, node: Node) -> TermId:
        children = parts(node)
        if len(children) != 3:
            return self.anything(node)
        value = self.read(children[2])
        self._assign(children[0], value)
        return self.walk.unit_type

    def _assign(self, target: Node, value: TermId) -> None:
        """Variables have one type: the first value says what it is, but ``None`` leaves it to the next."""
        walk = self.walk
        if target.kind_id == FIELD_EXPRESSION:
            self.calls.field(target, Role.WRITE)
        elif target.kind_id == IDENTIFIER:
            number = walk.locals.get(walk.name(target), NOTHING)
            if number == NOTHING:
                self.name(target, Role.WRITE)
                return
            old = walk.tables.bindings[number]
            if not old.declared and (not old.term or self._is_none(old.term)):
                walk.tables.bindings[number] = Binding(
                    old.kind, old.name, old.scope, value, 0, old.symbol, False
                )
        elif target.type == "tuple_expression":
            for at, child in enumerate(named(target.children)):
                self._assign(child, walk.terms[(op.ITEM, value, at)])
        else:
            self.read(target)

    def _is_none(self, term: TermId) -> bool:
        return self.walk.terms.rows[term][::2] == (op.NAME, "None")

    def compound(self, node: Node) -> TermId:
        children = parts(node)
        if len(children) != 3:
            return self.anything(node)
        if children[0].kind_id == FIELD_EXPRESSION:
            target = self.calls.field(children[0], Role.WRITE)
        else:
            target = self.read(children[0])
        self.read(children[2])
        self.walk.imply(target, ASSIGNING_METHODS[children[1].type], children[1])
        return self.walk.unit_type

    # displays and literals

    def array(self, node: Node) -> TermId:
        """`[a, b]` and `[a; n]`"""
        inner = [self.read(child) for child in named(node.children)]
        if any(child.type == ";" for child in node.children):
            inner = inner[:1]
        return self.walk.terms[(op.LIST, *inner)]

    def tuple_(self, node: Node) -> TermId:
        return self.walk.terms[(op.TUPLE, *[self.read(child) for child in named(node.children)])]

    def unit(self, node: Node) -> TermId:
        return self.walk.unit_type

    def wrapped_block(self, node: Node) -> TermId:
        """`unsafe {}`, `const {}`"""
        block = node.children[-1]
        return self.control.block(block) if block.kind_id == BLOCK else self.anything(node)

    def number(self, node: Node) -> TermId:
        text = self.walk.text[node.start_byte : node.end_byte]
        suffix = _SUFFIX.search(text) if not text.startswith("0x") else re.search(r"[iu]\w+$", text)
        default = "float" if node.type == "float_literal" else "int"
        return self.walk.terms[(op.LITERAL, suffix[0] if suffix else default)]

    def string(self, node: Node) -> TermId:
        """`"…"`, `b"…"`, `c"…"`, raw ones too"""
        terms, mark = self.walk.terms, self.walk.text[node.start_byte]
        if mark == "b":
            byte = terms[(op.LITERAL, "u8")]
            return terms[(op.ANNOTATION, terms[(op.INDEX, terms[(op.TYPE_NAME, 0, "[]")], byte)])]
        return terms[(op.LITERAL, "CStr" if mark == "c" else "str")]

    def char(self, node: Node) -> TermId:
        is_byte = self.walk.text[node.start_byte] == "b"
        return self.walk.terms[(op.LITERAL, "u8" if is_byte else "char")]

    def boolean(self, node: Node) -> TermId:
        return self.walk.terms[(op.LITERAL, "bool")]
