"""Attribute access in Python: where an attribute is found, and what it gives when read there.

Rules: the language reference §3.3.2 (attribute access, descriptors), §3.3.2.4 (``super``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.semantics import LOCAL, UNRESOLVED, Definition
from isg.graph.linking.values import (
    UNKNOWN,
    UNKNOWN_VALUE,
    Bound,
    Callback,
    ClassEntity,
    Entity,
    External,
    Foreign,
    Function,
    Instance,
    Lambda,
    ModuleEntity,
    NamespaceEntity,
    Partial,
    Proxy,
    Text,
    TupleEntity,
    TypeVariable,
    Value,
    Wrapped,
    join,
)
from isg.graph.semantics.python.builtin_names import OBJECT_MEMBERS
from isg.graph.semantics.python.classes import Member
from isg.graph.semantics.python.names import Found
from isg.parsers.facts import BindingKind

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python

_CALLABLE = (Function, Lambda, Bound, Wrapped, Callback, Partial)
_UNWRAPPED = frozenset({"__func__", "__wrapped__", "func", "fget"})
_IMPLICIT_STATIC = frozenset({"__new__"})
_IMPLICIT_CLASS = frozenset({"__init_subclass__", "__class_getitem__"})


class Attribute(msgspec.Struct, frozen=True, gc=False):
    """A member found for a receiver; ``on_class`` where the class itself was asked."""

    member: Member
    receiver: Entity
    on_class: bool


Access: TypeAlias = Attribute | Found | Entity | None

# Library classes that give those who derive from them no attributes beside those of every object.
_BARE = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})


def _name_outside(ancestor: Entity) -> str:
    """The name of an ancestor outside the project that may have any attribute; else nothing."""
    name = ""
    if isinstance(ancestor, External):
        name = ancestor.name
    elif isinstance(ancestor, ClassEntity) and ancestor.module.library:
        name = ancestor.module.full_name(ancestor.symbol)
    return "" if name in _BARE else name


class Members:
    """Finds attributes and evaluates reading them."""

    def __init__(self, python: Python) -> None:
        self._python = python

    def find(self, entity: Entity, name: str) -> list[Access]:
        """Where an attribute of an entity is found; None where it is not."""
        if entity is UNKNOWN:
            return [None]
        if isinstance(entity, Instance):
            if self._python.stubs.is_none(entity) and name not in OBJECT_MEMBERS:
                return []  # reading it raises: where a value may be None, the others are meant
            return [self._of_instance(entity, entity.type, name)]
        if isinstance(entity, ClassEntity):
            return [self._of_class(entity, name)]
        if isinstance(entity, ModuleEntity):
            return [self._of_module(entity.module, name)]
        if isinstance(entity, External):
            return [self._of_external(entity.name, name)]
        if isinstance(entity, Foreign):
            return [self._of_external(entity.name, name) if entity.name else entity]
        if isinstance(entity, NamespaceEntity):
            return [self._python.importing.namespace_member(entity, name)]
        if isinstance(entity, Proxy):
            return [self._of_proxy(entity, name)]
        return self._of_other(entity, name)

    def _of_external(self, owner: str, name: str) -> Access:
        """A member of something outside. A name that comes back (``node = node.next``) is the same thing
        again: the paths to what a loop may reach must not grow without end."""
        steps = owner.split(".")
        again = name in steps and (steps[-1] != name or steps.count(name) > 1)  # `datetime.datetime`
        path = steps[: steps.index(name) + 1] if again else (*steps, name)
        return self._python.universe.external(".".join(path))

    def _of_other(self, entity: Entity, name: str) -> list[Access]:
        python = self._python
        if isinstance(entity, TypeVariable):
            bound = python.variables.bound_of(entity)
            entities = python.types.classes_of(bound) if entity.meta else bound
            return [a for e in entities if not isinstance(e, TypeVariable) for a in self.find(e, name)]
        if isinstance(entity, TupleEntity):
            return self.find(python.stubs.as_instance(entity), name)
        if isinstance(entity, Text):
            return [a for e in python.stubs.literal("str") for a in self.find(e, name)]
        if isinstance(entity, (Bound, Wrapped)) and name in _UNWRAPPED:
            return [entity.function if isinstance(entity, Bound) else entity.inner]
        if isinstance(entity, _CALLABLE):
            return [
                python.universe.external(f"builtins.function.{name}") if name.startswith("__") else UNKNOWN
            ]
        return [None]

    def _of_module(self, module: Module, name: str) -> Access:
        found = self._python.names.export(module, name)
        if found is None and module.library:
            return self._python.universe.external(f"{module.name}.{name}")
        if found is None and self._python.names.export(module, "__getattr__") is not None:
            return self._python.universe.foreign()
        return found

    def _of_instance(self, receiver: Entity, type_: ClassEntity, name: str) -> Access:
        found = self._python.classes.find(type_, name)
        if isinstance(found, Member):
            return Attribute(found, receiver, False)
        if name == "__class__":
            return type_
        return self._outside(type_, found, name)

    def _of_class(self, class_: ClassEntity, name: str) -> Access:
        found = self._python.classes.find(class_, name)
        if isinstance(found, Member):
            return Attribute(found, class_, True)
        for ancestor in self._python.classes.mro(class_):
            if not isinstance(ancestor, ClassEntity):
                continue
            metaclass = self._python.classes.info(ancestor.module, ancestor.symbol).metaclass
            if isinstance(metaclass, ClassEntity):
                on_meta = self._python.classes.find(metaclass, name)
                if isinstance(on_meta, Member):
                    return Attribute(on_meta, class_, False)
        return self._outside(class_, found, name)

    def _of_proxy(self, proxy: Proxy, name: str) -> Access:
        receiver = proxy.receiver
        on_class = isinstance(receiver, ClassEntity)
        start = receiver if isinstance(receiver, ClassEntity) else getattr(receiver, "type", proxy.type)
        if not isinstance(start, ClassEntity) or not self._python.classes.is_subclass(start, proxy.type):
            start = proxy.type
        found = self._python.classes.find(start, name, after=proxy.type)
        if isinstance(found, Member):
            return Attribute(found, receiver, on_class)
        if isinstance(found, External):
            return self._python.universe.external(f"{found.name}.{name}")
        if found is None:
            outside = self._outside(start, found, name)
            return outside or self._python.universe.external(f"builtins.object.{name}")
        return found

    def _outside(self, class_: ClassEntity, ancestor: Entity | None, name: str) -> Access:
        """An attribute that no known class of the MRO has."""
        universe = self._python.universe
        if ancestor is UNKNOWN:
            return UNKNOWN
        of_object = name in OBJECT_MEMBERS  # protocols leave these as they are
        bases = map(_name_outside, self._python.classes.mro(class_))
        base = next((b for b in bases if b and not (of_object and b.startswith("typing."))), None)
        if base is not None:
            return universe.external(f"{base}.{name}")
        return universe.external(f"builtins.object.{name}") if of_object else None

    # reading

    def value(self, entity: Entity, name: str) -> Value:
        """What reading ``entity.name`` gives."""
        if entity is UNKNOWN:
            return UNKNOWN_VALUE
        found = self.find(entity, name)
        return join(*[self._read(entity, access, name) for access in found]) if found else UNKNOWN_VALUE

    def _read(self, entity: Entity, access: Access, name: str) -> Value:
        if access is None:
            return self._dynamic(entity)
        if isinstance(access, Attribute):
            return self.read(access, name)
        if isinstance(access, Entity):
            return (access,)
        return self._python.names.settled(*access)

    def _dynamic(self, entity: Entity) -> Value:
        """What ``__getattr__`` of the class gives for a name that is not there."""
        if isinstance(entity, Instance):
            found = self._python.classes.find(entity.type, "__getattr__")
            if isinstance(found, Member):
                getter = self.read(Attribute(found, entity, False), "__getattr__")
                return join(*[self._python.call(e, Arguments(None)) for e in getter])
        return UNKNOWN_VALUE

    def read(self, attribute: Attribute, name: str) -> Value:
        module = attribute.member.owner.module
        facts = module.facts.bindings
        bindings = attribute.member.bindings
        if attribute.on_class:
            bindings = tuple(b for b in bindings if not facts[b].instance) or bindings
        declared = tuple(b for b in bindings if facts[b].declared)
        value = self._bound(attribute, declared) if declared else self._declared_above(attribute, name)
        if not self._python.types.is_concrete(value):
            value = join(self._bound(attribute, bindings), value)
        if value and not self._python.types.is_concrete(value) and not self._defines(attribute.member):
            value = self._inherited(attribute, name) or value
        owner = attribute.member.owner
        mapping = self._python.classes.mapping(owner)
        return self._python.variables.substitute(value, mapping, attribute.receiver)

    def says_what_it_holds(self, member: Member) -> bool:
        """Whether a class defines or declares an attribute, and not only assigns it."""
        facts = member.owner.module.facts.bindings
        return self._defines(member) or any(facts[b].declared for b in member.bindings)

    def _defines(self, member: Member) -> bool:
        facts = member.owner.module.facts.bindings
        return any(facts[b].kind is BindingKind.DEFINITION for b in member.bindings)

    def _declared_above(self, attribute: Attribute, name: str) -> Value:
        """What an ancestor declares for an attribute that the class only assigns: it holds there, too."""
        owner = attribute.member.owner
        found: Member | Entity | None = attribute.member
        while isinstance(found, Member) and not found.owner.module.library:
            if self.says_what_it_holds(found):
                above = Attribute(found, attribute.receiver, attribute.on_class)
                return () if self._defines(found) else self.read(above, name)
            found = self._python.classes.find(owner, name, after=found.owner)
        return ()

    def _inherited(self, attribute: Attribute, name: str) -> Value:
        """What an ancestor declares for an attribute that the class only assigns."""
        receiver, owner = attribute.receiver, attribute.member.owner
        found = self._python.classes.find(owner, name, after=owner)
        if not isinstance(found, Member):
            return ()
        value = self.read(Attribute(found, receiver, attribute.on_class), name)
        return value if self._python.types.is_concrete(value) else ()

    def _bound(self, attribute: Attribute, bindings: tuple[int, ...]) -> Value:
        python, module = self._python, attribute.member.owner.module
        result: list[Value] = []
        for binding in bindings:
            fact = module.facts.bindings[binding]
            if fact.declared:
                value = python.types.declared(module, fact.declared)
                if not python.types.is_concrete(value) and fact.term:
                    value = python.names.bound(module, binding)
            else:
                value = python.names.bound(module, binding)
            if not fact.instance:
                value = join(*[self.bind(e, attribute.receiver, attribute.on_class) for e in value])
                value = self._enum_member(attribute, fact.kind, value)
            result.append(value)
        return join(*result)

    def _enum_member(self, attribute: Attribute, kind: BindingKind, value: Value) -> Value:
        owner = attribute.member.owner
        info = self._python.classes.info(owner.module, owner.symbol)
        if kind is BindingKind.ASSIGNMENT and info.enum and not owner.module.library:
            return (self._python.universe.instance(owner),)
        return value

    def bind(self, entity: Entity, receiver: Entity, on_class: bool) -> Value:
        """What the descriptor protocol makes of a class attribute read through a receiver."""
        universe = self._python.universe
        if isinstance(entity, Function):
            modifiers = entity.module.facts.symbols[entity.symbol].modifiers
            name = entity.module.facts.symbols[entity.symbol].name
            if "static" in modifiers or name in _IMPLICIT_STATIC:
                return (entity,)
            if "class" in modifiers or name in _IMPLICIT_CLASS:
                return (universe.bound(entity, self._class_of(receiver)),)
            return (entity,) if on_class else (universe.bound(entity, receiver),)
        if isinstance(entity, Lambda):
            return (entity,) if on_class else (universe.bound(entity, receiver),)
        if isinstance(entity, Wrapped):
            return self._bind_wrapped(entity, receiver, on_class)
        if isinstance(entity, Instance) and not entity.type.module.library:
            return self._bind_descriptor(entity, receiver, on_class)
        return (entity,)

    def _bind_wrapped(self, entity: Wrapped, receiver: Entity, on_class: bool) -> Value:
        universe = self._python.universe
        if entity.kind == "property":
            if on_class:
                return (entity,)
            return self._python.call(universe.bound(entity.inner, receiver), Arguments(None))
        if entity.kind == "static":
            return (entity.inner,)
        if entity.kind == "class":
            return (universe.bound(entity.inner, self._class_of(receiver)),)
        inner = self.bind(entity.inner, receiver, on_class)
        return tuple(universe.wrapped(entity.kind, e) for e in inner)

    def _bind_descriptor(self, entity: Instance, receiver: Entity, on_class: bool) -> Value:
        found = self._python.classes.find(entity.type, "__get__")
        if not isinstance(found, Member):
            return (entity,)
        getter = self.read(Attribute(found, entity, False), "__get__")
        instance = self._python.stubs.literal("None") if on_class else (receiver,)
        owner = (self._class_of(receiver),)
        result = join(*[self._python.call(e, Arguments(None, given=(instance, owner))) for e in getter])
        return result if not result or self._python.types.is_concrete(result) else (UNKNOWN, entity)

    def _class_of(self, receiver: Entity) -> Entity:
        if isinstance(receiver, Instance):
            return receiver.type
        if isinstance(receiver, Proxy):
            return self._class_of(receiver.receiver)
        return receiver

    # meanings

    def definitions(self, entity: Entity, name: str) -> list[Definition]:
        """The symbols that ``entity.name`` names."""
        result: list[Definition] = []
        for access in self.find(entity, name):
            result += self._definitions(access)
        return result

    def _definitions(self, access: Access) -> list[Definition]:
        python = self._python
        if access is None or access is UNKNOWN:
            return [UNRESOLVED]
        if isinstance(access, Attribute):
            module, bindings = access.member.owner.module, access.member.bindings
            if module.library:
                owner = access.member.owner
                name = module.facts.bindings[bindings[0]].name
                return [python.external(f"{module.full_name(owner.symbol)}.{name}")]
            facts = module.facts.bindings
            class_level = tuple(b for b in bindings if not facts[b].instance)
            return [d for b in class_level or bindings for d in python.names.binding_definitions(module, b)]
        if isinstance(access, ClassEntity):
            return [LOCAL]  # `x.__class__` names no class: it is a value that holds one
        if isinstance(access, Entity):
            return [python.names.entity_definition(access)]
        return python.names.definitions(access)
