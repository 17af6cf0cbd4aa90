"""What decorators make of definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN,
    Bound,
    Callback,
    ClassEntity,
    Entity,
    Foreign,
    Function,
    Instance,
    Lambda,
    Value,
    join,
)
from isg.graph.semantics.python.classes import CLASS_KINDS

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python


_DECORATORS = {
    "builtins.property": "property",
    "functools.cached_property": "property",
    "abc.abstractproperty": "property",
    "enum.property": "property",
    "types.DynamicClassAttribute": "property",
    "builtins.staticmethod": "static",
    "abc.abstractstaticmethod": "static",
    "builtins.classmethod": "class",
    "abc.abstractclassmethod": "class",
    "contextlib.contextmanager": "context",
    "contextlib.asynccontextmanager": "async context",
}


class Decorators:
    """Definitions behind their decorators."""

    def __init__(self, python: Python) -> None:
        self._python = python

    def decorate(self, module: Module, decorator: int, decorated: int) -> Value:
        """What a decorator makes of a definition: what it is given, unless it says otherwise."""
        inner = self._python.evaluator.value(module, decorated)
        return join(*[self._decorate(d, inner) for d in self._python.evaluator.value(module, decorator)])

    def _decorate(self, decorator: Entity, inner: Value) -> Value:
        kind = _DECORATORS.get(self._python.stubs.library_name(decorator) or "")
        if kind is not None:
            return tuple(self._python.universe.wrapped(kind, e) for e in inner)
        if not isinstance(decorator, Function | Bound | ClassEntity | Instance | Callback | Lambda):
            return inner
        if isinstance(decorator, ClassEntity) and self._is_property(decorator):
            return tuple(self._python.universe.wrapped("property", e) for e in inner)
        result = self._python.calls.call(decorator, Arguments(None, given=(inner,)))
        if not inner or not result:
            return NOTHING
        if not self._python.types.is_concrete(result):
            return inner
        if all(isinstance(e, ClassEntity) for e in inner):
            return result if all(isinstance(e, ClassEntity) for e in result) else inner
        return join(*[inner if self._is_wrapper(e) else (e,) for e in result])

    def _is_property(self, class_: ClassEntity) -> bool:
        return any(
            self._python.stubs.library_name(e) in ("builtins.property", "functools.cached_property")
            for e in self._python.classes.mro(class_)
        )

    def _is_wrapper(self, entity: Entity) -> bool:
        """A function made inside the decorator to stand for what it decorates."""
        if isinstance(entity, Lambda | Foreign) or entity is UNKNOWN:
            return True
        if not isinstance(entity, Function):
            return False
        symbols = entity.module.facts.symbols
        parent = symbols[entity.symbol].parent
        return parent > 0 and symbols[parent].kind not in CLASS_KINDS
