"""TypeScript and JavaScript as the linker sees them: the languages' rules behind one interface."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from posixpath import dirname, normpath
from posixpath import join as join_path

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.semantics import Context, Definition, Naming, Semantics
from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN_VALUE,
    ClassEntity,
    Entity,
    External,
    Function,
    Instance,
    ModuleEntity,
    Receiver,
    Text,
    TupleEntity,
    Value,
    join,
)
from isg.graph.model import Confidence
from isg.graph.semantics.typescript.answers import answer
from isg.graph.semantics.typescript.augmenting import Augmenting
from isg.graph.semantics.typescript.calls import Calls
from isg.graph.semantics.typescript.classes import CLASS_KINDS, Classes, Member
from isg.graph.semantics.typescript.computed import Computed
from isg.graph.semantics.typescript.contextual import Contextual
from isg.graph.semantics.typescript.denoted import Denoted
from isg.graph.semantics.typescript.entities import (
    Closure,
    Instantiated,
    NamespaceObject,
    ObjectLiteral,
    Primitive,
)
from isg.graph.semantics.typescript.exports import Exports
from isg.graph.semantics.typescript.generics import Generics
from isg.graph.semantics.typescript.globals import DECLARED, Globals
from isg.graph.semantics.typescript.heads import Heads
from isg.graph.semantics.typescript.known import Known
from isg.graph.semantics.typescript.members import Members
from isg.graph.semantics.typescript.modules import ModuleIndex
from isg.graph.semantics.typescript.names import Meaning, Names
from isg.graph.semantics.typescript.narrowing import Narrowing
from isg.graph.semantics.typescript.relations import Relations
from isg.graph.semantics.typescript.structure import Structure
from isg.graph.semantics.typescript.symbol_keys import SymbolKeys
from isg.graph.semantics.typescript.types import Types
from isg.parsers import operators as op
from isg.parsers.facts import BindingKind
from isg.parsers.terms import Term

_PRIMITIVES = {"int": "number", "str": "string"}  # the names that the evaluator has for literals


class TypeScript(Semantics):
    """The semantics of TypeScript and JavaScript over one project."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.project = context.project
        self._definitions: dict[tuple[Module, int], Definition] = {}
        self._externals: dict[str, Definition] = {}
        self._found: dict[tuple[str, str], Entity] = {}
        self.names = Names(self)
        self.exports = Exports(self)
        self.globals = Globals(self, context.project.library)
        self.augmenting = Augmenting(self)
        self.heads = Heads(self)
        self.classes = Classes(self)
        self.members = Members(self)
        self.denoted = Denoted(self)
        self.types = Types(self)
        self.generics = Generics(self)
        self.computed = Computed(self)
        self.relations = Relations(self)
        self.calls = Calls(self)
        self.contextual = Contextual(self)
        self.narrowing = Narrowing(self)
        self.known = Known(self)
        self.structure = Structure(self)
        self.symbol_keys = SymbolKeys(self)

    # files

    @cached_property
    def modules(self) -> ModuleIndex:
        project = self.project
        return project.layout(
            "typescript", lambda: ModuleIndex(project.families.get("typescript", ()), project.build)
        )

    def naming(self, path: str) -> Naming:
        return Naming(self.modules.names[path])

    def locate(self, asker: str, question: tuple[str, ...]) -> str | None:
        kind, name = question
        if kind == DECLARED:
            return "\n".join(module.path for module in self.globals.declarers(name)) or None
        return self.modules.find(asker, name)

    def is_found_by_content(self, path: str) -> bool:
        return path in self.modules.declarations or path in self.globals.augmenters

    def find_module(self, importer: Module, specifier: str) -> Entity:
        """What a specifier means in a file; External where the project has no such module."""
        if importer.library:
            library = self.globals.library_module(specifier)
            return self.universe.module(library) if library else self.universe.external(specifier)
        self.record(importer, ("module", specifier))
        path = self.modules.find(importer.path, specifier)
        if path is not None:
            return self.universe.module(self.load(path))
        ambient = self.globals.ambient_module(specifier)
        if ambient is not None:
            return ambient
        library = self.globals.library_module(specifier)
        if library is not None:
            return self.universe.module(library)
        return self.universe.external(_outside(importer.path, specifier))

    # names

    def name_value(self, module: Module, scope: int, name: str) -> Value:
        return self.names.value_of(self.names.lookup(module, scope, name, Meaning.VALUE))

    def reaching_value(self, module: Module, binding: int) -> Value:
        fact = module.facts.bindings[binding]
        if fact.kind is BindingKind.NARROWED and fact.name == "this":
            return self.contextual.this_of(module, fact.term)
        if fact.kind is BindingKind.IMPORT:
            return self.names.value_of(self.names.follow(module, binding, Meaning.VALUE))
        return self.names.slot_value(module, binding)

    def imported(self, module: Module, index: int) -> Value:
        return self.names.value_of(self.exports.imported(module, index, Meaning.VALUE))

    def symbol_value(self, module: Module, symbol: int) -> Value:
        kind = module.facts.symbols[symbol].kind
        if kind in CLASS_KINDS:
            return (self.classes.object_of(module, symbol),)
        if kind == "namespace":
            return (self.universe.intern(NamespaceObject, module, symbol),)
        if kind == "module":
            return (self.universe.module(module),)
        return (self.universe.function(module, symbol),)

    def definition(self, module: Module, symbol: int) -> Definition:
        key = (module, symbol)
        found = self._definitions.get(key)
        if found is None:
            if module.library:
                found = self.library_definition(module, module.qualified[symbol].partition("~")[0])
            else:
                found = Definition(module, symbol)
            self._definitions[key] = found
        return found

    def library_definition(self, module: Module, name: str) -> Definition:
        return self.external(".".join(filter(None, (module.name, name))))

    def library_member(self, receiver: Entity, owner: ClassEntity, name: str) -> Definition:
        """A member of a class of the library, under the name of the class that the receiver is of."""
        plain = self.plain(receiver)
        class_ = plain.type if isinstance(plain, Instance) and plain.type.module.library else owner
        return self.library_definition(
            class_.module, f"{class_.module.facts.symbols[class_.symbol].name}.{name}"
        )

    def external(self, name: str) -> Definition:
        """The definition of something outside the project, by its dotted name."""
        found = self._externals.get(name)
        if found is None:
            found = self._externals[name] = Definition(external=name)
        return found

    def member_definitions(self, entity: Entity, name: str) -> list[Definition]:
        return self.denoted.definitions(entity, name)

    def operator_fallbacks(self, method: str) -> tuple[str, ...]:
        return ()

    def constructors(self, class_: Entity) -> list[Definition]:
        if not isinstance(class_, ClassEntity):
            return []
        found = self.classes.find(class_, "constructor", False)
        if not isinstance(found, Member) or found.owner.module.library:
            return []
        module = found.owner.module
        definitions = (d for b in found.bindings for d in self.names.binding_definitions(module, b))
        return [d for d in definitions if d.module is not None]

    def companions(self, definition: Definition) -> Iterable[Definition]:
        """Of a name that is a type and a value, the other one (handbook, "Declaration Merging")."""
        module, symbol = definition.module, definition.symbol
        wanted = _COMPANIONS.get(module.facts.symbols[symbol].kind) if module is not None else None
        if module is None or wanted is None:
            return ()
        found = self.classes.declarations(module, symbol, wanted)
        return tuple(self.definition(module, each) for each in found if each != symbol)

    def functions_run(self, definition: Definition) -> list[tuple[Module, int]]:
        if definition.module is None:
            return []
        module, fact = definition.module, definition.module.facts.symbols[definition.symbol]
        if fact.signatures:
            self.consult(module, "call", module.path, module.qualified[definition.symbol])
            return [(module, definition.symbol)]
        if fact.kind not in CLASS_KINDS:
            return []
        class_ = self.classes.entity(module, definition.symbol)
        return [(d.module, d.symbol) for d in self.constructors(class_) if d.module is not None]

    def is_bound(self, module: Module, term: int, owner: Module, symbol: int) -> bool:
        return False  # `this` is no parameter

    def imports_of(self, module: Module, index: int) -> Iterable[Definition]:
        fact = module.facts.imports[index]
        source = self.find_module(module, fact.module)
        if isinstance(source, ModuleEntity) and not source.module.library:
            yield self.definition(source.module, 0)
        elif isinstance(source, NamespaceObject):
            yield self.definition(source.module, source.symbol)
        elif not fact.name or fact.name == "*":
            name = source.name if isinstance(source, External) else fact.module
            yield self.external(source.module.name if isinstance(source, ModuleEntity) else name)
            return
        if fact.name and fact.name != "*":
            found: dict[Definition, None] = {}
            for meaning in (Meaning.VALUE, Meaning.TYPE, Meaning.NAMESPACE):
                items = self.exports.imported(module, index, meaning)
                found.update(dict.fromkeys(self.names.definitions(items, meaning)))
            yield from (d for d in found if d.known)

    def overridden(self, module: Module, symbol: int) -> Iterable[tuple[int, Definition]]:
        fact = module.facts.symbols[symbol]
        if fact.scope < 0 or fact.kind == "enum":
            return
        class_ = self.classes.entity(module, symbol)
        above: list[Entity] = [*self.heads.info(module, symbol).implemented]
        for name, bindings in module.facts.scopes[fact.scope].names.items():
            own = {module.facts.bindings[b].symbol for b in bindings}
            methods = sorted(s for s in own if s >= 0 and self._is_overriding(module, s))
            if not methods:
                continue
            for definition in self._overridden(class_, above, name):
                yield from ((method, definition) for method in methods)

    def _is_overriding(self, module: Module, symbol: int) -> bool:
        fact = module.facts.symbols[symbol]
        return bool(fact.signatures) and fact.kind != "constructor" and "static" not in fact.modifiers

    def _overridden(self, class_: ClassEntity, implemented: list[Entity], name: str) -> Iterator[Definition]:
        """The members of that name in the class above and in what is said to be implemented."""
        found: dict[Definition, None] = {}
        above = self.classes.find(class_, name, False, after=True)
        if isinstance(above, Member):
            module = above.owner.module
            for binding in above.bindings:
                found.update(dict.fromkeys(self.names.binding_definitions(module, binding)))
        for entity in implemented:
            found.update(dict.fromkeys(self.denoted.definitions(entity, name)))
        for definition in found:
            if definition.module is not None:
                fact = definition.module.facts.symbols[definition.symbol]
                if fact.signatures:
                    yield definition

    def container_of(self, module: Module) -> Definition | None:
        return None

    def answer(self, asked: Module, question: tuple[str, ...]) -> Iterable[Entity | str]:
        return answer(self, asked, question)

    # meanings

    def denote(self, module: Module, term: int) -> Sequence[tuple[Definition, Confidence]]:
        return self.denoted.denote(module, term)

    # parameters and receivers

    def parameter(self, module: Module, signature: int, position: int) -> Value:
        return self.contextual.parameter(module, signature, position)

    def received(self, entity: Receiver, receiver: Entity | None) -> Value:
        """What stands for `this`, now that the method is called on this receiver."""
        if receiver is None:
            return (entity,)
        plain = self.plain(receiver)
        if isinstance(plain, Instance):
            return (plain,) if self.classes.is_subclass(plain.type, entity.type) else (entity,)
        if isinstance(plain, ClassEntity | ModuleEntity | NamespaceObject):
            return (entity,)
        return (plain,)

    def plain(self, entity: Entity) -> Entity:
        """An instance of the library's class in place of what has no class of its own."""
        if isinstance(entity, TupleEntity):
            return self._library_instance("Array", join(*entity.items) or UNKNOWN_VALUE) or entity
        if isinstance(entity, Text):
            return self._library_instance("String") or entity
        if isinstance(entity, Primitive):
            name = "Boolean" if entity.name in ("true", "false") else _APPARENT.get(entity.name)
            return (self._library_instance(name) if name else None) or entity
        return entity

    def _library_instance(self, name: str, *arguments: Value) -> Instance | None:
        class_ = self.globals.library_class(name)
        if class_ is None:
            return None
        return self.universe.instance(self.universe.class_(class_.module, class_.symbol, arguments))

    # members and calls

    def member(self, entity: Entity, name: str) -> Value:
        return self.members.value(entity, name)

    def call(self, entity: Entity, arguments: Arguments) -> Value:
        return self.calls.call(entity, arguments)

    def protocol_call(self, entity: Entity, method: str) -> Value:
        return UNKNOWN_VALUE

    def decorate(self, module: Module, decorator: int, decorated: int) -> Value:
        return self.evaluator.value(module, decorated)

    def super_(self, module: Module, symbol: int, binding: int) -> Value:
        class_ = self.classes.entity(module, symbol)
        receiver: Entity = self.universe.receiver(class_) if binding == _INSTANCE else class_
        return (self.universe.proxy(class_, receiver),)

    def operate(self, module: Module, method: str, left: int, right: int) -> Value:
        """`+`: a string where either side is one, else a number."""
        for term in (left, right):
            for entity in self.evaluator.value(module, term):
                if isinstance(entity, Text) or (isinstance(entity, Primitive) and entity.name == "string"):
                    return self.types.primitive("string")
        return self.types.primitive("number")

    # structure

    def index(self, module: Module, container: int, index: int) -> Value:
        return join(*[self._index(module, e, index) for e in self.evaluator.value(module, container)])

    def _index(self, module: Module, entity: Entity, index: int) -> Value:
        if isinstance(entity, ClassEntity):
            if self.classes.is_enum(entity):
                return self.types.primitive("string")
            return (self.classes.applied(entity, self.types.arguments_of(module, index)),)
        if isinstance(entity, Closure | Function) or self.calls.is_bound_function(entity):
            return (self.universe.intern(Instantiated, entity, self.types.arguments_of(module, index)),)
        if isinstance(entity, External):
            return (entity,)
        term = module.facts.terms[index] if index > 0 else (op.UNKNOWN,)
        if isinstance(entity, TupleEntity) and term[0] == op.INTEGER:
            return self.item(entity, int(term[1]))
        named = self.symbol_keys.value(entity, module, index)
        return (
            self.computed.indexed((entity,), self.evaluator.value(module, index)) if named is None else named
        )

    def iterate(self, entity: Entity) -> Value:
        return self.structure.iterate(entity, "Iterable", "[Symbol.iterator]")

    def iterate_async(self, entity: Entity) -> Value:
        found = self.structure.iterate(entity, "AsyncIterable", "[Symbol.asyncIterator]")
        return found if found != UNKNOWN_VALUE else join(*[self.awaited(e) for e in self.iterate(entity)])

    def awaited(self, entity: Entity) -> Value:
        return self.structure.awaited(entity)

    def item(self, entity: Entity, position: int) -> Value:
        return self.structure.item(entity, position)

    def literal(self, name: str) -> Value:
        return self.types.primitive(_PRIMITIVES.get(name, name))

    def container(self, module: Module, name: str, *arguments: Value) -> Value:
        if not all(arguments):
            return NOTHING
        found = self._library_instance(_CONTAINERS.get(name, name), *arguments)
        return (found,) if found is not None else UNKNOWN_VALUE

    # types

    def evaluate(self, module: Module, term: Term) -> Value:
        operator = term[0]
        if operator == op.NEW:
            arguments = Arguments.of(module, term)
            return join(*[self.calls.new(e, arguments) for e in self.evaluator.value(module, int(term[1]))])
        if operator == op.RECEIVER:
            return (self.universe.receiver(self.classes.entity(module, int(term[1]))),)
        if operator == op.NON_NULL:
            return self.narrowing.non_null(self.evaluator.value(module, int(term[1])))
        if operator == op.OBJECT:
            return (self.universe.intern(ObjectLiteral, module, self._number(module, term), ()),)
        return UNKNOWN_VALUE

    def _number(self, module: Module, term: Term) -> int:
        """The index of a term in its file."""
        numbers = module.memo.get(("numbers", 0))
        if numbers is None:
            terms = enumerate(module.facts.terms)
            numbers = {row: index for index, row in terms if row[0] == op.OBJECT}
            module.keep("numbers", 0, numbers)
        return int(numbers[term])

    def type_expression(self, module: Module, term: int) -> Value:
        return self.types.type_of(module, term)

    def instances(self, classes: Value) -> Value:
        return self.types.instances(classes)

    def tested(self, module: Module, subject: int, test: int, *, holds: bool) -> Value:
        return self.narrowing.tested(module, subject, test, holds)

    def narrow_class(self, subject: Value, test: Value) -> Value:
        return subject


def _outside(importer: str, specifier: str) -> str:
    """The name of a module that the project does not have."""
    if specifier.startswith("."):
        return normpath(join_path(dirname(importer), specifier))
    return specifier.removeprefix("node:")


_VALUES, _TYPES = ("constant", "variable", "function"), ("interface", "type_alias")
_COMPANIONS = {**dict.fromkeys(_VALUES, _TYPES), **dict.fromkeys(_TYPES, _VALUES)}  # by kind
_INSTANCE = -1  # the binding of a SUPER term in a method of instances
_CONTAINERS = {"list": "Array", "set": "Set", "tuple": "Array", "dict": "Object"}
_APPARENT = {
    "string": "String", "number": "Number", "boolean": "Boolean", "bigint": "BigInt", "symbol": "Symbol",
    "object": "Object",
}  # fmt: skip
