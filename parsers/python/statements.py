"""Statements in order: control flow, assignments, and what they bind."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers.facts import ImportFlag, ReferenceFlag, Role, TermId
from isg.parsers.python import operators as op
from isg.parsers.python.conditions import Fact
from isg.parsers.python.definitions import Definitions
from isg.parsers.python.exports import Exports
from isg.parsers.python.expressions import Expressions
from isg.parsers.python.flow import Environment
from isg.parsers.python.grammar import (
    ATTRIBUTE,
    BLOCKS,
    COMMENT,
    EXTRAS,
    IDENTIFIER,
    SUBSCRIPT,
    Dispatch,
    assignment_sides,
    kind,
    kinds,
    named,
    parts,
)
from isg.parsers.python.imports import Imports
from isg.parsers.python.matching import Matching
from isg.parsers.python.targets import Targets
from isg.parsers.python.walk import BLOCK, BLOCK_END, MAX_DEPTH, STATEMENT, Walk

_TYPE = kind("type")
_ELIF = kind("elif_clause")
_ELSE = kind("else_clause")
_NOT = kind("not_operator")
_EXCEPT = kind("except_clause")
_FINALLY = kind("finally_clause")
_AS = kinds("as_pattern")
_WITH_ITEM = kind("with_item")
_WITH_CLAUSE = kind("with_clause")
_TRUE = frozenset({"True", "1"})
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
        self.matching = Matching(walk, self.reader, self)
        self._handlers: Dispatch[None] = Dispatch(
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
                "if_statement": self.if_,
                "for_statement": self.for_,
                "while_statement": self.while_,
                "try_statement": self.try_,
                "with_statement": self.with_,
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
        if annotation is not None and self.walk.slice(annotation).rpartition(".")[2] == "TypeAlias":
            term = self.reader.annotations.read(value)
        else:
            term = self.reader.read(value)
        for target in targets:
            self.targets.assign(target, term, declared, annotation, value)
        if self.walk.frame.parent is None:
            self.exports.assigned(targets[0], value)

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
        method = op.AUGMENTED_METHODS.get(sign.type, "__iadd__")
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

    # branches

    def if_(self, node: Node) -> None:
        """Each clause begins where the tests before it failed; those that end meet behind the last.

        Behind ``if TYPE_CHECKING:`` what a type checker sees holds: its branch alone.
        """
        walk, frame = self.walk, self.walk.frame
        flags, import_flags = walk.flags, walk.import_flags
        clauses = [node, *[child for child in node.children if child.kind_id in (_ELIF, _ELSE)]]
        ends: list[Environment] = []
        checked: Environment | None = None
        for at, clause in enumerate(clauses):
            walk.import_flags = import_flags | ImportFlag.CONDITIONAL
            condition = clause.child_by_field_name("condition") if clause.kind_id != _ELSE else None
            if condition is None:
                self._only_checked(len(clauses) == at + 1 == 2 and self._checks(clauses[0]) < 0)
                self.body_of(clause)
                ends.append(frame.env)
                break
            walk.complexity += 1
            outcome = self.conditions.test(condition)
            before = frame.env
            self._only_checked(self._checks(clause) > 0)
            frame.env = self.conditions.behind(before, outcome.true)
            if frame.env is before:
                frame.env = before.fork()
            self.body_of(clause)
            ends.append(frame.env)
            if self._checks(clause) > 0:
                checked = frame.env
            walk.flags = flags
            frame.env = self.conditions.behind(before, outcome.false)
        else:
            ends.append(frame.env)
        frame.env = checked if checked is not None and checked.alive else self._joined(ends)
        walk.flags, walk.import_flags = flags, import_flags

    def _joined(self, ends: list[Environment]) -> Environment:
        merged = ends[0]
        for env in ends[1:]:
            merged = self.walk.merge(merged, env)
        return merged

    def _only_checked(self, seen: bool) -> None:
        """From here on only type checkers read, where so."""
        if seen:
            walk = self.walk
            walk.flags |= ReferenceFlag.TYPE_CHECKING.value
            walk.import_flags &= ~ImportFlag.CONDITIONAL
            walk.import_flags |= ImportFlag.TYPE_CHECKING

    def _checks(self, clause: Node) -> int:
        """1 where a clause's test is TYPE_CHECKING, -1 where it is ``not TYPE_CHECKING``."""
        condition = clause.child_by_field_name("condition")
        if condition is None or not self.walk.text.endswith("TYPE_CHECKING", 0, condition.end_byte):
            return 0
        if condition.kind_id in (IDENTIFIER, ATTRIBUTE):
            return 1 if self.walk.slice(condition).rpartition(".")[2] == "TYPE_CHECKING" else 0
        inner = condition.children[-1] if condition.kind_id == _NOT else None
        return -1 if inner is not None and inner.kind_id in (IDENTIFIER, ATTRIBUTE) else 0

    # loops

    def for_(self, node: Node) -> None:
        walk, frame = self.walk, self.walk.frame
        target, iterated = node.child_by_field_name("left"), node.child_by_field_name("right")
        is_async = node.children[0].type == "async"
        if target is None or iterated is None:
            self.reader.anything(node)
            return
        walk.complexity += 1
        value = self.reader.read(iterated)
        walk.imply(value, "__aiter__" if is_async else "__iter__", iterated)
        start = frame.env.fork()
        walk.join_range(start, node)
        frame.env = start.fork()
        self.targets.assign(target, walk.terms[(op.AITER if is_async else op.ITER, value)])
        self._loop(node, start)

    def while_(self, node: Node) -> None:
        walk, frame = self.walk, self.walk.frame
        condition = node.child_by_field_name("condition")
        if condition is None:
            self.reader.anything(node)
            return
        walk.complexity += 1
        frame.env = frame.env.fork()
        walk.join_range(frame.env, node)
        endless = walk.slice(condition) in _TRUE
        outcome = self.conditions.test(condition)
        start = frame.env
        leaving = self.conditions.behind(start, outcome.false)
        if leaving is start:
            leaving = start.fork()
        if endless:
            leaving.alive = False
        inner = self.conditions.behind(start, outcome.true)
        frame.env = inner if inner is not start else start.fork()
        self._loop(node, leaving)

    def _loop(self, node: Node, leaving: Environment) -> None:
        """The body once, then the else clause from the loop's regular end, joined by its breaks."""
        walk, frame = self.walk, self.walk.frame
        alive = frame.env.alive
        frame.breaks.append([])
        self.body_of(node)
        breaks = frame.breaks.pop()
        frame.env = leaving
        for child in node.children:
            if child.kind_id == _ELSE:
                walk.complexity += 1
                self.body_of(child)
        for env in breaks:
            frame.env = walk.merge(frame.env, env)
        if not frame.env.alive and not alive:
            frame.env.alive = False

    # try, with

    def try_(self, node: Node) -> None:
        walk, frame = self.walk, self.walk.frame
        import_flags = walk.import_flags
        walk.import_flags |= ImportFlag.TRY
        raised = frame.env.fork()
        walk.join_range(raised, node)
        self.body_of(node)
        ends: list[Environment] = []
        finally_: Node | None = None
        star = any(child.type == "*" for clause in node.children for child in clause.children[1:2])
        after_body = frame.env
        for child in node.children:
            kind_id = child.kind_id
            if kind_id == _EXCEPT:
                walk.complexity += not star
                frame.env = raised.fork()
                self._handler(child)
                ends.append(frame.env)
            elif kind_id == _ELSE:
                walk.complexity += not star
                frame.env = after_body
                self.body_of(child)
                after_body = frame.env
            elif kind_id == _FINALLY:
                finally_ = child
        merged = after_body
        for end in ends:
            merged = walk.merge(merged, end)
        frame.env = merged
        if finally_ is not None:
            self._finally(finally_, merged, raised)
        walk.import_flags = import_flags

    def _finally(self, clause: Node, regular: Environment, raised: Environment) -> None:
        """Runs also after what was not caught; behind it only the regular end goes on."""
        walk, frame = self.walk, self.walk.frame
        first = len(walk.tables.bindings)
        both = walk.merge(regular, raised) if regular.alive else raised
        frame.env = both.fork()
        self.body_of(clause)
        after = frame.env
        result = regular.fork()
        for name, reaching in after.names.items():
            if both.names.get(name) != reaching:
                result.names[name] = reaching
        result.chains = {} if first != len(walk.tables.bindings) else result.chains
        result.alive = regular.alive and after.alive
        frame.env = result

    def _handler(self, clause: Node) -> None:
        walk = self.walk
        caught: Node | None = None
        for child in clause.children:
            if child.kind_id in BLOCKS:
                self.block(child)
            elif child.kind_id in _AS:
                inner = parts(child)
                term = self.reader.read(inner[0])
                caught = inner[-1]
                self.targets.assign(caught, walk.terms[(op.CAUGHT, term)])
            elif child.is_named and child.kind_id not in EXTRAS:
                self.reader.read(child)
        if caught is not None:
            walk.frame.env.forget(walk.slice(caught))

    def with_(self, node: Node) -> None:
        is_async = node.children[0].type == "async"
        for clause in node.children:
            if clause.kind_id == _WITH_CLAUSE:
                for item in clause.children:
                    if item.kind_id == _WITH_ITEM:
                        self._enter(item, is_async)
        self.body_of(node)

    def _enter(self, item: Node, is_async: bool) -> None:
        walk, value = self.walk, item.children[0]
        target: Node | None = None
        if value.kind_id in _AS:
            inner = parts(value)
            value, target = inner[0], inner[-1]
        term = self.reader.read(value)
        walk.imply(term, "__aenter__" if is_async else "__enter__", value)
        walk.imply(term, "__aexit__" if is_async else "__exit__", value)
        if target is not None:
            self.targets.assign(target, walk.terms[(op.AENTER if is_async else op.ENTER, term)])
