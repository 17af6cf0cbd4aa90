"""Evaluation of terms: what an expression of the source can denote.

Lazy (only what is asked for), memoised, and the same for every language: what differs is asked of the
:class:`~isg.graph.linking.semantics.Semantics` of the module's language. Answers inside cyclic
dependencies are least fixed points (see :mod:`isg.graph.linking.fixpoint`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import msgspec

from isg.graph.linking.fixpoint import Solver
from isg.graph.linking.module import Module
from isg.graph.linking.semantics import Semantics
from isg.graph.linking.values import NOTHING, UNKNOWN_VALUE, Universe, Value, join
from isg.parsers import operators as op
from isg.parsers.terms import Term

_Keywords: TypeAlias = tuple[tuple[str, int], ...]


class Arguments(msgspec.Struct, frozen=True):
    """The arguments of a call: terms of the module that calls, evaluated only when asked for."""

    module: Module | None
    positional: tuple[int, ...] = ()
    keywords: _Keywords = ()
    given: tuple[Value, ...] = ()  # values put before the positional terms

    @classmethod
    def of(cls, module: Module, term: Term) -> Arguments:
        """The arguments of a CALL term."""
        end = 3 + term[2]
        keywords = tuple(zip(term[end::2], term[end + 1 :: 2], strict=True)) if end < len(term) else ()
        return cls(module, term[3:end], keywords)


class Evaluator:
    """Values of terms, for modules of any language."""

    def __init__(self, universe: Universe, solver: Solver, semantics: Mapping[str, Semantics]) -> None:
        """``semantics`` are those of each family of languages."""
        self.universe = universe
        self.solver = solver
        self._semantics = semantics
        self._dispatch: dict[int, Callable[[Module, Term], Value]] = {
            op.UNKNOWN: lambda m, t: UNKNOWN_VALUE,
            op.NAME: self._name,
            op.USE: self._use,
            op.MEMBER: self._member,
            op.CALL: self._call,
            op.INDEX: self._index,
            op.AWAIT: self._await,
            op.ITER: self._iter,
            op.AITER: self._aiter,
            op.ENTER: self._enter,
            op.AENTER: self._aenter,
            op.ITEM: self._item,
            op.REST: self._rest,
            op.LITERAL: self._literal,
            op.STRING: self._string,
            op.INTEGER: self._integer,
            op.LIST: self._list,
            op.COLLECT: self._list,
            op.SET: self._set,
            op.DICT: self._dict,
            op.TUPLE: self._tuple,
            op.GENERATOR: self._generator,
            op.UNION: self._union,
            op.NARROW: self._narrow,
            op.EXCLUDE: self._exclude,
            op.SUBTYPE: self._subtype,
            op.ANNOTATION: self._annotation,
            op.LAMBDA: self._lambda,
            op.SYMBOL: self._symbol,
            op.DECORATE: self._decorate,
            op.OPERATE: self._operate,
            op.UNARY: self._unary,
            op.SUPER: self._super,
            op.IMPORTED: self._imported,
            op.PARAMETER: self._parameter,
            op.CAUGHT: self._caught,
            op.STAR: self._star,
        }

    def semantics(self, module: Module) -> Semantics:
        return self._semantics[module.family]

    def value(self, module: Module, term: int) -> Value:
        """What a term of a module can denote; ``(UNKNOWN,)`` for term 0."""
        if term <= 0:
            return UNKNOWN_VALUE
        known = module.values
        found = known.get(term)
        if found is not None:
            return found
        expression = module.facts.terms[term]
        if expression[0] == op.MEMBER and known.get(expression[1]) == UNKNOWN_VALUE:
            known[term] = UNKNOWN_VALUE  # nothing is known of what it is a member of, and that is final
            return UNKNOWN_VALUE
        return self.solver.solve((module, "value", term), lambda: self._compute(module, term), NOTHING, join)

    def _compute(self, module: Module, term: int) -> Value:
        expression = module.facts.terms[term]
        semantics = self._semantics[module.family]
        evaluate = self._dispatch.get(expression[0], semantics.evaluate)
        if semantics.reader is module:
            return evaluate(module, expression)
        before = semantics.reading(module)
        try:
            return evaluate(module, expression)
        finally:
            semantics.reading(before)

    # names

    def _name(self, module: Module, term: Term) -> Value:
        return self.semantics(module).name_value(module, term[1], term[2])

    def _use(self, module: Module, term: Term) -> Value:
        semantics = self.semantics(module)
        if len(term) == 2:
            return semantics.reaching_value(module, term[1])
        return join(*[semantics.reaching_value(module, int(b)) for b in term[1:]])

    def _member(self, module: Module, term: Term) -> Value:
        receiver = self.value(module, term[1])
        semantics, name = self.semantics(module), term[2]
        if len(receiver) == 1:
            return semantics.member(receiver[0], name)
        return join(*[semantics.member(entity, name) for entity in receiver])

    def _imported(self, module: Module, term: Term) -> Value:
        return self.semantics(module).imported(module, term[1])

    def _symbol(self, module: Module, term: Term) -> Value:
        return self.semantics(module).symbol_value(module, term[1])

    def _parameter(self, module: Module, term: Term) -> Value:
        return self.semantics(module).parameter(module, term[1], term[2])

    # calls

    def _call(self, module: Module, term: Term) -> Value:
        semantics = self.semantics(module)
        arguments = Arguments.of(module, term)
        called = self.value(module, term[1])
        if len(called) == 1:
            return semantics.call(called[0], arguments)
        return join(*[semantics.call(entity, arguments) for entity in called])

    def _lambda(self, module: Module, term: Term) -> Value:
        return (self.universe.lambda_(module, term[1]),)

    def _decorate(self, module: Module, term: Term) -> Value:
        return self.semantics(module).decorate(module, term[1], term[2])

    def _super(self, module: Module, term: Term) -> Value:
        return self.semantics(module).super_(module, term[1], term[2])

    def _operate(self, module: Module, term: Term) -> Value:
        left, right = term[2], term[3]
        return self.semantics(module).operate(module, term[1], left, right)

    def _unary(self, module: Module, term: Term) -> Value:
        semantics, method = self.semantics(module), term[1]
        return join(*[semantics.protocol_call(e, method) for e in self.value(module, term[2])])

    # structure of values

    def _index(self, module: Module, term: Term) -> Value:
        return self.semantics(module).index(module, term[1], term[2])

    def _iter(self, module: Module, term: Term) -> Value:
        semantics = self.semantics(module)
        return join(*[semantics.iterate(e) for e in self.value(module, term[1])])

    def _aiter(self, module: Module, term: Term) -> Value:
        semantics = self.semantics(module)
        return join(*[semantics.iterate_async(e) for e in self.value(module, term[1])])

    def _await(self, module: Module, term: Term) -> Value:
        semantics = self.semantics(module)
        return join(*[semantics.awaited(e) for e in self.value(module, term[1])])

    def _enter(self, module: Module, term: Term) -> Value:
        semantics = self.semantics(module)
        return join(*[semantics.protocol_call(e, "__enter__") for e in self.value(module, term[1])])

    def _aenter(self, module: Module, term: Term) -> Value:
        semantics = self.semantics(module)
        entered = join(*[semantics.protocol_call(e, "__aenter__") for e in self.value(module, term[1])])
        return join(*[semantics.awaited(e) for e in entered])

    def _item(self, module: Module, term: Term) -> Value:
        semantics, position = self.semantics(module), term[2]
        return join(*[semantics.item(e, position) for e in self.value(module, term[1])])

    def _rest(self, module: Module, term: Term) -> Value:
        semantics = self.semantics(module)
        items = join(*[semantics.iterate(e) for e in self.value(module, term[1])])
        return semantics.container(module, "list", items)

    def _star(self, module: Module, term: Term) -> Value:
        return self._iter(module, term)

    # literals and displays

    def _literal(self, module: Module, term: Term) -> Value:
        return self.semantics(module).literal(term[1])

    def _string(self, module: Module, term: Term) -> Value:
        return (self.universe.string(term[1]),)

    def _integer(self, module: Module, term: Term) -> Value:
        return self.semantics(module).literal("int")

    def _elements(self, module: Module, terms: tuple[int | str, ...]) -> Value:
        """The union of elements; unknown for none, so that only what is not known yet is empty."""
        return join(*[self.value(module, int(t)) for t in terms]) if terms else UNKNOWN_VALUE

    def _list(self, module: Module, term: Term) -> Value:
        return self.semantics(module).container(module, "list", self._elements(module, term[1:]))

    def _set(self, module: Module, term: Term) -> Value:
        return self.semantics(module).container(module, "set", self._elements(module, term[1:]))

    def _dict(self, module: Module, term: Term) -> Value:
        keys = self._elements(module, tuple(k for k in term[1::2] if k))
        values = self._elements(module, term[2::2])
        return self.semantics(module).container(module, "dict", keys, values)

    def _tuple(self, module: Module, term: Term) -> Value:
        terms = module.facts.terms
        if any(terms[int(t)][0] == op.STAR for t in term[1:]):
            return self.semantics(module).container(module, "tuple", self._elements(module, term[1:]))
        items = tuple([self.value(module, int(t)) for t in term[1:]])
        return (self.universe.tuple_(items),) if all(items) else NOTHING

    def _generator(self, module: Module, term: Term) -> Value:
        return self.semantics(module).container(module, "Generator", self.value(module, term[1]))

    def _union(self, module: Module, term: Term) -> Value:
        return self._elements(module, term[1:])

    # types

    def _annotation(self, module: Module, term: Term) -> Value:
        return self.semantics(module).type_expression(module, term[1])

    def _caught(self, module: Module, term: Term) -> Value:
        return self.semantics(module).instances(self.value(module, term[1]))

    def _narrow(self, module: Module, term: Term) -> Value:
        return self.semantics(module).tested(module, term[1], term[2], holds=True)

    def _exclude(self, module: Module, term: Term) -> Value:
        return self.semantics(module).tested(module, term[1], term[2], holds=False)

    def _subtype(self, module: Module, term: Term) -> Value:
        subject, test = self.value(module, term[1]), self.value(module, term[2])
        return self.semantics(module).narrow_class(subject, test)
