"""What reading a local name gives: the value that reaches it, under what the name is declared to hold.

Rules: the typing specification, chapter on type narrowing (an assignment narrows a declared type to what
is assigned) and the inference of displays, whose elements are what the declaration says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.values import NOTHING, UNKNOWN, Entity, Instance, Value, join
from isg.parsers.facts import Binding, BindingKind

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python

_DECLARING = (BindingKind.ASSIGNMENT, BindingKind.DECLARATION)


class Reaching:
    """Values of bindings where they are read."""

    def __init__(self, python: Python) -> None:
        self._python = python

    def value(self, module: Module, binding: int) -> Value:
        """The value of a local read that this binding reaches."""
        fact = module.facts.bindings[binding]
        if fact.kind not in _DECLARING:
            return self._python.names.bound(module, binding)
        if fact.declared and not fact.term:
            return self._python.types.declared(module, fact.declared)
        bound = self._python.names.bound(module, binding)
        if not bound:
            return bound
        if fact.declared:
            return self._assigned(self._python.types.declared(module, fact.declared), bound)
        if UNKNOWN in bound:
            return self._assigned(self._declared_elsewhere(module, fact), bound)
        return bound

    def _declared_elsewhere(self, module: Module, fact: Binding) -> Value:
        """What another statement declares for the variable."""
        bindings = module.facts.bindings
        for other in module.facts.scopes[fact.scope].names.get(fact.name, ()):
            if bindings[other].declared and bindings[other].kind in _DECLARING:
                return self._python.types.declared(module, bindings[other].declared)
        return NOTHING

    def _assigned(self, declared: Value, bound: Value) -> Value:
        """What an assignment leaves of a declared type."""
        if not self._python.types.is_concrete(bound):
            return declared or bound
        return join(*[self._narrowed(declared, entity) for entity in bound])

    def _narrowed(self, declared: Value, entity: Entity) -> Value:
        """One entity that is assigned; where it leaves open what is in it, the declaration says it."""
        if not isinstance(entity, Instance) or not entity.type.arguments:
            return (entity,)
        same = tuple(
            e
            for e in declared
            if isinstance(e, Instance)
            and e.type.module is entity.type.module
            and e.type.symbol == entity.type.symbol
        )
        return same or (declared if _is_open(entity) and declared else (entity,))


def _is_open(entity: Entity) -> bool:
    return any(UNKNOWN in value or any(_is_open(e) for e in value) for value in entity.nested())
