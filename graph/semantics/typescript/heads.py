"""Heads of classes and interfaces: what they extend and implement.

Rules: the TypeScript handbook, "Classes", "Declaration Merging", "Mixins" (a class may extend a value whose
type is a constructor: it has the members of the value, and its instances those of what that constructs).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isg.graph.linking.fixpoint import latest
from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    UNKNOWN,
    ClassEntity,
    Entity,
    External,
    Foreign,
    Instance,
    TypeVariable,
    Value,
)
from isg.graph.semantics.typescript.entities import Constructed, Intersection, ObjectType
from isg.parsers import operators as op

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isg.graph.semantics.typescript.language import TypeScript

_CONSTRUCTING = (Instance, Intersection, ObjectType)  # values with construct signatures, if any


@dataclass(frozen=True, slots=True)
class ClassInfo:
    """What the heads of all declarations of a class or interface say, resolved."""

    bases: tuple[Entity, ...] = ()  # ClassEntity, External, Foreign, UNKNOWN, or a type without a name
    parameters: tuple[TypeVariable, ...] = ()
    merged: tuple[tuple[TypeVariable, ...], ...] = ()  # the same by the names of each declaration
    implemented: tuple[Entity, ...] = ()
    extended: tuple[Entity, ...] = ()  # values that are no classes, whose members the class inherits itself


_EMPTY = ClassInfo()


class Heads:
    """Resolves the heads of all declarations of a class or interface."""

    def __init__(self, typescript: TypeScript) -> None:
        self._typescript = typescript

    def info(self, module: Module, symbol: int) -> ClassInfo:
        if self._typescript.reader is not module:
            self._typescript.consult(module, "class", module.path, module.qualified[symbol])
        found = module.memo.get(("class", symbol))
        if found is not None:
            return found  # type: ignore[no-any-return]
        key = (module, "class", symbol)
        return self._typescript.solver.solve(key, lambda: self._info(module, symbol), _EMPTY, latest)

    def _info(self, module: Module, symbol: int) -> ClassInfo:
        before, classes = self._typescript.reading(module), self._typescript.classes
        try:
            bases: dict[Entity, None] = {}
            implemented: dict[Entity, None] = {}
            extended: dict[Entity, None] = {}
            for part in classes.parts(module, symbol):
                fact = module.facts.symbols[part]
                for term in fact.bases:
                    bases.update(dict.fromkeys(self._base(module, part, term)))
                    extended.update(dict.fromkeys(self._extended(module, part, term)))
                for keyword, term in fact.keywords:
                    if keyword == "implements":
                        implemented.update(dict.fromkeys(self._typescript.types.type_of(module, term)))
            bases.pop(self._typescript.universe.instance(classes.entity(module, symbol)), None)
            merged = classes.parameters_of_parts(module, symbol)
            parameters = classes.parameters(module, symbol)
            return ClassInfo(tuple(bases), parameters, merged, tuple(implemented), tuple(extended))
        finally:
            self._typescript.reading(before)

    def _base(self, module: Module, symbol: int, term: int) -> Iterator[Entity]:
        if module.facts.symbols[symbol].kind == "interface":
            for entity in self._typescript.types.type_of(module, term):
                yield self._head_of(entity)
            return
        value, arguments = self._extended_value(module, term)
        for entity in value:
            made = self._typescript.calls.constructed(entity, arguments) if arguments else None
            yield from map(self._head_of, self.constructed(entity) if made is None else made)

    def _extended_value(self, module: Module, term: int) -> tuple[Value, tuple[Value, ...]]:
        """What a class extends, and type arguments that are for what it constructs: it is no class."""
        evaluator, expression = self._typescript.evaluator, module.facts.terms[term]
        if expression[0] == op.INDEX:
            value = evaluator.value(module, int(expression[1]))
            if any(isinstance(entity, _CONSTRUCTING) for entity in value):
                return value, self._typescript.types.arguments_of(module, int(expression[2]))
        return evaluator.value(module, term), ()

    def _extended(self, module: Module, symbol: int, term: int) -> Iterator[Entity]:
        if module.facts.symbols[symbol].kind == "class":
            for entity in self._extended_value(module, term)[0]:
                if isinstance(entity, _CONSTRUCTING):
                    yield entity

    def extended_by(self, class_: ClassEntity) -> Iterator[Entity]:
        """The values that are no classes, which a class and those above it extend."""
        for each in self._typescript.classes.ancestors(class_):
            if isinstance(each, ClassEntity):
                yield from self.info(each.module, each.symbol).extended

    def _head_of(self, entity: Entity) -> Entity:
        return entity.type if isinstance(entity, Instance) else entity

    def constructed(self, entity: Entity) -> Value:
        """What a class that extends a value inherits its instances' members from."""
        typescript = self._typescript
        if isinstance(entity, ClassEntity):
            return (typescript.universe.instance(entity),)
        if isinstance(entity, External):
            return (typescript.universe.foreign(entity.name),)
        if isinstance(entity, TypeVariable):
            return (typescript.universe.intern(Constructed, entity),)
        if isinstance(entity, Foreign) or entity is UNKNOWN:
            return (entity,)
        return typescript.calls.constructed(entity)
