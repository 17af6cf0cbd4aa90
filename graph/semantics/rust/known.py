"""What declarations do not say by themselves: ``collect`` and its like, and the methods that macros write."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN,
    UNKNOWN_VALUE,
    Bound,
    Entity,
    Function,
    Instance,
    TupleEntity,
    Unknown,
    Value,
)
from isg.graph.semantics.rust.generics import Mapping_, same_class

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

_COLLECTING = frozenset({"std::iter::Iterator::collect"})
_PROJECTING = frozenset({"project", "project_ref"})
_FALLIBLE = frozenset({"Result", "Option"})


class Known:
    """Completes what written types leave open."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust

    def refine(
        self, function: Function, through: Bound | None, mapping: Mapping_, explicit: tuple[Value, ...]
    ) -> None:
        """Fill the holes of ``collect::<Vec<_>>()`` with the items that are collected."""
        if through is None or not explicit or not function.module.library:
            return
        if function.module.full_name(function.symbol) not in _COLLECTING:
            return
        variables = self._rust.types.parameters(function.module, function.symbol)
        items = self._rust.iterate(through.receiver)
        for variable, written in zip(variables, explicit, strict=False):
            mapping[variable] = self.filled(written, items)

    def filled(self, written: Value, items: Value) -> Value:
        """A collection as written, its unknown arguments taken from the items that go into it."""
        return tuple([self._filled(entity, items) for entity in written])

    def _filled(self, entity: Entity, items: Value) -> Entity:
        if not self.has_hole((entity,)) or not isinstance(entity, Instance):
            return entity
        class_ = entity.type
        parameters = self._rust.types.parameters(class_.module, class_.symbol)
        given = class_.arguments or (UNKNOWN_VALUE,) * len(parameters)
        parts = self._parts(class_.module.facts.symbols[class_.symbol].name, given, items)
        values = tuple([self._known(known, parts, i) for i, known in enumerate(given)])
        return self._rust.making.instance(class_, values)

    def _parts(self, name: str, given: tuple[Value, ...], items: Value) -> tuple[Value, ...]:
        """What the arguments of a collection are by its items: those of a map are pairs."""
        first = items[0] if len(items) == 1 else None
        if name in _FALLIBLE and isinstance(first, Instance) and first.type.arguments and given:
            return (self.filled(given[0], first.type.arguments[0]), *first.type.arguments[1:])
        if len(given) > 1 and isinstance(first, TupleEntity):
            return first.items
        return (items,)

    def _known(self, known: Value, parts: tuple[Value, ...], position: int) -> Value:
        return parts[position] if self.has_hole(known) and position < len(parts) else known

    def projecting(self, receiver: Entity, name: str) -> Value:
        """The method of ``Pin<&mut Self>`` that gives the fields of a struct by reference.

        The crates pin-project and pin-project-lite write it; the type that it gives has the same fields.
        """
        pin = self._rust.library_trait("pin", "Pin") if name in _PROJECTING else None
        if pin is None:
            return NOTHING
        steps = list(self._rust.deref.steps(receiver))
        for outer, inner in pairwise(steps):
            if isinstance(outer, Instance) and same_class(outer.type, pin) and isinstance(inner, Instance):
                return (self._rust.making.function_type((), (inner,)),)
        return NOTHING

    def completed(self, value: Value, said: Value) -> Value:
        """Types with what they leave open as others say it, where they are of the same class."""
        if not self.has_hole(value):
            return value
        if UNKNOWN in value:
            return said or value
        return tuple([self._completed(entity, said) for entity in value])

    def _completed(self, entity: Entity, said: Value) -> Entity:
        making = self._rust.making
        for other in said:
            if isinstance(entity, TupleEntity) and isinstance(other, TupleEntity):
                return making.tuple_(self._each(entity.items, other.items))
            if isinstance(entity, Instance) and isinstance(other, Instance):
                class_, given = entity.type, other.type.arguments
                if same_class(class_, other.type):
                    return making.instance(class_, self._each(class_.arguments or given, given))
        return entity

    def _each(self, values: tuple[Value, ...], said: tuple[Value, ...]) -> tuple[Value, ...]:
        if len(values) != len(said):
            return values
        return tuple([self.completed(value, other) for value, other in zip(values, said, strict=True)])

    def has_hole(self, value: Value) -> bool:
        """Whether a type as written leaves something open."""
        return any(self._is_open(entity) for entity in value)

    def _is_open(self, entity: Entity) -> bool:
        if isinstance(entity, Unknown):
            return True
        if isinstance(entity, Instance) and not entity.type.arguments:
            return bool(self._rust.types.parameters(entity.type.module, entity.type.symbol))
        return any(self.has_hole(value) for value in entity.nested())
