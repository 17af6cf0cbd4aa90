"""Statements in order: assignments, deletions, and what leaves a block."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import Role, TermId
from isg.parsers.grammar import Dispatch
from isg.parsers.narrowing import Fact
from isg.parsers.python.control import Control
from isg.parsers.python.definitions import Definitions
from isg.parsers.python.exports import Exports
from isg.parsers.python.expressions import Expressions
from isg.parsers.python.grammar import (
    ATTRIBUTE,
    BLOCKS,
    COMMENT,
    GRAMMAR,
    IDENTIFIER,
    SUBSCRIPT,
    assignment_sides,
    kind,
    kinds,
    named,
    parts,
)
from isg.parsers.python.imports import Imports
from isg.parsers.python.matching import Matching
from isg.parsers.python.operators import AUGMENTED_METHODS
from isg.parsers.python.targets import Targets
from isg.parsers.python.walk import BLOCK, BLOCK_END, MAX_DEPTH, STATEMENT, Walk

_TYPE = kind("type")
_DISPLAYS = frozenset({op.LIST, op.SET, op.DICT})
_QUALIFIERS = frozenset({"ClassVar", "Final"})
_GROUPS = kinds("expression_list", "tuple", "parenthesized_expression", "list", "tuple_expression")


class Statements:
    """Reads statements. After each, the frame's environment is what holds behind it."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.reader = Expressions(walk)
        self.conditions = self.reader.conditions
        self.targets = Targets(walk, self.reader)
        self.imports = Imports(walk)
        self.exports = Exports(walk, self.reader)
        self.definitions = Definitions(walk, self.reader, self)
        self.control = Control(walk, self.reader, self.targets, self)
        self.matching = Matching(walk, self.reader, self)
        self._handlers: Dispatch[None] = GRAMMAR.dispatch(
            {
                "assignment": self.assignment,
                "augmented_assignment": self.augmented,
                "call": self.call,
                "return_statement": self.return_,
                "raise_statement": self.raise_,
                "break_statement": self.break_,
                "continue_statement": self.end,
                "pass_statement": self.nothing,
                "global_statement": self.nothing,
                "nonlocal_statement": self.nothing,
                "delete_statement": self.delete,
                "assert_statement": self.assert_,
                "import_statement": self.imports.plain,
                "import_from_statement": self.imports.from_module,
                "future_import_statement": self.imports.future,
                "if_statement": self.control.if_,
                "for_statement": self.control.for_,
                "while_statement": self.control.while_,
                "try_statement": self.control.try_,
                "with_statement": self.control.with_,
                "match_statement": self.matching.read,
                "function_definition": self.definitions.function,
                "class_definition": self.definitions.class_,
                "decorated_definition": self.definitions.decorated,
                "type_alias_statement": self.definitions.type_alias,
                "block": self.block,
                "ERROR": self.error,
            },
            self.expression,
        )

    def run(self, nodes: list[Node]) -> None:
        """Reads statements in order; comments and punctuation are passed over."""
        handlers, walk = self._handlers, self.walk
        mark = walk.marks.append
        for node in nodes:
            kind_id = node.kind_id
            if kind_id != COMMENT and node.is_named:
                mark(node.start_byte << 2 | STATEMENT)
                walk.statements += 1
                handlers[kind_id](node)

    def block(self, node: Node) -> None:
        walk = self.walk
        if walk.depth > MAX_DEPTH:
            walk.too_deep(node)
            return
        walk.depth += 1
        walk.marks.append(node.start_byte << 2 | BLOCK)
        self.run(node.children)
        walk.marks.append(node.end_byte << 2 | BLOCK_END)
        walk.depth -= 1

    def body_of(self, node: Node) -> None:
        """Reads the block of a clause."""
        for child in node.children:
            if child.kind_id in BLOCKS:
                self.block(child)

    def error(self, node: Node) -> None:
        """What could not be parsed may hold statements and expressions that can be read."""
        walk = self.walk
        if walk.depth <= MAX_DEPTH:
            walk.depth += 1
            self.run(node.named_children)
            walk.depth -= 1

    def expression(self, node: Node) -> None:
        self.reader.read(node)

    def call(self, node: Node) -> None:
        self.reader.read(node)
        if self.walk.frame.parent is None:
            self.exports.called(node)

    def nothing(self, node: Node) -> None:
        """Binds nothing and refers to nothing."""

    # assignment

    def assignment(self, node: Node) -> None:
        targets, annotation, value = assignment_sides(node)
        declared = self.reader.annotations.read(annotation) if annotation is not None else 0
        if value is None:
            self._declare(targets[0], declared, annotation)
            return
        outcome = None
        if annotation is not None and self.walk.slice(annotation).rpartition(".")[2] == "TypeAlias":
            term = self.reader.annotations.read(value)
        else:
            outcome = self.reader.conditions.assigned(value)
            term = self.reader.read(value) if outcome is None else outcome.term
            if declared:
                self._expect(term, declared)
        for target in targets:
            self.targets.assign(target, term, declared, annotation, value)
        if outcome is not None:
            self.reader.conditions.hold(targets, outcome)
        if self.walk.frame.parent is None:
            self.exports.assigned(targets[0], value)

    def _expect(self, value: TermId, declared: TermId) -> None:
        """Lambdas take what is declared that they are called with, in a display by the type of its items."""
        self.walk.expect(value, declared)
        rows = self.walk.terms.rows
        display = rows[value]
        if display[0] not in _DISPLAYS or rows[declared][0] != op.INDEX:
            return
        form, index = rows[declared][1:3]
        arguments = rows[int(index)]
        if rows[int(form)][-1] in _QUALIFIERS:
            self._expect(value, int(index))
        elif display[0] != op.DICT:
            for item in display[1:]:
                self._expect(int(item), int(index))
        elif arguments[0] == op.TUPLE and len(arguments) == 3:
            for item in display[2::2]:
                self._expect(int(item), int(arguments[2]))

    def _declare(self, target: Node, declared: TermId, annotation: Node | None) -> None:
        """``x: int`` binds nothing, but says what x will be."""
        walk = self.walk
        if target.kind_id != IDENTIFIER:
            self.targets.assign(target, 0, declared, annotation)
            return
        name = walk.slice(target)
        before = walk.frame.env.names.get(name)
        walk.bind(target.start_byte, 0, declared)
        if before is not None:
            walk.frame.env.names[name] = before

    def augmented(self, node: Node) -> None:
        children = parts(node)
        target, sign, value_node = children[0], children[1], children[-1]
        method = AUGMENTED_METHODS.get(sign.type, "__iadd__")
        walk, reader = self.walk, self.reader
        if target.kind_id == IDENTIFIER:
            old = reader.names.value(walk.slice(target))
            value = reader.read(value_node)
            term = walk.terms[(op.OPERATE, method, old, value)]
            walk.imply(old, method, sign)
            self.targets.name(target, term)
            if walk.frame.parent is None:
                self.exports.extended(target, value_node)
        elif target.kind_id == ATTRIBUTE:
            old = reader.member(target, Role.WRITE)
            reader.read(value_node)
            walk.imply(old, method, sign)
            walk.frame.env.forget_chains(walk.slice(target))
        else:
            if target.kind_id == SUBSCRIPT:
                owner, index, bracket = reader.subscript_parts(target)
                walk.imply(owner, "__getitem__", bracket)
                walk.imply(owner, "__setitem__", bracket)
                walk.imply(walk.terms[(op.INDEX, owner, index)], method, sign)
            else:
                reader.read(target)
            reader.read(value_node)

    def delete(self, node: Node) -> None:
        for child in named(node.children):
            self._delete(child)

    def _delete(self, node: Node) -> None:
        walk, reader = self.walk, self.reader
        if node.kind_id == IDENTIFIER:
            reader.names.mention(node, Role.WRITE)
            walk.frame.env.forget(walk.slice(node))
        elif node.kind_id == ATTRIBUTE:
            reader.member(node, Role.WRITE)
            walk.frame.env.chains.pop(walk.slice(node), None)
            walk.frame.env.forget_chains(walk.slice(node))
        elif node.kind_id == SUBSCRIPT:
            owner, _, bracket = reader.subscript_parts(node)
            walk.imply(owner, "__delitem__", bracket)
        elif node.kind_id in _GROUPS and walk.depth < MAX_DEPTH:
            walk.depth += 1
            self.delete(node)
            walk.depth -= 1
        else:
            reader.read(node)

    # leaving

    def end(self, node: Node) -> None:
        """Nothing behind this statement is reached from it."""
        env = self.walk.frame.env.fork()
        env.alive = False
        self.walk.frame.env = env

    def break_(self, node: Node) -> None:
        frame = self.walk.frame
        if frame.breaks:
            frame.breaks[-1].append(frame.env)
        self.end(node)

    def return_(self, node: Node) -> None:
        values = named(node.children)
        if values:
            term = self.reader.read(values[0])
            signature = self.walk.frame.signature
            if signature is not None:
                signature.returned[term] = None
        self.end(node)

    def raise_(self, node: Node) -> None:
        for child in named(node.children):
            self.reader.read(child)
        self.end(node)

    def assert_(self, node: Node) -> None:
        """Counts one towards the complexity, whatever stands in it."""
        walk = self.walk
        complexity = walk.complexity
        children = named(node.children)
        facts: tuple[Fact, ...] = ()
        for at, child in enumerate(children):
            if at == 0:
                outcome = self.conditions.test(child)
                facts = outcome.true
            else:
                self.reader.read(child)
        walk.frame.env = self.conditions.behind(walk.frame.env, facts)
        walk.complexity = complexity + 1
