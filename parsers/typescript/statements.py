"""Statements in order, and what leaves a block."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import Form, Role
from isg.parsers.grammar import Dispatch
from isg.parsers.typescript.control import Control
from isg.parsers.typescript.declarations import Declarations
from isg.parsers.typescript.expected import as_tuple, expect
from isg.parsers.typescript.exports import Exports
from isg.parsers.typescript.expressions import Expressions
from isg.parsers.typescript.grammar import CALL, COMMENT, IDENTIFIER
from isg.parsers.typescript.walk import MAX_DEPTH, Walk


class Statements:
    """Reads statements. After each, the frame's environment is what holds behind it."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.exports = Exports(walk)
        self.reader = Expressions(walk, self.exports, self)
        self.declarations = Declarations(walk, self.reader, self, self.exports)
        self.control = Control(walk, self.reader, self)
        handlers = {
            "expression_statement": self.expression,
            "lexical_declaration": self.declarations.variables,
            "variable_declaration": self.declarations.variables,
            "function_declaration": self.reader.functions.declaration,
            "generator_function_declaration": self.reader.functions.declaration,
            "function_signature": self.reader.functions.declaration,
            "class_declaration": self.reader.classes.declaration,
            "abstract_class_declaration": self.reader.classes.declaration,
            "interface_declaration": self.reader.interfaces.interface,
            "type_alias_declaration": self.reader.interfaces.alias,
            "enum_declaration": self.declarations.enum,
            "module": self.declarations.namespace,
            "internal_module": self.declarations.namespace,
            "ambient_declaration": self.declarations.ambient,
            "import_statement": self.reader.imports.statement,
            "import_alias": self.import_alias,
            "export_statement": self.declarations.export,
            "return_statement": self.return_,
            "throw_statement": self.throw,
            "break_statement": self.control.break_,
            "continue_statement": self.control.continue_,
            "if_statement": self.control.if_,
            "for_statement": self.control.for_,
            "for_in_statement": self.control.for_in,
            "while_statement": self.control.while_,
            "do_statement": self.control.do,
            "switch_statement": self.control.switch,
            "try_statement": self.control.try_,
            "labeled_statement": self.control.labeled,
            "statement_block": self.block,
            "with_statement": self.inside,
            "empty_statement": self.nothing,
            "debugger_statement": self.nothing,
            "comment": self.nothing,
            "hash_bang_line": self.nothing,
            "ERROR": self.error,
        }
        self._handlers: Dispatch[None] = walk.syntax.grammar.dispatch(handlers, self.other)

    def begin(self) -> None:
        """The statements of a module begin."""
        self.exports.open(self.walk.scope)
        self.reader.literals.begin()
        self.reader.conditions.begin()
        self.reader.jsx.begin()

    def run(self, nodes: list[Node]) -> None:
        """Reads statements in order; a comment is kept for what follows it."""
        handlers, walk, kinds = self._handlers, self.walk, self.walk.kinds
        for node in nodes:
            if kinds[node.kind_id] == COMMENT:
                walk.doc = node
            elif node.is_named:
                walk.statements += 1
                handlers[node.kind_id](node)
                walk.doc = None

    def statement(self, node: Node) -> None:
        """Reads one statement that stands in another."""
        walk = self.walk
        if walk.depth > MAX_DEPTH:
            walk.too_deep(node)
            return
        walk.depth += 1
        walk.statements += 1
        self._handlers[node.kind_id](node)
        walk.depth -= 1

    def block(self, node: Node) -> None:
        walk = self.walk
        if walk.depth > MAX_DEPTH:
            walk.too_deep(node)
            return
        walk.depth += 1
        outer, children = walk.scope, node.children
        if self.reader.declarer.needs_scope(children):
            self.reader.declarer.open_block(children)
        self.run(children)
        walk.scope = outer
        walk.depth -= 1

    def inside(self, node: Node) -> None:
        """``with (a) …``"""
        for child in node.named_children:
            self.other(child)

    def other(self, node: Node) -> None:
        """What stands where a statement does."""
        self.reader.read(node)

    def nothing(self, node: Node) -> None:
        """Binds nothing and refers to nothing."""

    def error(self, node: Node) -> None:
        """What could not be parsed may hold statements and expressions that can be read."""
        walk = self.walk
        if walk.depth <= MAX_DEPTH:
            walk.depth += 1
            self.run(node.named_children)
            walk.depth -= 1

    def expression(self, node: Node) -> None:
        for child in node.named_children:
            if child.type == "internal_module":
                self.declarations.namespace(child)
            elif child.kind_id not in self.walk.extras:
                outcome = self.reader.conditions.test(child) if self._may_assert(child) else None
                if outcome is None:
                    self.reader.read(child)
                else:
                    frame = self.walk.frame
                    frame.env = self.reader.conditions.behind(frame.env, outcome.true)

    def _may_assert(self, node: Node) -> bool:
        """Whether a call may be of a function that asserts something of its argument."""
        walk = self.walk
        if walk.kinds[node.kind_id] != CALL:
            return False
        text = walk.text[node.start_byte : node.children[0].end_byte].lower()
        return "assert" in text or "invariant" in text

    def import_alias(self, node: Node) -> None:
        """``import a = b.c``"""
        walk = self.walk
        children = [child for child in node.named_children if child.kind_id not in walk.extras]
        if len(children) == 2:
            walk.bind(children[0].start_byte, self._entity(children[1]))

    def _entity(self, node: Node) -> int:
        walk = self.walk
        if walk.kinds[node.kind_id] == IDENTIFIER:
            return self.reader.names.mention(node, Role.READ)
        children = node.named_children
        if len(children) != 2 or walk.depth > MAX_DEPTH:
            return 0
        walk.depth += 1
        owner, name = self._entity(children[0]), walk.slice(children[1])
        walk.depth -= 1
        walk.refer(walk.terms[(op.TYPE_MEMBER, owner, name)], name, Role.READ, Form.CHAIN, children[1])
        return walk.terms[(op.MEMBER, owner, name)]

    # leaving

    def return_(self, node: Node) -> None:
        walk = self.walk
        values = [child for child in node.named_children if child.kind_id not in walk.extras]
        signature = walk.frame.signature
        if values:
            term = as_tuple(walk, self.reader.read(values[0]))
            if term in walk.expectant and walk.frame.expected_return:
                expect(walk, term, walk.frame.expected_return)
            if signature is not None:
                signature.returned[term] = None
        self.control.end()

    def throw(self, node: Node) -> None:
        for child in node.named_children:
            self.reader.read(child)
        self.control.end()
