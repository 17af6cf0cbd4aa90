"""Members: where `x.name` is declared, and what reading it gives.

Rules: the TypeScript handbook, "Object Types", "Classes", "Unions and Intersections"; ECMA-262 §10.1.8 (what
an object does not have itself is looked for along its prototypes).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    UNKNOWN,
    UNKNOWN_VALUE,
    Bound,
    ClassEntity,
    Entity,
    External,
    Foreign,
    Function,
    Instance,
    Lambda,
    ModuleEntity,
    Proxy,
    Text,
    TupleEntity,
    TypeVariable,
    Value,
    join,
)
from isg.graph.semantics.typescript.classes import Member
from isg.graph.semantics.typescript.entities import (
    Closure,
    Constructed,
    Deferred,
    Instantiated,
    Intersection,
    Mapped,
    NamespaceObject,
    ObjectLiteral,
    ObjectType,
    Primitive,
)
from isg.graph.semantics.typescript.names import Found, Meaning
from isg.graph.semantics.typescript.relations import EMPTY
from isg.parsers import operators as op
from isg.parsers.terms import DECLARING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isg.graph.semantics.typescript.language import TypeScript

INDEXED = "[]"  # the name that index signatures are kept by
CALLED = "()"  # … and call signatures


@dataclass(frozen=True, slots=True)
class Attribute:
    """A member of a class, found for a receiver."""

    member: Member
    receiver: Entity


@dataclass(frozen=True, slots=True)
class Property:
    """A member of an object literal or object type: the terms that stand behind its name."""

    owner: ObjectLiteral | ObjectType
    terms: tuple[int, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Named:
    """What a module or namespace has by a name."""

    found: Found


@dataclass(frozen=True, slots=True)
class MappedMember:
    owner: Mapped
    name: str


Access: TypeAlias = Attribute | Property | Named | MappedMember | Entity | None


class Members:
    """Finds members and evaluates reading them."""

    def __init__(self, typescript: TypeScript) -> None:
        self._typescript = typescript

    # finding

    def has(self, entity: Entity, name: str) -> bool:
        """Whether an entity is known to have a member of its own, or inherited."""
        return any(access is not None and access is not UNKNOWN for access in self.find(entity, name))

    def find(self, entity: Entity, name: str) -> list[Access]:
        """Where a member of an entity is found; None where it is not."""
        return self._typescript.once((entity, name), lambda: self._find(entity, name))

    def _find(self, entity: Entity, name: str) -> list[Access]:
        if isinstance(entity, Instance):
            return self._of_instance(entity, name)
        if isinstance(entity, ClassEntity):
            return self._of_class(entity, name)
        if isinstance(entity, ModuleEntity):
            found = self._typescript.exports.exported(entity.module, name, Meaning.VALUE)
            return [Named(found) if found else None]
        if isinstance(entity, ObjectLiteral | ObjectType):
            return self._of_object(entity, name)
        if isinstance(entity, External):
            declared = self._typescript.globals.of_global_object(entity, name)
            return [
                Named(declared) if declared else self._typescript.universe.external(f"{entity.name}.{name}")
            ]
        if isinstance(entity, Foreign):
            return [self._typescript.universe.external(f"{entity.name}.{name}") if entity.name else entity]
        return self._of_other(entity, name)

    def _of_other(self, entity: Entity, name: str) -> list[Access]:
        if isinstance(entity, TypeVariable | Deferred | Constructed):
            apparent = self._typescript.generics.apparent(entity)
            return [
                a for e in apparent if not isinstance(e, TypeVariable | Deferred) for a in self.find(e, name)
            ]
        if isinstance(entity, Intersection):
            return self._of_intersection(entity, name)
        if isinstance(entity, Mapped):
            return [MappedMember(entity, name) if self._is_key(entity, name) else None]
        if isinstance(entity, NamespaceObject):
            found = self._typescript.exports.of_namespace(entity.module, entity.symbol, name, Meaning.VALUE)
            return [Named(found) if found else None]
        if isinstance(entity, Primitive) and entity.name in EMPTY:
            return []
        if isinstance(entity, Text | Primitive | TupleEntity):
            plain = self._typescript.plain(entity)
            return self.find(plain, name) if plain is not entity else [None]
        if isinstance(entity, Proxy):
            return self._of_super(entity, name)
        return self._of_callable(entity, name)

    def _of_callable(self, entity: Entity, name: str) -> list[Access]:
        if isinstance(entity, Function):
            found = self._typescript.classes.expando(entity.module, entity.symbol, name)
            if found:
                return [
                    Attribute(
                        Member(self._typescript.universe.class_(entity.module, entity.symbol), found), entity
                    )
                ]
        if isinstance(entity, Instantiated):
            return self.find(entity.inner, name)
        if isinstance(entity, Function | Lambda | Closure | Bound):
            return self._of_library("Function", entity, name)
        return [None]

    def _of_library(self, class_name: str, receiver: Entity, name: str) -> list[Access]:
        class_ = self._typescript.globals.library_class(class_name)
        if class_ is None:
            return [None]
        found = self._typescript.classes.find(class_, name, False) or self._typescript.globals.added(
            class_, name
        )
        return [Attribute(found, receiver) if isinstance(found, Member) else found]

    def _of_instance(self, entity: Instance, name: str) -> list[Access]:
        classes = self._typescript.classes
        type_ = entity.type
        found = classes.find(type_, name, False)
        if not isinstance(found, Member):
            found = self._added(type_, name) or found
        if isinstance(found, Member):
            return [Attribute(found, entity)]
        if found is not None and found is not UNKNOWN:
            return self.find(found, name)
        indexed = classes.find(type_, INDEXED, False)
        if isinstance(indexed, Member):
            return [Attribute(indexed, entity)]
        if found is UNKNOWN:
            return [UNKNOWN]
        if classes.is_enum(type_):
            return self._of_library("Number", entity, name)
        platform = self._typescript.globals.platform_name(type_)
        if platform is not None:
            return [self._typescript.universe.external(f"{platform}.{name}")]
        callable_ = isinstance(classes.find(type_, CALLED, False), Member)
        return self._of_library("Function" if callable_ else "Object", entity, name)

    def _added(self, type_: ClassEntity, name: str) -> Member | None:
        """A member that the project adds to a class of the library that this is or inherits from."""
        for entity in self._typescript.classes.ancestors(type_):
            if isinstance(entity, ClassEntity) and entity.module.library:
                found = self._typescript.globals.added(entity, name)
                if found is not None:
                    return found
        return None

    def _of_class(self, entity: ClassEntity, name: str) -> list[Access]:
        typescript = self._typescript
        found = typescript.classes.find(entity, name, True)
        if isinstance(found, Member):
            return [Attribute(found, entity)]
        if name == "prototype":
            return [typescript.universe.instance(entity)]
        merged = typescript.exports.of_namespace(entity.module, entity.symbol, name, Meaning.VALUE)
        if merged:
            return [Named(merged)]
        if isinstance(found, External | Foreign):
            return self.find(found, name)
        for value in typescript.heads.extended_by(entity):
            if self.has(value, name):
                return self.find(value, name)
        if found is not None:
            return [UNKNOWN]
        return self._of_library("Function", entity, name)

    def _of_super(self, entity: Proxy, name: str) -> list[Access]:
        static = isinstance(entity.receiver, ClassEntity)
        found = self._typescript.classes.find(entity.type, name, static, after=True)
        if isinstance(found, Member):
            return [Attribute(found, entity.receiver)]
        return self.find(found, name) if found is not None and found is not UNKNOWN else [found]

    def _of_intersection(self, entity: Intersection, name: str) -> list[Access]:
        found: list[Access] = [access for part in entity.parts for access in self.find(part, name)]
        own: list[Access] = [a for a in found if a is not None and a is not UNKNOWN and not self._is_index(a)]
        return own or found[:1] or [None]

    def _is_index(self, access: Access) -> bool:
        """Whether a member is only there because any name is (an index signature, a base type of all)."""
        if isinstance(access, Property):
            return access.name == INDEXED
        if isinstance(access, Attribute):
            module = access.member.owner.module
            name = module.facts.bindings[access.member.bindings[0]].name
            return name == INDEXED or (
                module.library and module.facts.symbols[access.member.owner.symbol].name == "Object"
            )
        return False

    # objects

    def _of_object(
        self, entity: ObjectLiteral | ObjectType, name: str, seen: set[Entity] | None = None
    ) -> list[Access]:
        """A member of an object: its own, else of what is spread into it, last first."""
        self._consult(entity)
        expression = entity.module.facts.terms[entity.index]
        own: list[int] = []
        spread: list[int] = []
        indexed: list[int] = []
        for position in range(1, len(expression), 2):
            key, term = expression[position], int(expression[position + 1])
            if key == name:
                own.append(term)
            elif key == "...":
                spread.append(term)
            elif key == INDEXED:
                indexed.append(term)
        if own:
            return [Property(entity, tuple(own), name)]
        if spread:
            seen = {entity} if seen is None else seen
            for term in reversed(spread):
                for inner in self._term_value(entity, term):
                    every = self._spread(inner, name, seen)
                    found: list[Access] = [a for a in every if a is not None and a is not UNKNOWN]
                    if found:
                        return found
        if indexed:
            return [Property(entity, tuple(indexed), INDEXED)]
        return self._of_library("Object", entity, name)

    def _spread(self, entity: Entity, name: str, seen: set[Entity]) -> list[Access]:
        """A member of what is spread; objects that are spread into each other are looked at once."""
        if not isinstance(entity, ObjectLiteral | ObjectType):
            return self.find(entity, name)
        if entity in seen:
            return []
        seen.add(entity)
        return self._of_object(entity, name, seen)

    def _consult(self, entity: ObjectLiteral | ObjectType | Mapped) -> None:
        if self._typescript.reader is not entity.module:
            self._typescript.consult(entity.module, "term", entity.module.path, str(entity.index))

    def _term_value(self, entity: ObjectLiteral | ObjectType, term: int) -> Value:
        typescript = self._typescript
        if isinstance(entity, ObjectType):
            value = typescript.types.type_of(entity.module, term)
        else:
            value = typescript.evaluator.value(entity.module, term)
        return typescript.generics.substitute(value, dict(entity.environment))

    def _is_key(self, entity: Mapped, name: str) -> bool:
        keys = self._typescript.computed.mapped_keys(entity)
        if any(isinstance(key, Text) and key.content == name for key in keys):
            return True
        open_ = any(key is UNKNOWN or isinstance(key, Primitive | TypeVariable) for key in keys)
        over = self._typescript.computed.mapped_over(entity)
        return open_ and (not over or any(self.has(e, name) for e in over))

    def names_of(self, entity: Entity) -> tuple[str, ...]:
        """The names of the members that an entity is known to have."""
        return self._typescript.once(("names", entity), lambda: self._names_of(entity, set()))

    def _names_of(self, entity: Entity, seen: set[Entity]) -> tuple[str, ...]:
        if isinstance(entity, ObjectLiteral | ObjectType):
            if entity in seen:
                return ()
            seen.add(entity)
            return tuple(dict.fromkeys(self._names_of_object(entity, seen)))
        if isinstance(entity, Instance):
            return self._typescript.classes.member_names(entity.type)
        if isinstance(entity, Mapped):
            keys = self._typescript.computed.mapped_keys(entity)
            return tuple(key.content for key in keys if isinstance(key, Text))
        if isinstance(entity, Intersection):
            return tuple(dict.fromkeys(name for part in entity.parts for name in self._names_of(part, seen)))
        if isinstance(entity, ModuleEntity):
            return self._typescript.exports.names_of(entity.module)
        return ()

    def _names_of_object(self, entity: ObjectLiteral | ObjectType, seen: set[Entity]) -> Iterator[str]:
        self._consult(entity)
        expression = entity.module.facts.terms[entity.index]
        for position in range(1, len(expression), 2):
            if expression[position] == "...":
                for inner in self._term_value(entity, int(expression[position + 1])):
                    yield from self._names_of(inner, seen)
            elif expression[position] != DECLARING:
                yield str(expression[position])

    # reading

    def value(self, entity: Entity, name: str) -> Value:
        """What reading `entity.name` gives."""
        found = self.find(entity, name)
        if len(found) == 1:
            return self._read(found[0])
        return join(*[self._read(access) for access in found])

    def _read(self, access: Access) -> Value:
        if access is None:
            return UNKNOWN_VALUE
        if isinstance(access, Attribute):
            return self._read_attribute(access)
        if isinstance(access, Property):
            return self._read_property(access)
        if isinstance(access, Named):
            return self._typescript.names.value_of(access.found)
        if isinstance(access, MappedMember):
            key = self._typescript.universe.string(access.name)
            return self._typescript.computed.mapped_value(access.owner, key)
        return (access,)

    def _read_attribute(self, attribute: Attribute) -> Value:
        module, owner = attribute.member.owner.module, attribute.member.owner
        values = [self._bound(module, binding, attribute) for binding in attribute.member.bindings]
        known = [value for value in values if value != UNKNOWN_VALUE]
        value = join(*(known or values))
        mapping = self._typescript.classes.mapping(owner)
        return self._typescript.generics.substitute(value, mapping, attribute.receiver)

    def _bound(self, module: Module, binding: int, attribute: Attribute) -> Value:
        fact = module.facts.bindings[binding]
        typescript = self._typescript
        symbol = module.facts.symbols[fact.symbol] if fact.symbol >= 0 else None
        if symbol is not None and symbol.kind == "property":
            return self._accessor(module, fact.symbol)
        if symbol is not None and self._is_enum_member(module, symbol.parent):
            return (typescript.universe.instance(attribute.member.owner),)
        if (
            symbol is not None
            and symbol.signatures
            and not (fact.declared and self._typed(module, fact.declared))
        ):
            function = typescript.universe.function(module, fact.symbol)
            property_of_function = isinstance(attribute.receiver, Function) and not module.library
            if "static" in symbol.modifiers or property_of_function:
                return (function,)
            return (typescript.universe.bound(function, attribute.receiver),)
        return typescript.names.slot_value(module, binding)

    def _typed(self, module: Module, declared: int) -> bool:
        return bool(module.facts.terms[declared][0] != op.CALLABLE)

    def _is_enum_member(self, module: Module, parent: int) -> bool:
        return parent >= 0 and module.facts.symbols[parent].kind == "enum"

    def _accessor(self, module: Module, symbol: int) -> Value:
        """What a getter gives; for a setter alone what it takes."""
        values: list[Value] = []
        for signature in module.facts.symbols[symbol].signatures:
            fact = module.facts.signatures[signature]
            if fact.returns or fact.returned or not fact.parameters:
                values.append(self._typescript.calls.returns(module, signature))
            elif fact.parameters[0].annotation:
                values.append(self._typescript.types.type_of(module, fact.parameters[0].annotation))
        return join(*values) or UNKNOWN_VALUE

    def _read_property(self, access: Property) -> Value:
        module = access.owner.module
        values = [self._property_value(access, module, term) for term in access.terms]
        value = join(*values)
        return self._typescript.generics.substitute(value, dict(access.owner.environment))

    def _property_value(self, access: Property, module: Module, term: int) -> Value:
        expression = module.facts.terms[term]
        if isinstance(access.owner, ObjectType):
            return self._typescript.types.type_of(module, term)
        if expression[0] == op.SYMBOL and module.facts.symbols[int(expression[1])].kind == "property":
            return self._accessor(module, int(expression[1]))
        return self._typescript.evaluator.value(module, term)

    def element(self, entity: Entity) -> Value:
        """What indexing with something that is no known name gives."""
        if isinstance(entity, TupleEntity):
            return join(*entity.items)
        if isinstance(entity, Text | Primitive):
            return self._typescript.types.primitive("string")
        if isinstance(entity, Mapped):
            key = self._typescript.computed.mapped_keys(entity)[0]
            return self._typescript.computed.mapped_value(entity, key)
        if isinstance(entity, TypeVariable | Deferred):
            apparent = self._typescript.generics.apparent(entity)
            return join(*[self.element(e) for e in apparent if not isinstance(e, TypeVariable | Deferred)])
        if isinstance(entity, ObjectLiteral):
            return join(*[self.value(entity, name) for name in self.names_of(entity)]) or UNKNOWN_VALUE
        if isinstance(entity, Foreign | External):
            return (self._typescript.universe.foreign(),)
        if isinstance(entity, ClassEntity) and self._typescript.classes.is_enum(entity):
            return self._typescript.types.primitive("string")
        found = [a for a in self.find(entity, INDEXED) if a is not None and a is not UNKNOWN]
        return join(*[self._read(a) for a in found]) or UNKNOWN_VALUE
