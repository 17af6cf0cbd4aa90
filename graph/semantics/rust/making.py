"""Types, made so that they stay small: what nests too deep in one is cut off and unknown.

So there are only so many types, and whatever is asked again and again until nothing changes comes to an end.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    UNKNOWN,
    ClassEntity,
    Entity,
    Foreign,
    Instance,
    TupleEntity,
    TypeVariable,
    Unknown,
    Value,
    union,
)
from isg.graph.semantics.rust.entities import (
    FunctionType,
    Opaque,
    Projection,
    TraitBound,
    TraitSelf,
    Wrapping,
)

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

_DEPTH = 6  # of a type: `Result<Option<Vec<(A, B)>>, E>` has five


class Making:
    """Makes types of bounded depth."""

    def __init__(self, rust: Rust) -> None:
        self._universe = rust.universe
        self._cuts: dict[tuple[Entity, int], Entity] = {}

    # the kinds of types

    def class_(self, module: Module, symbol: int, arguments: tuple[Value, ...] = ()) -> ClassEntity:
        return self._universe.intern(ClassEntity, module, symbol, self._all(arguments, _DEPTH - 1))

    def instance(self, class_: ClassEntity, arguments: tuple[Value, ...]) -> Instance:
        """A value of a type with these arguments."""
        return self._universe.instance(self.class_(class_.module, class_.symbol, arguments))

    def tuple_(self, items: tuple[Value, ...]) -> TupleEntity:
        return self._universe.intern(TupleEntity, self._all(items, _DEPTH - 1))

    def trait_bound(self, trait: ClassEntity, associated: tuple[tuple[str, Value], ...] = ()) -> TraitBound:
        limited = tuple([(name, self.cut(value, _DEPTH - 1)) for name, value in associated])
        return self._universe.intern(TraitBound, trait, limited)

    def function_type(self, parameters: tuple[Value, ...], result: Value) -> FunctionType:
        limited = self._all(parameters, _DEPTH - 1)
        return self._universe.intern(FunctionType, limited, self.cut(result, _DEPTH - 1))

    def opaque(self, bounds: Iterable[Entity]) -> Opaque:
        return self._universe.intern(Opaque, tuple(dict.fromkeys(bounds)))

    def projection(self, base: Entity, trait: ClassEntity | None, name: str) -> Entity:
        if base.depth >= _DEPTH:
            return UNKNOWN
        return self._universe.intern(Projection, base, trait, name)

    def foreign(self, name: str, arguments: tuple[Value, ...]) -> Foreign:
        """A value of a foreign type with these arguments."""
        if not any(self._is_own(entity) for value in arguments for entity in value):
            return self._universe.foreign(name)
        return self._universe.intern(Wrapping, name, self._all(arguments, _DEPTH - 1))

    def _is_own(self, entity: Entity) -> bool:
        """Whether something in a type is, or may turn out to be, the project's."""
        if isinstance(entity, Instance) and not entity.type.module.library:
            return True
        if isinstance(entity, TypeVariable | TraitSelf | Projection | Unknown):
            return True
        return any(self._is_own(each) for value in entity.nested() for each in value)

    # cutting

    def cut(self, value: Value, depth: int) -> Value:
        """The value with what is nested deeper made unknown."""
        if all(entity.depth <= depth for entity in value):
            return value
        return union(self._cut(entity, depth) for entity in value)

    def _all(self, values: tuple[Value, ...], depth: int) -> tuple[Value, ...]:
        return tuple([self.cut(value, depth) for value in values])

    def _cut(self, entity: Entity, depth: int) -> Entity:
        if entity.depth <= depth:
            return entity
        found = self._cuts.get((entity, depth))
        if found is None:
            found = self._cuts[entity, depth] = self._without_depth(entity, depth)
        return found

    def _without_depth(self, entity: Entity, depth: int) -> Entity:
        if depth <= 1:
            return UNKNOWN
        if isinstance(entity, Instance):
            class_ = entity.type
            arguments = self._all(class_.arguments, depth - 1)
            return self._universe.instance(
                self._universe.intern(ClassEntity, class_.module, class_.symbol, arguments)
            )
        if isinstance(entity, TupleEntity):
            return self._universe.intern(TupleEntity, self._all(entity.items, depth - 1))
        if isinstance(entity, FunctionType):
            parameters = self._all(entity.parameters, depth - 1)
            return self._universe.intern(FunctionType, parameters, self.cut(entity.result, depth - 1))
        return UNKNOWN
