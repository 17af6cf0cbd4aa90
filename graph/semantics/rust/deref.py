"""Dereferencing: the types that a receiver is looked at as, one after the other.

Rules: The Rust Reference, "Method-call expressions" and "Type coercions" (``Deref``). References are
transparent here, so that only smart pointers and wrappers are steps; an array is a slice already.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from isg.graph.linking.values import Entity, Instance, TypeVariable, Unknown
from isg.graph.semantics.rust.entities import Opaque, Projection, TraitSelf, Wrapping

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

_STEPS = 8


class Deref:
    """Follows ``Deref``."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust

    def steps(self, entity: Entity) -> Iterator[Entity]:
        """A type, what it dereferences to, what that does …"""
        seen: set[Entity] = set()
        waiting = [self._rust.plain(entity)]
        while waiting and len(seen) < _STEPS:
            current = waiting.pop(0)
            if current in seen:
                continue
            seen.add(current)
            yield current
            waiting += [self._rust.plain(e) for e in self.target(current)]

    def target(self, entity: Entity) -> tuple[Entity, ...]:
        """What dereferencing a smart pointer gives; nothing for other types."""
        if isinstance(entity, Wrapping):
            alike = self._rust.types.alike(entity)
            return self.target(alike) if alike is not None else ()
        trait = self._rust.library_trait("ops", "Deref")
        if trait is None or not isinstance(entity, Instance | TypeVariable | Opaque | Projection | TraitSelf):
            return ()
        if self._rust.projections.implements(entity, trait) is None:
            return ()
        found = self._rust.projections.project(entity, trait, "Target")
        return tuple([e for e in found if not isinstance(e, Unknown)])
