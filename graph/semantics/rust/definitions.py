"""Definitions: which symbol, or what outside the project, a reference, import or impl block speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.semantics import LOCAL, UNRESOLVED, Definition
from isg.graph.linking.values import (
    Bound,
    ClassEntity,
    Entity,
    External,
    Foreign,
    Function,
    Instance,
    ModuleEntity,
    TypeVariable,
    Value,
)
from isg.graph.model import Confidence
from isg.graph.semantics.rust.entities import (
    Alias,
    Applied,
    Item,
    Namespace,
    Opaque,
    Projection,
    TraitBound,
    TraitSelf,
    TypePath,
)
from isg.graph.semantics.rust.names import MACROS, TYPES, VALUES
from isg.parsers import operators as op
from isg.parsers.facts import ImportFlag

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

Meanings = Iterable[tuple[Definition, Confidence]]
_PLACED = (Function, ClassEntity, Item, Alias, Namespace)
_PATHS = (ModuleEntity, Namespace, ClassEntity, TypePath, Alias, External)
_PRIMITIVE = "std::primitive::"
_REPEATED = re.compile(r"~\d+")


class Definitions:
    """Says what entities are as symbols."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust
        self._symbols: dict[tuple[Module, int], Definition] = {}
        self._externals: dict[str, Definition] = {}

    def symbol(self, module: Module, symbol: int) -> Definition:
        found = self._symbols.get((module, symbol))
        if found is None:
            if module.library:
                found = self.external(_library_name(module.full_name(symbol)))
            else:
                found = Definition(module, symbol)
            self._symbols[module, symbol] = found
        return found

    def external(self, name: str) -> Definition:
        """The definition of something outside the project, by its path."""
        found = self._externals.get(name)
        if found is None:
            found = self._externals[name] = Definition(external=name)
        return found

    def of(self, entity: Entity) -> Definition:
        """The definition of an entity."""
        if isinstance(entity, _PLACED):
            return self.symbol(entity.module, entity.symbol)
        if isinstance(entity, ModuleEntity):
            return self.symbol(entity.module, 0)
        if isinstance(entity, Bound | Applied):
            return self.of(entity.function)
        if isinstance(entity, External | Foreign):
            return self.external(entity.name) if entity.name else UNRESOLVED
        return self._of_type(entity)

    def _of_type(self, entity: Entity) -> Definition:
        if isinstance(entity, TypePath):
            entity = entity.instance
        if isinstance(entity, Instance):
            return self.symbol(entity.type.module, entity.type.symbol)
        if isinstance(entity, Foreign):
            return self.of(entity)
        if isinstance(entity, TypeVariable | TraitSelf):
            return LOCAL
        if isinstance(entity, Projection) and entity.trait is not None:
            return self._of_associated(entity.trait, entity.name)
        if isinstance(entity, Opaque) and len(entity.bounds) == 1:
            bound = entity.bounds[0]
            if isinstance(bound, TraitBound):
                return self.symbol(bound.trait.module, bound.trait.symbol)
        return UNRESOLVED

    def _of_associated(self, trait: ClassEntity, name: str) -> Definition:
        for binding in self._rust.impls.member(trait.module, trait.symbol, name):
            symbol = trait.module.facts.bindings[binding].symbol
            if symbol > 0:
                return self.symbol(trait.module, symbol)
        return UNRESOLVED

    # references

    def denote(self, module: Module, term: int) -> Meanings:
        """What a naming term names, and how sure that is."""
        expression = module.facts.terms[term]
        operator = expression[0]
        if operator == op.USE:
            return [(LOCAL, Confidence.EXACT)]
        if operator == op.NAME:
            found = self._rust.names.lexical(module, int(expression[1]), str(expression[2]), VALUES)
            return self._all(found, Confidence.EXACT)
        if operator == op.TYPE_NAME:
            return self._types(self._rust.evaluator.value(module, term))
        if operator == op.MACRO:
            return self._macros(self._rust.evaluator.value(module, term))
        if operator == op.TYPE_MEMBER:
            return self._type_member(module, term)
        if operator == op.MEMBER:
            return self._member(module, int(expression[1]), str(expression[2]), term)
        if operator == op.QUALIFIED:
            return self._all(self._rust.evaluator.value(module, term), Confidence.INFERRED)
        if operator == op.PAYLOAD:
            return self._payload(module, int(expression[2]), str(expression[3]))
        return ()

    def _all(self, entities: Value, confidence: Confidence) -> list[tuple[Definition, Confidence]]:
        found = dict.fromkeys(self.of(entity) for entity in entities)
        return [(definition, confidence) for definition in found if definition is not UNRESOLVED]

    def _types(self, entities: Value) -> Meanings:
        """What a name in a type position means; a module there is only on the way to something."""
        if any(isinstance(entity, ModuleEntity | Namespace) for entity in entities):
            return [(LOCAL, Confidence.EXACT)]
        return self._all(entities, Confidence.EXACT)

    def _macros(self, entities: Value) -> Meanings:
        """A macro that another one produces is only likely to be what a name means."""
        for entity in entities:
            produced = isinstance(entity, Item) and self._rust.macros.is_produced(entity)
            yield self.of(entity), Confidence.DISPATCH if produced else Confidence.EXACT

    def _type_member(self, module: Module, term: int) -> Meanings:
        expression = module.facts.terms[term]
        prefix, name = int(expression[1]), str(expression[2])
        result: dict[Definition, Confidence] = {}
        for entity in self._rust.types.path(module, prefix):
            is_type = isinstance(entity, TypePath | ClassEntity | Alias)
            confidence = Confidence.INFERRED if isinstance(entity, TypePath) else Confidence.EXACT
            found = self._rust.names.member(entity, name, TYPES)
            if any(isinstance(e, ModuleEntity | Namespace) for e in found):
                result[LOCAL] = Confidence.EXACT
                continue
            associated = self._associated(module, prefix, entity, name) if is_type else None
            if associated is not None and not any(isinstance(e, Item) for e in found):
                result[associated] = Confidence.INFERRED
                continue
            result.update(self._all(found, confidence))
        return result.items()

    def _associated(self, module: Module, prefix: int, entity: Entity, name: str) -> Definition | None:
        """The declaration of an associated type: in the impl block around, else in the trait."""
        expression = module.facts.terms[prefix]
        types = self._rust.types
        if expression[0] == op.TYPE_NAME and expression[2] == "Self":
            block = types.block(module, int(expression[1]))
            if block is not None and types.associated_type(module, block, name) is not None:
                return self._of_associated(self._rust.universe.class_(module, block), name)
        for instance in types.instantiate(entity, None, ()):
            trait = self._rust.projections.declaring(instance, name)
            if trait is not None:
                return self._of_associated(trait, name)
        return None

    def _member(self, module: Module, prefix: int, name: str, term: int) -> Meanings:
        result: dict[Definition, Confidence] = {}
        for entity in self._rust.evaluator.value(module, prefix):
            sure = Confidence.INFERRED
            if name.startswith("."):
                found = [self.symbol(*place) for place in self._rust.methods.field_symbols(entity, name[1:])]
            elif isinstance(entity, _PATHS):
                members = self._rust.names.member(entity, name, VALUES)
                sure = Confidence.INFERRED if isinstance(entity, TypePath) else Confidence.EXACT
                chosen = self._rust.overloads.choose(module, term, members)
                is_open = self._rust.overloads.is_open(chosen)
                result.update(self._all(chosen, Confidence.DISPATCH if is_open else sure))
                continue
            else:
                members = tuple([f.member for f in self._rust.methods.find(entity, name)])
                chosen = self._rust.overloads.choose(module, term, members)
                found = [self.of(e) for e in chosen]
                if self._rust.overloads.is_open(chosen):
                    sure = Confidence.DISPATCH
            for definition in found:
                result.setdefault(definition, sure)
        return [(d, c) for d, c in result.items() if d is not UNRESOLVED]

    def _payload(self, module: Module, path: int, name: str) -> Iterator[tuple[Definition, Confidence]]:
        for entity in self._rust.patterns.matched(module, path):
            if isinstance(entity, Item | ClassEntity):
                owner, symbol = entity.module, entity.symbol
                field = self._rust.patterns.position(owner, symbol, name)
                for binding in self._rust.methods.field_bindings(owner, symbol, field):
                    found = owner.facts.bindings[binding].symbol
                    if found > 0:
                        yield self.symbol(owner, found), Confidence.EXACT

    # imports

    def of_import(self, module: Module, index: int) -> Iterator[Definition]:
        """What an import names: the module that it takes from, and what it takes from there."""
        fact = module.facts.imports[index]
        if int(fact.flags) & ImportFlag.DECLARES or fact.module.endswith("!"):
            return
        if fact.name == "*":
            yield from (self.of(entity) for entity in self._rust.imports.globbed(module, index))
            return
        spaces = (TYPES, VALUES, MACROS) if fact.name else (TYPES,)
        found = [self.of(e) for space in spaces for e in self._rust.imports.imported(module, index, space)]
        known = [definition for definition in found if definition.known]
        for definition in known or [UNRESOLVED]:
            if definition.module is not None and definition.symbol:
                yield self.symbol(definition.module, 0)
            yield definition

    # impl blocks

    def subjects(self, module: Module, symbol: int) -> Iterator[Definition]:
        """The types that an impl block is for; the block itself where they are none of the project."""
        if module.facts.symbols[symbol].kind != "impl":
            yield self.symbol(module, symbol)
            return
        head = self._rust.impls.head(module, symbol)
        found = [self._subject(entity) for entity in head.self_type]
        known = [d for d in found if d is not None and d.module is not None]
        yield from self._aliases(module, symbol)
        yield from known or [self.symbol(module, symbol)]

    def _aliases(self, module: Module, symbol: int) -> Iterator[Definition]:
        """The alias that an impl block names its type by: it is spoken of as well."""
        term = dict(module.facts.symbols[symbol].keywords).get("self", 0)
        if term > 0 and module.facts.terms[term][0] in (op.TYPE_NAME, op.TYPE_MEMBER):
            for entity in self._rust.types.path(module, term):
                if isinstance(entity, Alias) and not entity.module.library:
                    yield self.of(entity)

    def _subject(self, entity: Entity) -> Definition | None:
        if isinstance(entity, Instance):
            return self.symbol(entity.type.module, entity.type.symbol)
        if isinstance(entity, Opaque) and entity.bounds:
            bound = entity.bounds[0]
            return (
                self.symbol(bound.trait.module, bound.trait.symbol) if isinstance(bound, TraitBound) else None
            )
        return None

    def overridden(self, module: Module, symbol: int) -> Iterator[tuple[int, Definition]]:
        """The methods of an impl of a trait, each with what the trait declares."""
        fact = module.facts.symbols[symbol]
        if fact.kind != "impl" or fact.scope < 0:
            return
        head = self._rust.impls.head(module, symbol)
        if head.trait is None or head.trait.trait.module.library:
            return
        for name, bindings in module.facts.scopes[fact.scope].names.items():
            declared = list(self._rust.methods.in_trait(head.trait.trait, name))
            for own in self._rust.methods.members(module, bindings):
                if isinstance(own, Function):
                    yield from ((own.symbol, self.of(e)) for e in declared if isinstance(e, Function))


def _library_name(name: str) -> str:
    """The path by which a definition of the standard library is known."""
    name = _REPEATED.sub("", name).removeprefix(_PRIMITIVE)
    return name.replace("[]", "slice")
