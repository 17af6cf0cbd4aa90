"""Names and paths: what a name in a scope means, in each of Rust's namespaces.

Rules: The Rust Reference, "Namespaces", "Scopes", "Paths", "Use declarations" and "Preludes". A name that
is declared in a module hides one that a glob brings in; an outer scope comes after an inner one, and the
preludes last.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.values import NOTHING, ClassEntity, Entity, External, ModuleEntity, Value, join
from isg.graph.semantics.rust.entities import Alias, Item, Namespace, TypePath
from isg.parsers import operators as op
from isg.parsers.facts import BindingKind, ImportFlag, ScopeKind

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

TYPES, VALUES, MACROS = "type", "value", "macro"
NOMINAL = frozenset({"struct", "enum", "union", "trait"})
_FUNCTIONS = frozenset({"function", "method"})
_ITEMS = frozenset({"constant", "variable", "field", "property"})
_STANDARD = frozenset({"std", "core", "alloc"})
_COMPILERS = _STANDARD | {"proc_macro", "test"}  # crates that come with the compiler
ALL, PUBLIC = "", "public "  # what a look-up in a module sees: all, or what a glob import elsewhere brings in


class Names:
    """Looks names up."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust

    # from the inside out

    def lexical(self, module: Module, scope: int, name: str, space: str) -> Value:
        """What a plain name means in a scope."""
        key = (f"{space} {name}", scope)
        found = module.memo.get(key)
        if found is not None:
            return found  # type: ignore[no-any-return]
        return self._rust.solver.solve(
            (module, *key), lambda: self._lexical(module, scope, name, space), NOTHING, join
        )

    def _lexical(self, module: Module, scope: int, name: str, space: str) -> Value:
        if space == TYPES:
            special = self._keyword(module, scope, name)
            if special is not None:
                return special
        elif name == "Self" and space == VALUES:
            return tuple([self._rust.types.as_path(e) for e in self._rust.types.self_type(module, scope)])
        current = scope
        while current >= 0:
            fact = module.facts.scopes[current]
            if fact.kind is ScopeKind.MODULE:
                found = self.own(module, current, name, space, ALL)
                if found:
                    return found
                if not self._is_macro(module, current):
                    break
            elif fact.kind is not ScopeKind.CLASS:
                found = self._declared(module, current, name, space, ALL)
                found = found or self._by_glob(module, current, name, space, ALL)
                if found:
                    return found
            current = fact.parent
        return self._prelude(module, name, space)

    def _keyword(self, module: Module, scope: int, name: str) -> Value | None:
        if name.startswith("::"):
            return self._rust.imports.from_root(module, name[2:]) or self.crate(module, name[2:])
        if name in ("crate", "$crate"):
            return (self.root(module),)
        if name == "self":
            return (self.place(module, self.module_scope(module, scope)),)
        if name == "super":
            return self._above(module, self.module_scope(module, scope))
        return None

    def _prelude(self, module: Module, name: str, space: str) -> Value:
        if space == MACROS:
            return self._rust.macros.crate_wide(module, name)
        if space == TYPES and not module.library:
            found = self._known_crate(module, name)
            if found:
                return found
        for stub in ("prelude", "primitive"):
            library = self._rust.library(stub)
            if library is not None and library is not module:
                found = self.own(library, 0, name, space, ALL)
                if found:
                    return found
        if space == TYPES and name in _STANDARD:
            return self.crate(module, name)
        return NOTHING

    def _known_crate(self, module: Module, name: str) -> Value:
        self._rust.record(module, ("module", "crate", name))
        if self._rust.crates.dependency(module.path, name) is not None:
            return self.crate(module, name)
        if name not in _STANDARD and self._rust.crates.crate_of(module.path) is not None:
            crate = self._rust.crates.crate_of(module.path)
            if crate is not None and crate.package and self._rust.crates.is_external(module.path, name):
                return (self._rust.universe.external(name),)
        return NOTHING

    def crate(self, module: Module, name: str) -> Value:
        """The root of another crate by its name in the code of a file."""
        if not module.library:
            self._rust.record(module, ("module", "crate", name))
            root = self._rust.crates.dependency(module.path, name)
            if root is not None:
                return (self._rust.universe.module(self._rust.load(root)),)
        if name in _STANDARD:
            standard = self._rust.library("std")
            if standard is not None:
                return (self._rust.universe.module(standard),)
        return (self._rust.universe.external(name),)

    def crate_in_reach(self, module: Module, name: str) -> Value:
        """The crate that a path may begin with: where Cargo.toml says which there are, one of those."""
        crate = self._rust.crates.crate_of(module.path) if not module.library else None
        if crate is not None and crate.package and name not in _COMPILERS:
            return self._known_crate(module, name)
        return self.crate(module, name)

    # modules

    def module_scope(self, module: Module, scope: int) -> int:
        """The scope of the module around a scope; the items of a macro stand in the module around it."""
        while scope > 0:
            fact = module.facts.scopes[scope]
            if fact.kind is ScopeKind.MODULE and not self._is_macro(module, scope):
                return scope
            scope = fact.parent
        return 0

    def _is_macro(self, module: Module, scope: int) -> bool:
        symbol = module.facts.scopes[scope].symbol
        return symbol > 0 and module.facts.symbols[symbol].kind == "macro"

    def place(self, module: Module, scope: int) -> Entity:
        """The module that a scope is the inside of."""
        if scope == 0:
            return self._rust.universe.module(module)
        return self._rust.universe.intern(Namespace, module, module.facts.scopes[scope].symbol)

    def inline_path(self, module: Module, scope: int) -> tuple[str, ...]:
        """The names of the inline modules around a scope, outermost first."""
        names: list[str] = []
        scope = self.module_scope(module, scope)
        while scope > 0:
            names.append(module.facts.symbols[module.facts.scopes[scope].symbol].name)
            scope = self.module_scope(module, module.facts.scopes[scope].parent)
        return tuple(reversed(names))

    def root(self, module: Module) -> Entity:
        """The root module of the crate that a file belongs to."""
        seen = {module}
        while True:
            above = self.parent(module)
            if above is None or above[0] in seen:
                return self._rust.universe.module(module)
            module = above[0]
            seen.add(module)

    def ancestors(self, module: Module) -> dict[Module, int]:
        """A file and the files that its module stands in, with how far up they are."""
        found: dict[Module, int] = {}
        current: Module | None = module
        while current is not None and current not in found:
            found[current] = len(found)
            above = self.parent(current)
            current = above[0] if above is not None else None
        return found

    def parent(self, module: Module) -> tuple[Module, int] | None:
        """The module that a file is declared in, as a file and a scope; None for the root of a crate."""
        found = module.memo.get(("parent", 0))
        if found is None:
            found = module.memo["parent", 0] = (self._parent(module),)
        return found[0]

    def _parent(self, module: Module) -> tuple[Module, int] | None:
        if module.library:
            return None
        self._rust.record(module, ("module", "parents"))
        candidates, inner = self._rust.crates.parents(module.path)
        usual: tuple[Module, int] | None = None
        for path in candidates:
            owner = self._rust.load(path)
            self._rust.note(module, owner, "declares", path, *inner)
            scope, declared = self.declares(owner, inner)
            if declared:
                return owner, scope
            if len(inner) == 1:  # a macro may declare what stands in its place
                usual = usual or (owner, scope)
        return self._rust.outlines.declaring(module) or usual

    def declares(self, module: Module, inner: tuple[str, ...]) -> tuple[int, bool]:
        """The scope in which a file would declare a module, and whether it says ``mod name;`` there."""
        scope = 0
        for name in inner[:-1]:
            inside = self._inline(module, scope, name)
            if inside is None:
                return scope, False
            scope = inside
        return scope, any(
            module.facts.imports[i].name == inner[-1] and not module.facts.imports[i].module
            for i in self._imports(module, scope, ImportFlag.DECLARES)
        )

    def _inline(self, module: Module, scope: int, name: str) -> int | None:
        for binding in module.facts.scopes[scope].names.get(name, ()):
            symbol = module.facts.bindings[binding].symbol
            if symbol > 0 and module.facts.symbols[symbol].kind == "namespace":
                return module.facts.symbols[symbol].scope
        return None

    def _imports(self, module: Module, scope: int, flag: ImportFlag) -> Iterator[int]:
        for index in self._imports_by_scope(module).get(scope, ()):
            if int(module.facts.imports[index].flags) & flag:
                yield index

    def _imports_by_scope(self, module: Module) -> dict[int, list[int]]:
        found = module.memo.get(("imports by scope", 0))
        if found is None:
            found = module.memo["imports by scope", 0] = {}
            for index, fact in enumerate(module.facts.imports):
                found.setdefault(fact.scope, []).append(index)
        return found

    def _above(self, module: Module, scope: int) -> Value:
        if scope > 0:
            return (self.place(module, self.module_scope(module, module.facts.scopes[scope].parent)),)
        above = self.parent(module)
        return (self.place(*above),) if above is not None else NOTHING

    # inside a module

    def member(self, entity: Entity, name: str, space: str) -> Value:
        """What a path's next segment means after a module, a type or something external."""
        if name == "super" and space == TYPES:
            return self._super_of(entity)
        if isinstance(entity, ModuleEntity):
            found = self.inside(entity.module, 0, name, space, ALL)
            if not found and space == MACROS:
                found = self._rust.macros.exported(entity.module, name)
            return found or self._standard(entity.module, name, space)
        if isinstance(entity, Namespace):
            scope = entity.module.facts.symbols[entity.symbol].scope
            return self.inside(entity.module, scope, name, space, ALL)
        if isinstance(entity, External):
            added = self._rust.associated.added(entity, name) if space == VALUES else NOTHING
            return added or (self._rust.universe.external(f"{entity.name}::{name}"),)
        return self._rust.associated.member(entity, name, space)

    def _super_of(self, entity: Entity) -> Value:
        if isinstance(entity, ModuleEntity):
            return self._above(entity.module, 0)
        if isinstance(entity, Namespace):
            return self._above(entity.module, module_scope_of(entity))
        return NOTHING

    def _standard(self, module: Module, name: str, space: str) -> Value:
        """A module of the standard library, or a name in it that no stub declares."""
        if not module.library:
            return NOTHING
        stub = self._stub(module, name, TYPES)
        if stub and space != MACROS:
            return stub if space == TYPES else NOTHING
        return (self._rust.universe.external(f"{module.name}::{name}"),)

    def _stub(self, module: Module, name: str, space: str) -> Value:
        """The stub of a module of the standard library, which stands beside its root."""
        is_root = module.library and module.name == "std"
        stub = self._rust.library(name) if is_root and space == TYPES else None
        return (self._rust.universe.module(stub),) if stub is not None else NOTHING

    def inside(self, module: Module, scope: int, name: str, space: str, seen: str) -> Value:
        """What a name means that is looked for in a module from elsewhere."""
        symbol = module.facts.scopes[scope].symbol
        self._rust.consult(module, "name", module.path, module.qualified[symbol], seen + space, name)
        return self.own(module, scope, name, space, seen)

    def own(self, module: Module, scope: int, name: str, space: str, seen: str) -> Value:
        key = (f"in {seen}{space} {name}", scope)
        found = module.memo.get(key)
        if found is not None:
            return found  # type: ignore[no-any-return]

        def compute() -> Value:
            before = self._rust.reading(module)
            try:
                return (
                    self._declared(module, scope, name, space, seen)
                    or self._by_glob(module, scope, name, space, seen)
                    or self.child(module, scope, name, space)
                )
            finally:
                self._rust.reading(before)

        return self._rust.solver.solve((module, *key), compute, NOTHING, join)

    def _declared(self, module: Module, scope: int, name: str, space: str, seen: str) -> Value:
        bindings = module.facts.scopes[scope].names.get(name, ())
        found = [self.of_binding(module, b, space) for b in bindings if self._is_seen(module, b, seen)]
        return join(*found)

    def _is_seen(self, module: Module, binding: int, seen: str) -> bool:
        """Whether others see a name: imports that are no re-exports and private items they do not."""
        if seen == ALL:
            return True
        fact = module.facts.bindings[binding]
        if fact.kind is BindingKind.IMPORT:
            term = module.facts.terms[fact.term]
            flags = int(module.facts.imports[int(term[1])].flags) if term[0] == op.IMPORTED else 0
            return bool(flags & (ImportFlag.REEXPORT | ImportFlag.DECLARES))
        return True

    def _by_glob(self, module: Module, scope: int, name: str, space: str, seen: str) -> Value:
        found = []
        for index in self._imports_by_scope(module).get(scope, ()):
            fact = module.facts.imports[index]
            if fact.name == "*" and (seen == ALL or int(fact.flags) & ImportFlag.REEXPORT):
                found += [
                    self._through(module, scope, e, name, space)
                    for e in self._rust.imports.globbed(module, index)
                ]
        return join(*found)

    def _through(self, module: Module, scope: int, entity: Entity, name: str, space: str) -> Value:
        if isinstance(entity, Item):
            return self._of_macro(module, scope, entity, name, space)
        if isinstance(entity, External):
            return NOTHING
        if isinstance(entity, ModuleEntity | Namespace):
            inner = 0 if isinstance(entity, ModuleEntity) else module_scope_of(entity)
            seen = ALL if self._stands_in(module, scope, entity.module, inner) else PUBLIC
            found = self.inside(entity.module, inner, name, space, seen)
            return found or self._stub(entity.module, name, space)
        if isinstance(entity, ClassEntity):
            return self._rust.associated.variant(entity, name)
        return NOTHING

    def _stands_in(self, module: Module, scope: int, outer: Module, inner: int) -> bool:
        """Whether a scope is inside a module, whose private names it sees: but it is not itself that."""
        if outer is module and scope == inner:
            return False
        seen: set[Module] = set()
        place: tuple[Module, int] | None = (module, scope)
        while place is not None and place[0] not in seen:
            if place[0] is outer and self._encloses(outer, inner, place[1]):
                return True
            seen.add(place[0])
            place = self.parent(place[0])
        return False

    def _encloses(self, module: Module, wanted: int, scope: int) -> bool:
        while scope >= 0:
            if scope == wanted:
                return True
            scope = module.facts.scopes[scope].parent
        return False

    def _of_macro(self, module: Module, scope: int, macro: Item, name: str, space: str) -> Value:
        """What the items of a macro mean in the module that it is used in; files stand beside the user's."""
        inner = macro.module.facts.symbols[macro.symbol].scope
        if inner < 0:
            return NOTHING
        declared = list(self._imports(macro.module, inner, ImportFlag.DECLARES))
        if space == TYPES and any(macro.module.facts.imports[i].name == name for i in declared):
            return self.child(module, scope, name, space)
        return self.inside(macro.module, inner, name, space, ALL)

    def child(self, module: Module, scope: int, name: str, space: str, attribute: str = "") -> Value:
        """The file of a submodule by its place: also where a macro declares it."""
        if space != TYPES or module.library:
            return NOTHING
        inline = self.inline_path(module, scope)
        self._rust.record(module, ("module", "child", "/".join(inline), name, attribute))
        found = self._rust.crates.child(module.path, inline, name, attribute)
        return (self._rust.universe.module(self._rust.load(found)),) if found is not None else NOTHING

    # bindings and imports

    def of_binding(self, module: Module, binding: int, space: str) -> Value:
        """What an item or import means in a namespace; nothing where it is no name of that namespace.

        Variables are never meant: where a name is one of those, the facts say which.
        """
        fact = module.facts.bindings[binding]
        if fact.kind is BindingKind.IMPORT:
            term = module.facts.terms[fact.term]
            return (
                self._rust.imports.imported(module, int(term[1]), space)
                if term[0] == op.IMPORTED
                else NOTHING
            )
        if fact.kind is BindingKind.TYPE_PARAMETER:
            variable = self._rust.universe.type_variable(module, binding)
            return (self._rust.universe.intern(TypePath, variable),) if space == TYPES else NOTHING
        if fact.symbol > 0 and module.facts.symbols[fact.symbol].kind != "parameter":
            return self.of_symbol(module, fact.symbol, space)
        return NOTHING

    def of_symbol(self, module: Module, symbol: int, space: str) -> Value:
        fact, universe = module.facts.symbols[symbol], self._rust.universe
        if fact.kind in NOMINAL:
            constructs = fact.kind == "struct" and not self._has_named_fields(module, symbol)
            is_there = space == TYPES or (space == VALUES and constructs)
            return (universe.class_(module, symbol),) if is_there else NOTHING
        if fact.kind == "type_alias":
            return (universe.intern(Alias, module, symbol),) if space != MACROS else NOTHING
        if fact.kind == "namespace":
            return (universe.intern(Namespace, module, symbol),) if space == TYPES else NOTHING
        if fact.kind in _FUNCTIONS:
            return (universe.function(module, symbol),) if space == VALUES else NOTHING
        if fact.kind == "macro":
            return (universe.intern(Item, module, symbol),) if space == MACROS else NOTHING
        variant = space == TYPES and self.is_variant(module, symbol)
        return (universe.intern(Item, module, symbol),) if space == VALUES or variant else NOTHING

    def is_variant(self, module: Module, symbol: int) -> bool:
        fact = module.facts.symbols[symbol]
        return (
            fact.kind == "constant" and fact.parent > 0 and module.facts.symbols[fact.parent].kind == "enum"
        )

    def _has_named_fields(self, module: Module, symbol: int) -> bool:
        scope = module.facts.symbols[symbol].scope
        return scope >= 0 and any(not name.isdigit() for name in module.facts.scopes[scope].names)


def module_scope_of(namespace: Namespace) -> int:
    """The scope of an inline module."""
    return namespace.module.facts.symbols[namespace.symbol].scope
