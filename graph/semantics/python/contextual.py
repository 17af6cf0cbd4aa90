"""What the parameters of a lambda are, by the type that is expected where it stands.

Rules: the typing specification leaves the inference to checkers; all of them take a lambda's parameters from
the declared callable that it is passed or assigned to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN_VALUE,
    Bound,
    Callback,
    ClassEntity,
    Entity,
    Function,
    Instance,
    Value,
    join,
)
from isg.graph.semantics.python.classes import Member
from isg.parsers import operators as op

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python


class _Callee(NamedTuple):
    """A function that is called with a lambda, and what it is called on."""

    module: Module
    symbol: int
    receiver: Entity | None


class Contextual:
    """Parameters of lambdas."""

    def __init__(self, python: Python) -> None:
        self._python = python

    def parameter(self, module: Module, expected: int, position: int) -> Value:
        """What the lambda's parameter at a position holds, where this term is expected."""
        term = module.facts.terms[expected]
        if term[0] != op.EXPECTED:
            return self._passed(self._python.types.declared(module, expected), position)
        call = module.facts.terms[term[1]]
        arguments = Arguments.of(module, call)
        place = term[2]
        value = arguments.positional[place] if isinstance(place, int) else dict(arguments.keywords)[place]
        asked = [
            self._asked(callee, arguments, value, position)
            for entity in self._python.evaluator.value(module, int(call[1]))
            for callee in self._callees(entity)
        ]
        return join(*asked) if asked else UNKNOWN_VALUE

    def _callees(self, entity: Entity) -> Iterator[_Callee]:
        if isinstance(entity, Function):
            yield _Callee(entity.module, entity.symbol, None)
        elif isinstance(entity, Bound) and isinstance(entity.function, Function):
            yield _Callee(entity.function.module, entity.function.symbol, entity.receiver)
        elif isinstance(entity, ClassEntity):
            yield from self._constructors(entity)

    def _constructors(self, class_: ClassEntity) -> Iterator[_Callee]:
        for name in ("__init__", "__new__"):
            found = self._python.classes.find(class_, name)
            if isinstance(found, Member):
                owner = found.owner.module
                symbols = (owner.facts.bindings[b].symbol for b in found.bindings)
                receiver = self._python.universe.instance(class_)
                yield from (_Callee(owner, symbol, receiver) for symbol in symbols if symbol >= 0)
                return

    def _asked(self, callee: _Callee, arguments: Arguments, term: int, position: int) -> Value:
        """What a function says that it passes to the argument that this term is."""
        module, symbol, receiver = callee
        python = self._python
        python.consult(module, "call", module.path, module.qualified[symbol])
        signatures = module.facts.symbols[symbol].signatures
        if not signatures:
            return UNKNOWN_VALUE
        chosen = python.overloads.choose(module, signatures, receiver, arguments)
        for parameter, given in python.calls.pair(module.facts.signatures[chosen], receiver, arguments):
            if given.term == term and parameter.annotation:
                passed = self._passed(python.types.declared(module, parameter.annotation), position)
                if not python.variables.is_open(passed):
                    return passed
                mapping = python.calls.solve(module, chosen, receiver, arguments, but_for=term)
                if mapping is None:
                    return NOTHING
                python.calls.map_owner(module, symbol, receiver, mapping)
                return python.variables.substitute(passed, mapping, receiver)
        return UNKNOWN_VALUE

    def _passed(self, expected: Value, position: int) -> Value:
        """What callables of a declared type are called with."""
        found = [
            value
            for entity in expected
            for value in (self._of_callback(entity, position) or self._of_protocol(entity, position),)
            if value
        ]
        return join(*found) if found else UNKNOWN_VALUE

    def _of_callback(self, entity: Entity, position: int) -> Value:
        if not isinstance(entity, Callback) or position >= len(entity.parameters):
            return NOTHING
        return entity.parameters[position]

    def _of_protocol(self, entity: Entity, position: int) -> Value:
        """What the ``__call__`` of a protocol takes."""
        python = self._python
        if not isinstance(entity, Instance) or entity.type.module.library:
            return NOTHING
        result: list[Value] = []
        for method in python.members.value(entity, "__call__"):
            if isinstance(method, Bound) and isinstance(method.function, Function):
                module, symbol = method.function.module, method.function.symbol
                python.consult(module, "call", module.path, module.qualified[symbol])
                signature = module.facts.signatures[module.facts.symbols[symbol].signatures[-1]]
                taken = signature.parameters[1:]
                if position < len(taken):
                    result.append(python.types.declared(module, taken[position].annotation))
        return python.variables.substitute(join(*result), python.classes.mapping(entity.type), entity)
