"""Members whose names are symbols: `x[Symbol.iterator]`, and `x[key]` of a constant of the project.

Rules: the TypeScript handbook, "Symbols", "unique symbol": a constant names the member that was declared with
the same constant. Such a member is kept by the text of its name, brackets included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.semantics import Definition
from isg.graph.linking.values import UNKNOWN, Entity, Value
from isg.graph.semantics.typescript.members import Access, Attribute, Property
from isg.graph.semantics.typescript.names import Meaning
from isg.parsers import operators as op

if TYPE_CHECKING:
    from isg.graph.semantics.typescript.language import TypeScript

_NAMING = frozenset({op.NAME, op.USE, op.MEMBER})
_PLATFORM = "Symbol."


class SymbolKeys:
    """Finds members by the symbols that name them."""

    def __init__(self, typescript: TypeScript) -> None:
        self._typescript = typescript

    def value(self, entity: Entity, module: Module, key: int) -> Value | None:
        """What a member holds that a term names; None where the term names no symbol of the entity's."""
        definition = self._symbol(module, key)
        if definition is None:
            return None
        if not self._find(entity, definition):
            return None
        return self._typescript.members.value(entity, _name(definition))

    def definitions(self, entity: Entity, module: Module, key: int) -> list[Definition]:
        """The members that a term names; none where it names no symbol of the entity's."""
        definition = self._symbol(module, key)
        if definition is None or not self._find(entity, definition):
            return []
        return self._typescript.denoted.definitions(entity, _name(definition))

    def _symbol(self, module: Module, key: int) -> Definition | None:
        """The constant that a term names, of the project or of the platform."""
        if key <= 0 or module.facts.terms[key][0] not in _NAMING:
            return None
        found = self._typescript.denoted.denote(module, key)
        definition = found[0][0] if len(found) == 1 else None
        if definition is None:
            return None
        if definition.module is None:
            return definition if (definition.external or "").startswith(_PLATFORM) else None
        is_constant = definition.module.facts.symbols[definition.symbol].kind == "constant"
        return definition if is_constant else None

    def _find(self, entity: Entity, definition: Definition) -> list[Access]:
        """Where a member by this constant is declared; what only has members of any name has none."""
        if entity is UNKNOWN:
            return []
        name = _name(definition)
        return [
            access
            for access in self._typescript.members.find(entity, name)
            if self._declares(access, name, definition)
        ]

    def _declares(self, access: Access, name: str, definition: Definition) -> bool:
        if isinstance(access, Attribute):
            owner = access.member.owner.module
            if owner.facts.bindings[access.member.bindings[0]].name != name:
                return False
        elif isinstance(access, Property) and access.name == name:
            owner = access.owner.module
        else:
            return False
        if definition.module is None or owner.library:
            return definition.module is None
        names = self._typescript.names
        return names.definitions(names.lookup(owner, 0, name[1:-1], Meaning.VALUE), Meaning.VALUE) == [
            definition
        ]


def _name(definition: Definition) -> str:
    if definition.module is None:
        return f"[{definition.external}]"
    return f"[{definition.module.facts.symbols[definition.symbol].name}]"
