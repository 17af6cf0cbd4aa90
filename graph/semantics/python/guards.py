"""Functions that say what their truth tells of their first argument: ``TypeGuard[T]`` and ``TypeIs[T]``.

Rules: the typing specification, chapter on type narrowing (user-defined type guards).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.values import NOTHING, Bound, Entity, Function, Value, join
from isg.parsers import operators as op

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python

_STRICT = "TypeIs"
_GUARDS = frozenset({"typing.TypeGuard", "typing.TypeIs"})


class _Told(NamedTuple):
    """What an argument is an instance of where a guard holds."""

    value: Value
    strict: bool  # where it does not hold, the argument is none


class Guards:
    """Narrows values by calls of guards."""

    def __init__(self, python: Python) -> None:
        self._python = python

    def tested(self, module: Module, value: Value, call: int, *, holds: bool) -> Value:
        """What is left of the first argument of a call where the call is true, or is not."""
        term = module.facts.terms[call]
        callees = self._python.evaluator.value(module, int(term[1]))
        told = [t for e in callees for t in (self._told(e, Arguments.of(module, term)),) if t is not None]
        if not told:
            return value
        return join(*[self._left(value, each, holds) for each in told])

    def _left(self, value: Value, told: _Told, holds: bool) -> Value:
        if not value or not told.value:
            return NOTHING
        if not told.strict:
            return told.value if holds else value
        classes = self._python.types.classes_of(told.value)
        narrowing = self._python.narrowing
        return narrowing.narrow(value, classes) if holds else narrowing.exclude(value, classes)

    def _told(self, entity: Entity, arguments: Arguments) -> _Told | None:
        """What a callee tells; None where it is no guard."""
        receiver = entity.receiver if isinstance(entity, Bound) else None
        function = entity.function if isinstance(entity, Bound) else entity
        if not isinstance(function, Function):
            return None
        module, python = function.module, self._python
        python.consult(module, "call", module.path, module.qualified[function.symbol])
        signatures = module.facts.symbols[function.symbol].signatures
        if not any(self._guarded(module, signature) for signature in signatures):
            return None
        chosen = python.overloads.choose(module, signatures, receiver, arguments)
        guarded = self._guarded(module, chosen)
        if guarded is None:
            return None
        type_, strict = guarded
        value = python.types.declared(module, type_)
        if python.variables.is_open(value):
            mapping = python.calls.solve(module, chosen, receiver, arguments)
            if mapping is None:
                return _Told(NOTHING, strict)
            python.calls.map_owner(module, function.symbol, receiver, mapping)
            value = python.variables.substitute(value, mapping, receiver)
        return _Told(value, strict)

    def _guarded(self, module: Module, signature: int) -> tuple[int, bool] | None:
        """The type that a signature guards, and whether it tells as much where it does not hold."""
        terms = module.facts.terms
        returns = terms[module.facts.signatures[signature].returns]
        if returns[0] == op.ANNOTATION:
            returns = terms[int(returns[1])]
        if returns[0] != op.INDEX:
            return None
        names = map(self._python.stubs.library_name, self._python.evaluator.value(module, int(returns[1])))
        guard = next((name for name in names if name in _GUARDS), None)
        return None if guard is None else (int(returns[2]), guard.endswith(_STRICT))
