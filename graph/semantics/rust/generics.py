"""Type variables: replacing them, and solving them from what they are matched with.

Rules: The Rust Reference, "Generic parameters" and "Associated items"; solving is first-order unification
(Robinson 1965) of a declared type with a known one. References are transparent, so that auto-ref is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from isg.graph.linking.values import (
    UNKNOWN_VALUE,
    Bound,
    ClassEntity,
    Entity,
    Foreign,
    Function,
    Instance,
    Lambda,
    TupleEntity,
    TypeVariable,
    Unknown,
    Value,
    join,
)
from isg.graph.semantics.rust.entities import (
    Applied,
    FunctionType,
    Item,
    Opaque,
    Projection,
    TraitBound,
    TraitSelf,
    TypePath,
    Wrapping,
)

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

Mapping_ = dict[Entity, Value]
_CALLABLE = (Bound, Function, Lambda, FunctionType, Applied, ClassEntity, Item)


class Generics:
    """Substitutes and solves type variables."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust
        self._open: dict[Entity, bool] = {}

    # substitution

    def is_open(self, value: Value) -> bool:
        """Whether something in the value waits for a type variable."""
        return any(self._is_open(entity) for entity in value)

    def _is_open(self, entity: Entity) -> bool:
        found = self._open.get(entity)
        if found is None:
            if isinstance(entity, TypeVariable | TraitSelf | Projection):
                found = True
            else:
                found = any(self.is_open(value) for value in entity.nested())
            self._open[entity] = found
        return found

    def substitute(self, value: Value, mapping: Mapping[Entity, Value]) -> Value:
        """The value with type variables replaced by what they stand for."""
        if not mapping or not self.is_open(value):
            return value
        return join(*[self._substitute(entity, mapping) for entity in value])

    def _substitute(self, entity: Entity, mapping: Mapping[Entity, Value]) -> Value:
        universe = self._rust.universe
        if isinstance(entity, TypeVariable | TraitSelf):
            return mapping.get(entity, (entity,))
        if not self._is_open(entity):
            return (entity,)
        if isinstance(entity, Instance):
            return (universe.instance(self.class_(entity.type, mapping)),)
        if isinstance(entity, ClassEntity):
            return (self.class_(entity, mapping),)
        if isinstance(entity, TupleEntity):
            return (self._rust.making.tuple_(tuple([self.substitute(v, mapping) for v in entity.items])),)
        if isinstance(entity, FunctionType):
            parameters = tuple([self.substitute(v, mapping) for v in entity.parameters])
            return (self._rust.making.function_type(parameters, self.substitute(entity.result, mapping)),)
        if isinstance(entity, Opaque):
            return (self._rust.making.opaque(e for b in entity.bounds for e in self._substitute(b, mapping)),)
        if isinstance(entity, TraitBound):
            return (self.bound(entity, mapping),)
        if isinstance(entity, Wrapping):
            arguments = tuple([self.substitute(v, mapping) for v in entity.arguments])
            return (self._rust.making.foreign(entity.name, arguments),)
        if isinstance(entity, TypePath):
            return tuple(self._rust.types.as_path(e) for e in self._substitute(entity.instance, mapping))
        if isinstance(entity, Projection):
            return self._project(entity, mapping)
        return (entity,)

    def _project(self, entity: Projection, mapping: Mapping[Entity, Value]) -> Value:
        base = self._substitute(entity.base, mapping)
        trait = self.class_(entity.trait, mapping) if entity.trait is not None else None
        if base == (entity.base,) and trait is entity.trait:
            return (entity,)
        return join(*[self._rust.projections.project(e, trait, entity.name) for e in base])

    def class_(self, class_: ClassEntity, mapping: Mapping[Entity, Value]) -> ClassEntity:
        if not class_.arguments:
            return class_
        arguments = tuple([self.substitute(v, mapping) for v in class_.arguments])
        if not all(arguments):
            arguments = tuple([v or UNKNOWN_VALUE for v in arguments])
        return self._rust.making.class_(class_.module, class_.symbol, arguments)

    def bound(self, bound: TraitBound, mapping: Mapping[Entity, Value]) -> TraitBound:
        associated = tuple([(name, self.substitute(v, mapping)) for name, v in bound.associated])
        return self._rust.making.trait_bound(self.class_(bound.trait, mapping), associated)

    # solving

    def match(self, pattern: Value, actual: Value, mapping: Mapping_) -> None:
        """Solve type variables of a declared type from what is passed where it is asked for."""
        for entity in pattern:
            if isinstance(entity, TypeVariable | TraitSelf):
                self._bind(entity, actual, mapping)
            elif self._is_open(entity):
                for other in actual:
                    self._match(entity, self._rust.plain(other), mapping)

    def _bind(self, variable: Entity, actual: Value, mapping: Mapping_) -> None:
        known = tuple([e for e in actual if not isinstance(e, Unknown)])
        if known and variable not in mapping:
            mapping[variable] = known

    def _match(self, pattern: Entity, actual: Entity, mapping: Mapping_) -> None:
        if isinstance(pattern, Instance):
            for step in self._rust.deref.steps(actual):
                if isinstance(step, Instance) and same_class(pattern.type, step.type):
                    self._match_all(pattern.type.arguments, step.type.arguments, mapping)
                    return
        elif isinstance(pattern, TupleEntity):
            if isinstance(actual, TupleEntity):
                self._match_all(pattern.items, actual.items, mapping)
        elif isinstance(pattern, FunctionType):
            self.match_callable(pattern, actual, mapping)
        elif isinstance(pattern, Opaque):
            self.match_bounds(pattern.bounds, actual, mapping)

    def _match_all(self, patterns: tuple[Value, ...], actual: tuple[Value, ...], mapping: Mapping_) -> None:
        for wanted, given in zip(patterns, actual, strict=False):
            self.match(wanted, given, mapping)

    def match_callable(self, pattern: FunctionType, actual: Entity, mapping: Mapping_) -> None:
        """Solve the variables of a function type's result from what is passed for it."""
        if not isinstance(actual, _CALLABLE):
            return
        if isinstance(actual, FunctionType):
            self._match_all(pattern.parameters, actual.parameters, mapping)
        if self.is_open(pattern.result):
            given = tuple([self.substitute(v, mapping) for v in pattern.parameters])
            self.match(pattern.result, self._rust.calls.apply(actual, given), mapping)

    def match_bounds(self, bounds: Iterable[Entity], actual: Entity, mapping: Mapping_) -> None:
        """Solve variables that stand in bounds from a type that meets them."""
        for bound in bounds:
            if isinstance(bound, FunctionType):
                self.match_callable(bound, actual, mapping)
            elif isinstance(bound, TraitBound) and self._is_open(bound):
                met = self._rust.projections.implements(actual, bound.trait)
                if met is None:
                    continue
                self._match_all(bound.trait.arguments, met.trait.arguments, mapping)
                for name, value in bound.associated:
                    given = self._rust.projections.project(actual, bound.trait, name)
                    self.match(value, given, mapping)

    # whether an impl is for a type

    def unifies(self, pattern: Value, actual: Entity, mapping: Mapping_) -> bool:
        """Whether the type that an impl is for can be this one; solves the variables of the impl."""
        return any(self._unifies(entity, actual, mapping) for entity in pattern)

    def _unifies(self, pattern: Entity, actual: Entity, mapping: Mapping_) -> bool:
        if isinstance(actual, Unknown):
            return True
        if isinstance(pattern, TypeVariable):
            known = mapping.get(pattern)
            if known is None:
                mapping[pattern] = (actual,)
            return True
        if isinstance(pattern, Projection):
            return True
        if isinstance(pattern, Instance):
            return (
                isinstance(actual, Instance)
                and same_class(pattern.type, actual.type)
                and self._unify_all(pattern.type.arguments, actual.type.arguments, mapping)
            )
        if isinstance(pattern, TupleEntity):
            return (
                isinstance(actual, TupleEntity)
                and len(pattern.items) == len(actual.items)
                and self._unify_all(pattern.items, actual.items, mapping)
            )
        if isinstance(pattern, FunctionType):
            return isinstance(actual, _CALLABLE)
        if isinstance(pattern, Opaque):
            return isinstance(actual, Opaque) and _shares_trait(pattern, actual)
        return isinstance(pattern, Foreign) and pattern is actual

    def _unify_all(self, patterns: tuple[Value, ...], actual: tuple[Value, ...], mapping: Mapping_) -> bool:
        for wanted, given in zip(patterns, actual, strict=False):
            if (
                wanted
                and given
                and not any(self.unifies(wanted, self._rust.plain(e), mapping) for e in given)
            ):
                return False
        return True


def same_class(one: ClassEntity, other: ClassEntity) -> bool:
    """Whether two are one type or trait, whatever their arguments."""
    return one.module is other.module and one.symbol == other.symbol


def _shares_trait(one: Opaque, other: Opaque) -> bool:
    traits = [b.trait for b in other.bounds if isinstance(b, TraitBound)]
    return any(
        isinstance(b, TraitBound) and any(same_class(b.trait, trait) for trait in traits) for b in one.bounds
    )


def closed(value: Value, variables: Iterable[Entity], mapping: Mapping_) -> Mapping_:
    """A mapping for all these variables: what is not solved is unknown."""
    return {**dict.fromkeys(variables, UNKNOWN_VALUE), **mapping} if value else mapping
