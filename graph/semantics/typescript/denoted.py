"""The symbols of the graph that terms and members stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.semantics import UNRESOLVED, Definition
from isg.graph.linking.values import UNKNOWN, ClassEntity, Entity, External, Foreign, ModuleEntity
from isg.graph.model import Confidence
from isg.graph.semantics.typescript.classes import CLASS_KINDS
from isg.graph.semantics.typescript.entities import NamespaceObject
from isg.graph.semantics.typescript.members import (
    INDEXED,
    Access,
    Attribute,
    MappedMember,
    Named,
    Property,
)
from isg.graph.semantics.typescript.names import Meaning
from isg.parsers import operators as op
from isg.parsers.terms import DECLARING, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from isg.graph.semantics.typescript.language import TypeScript


_STATIC = CLASS_KINDS | {"module", "namespace"}


class Denoted:
    """Says which definitions terms and members stand for."""

    def __init__(self, typescript: TypeScript) -> None:
        self._typescript = typescript

    # terms

    def denote(self, module: Module, term: int) -> Sequence[tuple[Definition, Confidence]]:
        found = module.meanings.get(term)
        if found is None:
            before = self._typescript.reading(module)
            try:
                found = tuple(self._denote(module, term))
            finally:
                self._typescript.reading(before)
            module.meanings[term] = found
        return found

    def _denote(self, module: Module, term: int) -> Iterable[tuple[Definition, Confidence]]:
        expression = module.facts.terms[term]
        operator = expression[0]
        if operator in (op.NAME, op.TYPE_NAME):
            return self._denote_name(module, expression)
        if operator == op.USE:
            found: dict[Definition, None] = {}
            for binding in expression[1:]:
                found.update(dict.fromkeys(self._typescript.names.binding_definitions(module, int(binding))))
            return [(definition, Confidence.EXACT) for definition in found]
        if operator == op.TYPE_MEMBER:
            items = self._typescript.names.named(module, term, Meaning.TYPE)
            meaning = Meaning.TYPE if items else Meaning.NAMESPACE
            items = items or self._typescript.names.named(module, term, Meaning.ANY)
            return [(d, Confidence.EXACT) for d in self._typescript.names.definitions(items, meaning)]
        if operator == op.MEMBER:
            return self._denote_member(module, int(expression[1]), str(expression[2]))
        if operator == op.SUPER:
            return self._denote_super(module, int(expression[1]))
        if operator == op.INDEX:
            return self._denote_indexed(module, int(expression[1]), int(expression[2]))
        return [(UNRESOLVED, Confidence.GUESS)]

    def _denote_name(self, module: Module, expression: Term) -> list[tuple[Definition, Confidence]]:
        scope, name = int(expression[1]), str(expression[2])
        meaning = Meaning.VALUE if expression[0] == op.NAME else Meaning.TYPE
        items = self._typescript.names.lookup(module, scope, name, meaning)
        if not items and meaning is Meaning.TYPE:
            items = self._typescript.names.lookup(module, scope, name, Meaning.ANY)
        return [(d, Confidence.EXACT) for d in self._typescript.names.definitions(items, meaning)]

    def _denote_member(
        self, module: Module, receiver: int, name: str
    ) -> Iterable[tuple[Definition, Confidence]]:
        direct = self._is_direct(module, receiver)
        result: dict[Definition, Confidence] = {}
        for entity in self._typescript.evaluator.value(module, receiver):
            exact = direct and isinstance(entity, ModuleEntity | ClassEntity | External | NamespaceObject)
            confidence = Confidence.EXACT if exact else Confidence.INFERRED
            for definition in self.definitions(entity, name):
                result[definition] = max(confidence, result.get(definition, confidence))
        if len(result) > 1:
            result.pop(UNRESOLVED, None)
        return result.items()

    def _denote_indexed(self, module: Module, receiver: int, key: int) -> list[tuple[Definition, Confidence]]:
        """What `x[symbol]` names; unresolved where the key is no symbol that names a member."""
        found: dict[Definition, None] = {}
        for entity in self._typescript.evaluator.value(module, receiver):
            found.update(dict.fromkeys(self._typescript.symbol_keys.definitions(entity, module, key)))
        return [(each, Confidence.INFERRED) for each in found] or [(UNRESOLVED, Confidence.GUESS)]

    def _denote_super(self, module: Module, symbol: int) -> Iterator[tuple[Definition, Confidence]]:
        """What `super(…)` runs: the constructor above, own or inherited; the class where there is none."""
        for base in self._typescript.heads.info(module, symbol).bases:
            if isinstance(base, ClassEntity):
                found = self._typescript.constructors(base) or [
                    self._typescript.definition(base.module, base.symbol)
                ]
                yield from ((definition, Confidence.EXACT) for definition in found)
            elif isinstance(base, Foreign) and base.name:
                yield self._typescript.external(base.name), Confidence.EXACT

    def _is_direct(self, module: Module, term: int) -> bool:
        """Whether names and imports alone lead to what a term denotes."""
        expression = module.facts.terms[term]
        if expression[0] == op.MEMBER:
            return self._is_direct(module, int(expression[1]))
        if expression[0] not in (op.NAME, op.USE, op.IMPORTED):
            return False
        return expression[0] == op.IMPORTED or all(
            d.external is not None
            or (d.module is not None and d.module.facts.symbols[d.symbol].kind in _STATIC)
            for d, _ in self.denote(module, term)
        )

    # members

    def definitions(self, entity: Entity, name: str) -> list[Definition]:
        """The symbols that `entity.name` names."""
        return [
            d
            for access in self._typescript.members.find(entity, name)
            for d in self._definitions(access, name)
        ]

    def _definitions(self, access: Access, name: str) -> list[Definition]:
        typescript = self._typescript
        if access is None or access is UNKNOWN:
            return [UNRESOLVED]
        if isinstance(access, Attribute):
            return self._of_attribute(access, name)
        if isinstance(access, Property):
            return self._of_property(access)
        if isinstance(access, Named):
            return typescript.names.definitions(access.found, Meaning.VALUE)
        if isinstance(access, MappedMember):
            over = typescript.computed.mapped_over(access.owner)
            return [d for e in over for d in self.definitions(e, access.name)] or [UNRESOLVED]
        return [typescript.names.entity_definition(access)]

    def _of_attribute(self, access: Attribute, name: str) -> list[Definition]:
        module, bindings = access.member.owner.module, access.member.bindings
        facts = module.facts.bindings
        if facts[bindings[0]].name == INDEXED:
            return [UNRESOLVED]
        if module.library:
            return [self._typescript.library_member(access.receiver, access.member.owner, name)]
        definitions = self._typescript.names.binding_definitions
        return list(dict.fromkeys(d for b in bindings for d in definitions(module, b)))

    def _of_property(self, access: Property) -> list[Definition]:
        module = access.owner.module
        if module.library:
            return [self._typescript.library_definition(module, access.name)]
        found = self.declared(module, access.owner.index, access.name)
        for term in access.terms:
            expression = module.facts.terms[term]
            symbol = -1
            if expression[0] == op.SYMBOL:
                symbol = int(expression[1])
            elif expression[0] == op.CALLABLE:
                symbol = module.facts.signatures[int(expression[1])].symbol
            if symbol >= 0 and not found:
                found.append(self._typescript.definition(module, symbol))
        return found or [UNRESOLVED]

    def declared(self, module: Module, object_term: int, name: str) -> list[Definition]:
        """The symbols that the members of an object type or of a variable's object are."""
        row = module.facts.terms[object_term]
        if len(row) < 2 or row[1] != DECLARING:
            return []
        scope = int(str(module.facts.terms[int(row[2])][1]))
        bindings = module.facts.scopes[scope].names.get(name, ())
        symbols = dict.fromkeys(module.facts.bindings[binding].symbol for binding in bindings)
        return [self._typescript.definition(module, symbol) for symbol in symbols if symbol >= 0]
