"""The functions and classes whose meaning is part of the language: ``cast``, ``type``, ``getattr`` …

What a stub can say with types stands in ``library/``; here is what types cannot say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN,
    UNKNOWN_VALUE,
    Bound,
    ClassEntity,
    Entity,
    External,
    Function,
    Instance,
    Lambda,
    Text,
    TupleEntity,
    TypeVariable,
    Value,
    Wrapped,
    join,
    union,
)

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python

_WRAPPERS = {
    "builtins.property": "property",
    "builtins.staticmethod": "static",
    "builtins.classmethod": "class",
}
_CAST = ("typing.cast", "typing_extensions.cast")
_NEW_TYPE = ("typing.NewType", "typing_extensions.NewType")
_NAMED_TUPLE = "typing.NamedTuple"
_REVEALING = ("typing.assert_type", "typing_extensions.assert_type")


class Known:
    """Calls that the language itself gives a meaning."""

    def __init__(self, python: Python) -> None:
        self._python = python

    def call(self, entity: External, arguments: Arguments) -> Value:
        """What calling something outside the project gives."""
        module, terms = arguments.module, arguments.positional
        universe = self._python.universe
        if module is not None and terms:
            if entity.name in _CAST:
                return self._python.types.type_expression(module, terms[0])
            if entity.name in _NEW_TYPE and len(terms) > 1:
                return self._python.types.classes_of(self._python.types.type_expression(module, terms[1]))
            if entity.name in _REVEALING:
                return self._python.evaluator.value(module, terms[0])
            if entity.name == "builtins.super" and len(terms) == 2:
                return self._super(module, terms[0], terms[1])
            if entity.name.endswith(".__new__"):
                return self._made(module, terms[0])
        return (universe.foreign(entity.name if entity.name.rpartition(".")[2][:1].isupper() else ""),)

    def _made(self, module: Module, class_: int) -> Value:
        """What ``super().__new__(cls)`` gives: an instance of the class that is passed."""
        classes = self._python.evaluator.value(module, class_)
        make, universe = self._python.parameters.instance_of_class, self._python.universe
        return union(
            make(e)
            if isinstance(e, ClassEntity)
            else universe.type_variable(e.module, e.binding)
            if isinstance(e, TypeVariable) and e.meta
            else UNKNOWN
            for e in classes
        )

    def _super(self, module: Module, type_: int, receiver: int) -> Value:
        evaluator, universe = self._python.evaluator, self._python.universe
        classes = [e for e in evaluator.value(module, type_) if isinstance(e, ClassEntity)]
        receivers = [
            e if isinstance(e, Instance | ClassEntity) else universe.instance(c)
            for c in classes
            for e in evaluator.value(module, receiver)
        ]
        return union(universe.proxy(c, r) for c in classes for r in receivers) or UNKNOWN_VALUE

    def construct(self, class_: ClassEntity, arguments: Arguments) -> Value | None:
        """What calling a class of the library gives where that is no plain instance; else None."""
        if not class_.module.library:
            return None
        name = class_.module.full_name(class_.symbol)
        module, terms = arguments.module, arguments.positional
        if name == "builtins.type":
            return self._type(module, terms)
        if name == _NAMED_TUPLE:
            return (class_,) if len(terms) == 2 else UNKNOWN_VALUE  # `NamedTuple("Point", fields)` is a class
        if name == "functools.partial" and module is not None and terms:
            universe = self._python.universe
            return tuple(
                universe.partial(e, len(terms) - 1) for e in self._python.evaluator.value(module, terms[0])
            )
        if name in _WRAPPERS and (terms or arguments.given):
            return self._wrapped(_WRAPPERS[name], module, terms, arguments)
        return None

    def _type(self, module: Module | None, terms: tuple[int, ...]) -> Value:
        if module is not None and len(terms) == 3:
            return self._derived(module, terms[1])
        if module is None or len(terms) != 1:
            return UNKNOWN_VALUE
        value = self._python.evaluator.value(module, terms[0])
        return self._python.types.classes_of(union(self._python.known.plain(e) for e in value))

    def _derived(self, module: Module, bases: int) -> Value:
        """What ``type(name, bases, namespace)`` makes: a class that is what its first base is."""
        for bases_ in self._python.evaluator.value(module, bases):
            if isinstance(bases_, TupleEntity) and bases_.items:
                return tuple(e for e in bases_.items[0] if isinstance(e, ClassEntity)) or UNKNOWN_VALUE
        return UNKNOWN_VALUE

    def _wrapped(
        self, kind: str, module: Module | None, terms: tuple[int, ...], arguments: Arguments
    ) -> Value:
        """What ``property(f)``, ``staticmethod(f)`` or ``classmethod(f)`` gives."""
        functions = arguments.given[0] if arguments.given else NOTHING
        if module is not None and terms:
            functions = self._python.evaluator.value(module, terms[0])
        universe = self._python.universe
        return tuple(
            universe.wrapped(kind, e) for e in functions if isinstance(e, Function | Lambda | Bound | Wrapped)
        )

    def function(self, module: Module, symbol: int, arguments: Arguments) -> Value | None:
        """What a function of the library gives where its stub cannot say it; else None."""
        caller, terms = arguments.module, arguments.positional
        if not module.library or caller is None or len(terms) < 2:
            return None
        return self._getattr(caller, terms) if module.full_name(symbol) == "builtins.getattr" else None

    def _getattr(self, module: Module, terms: tuple[int, ...]) -> Value:
        evaluator = self._python.evaluator
        names = [e.content for e in evaluator.value(module, terms[1]) if isinstance(e, Text)]
        receivers = evaluator.value(module, terms[0])
        values = [self._python.members.value(e, name) for e in receivers for name in names]
        return join(*values, *[evaluator.value(module, t) for t in terms[2:3]]) or UNKNOWN_VALUE

    def plain(self, entity: Entity) -> Entity:
        """An instance in place of a tuple or a text whose content is known."""
        if isinstance(entity, TupleEntity):
            return self._python.stubs.as_instance(entity)
        if isinstance(entity, Text):
            return self._python.stubs.literal("str")[0]
        return entity
