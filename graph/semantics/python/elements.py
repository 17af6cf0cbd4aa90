"""What iterating, subscripting, awaiting and unpacking a value give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN_VALUE,
    ClassEntity,
    Entity,
    External,
    Foreign,
    Instance,
    Text,
    TupleEntity,
    TypeVariable,
    Value,
    join,
)
from isg.graph.semantics.python.classes import Member
from isg.graph.semantics.python.types import special_name
from isg.parsers import operators as op

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python


class Elements:
    """Values inside values."""

    def __init__(self, python: Python) -> None:
        self._python = python

    def index(self, module: Module, container: int, index: int) -> Value:
        """What a subscript gives."""
        return join(*[self._index(module, e, index) for e in self._python.evaluator.value(module, container)])

    def _index(self, module: Module, entity: Entity, index: int) -> Value:
        if isinstance(entity, TupleEntity):
            term = module.facts.terms[index] if index > 0 else (op.UNKNOWN,)
            if term[0] == op.INTEGER:
                return self.item(entity, term[1])
            return join(*entity.items)
        if isinstance(entity, ClassEntity):
            if self._python.classes.info(entity.module, entity.symbol).enum:
                return (self._python.universe.instance(entity),)
            return self._python.types.classes_of(
                self._python.types.parametrise(module, entity, self._python.types.arguments_of(module, index))
            )
        if isinstance(entity, External):
            return (entity,) if special_name(entity.name) is None else UNKNOWN_VALUE
        if isinstance(entity, Foreign):
            return (self._python.universe.foreign(),)
        if isinstance(entity, Instance) and not entity.type.module.library:
            item = self._field_at(module, entity, index) or self._typed_item(module, entity, index)
            if item:
                return item
        return self._python.calls.call_method(entity, "__getitem__", Arguments(module, (index,)))

    def _field_at(self, module: Module, entity: Instance, index: int) -> Value:
        term = module.facts.terms[index] if index > 0 else (op.UNKNOWN,)
        return self._field(entity, term[1]) if term[0] == op.INTEGER else NOTHING

    def _typed_item(self, module: Module, entity: Instance, index: int) -> Value:
        """An item of a TypedDict by its literal key."""
        typed = any(
            self._python.classes.info(e.module, e.symbol).typed_dict
            for e in self._python.classes.mro(entity.type)
            if isinstance(e, ClassEntity)
        )
        if not typed:
            return NOTHING
        names = [e.content for e in self._python.evaluator.value(module, index) if isinstance(e, Text)]
        return join(*[self._python.members.value(entity, name) for name in names])

    def iterate(self, entity: Entity) -> Value:
        """What iterating over an entity gives."""
        if isinstance(entity, TupleEntity):
            return join(*entity.items)
        if isinstance(entity, Text):
            return self._python.stubs.literal("str")
        if isinstance(entity, ClassEntity):
            if self._python.classes.info(entity.module, entity.symbol).enum:
                return (self._python.universe.instance(entity),)
            return UNKNOWN_VALUE
        if isinstance(entity, TypeVariable):
            return join(
                *[
                    self.iterate(e)
                    for e in self._python.variables.bound_of(entity)
                    if not isinstance(e, TypeVariable)
                ]
            )
        return self._iterate_instance(entity, "typing.Iterable", "__iter__", "__next__")

    def iterate_async(self, entity: Entity) -> Value:
        """What asynchronous iteration gives."""
        value = self._iterate_instance(entity, "typing.AsyncIterable", "__aiter__", "__anext__")
        return join(*[self.awaited(e) if self._is_awaitable(e) else (e,) for e in value])

    def _iterate_instance(self, entity: Entity, protocol: str, start: str, step: str) -> Value:
        if isinstance(entity, Foreign):
            return (self._python.universe.foreign(),)
        if not isinstance(entity, Instance) or self._python.stubs.is_none(entity):
            return () if isinstance(entity, Instance) else UNKNOWN_VALUE
        wanted = self._python.stubs.library_class(protocol)
        own = self._python.classes.find(entity.type, start)
        if wanted is not None and not (isinstance(own, Member) and not own.owner.module.library):
            base = self._python.classes.as_base(entity.type, wanted)
            if base is not None:
                return base.arguments[0] if base.arguments else UNKNOWN_VALUE
        if not isinstance(own, Member):
            return (
                self._python.calls.call_method(entity, "__getitem__", Arguments(None))
                if self._python.calls.has_method(entity, "__getitem__")
                else UNKNOWN_VALUE
            )
        result: list[Value] = []
        calls = self._python.calls
        for iterator in calls.call_method(entity, start, Arguments(None)):
            other = iterator is not entity and isinstance(iterator, Instance)
            if other and not calls.has_method(iterator, step):
                result.append(UNKNOWN_VALUE)
            elif isinstance(iterator, Instance) and other and iterator.type.module.library:
                result.append(self._iterate_instance(iterator, protocol, start, step))
            else:
                result.append(calls.call_method(iterator, step, Arguments(None)))
        return join(*result)

    def _is_awaitable(self, entity: Entity) -> bool:
        wanted = self._python.stubs.library_class("typing.Awaitable")
        return (
            isinstance(entity, Instance)
            and wanted is not None
            and self._python.classes.is_subclass(entity.type, wanted)
        )

    def awaited(self, entity: Entity) -> Value:
        """What awaiting an entity gives, and ``yield from`` it: what the generator behind it returns."""
        if isinstance(entity, Foreign):
            return (self._python.universe.foreign(),)
        wanted = self._python.stubs.library_class("typing.Awaitable")
        if isinstance(entity, Instance) and wanted is not None:
            base = self._python.classes.as_base(entity.type, wanted)
            if base is not None:
                return base.arguments[0] if base.arguments else UNKNOWN_VALUE
            for made in (entity, *self._python.protocol_call(entity, "__await__")):
                returned = self._returned(made)
                if returned:
                    return returned
        return UNKNOWN_VALUE

    def _returned(self, entity: Entity) -> Value:
        """What a generator returns; nothing for all else."""
        generator = self._python.stubs.library_class("typing.Generator")
        if not isinstance(entity, Instance) or generator is None:
            return NOTHING
        base = self._python.classes.as_base(entity.type, generator)
        return base.arguments[2] if base is not None and len(base.arguments) > 2 else NOTHING

    def item(self, entity: Entity, position: int) -> Value:
        """The item of an unpacked entity; negative positions count from the end."""
        if isinstance(entity, TupleEntity):
            size = len(entity.items)
            return entity.items[position] if -size <= position < size else UNKNOWN_VALUE
        return self._field(entity, position) or self.iterate(entity)

    def _field(self, entity: Entity, position: int) -> Value:
        """The field at a position of a named tuple."""
        if not isinstance(entity, Instance) or entity.type.module.library:
            return NOTHING
        fields = self._python.classes.tuple_fields(entity.type)
        inside = -len(fields) <= position < len(fields)
        return self._python.members.value(entity, fields[position]) if inside else NOTHING
