"""Type variables: what they stand for, and putting that in their place.

Rules: the TypeScript handbook, "Generics". What they stand for in a call is found out in
:mod:`isg.graph.semantics.typescript.inference`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN_VALUE,
    Bound,
    ClassEntity,
    Entity,
    Instance,
    Lambda,
    Receiver,
    TupleEntity,
    TypeVariable,
    Value,
    join,
    union,
)
from isg.graph.semantics.typescript.entities import (
    Closure,
    Constructed,
    Deferred,
    Instantiated,
    Intersection,
    Mapped,
    ObjectLiteral,
    ObjectType,
    environment_of,
)
from isg.graph.semantics.typescript.free import FreeVariables

if TYPE_CHECKING:
    from isg.graph.semantics.typescript.language import TypeScript

_LOCATED = (ObjectLiteral, ObjectType, Closure, Deferred, Mapped)


class Generics:
    """Substitutes and solves type variables."""

    def __init__(self, typescript: TypeScript) -> None:
        self._typescript = typescript
        self.free = FreeVariables(typescript.universe)
        self._open: dict[Entity, bool] = {}

    # what a variable stands for

    def bound_of(self, variable: TypeVariable) -> Value:
        """Instances of what a type parameter extends."""
        return self._declared(variable, "bound")

    def default_of(self, variable: TypeVariable) -> Value | None:
        fact = variable.module.facts.bindings[variable.binding]
        return self._declared(variable, "default") if fact.term else None

    def _declared(self, variable: TypeVariable, which: str) -> Value:
        module = variable.module
        if self._typescript.reader is not module:
            self._typescript.consult(module, "variable", module.path, str(variable.binding))
        fact = module.facts.bindings[variable.binding]
        term = fact.term if which == "default" else fact.declared
        return self._typescript.types.type_of(module, term) if term else UNKNOWN_VALUE

    def complete(self, parameters: Iterable[TypeVariable], given: tuple[Value, ...]) -> tuple[Value, ...]:
        """A value for each type parameter: what is given, else its default, else unknown."""
        mapping: dict[TypeVariable, Value] = {}
        for position, parameter in enumerate(parameters):
            if position < len(given):
                mapping[parameter] = given[position]
                continue
            default = self.default_of(parameter)
            mapping[parameter] = UNKNOWN_VALUE if default is None else self.substitute(default, mapping)
        return tuple(mapping.values())

    def fallback(self, mapping: dict[TypeVariable, Value], variables: Iterable[TypeVariable]) -> None:
        """What inference could not tell: the default, else what the variable extends."""
        for variable in variables:
            if not mapping.get(variable):
                default = self.default_of(variable)
                found = self.bound_of(variable) if default is None else default
                mapping[variable] = UNKNOWN_VALUE
                mapping[variable] = self.substitute(found, mapping)

    def apparent(self, entity: Entity) -> Value:
        """What is known of something that depends on type variables: these by what they extend."""
        if isinstance(entity, TypeVariable):
            return union(e for e in self.bound_of(entity) if e is not entity)
        variables = self.variables_in((entity,))
        mapping = {variable: self.bound_of(variable) for variable in variables}
        found = self.substitute((entity,), mapping)
        return NOTHING if found == (entity,) else found

    def variables_in(self, value: Value) -> frozenset[TypeVariable]:
        found: set[TypeVariable] = set()
        for entity in value:
            if isinstance(entity, TypeVariable):
                found.add(entity)
            elif isinstance(entity, _LOCATED):
                known = {variable for variable, _ in entity.environment}
                found |= self._free(entity) - known
            for inner in entity.nested():
                found |= self.variables_in(inner)
        return frozenset(found)

    def _free(self, entity: Entity) -> frozenset[TypeVariable]:
        if isinstance(entity, Closure):
            return self.free.of_signature(entity.module, entity.index)
        if isinstance(entity, _LOCATED):
            return self.free.of_term(entity.module, entity.index)
        return frozenset()

    # substitution

    def is_open(self, value: Value) -> bool:
        """Whether a type variable or the receiver of a method stands anywhere in the value."""
        return any(self._is_open(entity) for entity in value)

    def _is_open(self, entity: Entity) -> bool:
        found = self._open.get(entity)
        if found is None:
            found = self._open[entity] = self._compute_open(entity)
        return found

    def _compute_open(self, entity: Entity) -> bool:
        if isinstance(entity, TypeVariable | Receiver | Deferred):
            return True
        if isinstance(entity, Lambda):
            return bool(self.free.of_signature(entity.module, entity.signature))
        if isinstance(entity, _LOCATED):
            known = {variable for variable, _ in entity.environment}
            if self._free(entity) - known:
                return True
        if isinstance(entity, Bound):
            return self._is_open(entity.receiver)
        return any(self.is_open(inner) for inner in entity.nested())

    def substitute(
        self, value: Value, mapping: Mapping[TypeVariable, Value], receiver: Entity | None = None
    ) -> Value:
        """The value with type variables replaced by what they stand for, and `this` by the receiver."""
        if not (mapping or receiver) or not self.is_open(value):
            return value
        question = ("substituted", value, tuple(mapping.items()), receiver)
        return self._typescript.once(question, lambda: self._substituted(value, mapping, receiver))

    def _substituted(
        self, value: Value, mapping: Mapping[TypeVariable, Value], receiver: Entity | None
    ) -> Value:
        return join(*[self._substitute(e, mapping, receiver) if self._is_open(e) else (e,) for e in value])

    def _substitute(
        self, entity: Entity, mapping: Mapping[TypeVariable, Value], receiver: Entity | None
    ) -> Value:
        universe = self._typescript.universe
        if isinstance(entity, TypeVariable):
            return mapping.get(entity, (entity,))
        if isinstance(entity, Receiver):
            return self._typescript.received(entity, receiver)
        if isinstance(entity, Instance):
            return (universe.instance(self.substitute_class(entity.type, mapping, receiver)),)
        if isinstance(entity, ClassEntity):
            return (self.substitute_class(entity, mapping, receiver),)
        if isinstance(entity, TupleEntity):
            return (universe.tuple_(tuple(self.substitute(v, mapping, receiver) for v in entity.items)),)
        if isinstance(entity, Deferred):
            return self._typescript.computed.resolve(self._moved(entity, mapping, receiver))
        if isinstance(entity, _LOCATED):
            return (self._moved(entity, mapping, receiver),)
        return self._substitute_compound(entity, mapping, receiver)

    def _substitute_compound(
        self, entity: Entity, mapping: Mapping[TypeVariable, Value], receiver: Entity | None
    ) -> Value:
        universe = self._typescript.universe
        if isinstance(entity, Lambda):
            free = self.free.of_signature(entity.module, entity.signature)
            environment = environment_of({v: mapping[v] for v in free if v in mapping})
            return (
                (universe.intern(Closure, entity.module, entity.signature, environment),)
                if environment
                else (entity,)
            )
        if isinstance(entity, Intersection):
            return self._typescript.types.intersect(
                [self.substitute((e,), mapping, receiver) for e in entity.parts]
            )
        if isinstance(entity, Constructed):
            made = mapping.get(entity.constructor, (entity.constructor,))
            return join(*[self._typescript.heads.constructed(e) for e in made])
        if isinstance(entity, Bound):
            inner = self._substitute(entity.receiver, mapping, receiver)
            return tuple(universe.bound(entity.function, e) for e in inner)
        if isinstance(entity, Instantiated):
            arguments = tuple(self.substitute(v, mapping, receiver) for v in entity.arguments)
            return (universe.intern(Instantiated, entity.inner, arguments),)
        return (entity,)

    def _moved(
        self,
        entity: ObjectLiteral | ObjectType | Closure | Deferred | Mapped,
        mapping: Mapping[TypeVariable, Value],
        receiver: Entity | None,
    ) -> Entity:
        """The same place of the source with more known of its type variables."""
        known = {v: self.substitute(value, mapping, receiver) for v, value in entity.environment}
        for variable in self._free(entity):
            if variable not in known and variable in mapping:
                known[variable] = mapping[variable]
        environment = environment_of(known)
        return self._typescript.universe.intern(type(entity), entity.module, entity.index, environment)

    def substitute_class(
        self, class_: ClassEntity, mapping: Mapping[TypeVariable, Value], receiver: Entity | None = None
    ) -> ClassEntity:
        if not class_.arguments:
            return class_
        arguments = tuple(self.substitute(v, mapping, receiver) for v in class_.arguments)
        return self._typescript.universe.class_(class_.module, class_.symbol, arguments)
