"""What a macro gives whose rule is one expression: its transcriber, with the arguments in place.

Rules: The Rust Reference, "Macros by example". ``$x`` is a parameter of the rule, and a name that a pattern
of the transcriber binds is what it matches; the rest of an expression stands for what it says by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.values import NOTHING, UNKNOWN_VALUE, Value, join
from isg.graph.semantics.rust.entities import Item
from isg.parsers.terms import Op, Term

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

_NESTED = 32  # a bound on how deep expressions nest in a transcriber
_TRANSPARENT = frozenset({Op.DEREF, Op.NON_NULL})


class _Rule(NamedTuple):
    """A rule of a macro, and what it is used on."""

    module: Module
    signature: int
    arguments: Arguments


class Expansion:
    """Evaluates uses of macros."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust

    def of(self, macro: Item, arguments: Arguments) -> Value:
        """What using a macro gives, by the first of its rules that takes as many arguments."""
        module, fact = macro.module, macro.module.facts.symbols[macro.symbol]
        self._rust.consult(module, "symbol", module.path, module.qualified[macro.symbol])
        for index in fact.signatures:
            signature = module.facts.signatures[index]
            if len(signature.parameters) == len(arguments.positional):
                rule = _Rule(module, index, arguments)
                return join(*[self._value(rule, t, _NESTED) for t in signature.returned]) or UNKNOWN_VALUE
        return UNKNOWN_VALUE

    def _value(self, rule: _Rule, term: int, depth: int) -> Value:
        if not depth or term <= 0:
            return UNKNOWN_VALUE
        before = self._rust.reading(rule.module)
        try:
            return self._of_term(rule, term, rule.module.facts.terms[term], depth - 1)
        finally:
            self._rust.reading(before)

    def _of_term(self, rule: _Rule, term: int, expression: Term, depth: int) -> Value:
        operator, rust = expression[0], self._rust
        if operator == Op.PARAMETER and expression[1] == rule.signature:
            return rust.calls.argument(rule.arguments, int(expression[2]))
        if operator == Op.USE:
            return join(*[self._bound(rule, int(binding), depth) for binding in expression[1:]])
        if operator == Op.UNION:
            return join(*[self._value(rule, int(t), depth) for t in expression[1:]])
        if operator in _TRANSPARENT:
            return self._value(rule, int(expression[1]), depth)
        if operator == Op.TRY:
            return join(*[rust.operators.tried(e) for e in self._value(rule, int(expression[1]), depth)])
        if operator == Op.PAYLOAD:
            subject = self._value(rule, int(expression[1]), depth)
            return rust.patterns.within(rule.module, subject, int(expression[2]), str(expression[3]))
        if operator == Op.MEMBER:
            subject = self._value(rule, int(expression[1]), depth)
            return join(*[rust.member(e, str(expression[2])) for e in subject])
        if operator == Op.CALL:
            return self._call(rule, expression, depth)
        return rust.evaluator.value(rule.module, term)

    def _bound(self, rule: _Rule, binding: int, depth: int) -> Value:
        fact = rule.module.facts.bindings[binding]
        if fact.declared or not fact.term:
            return self._rust.reaching_value(rule.module, binding)
        return self._value(rule, fact.term, depth)

    def _call(self, rule: _Rule, expression: Term, depth: int) -> Value:
        count = int(expression[2])
        given = tuple([self._value(rule, int(t), depth) for t in expression[3 : 3 + count]])
        callees = self._value(rule, int(expression[1]), depth)
        if not all(given):
            return NOTHING
        return join(*[self._rust.calls.call(e, Arguments(None, given=given)) for e in callees])
