"""Control flow: branches, loops, try and with."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import ReferenceFlag
from isg.parsers.flow import Environment
from isg.parsers.python.grammar import ATTRIBUTE, BLOCKS, EXTRAS, IDENTIFIER, kind, kinds, parts
from isg.parsers.python.readers import Reader, Runner
from isg.parsers.python.targets import Targets
from isg.parsers.python.walk import CHECKED, CONDITIONAL, TRY, Walk

_ELIF = kind("elif_clause")
_ELSE = kind("else_clause")
_NOT = kind("not_operator")
_EXCEPT = kind("except_clause")
_FINALLY = kind("finally_clause")
_AS = kinds("as_pattern")
_WITH_ITEM = kind("with_item")
_WITH_CLAUSE = kind("with_clause")
_TRUE = frozenset({"True", "1"})


class Control:
    """Reads compound statements: environments fork at their tests and merge behind them."""

    def __init__(self, walk: Walk, reader: Reader, targets: Targets, runner: Runner) -> None:
        self.walk = walk
        self.reader = reader
        self.conditions = reader.conditions
        self.targets = targets
        self.runner = runner

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
            walk.import_flags = import_flags | CONDITIONAL
            condition = clause.child_by_field_name("condition") if clause.kind_id != _ELSE else None
            if condition is None:
                self._only_checked(len(clauses) == at + 1 == 2 and self._checks(clauses[0]) < 0)
                self.runner.body_of(clause)
                ends.append(frame.env)
                break
            walk.complexity += 1
            outcome = self.conditions.test(condition)
            before = frame.env
            self._only_checked(self._checks(clause) > 0)
            frame.env = self.conditions.behind(before, outcome.true)
            if frame.env is before:
                frame.env = before.fork()
            self.runner.body_of(clause)
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
            walk.import_flags = walk.import_flags & ~CONDITIONAL | CHECKED

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
        self.runner.body_of(node)
        breaks = frame.breaks.pop()
        frame.env = leaving
        for child in node.children:
            if child.kind_id == _ELSE:
                walk.complexity += 1
                self.runner.body_of(child)
        for env in breaks:
            frame.env = walk.merge(frame.env, env)
        if not frame.env.alive and not alive:
            frame.env.alive = False

    # try, with

    def try_(self, node: Node) -> None:
        walk, frame = self.walk, self.walk.frame
        import_flags = walk.import_flags
        walk.import_flags |= TRY
        raised = frame.env.fork()
        walk.join_range(raised, node)
        self.runner.body_of(node)
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
                self.runner.body_of(child)
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
        self.runner.body_of(clause)
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
                self.runner.block(child)
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
        self.runner.body_of(node)

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
