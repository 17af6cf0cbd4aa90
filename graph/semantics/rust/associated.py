"""Members of types in paths: variants, associated functions, constants and types.

Rules: The Rust Reference, "Associated items", "Enumerations", "Paths" (qualified paths).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    NOTHING,
    ClassEntity,
    Entity,
    External,
    Function,
    Instance,
    Unknown,
    Value,
    join,
    union,
)
from isg.graph.semantics.rust.entities import Alias, Associated, Item, TraitBound, TypePath
from isg.graph.semantics.rust.generics import same_class
from isg.graph.semantics.rust.names import TYPES, VALUES

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust


class AssociatedItems:
    """Looks up what a path names after a type."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust

    def member(self, entity: Entity, name: str, space: str) -> Value:
        """What ``Type::name`` means in a namespace."""
        if not isinstance(entity, ClassEntity | TypePath | Alias):
            return NOTHING
        if isinstance(entity, ClassEntity) and self._is_trait(entity):
            return self._of_trait(entity, name, space)
        found = [self._of_type(e, name, space) for e in self._rust.types.instantiate(entity, None, ())]
        return join(*found) or self._of_open(entity, name, space)

    def _of_open(self, entity: Entity, name: str, space: str) -> Value:
        """What a type has with other arguments than its defaults: in expressions they are inferred."""
        if space != VALUES or not isinstance(entity, ClassEntity) or entity.arguments:
            return NOTHING
        return self._of_type(self._rust.universe.instance(entity), name, space)

    def added(self, type_: External, name: str) -> Value:
        """What ``Type::name`` means after a type of another crate, where a trait of the project adds it."""
        subject = self._rust.universe.foreign(type_.name)
        return union(self.of(subject, member) for member in self._rust.methods.at(subject, name))

    def _is_trait(self, class_: ClassEntity) -> bool:
        return class_.module.facts.symbols[class_.symbol].kind == "trait"

    def _of_trait(self, trait: ClassEntity, name: str, space: str) -> Value:
        return union(self._rust.methods.in_trait(trait, name)) if space == VALUES else NOTHING

    def _of_type(self, subject: Entity, name: str, space: str) -> Value:
        if isinstance(subject, Instance):
            variants = self.variant(subject.type, name)
            if variants:
                return variants
        if space == TYPES:
            found = self._rust.projections.project(subject, None, name)
            return tuple([self._rust.types.as_path(e) for e in found if not isinstance(e, Unknown)])
        members = self._rust.methods.at(subject, name)
        if not members and self._rust.methods.is_foreign(subject):
            return (self._rust.universe.foreign(),)
        return union(self.of(subject, member) for member in members)

    def of(self, subject: Entity, member: Entity) -> Entity:
        """A function as one that was named through a type."""
        if isinstance(member, Function):
            return self._rust.universe.intern(Associated, member, subject)
        return member

    def qualified(self, subject: Entity, trait: ClassEntity, name: str) -> Value:
        """What ``<Type as Trait>::name`` means: what the type's impl of the trait has, else the trait."""
        found = [
            member
            for match in self._rust.impls.of(subject)
            if match.trait is not None and same_class(match.trait.trait, trait)
            for member in self._rust.methods.of_impl(match, name)
        ]
        declared = list(self._rust.methods.in_trait(trait, name))
        return union(self.of(subject, member) for member in found or declared)

    def of_qualified(self, module: Module, subject: int, trait: int, name: str) -> Value:
        """What ``<Type as Trait>::name`` denotes: a function or constant, else an associated type."""
        types = self._rust.types
        traits = [b.trait for b in types.bounds(module, trait) if isinstance(b, TraitBound)]
        subjects = types.of(module, subject)
        found = join(*[self.qualified(e, t, name) for e in subjects for t in traits])
        if found:
            return found
        projected = [self._rust.projections.project(e, t, name) for e in subjects for t in traits]
        return tuple([types.as_path(e) for value in projected for e in value if not isinstance(e, Unknown)])

    def variant(self, class_: ClassEntity, name: str) -> Value:
        """The variant of an enum."""
        module, symbol = class_.module, class_.symbol
        if module.facts.symbols[symbol].kind != "enum":
            return NOTHING
        bindings = [module.facts.bindings[b] for b in self._rust.impls.member(module, symbol, name)]
        symbols = [b.symbol for b in bindings if b.symbol > 0]
        return tuple([self._rust.universe.intern(Item, module, s) for s in symbols])
