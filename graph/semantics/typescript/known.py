"""Functions whose meaning is part of the language and that a stub's types cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.values import NOTHING, Bound, Entity, Function, Value, join
from isg.parsers import operators as op

if TYPE_CHECKING:
    from isg.graph.semantics.typescript.language import TypeScript


class Known:
    """Calls that the language itself gives a meaning.

    `bind`, `call` and `apply` (ECMA-262 §20.2.3); `Promise.all` of a display (§27.2.4).
    """

    def __init__(self, typescript: TypeScript) -> None:
        self._typescript = typescript

    def call(self, entity: Entity, arguments: Arguments) -> Value | None:
        """What such a function gives; None for any other."""
        if isinstance(entity, Function):
            return self._all(arguments) if _name(entity) == "Promise.all" else None
        if not isinstance(entity, Bound) or not isinstance(entity.function, Function):
            return None
        name = _name(entity.function)
        if not name or not self._typescript.calls.callables(entity.receiver):
            return None
        if name == "Function.bind":
            return (entity.receiver,)
        if name in ("Function.call", "Function.apply"):
            inner = arguments.positional[1:] if name == "Function.call" else ()
            return self._typescript.calls.call(entity.receiver, Arguments(arguments.module, inner))
        return None

    def _all(self, arguments: Arguments) -> Value | None:
        """`Promise.all([a, b])`: each position of the display keeps its own type."""
        module = arguments.module
        if module is None or not arguments.positional or arguments.positional[0] <= 0:
            return None
        operator, *parts = module.facts.terms[arguments.positional[0]]
        terms = [int(part) for part in parts] if operator == op.LIST else []
        if not terms or any(module.facts.terms[term][0] == op.STAR for term in terms):
            return None
        items = tuple(self._settled(module, term) for term in terms)
        if not all(items):
            return NOTHING
        return self._typescript.container(module, "Promise", (self._typescript.universe.tuple_(items),))

    def _settled(self, module: Module, term: int) -> Value:
        values = self._typescript.evaluator.value(module, term)
        return join(*[self._typescript.awaited(entity) for entity in values])


def _name(function: Function) -> str:
    """The name of a function of the library; of any other none."""
    return function.module.qualified[function.symbol] if function.module.library else ""
