"""Names in Python: scopes, imports, star imports and what a name means.

Rules: the language reference, §4.2 (naming and binding) and §7.11 (the import statement).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from isg.graph.linking.circles import Searches
from isg.graph.linking.module import Module
from isg.graph.linking.semantics import LOCAL, UNRESOLVED, Definition
from isg.graph.linking.values import (
    UNKNOWN_VALUE,
    Entity,
    External,
    ModuleEntity,
    NamespaceEntity,
    Value,
    join,
)
from isg.graph.semantics.python.builtin_names import BUILTIN_NAMES
from isg.parsers import operators as op
from isg.parsers.facts import Binding, BindingKind, Import, ScopeKind
from isg.parsers.terms import BEFORE_MODULE

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python

Found: TypeAlias = tuple[Module, tuple[int, ...]]  # bindings of one name in one module
Export: TypeAlias = tuple[Module, str]
Slot: TypeAlias = tuple[Module, int]  # a binding of a module
# Members of enums that are read for every binding: to look one up in its class runs code.
_IMPORT, _ASSIGNMENT, _NARROWED, _PARAMETER, _TYPE_PARAMETER = (
    BindingKind.IMPORT,
    BindingKind.ASSIGNMENT,
    BindingKind.NARROWED,
    BindingKind.PARAMETER,
    BindingKind.TYPE_PARAMETER,
)
_NAMESPACES = (External, NamespaceEntity)


class Names:
    """Looks names up and says what they denote."""

    def __init__(self, python: Python) -> None:
        self._python = python
        self._exports: Searches[Found | Entity | None] = Searches(None)
        self._imports: dict[tuple[Module, int], Found | Entity] = {}

    # scopes

    def lookup(self, module: Module, scope: int, name: str) -> Found | Entity | None:
        """The bindings that a name read in a scope means: local, enclosing, global, built-in."""
        scopes = module.facts.scopes
        start = scope
        while scope > 0:
            current = scopes[scope]
            if current.kind is not ScopeKind.CLASS or scope == start:
                found = self.bindings_in(module, scope, name)
                if found:
                    return module, found
            scope = current.parent
        if scope == BEFORE_MODULE and name in BUILTIN_NAMES:
            before = self._starred(module, name)[0] or self._built_in(module, name)
            if before is not None:
                return before
        exported = self.export(module, name)
        is_submodule = isinstance(exported, ModuleEntity)  # its package has its name once it was imported
        if exported is not None and not (is_submodule and name in BUILTIN_NAMES):
            return exported
        return self._built_in(module, name)

    def _built_in(self, module: Module, name: str) -> Found | Entity | None:
        builtins = self._python.stubs.module("builtins")
        if builtins is None or module is builtins:
            return None
        found = self.bindings_in(builtins, 0, name)
        if found:
            return builtins, found
        return self._python.universe.external(f"builtins.{name}") if name in BUILTIN_NAMES else None

    def bindings_in(self, module: Module, scope: int, name: str) -> tuple[int, ...]:
        """The bindings of a name in one scope, without attributes of instances and narrowed views."""
        found = module.facts.scopes[scope].names.get(name, ())
        bindings = module.facts.bindings
        for binding in found:
            if bindings[binding].instance or bindings[binding].kind is _NARROWED:
                break
        else:
            return found
        return tuple([b for b in found if not bindings[b].instance and bindings[b].kind is not _NARROWED])

    # modules

    def export(self, module: Module, name: str) -> Found | Entity | None:
        """What ``module.name`` is: its own bindings, what a star import brings, or a submodule."""
        if self._python.reader is not module:
            self._python.consult(module, "name", module.path, name)
        return self._exports.find((module, name), self._search)

    def _search(self, key: Export) -> Found | Entity | None:
        """Look through a module and its star imports."""
        before = self._python.reading(key[0])
        try:
            return self._find_export(*key)
        finally:
            self._python.reading(before)

    def circle(self, module: Module, name: str) -> tuple[str, ...]:
        """What a module on a circle of star imports adds to a search for a name; empty for all others."""
        if not self._exports.began_on_circle((module, name)):
            return ()
        importing = self._python.importing
        sources = (
            importing.find_module(module, each.module, each.level)
            for each in module.facts.imports
            if each.name == "*" and each.scope == 0
        )
        return tuple(source.text() for source in sources if source is not None)

    def _find_export(self, module: Module, name: str) -> Found | Entity | None:
        own = self.bindings_in(module, 0, name)
        if own:
            return module, own
        found, external = self._starred(module, name)
        if found is not None:
            return found
        submodule = self._python.importing.submodule(module, name)
        if submodule is not None:
            return submodule
        stub = None if module.library else self._python.importing.stub_of(module)
        if stub is not None:
            return self.export(stub, name)
        if external is not None and name not in BUILTIN_NAMES:
            return self._python.universe.external(f"{external.name}.{name}")
        return None

    def _starred(self, module: Module, name: str) -> tuple[Found | Entity | None, External | None]:
        """What a star import brings by that name, and the first of them from outside, which may, too."""
        external: External | None = None
        for imported in module.facts.imports:
            if imported.name != "*" or imported.scope != 0:
                continue
            source = self._python.importing.find_module(module, imported.module, imported.level)
            if isinstance(source, ModuleEntity):
                if source.module is not module and self.is_public(source.module, name):
                    found = self.export(source.module, name)
                    if found is not None and not isinstance(found, ModuleEntity):
                        return found, None
            elif isinstance(source, External):
                external = external or source
        return None, external

    def is_public(self, module: Module, name: str) -> bool:
        """Whether a star import of the module takes the name: ``__all__``, else no leading underscore."""
        if self._python.reader is not module:
            self._python.consult(module, "public", module.path, name)
        exports = module.facts.exports
        if exports is None:
            return not name.startswith("_")
        if name in exports:
            return True
        for term in module.facts.exports_of:
            for entity in self._python.evaluator.value(module, term):
                if isinstance(entity, ModuleEntity) and self.is_public(entity.module, name):
                    return True
                if isinstance(entity, External):
                    return True
        return False

    def import_entity(self, module: Module, index: int) -> Found | Entity | None:
        """What an import statement binds."""
        key = (module, index)
        found = self._imports.get(key)
        if found is None:
            found = self._import_entity(module, module.facts.imports[index])
            if found is not None:
                self._imports[key] = found
        return found

    def _import_entity(self, module: Module, imported: Import) -> Found | Entity | None:
        base = self._python.importing.find_module(module, imported.module, imported.level)
        if not imported.name:
            if imported.alias or "." not in imported.module:
                return base
            return self._python.importing.find_module(module, imported.module.split(".")[0], 0)
        if isinstance(base, ModuleEntity):
            if base.module is module and module.library:
                return self._python.universe.external(f"{module.name}.{imported.name}")
            if base.module is module:
                return self._python.importing.submodule(module, imported.name) or self.export(
                    module, imported.name
                )
            found = self.export(base.module, imported.name)
            if found is None and base.module.library:
                return self._python.universe.external(f"{base.module.name}.{imported.name}")
            return found
        if isinstance(base, NamespaceEntity):
            return self._python.importing.namespace_member(base, imported.name)
        if isinstance(base, External):
            return self._python.universe.external(f"{base.name}.{imported.name}")
        return None

    # values

    def value_of(self, found: Found | Entity | None) -> Value:
        if found is None:
            return UNKNOWN_VALUE
        if isinstance(found, Entity):
            return (found,)
        return self.settled(*found)

    def settled(self, module: Module, bindings: tuple[int, ...]) -> Value:
        """The value of a name seen from elsewhere: what is declared, else the union of what is bound."""
        facts = module.facts.bindings
        declared = [b for b in bindings if facts[b].declared and facts[b].kind is not _PARAMETER]
        if declared:
            value = join(*[self._python.types.declared(module, facts[b].declared) for b in declared])
            if value != UNKNOWN_VALUE and value:
                return value
        return join(*[self.bound(module, b) for b in bindings])

    def bound(self, module: Module, binding: int) -> Value:
        """The value that a binding itself gives."""
        fact = module.facts.bindings[binding]
        if fact.kind is _TYPE_PARAMETER:
            return (self._python.universe.type_variable(module, binding, True),)
        if fact.kind is _ASSIGNMENT and self._makes_type_variable(module, fact):
            return (self._python.universe.type_variable(module, binding, True),)
        return self._python.evaluator.value(module, fact.term)

    def _makes_type_variable(self, module: Module, fact: Binding) -> bool:
        term = module.facts.terms[fact.term]
        if term[0] != op.CALL:
            return False
        callee = module.facts.terms[term[1]]
        if callee[-1] not in TYPE_VARIABLE_MAKERS and callee[0] != op.USE:
            return False
        value = self._python.evaluator.value(module, term[1])
        return any(self._python.stubs.library_name(entity) in TYPE_VARIABLE_NAMES for entity in value)

    # meanings

    def definitions(self, found: Found | Entity | None) -> list[Definition]:
        """The definitions behind bindings: imports are followed to where a name is defined."""
        if found is None:
            return [UNRESOLVED]
        if isinstance(found, Entity):
            return [self.entity_definition(found)]
        module, bindings = found
        defined = self._defined(module, bindings[0]) if len(bindings) == 1 else None
        if defined is not None:
            return [defined]
        result: dict[Definition, None] = {}
        seen: set[Slot | Found] = set()
        for binding in bindings:
            result.update(dict.fromkeys(self._behind(module, binding, seen)))
        if len(result) > 1:
            result.pop(UNRESOLVED, None)
        return list(result) or [UNRESOLVED]

    def binding_definitions(self, module: Module, binding: int) -> list[Definition]:
        """The definitions behind a binding; UNRESOLVED alone where there are none."""
        defined = self._defined(module, binding)
        return [defined] if defined is not None else self._behind(module, binding, set()) or [UNRESOLVED]

    def _defined(self, module: Module, binding: int) -> Definition | None:
        """What a binding itself defines: most do."""
        fact = module.facts.bindings[binding]
        if fact.symbol < 0 or fact.kind is _IMPORT:
            return None
        return self._python.definition(module, fact.symbol)

    def _behind(self, module: Module, binding: int, seen: set[Slot | Found]) -> list[Definition]:
        """The definitions behind a binding, but those behind what was ``seen``: they are on their way.

        Modules may import a name from each other, many times over.
        """
        if (module, binding) in seen:
            return []
        seen.add((module, binding))
        fact = module.facts.bindings[binding]
        if fact.kind is _IMPORT:
            return self._import_definitions(module, fact, seen)
        if fact.symbol >= 0:
            return [self._python.definition(module, fact.symbol)]
        if fact.kind is _NARROWED:
            return self._narrowed_definitions(module, fact, seen)
        return [LOCAL]

    def _import_definitions(self, module: Module, fact: Binding, seen: set[Slot | Found]) -> list[Definition]:
        term = module.facts.terms[fact.term]
        if term[0] != op.IMPORTED:
            return [UNRESOLVED]
        before = self._python.reading(module)
        try:
            found = self.import_entity(module, term[1])
        finally:
            self._python.reading(before)
        if found is None:
            return [UNRESOLVED]
        if isinstance(found, Entity):
            return [self.entity_definition(found)]
        if found in seen:
            return []
        seen.add(found)
        return [d for b in found[1] for d in self._behind(found[0], b, seen)]

    def _narrowed_definitions(
        self, module: Module, fact: Binding, seen: set[Slot | Found]
    ) -> list[Definition]:
        terms = module.facts.terms
        term = terms[fact.term]
        while term[0] in (op.NARROW, op.EXCLUDE, op.SUBTYPE):
            term = terms[term[1]]
        if term[0] == op.USE:
            return [d for b in term[1:] for d in self._behind(module, int(b), seen)]
        if term[0] == op.NAME:
            return self.definitions(self.lookup(module, term[1], term[2]))
        return [LOCAL]

    def entity_definition(self, entity: Entity) -> Definition:
        if isinstance(entity, ModuleEntity):
            return self._python.definition(entity.module, 0)
        if isinstance(entity, _NAMESPACES):
            return self._python.external(entity.name)
        return UNRESOLVED


TYPE_VARIABLE_MAKERS = frozenset({"TypeVar", "ParamSpec", "TypeVarTuple"})
TYPE_VARIABLE_NAMES = frozenset(
    f"{module}.{name}" for module in ("typing", "typing_extensions") for name in TYPE_VARIABLE_MAKERS
)
