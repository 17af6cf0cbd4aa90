"""What a macro gives whose rule is one expression: its transcriber, with the arguments in place.

Rules: The Rust Reference, "Macros by example". ``$x`` is a parameter of the rule, and a name that a pattern
of the transcriber binds is what it matches; the rest of an expression stands for what it says by itself. The
compiler ends endless expansions by a limit on how deep they go; here a macro is not expanded inside its own
expansion, and what a use expands to has at most so many terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.values import NOTHING, UNKNOWN_VALUE, Entity, Value, join
from isg.graph.semantics.rust.entities import Item
from isg.parsers import operators as op
from isg.parsers.facts import ParameterKind, Signature
from isg.parsers.terms import Term

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

_TERMS = 1000  # a bound on the terms that one use of a macro expands to
_NO_EXPRESSION = frozenset({"@", "#", "=>", "=", ".", ",", ";", "?"})  # tokens that no expression begins with
_TRANSPARENT = frozenset({op.DEREF, op.NON_NULL})


class _Fit(Enum):
    """Whether a rule takes what a macro is used on."""

    NO = 0
    MAYBE = 1
    YES = 2


@dataclass(slots=True)
class _Use:
    """The outermost use of a macro: what of its bound on terms is left."""

    terms: int = _TERMS


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule of a macro, what it is used on, and the macros that are being expanded."""

    module: Module
    signature: int
    arguments: Arguments
    expanding: frozenset[Item]
    use: _Use


class Expansion:
    """Evaluates uses of macros."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust

    def of(self, macro: Item, arguments: Arguments) -> Value:
        """What using a macro gives, where all rules that may be meant give the same."""
        return self._expanded(macro, arguments, frozenset(), _Use())

    def _expanded(self, macro: Item, arguments: Arguments, expanding: frozenset[Item], use: _Use) -> Value:
        if macro in expanding:
            return UNKNOWN_VALUE
        module, fact = macro.module, macro.module.facts.symbols[macro.symbol]
        self._rust.consult(module, "symbol", module.path, module.qualified[macro.symbol])
        found: dict[Value, None] = {}
        for index in fact.signatures:
            signature = module.facts.signatures[index]
            fit = _fit(signature, arguments)
            if fit is not _Fit.NO:
                rule = _Rule(module, index, arguments, expanding | {macro}, use)
                found[join(*[self._value(rule, t) for t in signature.returned]) or UNKNOWN_VALUE] = None
            if fit is _Fit.YES:
                break
        return next(iter(found)) if len(found) == 1 else UNKNOWN_VALUE

    def _value(self, rule: _Rule, term: int) -> Value:
        rule.use.terms -= 1
        if rule.use.terms < 0 or term <= 0:
            return UNKNOWN_VALUE
        before = self._rust.reading(rule.module)
        try:
            return self._of_term(rule, term, rule.module.facts.terms[term])
        finally:
            self._rust.reading(before)

    def _of_term(self, rule: _Rule, term: int, expression: Term) -> Value:
        operator, rust = expression[0], self._rust
        if operator == op.PARAMETER and expression[1] == rule.signature:
            return rust.calls.argument(rule.arguments, int(expression[2]))
        if operator == op.USE:
            return join(*[self._bound(rule, int(binding)) for binding in expression[1:]])
        if operator == op.UNION:
            return join(*[self._value(rule, int(t)) for t in expression[1:]])
        if operator in _TRANSPARENT:
            return self._value(rule, int(expression[1]))
        if operator == op.TRY:
            return join(*[rust.operators.tried(e) for e in self._value(rule, int(expression[1]))])
        if operator == op.PAYLOAD:
            subject = self._value(rule, int(expression[1]))
            return rust.patterns.within(rule.module, subject, int(expression[2]), str(expression[3]))
        if operator == op.MEMBER:
            subject = self._value(rule, int(expression[1]))
            return join(*[rust.member(e, str(expression[2])) for e in subject])
        if operator == op.CALL:
            return self._call(rule, expression)
        return rust.evaluator.value(rule.module, term)

    def _bound(self, rule: _Rule, binding: int) -> Value:
        fact = rule.module.facts.bindings[binding]
        if fact.declared or not fact.term:
            return self._rust.reaching_value(rule.module, binding)
        return self._value(rule, fact.term)

    def _call(self, rule: _Rule, expression: Term) -> Value:
        count = int(expression[2])
        given = tuple([self._value(rule, int(t)) for t in expression[3 : 3 + count]])
        callees = self._value(rule, int(expression[1]))
        if not all(given):
            return NOTHING
        return join(*[self._call_entity(rule, e, Arguments(None, given=given)) for e in callees])

    def _call_entity(self, rule: _Rule, entity: Entity, arguments: Arguments) -> Value:
        if isinstance(entity, Item) and entity.module.facts.symbols[entity.symbol].kind == "macro":
            return self._expanded(entity, arguments, rule.expanding, rule.use)
        return self._rust.calls.call(entity, arguments)


def _fit(signature: Signature, arguments: Arguments) -> _Fit:
    """How a rule fits: the first that takes the arguments is used, but not all of them are expressions."""
    are_known = all(arguments.positional) and not arguments.keywords
    last = signature.parameters[-1] if signature.parameters else None
    if last is not None and last.kind is ParameterKind.VARIADIC:
        return _Fit.NO if are_known and last.name in _NO_EXPRESSION else _Fit.MAYBE
    if len(signature.parameters) != len(arguments.given) + len(arguments.positional):
        return _Fit.NO
    return _Fit.YES if are_known else _Fit.MAYBE
