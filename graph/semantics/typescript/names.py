"""Names in TypeScript: scopes, the kinds of meaning a name has, and what stands behind a binding.

Rules: the TypeScript handbook, "Declaration Merging" (a declaration makes a namespace, a type or a value, or
several of these), and ECMA-262 §9.1 (environment records: scopes nest, hoisting is done by the facts).
"""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING, TypeAlias

from isg.graph.linking.module import Module
from isg.graph.linking.semantics import LOCAL, UNRESOLVED, Definition
from isg.graph.linking.values import UNKNOWN_VALUE, Entity, External, ModuleEntity, Value, join
from isg.graph.semantics.typescript.entities import NamespaceObject
from isg.parsers import operators as op
from isg.parsers.facts import BindingKind, ScopeKind
from isg.parsers.terms import Term

if TYPE_CHECKING:
    from isg.graph.semantics.typescript.language import TypeScript


class Meaning(IntFlag):
    """What a declaration makes of a name."""

    VALUE = 1
    TYPE = 2
    NAMESPACE = 4
    ANY = 7


Slot: TypeAlias = tuple[Module, int]  # a binding of a module
Item: TypeAlias = "Slot | Entity"
Found: TypeAlias = tuple[Item, ...]

_MEANINGS = {
    "class": Meaning.VALUE | Meaning.TYPE,
    "enum": Meaning.VALUE | Meaning.TYPE | Meaning.NAMESPACE,
    "interface": Meaning.TYPE,
    "type_alias": Meaning.TYPE,
    "namespace": Meaning.VALUE | Meaning.NAMESPACE,
}
_HOLDERS = ("constant", "variable")


class AssignedMember(Entity):
    """A member of what a module assigns to `module.exports` (or `export =`), by its name."""

    __slots__ = ("module", "name")

    def __init__(self, module: Module, name: str) -> None:
        self.module = module
        self.name = name

    def text(self) -> str:
        return f"AssignedMember {self.module.path} {self.name}"


class Names:
    """Looks names up and says what they denote."""

    def __init__(self, typescript: TypeScript) -> None:
        self._typescript = typescript

    # scopes

    def lookup(self, module: Module, scope: int, name: str, meaning: Meaning) -> Found:
        """What a name in a scope stands for in a meaning: innermost scope first, global names last."""
        scopes = module.facts.scopes
        while scope >= 0:
            current = scopes[scope]
            if current.kind not in (ScopeKind.CLASS, ScopeKind.EXPORTS):
                found = self.in_scope(module, scope, name, meaning)
                if not found and current.kind is ScopeKind.MODULE and scope > 0:
                    found = self._typescript.exports.of_namespace(module, current.symbol, name, meaning)
                if found:
                    return found
            scope = current.parent
        return self._typescript.globals.lookup(module, name, meaning)

    def in_scope(self, module: Module, scope: int, name: str, meaning: Meaning) -> Found:
        """The bindings of a name in one scope that have the meaning, imports followed."""
        found: dict[Item, None] = {}
        for binding in module.facts.scopes[scope].names.get(name, ()):
            fact = module.facts.bindings[binding]
            if fact.instance or (fact.kind is BindingKind.NARROWED and name != "this"):
                continue
            if self.meaning(module, binding) & meaning:
                found.update(dict.fromkeys(self.follow(module, binding, meaning)))
        return tuple(found)

    def meaning(self, module: Module, binding: int) -> Meaning:
        fact = module.facts.bindings[binding]
        if fact.kind in (BindingKind.IMPORT, BindingKind.EXPORT):
            return Meaning.ANY
        if fact.kind is BindingKind.TYPE_PARAMETER:
            return Meaning.TYPE
        if fact.symbol >= 0 and (known := _MEANINGS.get(module.facts.symbols[fact.symbol].kind)) is not None:
            return known
        return Meaning.ANY if self._is_alias(module, binding) else Meaning.VALUE

    def follow(self, module: Module, binding: int, meaning: Meaning) -> Found:
        """What an import binding stands for where it is defined; any other binding stands for itself."""
        fact = module.facts.bindings[binding]
        if fact.kind is not BindingKind.IMPORT:
            if meaning & Meaning.VALUE or not self._is_alias(module, binding):
                return ((module, binding),)
            return tuple(
                each
                for each in self.named(module, fact.term, meaning)
                if not isinstance(each, ModuleEntity) or meaning is Meaning.NAMESPACE
            )
        if module.facts.terms[fact.term][0] != op.IMPORTED:
            return self._typescript.exports.aliased(module, binding, meaning)
        before = self._typescript.reading(module)
        try:
            return self.named(module, fact.term, meaning)
        finally:
            self._typescript.reading(before)

    def named(self, module: Module, term: int, meaning: Meaning) -> Found:
        """What a term that is made of names alone stands for: an import, a name, a member of a namespace."""
        expression = module.facts.terms[term]
        operator = expression[0]
        if operator == op.IMPORTED:
            return self._typescript.exports.imported(module, int(expression[1]), meaning)
        if operator in (op.NAME, op.TYPE_NAME):
            return self.lookup(module, int(expression[1]), str(expression[2]), meaning)
        if operator == op.USE:
            return tuple((module, int(b)) for b in expression[1:])
        if operator in (op.MEMBER, op.TYPE_MEMBER):
            outer = self.named(module, int(expression[1]), Meaning.NAMESPACE)
            return self.inside(outer, str(expression[2]), meaning)
        return ()

    def inside(self, outer: Found, name: str, meaning: Meaning) -> Found:
        """The name inside modules and namespaces."""
        found: dict[Item, None] = {}
        exports = self._typescript.exports
        for item in outer:
            if isinstance(item, ModuleEntity):
                found.update(dict.fromkeys(exports.exported(item.module, name, meaning)))
            elif isinstance(item, NamespaceObject):
                found.update(dict.fromkeys(exports.of_namespace(item.module, item.symbol, name, meaning)))
            elif isinstance(item, External):
                found[self._typescript.universe.external(f"{item.name}.{name}")] = None
            elif isinstance(item, AssignedMember):
                found.update(dict.fromkeys(exports.of_assigned_member(item, name, meaning)))
            elif isinstance(item, tuple):
                found.update(dict.fromkeys(self._inside_slot(item, name, meaning)))
        return tuple(found)

    def _inside_slot(self, slot: Slot, name: str, meaning: Meaning) -> Found:
        module, binding = slot
        fact = module.facts.bindings[binding]
        if fact.symbol >= 0 and module.facts.symbols[fact.symbol].kind in ("namespace", "enum"):
            return self._typescript.exports.of_namespace(module, fact.symbol, name, meaning)
        if fact.kind is BindingKind.IMPORT:
            return self.inside(self.follow(module, binding, Meaning.NAMESPACE), name, meaning)
        if fact.kind is BindingKind.EXPORT and fact.term:
            return self.inside(self.named(module, fact.term, Meaning.NAMESPACE), name, meaning)
        return ()

    # values

    def value_of(self, found: Found) -> Value:
        if not found:
            return UNKNOWN_VALUE
        if len(found) == 1:
            return self._item_value(found[0])
        return join(*[self._item_value(item) for item in found])

    def _item_value(self, item: Item) -> Value:
        if isinstance(item, tuple):
            return self.slot_value(*item)
        if isinstance(item, AssignedMember):
            return self._typescript.exports.assigned_value(item)
        return (item,)

    def slot_value(self, module: Module, binding: int) -> Value:
        """The value of a binding: what is declared, else what is bound."""
        fact = module.facts.bindings[binding]
        if fact.declared and fact.kind is not BindingKind.TYPE_PARAMETER:
            declared = self._typescript.types.type_of(module, fact.declared)
            if declared != UNKNOWN_VALUE or not fact.term:
                return declared
        if not fact.term and fact.symbol >= 0:
            return self._typescript.symbol_value(module, fact.symbol)
        value = self._typescript.evaluator.value(module, fact.term)
        if fact.symbol >= 0 and module.facts.symbols[fact.symbol].kind in _HOLDERS:
            return self._typescript.classes.with_expandos(module, fact.symbol, value)
        return value

    # meanings

    def definitions(self, found: Found, meaning: Meaning) -> list[Definition]:
        """The definitions that a name stands for; UNRESOLVED alone where it stands for nothing."""
        return self._behind(found, meaning, set())

    def binding_definitions(
        self, module: Module, binding: int, meaning: Meaning = Meaning.VALUE
    ) -> list[Definition]:
        """The definitions behind a binding; UNRESOLVED alone where there are none."""
        return self._behind(((module, binding),), meaning, set())

    def _behind(self, found: Found, meaning: Meaning, seen: set[Slot]) -> list[Definition]:
        """The definitions behind what was found, but those behind ``seen`` bindings: they are on their way.

        Modules may import a name from each other, several times over.
        """
        result: dict[Definition, None] = {}
        for item in found:
            result.update(dict.fromkeys(self._behind_item(item, meaning, seen)))
        if len(result) > 1:
            result.pop(UNRESOLVED, None)
        return list(result) or [UNRESOLVED]

    def _behind_item(self, item: Item, meaning: Meaning, seen: set[Slot]) -> list[Definition]:
        if isinstance(item, tuple):
            return self._behind_binding(item[0], item[1], meaning, seen)
        if isinstance(item, AssignedMember):
            return self._typescript.exports.assigned_definitions(item)
        return [self.entity_definition(item)]

    def _behind_binding(
        self, module: Module, binding: int, meaning: Meaning, seen: set[Slot]
    ) -> list[Definition]:
        if (module, binding) in seen:
            return []
        seen.add((module, binding))
        fact = module.facts.bindings[binding]
        if fact.kind is BindingKind.IMPORT:
            return self._behind(self.follow(module, binding, meaning), meaning, seen)
        if fact.symbol >= 0:
            required = self._required(module, binding, meaning, seen)
            return required or [self._typescript.definition(module, fact.symbol)]
        if fact.kind is BindingKind.EXPORT:
            return self._exported_definitions(module, fact.term, meaning, seen)
        if fact.kind is BindingKind.NARROWED:
            return self._narrowed_definitions(module, binding, meaning, seen)
        return self._required(module, binding, meaning, seen) or [LOCAL]

    def _required(self, module: Module, binding: int, meaning: Meaning, seen: set[Slot]) -> list[Definition]:
        """What `const x = require("m")` imports: in JavaScript the variable is another name of it."""
        fact = module.facts.bindings[binding]
        if not self._is_alias(module, binding):
            return []
        found = self.named(module, fact.term, meaning)
        assigned = tuple(item for item in found if not isinstance(item, ModuleEntity))
        definitions = self._behind(assigned or found, meaning, seen)
        return [definition for definition in definitions if definition.known]

    def _is_alias(self, module: Module, binding: int) -> bool:
        """Whether a variable of JavaScript is bound to `require("m")` or a member of it."""
        if module.facts.language != "javascript":
            return False
        expression = module.facts.terms[module.facts.bindings[binding].term]
        while expression[0] == op.MEMBER:
            expression = module.facts.terms[int(expression[1])]
        return bool(expression[0] == op.IMPORTED)

    def _exported_definitions(
        self, module: Module, term: int, meaning: Meaning, seen: set[Slot]
    ) -> list[Definition]:
        expression = module.facts.terms[term]
        if expression[0] == op.SYMBOL:
            return [self._typescript.definition(module, int(expression[1]))]
        if expression[0] == op.LAMBDA:  # `export default function () {…}`: its code is the module's
            return [self._typescript.definition(module, 0)]
        found = self.named(module, term, meaning)
        return self._behind(found, meaning, seen) if found else [UNRESOLVED]

    def _narrowed_definitions(
        self, module: Module, binding: int, meaning: Meaning, seen: set[Slot]
    ) -> list[Definition]:
        """The definitions that reach a variable through tests: those of what is not itself tested."""
        result: dict[Definition, None] = {}
        tested: set[int] = set()
        waiting = [binding]
        while waiting:
            current = waiting.pop()
            if current in tested:
                continue
            tested.add(current)
            fact = module.facts.bindings[current]
            if fact.kind is not BindingKind.NARROWED or fact.symbol >= 0:
                result.update(dict.fromkeys(self._behind_binding(module, current, meaning, seen)))
                continue
            expression = self._tested(module, fact.term)
            if expression[0] == op.USE:
                waiting += [int(each) for each in expression[:0:-1]]
            elif expression[0] == op.NAME:
                found = self.lookup(module, int(expression[1]), str(expression[2]), meaning)
                result.update(dict.fromkeys(self._behind(found, meaning, seen)))
            else:
                result[LOCAL] = None
        return list(result)

    def _tested(self, module: Module, term: int) -> Term:
        """What a test is about."""
        expression = module.facts.terms[term]
        while expression[0] in (op.NARROW, op.EXCLUDE, op.NON_NULL):
            expression = module.facts.terms[int(expression[1])]
        return expression

    def entity_definition(self, entity: Entity) -> Definition:
        typescript = self._typescript
        if isinstance(entity, ModuleEntity):
            return typescript.definition(entity.module, 0)
        if isinstance(entity, NamespaceObject):
            return typescript.definition(entity.module, entity.symbol)
        if isinstance(entity, External):
            return typescript.external(entity.name)
        return UNRESOLVED
