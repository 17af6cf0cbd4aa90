"""Assignments, and the members that assigning to ``F.prototype.m``, ``f.m`` or ``this.x`` makes.

TypeScript reads such assignments as declarations too ("expando" properties, and classes written as
functions in JavaScript).
"""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, BindingKind, Form, Role, ScopeId, ScopeKind, SymbolId, TermId
from isg.parsers.typescript.expected import expect
from isg.parsers.typescript.exports import Exports
from isg.parsers.typescript.functions import NO_RECEIVER, Receiver
from isg.parsers.typescript.grammar import (
    ARROW,
    FUNCTIONS,
    IDENTIFIER,
    MEMBER,
)
from isg.parsers.typescript.readers import Reader
from isg.parsers.typescript.scopes import Variable
from isg.parsers.typescript.signature_text import clean_line
from isg.parsers.typescript.walk import Walk

_LOGICAL = frozenset({"&&=", "||=", "??="})
_HOLDERS = frozenset({"function", "class", "constant", "variable", "namespace"})


class Assignments:
    """Reads ``=``, ``+=``, ``++`` and their like."""

    def __init__(self, walk: Walk, reader: Reader, exports: Exports) -> None:
        self.walk = walk
        self.reader = reader
        self.exports = exports

    # expressions

    def assignment(self, node: Node) -> TermId:
        """``target = value``: its value is that of its right side."""
        walk = self.walk
        children = [child for child in node.named_children if child.kind_id not in walk.extras]
        if len(children) != 2:
            return self.reader.anything(node)
        left, right = children
        is_member = walk.kinds[left.kind_id] == MEMBER
        if is_member and self.exports.is_module_exports(left):
            value = self._value(left, right)
            self.exports.common(left, value)
            return value
        if is_member and walk.kinds[right.kind_id] in FUNCTIONS:
            return self._method(node, left, right)
        value = self._value(left, right)
        self.reader.patterns.bind(left, value)
        return value

    def _value(self, left: Node, right: Node) -> TermId:
        """What is assigned; a function that goes to a member of exports is a symbol of that name."""
        walk = self.walk
        number = walk.kinds[right.kind_id]
        if number in FUNCTIONS and walk.kinds[left.kind_id] == MEMBER:
            name_node = left.children[-1]
            name = walk.slice(name_node)
            own = right.child_by_field_name("name")
            if name == "exports" and own is not None:
                name, name_node = walk.slice(own), own
            symbol = walk.define("function", name, name_node, left)
            return self._define(right, symbol, left, NO_RECEIVER)
        return self.reader.read(right)

    def augmented(self, node: Node) -> TermId:
        """``a += b``, ``a ??= b``"""
        walk = self.walk
        children = [child for child in node.children if child.kind_id not in walk.extras]
        if len(children) != 3:
            return self.reader.anything(node)
        left, sign, right = children
        if sign.type in _LOGICAL:
            walk.complexity += 1
        number = walk.kinds[left.kind_id]
        old = self.reader.names.value(walk.slice(left)) if number == IDENTIFIER else 0
        value = self.reader.read(right)
        if sign.type in ("||=", "??="):
            value = self.reader.union(walk.terms[(op.NON_NULL, old)], value) if old else value
        elif sign.type == "+=":
            value = walk.terms[(op.OPERATE, "+", old, value)]
        elif sign.type != "&&=":
            value = walk.terms[(op.LITERAL, "number")]
        self.reader.patterns.bind(left, value)
        return value

    def update(self, node: Node) -> TermId:
        """``x++``, ``--x``"""
        walk = self.walk
        for child in node.named_children:
            if walk.kinds[child.kind_id] in (IDENTIFIER, MEMBER):
                self.reader.patterns.bind(child, walk.terms[(op.LITERAL, "number")])
            else:
                self.reader.read(child)
        return walk.terms[(op.LITERAL, "number")]

    # members

    def _method(self, node: Node, left: Node, right: Node) -> TermId:
        """``target.name = function () {…}`` defines a method."""
        walk = self.walk
        receiver, name, name_node, form = self.reader.members.parts(left)
        holder, is_prototype = self._holder(left)
        owner = walk.owner
        scope = NOTHING
        if form is Form.SELF and walk.frame.members != NOTHING:
            if self._declares(walk.frame.members):
                scope = walk.frame.members
                walk.owner = walk.tables.scopes[scope].symbol
        elif holder is not None:
            scope = self._expando(holder.symbol)
            walk.owner = holder.symbol
        if scope == NOTHING:
            walk.refer(walk.terms[(op.MEMBER, receiver, name)], name, Role.WRITE, form, name_node)
        symbol = walk.define("method", name, name_node, node)
        walk.owner = owner
        if walk.kinds[right.kind_id] == ARROW:
            this = NO_RECEIVER
        elif is_prototype and holder is not None:
            this = Receiver(walk.terms[(op.RECEIVER, holder.symbol)], members=scope)
        else:
            this = Receiver(receiver)
        instance = is_prototype or form is Form.SELF
        if scope != NOTHING:
            term = walk.terms[(op.SYMBOL, symbol)]
            walk.member(scope, BindingKind.ASSIGNMENT, name, term, 0, symbol, instance)
        return self._define(right, symbol, node, this)

    def _define(self, function: Node, symbol: SymbolId, whole: Node, receiver: Receiver) -> TermId:
        walk = self.walk
        self.reader.functions.named(function, symbol, whole, "", receiver)
        draft = walk.tables.symbols[symbol]
        draft.end = function.end_point[0] + 1 - walk.unit_line
        term = walk.terms[(op.SYMBOL, symbol)]
        walk.expectant.add(term)
        return term

    def member(self, node: Node, name: str, name_node: Node, value: TermId, form: Form) -> None:
        """``F.prototype.x = value`` and, in JavaScript, ``this.x = value`` may declare a field."""
        walk = self.walk
        scope, instance = walk.frame.members, True
        if form is Form.SELF and scope == NOTHING:
            scope = self._constructed()
        if form is not Form.SELF or scope == NOTHING:
            holder, instance = self._holder(node)
            if holder is None or not (instance or walk.tables.symbols[holder.symbol].kind == "function"):
                self._know(node, value)
                return
            scope = self._expando(holder.symbol)
        known = walk.tables.scopes[scope].names.get(name)
        symbol = walk.tables.bindings[known[0]].symbol if known else NOTHING
        if symbol == NOTHING and not self._declares(scope):
            self._know(node, value)
            return
        if symbol == NOTHING:
            owner, walk.owner = walk.owner, walk.tables.scopes[scope].symbol
            symbol = walk.define("field", name, name_node, node)
            walk.owner = owner
            draft = walk.tables.symbols[symbol]
            draft.signature = clean_line(walk.slice(node))
            draft.heads = (draft.signature,)
        elif known and (
            walk.tables.bindings[known[0]].declared or walk.tables.symbols[symbol].kind != "field"
        ):
            self._know(node, value)
            return
        written = self.reader.documented.declared(node) if walk.jsdoc is not None else None
        declared = self.reader.types.read(written) if written is not None else 0
        if declared and value in walk.expectant:
            expect(walk, value, declared)
        walk.member(scope, BindingKind.ASSIGNMENT, name, value, declared, symbol, instance)
        self._know(node, value)

    def _declares(self, scope: ScopeId) -> bool:
        """Whether assigning a member declares it: in TypeScript a class has what its body says."""
        symbols, scopes = self.walk.tables.symbols, self.walk.tables.scopes
        return self.walk.is_javascript or symbols[scopes[scope].symbol].kind != "class"

    def _constructed(self) -> ScopeId:
        """Where ``this.x = …`` makes a member in a function that is called with ``new``."""
        row = self.walk.terms.rows[self.walk.frame.this]
        return self._expando(int(row[1])) if row[0] == op.RECEIVER else NOTHING

    def _know(self, node: Node, value: TermId) -> None:
        """From here on the chain has this value."""
        walk = self.walk
        env = walk.frame.env
        key = self.reader.members.chain(node)
        if key is None:
            return
        if env.chains:
            env.forget_chains(key)
        if value and walk.terms.rows[value][0] not in _VAGUE:
            binding = walk.tables.binding(
                BindingKind.NARROWED, key.rpartition(".")[2], walk.scope.number, value
            )
            env.chains[key] = (binding,)

    def _holder(self, left: Node) -> tuple[Variable | None, bool]:
        """The variable whose member is assigned to, and whether it is one of its prototype."""
        walk = self.walk
        target, is_prototype = left.children[0], False
        if walk.kinds[target.kind_id] == MEMBER and walk.slice(target.children[-1]) == "prototype":
            target, is_prototype = target.children[0], True
        if walk.kinds[target.kind_id] != IDENTIFIER:
            return None, False
        variable = walk.find(walk.slice(target))
        if variable is None or variable.symbol == NOTHING:
            return None, False
        if walk.tables.symbols[variable.symbol].kind not in _HOLDERS:
            return None, False
        return variable, is_prototype

    def _expando(self, symbol: SymbolId) -> ScopeId:
        """The scope of members that assignments give to a symbol."""
        known = self.walk.expandos.get(symbol)
        if known is None:
            walk = self.walk
            draft = walk.tables.symbols[symbol]
            if draft.kind == "class" and draft.scope != NOTHING:
                known = draft.scope
            else:
                known = walk.tables.scope(ScopeKind.CLASS, walk.module_scope().number, symbol, {})
            self.walk.expandos[symbol] = known
        return known


_VAGUE = frozenset({op.UNKNOWN, op.LITERAL, op.STRING, op.INTEGER, op.OPERATE})
