"""Operators: the methods of the data model, in place and reflected (language reference §3.3.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN_VALUE,
    Entity,
    Instance,
    Value,
    join,
)
from isg.parsers import operators as op

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python


_REFLECTED = {
    f"__{name}__": f"__r{name}__"
    for name in [
        "add",
        "sub",
        "mul",
        "matmul",
        "truediv",
        "floordiv",
        "mod",
        "divmod",
        "pow",
        "lshift",
        "rshift",
        "and",
        "xor",
        "or",
    ]
}
_IN_PLACE = {f"__i{method[2:]}": method for method in _REFLECTED}
_COMPARISONS = frozenset(f"__{name}__" for name in ["eq", "ne", "lt", "le", "gt", "ge", "contains"])


_LITERALS = frozenset({op.STRING, op.INTEGER, op.LITERAL, op.LIST, op.TUPLE, op.DICT, op.SET})


class Operators:
    """What operators give."""

    def __init__(self, python: Python) -> None:
        self._python = python

    def fallbacks(self, method: str) -> tuple[str, ...]:
        """The methods that are tried where a type has not this one."""
        if method == "__iter__":
            return ("__getitem__",)
        return (_IN_PLACE[method],) if method in _IN_PLACE else ()

    def operate(self, module: Module, method: str, left: int, right: int) -> Value:
        """What a binary operator, given by its method, gives for two terms."""
        reflected = self._reflected(module, method, left, right)
        if reflected:
            return reflected
        result: list[Value] = []
        argument = Arguments(module, (right,))
        for entity in self._python.evaluator.value(module, left):
            result.append(self._operate(entity, method, argument))
        value = join(*result)
        if value and not self._python.types.is_concrete(value) and method in _REFLECTED:
            for entity in self._python.evaluator.value(module, right):
                if self._python.calls.has_method(entity, _REFLECTED[method]):
                    value = join(
                        value,
                        self._python.calls.call_method(
                            entity, _REFLECTED[method], Arguments(module, (left,))
                        ),
                    )
        return value

    def _reflected(self, module: Module, method: str, left: int, right: int) -> Value:
        """What the right operand makes of a built-in one, which knows nothing of it: ``"a" + element``."""
        evaluator, calls = self._python.evaluator, self._python.calls
        name = _REFLECTED.get(method)
        if name is None or module.facts.terms[left][0] not in _LITERALS:
            return NOTHING
        values = evaluator.value(module, right)
        if not values or not all(
            isinstance(e, Instance) and not e.type.module.library and calls.has_method(e, name)
            for e in values
        ):
            return NOTHING
        return join(*[calls.call_method(e, name, Arguments(module, (left,))) for e in values])

    def _operate(self, entity: Entity, method: str, argument: Arguments) -> Value:
        for name in (method, _IN_PLACE.get(method)):
            if name is not None and self._python.calls.has_method(entity, name):
                return self._python.calls.call_method(entity, name, argument)
        if method in _COMPARISONS:
            return self._python.stubs.literal("bool")
        plain = self._python.known.plain(entity)
        if isinstance(plain, Instance) and plain.type.module.library:
            return (plain,)
        return UNKNOWN_VALUE
