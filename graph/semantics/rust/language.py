"""Rust as the linker sees it: the rules of the language, gathered behind one interface."""

from __future__ import annotations

from collections.abc import Iterable

from blake3 import blake3

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.library import Library
from isg.graph.linking.module import Module
from isg.graph.linking.semantics import Context, Definition, Naming, Semantics
from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN_VALUE,
    Bound,
    ClassEntity,
    Entity,
    External,
    Foreign,
    Function,
    ModuleEntity,
    Text,
    TupleEntity,
    TypeVariable,
    Unknown,
    Value,
    join,
)
from isg.graph.model import Confidence
from isg.graph.semantics.rust.answers import answer
from isg.graph.semantics.rust.associated import AssociatedItems
from isg.graph.semantics.rust.calls import Calls
from isg.graph.semantics.rust.crates import Crates
from isg.graph.semantics.rust.definitions import Definitions
from isg.graph.semantics.rust.deref import Deref
from isg.graph.semantics.rust.entities import (
    Alias,
    Applied,
    Associated,
    FunctionType,
    Item,
    Namespace,
    Opaque,
    Projection,
    TraitSelf,
    TypePath,
    Wrapping,
)
from isg.graph.semantics.rust.expansion import Expansion
from isg.graph.semantics.rust.generics import Generics
from isg.graph.semantics.rust.impls import Impls
from isg.graph.semantics.rust.imports import Imports
from isg.graph.semantics.rust.known import Known
from isg.graph.semantics.rust.later import LaterUses
from isg.graph.semantics.rust.macros import Macros
from isg.graph.semantics.rust.making import Making
from isg.graph.semantics.rust.methods import Methods
from isg.graph.semantics.rust.names import TYPES, VALUES, Names
from isg.graph.semantics.rust.operators import Operators
from isg.graph.semantics.rust.outlines import Outlines
from isg.graph.semantics.rust.overloads import Overloads
from isg.graph.semantics.rust.patterns import Patterns
from isg.graph.semantics.rust.projections import Projections
from isg.graph.semantics.rust.remembered import Remembered
from isg.graph.semantics.rust.types import Types
from isg.parsers import operators as op
from isg.parsers.facts import FileFacts
from isg.parsers.terms import Term

LIBRARY = "<library>"
_STUBS = Library("rust", "isg.graph.semantics.rust.library")
_UNSUFFIXED = {"int": "i32", "float": "f64"}  # what a literal is that nothing says more of
_PATHS = (ModuleEntity, Namespace, ClassEntity, TypePath, Alias, External)
_BOUNDED = (TypeVariable, TraitSelf, Projection, Opaque)


def _library_module(name: str, facts: FileFacts) -> Module:
    full = "std" if name == "std" else f"std::{name}"
    return Module(f"{LIBRARY}/{name}.stub", Naming(full), lambda: facts, "::", library=True)


class Rust(Semantics):
    """The semantics of Rust over one project."""

    separator = "::"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        project = context.project
        self._read_stub = project.library
        self.crates = project.layout(
            "rust", lambda: Crates(project.families.get("rust", ()), project.build.crates, project.package)
        )
        self._library: dict[str, Module | None] = {}
        self._literals: dict[str, Value] = {}
        self.making = Making(self)
        self.remembered = Remembered(self)
        self.names = Names(self)
        self.imports = Imports(self)
        self.types = Types(self)
        self.generics = Generics(self)
        self.outlines = Outlines(self)
        self.impls = Impls(self)
        self.projections = Projections(self)
        self.deref = Deref(self)
        self.methods = Methods(self)
        self.associated = AssociatedItems(self)
        self.calls = Calls(self)
        self.expansion = Expansion(self)
        self.known = Known(self)
        self.later = LaterUses(self)
        self.macros = Macros(self)
        self.operators = Operators(self)
        self.patterns = Patterns(self)
        self.overloads = Overloads(self)
        self.definitions = Definitions(self)

    # files

    def naming(self, path: str) -> Naming:
        return self.crates.naming(path)

    def locate(self, asker: str, question: tuple[str, ...]) -> str | None:
        _, kind, *rest = question
        if kind == "child":
            inline = tuple(rest[0].split("/")) if rest[0] else ()
            return self.crates.child(asker, inline, rest[1], rest[2])
        if kind == "crate":
            return self.crates.dependency(asker, rest[0])
        if kind == "parents":
            return "\n".join(self.crates.parents(asker)[0]) or None
        members = "\n".join(self.crates.members.get(rest[0], ()))
        return blake3(members.encode()).hexdigest()

    def container_of(self, module: Module) -> Definition | None:
        self.outlines.keep_watch(module)
        above = self.names.parent(module)
        if above is None:
            return None
        place = self.names.place(*above)
        return self.definitions.of(place)

    def answer(self, asked: Module, question: tuple[str, ...]) -> Iterable[Entity | str]:
        return answer(self, asked, question)

    def definition_text(self, entity: Entity) -> str:
        """What others learn of a definition by its name alone."""
        definition = self.definitions.of(entity)
        if definition.module is None:
            return definition.external or ""
        fact = definition.module.facts.symbols[definition.symbol]
        return f"{definition.module.key(definition.symbol)} {fact.kind}"

    # the library

    def library(self, name: str) -> Module | None:
        """The stub of a module of the standard library."""
        if name not in self._library:
            facts = _STUBS.facts(name, self._read_stub)
            self._library[name] = _library_module(name, facts) if facts else None
        return self._library[name]

    def library_trait(self, stub: str, name: str) -> ClassEntity | None:
        """A type or trait that a stub declares."""
        module = self.library(stub)
        symbol = module.symbol_of_name.get(name) if module is not None else None
        return self.universe.class_(module, symbol) if module is not None and symbol is not None else None

    def literal(self, name: str) -> Value:
        found = self._literals.get(name)
        if found is None:
            found = self._literals[name] = self._literal(name)
        return found

    def _literal(self, name: str) -> Value:
        if name == "unit":
            return (self.universe.tuple_(()),)
        if name == "never":
            return NOTHING
        name = _UNSUFFIXED.get(name, name)
        for stub in ("primitive", "string"):
            class_ = self.library_trait(stub, name)
            if class_ is not None:
                return (self.universe.instance(class_),)
        return UNKNOWN_VALUE

    def container(self, module: Module, name: str, *arguments: Value) -> Value:
        """A display of elements: an array, which is a slice here."""
        if not all(arguments):
            return NOTHING
        return self.slice(arguments[0])

    def slice(self, items: Value) -> Value:
        class_ = self.library_trait("primitive", "slice")
        if class_ is None:
            return UNKNOWN_VALUE
        return (self.making.instance(class_, (items,)),)

    def plain(self, entity: Entity) -> Entity:
        """An instance in place of a text whose content is known."""
        return self.literal("str")[0] if isinstance(entity, Text) else entity

    def given_by(self, entity: Foreign) -> Value:
        """What is got from a foreign value: foreign as well, unless it may hold something of the project."""
        return UNKNOWN_VALUE if isinstance(entity, Wrapping) else (self.universe.foreign(),)

    def as_function_type(self, entity: Entity) -> FunctionType | None:
        """The function type that a value has, or that its bounds say it has."""
        if isinstance(entity, FunctionType):
            return entity
        if isinstance(entity, _BOUNDED):
            bounds = self.projections.bounds(entity)
            return next((bound for bound in bounds if isinstance(bound, FunctionType)), None)
        return None

    # names

    def name_value(self, module: Module, scope: int, name: str) -> Value:
        return join(*[self.value_of(e) for e in self.names.lexical(module, scope, name, VALUES)])

    def value_of(self, entity: Entity) -> Value:
        """What evaluating the name of an entity gives."""
        if isinstance(entity, Item):
            return self.patterns.item_value(entity)
        if isinstance(entity, ClassEntity):
            return self.patterns.unit_value(entity)
        return (entity,)

    def reaching_value(self, module: Module, binding: int) -> Value:
        fact = module.facts.bindings[binding]
        value = module.memo.get(("bound", binding))
        if value is None:
            value = self.solver.solve(
                (module, "bound", binding),
                lambda: self.later.completed(
                    module, binding, self.patterns.bound(module, fact.declared, fact.term)
                ),
                NOTHING,
                join,
            )
        return value

    def imported(self, module: Module, index: int) -> Value:
        return join(*[self.value_of(e) for e in self.imports.imported(module, index, VALUES)])

    def symbol_value(self, module: Module, symbol: int) -> Value:
        kind = module.facts.symbols[symbol].kind
        if kind in ("struct", "enum", "union", "trait"):
            return (self.universe.class_(module, symbol),)
        if kind in ("function", "method"):
            return (self.universe.function(module, symbol),)
        return (self.universe.intern(Item, module, symbol),)

    def parameter(self, module: Module, signature: int, position: int) -> Value:
        fact = module.facts.signatures[signature]
        annotation = fact.parameters[position].annotation
        declared = self.types.of(module, annotation) if annotation else UNKNOWN_VALUE
        if fact.symbol >= 0 or self.types.is_known(declared) or not fact.expected:
            return declared
        expected = self.evaluator.value(module, fact.expected)
        functions = [self.as_function_type(step) for e in expected for step in self.deref.steps(e)]
        values = [f.parameters[position] for f in functions if f and position < len(f.parameters)]
        return join(*values) or (UNKNOWN_VALUE if expected else NOTHING)

    def denote(self, module: Module, term: int) -> tuple[tuple[Definition, Confidence], ...]:
        found = module.meanings.get(term)
        if found is None:
            found = module.meanings[term] = tuple(self.definitions.denote(module, term))
        return found

    def definition(self, module: Module, symbol: int) -> Definition:
        return self.definitions.symbol(module, symbol)

    def member_definitions(self, entity: Entity, name: str) -> list[Definition]:
        return [self.definitions.of(f.member) for f in self.methods.find(entity, name)]

    def operator_fallbacks(self, method: str) -> tuple[str, ...]:
        return self.operators.fallbacks(method)

    def constructors(self, class_: Entity) -> list[Definition]:
        return []

    def functions_run(self, definition: Definition) -> list[tuple[Module, int]]:
        module = definition.module
        if module is None or not module.facts.symbols[definition.symbol].signatures:
            return []
        self.consult(module, "symbol", module.path, module.qualified[definition.symbol])
        return [(module, definition.symbol)]

    def is_bound(self, module: Module, term: int, owner: Module, symbol: int) -> bool:
        return any(
            isinstance(e, Bound) and not isinstance(e, Associated) for e in self.evaluator.value(module, term)
        )

    def imports_of(self, module: Module, index: int) -> Iterable[Definition]:
        return self.definitions.of_import(module, index)

    def subjects(self, module: Module, symbol: int) -> Iterable[Definition]:
        return self.definitions.subjects(module, symbol)

    def overridden(self, module: Module, symbol: int) -> Iterable[tuple[int, Definition]]:
        return self.definitions.overridden(module, symbol)

    # members and calls

    def member(self, entity: Entity, name: str) -> Value:
        if name.startswith("."):
            return self.methods.field(entity, name[1:])
        if isinstance(entity, _PATHS):
            found = self.names.member(entity, name, VALUES)
            return join(*[self.value_of(e) for e in found])
        if isinstance(entity, Unknown):
            return UNKNOWN_VALUE
        alike = self.types.alike(entity) if isinstance(entity, Wrapping) else None
        if alike is not None:
            return self.member(alike, name)
        found_here = self.methods.find(entity, name)
        outside = None if found_here else self.methods.outside(entity)
        if outside is not None:
            return (outside,)
        if not found_here:
            return self.known.projecting(entity, name)
        return tuple(
            [
                self.universe.intern(Bound, f.member, f.subject)
                if isinstance(f.member, Function)
                else f.member
                for f in found_here
            ]
        )

    def call(self, entity: Entity, arguments: Arguments) -> Value:
        return self.calls.call(entity, arguments)

    def protocol_call(self, entity: Entity, method: str) -> Value:
        return self.operators.unary(entity, method)

    def operate(self, module: Module, method: str, left: int, right: int) -> Value:
        return self.operators.binary(module, method, left, right)

    def decorate(self, module: Module, decorator: int, decorated: int) -> Value:
        return self.evaluator.value(module, decorated)

    def super_(self, module: Module, symbol: int, binding: int) -> Value:
        return UNKNOWN_VALUE

    # structure

    def index(self, module: Module, container: int, index: int) -> Value:
        return join(*[self._index(module, e, index) for e in self.evaluator.value(module, container)])

    def _index(self, module: Module, entity: Entity, index: int) -> Value:
        entity = self.types.known_as(entity)
        if isinstance(entity, Foreign):
            return self.given_by(entity)
        if isinstance(entity, ModuleEntity | Namespace | Unknown):
            return (entity,)
        if isinstance(entity, External):
            arguments, _ = self.types.arguments(module, index)
            applied = self.making.foreign(entity.name, arguments)
            return (applied if isinstance(applied, Wrapping) else entity,)
        if isinstance(entity, _PATHS):
            arguments, named = self.types.arguments(module, index)
            found = self.types.instantiate(entity, arguments, named)
            return tuple([self.types.as_path(e) for e in found])
        if isinstance(entity, Function | Bound | Item):
            arguments, _ = self.types.arguments(module, index)
            return (self.universe.intern(Applied, entity, arguments),)
        return self.operators.subscript(module, entity, index)

    def iterate(self, entity: Entity) -> Value:
        return self.operators.iterate(entity)

    def iterate_async(self, entity: Entity) -> Value:
        return self.operators.iterate(entity)

    def awaited(self, entity: Entity) -> Value:
        return self.operators.awaited(entity)

    def item(self, entity: Entity, position: int) -> Value:
        if isinstance(entity, TupleEntity):
            size = len(entity.items)
            return entity.items[position] if -size <= position < size else UNKNOWN_VALUE
        return self.given_by(entity) if isinstance(entity, Foreign) else UNKNOWN_VALUE

    # types

    def evaluate(self, module: Module, term: Term) -> Value:
        operator = term[0]
        if operator == op.TYPE_NAME:
            return self.types.name(module, int(term[1]), str(term[2]))
        if operator == op.TYPE_MEMBER:
            prefix = self.types.path(module, int(term[1]))
            return join(*[self.names.member(e, str(term[2]), TYPES) for e in prefix])
        if operator == op.MACRO:
            return self.macros.named(module, int(term[1]), str(term[2]))
        if operator == op.EXPECTED:
            return self.calls.expected(module, int(term[1]), int(term[2]))
        if operator == op.QUALIFIED:
            return self.associated.of_qualified(module, int(term[1]), int(term[2]), str(term[3]))
        return self.patterns.evaluate(module, term)

    def type_expression(self, module: Module, term: int) -> Value:
        return self.types.of(module, term)

    def instances(self, classes: Value) -> Value:
        return join(*[self.types.instantiate(e, None, ()) for e in classes])

    def tested(self, module: Module, subject: int, test: int, *, holds: bool) -> Value:
        return self.evaluator.value(module, subject)

    def narrow_class(self, subject: Value, test: Value) -> Value:
        return subject
