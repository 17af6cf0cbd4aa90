"""Tests, and what the branches behind them know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from operator import attrgetter

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, BindingId, BindingKind, TermId
from isg.parsers.flow import Reaching
from isg.parsers.narrowing import Fact, Facts, Held, Narrowing, Outcome
from isg.parsers.python.grammar import CALL, IDENTIFIER, kind, parts
from isg.parsers.python.operators import BOOL, COMPARISON_METHODS
from isg.parsers.python.readers import Reader
from isg.parsers.python.walk import MAX_DEPTH, Walk
from isg.parsers.terms import Term

_PARENTHESIZED = kind("parenthesized_expression")
_NOT = kind("not_operator")
_BOOLEAN = kind("boolean_operator")
_COMPARISON = kind("comparison_operator")
_NAMED = kind("named_expression")
_TELLING_NOTHING = frozenset({"all", "any", "bool", "callable", "getattr", "hasattr", "int", "len", "str"})
_INSTANCE_TESTS = frozenset({"isinstance", "issubclass"})
_TESTS = frozenset({_NOT, _BOOLEAN, _COMPARISON})
_GOING_ON: dict[str, Callable[[Outcome], Facts]] = {"and": attrgetter("true"), "or": attrgetter("false")}


class Conditions(Narrowing):
    """Reads tests. ``test(node)`` reads one and says what its outcomes tell."""

    walk: Walk

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader
        self._tests = {
            _PARENTHESIZED: self._parenthesized,
            _NOT: self._not,
            _BOOLEAN: self._boolean_test,
            _COMPARISON: self._comparison,
            CALL: self._call,
            IDENTIFIER: self._name,
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

    # variables that hold the outcome of a test

    def assigned(self, value: Node) -> Outcome | None:
        """The outcome of a test whose value a function assigns to a variable; None where it is no test."""
        is_call = value.kind_id == CALL and self.walk.slice(value.children[0]) in _INSTANCE_TESTS
        if not self.walk.frame.is_function or not (is_call or value.kind_id in _TESTS):
            return None
        return self.test(value)

    def hold(self, targets: Sequence[Node], outcome: Outcome) -> None:
        """A variable holds this outcome: as long as what was tested stays the same, it tells it, too."""
        if not (outcome.true or outcome.false) or len(targets) != 1 or targets[0].kind_id != IDENTIFIER:
            return
        names, before = self.walk.frame.env.names, self.walk.origins.before
        reaching = names.get(self.walk.slice(targets[0]), ())
        tested = {fact.key: before(names.get(fact.key, ())) for fact in (*outcome.true, *outcome.false)}
        if len(reaching) == 1 and all(tested.values()):
            self.walk.held[reaching[0]] = Held(outcome, tested)

    def _name(self, node: Node) -> Outcome:
        term = self.reader.read(node)
        walk = self.walk
        names = walk.frame.env.names
        reaching = names.get(walk.slice(node), ()) if walk.held else ()
        held = walk.held.get(reaching[0]) if len(reaching) == 1 else None
        before = walk.origins.before
        if held is None or any(before(names.get(key, ())) != known for key, known in held.tested.items()):
            return Outcome(term)
        return held.outcome._replace(term=term)

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
        frame.env = self.rejoined(before, after, frame.env)
        return self.reader.union(one, other)

    # tests

    def _parenthesized(self, node: Node) -> Outcome:
        inner = parts(node)[1:-1]
        return self.test(inner[0]) if len(inner) == 1 else Outcome(self.reader.anything(node))

    def _not(self, node: Node) -> Outcome:
        outcome = self.test(parts(node)[-1])
        return Outcome(BOOL, outcome.false, outcome.true)

    def _boolean_test(self, node: Node) -> Outcome:
        """``a and b and …``, ``a or b or …``: each knows what those before it told."""
        operands, sign = _operands(node)
        if len(operands) < 2:
            return Outcome(self.reader.anything(node))
        self.walk.complexity += len(operands) - 1
        outcomes = self.in_turn(operands, _GOING_ON[sign])
        term = self.reader.union(*(outcome.term for outcome in outcomes))
        if sign == "and":
            true = tuple(chain.from_iterable(outcome.true for outcome in outcomes))
            return Outcome(term, true, self._any_of([outcome.false for outcome in outcomes]))
        false = tuple(chain.from_iterable(outcome.false for outcome in outcomes))
        return Outcome(term, self._any_of([outcome.true for outcome in outcomes]), false)

    def _any_of(self, facts: Sequence[Facts]) -> Facts:
        """``isinstance(x, A) or isinstance(x, B)`` tells what ``isinstance(x, (A, B))`` does.

        So does ``not isinstance(x, A) and not isinstance(x, B)`` where it is false.
        """
        first = facts[0][0] if facts[0] else None
        if first is None or first.operator == op.EXCLUDE:
            return ()
        if not all(len(each) == 1 and each[0].is_about(first) for each in facts):
            return ()
        types = [each[0].type for each in facts]
        if any(self.walk.terms.rows[type_][0] == op.GUARDED for type_ in types):
            return ()
        return (first._replace(type=self.walk.terms[(op.TUPLE, *types)]),)

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
        name = self.walk.slice(function) if function.kind_id == IDENTIFIER else ""
        row = self.walk.terms.rows[term]
        if name in _TELLING_NOTHING or row[0] != op.CALL or not row[2]:
            return Outcome(term)
        subject = self._subject(node)
        if subject is None:
            return Outcome(term)
        if name not in _INSTANCE_TESTS:
            return self._guard(subject, term, row)
        if row[2] != 2:
            return Outcome(term)
        value, cls = int(row[3]), int(row[4])
        if name == "issubclass":
            return Outcome(term, (Fact(subject, value, op.SUBTYPE, cls),))
        return Outcome(
            term, (Fact(subject, value, op.NARROW, cls),), (Fact(subject, value, op.EXCLUDE, cls),)
        )

    def _guard(self, subject: str, call: TermId, row: Term) -> Outcome:
        """A function may say what its truth tells of its first argument (``TypeGuard``, ``TypeIs``)."""
        fact = Fact(subject, int(row[3]), op.NARROW, self.walk.terms[(op.GUARDED, call)])
        return Outcome(call, (fact,), (fact._replace(operator=op.EXCLUDE),))

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

    def narrowed(self, fact: Fact, before: Reaching) -> BindingId:
        walk = self.walk
        term = walk.terms[(fact.operator, fact.value, fact.type)]
        symbol = walk.tables.bindings[before[0]].symbol if before else NOTHING
        return walk.tables.binding(BindingKind.NARROWED, fact.key, walk.frame.scope, term, symbol=symbol)


def _operands(node: Node) -> tuple[list[Node], str]:
    """What ``and`` or ``or`` stand between, in order, and which of them; none where that is not plain."""
    found: list[Node] = []
    sign = ""
    while node.kind_id == _BOOLEAN:
        children = node.children if node.child_count == 3 else parts(node)
        if len(children) != 3 or children[1].type != (sign or children[1].type):
            break
        sign = children[1].type
        found.append(children[2])
        node = children[0]
    return [node, *reversed(found)], sign
