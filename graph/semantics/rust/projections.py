"""Traits and types: whether a type implements a trait, and what its associated types are.

Rules: The Rust Reference, "Traits" (supertraits, associated items), "Trait and lifetime bounds" and
"Associated types". A type that is not known is judged by its bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

from isg.graph.linking.values import (
    UNKNOWN_VALUE,
    Bound,
    ClassEntity,
    Entity,
    Function,
    Lambda,
    TypeVariable,
    Unknown,
    Value,
    join,
)
from isg.graph.semantics.rust.entities import (
    Applied,
    FunctionType,
    Opaque,
    Projection,
    TraitBound,
    TraitSelf,
)
from isg.graph.semantics.rust.generics import Mapping_, same_class
from isg.graph.semantics.rust.impls import Match

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

_BOUNDED = (TypeVariable, TraitSelf, Projection, Opaque)
_SUPERTRAITS = 64  # a bound on how many bounds one type has


class Projections:
    """Answers what types implement and what they project to."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust
        self._running: set[tuple[Entity, str]] = set()

    # bounds

    def bounds(self, entity: Entity) -> list[Entity]:
        """All bounds of a type that is known by its bounds: also those that they imply."""
        return self.implied(self._direct(entity), entity)

    def implied(self, bounds: Iterable[Entity], subject: Entity) -> list[Entity]:
        """These bounds of a type, and those that they imply."""
        found = list(dict.fromkeys(bounds))
        for bound in found:
            if isinstance(bound, TraitBound) and len(found) < _SUPERTRAITS:
                found += [each for each in self.supertraits(bound, subject) if each not in found]
        return found

    def _direct(self, entity: Entity) -> Iterator[Entity]:
        yield from self._rust.types.bounds_said_of(entity)
        if isinstance(entity, TypeVariable):
            yield from self._rust.types.bounds_of_variable(entity)
        elif isinstance(entity, Opaque):
            yield from entity.bounds
        elif isinstance(entity, TraitSelf):
            arguments = tuple([(v,) for v in self._rust.types.parameters(entity.module, entity.symbol)])
            trait = self._rust.universe.class_(entity.module, entity.symbol, arguments)
            yield self._rust.making.trait_bound(trait)
        elif isinstance(entity, Projection):
            yield from self._of_projection(entity)

    def _of_projection(self, entity: Projection) -> Iterator[Entity]:
        """The bounds that a trait declares for its associated type, and those said where it is bound."""
        for bound in self.bounds(entity.base):
            if not isinstance(bound, TraitBound) or not self._declares(bound.trait, entity.name):
                continue
            module, symbol = bound.trait.module, bound.trait.symbol
            mapping = self.mapping_of(bound, entity.base)
            for binding in self._rust.impls.member(module, symbol, entity.name):
                for each in self._rust.types.bounds(module, module.facts.bindings[binding].declared):
                    yield from self._rust.generics.substitute((each,), mapping)

    def supertraits(self, bound: TraitBound, subject: Entity) -> list[Entity]:
        """The traits that a trait asks of whatever implements it."""
        module, symbol = bound.trait.module, bound.trait.symbol
        self._rust.consult(module, "symbol", module.path, module.qualified[symbol])
        mapping = self.mapping_of(bound, subject)
        found = [
            b for term in module.facts.symbols[symbol].bases for b in self._rust.types.bounds(module, term)
        ]
        return [e for each in found for e in self._rust.generics.substitute((each,), mapping)]

    def mapping_of(self, bound: TraitBound, subject: Entity) -> Mapping_:
        """What the parameters and ``Self`` of a trait stand for where a type implements it so."""
        trait = bound.trait
        parameters = self._rust.types.parameters(trait.module, trait.symbol)
        mapping: Mapping_ = dict(zip(parameters, trait.arguments, strict=False))
        mapping[self._rust.universe.intern(TraitSelf, trait.module, trait.symbol)] = (subject,)
        return mapping

    # implementing

    def implements(self, entity: Entity, trait: ClassEntity) -> TraitBound | None:
        """The trait as a type implements it, None where it does not."""
        remembered = self._rust.remembered
        kind = f"implements {remembered.number(trait)}"
        found = remembered.ask(kind, entity, lambda: tuple(islice(self.matches(entity, trait), 1)))
        return found[0] if found else None

    def matches(self, entity: Entity, trait: ClassEntity) -> Iterator[TraitBound]:
        if isinstance(entity, Unknown):
            return
        if isinstance(entity, _BOUNDED):
            yield from (
                b for b in self.bounds(entity) if isinstance(b, TraitBound) and same_class(b.trait, trait)
            )
        for match in self._impls(entity, trait):
            if match.trait is not None:
                yield match.trait
        for bound in self._rust.impls.derived(entity):
            if isinstance(bound, TraitBound) and same_class(bound.trait, trait):
                yield bound

    def _impls(self, entity: Entity, trait: ClassEntity) -> Iterator[Match]:
        for match in self._rust.impls.of(entity):
            if match.trait is not None and same_class(match.trait.trait, trait):
                yield match
        for module, symbol in self._rust.impls.blankets(entity):
            head = self._rust.impls.head(module, symbol)
            if head.trait is not None and same_class(head.trait.trait, trait):
                found = self._rust.impls.match_blanket(module, symbol, entity)
                if found is not None:
                    yield found

    # associated types

    @contextmanager
    def afresh(self) -> Iterator[None]:
        """Questions that do not count as asked by those under way, and whose answers are not kept.

        What ``where`` clauses are said of is looked up so: whoever asks first may ask because of them.
        """
        running, self._running = self._running, set()
        self._rust.remembered.open += 1
        try:
            yield
        finally:
            self._rust.remembered.open -= 1
            self._running = running

    def project(self, entity: Entity, trait: ClassEntity | None, name: str) -> Value:
        """What an associated type of a type is; itself a projection where that is not known yet."""
        key = (entity, name)
        if key in self._running:
            return UNKNOWN_VALUE
        self._running.add(key)
        self._rust.remembered.open += 1
        try:
            return self._project(self._rust.plain(entity), trait, name)
        finally:
            self._rust.remembered.open -= 1
            self._running.discard(key)

    def _project(self, entity: Entity, trait: ClassEntity | None, name: str) -> Value:
        if isinstance(entity, Unknown):
            return UNKNOWN_VALUE
        if isinstance(entity, _BOUNDED):
            found = self._bounded(entity, trait, name)
            if found:
                return found
        if isinstance(entity, FunctionType) and name == "Output":
            return entity.result
        if isinstance(entity, Lambda | Function | Bound | Applied) and name == "Output":
            return self._rust.calls.apply(entity, ())
        found = join(*self._assigned(entity, trait, name))
        if not found and isinstance(entity, _BOUNDED):
            return (self._rust.making.projection(entity, trait, name),)
        return found or UNKNOWN_VALUE

    def _bounded(self, entity: Entity, trait: ClassEntity | None, name: str) -> Value:
        """What the bounds of a type say of an associated type."""
        declaring: ClassEntity | None = None
        for bound in self.bounds(entity):
            if not isinstance(bound, TraitBound) or (
                trait is not None and not same_class(bound.trait, trait)
            ):
                continue
            said = dict(bound.associated).get(name)
            if said is not None:
                return said
            if declaring is None and self._declares(bound.trait, name):
                declaring = bound.trait
        if declaring is None:
            return ()
        if isinstance(entity, Projection) and entity.name == name and entity.trait is declaring:
            return UNKNOWN_VALUE
        return (self._rust.making.projection(entity, declaring, name),)

    def declaring(self, entity: Entity, name: str) -> ClassEntity | None:
        """The trait that declares an associated type of a type."""
        if isinstance(entity, _BOUNDED):
            for bound in self.bounds(entity):
                if isinstance(bound, TraitBound) and self._declares(bound.trait, name):
                    return bound.trait
        for match in self._rust.impls.of(entity):
            if match.trait is not None and self._declares(match.trait.trait, name):
                return match.trait.trait
        return None

    def _declares(self, trait: ClassEntity, name: str) -> bool:
        return self._rust.types.associated_type(trait.module, trait.symbol, name) is not None

    def _assigned(self, entity: Entity, trait: ClassEntity | None, name: str) -> Iterable[Value]:
        """What the impl blocks for a type assign to an associated type."""
        matches = self._rust.impls.of(entity) if trait is None else self._impls(entity, trait)
        for match in matches:
            module, symbol = match.head.module, match.head.symbol
            if match.head.is_inherent or not self._rust.impls.member(module, symbol, name):
                continue
            term = self._rust.types.associated_type(module, symbol, name)
            if term is not None:
                variables = self._rust.types.parameters(module, symbol)
                mapping: Mapping_ = dict.fromkeys(variables, UNKNOWN_VALUE)
                mapping.update(match.mapping)
                yield self._rust.generics.substitute(self._rust.types.of(module, term), mapping)
                if trait is not None:
                    return
