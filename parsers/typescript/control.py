"""Control flow: branches, loops, switch and try."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import TermId
from isg.parsers.flow import Environment
from isg.parsers.narrowing import Facts
from isg.parsers.typescript.grammar import BLOCK, COMMENT, LEXICAL, VARIABLE, kind, kinds
from isg.parsers.typescript.readers import Reader, Runner
from isg.parsers.typescript.walk import Walk

_ELSE = kind("else_clause")
_IF = kind("if_statement")
_CASE = kind("switch_case")
_DEFAULT = kind("switch_default")
_CATCH = kind("catch_clause")
_FINALLY = kind("finally_clause")
_LOOPS = kinds("for_statement", "for_in_statement", "while_statement", "do_statement")
_ENDLESS = frozenset({"(true)", "(1)"})


class Control:
    """Reads compound statements: environments fork at their tests and merge behind them."""

    def __init__(self, walk: Walk, reader: Reader, runner: Runner) -> None:
        self.walk = walk
        self.reader = reader
        self.runner = runner

    # branches

    def if_(self, node: Node) -> None:
        """A chain of ``else if`` without recursion: each begins where the tests before it failed."""
        walk, frame = self.walk, self.walk.frame
        ends: list[Environment] = []
        current: Node | None = node
        while current is not None:
            condition, consequence, otherwise = self._clauses(current)
            if condition is None:
                break
            walk.complexity += 1
            outcome = self.reader.conditions.test(condition)
            before = frame.env
            inner = self.reader.conditions.behind(before, outcome.true)
            frame.env = inner if inner is not before else before.fork()
            if consequence is not None:
                self.runner.statement(consequence)
            ends.append(frame.env)
            frame.env = self.reader.conditions.behind(before, outcome.false)
            current = None
            for child in otherwise.named_children if otherwise is not None else ():
                if walk.kinds[child.kind_id] == _IF:
                    current = child
                elif child.kind_id not in walk.extras:
                    self.runner.statement(child)
        for env in ends:
            frame.env = walk.merge(frame.env, env)

    def _clauses(self, node: Node) -> tuple[Node | None, Node | None, Node | None]:
        """Condition, consequence and else clause of an ``if``."""
        parts = [child for child in node.named_children if child.kind_id not in self.walk.extras]
        otherwise = parts.pop() if parts and self.walk.kinds[parts[-1].kind_id] == _ELSE else None
        if not parts:
            return None, None, None
        return parts[0], parts[1] if len(parts) > 1 else None, otherwise

    def switch(self, node: Node) -> None:
        """Each case knows that the value equals its own, or comes from the case above without a break."""
        walk, frame = self.walk, self.walk.frame
        value, body = node.child_by_field_name("value"), node.child_by_field_name("body")
        if value is None or body is None:
            self.reader.anything(node)
            return
        subject = self.reader.conditions.subject(value)
        outer = walk.scope
        cases = body.named_children
        self.reader.declarer.open_block([child for case in cases for child in case.children])
        frame.breaks.append(("", []))
        rest = frame.env
        fallen: Environment | None = None
        for case in cases:
            number = walk.kinds[case.kind_id]
            if number not in (_CASE, _DEFAULT):
                continue
            test = case.child_by_field_name("value") if number == _CASE else None
            facts: Facts = ()
            if test is not None:
                walk.complexity += 1
                frame.env = rest
                facts = self.reader.conditions.equal(subject, self.reader.read(test))
            entered = self.reader.conditions.behind(rest, facts)
            entered = entered if entered is not rest else rest.fork()
            if test is not None:
                excluded = tuple(fact._replace(operator=op.EXCLUDE) for fact in facts)
                rest = self.reader.conditions.behind(rest, excluded)
            frame.env = entered if fallen is None or not fallen.alive else walk.merge(fallen, entered)
            skip = test.end_byte if test is not None else case.start_byte
            self.runner.run([child for child in case.children if child.start_byte >= skip])
            fallen = frame.env
        if not any(walk.kinds[case.kind_id] == _DEFAULT for case in cases):
            frame.env = rest if fallen is None else walk.merge(fallen, rest)
        self._leave()
        walk.scope = outer

    # loops

    def for_(self, node: Node) -> None:
        walk, frame, outer = self.walk, self.walk.frame, self.walk.scope
        walk.complexity += 1
        label = self._take_label()
        initializer = node.child_by_field_name("initializer")
        if initializer is not None:
            if walk.kinds[initializer.kind_id] == LEXICAL:
                self.reader.declarer.open_block([initializer])
            if walk.kinds[initializer.kind_id] in (LEXICAL, VARIABLE):
                self.runner.statement(initializer)
            else:
                self.reader.read(initializer)
        start = frame.env = walk.loosen(frame.env, node)
        condition = node.child_by_field_name("condition")
        leaving = start
        if condition is not None and condition.is_named:
            outcome = self.reader.conditions.test(condition)
            leaving = self.reader.conditions.behind(frame.env, outcome.false)
            frame.env = self.reader.conditions.behind(frame.env, outcome.true)
        frame.env = frame.env.fork()
        self._body(node, label)
        increment = node.child_by_field_name("increment")
        if increment is not None:
            self.reader.read(increment)
        frame.env = leaving
        self._leave()
        walk.scope = outer

    def for_in(self, node: Node) -> None:
        """``for (x of y)``, ``for await (x of y)``, ``for (x in y)``"""
        walk, frame, outer = self.walk, self.walk.frame, self.walk.scope
        walk.complexity += 1
        label = self._take_label()
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            self.reader.anything(node)
            return
        iterated = self.reader.read(right)
        words = {child.type for child in node.children if not child.is_named}
        start = walk.loosen(frame.env, node)
        frame.env = start.fork()
        if words & {"const", "let", "using"}:
            self.reader.declarer.open_block([])
            self.reader.declarer.loop(node)
        self.reader.patterns.bind(left, self._element(iterated, words))
        self._body(node, label)
        frame.env = start
        self._leave()
        walk.scope = outer

    def _element(self, iterated: TermId, words: set[str]) -> TermId:
        terms = self.walk.terms
        if "of" not in words:
            return terms[(op.LITERAL, "string")]
        return terms[(op.AITER if "await" in words else op.ITER, iterated)]

    def while_(self, node: Node) -> None:
        walk, frame = self.walk, self.walk.frame
        walk.complexity += 1
        label = self._take_label()
        condition = node.child_by_field_name("condition")
        start = frame.env = walk.loosen(frame.env, node)
        leaving = start
        if condition is not None:
            outcome = self.reader.conditions.test(condition)
            leaving = self.reader.conditions.behind(start, outcome.false)
            frame.env = self.reader.conditions.behind(start, outcome.true)
            if walk.slice(condition) in _ENDLESS:
                leaving = leaving.fork()
                leaving.alive = False
        frame.env = frame.env.fork()
        self._body(node, label)
        frame.env = leaving
        self._leave()

    def do(self, node: Node) -> None:
        walk, frame = self.walk, self.walk.frame
        walk.complexity += 1
        label = self._take_label()
        frame.env = walk.loosen(frame.env, node)
        self._body(node, label)
        condition = node.child_by_field_name("condition")
        if condition is not None:
            outcome = self.reader.conditions.test(condition)
            frame.env = self.reader.conditions.behind(frame.env, outcome.false)
        self._leave()

    def _body(self, node: Node, label: str) -> None:
        self.walk.frame.breaks.append((label, []))
        body = node.child_by_field_name("body")
        if body is not None:
            self.runner.statement(body)

    def _leave(self) -> None:
        """Behind a loop or switch its breaks arrive too."""
        frame = self.walk.frame
        _, ends = frame.breaks.pop()
        for env in ends:
            frame.env = self.walk.merge(frame.env, env)

    # jumps

    def labeled(self, node: Node) -> None:
        """``name: for (…) …``"""
        walk, frame = self.walk, self.walk.frame
        children = [child for child in node.named_children if child.kind_id not in walk.extras]
        if len(children) < 2:
            return
        label, body = walk.slice(children[0]), children[-1]
        if walk.kinds[body.kind_id] in _LOOPS:
            walk.label = label
            self.runner.statement(body)
            return
        frame.breaks.append((label, []))
        self.runner.statement(body)
        self._leave()

    def _take_label(self) -> str:
        label, self.walk.label = self.walk.label, ""
        return label

    def break_(self, node: Node) -> None:
        frame = self.walk.frame
        inner = node.named_children
        label = self.walk.slice(inner[0]) if inner and inner[0].kind_id not in self.walk.extras else ""
        for name, ends in reversed(frame.breaks):
            if not label or name == label:
                ends.append(frame.env)
                break
        self.end()

    def continue_(self, node: Node) -> None:
        self.end()

    def end(self) -> None:
        """Nothing behind this statement is reached from it."""
        frame = self.walk.frame
        frame.env = frame.env.fork()
        frame.env.alive = False

    # try

    def try_(self, node: Node) -> None:
        """What a handler sees may be anything that was so before or in the body."""
        walk, frame = self.walk, self.walk.frame
        before = frame.env
        raised = walk.loosen(before, node)
        handled: Environment | None = None
        for child in node.named_children:
            number = walk.kinds[child.kind_id]
            if number == BLOCK:
                self.runner.block(child)
            elif number == _CATCH:
                walk.complexity += 1
                ended, frame.env = frame.env, raised.fork()
                self._catch(child)
                handled, frame.env = frame.env, ended
            elif number == _FINALLY:
                if handled is not None:
                    frame.env = walk.merge(frame.env, handled)
                    handled = None
                self._finally(child, raised)
            elif number != COMMENT:
                self.reader.read(child)
        if handled is not None:
            frame.env = walk.merge(frame.env, handled)

    def _catch(self, node: Node) -> None:
        walk, outer = self.walk, self.walk.scope
        self.reader.declarer.open_block([])
        self.reader.declarer.catch(node)
        for child in node.named_children:
            if walk.kinds[child.kind_id] == BLOCK:
                self.runner.block(child)
        walk.scope = outer

    def _finally(self, node: Node, raised: Environment) -> None:
        """It runs also after what was not caught; behind it only the regular end goes on."""
        frame = self.walk.frame
        alive = frame.env.alive
        if not alive:
            frame.env = raised.fork()
        for child in node.named_children:
            if self.walk.kinds[child.kind_id] == BLOCK:
                self.runner.block(child)
        if not alive:
            self.end()
