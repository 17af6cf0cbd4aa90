"""What modules and namespaces give to others: ES modules, CommonJS, `export =`, namespaces and their merging.

Rules: ECMA-262 §16.2.1.7.2 (ResolveExport: explicit exports before stars, cycles find nothing, `default` is
not part of a star), the TypeScript handbook, "Modules - Reference" (`export =`, CommonJS interoperation) and
"Namespaces" (merging of exported members).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from isg.graph.linking.circles import Searches
from isg.graph.linking.module import Module
from isg.graph.linking.semantics import UNRESOLVED, Definition
from isg.graph.linking.values import NOTHING, UNKNOWN_VALUE, External, ModuleEntity, Value, join
from isg.graph.semantics.typescript.names import AssignedMember, Found, Item, Meaning
from isg.parsers import operators as op
from isg.parsers.facts import BindingId, Import, ImportFlag, ScopeKind, SymbolId, TermId

if TYPE_CHECKING:
    from isg.graph.semantics.typescript.language import TypeScript

Export: TypeAlias = tuple[Module, str, Meaning]
Alias: TypeAlias = tuple[Module, BindingId, Meaning]
Member: TypeAlias = tuple[Module, SymbolId, str, Meaning]  # of a namespace

ASSIGNED = "export="
DEFAULT = "default"


class Exports:
    """Resolves the names that modules and namespaces export."""

    def __init__(self, typescript: TypeScript) -> None:
        self._typescript = typescript
        self._exports: Searches[Found] = Searches(())
        self._followed: set[AssignedMember] = set()  # those whose definitions are being looked for
        self._spaces: dict[Module, dict[int, int]] = {}

    # modules

    def exported(self, module: Module, name: str, meaning: Meaning) -> Found:
        """What a module exports by a name, followed to where it is defined."""
        if self._typescript.reader is not module:
            self._typescript.consult(module, "name", module.path, name)
        return self._exports.find((module, name, meaning), self._search)

    def _search(self, key: Export) -> Found:
        """Look through a module and what it re-exports."""
        before = self._typescript.reading(key[0])
        try:
            return self._exported(*key)
        finally:
            self._typescript.reading(before)

    def circle(self, module: Module, name: str) -> tuple[str, ...]:
        """What a module on a circle of re-exports adds to a search for a name; empty for all others."""
        if not any(self._exports.began_on_circle((module, name, meaning)) for meaning in Meaning):
            return ()
        facts, space = module.facts, self._space(module, 0)
        sources = [
            f"{self._typescript.find_module(module, each.module).text()} {each.name} {each.alias}"
            for each in facts.imports
        ]
        bindings = facts.scopes[space].names.get(name, ()) if space >= 0 else ()
        return (*sources, *(str(facts.terms[facts.bindings[binding].term]) for binding in bindings))

    def _exported(self, module: Module, name: str, meaning: Meaning) -> Found:
        found = self._explicit(module, name, meaning)
        if not found and name not in (ASSIGNED, DEFAULT):
            found = self._starred(module, name, meaning)
        if not found and name != ASSIGNED and self._explicit(module, ASSIGNED, Meaning.ANY):
            if name == DEFAULT:
                return self._explicit(module, ASSIGNED, meaning)
            return (self._typescript.universe.intern(AssignedMember, module, name),)
        if not found and module.library and module.name:
            return (self._typescript.universe.external(f"{module.name}.{name}"),)
        return found

    def _explicit(self, module: Module, name: str, meaning: Meaning) -> Found:
        scope = self._space(module, 0)
        return self._in_space(module, scope, name, meaning) if scope >= 0 else ()

    def _in_space(self, module: Module, scope: int, name: str, meaning: Meaning) -> Found:
        """What the EXPORTS scope of a module or namespace says of a name."""
        found: dict[Item, None] = {}
        followed: dict[TermId, Found] = {}  # a name that is defined many times is looked up once
        for binding in module.facts.scopes[scope].names.get(name, ()):
            term = module.facts.bindings[binding].term
            if term not in followed:
                followed[term] = self._typescript.names.named(module, term, meaning)
                found.update(dict.fromkeys(followed[term]))
            if followed[term] or self._is_name(module, term):
                continue
            if meaning & self._meaning(module, binding):
                found[module, binding] = None
        return tuple(found)

    def _is_name(self, module: Module, term: int) -> bool:
        return module.facts.terms[term][0] in (op.NAME, op.TYPE_NAME, op.IMPORTED, op.TYPE_MEMBER)

    def _meaning(self, module: Module, binding: int) -> Meaning:
        """The meanings of an exported expression: those of the definition that it is, else a value."""
        expression = module.facts.terms[module.facts.bindings[binding].term]
        if expression[0] == op.SYMBOL:
            kind = module.facts.symbols[int(expression[1])].kind
            return Meaning.TYPE if kind == "interface" else Meaning.VALUE | Meaning.TYPE
        return Meaning.ANY

    def _starred(self, module: Module, name: str, meaning: Meaning) -> Found:
        """What `export * from …` brings; of several the first, though none exports an ambiguous name."""
        outside: External | None = None
        for imported in module.facts.imports:
            if imported.name != "*" or not imported.flags & ImportFlag.REEXPORT or imported.alias:
                continue
            source = self._typescript.find_module(module, imported.module)
            if isinstance(source, External):
                outside = outside or source
                continue
            found = self._typescript.names.inside((source,), name, meaning)
            if found:
                return found
        if outside is not None:
            return (self._typescript.universe.external(f"{outside.name}.{name}"),)
        return ()

    def _space(self, module: Module, scope: int) -> int:
        """The EXPORTS scope of the scope of a module or namespace; -1 where it has none."""
        spaces = self._spaces.get(module)
        if spaces is None:
            scopes = enumerate(module.facts.scopes)
            spaces = {s.parent: index for index, s in scopes if s.kind is ScopeKind.EXPORTS}
            self._spaces[module] = spaces
        return spaces.get(scope, -1)

    # imports

    def imported(self, module: Module, index: int, meaning: Meaning) -> Found:
        """What an import statement's name stands for."""
        fact = module.facts.imports[index]
        source = self._typescript.find_module(module, fact.module)
        if not fact.name or fact.name == "*":
            return self._whole(source, meaning)
        if isinstance(source, External):
            return (self._of_external(source, fact),)
        found = self._typescript.names.inside((source,), fact.name, meaning)
        if not found and fact.name == DEFAULT and self._is_plain(source):
            return self._whole(source, meaning)
        return found

    def _of_external(self, source: External, fact: Import) -> External:
        if fact.name == DEFAULT:
            return source
        return self._typescript.universe.external(f"{source.name}.{fact.name}")

    def _whole(self, source: Item, meaning: Meaning) -> Found:
        """A module as one object: what it assigns to `module.exports`, and what it exports by name."""
        if isinstance(source, ModuleEntity):
            return (*self.exported(source.module, ASSIGNED, meaning), source)
        return (source,)

    def _is_plain(self, source: Item) -> bool:
        """Whether a module has no default export, so that its importers get the whole (`esModuleInterop`)."""
        return isinstance(source, ModuleEntity) and not self.exported(source.module, DEFAULT, Meaning.ANY)

    def aliased(self, module: Module, binding: BindingId, meaning: Meaning) -> Found:
        """What `import name = a.b` stands for; it may be one of its own names."""
        return self._exports.find((module, binding, meaning), self._search_alias)

    def _search_alias(self, key: Alias) -> Found:
        module, binding, meaning = key
        before = self._typescript.reading(module)
        try:
            return self._typescript.names.named(module, module.facts.bindings[binding].term, meaning)
        finally:
            self._typescript.reading(before)

    # `export =`

    def assigned_value(self, item: AssignedMember) -> Value:
        """What a member of the assigned object holds; it may be asked for on the way to itself."""
        key = (item.module, f"{ASSIGNED}{item.name}", 0)
        return self._typescript.solver.solve(key, lambda: self._assigned_value(item), NOTHING, join)

    def _assigned_value(self, item: AssignedMember) -> Value:
        values = [
            self._typescript.members.value(entity, item.name)
            for entity in self._assigned(item.module)
            if not isinstance(entity, ModuleEntity)
        ]
        return join(*values) or UNKNOWN_VALUE

    def assigned_definitions(self, item: AssignedMember) -> list[Definition]:
        if item in self._followed:  # a module whose exports hold its own, by `...require(…)` in a circle
            return []
        found: dict[Definition, None] = {}
        self._followed.add(item)
        for entity in self._assigned(item.module):
            if not isinstance(entity, ModuleEntity):
                found.update(dict.fromkeys(self._typescript.denoted.definitions(entity, item.name)))
        self._followed.discard(item)
        known = [each for each in found if each is not UNRESOLVED]
        return known or [UNRESOLVED]

    def _assigned(self, module: Module) -> Value:
        return self._typescript.names.value_of(self._explicit(module, ASSIGNED, Meaning.ANY))

    def of_assigned_member(self, item: AssignedMember, name: str, meaning: Meaning) -> Found:
        """A name inside a namespace that is a member of what a module assigns."""
        outer = self._explicit(item.module, ASSIGNED, Meaning.NAMESPACE)
        inner = self._typescript.names.inside(outer, item.name, Meaning.NAMESPACE)
        return self._typescript.names.inside(inner, name, meaning)

    def assigned_types(self, item: AssignedMember) -> Found:
        """The types behind a member of an assigned namespace."""
        outer = self._explicit(item.module, ASSIGNED, Meaning.NAMESPACE)
        return self._typescript.names.inside(outer, item.name, Meaning.TYPE)

    # namespaces

    def of_namespace(self, module: Module, symbol: int, name: str, meaning: Meaning) -> Found:
        """What a namespace or enum has by a name, in any of its declarations in the same scope."""
        qualified = module.qualified[symbol]
        if self._typescript.reader is not module:
            self._typescript.consult(module, "space", module.path, qualified, name)
        return self._exports.find((module, symbol, name, meaning), self._search_namespace)

    def _search_namespace(self, key: Member) -> Found:
        """Look through the declarations of a namespace, which may export a name as itself."""
        before = self._typescript.reading(key[0])
        try:
            return tuple(self._of_declarations(*key))
        finally:
            self._typescript.reading(before)

    def _of_declarations(self, module: Module, symbol: int, name: str, meaning: Meaning) -> dict[Item, None]:
        found: dict[Item, None] = {}
        for each in self._typescript.classes.declarations(module, symbol, ("namespace", "enum")):
            scope = module.facts.symbols[each].scope
            if scope < 0:
                continue
            space = self._space(module, scope)
            inner = self._in_space(module, space, name, meaning) if space >= 0 else ()
            if not inner and (space < 0 or module.facts.symbols[each].kind == "enum"):
                inner = self._typescript.names.in_scope(module, scope, name, meaning | Meaning.VALUE)
            found.update(dict.fromkeys(inner))
        return found

    def names_of(self, module: Module) -> tuple[str, ...]:
        """The names that a module exports itself, stars left out."""
        space = self._space(module, 0)
        return tuple(module.facts.scopes[space].names) if space >= 0 else ()

    def is_script(self, module: Module) -> bool:
        """Whether a file is no module: nothing in it is imported or exported at its top."""
        space = self._space(module, 0)
        if space >= 0 and module.facts.scopes[space].names:
            return False
        return not any(i.scope == 0 and not i.flags & ImportFlag.LAZY for i in module.facts.imports)
