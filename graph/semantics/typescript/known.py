"""Functions whose meaning is part of the language and that a stub's types cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.values import Bound, Entity, Function, Value

if TYPE_CHECKING:
    from isg.graph.semantics.typescript.language import TypeScript


class Known:
    """Calls that the language itself gives a meaning (ECMA-262 §20.2.3: `bind`, `call`, `apply`)."""

    def __init__(self, typescript: TypeScript) -> None:
        self._typescript = typescript

    def call(self, entity: Entity, arguments: Arguments) -> Value | None:
        """What such a function gives; None for any other."""
        if not isinstance(entity, Bound) or not isinstance(entity.function, Function):
            return None
        function = entity.function
        if not function.module.library or not self._typescript.calls.callables(entity.receiver):
            return None
        name = function.module.qualified[function.symbol]
        if name == "Function.bind":
            return (entity.receiver,)
        if name in ("Function.call", "Function.apply"):
            inner = arguments.positional[1:] if name == "Function.call" else ()
            return self._typescript.calls.call(entity.receiver, Arguments(arguments.module, inner))
        return None
