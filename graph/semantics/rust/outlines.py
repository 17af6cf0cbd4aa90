"""What a crate has of impl blocks and macros, by name: the outline of each file, and an index of a crate.

An outline is of syntax alone, so that it costs no resolution; a change of one is a change of the index of its
crate, and so of all that looked into that. The files of a crate are asked for through its first file, which
rests on the outline of every other: see ``keep_watch``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from isg.graph.linking.module import Module
from isg.parsers.facts import ImportFlag

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

Place: TypeAlias = tuple[Module, int]  # a symbol of a file


_STRUCTURAL = frozenset({"()", "[]"})  # what blocks for tuples and slices are called


@dataclass(frozen=True, slots=True)
class Outline:
    """The impl blocks, macros, renamed types and declared paths of one file."""

    blocks: tuple[int, ...]
    macros: tuple[int, ...]
    renamed: frozenset[str]  # names that a type may be called by that are not its own
    paths: tuple[tuple[int, str], ...]  # `#[path]` of module declarations: import, path


@dataclass(slots=True)
class Index:
    """The impl blocks and macros of a crate, by name."""

    named: dict[str, list[Place]] = field(default_factory=dict)
    blanket: list[Place] = field(default_factory=list)
    unnamed: list[Place] = field(default_factory=list)  # for types without a name, or with another one
    macros: dict[str, list[Place]] = field(default_factory=dict)
    paths: list[tuple[Module, int, str]] = field(default_factory=list)


class Outlines:
    """The outlines of files and the indexes of crates."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust
        self._indexes: dict[str, Index] = {}
        self._resting: set[tuple[Module, str]] = set()  # files and the groups that they are known to rest on

    def outline(self, module: Module) -> Outline:
        found = module.memo.get(("outline", 0))
        if found is None:
            found = module.memo["outline", 0] = _outline(module)
        return found

    def index(self, group: str) -> Index:
        """The index of a crate; the file that is being read rests on it."""
        self._rest_on(group)
        found = self._indexes.get(group)
        if found is None:
            found = self._indexes[group] = self._indexed(self.modules(group))
        return found

    def library(self, module: Module) -> Index:
        """The index of one stub of the library."""
        found = self._indexes.get(module.path)
        if found is None:
            found = self._indexes[module.path] = self._indexed([module])
        return found

    def modules(self, group: str) -> list[Module]:
        return [self._rust.load(path) for path in self._rust.crates.members.get(group, ())]

    def _rest_on(self, group: str) -> None:
        reader, members = self._rust.reader, self._rust.crates.members.get(group, ())
        if reader is None or reader.library or not members or (reader, group) in self._resting:
            return
        self._resting.add((reader, group))
        self._rust.record(reader, ("module", "files", group))
        self._rust.note(reader, self._rust.load(members[0]), "index", members[0])

    def keep_watch(self, module: Module) -> None:
        """For the first file of a crate: note that it rests on the outlines of all others."""
        group = self._rust.crates.group(module.path)
        members = self._rust.crates.members.get(group, ())
        if members and members[0] == module.path and len(members) > 1:
            self._rust.record(module, ("module", "files", group))
            for path in members[1:]:
                self._rust.note(module, self._rust.load(path), "outline", path)

    def _indexed(self, modules: list[Module]) -> Index:
        index = Index()
        renamed: set[str] = set()
        for module in modules:
            renamed |= self.outline(module).renamed
        for module in modules:
            outline = self.outline(module)
            for symbol in outline.blocks:
                self._add_block(index, module, symbol, renamed)
            for symbol in outline.macros:
                index.macros.setdefault(module.facts.symbols[symbol].name, []).append((module, symbol))
            index.paths += [(module, i, path) for i, path in outline.paths]
        return index

    def _add_block(self, index: Index, module: Module, symbol: int, renamed: set[str]) -> None:
        fact = module.facts.symbols[symbol]
        if fact.name in fact.type_parameters:
            index.blanket.append((module, symbol))
        elif fact.name in renamed or not (fact.name.isidentifier() or fact.name in _STRUCTURAL):
            index.unnamed.append((module, symbol))
        else:
            index.named.setdefault(fact.name, []).append((module, symbol))

    def declaring(self, module: Module) -> tuple[Module, int] | None:
        """The module whose ``#[path]`` declares a file that stands in no usual place."""
        before = self._rust.reading(module)  # the file itself rests on it, whoever asks first
        index = self.index(self._rust.crates.group(module.path))
        self._rust.reading(before)
        for owner, declaration, attribute in index.paths:
            fact = owner.facts.imports[declaration]
            inline = self._rust.names.inline_path(owner, fact.scope)
            found = self._rust.crates.child(owner.path, inline, fact.name, attribute)
            if found == module.path and owner is not module:
                return owner, self._rust.names.module_scope(owner, fact.scope)
        return None

    def text(self, module: Module) -> Iterator[str]:
        """All that an index has from a file."""
        outline = self.outline(module)
        for symbol in outline.blocks:
            fact = module.facts.symbols[symbol]
            yield f"{module.qualified[symbol]} {fact.name} {fact.name in fact.type_parameters}"
        for symbol in outline.macros:
            fact = module.facts.symbols[symbol]
            around = module.facts.symbols[fact.parent].kind
            yield f"{module.qualified[symbol]} in {around} {','.join(fact.modifiers)}"
        yield from sorted(outline.renamed)
        yield from (f"{module.facts.imports[i].name} {path}" for i, path in outline.paths)


def _outline(module: Module) -> Outline:
    facts = module.facts
    blocks, macros = [], []
    renamed = set()
    for symbol, fact in enumerate(facts.symbols):
        if fact.kind == "impl":
            blocks.append(symbol)
        elif fact.kind == "macro":
            macros.append(symbol)
        elif fact.kind == "type_alias" and facts.symbols[fact.parent].kind not in ("impl", "trait"):
            renamed.add(fact.name)
    renamed |= {i.alias for i in facts.imports if i.alias and i.alias not in (i.name, "_")}
    paths = [
        (index, fact.module)
        for index, fact in enumerate(facts.imports)
        if int(fact.flags) & ImportFlag.DECLARES and fact.module
    ]
    return Outline(tuple(blocks), tuple(macros), frozenset(renamed), tuple(paths))
