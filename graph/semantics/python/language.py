"""Python as the linker sees it: the rules of the language, gathered behind one interface."""

from __future__ import annotations

from collections.abc import Iterable

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.semantics import Context, Definition, Naming, Semantics
from isg.graph.linking.values import (
    ClassEntity,
    Entity,
    Foreign,
    Instance,
    Text,
    TupleEntity,
    Value,
    join,
    union,
)
from isg.graph.model import Confidence
from isg.graph.semantics.python.answers import answer
from isg.graph.semantics.python.callees import Callees
from isg.graph.semantics.python.calls import Calls
from isg.graph.semantics.python.classes import CLASS_KINDS, Classes
from isg.graph.semantics.python.construction import Construction
from isg.graph.semantics.python.contextual import Contextual
from isg.graph.semantics.python.decorators import Decorators
from isg.graph.semantics.python.denoting import Denoting
from isg.graph.semantics.python.elements import Elements
from isg.graph.semantics.python.guards import Guards
from isg.graph.semantics.python.importing import Importing
from isg.graph.semantics.python.known import Known
from isg.graph.semantics.python.members import Members
from isg.graph.semantics.python.modules import ModuleIndex
from isg.graph.semantics.python.names import Names
from isg.graph.semantics.python.narrowing import Narrowing
from isg.graph.semantics.python.operators import Operators
from isg.graph.semantics.python.overloads import Overloads
from isg.graph.semantics.python.parameters import Parameters
from isg.graph.semantics.python.reaching import Reaching
from isg.graph.semantics.python.returns import Returns
from isg.graph.semantics.python.stubs import Stubs
from isg.graph.semantics.python.types import Types
from isg.graph.semantics.python.variables import Variables
from isg.parsers import operators as op

_OF_LIBRARY = (Text, TupleEntity)


class Python(Semantics):
    """The semantics of Python over one project: a room for each kind of question."""

    apart = True

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        project, build = context.project, context.project.build
        self.modules = project.layout(
            "python", lambda: ModuleIndex(project.families["python"], build.roots, build.packages)
        )
        self._definitions: dict[tuple[Module, int], Definition] = {}
        self._externals: dict[str, Definition] = {}
        self.stubs = Stubs(self, project.library)
        self.importing = Importing(self)
        self.names = Names(self)
        self.reaching = Reaching(self)
        self.classes = Classes(self)
        self.members = Members(self)
        self.types = Types(self)
        self.variables = Variables(self)
        self.parameters = Parameters(self)
        self.contextual = Contextual(self)
        self.calls = Calls(self)
        self.returns = Returns(self)
        self.overloads = Overloads(self)
        self.construction = Construction(self)
        self.decorators = Decorators(self)
        self.callees = Callees(self)
        self.known = Known(self)
        self.operators = Operators(self)
        self.elements = Elements(self)
        self.narrowing = Narrowing(self)
        self.guards = Guards(self)
        self.denoting = Denoting(self)

    # files

    def naming(self, path: str) -> Naming:
        index = self.modules
        return Naming(index.names[path], index.is_package(path), index.children(path))

    def locate(self, asker: str, question: tuple[str, ...]) -> str | None:
        kind, *rest = question
        if kind == "stub":
            return self.modules.stub_of(asker)
        if kind == "submodule":
            return self.modules.submodule(asker, rest[0])
        if kind == "within":
            return self.modules.submodule(rest[0], rest[1])
        level = int(rest[0])
        return self.modules.relative(asker, level, rest[1]) if level else self.modules.find(rest[1], asker)

    # names

    def name_value(self, module: Module, scope: int, name: str) -> Value:
        return self.names.value_of(self.names.lookup(module, scope, name))

    def reaching_value(self, module: Module, binding: int) -> Value:
        return self.reaching.value(module, binding)

    def imported(self, module: Module, index: int) -> Value:
        return self.names.value_of(self.names.import_entity(module, index))

    def symbol_value(self, module: Module, symbol: int) -> Value:
        if module.facts.symbols[symbol].kind in CLASS_KINDS:
            return (self.universe.class_(module, symbol),)
        return (self.universe.function(module, symbol),)

    def definition(self, module: Module, symbol: int) -> Definition:
        key = (module, symbol)
        found = self._definitions.get(key)
        if found is None:
            outside = module.library
            found = self.external(module.full_name(symbol)) if outside else Definition(module, symbol)
            self._definitions[key] = found
        return found

    def external(self, name: str) -> Definition:
        """The definition of something outside the project, by its dotted name."""
        found = self._externals.get(name)
        if found is None:
            found = self._externals[name] = Definition(external=name)
        return found

    def imports_of(self, module: Module, index: int) -> Iterable[Definition]:
        return self.importing.imports_of(module, index)

    def container_of(self, module: Module) -> Definition | None:
        return self.importing.container_of(module)

    def member_definitions(self, entity: Entity, name: str) -> list[Definition]:
        if isinstance(entity, _OF_LIBRARY) or (isinstance(entity, Instance) and entity.type.module.library):
            return []
        return self.members.definitions(entity, name)

    def operator_fallbacks(self, method: str) -> tuple[str, ...]:
        return self.operators.fallbacks(method)

    def constructors(self, class_: Entity) -> list[Definition]:
        return self.callees.constructors(class_)

    def functions_run(self, definition: Definition) -> list[tuple[Module, int]]:
        return self.callees.functions_run(definition)

    def is_bound(self, module: Module, term: int, owner: Module, symbol: int) -> bool:
        return self.callees.is_bound(module, term, owner, symbol)

    def overridden(self, module: Module, symbol: int) -> Iterable[tuple[int, Definition]]:
        return self.callees.overridden(module, symbol)

    def answer(self, asked: Module, question: tuple[str, ...]) -> Iterable[Entity | str]:
        return answer(self, asked, question)

    def denote(self, module: Module, term: int) -> tuple[tuple[Definition, Confidence], ...]:
        return self.denoting.denote(module, term)

    def parameter(self, module: Module, signature: int, position: int) -> Value:
        return self.parameters.value(module, signature, position)

    # members and calls

    def member(self, entity: Entity, name: str) -> Value:
        return self.members.value(entity, name)

    def call(self, entity: Entity, arguments: Arguments) -> Value:
        return self.calls.call(entity, arguments)

    def protocol_call(self, entity: Entity, method: str) -> Value:
        if isinstance(entity, Foreign):
            return (self.universe.foreign(),)
        if self.stubs.is_none(entity):
            return ()
        return join(*[self.calls.call(e, Arguments(None)) for e in self.member(entity, method)])

    def decorate(self, module: Module, decorator: int, decorated: int) -> Value:
        return self.decorators.decorate(module, decorator, decorated)

    def super_(self, module: Module, symbol: int, binding: int) -> Value:
        class_ = self.universe.class_(module, symbol)
        receivers = self.reaching.value(module, binding) if binding >= 0 else ()
        known = [e for e in receivers if isinstance(e, Instance | ClassEntity)]
        return union(self.universe.proxy(class_, e) for e in known or [self.universe.instance(class_)])

    def operate(self, module: Module, method: str, left: int, right: int) -> Value:
        return self.operators.operate(module, method, left, right)

    # structure

    def index(self, module: Module, container: int, index: int) -> Value:
        return self.elements.index(module, container, index)

    def iterate(self, entity: Entity) -> Value:
        return self.elements.iterate(entity)

    def iterate_async(self, entity: Entity) -> Value:
        return self.elements.iterate_async(entity)

    def awaited(self, entity: Entity) -> Value:
        return self.elements.awaited(entity)

    def item(self, entity: Entity, position: int) -> Value:
        return self.elements.item(entity, position)

    def literal(self, name: str) -> Value:
        return self.stubs.literal(name)

    def container(self, module: Module, name: str, *arguments: Value) -> Value:
        return self.stubs.container(name, *arguments)

    # types

    def type_expression(self, module: Module, term: int) -> Value:
        return self.types.type_expression(module, term)

    def instances(self, classes: Value) -> Value:
        return self.types.instances(classes)

    def tested(self, module: Module, subject: int, test: int, *, holds: bool) -> Value:
        value, guard = self.evaluator.value(module, subject), module.facts.terms[test]
        if guard[0] == op.GUARDED:
            return self.guards.tested(module, value, guard[1], holds=holds)
        if guard[0] == op.REJOINED:
            return self.narrowing.rejoined(value, self.evaluator.value(module, guard[1]))
        classes = self.evaluator.value(module, test)
        return (self.narrowing.narrow if holds else self.narrowing.exclude)(value, classes)

    def narrow_class(self, subject: Value, test: Value) -> Value:
        return self.narrowing.narrow_class(subject, test)
