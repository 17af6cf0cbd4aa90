"""What a name or a member names, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from isg.graph.linking.module import Module
from isg.graph.linking.semantics import UNRESOLVED, Definition
from isg.graph.linking.values import (
    UNKNOWN_VALUE,
    ClassEntity,
    External,
    ModuleEntity,
    NamespaceEntity,
)
from isg.graph.model import Confidence
from isg.graph.semantics.python.classes import CLASS_KINDS
from isg.parsers import operators as op

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python


# What names and imports alone may lead to.
_NAMED = (ModuleEntity, ClassEntity, External, NamespaceEntity)
_EXACT, _INFERRED = Confidence.EXACT, Confidence.INFERRED
_STATIC = CLASS_KINDS | {"module", "function"}

Meanings: TypeAlias = tuple[tuple[Definition, Confidence], ...]
_NOT_KNOWN: Meanings = ((UNRESOLVED, _INFERRED),)


class Denoting:
    """The definitions that naming terms denote."""

    def __init__(self, python: Python) -> None:
        self._python = python

    def denote(self, module: Module, term: int) -> Meanings:
        found = module.meanings.get(term)
        if found is None:
            found = self._denote(module, term)
            if len(found) > 1:
                found = self._weigh(found)
            module.meanings[term] = found
        return found

    def _weigh(self, meanings: Meanings) -> Meanings:
        """A definition under a condition may replace one that stands under none: it is only possible."""
        plain = {self._variant(d) for d, _ in meanings if not self._is_conditional(d)}
        return tuple(
            (d, Confidence.DISPATCH if self._is_conditional(d) and self._variant(d) in plain else c)
            for d, c in meanings
        )

    def _is_conditional(self, definition: Definition) -> bool:
        module = definition.module
        return module is not None and "conditional" in module.facts.symbols[definition.symbol].modifiers

    def _variant(self, definition: Definition) -> tuple[Module | None, int, str]:
        """What definitions share that stand for the same name of the same scope."""
        if definition.module is None or definition.symbol == 0:
            return None, 0, ""
        fact = definition.module.facts.symbols[definition.symbol]
        return definition.module, fact.parent, fact.name

    def _denote(self, module: Module, term: int) -> Meanings:
        expression = module.facts.terms[term]
        operator = expression[0]
        if operator == op.MEMBER:
            return self._denote_member(module, expression[1], expression[2])
        if operator == op.NAME:
            found = self._python.names.lookup(module, expression[1], expression[2])
        elif operator == op.USE:
            found = module, expression[1:]
        else:
            return ((UNRESOLVED, Confidence.GUESS),)
        return tuple([(d, _EXACT) for d in self._python.names.definitions(found)])

    def _denote_member(self, module: Module, receiver: int, name: str) -> Meanings:
        value = self._python.evaluator.value(module, receiver)
        if value == UNKNOWN_VALUE:
            return _NOT_KNOWN
        result: dict[Definition, Confidence] = {}
        for entity in value:
            exact = isinstance(entity, _NAMED) and self._is_direct(module, receiver)
            confidence = _EXACT if exact else _INFERRED
            for definition in self._python.members.definitions(entity, name):
                if result.get(definition) is not _EXACT:
                    result[definition] = confidence
        return tuple(result.items())

    def _is_direct(self, module: Module, term: int) -> bool:
        """Whether names and imports alone lead to what a term denotes."""
        expression = module.facts.terms[term]
        if expression[0] == op.MEMBER:
            return self._is_direct(module, expression[1])
        if expression[0] not in (op.NAME, op.USE):
            return False
        return all(
            d.external is not None or (d.module is not None and self._is_static(d))
            for d, _ in self.denote(module, term)
        )

    def _is_static(self, definition: Definition) -> bool:
        assert definition.module is not None
        return definition.module.facts.symbols[definition.symbol].kind in _STATIC
