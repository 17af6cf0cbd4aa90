"""What reading a local name gives: the value that reaches it, under what the name is declared to hold.

Rules: the typing specification, chapter on type narrowing (an assignment narrows a declared type to what
is assigned) and the inference of displays, whose elements are what the declaration says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.values import NOTHING, UNKNOWN, ClassEntity, Entity, Instance, Value, join
from isg.parsers.facts import Binding, BindingKind

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python

_DECLARING = (BindingKind.ASSIGNMENT, BindingKind.DECLARATION)
_DECLARED = (*_DECLARING, BindingKind.LOOP, BindingKind.CONTEXT)  # what a declaration elsewhere holds for


class Reaching:
    """Values of bindings where they are read."""

    def __init__(self, python: Python) -> None:
        self._python = python

    def value(self, module: Module, binding: int) -> Value:
        """The value of a local read that this binding reaches."""
        fact = module.facts.bindings[binding]
        if fact.kind not in _DECLARED:
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
        """One entity that is assigned; what it leaves open of what it is, the declaration says."""
        if not isinstance(entity, Instance):
            return (entity,)
        if not entity.type.arguments:
            return self._derived(declared, entity.type) or (entity,)
        same = tuple(
            e
            for e in declared
            if isinstance(e, Instance)
            and e.type.module is entity.type.module
            and e.type.symbol == entity.type.symbol
        )
        return same or (declared if _is_open(entity) and declared else (entity,))

    def _derived(self, declared: Value, type_: ClassEntity) -> Value:
        """What is declared to be of a class derived from that of what is assigned."""
        is_subclass = self._python.classes.is_subclass
        return tuple(
            e
            for e in declared
            if isinstance(e, Instance) and not is_subclass(type_, e.type) and self._is_wider(type_, e.type)
        )

    def _is_wider(self, type_: ClassEntity, other: ClassEntity) -> bool:
        """Whether instances of one class may be of the other, which derives from it."""
        name = type_.module.full_name(type_.symbol) if type_.module.library else ""
        return name == "builtins.object" or self._python.classes.is_subclass(other, type_)


def _is_open(entity: Entity) -> bool:
    return any(UNKNOWN in value or any(_is_open(e) for e in value) for value in entity.nested())
