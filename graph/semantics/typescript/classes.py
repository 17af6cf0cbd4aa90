"""Classes, interfaces and enums: their merged declarations, what they inherit, and members by name.

Rules: the TypeScript handbook, "Classes", "Declaration Merging" (interfaces merge with each other and with a
class of the same name).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isg.graph.linking.fixpoint import latest
from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    UNKNOWN,
    ClassEntity,
    Entity,
    Instance,
    TypeVariable,
    Value,
    union,
)
from isg.graph.semantics.typescript.entities import ObjectLiteral, intersection
from isg.parsers.facts import BindingKind, ScopeKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isg.graph.semantics.typescript.language import TypeScript

CLASS_KINDS = frozenset({"class", "interface", "enum"})
_DECLARING = (BindingKind.DEFINITION, BindingKind.DECLARATION, BindingKind.ASSIGNMENT)
_DECLARED = ("class", "interface", "enum")


@dataclass(frozen=True, slots=True)
class Member:
    """A member found on a class: the class that declares it, and its bindings there."""

    owner: ClassEntity
    bindings: tuple[int, ...]


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

    def place(self, module: Module, symbol: int) -> tuple[int, str] | None:
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
        place = self.place(module, symbol)
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

    # type parameters

    def parameters(self, module: Module, symbol: int) -> tuple[TypeVariable, ...]:
        """Its own type parameters and those of the functions around it, which its members may speak of."""
        declared = self.parameters_of_parts(module, symbol)
        own = declared[0] if declared else ()
        outer: list[TypeVariable] = []
        for each in self._scopes_around(module, module.facts.symbols[symbol].scope):
            fact = module.facts.scopes[each]
            if fact.kind is ScopeKind.TYPE_PARAMETERS and fact.symbol != symbol:
                outer += [self._typescript.universe.type_variable(module, b[0]) for b in fact.names.values()]
        return (*own, *(variable for variable in outer if variable not in own))

    def parameters_of_parts(self, module: Module, symbol: int) -> tuple[tuple[TypeVariable, ...], ...]:
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
        info = self._typescript.heads.info(type_.module, type_.symbol)
        mapping: dict[TypeVariable, Value] = {}
        for parameters in (info.parameters, *info.merged):
            mapping.update(zip(parameters, type_.arguments, strict=False))
        return mapping

    def applied(self, type_: ClassEntity, arguments: tuple[Value, ...]) -> ClassEntity:
        """A class with type arguments, those that are not given by their defaults."""
        parameters = self._typescript.heads.info(type_.module, type_.symbol).parameters
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
        return self._typescript.solver.solve(key, lambda: self._ancestors(module, symbol), (), latest)

    def _ancestors(self, module: Module, symbol: int) -> tuple[Entity, ...]:
        before = self._typescript.reading(module)
        try:
            itself = self._typescript.universe.class_(module, symbol)
            found: dict[Entity, None] = {itself: None}
            found.update(dict.fromkeys(self._declared_elsewhere(module, symbol)))
            for part in [entity for entity in found if isinstance(entity, ClassEntity)]:
                found.update(dict.fromkeys(e for e in self._above(part) if not is_same(e, itself)))
            return tuple(found)
        finally:
            self._typescript.reading(before)

    def _declared_elsewhere(self, module: Module, symbol: int) -> Iterator[ClassEntity]:
        """The declarations in other files that add to this one, with its type parameters for theirs."""
        own = tuple((parameter,) for parameter in self._typescript.heads.info(module, symbol).parameters)
        for other, part in self._typescript.augmenting.others(module, symbol):
            yield self.applied(self.entity(other, part), own)

    def _above(self, type_: ClassEntity) -> Iterator[Entity]:
        """What the heads of the declarations in one file inherit from, and what these do."""
        mapping = self.mapping(type_)
        for base in self._typescript.heads.info(type_.module, type_.symbol).bases:
            for entity in self.ancestors(base) if isinstance(base, ClassEntity) else (base,):
                yield from self._typescript.generics.substitute((entity,), mapping) if mapping else (entity,)

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
        return self._kind(type_) == "enum"

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
            if bindings and not (static and self._is_behind_interface(type_, entity)):
                return Member(entity, bindings)
        return outside

    def _is_behind_interface(self, type_: ClassEntity, ancestor: ClassEntity) -> bool:
        """Whether only instances inherit from it: no chain of classes leads there."""
        current: ClassEntity | None = type_
        while current is not None and not is_same(current, ancestor):
            bases = self._typescript.heads.info(current.module, current.symbol).bases
            classes = (each for each in bases if isinstance(each, ClassEntity))
            current = next((each for each in classes if self._kind(each) == "class"), None)
        return current is None

    def _kind(self, type_: ClassEntity) -> str:
        return type_.module.facts.symbols[type_.symbol].kind


def is_same(one: Entity, other: Entity) -> bool:
    """Whether two entities are one class, whatever their type arguments."""
    return one is other or (
        isinstance(one, ClassEntity)
        and isinstance(other, ClassEntity)
        and one.module is other.module
        and one.symbol == other.symbol
    )
