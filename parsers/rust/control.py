"""Blocks, `let`, and what chooses or repeats: each is an expression with a value."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import BindingKind, ScopeKind, TermId
from isg.parsers.rust.drafts import Drafts
from isg.parsers.rust.grammar import (
    ATTRIBUTE,
    BLOCK,
    CLOSURE,
    COMMENTS,
    EXPRESSION_STATEMENT,
    IDENTIFIER,
    INNER_ATTRIBUTE,
    ITEMS,
    MACRO_INVOCATION,
    MUTABLE,
    kind,
    kinds,
    named,
    parts,
    token,
)
from isg.parsers.rust.readers import Reader
from isg.parsers.rust.tokens import begins_item
from isg.parsers.rust.walk import MAX_DEPTH, Walk

_LET = kind("let_declaration")
_LET_CONDITION = kind("let_condition")
_LET_CHAIN = kind("let_chain")
_EMPTY = kind("empty_statement")
_IF = kind("if_expression")
_ELSE = kind("else_clause")
_ARM = kind("match_arm")
_ARMS = kind("match_block")
_MATCH_PATTERN = kind("match_pattern")
_RANGE = kind("range_expression")
_LABEL = kind("label")
_SEMICOLON = token(";")
_NO_STATEMENTS = COMMENTS | {ATTRIBUTE, INNER_ATTRIBUTE, _LABEL, _EMPTY}
_VALUES = kinds("function_item", "const_item", "static_item")


class Control:
    """Reads blocks and control flow. What a block binds is forgotten behind it."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader
        self.drafts = Drafts(walk)

    # blocks

    def block(self, node: Node) -> TermId:
        """The value of a block is that of its last expression, where no `;` follows."""
        walk = self.walk
        if walk.depth > MAX_DEPTH:
            return walk.too_deep(node)
        walk.depth += 1
        mark, scope = len(walk.log), walk.scope
        children = node.children
        if children and children[0].kind_id == _LABEL:
            value = self._labelled(node, children)
        else:
            value = self._statements(children)
        walk.forget(mark)
        walk.scope = scope
        walk.depth -= 1
        return value

    def _labelled(self, node: Node, children: list[Node]) -> TermId:
        """`'a: { … break 'a value; … }`"""
        walk = self.walk
        walk.breaks.append((walk.slice(children[0]), {}))
        value = self._statements(children[1:])
        _, values = walk.breaks.pop()
        return walk.union(value, *values) if values else value

    def _statements(self, children: list[Node]) -> TermId:
        walk = self.walk
        if not walk.silent and any(self._is_item(child) for child in children):
            return self._with_items(children)
        value = walk.unit_type
        for child in children:
            if child.is_named and child.kind_id not in _NO_STATEMENTS:
                value = self._statement(child, value)
        return value

    def _is_item(self, node: Node) -> bool:
        """An item, or a macro that is given items, such as `thread_local!`."""
        if node.kind_id in ITEMS:
            return True
        node = node.children[0] if node.kind_id == EXPRESSION_STATEMENT else node
        return node.kind_id == MACRO_INVOCATION and begins_item(node.children[-1])

    def _with_items(self, children: list[Node]) -> TermId:
        """A block with items is a scope for them, wherever in it they stand."""
        walk = self.walk
        walk.scope = walk.tables.scope(ScopeKind.BLOCK, walk.scope, walk.referrer, {})
        for child in children:
            if child.kind_id in _VALUES:
                name = child.child_by_field_name("name")
                if name is not None:
                    walk.hide(walk.name(name))
        value = walk.unit_type
        for child, attributes in self.drafts.attributed(children):
            if self._is_item(child):
                self.reader.items.one(child, attributes)
            elif child.kind_id not in _NO_STATEMENTS:
                value = self._statement(child, value)
        return value

    def _statement(self, node: Node, before: TermId) -> TermId:
        """The value of a block that ends behind this statement."""
        walk = self.walk
        walk.statements += 1
        kind_id = node.kind_id
        if kind_id == _LET:
            self._let(node)
            return before if before == walk.never else walk.unit_type
        if kind_id == EXPRESSION_STATEMENT:
            children = node.children
            value = self.reader.read(children[0])
            if children[-1].kind_id == _SEMICOLON and value != walk.never:
                value = walk.unit_type
        else:
            value = self.reader.read(node)
        return walk.never if before == walk.never else value

    # let

    def _let(self, node: Node) -> None:
        """`let pattern: Type = value else { … };`"""
        walk = self.walk
        pattern: Node | None = None
        declared = term = 0
        value: Node | None = None
        after = "let"
        for child in node.children:
            if not child.is_named and child.type != "_":
                after = child.type
            elif child.kind_id in COMMENTS or child.kind_id == MUTABLE:
                continue
            elif after == "let":
                pattern = child
            elif after == ":":
                declared = self.reader.types.read(child)
            elif after == "=":
                value, term = child, self.reader.read(child)
            elif child.kind_id == BLOCK:  # else
                walk.complexity += 1
                self.block(child)
        if declared and value is not None and value.kind_id == CLOSURE:
            self._expect(term, declared)
        if pattern is None:
            return
        if pattern.kind_id == IDENTIFIER and value is None:
            walk.bind(walk.name(pattern), BindingKind.DECLARATION, 0, declared)
        elif pattern.kind_id == IDENTIFIER:
            walk.bind(walk.name(pattern), BindingKind.ASSIGNMENT, term, declared)
        else:
            self.reader.patterns.read(pattern, term, BindingKind.ASSIGNMENT, declared)

    def _expect(self, term: TermId, declared: TermId) -> None:
        row = self.walk.terms.rows[term]
        if row[0] == op.LAMBDA:
            self.walk.tables.signatures[int(row[1])].expected = declared

    # conditions

    def condition(self, node: Node) -> None:
        """Reads a test; what its patterns bind is known from here on."""
        kind_id = node.kind_id
        if kind_id == _LET_CONDITION:
            children = parts(node)
            value = self.reader.read(children[-1])
            self.reader.patterns.read(children[1], value, BindingKind.PATTERN)
        elif kind_id == _LET_CHAIN:
            for at, child in enumerate(named(node.children)):
                self.walk.complexity += at > 0
                self.condition(child)
        else:
            self.reader.read(node)

    def let_condition(self, node: Node) -> TermId:
        """A `let` somewhere in a test."""
        self.condition(node)
        return self.walk.terms[(op.LITERAL, "bool")]

    def if_(self, node: Node) -> TermId:
        """`if … {} else if … {} else {}`: any of the blocks."""
        walk = self.walk
        values: list[TermId] = []
        current: Node | None = node
        while current is not None:
            children = named(current.children)
            current = None
            walk.complexity += 1
            mark = len(walk.log)
            self.condition(children[0])
            values.append(self.block(children[1]) if len(children) > 1 else 0)
            walk.forget(mark)
            if len(children) > 2 and children[2].kind_id == _ELSE:
                otherwise = named(children[2].children)
                if otherwise and otherwise[0].kind_id == _IF:
                    current = otherwise[0]
                elif otherwise:
                    values.append(self.block(otherwise[0]))
                    return walk.union(*values)
        return walk.unit_type

    def match(self, node: Node) -> TermId:
        """`match value { pattern if guard => value, … }`: any of the arms."""
        walk = self.walk
        children = named(node.children)
        if len(children) != 2 or children[1].kind_id != _ARMS:
            return self.reader.anything(node)
        value = self.reader.read(children[0])
        arms = [child for child in children[1].children if child.kind_id == _ARM]
        walk.complexity += max(len(arms) - 1, 0)
        return walk.union(*[self._arm(arm, value) for arm in arms])

    def _arm(self, node: Node, value: TermId) -> TermId:
        walk = self.walk
        mark = len(walk.log)
        result: TermId = 0
        for child in node.children:
            if child.kind_id == _MATCH_PATTERN:
                self.match_pattern(child, value)
            elif child.is_named and child.kind_id not in _NO_STATEMENTS:
                result = self.reader.read(child)
        walk.forget(mark)
        return result

    def match_pattern(self, node: Node, value: TermId) -> None:
        """A pattern and its guard."""
        children = parts(node)
        self.reader.patterns.read(children[0], value, BindingKind.PATTERN)
        if len(children) > 2:
            self.walk.complexity += 1
            self.condition(children[-1])

    # loops

    def loop(self, node: Node) -> TermId:
        """`loop {}` gives what its breaks give."""
        self.walk.complexity += 1
        values = self._repeated(node, lambda: None)
        return self.walk.union(*values) if values else self.walk.never

    def while_(self, node: Node) -> TermId:
        self.walk.complexity += 1
        condition = node.child_by_field_name("condition")
        self._repeated(node, lambda: self.condition(condition) if condition is not None else None)
        return self.walk.unit_type

    def for_(self, node: Node) -> TermId:
        walk = self.walk
        walk.complexity += 1
        pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        iterated = self.reader.read(value) if value is not None else 0
        if value is not None and value.kind_id != _RANGE:
            walk.imply(iterated, "into_iter", value)

        def bind() -> None:
            if pattern is not None:
                item = walk.terms[(op.ITER, iterated)]
                self.reader.patterns.read(pattern, item, BindingKind.LOOP)

        self._repeated(node, bind)
        return walk.unit_type

    def _repeated(self, node: Node, head: Callable[[], None]) -> dict[TermId, None]:
        """Reads a loop; gives the values of its breaks."""
        walk = self.walk
        first = node.children[0]
        label = walk.slice(first) if first.kind_id == _LABEL else ""
        mark = len(walk.log)
        walk.breaks.append((label, {}))
        head()
        body = node.child_by_field_name("body")
        if body is not None:
            self.block(body)
        walk.forget(mark)
        return walk.breaks.pop()[1]

    # leaving

    def break_(self, node: Node) -> TermId:
        walk = self.walk
        label, value = "", walk.unit_type
        for child in named(node.children):
            if child.kind_id == _LABEL:
                label = walk.slice(child)
            else:
                value = self.reader.read(child)
        for name, values in reversed(walk.breaks):
            if not label or name == label:
                values[value] = None
                break
        return walk.never

    def continue_(self, node: Node) -> TermId:
        return self.walk.never

    def return_(self, node: Node) -> TermId:
        walk = self.walk
        values = named(node.children)
        term = self.reader.read(values[0]) if values else walk.unit_type
        signature = walk.signature
        if values and values[0].kind_id == CLOSURE and signature is not None and signature.returns:
            self._expect(term, signature.returns)
        if signature is not None and term != walk.never:
            signature.returned[term] = None
        return walk.never
