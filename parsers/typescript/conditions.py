"""Tests, and what the branches behind them know (TypeScript handbook, "Narrowing")."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from operator import attrgetter

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import BindingId, BindingKind, TermId
from isg.parsers.flow import Reaching
from isg.parsers.narrowing import Fact, Facts, Narrowing, Outcome
from isg.parsers.typescript.grammar import (
    ARGUMENTS,
    BINARY,
    CALL,
    IDENTIFIER,
    MEMBER,
    NON_NULL,
    PARENTHESIZED,
    STRING,
    TEMPLATE,
    THIS,
    UNARY,
)
from isg.parsers.typescript.readers import Reader
from isg.parsers.typescript.walk import MAX_DEPTH, Walk

_EQUAL = frozenset({"===", "=="})
_UNEQUAL = frozenset({"!==", "!="})
_GOING_ON: dict[str, Callable[[Outcome], Facts]] = {
    "&&": attrgetter("true"),
    "||": attrgetter("false"),
    "??": lambda _: (),
}
"""What holds on the right of an operator of logic."""
_LITERALS = frozenset({op.STRING, op.INTEGER, op.LITERAL, op.MEMBER})
_CHAINS = frozenset({IDENTIFIER, MEMBER, THIS, PARENTHESIZED, NON_NULL})
_TYPEOF_FACTS = frozenset(
    {"string", "number", "boolean", "bigint", "symbol", "undefined", "object", "function"}
)
_MOST_EITHER = 16  # a union of more types leaves some out
MAX_ARGUMENTS = 3  # of a call that may be a type guard


class Conditions(Narrowing):
    """Reads tests. ``test(node)`` reads one and says what its outcomes tell."""

    walk: Walk

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader
        self._tests = {
            PARENTHESIZED: self._parenthesized,
            UNARY: self._unary,
            BINARY: self._binary,
            CALL: self._call,
            MEMBER: self._member,
        }

    def begin(self) -> None:
        """A file begins: these are among its first terms."""
        self._boolean = self.walk.terms[(op.LITERAL, "boolean")]
        self._truthy = self.walk.terms[(op.LITERAL, "true")]

    def test(self, node: Node) -> Outcome:
        walk = self.walk
        handler = self._tests.get(walk.kinds[node.kind_id])
        if handler is None:
            return Outcome(self.reader.read(node))
        if walk.depth > MAX_DEPTH:
            return Outcome(walk.too_deep(node))
        walk.depth += 1
        outcome = handler(node)
        walk.depth -= 1
        return outcome

    # expressions whose value is a test

    def unary(self, node: Node) -> TermId:
        return self._unary(node).term

    def choose(self, node: Node) -> TermId:
        """``test ? a : b``: each value with what the test told."""
        walk = self.walk
        children = [child for child in node.named_children if child.kind_id not in walk.extras]
        if len(children) != 3:
            return self.reader.anything(node)
        walk.complexity += 1
        outcome = self.test(children[0])
        frame = walk.frame
        before = frame.env
        frame.env = self.behind(before, outcome.true)
        one = self.reader.read(children[1])
        after = frame.env
        frame.env = self.behind(before, outcome.false)
        other = self.reader.read(children[2])
        frame.env = self.rejoined(before, after, frame.env)
        return self.reader.union(one, other)

    def logical(self, node: Node, sign: str) -> Outcome:
        """``a && b && …``, ``a || b || …``, ``a ?? b ?? …``: each knows what those before it told."""
        walk = self.walk
        operands = self._operands(node, sign)
        walk.complexity += len(operands) - 1
        outcomes = self.in_turn(operands, _GOING_ON[sign])
        if sign == "&&":
            return Outcome(outcomes[-1].term, tuple(chain.from_iterable(each.true for each in outcomes)))
        *tried, last = (outcome.term for outcome in outcomes)
        terms = (walk.terms[(op.NON_NULL, term)] if term else 0 for term in tried)
        term = self.reader.union(*terms, last)
        if sign == "??":
            return Outcome(term)
        false = tuple(chain.from_iterable(outcome.false for outcome in outcomes))
        return Outcome(term, self._any_of([outcome.true for outcome in outcomes]), false)

    def _operands(self, node: Node, sign: str) -> list[Node]:
        """What an operator of logic stands between, in order: it groups from the left."""
        found: list[Node] = []
        while self.walk.kinds[node.kind_id] == BINARY:
            children = [child for child in node.children if child.kind_id not in self.walk.extras]
            if len(children) != 3 or children[1].type != sign:
                break
            found.append(children[2])
            node = children[0]
        return [node, *reversed(found)]

    # tests

    def _parenthesized(self, node: Node) -> Outcome:
        inner = [child for child in node.named_children if child.kind_id not in self.walk.extras]
        return self.test(inner[0]) if len(inner) == 1 else Outcome(self.reader.anything(node))

    def _unary(self, node: Node) -> Outcome:
        children = [child for child in node.children if child.kind_id not in self.walk.extras]
        sign, operand = children[0].type, children[-1]
        if sign == "!":
            outcome = self.test(operand)
            return Outcome(self._boolean, outcome.false, outcome.true)
        self.reader.read(operand)
        kind = {"typeof": "string", "void": "undefined", "delete": "boolean"}.get(sign, "number")
        return Outcome(self.walk.terms[(op.LITERAL, kind)])

    def _binary(self, node: Node) -> Outcome:
        children = [child for child in node.children if child.kind_id not in self.walk.extras]
        if len(children) != 3:
            return Outcome(self.reader.anything(node))
        left, sign_node, right = children
        sign = sign_node.type
        if sign in _GOING_ON:
            return self.logical(node, sign)
        if sign in _EQUAL or sign in _UNEQUAL:
            facts = self._equality(left, right)
            excluded = tuple(fact._replace(operator=op.EXCLUDE) for fact in facts)
            if sign in _EQUAL:
                return Outcome(self._boolean, facts, excluded)
            return Outcome(self._boolean, excluded, facts)
        if sign == "instanceof":
            value, cls = self.reader.read(left), self.reader.read(right)
            return self._about(left, value, cls)
        if sign == "in":
            key, value = self.reader.read(left), self.reader.read(right)
            row = self.walk.terms.rows[key]
            if row[0] != op.STRING:
                return Outcome(self._boolean)
            return self._about(right, value, self.walk.terms[(op.OBJECT, row[1], 0)])
        return Outcome(self.reader.operate(node))

    def _about(self, node: Node, value: TermId, type: TermId) -> Outcome:
        """The value is of the type where the test is true, and is not where it is false."""
        key = self._key(node)
        if key is None:
            return Outcome(self._boolean)
        return Outcome(
            self._boolean, (Fact(key, value, op.NARROW, type),), (Fact(key, value, op.EXCLUDE, type),)
        )

    def _equality(self, left: Node, right: Node) -> Facts:
        """``typeof x === "string"``, ``x.kind === "a"``, either way round; what holds where it is equal."""
        kinds = self.walk.kinds
        if kinds[left.kind_id] in (STRING, TEMPLATE) and kinds[right.kind_id] != STRING:
            left, right = right, left
        one = self.subject(left)
        return self.equal(one, self.reader.read(right))

    def subject(self, node: Node) -> tuple[Node, TermId, bool]:
        """What is compared: the node, its term, and whether it is the operand of ``typeof``."""
        walk = self.walk
        while walk.kinds[node.kind_id] == PARENTHESIZED and len(node.named_children) == 1:
            node = node.named_children[0]
        if walk.kinds[node.kind_id] == UNARY and node.children[0].type == "typeof":
            operand = node.children[-1]
            return operand, self.reader.read(operand), True
        return node, self.reader.read(node), False

    def equal(self, subject: tuple[Node, TermId, bool], value: TermId) -> Facts:
        """What holds where a subject equals a value."""
        walk = self.walk
        node, term, is_typeof = subject
        row = walk.terms.rows[value]
        if is_typeof:
            key = self._key(node)
            if key is None or row[0] != op.STRING or row[1] not in _TYPEOF_FACTS:
                return ()
            return (Fact(key, term, op.NARROW, walk.terms[(op.LITERAL, row[1])]),)
        if row[0] not in _LITERALS or walk.kinds[node.kind_id] != MEMBER:
            return ()
        return self._discriminant(node, value)

    def _discriminant(self, node: Node, value: TermId) -> Facts:
        """``x.kind`` being a literal tells which x is."""
        walk = self.walk
        owner = node.children[0]
        key = self._key(owner)
        if key is None:
            return ()
        subject = self._silently(owner)
        type = walk.terms[(op.OBJECT, walk.slice(node.children[-1]), value)]
        return (Fact(key, subject, op.NARROW, type),)

    def _member(self, node: Node) -> Outcome:
        """``if (x.ok)``: truth may tell which x is."""
        term = self.reader.read(node)
        if self.walk.kinds[node.children[0].kind_id] != IDENTIFIER:
            return Outcome(term)
        facts = self._discriminant(node, self._truthy)
        return Outcome(term, facts, tuple(fact._replace(operator=op.EXCLUDE) for fact in facts))

    def _call(self, node: Node) -> Outcome:
        """A function may say what its truth tells of an argument (a type predicate)."""
        walk = self.walk
        term = self.reader.read(node)
        row = walk.terms.rows[term]
        arguments = node.children[-1]
        if row[0] != op.CALL or walk.kinds[arguments.kind_id] != ARGUMENTS:
            return Outcome(term)
        nodes = [child for child in arguments.named_children if child.kind_id not in walk.extras]
        if not 0 < len(nodes) <= MAX_ARGUMENTS:
            return Outcome(term)
        facts = tuple(
            Fact(key, int(row[3 + at]), op.NARROW, term)
            for at, argument in enumerate(nodes)
            if (key := self._key(argument)) is not None and 3 + at < len(row)
        )
        return Outcome(term, facts, tuple(fact._replace(operator=op.EXCLUDE) for fact in facts))

    def _key(self, node: Node) -> str | None:
        if self.walk.kinds[node.kind_id] not in _CHAINS:
            return None
        key = self.reader.members.chain(node)
        return None if key == "this#" else key

    def _silently(self, node: Node) -> TermId:
        """The term of an expression whose references are made already."""
        references = self.walk.tables.references
        before = len(references)
        term = self.reader.read(node)
        del references[before:]
        return term

    def _any_of(self, facts: Sequence[Facts]) -> Facts:
        """``x is A || x is B`` tells that x is one of them."""
        first = facts[0][0] if facts[0] else None
        if first is None or first.operator != op.NARROW or len(facts) > _MOST_EITHER:
            return ()
        if not all(len(each) == 1 and each[0].is_about(first) for each in facts):
            return ()
        return (first._replace(type=self.reader.union(*(each[0].type for each in facts))),)

    # environments

    def narrowed(self, fact: Fact, before: Reaching) -> BindingId:
        walk = self.walk
        name = fact.key.rpartition(".")[2].partition("#")[0]
        value = walk.use(before) if before else fact.value
        term = walk.terms[(fact.operator, value, fact.type)]
        return walk.tables.binding(BindingKind.NARROWED, name, walk.scope.number, term)
