"""Tests, and what the branches behind them know."""

from __future__ import annotations

from typing import NamedTuple

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, BindingKind, TermId
from isg.parsers.flow import Environment, Reaching
from isg.parsers.python.grammar import CALL, IDENTIFIER, kind, parts
from isg.parsers.python.operators import BOOL, COMPARISON_METHODS
from isg.parsers.python.readers import Reader
from isg.parsers.python.walk import MAX_DEPTH, Walk


class Fact(NamedTuple):
    """A variable or chain is (or is not) an instance of a class."""

    key: str
    value: TermId  # its term before the test
    operator: int  # NARROW, EXCLUDE or SUBTYPE
    type: TermId


class Outcome(NamedTuple):
    """The value of a test, and what holds where it is true and where it is false."""

    term: TermId
    true: tuple[Fact, ...] = ()
    false: tuple[Fact, ...] = ()


_PARENTHESIZED = kind("parenthesized_expression")
_NOT = kind("not_operator")
_BOOLEAN = kind("boolean_operator")
_COMPARISON = kind("comparison_operator")
_NAMED = kind("named_expression")
_EXCLUDED = {op.NARROW: op.EXCLUDE}


class Conditions:
    """Reads tests. ``test(node)`` reads one and says what its outcomes tell."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader
        self._tests = {
            _PARENTHESIZED: self._parenthesized,
            _NOT: self._not,
            _BOOLEAN: self._boolean_test,
            _COMPARISON: self._comparison,
            CALL: self._call,
        }

    def test(self, node: Node) -> Outcome:
        handler = self._tests.get(node.kind_id)
        if handler is None:
            return Outcome(self.reader.read(node))
        walk = self.walk
        if walk.depth > MAX_DEPTH:
            return Outcome(walk.too_deep(node))
        walk.depth += 1
        outcome = handler(node)
        walk.depth -= 1
        return outcome

    # expressions whose value is a test

    def boolean(self, node: Node) -> TermId:
        return self._boolean_test(node).term

    def negate(self, node: Node) -> TermId:
        return self._not(node).term

    def compare(self, node: Node) -> TermId:
        return self._comparison(node).term

    def choose(self, node: Node) -> TermId:
        """``a if test else b``: the test is read first, each value with what the test told."""
        children = parts(node)
        if len(children) != 5:
            for child in children:
                if child.is_named:
                    self.reader.read(child)
            return 0
        self.walk.complexity += 1
        outcome = self.test(children[2])
        frame = self.walk.frame
        before = frame.env
        frame.env = self.behind(before, outcome.true)
        one = self.reader.read(children[0])
        after = frame.env
        frame.env = self.behind(before, outcome.false)
        other = self.reader.read(children[4])
        frame.env = self._rejoin(before, after, frame.env)
        return self.reader.union(one, other)

    # tests

    def _parenthesized(self, node: Node) -> Outcome:
        inner = parts(node)[1:-1]
        return self.test(inner[0]) if len(inner) == 1 else Outcome(self.reader.anything(node))

    def _not(self, node: Node) -> Outcome:
        outcome = self.test(parts(node)[-1])
        return Outcome(BOOL, outcome.false, outcome.true)

    def _boolean_test(self, node: Node) -> Outcome:
        children = node.children
        if len(children) != 3:
            children = parts(node)
        if len(children) != 3:
            return Outcome(self.reader.anything(node))
        self.walk.complexity += 1
        is_and = children[1].type == "and"
        left = self.test(children[0])
        frame = self.walk.frame
        before = frame.env
        known = left.true if is_and else left.false
        frame.env = self.behind(before, known)
        right = self.test(children[2])
        frame.env = self._rejoin(before, before, frame.env)
        term = self.reader.union(left.term, right.term)
        if is_and:
            return Outcome(term, left.true + right.true, ())
        return Outcome(term, self._either(left.true, right.true), left.false + right.false)

    def _either(self, one: tuple[Fact, ...], other: tuple[Fact, ...]) -> tuple[Fact, ...]:
        """``isinstance(x, A) or isinstance(x, B)`` tells what ``isinstance(x, (A, B))`` does."""
        if len(one) != 1 or len(other) != 1:
            return ()
        left, right = one[0], other[0]
        if left.key != right.key or left.operator != right.operator or left.operator == op.EXCLUDE:
            return ()
        return (left._replace(type=self.walk.terms[(op.TUPLE, left.type, right.type)]),)

    def _comparison(self, node: Node) -> Outcome:
        children = node.children
        if len(children) != 3:
            children = parts(node)
        reader, walk = self.reader, self.walk
        left = reader.read(children[0])
        first = left
        operators = []
        for at in range(1, len(children) - 1, 2):
            right = reader.read(children[at + 1])
            sign = children[at].type
            operators.append(sign)
            method = COMPARISON_METHODS.get(sign)
            if method is not None:
                walk.imply(right if method == "__contains__" else left, method, children[at])
            left = right
        if len(operators) == 1 and operators[0] in ("is", "==", "is not", "!="):
            facts = self._type_test(children[0], first, left)
            if facts:
                return Outcome(BOOL, facts, ()) if operators[0] in ("is", "==") else Outcome(BOOL, (), facts)
        return Outcome(BOOL)

    def _type_test(self, node: Node, call: TermId, cls: TermId) -> tuple[Fact, ...]:
        """``type(x) is C`` tells that x is an instance of C (and its negation tells nothing)."""
        if node.kind_id != CALL or self.walk.slice(node.children[0]) != "type":
            return ()
        row = self.walk.terms.rows[call]
        subject = self._subject(node)
        if subject is None or row[0] != op.CALL or row[2] != 1:
            return ()
        return (Fact(subject, int(row[3]), op.NARROW, cls),)

    def _call(self, node: Node) -> Outcome:
        term = self.reader.read(node)
        function = node.children[0]
        if function.kind_id != IDENTIFIER:
            return Outcome(term)
        name = self.walk.slice(function)
        if name not in ("isinstance", "issubclass"):
            return Outcome(term)
        row = self.walk.terms.rows[term]
        subject = self._subject(node)
        if subject is None or row[0] != op.CALL or row[2] != 2:
            return Outcome(term)
        value, cls = int(row[3]), int(row[4])
        if name == "issubclass":
            return Outcome(term, (Fact(subject, value, op.SUBTYPE, cls),))
        return Outcome(
            term, (Fact(subject, value, op.NARROW, cls),), (Fact(subject, value, op.EXCLUDE, cls),)
        )

    def _subject(self, call: Node) -> str | None:
        """The variable or chain that is the first argument of a call."""
        arguments = parts(call)[-1]
        inner = parts(arguments)
        if len(inner) < 3:
            return None
        first = inner[1]
        while first.kind_id == _PARENTHESIZED and len(first.children) == 3:
            first = first.children[1]
        if first.kind_id == _NAMED:
            first = first.children[0]
        return self.walk.slice(first) if self.reader.is_chain(first) else None

    # environments

    def behind(self, env: Environment, facts: tuple[Fact, ...]) -> Environment:
        """The environment where these facts hold; the given one where there are none."""
        if not facts:
            return env
        inner = env.fork()
        for fact in facts:
            self.learn(inner, fact)
        return inner

    def learn(self, env: Environment, fact: Fact) -> None:
        walk = self.walk
        term = walk.terms[(fact.operator, fact.value, fact.type)]
        is_local = fact.key in env.names
        before: Reaching = (env.names if is_local else env.chains).get(fact.key, ())
        symbol = walk.tables.bindings[before[0]].symbol if before else NOTHING
        binding = walk.tables.binding(BindingKind.NARROWED, fact.key, walk.frame.scope, term, symbol=symbol)
        walk.origins[binding] = before
        if is_local:
            env.names[fact.key] = (binding,)
        else:
            env.chains[fact.key] = (binding,)

    def _rejoin(self, before: Environment, one: Environment, other: Environment) -> Environment:
        """After an expression with branches nothing but walruses can have changed."""
        if one is before and other is before:
            return before
        return self.walk.merge(one, other)
