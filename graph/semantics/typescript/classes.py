"""Classes, interfaces and enums: their heads, their merged declarations, and members by name.

Rules: the TypeScript handbook, "Classes", "Declaration Merging" (interfaces merge with each other and with a
class of the same name), "Mixins" (a class may extend a value whose type is a constructor).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    UNKNOWN,
    ClassEntity,
    Entity,
    External,
    Foreign,
    Instance,
    TypeVariable,
    Value,
    union,
)
from isg.graph.semantics.typescript.entities import Constructed, ObjectLiteral, intersection
from isg.parsers.facts import BindingKind, ScopeKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isg.graph.semantics.typescript.language import TypeScript

CLASS_KINDS = frozenset({"class", "interface", "enum"})
_DECLARING = (BindingKind.DEFINITION, BindingKind.DECLARATION, BindingKind.ASSIGNMENT)
_DECLARED = ("class", "interface", "enum")

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class ClassInfo:
    """What the heads of all declarations of a class or interface say, resolved."""

    bases: tuple[Entity, ...] = ()  # ClassEntity, External, Foreign, UNKNOWN, or a type without a name
    parameters: tuple[TypeVariable, ...] = ()
    merged: tuple[tuple[TypeVariable, ...], ...] = ()  # the same by the names of each declaration
    implemented: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A member found on a class: the class that declares it, and its bindings there."""

    owner: ClassEntity
    bindings: tuple[int, ...]


_EMPTY = ClassInfo()


class Classes:
    """Answers questions about classes of the project and of the library."""

    def __init__(self, typescript: TypeScript) -> None:
        self._typescript = typescript
        self._places: dict[Module, dict[int, tuple[int, str]]] = {}
        self._merged: dict[tuple[Module, int], tuple[int, ...]] = {}
        self._parameters: dict[Module, dict[int, int]] = {}
        self._expandos: dict[Module, dict[int, int]] = {}
        self._members: dict[tuple[Module, int, str], tuple[int, ...]] = {}

    # declarations

    def _place(self, module: Module, symbol: int) -> tuple[int, str] | None:
        """The scope and the name that a symbol is bound by."""
        places = self._places.get(module)
        if places is None:
            places = {}
            for binding in module.facts.bindings:
                if binding.symbol >= 0 and binding.kind in _DECLARING:
                    places.setdefault(binding.symbol, (binding.scope, binding.name))
            self._places[module] = places
        return places.get(symbol)

    def declarations(self, module: Module, symbol: int, kinds: tuple[str, ...]) -> tuple[int, ...]:
        """Itself and all symbols of these kinds that the same name declares in the same scope."""
        key = (module, symbol)
        if key not in self._merged:
            self._merged[key] = tuple(self._declared_together(module, symbol))
        found = self._merged[key]
        symbols = module.facts.symbols
        return tuple(s for s in found if s == symbol or symbols[s].kind in kinds)

    def _declared_together(self, module: Module, symbol: int) -> Iterator[int]:
        place = self._place(module, symbol)
        if place is None:
            yield symbol
            return
        scope, name = place
        found = (module.facts.bindings[b].symbol for b in module.facts.scopes[scope].names.get(name, ()))
        yield from dict.fromkeys(s for s in found if s >= 0)

    def parts(self, module: Module, symbol: int) -> tuple[int, ...]:
        """The declarations that make up a class or interface: the class first."""
        found = self.declarations(module, symbol, _DECLARED)
        symbols = module.facts.symbols
        own = [s for s in found if symbols[s].kind in CLASS_KINDS]
        return tuple(sorted(own, key=lambda s: (symbols[s].kind == "interface", s)))

    def entity(self, module: Module, symbol: int) -> ClassEntity:
        """The class that a symbol declares or adds to."""
        parts = self.parts(module, symbol)
        return self._typescript.universe.class_(module, parts[0] if parts else symbol)

    def object_of(self, module: Module, symbol: int) -> ClassEntity:
        """The class itself as a value; one inside a generic function speaks of its type variables."""
        class_ = self.entity(module, symbol)
        own = module.facts.symbols[class_.symbol].type_parameters
        parameters = self.parameters(module, class_.symbol)
        if len(parameters) > len(own):
            arguments: tuple[Value, ...] = tuple((parameter,) for parameter in parameters)
            return self._typescript.universe.class_(module, class_.symbol, arguments)
        return class_

    # heads

    def info(self, module: Module, symbol: int) -> ClassInfo:
        if self._typescript.reader is not module:
            self._typescript.consult(module, "class", module.path, module.qualified[symbol])
        found = module.memo.get(("class", symbol))
        if found is not None:
            return found  # type: ignore[no-any-return]
        key = (module, "class", symbol)
        return self._typescript.solver.solve(key, lambda: self._info(module, symbol), _EMPTY, _latest)

    def _info(self, module: Module, symbol: int) -> ClassInfo:
        before = self._typescript.reading(module)
        try:
            bases: dict[Entity, None] = {}
            implemented: dict[Entity, None] = {}
            for part in self.parts(module, symbol):
                fact = module.facts.symbols[part]
                for term in fact.bases:
                    bases.update(dict.fromkeys(self._base(module, part, term)))
                for keyword, term in fact.keywords:
                    if keyword == "implements":
                        implemented.update(dict.fromkeys(self._typescript.types.type_of(module, term)))
            bases.pop(self._typescript.universe.instance(self.entity(module, symbol)), None)
            merged = self._parameters_of_parts(module, symbol)
            return ClassInfo(tuple(bases), self.parameters(module, symbol), merged, tuple(implemented))
        finally:
            self._typescript.reading(before)

    def _base(self, module: Module, symbol: int, term: int) -> Iterator[Entity]:
        if module.facts.symbols[symbol].kind == "interface":
            for entity in self._typescript.types.type_of(module, term):
                yield self._head_of(entity)
            return
        for entity in self._typescript.evaluator.value(module, term):
            yield from map(self._head_of, self.constructed(entity))

    def _head_of(self, entity: Entity) -> Entity:
        return entity.type if isinstance(entity, Instance) else entity

    def constructed(self, entity: Entity) -> Value:
        """What a class that extends a value inherits its instances' members from."""
        typescript = self._typescript
        if isinstance(entity, ClassEntity):
            return (typescript.universe.instance(entity),)
        if isinstance(entity, External):
            return (typescript.universe.foreign(entity.name),)
        if isinstance(entity, TypeVariable):
            return (typescript.universe.intern(Constructed, entity),)
        if isinstance(entity, Foreign) or entity is UNKNOWN:
            return (entity,)
        return typescript.calls.constructed(entity)

    def parameters(self, module: Module, symbol: int) -> tuple[TypeVariable, ...]:
        """Its own type parameters and those of the functions around it, which its members may speak of."""
        declared = self._parameters_of_parts(module, symbol)
        own = declared[0] if declared else ()
        outer: list[TypeVariable] = []
        for each in self._scopes_around(module, module.facts.symbols[symbol].scope):
            fact = module.facts.scopes[each]
            if fact.kind is ScopeKind.TYPE_PARAMETERS and fact.symbol != symbol:
                outer += [self._typescript.universe.type_variable(module, b[0]) for b in fact.names.values()]
        return (*own, *(variable for variable in outer if variable not in own))

    def _parameters_of_parts(self, module: Module, symbol: int) -> tuple[tuple[TypeVariable, ...], ...]:
        """The type parameters that each declaration has, under names of its own."""
        scopes = (self.parameters_scope(module, part) for part in self.parts(module, symbol))
        return tuple(
            tuple(
                self._typescript.universe.type_variable(module, bindings[0])
                for bindings in module.facts.scopes[scope].names.values()
            )
            for scope in scopes
            if scope >= 0
        )

    def parameters_scope(self, module: Module, symbol: int) -> int:
        """The scope of the type parameters of a class, interface or alias; -1 where it has none."""
        scopes = self._parameters.get(module)
        if scopes is None:
            scopes = self._parameters[module] = {}
            for index, scope in enumerate(module.facts.scopes):
                names = module.facts.symbols[scope.symbol].type_parameters
                if scope.kind is ScopeKind.TYPE_PARAMETERS and tuple(scope.names) == names:
                    scopes.setdefault(scope.symbol, index)
        return scopes.get(symbol, -1)

    def _scopes_around(self, module: Module, scope: int) -> Iterator[int]:
        while scope >= 0:
            yield scope
            scope = module.facts.scopes[scope].parent

    # inheritance

    def mapping(self, type_: ClassEntity) -> dict[TypeVariable, Value]:
        """Type parameters of a class to its arguments; none for the class as it is seen from inside."""
        if not type_.arguments:
            return {}
        info = self.info(type_.module, type_.symbol)
        mapping: dict[TypeVariable, Value] = {}
        for parameters in (info.parameters, *info.merged):
            mapping.update(zip(parameters, type_.arguments, strict=False))
        return mapping

    def applied(self, type_: ClassEntity, arguments: tuple[Value, ...]) -> ClassEntity:
        """A class with type arguments, those that are not given by their defaults."""
        parameters = self.info(type_.module, type_.symbol).parameters
        if not parameters:
            return type_
        completed = self._typescript.generics.complete(parameters, arguments)
        return self._typescript.universe.class_(type_.module, type_.symbol, completed)

    def ancestors(self, type_: ClassEntity) -> tuple[Entity, ...]:
        """The class and what it inherits from, nearest first, with type arguments passed along.

        What is no class (an object type, a constructor's type) stands for itself.
        """
        if not type_.arguments:
            return (type_, *self._plain(type_.module, type_.symbol)[1:])
        return self._typescript.once(("ancestors", type_), lambda: self._with_arguments(type_))

    def _with_arguments(self, type_: ClassEntity) -> tuple[Entity, ...]:
        plain = self._plain(type_.module, type_.symbol)
        mapping = self.mapping(type_)
        found: dict[Entity, None] = {type_: None}
        for entity in plain[1:]:
            for each in self._typescript.generics.substitute((entity,), mapping):
                if each is not entity and isinstance(each, Instance):
                    found.update(dict.fromkeys(self.ancestors(each.type)))
                else:
                    found[each] = None
        return tuple(found)

    def _plain(self, module: Module, symbol: int) -> tuple[Entity, ...]:
        if self._typescript.reader is not module:
            self._typescript.consult(module, "class", module.path, module.qualified[symbol])
        found = module.memo.get(("ancestors", symbol))
        if found is not None:
            return found  # type: ignore[no-any-return]
        key = (module, "ancestors", symbol)
        return self._typescript.solver.solve(key, lambda: self._ancestors(module, symbol), (), _latest)

    def _ancestors(self, module: Module, symbol: int) -> tuple[Entity, ...]:
        before = self._typescript.reading(module)
        try:
            itself = self._typescript.universe.class_(module, symbol)
            found: dict[Entity, None] = {itself: None}
            for base in self.info(module, symbol).bases:
                above = self.ancestors(base) if isinstance(base, ClassEntity) else (base,)
                found.update(dict.fromkeys(e for e in above if not is_same(e, itself)))
            return tuple(found)
        finally:
            self._typescript.reading(before)

    def is_subclass(self, type_: ClassEntity, other: ClassEntity) -> bool:
        if is_same(type_, other):
            return True
        return any(is_same(e, other) for e in self._plain(type_.module, type_.symbol))

    def as_base(self, type_: ClassEntity, other: ClassEntity) -> ClassEntity | None:
        """The entry of another class among the ancestors of this one, with the arguments it has there."""
        for entity in self.ancestors(type_):
            if isinstance(entity, ClassEntity):
                if is_same(entity, other):
                    return entity
                if entity.module.library and not other.module.library and self._adds(other, entity):
                    return self.applied(other, entity.arguments)
        return None

    def _adds(self, declared: ClassEntity, library: ClassEntity) -> bool:
        """Whether an interface of the project is one more declaration of a class of the library."""
        symbol = declared.module.facts.symbols[declared.symbol]
        name = library.module.facts.symbols[library.symbol].name
        return symbol.name == name and symbol.kind == "interface" and symbol.parent == 0

    # members

    def own(self, module: Module, symbol: int, name: str, static: bool) -> tuple[int, ...]:
        """The bindings of a name in the bodies of one class, for its instances or for the class itself."""
        if self._typescript.reader is not module:
            self._typescript.consult(module, "member", module.path, module.qualified[symbol], name)
        key = (module, -1 - symbol if static else symbol, name)
        found = self._members.get(key)
        if found is None:
            found = self._members[key] = tuple(
                binding
                for scope in self._bodies(module, symbol)
                for binding in module.facts.scopes[scope].names.get(name, ())
                if self._is_static(module, binding) is static
            )
        return found

    def _bodies(self, module: Module, symbol: int) -> Iterator[int]:
        """The scopes with the members of a class; of a constructor function, what is assigned to it."""
        if module.facts.symbols[symbol].kind not in CLASS_KINDS:
            scope = self._expando_scopes(module).get(symbol)
            if scope is not None:
                yield scope
            return
        for part in self.parts(module, symbol):
            scope = module.facts.symbols[part].scope
            if scope >= 0:
                yield scope

    def _is_static(self, module: Module, binding: int) -> bool:
        fact = module.facts.bindings[binding]
        if fact.instance:
            return False
        if fact.symbol < 0:
            return False
        symbol = module.facts.symbols[fact.symbol]
        parent = symbol.parent
        holder = module.facts.symbols[parent].kind if parent >= 0 else ""
        if holder == "enum":
            return True
        if holder in ("constant", "variable"):
            return False
        if "static" in symbol.modifiers:
            return True
        return holder != "interface" and symbol.kind in ("field", "constant", "variable")

    def member_names(self, type_: ClassEntity) -> tuple[str, ...]:
        """The names of all members of instances, inherited ones included, where all ancestors are classes."""
        found: dict[str, None] = {}
        for entity in self.ancestors(type_):
            if isinstance(entity, ClassEntity):
                self._typescript.consult(
                    entity.module, "members", entity.module.path, entity.module.qualified[entity.symbol]
                )
                found.update(dict.fromkeys(self.own_names(entity.module, entity.symbol)))
        return tuple(found)

    def own_names(self, module: Module, symbol: int) -> Iterator[str]:
        for scope in self._bodies(module, symbol):
            yield from module.facts.scopes[scope].names

    def is_enum(self, type_: ClassEntity) -> bool:
        return type_.module.facts.symbols[type_.symbol].kind == "enum"

    def expando(self, module: Module, symbol: int, name: str) -> tuple[int, ...]:
        """The properties that are assigned to a function (`f.name = …`)."""
        if self._typescript.reader is not module:
            self._typescript.consult(module, "member", module.path, module.qualified[symbol], name)
        scope = self._expando_scopes(module).get(symbol)
        return module.facts.scopes[scope].names.get(name, ()) if scope is not None else ()

    def with_expandos(self, module: Module, symbol: int, value: Value) -> Value:
        """The object that a variable holds, with the properties that are assigned to the variable."""
        universe = self._typescript.universe
        if self._expando_scopes(module).get(symbol) is None:
            return value
        added = universe.instance(universe.class_(module, symbol))
        return union(
            intersection(universe, (entity, added)) if isinstance(entity, ObjectLiteral) else entity
            for entity in value
        )

    def _expando_scopes(self, module: Module) -> dict[int, int]:
        found = self._expandos.get(module)
        if found is None:
            found = self._expandos[module] = {
                scope.symbol: index
                for index, scope in enumerate(module.facts.scopes)
                if scope.kind is ScopeKind.CLASS
                and module.facts.symbols[scope.symbol].kind not in CLASS_KINDS
            }
        return found

    def find(
        self, type_: ClassEntity, name: str, static: bool, after: bool = False
    ) -> Member | Entity | None:
        """The member of that name; the ancestor without a name of its own that may have it; None.

        ``after`` leaves the class itself out. Known classes are asked before what is not known.
        """
        outside: Entity | None = None
        for entity in self.ancestors(type_)[after:]:
            if not isinstance(entity, ClassEntity):
                if self._typescript.members.has(entity, name):
                    return entity
                outside = entity if outside is None or outside is UNKNOWN else outside
                continue
            bindings = self.own(entity.module, entity.symbol, name, static)
            if bindings:
                return Member(entity, bindings)
        return outside


def is_same(one: Entity, other: Entity) -> bool:
    """Whether two entities are one class, whatever their type arguments."""
    return one is other or (
        isinstance(one, ClassEntity)
        and isinstance(other, ClassEntity)
        and one.module is other.module
        and one.symbol == other.symbol
    )


def _latest(_: A, new: A) -> A:
    return new
