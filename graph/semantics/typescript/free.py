"""Which type variables a term may speak of, told from the facts alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.values import TypeVariable
from isg.parsers import operators as op
from isg.parsers.facts import BindingKind, ScopeKind
from isg.parsers.terms import Term

if TYPE_CHECKING:
    from isg.graph.linking.values import Universe

_ALL_TERMS = frozenset(
    [
        op.AWAIT, op.ITER, op.AITER, op.ENTER, op.AENTER, op.REST, op.LIST, op.SET, op.DICT,
        op.TUPLE, op.GENERATOR, op.UNION, op.NARROW, op.EXCLUDE, op.ANNOTATION, op.DECORATE,
        op.CAUGHT, op.STAR, op.SUBTYPE, op.COLLECT, op.INDEX, op.INTERSECTION, op.TYPEOF, op.TRY,
        op.NON_NULL, op.DEREF, op.CONDITIONAL, op.MAPPED, op.KEYS,
    ]
)  # fmt: skip
_FIRST = frozenset([op.MEMBER, op.TYPE_MEMBER, op.ITEM, op.EXPECTED])


class FreeVariables:
    """Type variables by term and by signature; more than there are rather than fewer."""

    def __init__(self, universe: Universe) -> None:
        self._universe = universe
        self._of_terms: dict[tuple[Module, int], frozenset[TypeVariable]] = {}
        self._of_signatures: dict[tuple[Module, int], frozenset[TypeVariable]] = {}

    def of_term(self, module: Module, term: int) -> frozenset[TypeVariable]:
        key = (module, term)
        found = self._of_terms.get(key)
        if found is None:
            found = self._of_terms[key] = frozenset(self._walk(module, [term], []))
        return found

    def of_signature(self, module: Module, signature: int) -> frozenset[TypeVariable]:
        key = (module, signature)
        found = self._of_signatures.get(key)
        if found is None:
            found = self._of_signatures[key] = frozenset(self._walk(module, [], [signature]))
        return found

    def _walk(self, module: Module, terms: list[int], signatures: list[int]) -> Iterator[TypeVariable]:
        seen = set(terms)
        seen_signatures = set(signatures)
        while terms or signatures:
            if signatures:
                signature = signatures.pop()
                yield from self._around(module, module.facts.signatures[signature].scope)
                inner = self._of_parts(module, signature)
                inner_signatures: list[int] = []
            else:
                expression = module.facts.terms[terms.pop()]
                yield from self._named(module, expression)
                inner, inner_signatures = _operands(expression)
            terms += [t for t in inner if t > 0 and t not in seen]
            seen.update(inner)
            signatures += [g for g in inner_signatures if g not in seen_signatures]
            seen_signatures.update(inner_signatures)

    def _of_parts(self, module: Module, signature: int) -> list[int]:
        fact = module.facts.signatures[signature]
        return [fact.returns, *(parameter.annotation for parameter in fact.parameters)]

    def _named(self, module: Module, expression: Term) -> Iterator[TypeVariable]:
        operator = expression[0]
        if operator == op.TYPE_NAME:
            yield from self._type_name(module, int(expression[1]), str(expression[2]))
        elif operator == op.NAME:
            yield from self._around(module, int(expression[1]))
        elif operator == op.USE:
            for binding in expression[1:]:
                yield from self._around(module, module.facts.bindings[int(binding)].scope)
        elif operator == op.PARAMETER:
            yield from self._around(module, module.facts.signatures[int(expression[1])].scope)
        elif operator in (op.SYMBOL, op.RECEIVER):
            yield from self._around(module, module.facts.symbols[int(expression[1])].scope)

    def _type_name(self, module: Module, scope: int, name: str) -> Iterator[TypeVariable]:
        scopes, bindings = module.facts.scopes, module.facts.bindings
        while scope >= 0:
            for binding in scopes[scope].names.get(name, ()):
                if bindings[binding].kind is BindingKind.TYPE_PARAMETER:
                    yield self._universe.type_variable(module, binding)
                    return
            scope = scopes[scope].parent

    def _around(self, module: Module, scope: int) -> Iterator[TypeVariable]:
        scopes = module.facts.scopes
        while scope >= 0:
            if scopes[scope].kind is ScopeKind.TYPE_PARAMETERS:
                for bindings in scopes[scope].names.values():
                    yield self._universe.type_variable(module, bindings[0])
            scope = scopes[scope].parent


def _operands(expression: Term) -> tuple[list[int], list[int]]:
    """The terms and the signatures inside a term."""
    operator = expression[0]
    if operator in _ALL_TERMS:
        return [int(t) for t in expression[1:]], []
    if operator in _FIRST:
        return [int(expression[1])], []
    if operator in (op.CALL, op.NEW):
        count = int(expression[2])
        return [
            int(expression[1]),
            *map(int, expression[3 : 3 + count]),
            *map(int, expression[4 + count :: 2]),
        ], []
    if operator == op.OBJECT:
        return [int(t) for t in expression[2::2]], []
    if operator in (op.OPERATE, op.UNARY):
        return [int(t) for t in expression[2:]], []
    if operator in (op.LAMBDA, op.CALLABLE):
        return [], [int(expression[1])]
    return [], []
