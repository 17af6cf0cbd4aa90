"""What imports find: modules of the project, stubs of the library, and what is neither."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.semantics import UNRESOLVED, Definition
from isg.graph.linking.values import (
    Entity,
    External,
    ModuleEntity,
    NamespaceEntity,
)

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python


class Importing:
    """Modules by the names that files give them; what is asked for is recorded."""

    def __init__(self, python: Python) -> None:
        self._python = python
        self._found: dict[tuple[Module, str, int], Entity | None] = {}

    def find_module(self, importer: Module, dotted: str, level: int) -> Entity | None:
        """What ``import dotted`` finds from a module; External where the project has no such module."""
        key = (importer, dotted, level)
        if key not in self._found:
            self._found[key] = self._find_module(importer, dotted, level)
        return self._found[key]

    def _find_module(self, importer: Module, dotted: str, level: int) -> Entity | None:
        if importer.library:
            library = self._python.stubs.module(dotted)
            return (
                self._python.universe.module(library) if library else self._python.universe.external(dotted)
            )
        self._python.record(importer, ("module", str(level), dotted))
        if level:
            found = self._python.modules.relative(importer.path, level, dotted)
            return self._at(found, dotted) if found is not None else None
        found = self._python.modules.find(dotted, importer.path)
        if found is not None:
            return self._at(found, dotted)
        library = self._python.stubs.module(dotted)
        if library is not None:
            return self._python.universe.module(library)
        return self._python.universe.external(dotted)

    def _at(self, path: str, dotted: str) -> Entity:
        if path.endswith("/"):
            return self._python.universe.namespace(dotted, path)
        return self._python.universe.module(self._python.load(path))

    def stub_of(self, module: Module) -> Module | None:
        """The stub file beside a source file."""
        self._python.record(module, ("stub",))
        path = self._python.modules.stub_of(module.path)
        return self._python.load(path) if path is not None else None

    def submodule(self, module: Module, name: str) -> Entity | None:
        """The module of that name inside a package."""
        if module.library:
            library = self._python.stubs.module(f"{module.name}.{name}")
            return self._python.universe.module(library) if library else None
        self._python.record(module, ("submodule", name))
        found = self._python.modules.submodule(module.path, name)
        return self._at(found, f"{module.name}.{name}") if found is not None else None

    def namespace_member(self, entity: NamespaceEntity, name: str) -> Entity | None:
        """The module of that name inside a package without a file of its own."""
        if self._python.reader is not None:
            self._python.record(self._python.reader, ("within", entity.origin, name))
        found = self._python.modules.submodule(entity.origin, name)
        return self._at(found, f"{entity.name}.{name}") if found is not None else None

    def imports_of(self, module: Module, index: int) -> Iterable[Definition]:
        """What an import statement names: the module, and the symbol taken from it."""
        fact = module.facts.imports[index]
        base = self.find_module(module, fact.module, fact.level)
        named: list[Definition] = []
        if fact.name and fact.name != "*" and base is not None:
            named = self._python.names.definitions(self._python.names.import_entity(module, index))
        modules = [d for d in named if d.module is not None and d.symbol == 0]
        if isinstance(base, ModuleEntity) and not base.module.library:
            inside = self._python.modules.submodule(base.module.path, fact.name) if fact.name else None
            if any(d.module is not None and d.module.path == inside for d in modules):
                yield from modules  # the package is only the way to it
                return
            yield self._python.definition(base.module, 0)
            # A module that the package calls by another name is an attribute of the package.
            named = [d for d in named if d not in modules]
        elif base is None or not fact.name or fact.name == "*":
            yield self._python.external(self._entity_name(base)) if base is not None else UNRESOLVED
        yield from named

    def _entity_name(self, entity: Entity) -> str:
        if isinstance(entity, ModuleEntity):
            return entity.module.name
        return entity.name if isinstance(entity, External | NamespaceEntity) else ""

    def container_of(self, module: Module) -> Definition | None:
        """The package that a module lies in."""
        package = module.name.rpartition(".")[0]
        if not package:
            return None
        found = self.find_module(module, package, 0)
        return self._python.definition(found.module, 0) if isinstance(found, ModuleEntity) else None
