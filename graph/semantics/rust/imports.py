"""Use declarations: what they bring in, and where the paths in them lead.

Rules: The Rust Reference, "Use declarations", "Extern crate declarations", "Paths" and "Preludes" (extern
prelude). The first segment of a path is a name that is in scope, or else a crate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.values import NOTHING, Value, join
from isg.graph.semantics.rust.names import ALL, MACROS, TYPES
from isg.parsers import operators as op
from isg.parsers.facts import BindingKind, FileFacts, Import, ImportFlag, ScopeKind

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

_KEYWORDS = frozenset({"crate", "$crate", "self", "super"})


class Imports:
    """Follows use declarations."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust

    def globbed(self, module: Module, index: int) -> Value:
        """The modules, enums and macros whose names a glob import brings in."""
        key = (module, "glob", index)
        found = module.memo.get(key[1:])
        if found is not None:
            return found  # type: ignore[no-any-return]
        fact = module.facts.imports[index]
        return self._rust.solver.solve(key, lambda: self._globbed(module, fact), NOTHING, join)

    def _globbed(self, module: Module, fact: Import) -> Value:
        if fact.module.endswith("!"):
            name = fact.module[:-1].rpartition("::")[2]
            return self._rust.names.lexical(module, fact.scope, name, MACROS)
        return self.containers(module, fact.scope, fact.module)

    def imported(self, module: Module, index: int, space: str) -> Value:
        """What an import brings in, in a namespace."""
        key = (module, f"import {space}", index)
        found = module.memo.get(key[1:])
        if found is not None:
            return found  # type: ignore[no-any-return]
        return self._rust.solver.solve(key, lambda: self._imported(module, index, space), NOTHING, join)

    def _imported(self, module: Module, index: int, space: str) -> Value:
        names = self._rust.names
        before = self._rust.reading(module)
        try:
            fact = module.facts.imports[index]
            if int(fact.flags) & ImportFlag.DECLARES:
                scope = names.module_scope(module, fact.scope)
                return names.child(module, scope, fact.name, space, fact.module)
            if not fact.name:
                return names.crate(module, fact.module) if space == TYPES else NOTHING
            if not fact.module:
                return self._single(module, fact, space)
            containers = self.containers(module, fact.scope, fact.module, fact.alias or fact.name)
            return join(*[names.member(e, fact.name, space) for e in containers])
        finally:
            self._rust.reading(before)

    def _single(self, module: Module, fact: Import, space: str) -> Value:
        """``use name;``: a name of the module itself under another, or a crate."""
        names = self._rust.names
        if fact.alias and fact.alias != fact.name:
            own = names.own(module, names.module_scope(module, fact.scope), fact.name, space, ALL)
            if own:
                return own
        return names.crate(module, fact.name) if space == TYPES else NOTHING

    # paths

    def containers(self, module: Module, scope: int, path: str, binds: str = "") -> Value:
        """The modules or types that a path as written leads to; ``binds`` is what the import is called."""
        segments = path.split("::")
        if segments[0] == "":
            name = segments[1] if len(segments) > 1 else ""
            found = self.from_root(module, name) or self._rust.names.crate(module, name)
            segments = segments[1:]
        elif segments[0] == binds:
            found = self._beside(module, scope, binds)
        else:
            found = self._leading(module, scope, segments[0])
        for segment in segments[1:]:
            found = join(*[self._rust.names.member(entity, segment, TYPES) for entity in found])
        return found

    def _leading(self, module: Module, scope: int, name: str) -> Value:
        found = self.from_root(module, name) if name not in _KEYWORDS else NOTHING
        names = self._rust.names
        return found or names.lexical(module, scope, name, TYPES) or names.crate_in_reach(module, name)

    def from_root(self, module: Module, name: str) -> Value:
        """What a path from the root of the crate names: in the edition of 2015 ``use`` begins there."""
        if not self._is_from_root(module):
            return NOTHING
        return self._rust.names.member(self._rust.names.root(module), name, TYPES)

    def _is_from_root(self, module: Module) -> bool:
        crate = self._rust.crates.crate_of(module.path) if not module.library else None
        return crate is not None and crate.edition == "2015"

    def _beside(self, module: Module, scope: int, name: str) -> Value:
        """Where ``use name::…::name`` begins: at an item of that name, else at a crate; never at itself."""
        if self._is_from_root(module):
            root = getattr(self._rust.names.root(module), "module", module)
            self._rust.consult(root, "beside", root.path, name)
            return self.beside(root, name) or self._rust.names.crate_in_reach(module, name)
        while scope >= 0:
            found = self._declared(module, scope, name)
            if found:
                return found
            is_module = module.facts.scopes[scope].kind is ScopeKind.MODULE
            scope = -1 if is_module else module.facts.scopes[scope].parent
        return self._rust.names.crate_in_reach(module, name)

    def beside(self, root: Module, name: str) -> Value:
        """What the root of a crate says of the name that a ``use name::…::name`` of its crate begins with."""
        before = self._rust.reading(root)
        try:
            return self._declared(root, 0, name)
        finally:
            self._rust.reading(before)

    def _declared(self, module: Module, scope: int, name: str) -> Value:
        """What a scope says of a name as a type, but by imports that begin with it."""
        key = (module, f"beside {name}", scope)
        found = module.memo.get(key[1:])
        if found is not None:
            return found  # type: ignore[no-any-return]
        return self._rust.solver.solve(key, lambda: self._apart(module, scope, name), NOTHING, join)

    def _apart(self, module: Module, scope: int, name: str) -> Value:
        facts, names = module.facts, self._rust.names
        found = []
        for binding in facts.scopes[scope].names.get(name, ()):
            fact = facts.bindings[binding]
            if fact.kind is not BindingKind.IMPORT or not _begins(facts, fact.term, name):
                found.append(names.of_binding(module, binding, TYPES))
        return join(*found)


def _begins(facts: FileFacts, term: int, name: str) -> bool:
    """Whether the path of an import's term begins with a name."""
    expression = facts.terms[term]
    return expression[0] == op.IMPORTED and facts.imports[int(expression[1])].module.split("::")[0] == name
