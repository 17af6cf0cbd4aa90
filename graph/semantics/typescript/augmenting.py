"""Declarations that add to others, in other files: what a name that several of them declare is made of.

Rules: the TypeScript handbook, "Declaration Merging": "Module Augmentation" (`declare module "./m"` in a
module adds to what that module exports) and "Global Augmentation" (`declare global`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.values import ModuleEntity
from isg.graph.semantics.typescript.names import Meaning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isg.graph.semantics.typescript.language import TypeScript

Part = tuple[Module, int]  # a symbol of a module
_MERGING = frozenset({"interface", "class"})


class Augmenting:
    """Finds the other declarations of interfaces that are declared in several files."""

    def __init__(self, typescript: TypeScript) -> None:
        self._typescript = typescript

    def others(self, module: Module, symbol: int) -> list[Part]:
        """The declarations of other files that make up one interface or class with this one."""
        typescript = self._typescript
        if not typescript.globals.augmenters or module.library:
            return []
        fact = module.facts.symbols[symbol]
        if fact.kind not in _MERGING or fact.parent < 0:
            return []
        parts = dict.fromkeys(self._parts(module, symbol, fact.name))
        return [part for part in parts if part[0] is not module]

    def _parts(self, module: Module, symbol: int, name: str) -> Iterator[Part]:
        globals_ = self._typescript.globals
        place = self._typescript.classes.place(module, symbol)
        if place is None:
            return
        scope, parent = place[0], module.facts.symbols[symbol].parent
        if scope in globals_.scopes(module):
            yield from self._global(name)
        elif scope == 0:
            yield from self._of_module(module, name)
        elif parent > 0 and (source := self._augmented(module, parent)) is not None:
            yield from self._exported(source, name)
            yield from self._of_module(source, name)

    def _global(self, name: str) -> Iterator[Part]:
        for declaring in self._typescript.globals.asked(name):
            for item in self._typescript.globals.declared(declaring, name, Meaning.TYPE):
                if isinstance(item, tuple):
                    yield from self._symbol(*item)

    def _of_module(self, module: Module, name: str) -> Iterator[Part]:
        """What augmentations of a module add to what it exports by a name."""
        for declaring, block in self._typescript.globals.augmentations(module):
            space = self._typescript.exports.of_namespace(declaring, block, name, Meaning.TYPE)
            for item in space:
                if isinstance(item, tuple) and item[0] is declaring:
                    yield from self._symbol(*item)

    def _augmented(self, module: Module, namespace: int) -> Module | None:
        """The module of the project that `declare module "…"` adds to."""
        name = module.facts.symbols[namespace].name
        if not name.startswith('"') or self._typescript.exports.is_script(module):
            return None
        source = self._typescript.find_module(module, name[1:-1])
        return source.module if isinstance(source, ModuleEntity) and not source.module.library else None

    def _exported(self, source: Module, name: str) -> Iterator[Part]:
        for item in self._typescript.exports.exported(source, name, Meaning.TYPE):
            if isinstance(item, tuple):
                yield from self._symbol(*item)

    def _symbol(self, module: Module, binding: int) -> Iterator[Part]:
        symbol = module.facts.bindings[binding].symbol
        if symbol >= 0 and module.facts.symbols[symbol].kind in _MERGING:
            yield module, symbol
