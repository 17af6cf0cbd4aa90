"""Python as the linker sees it: the rules of the language, gathered behind one interface."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.semantics import UNRESOLVED, Context, Definition, Naming, Semantics
from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN_VALUE,
    ClassEntity,
    Entity,
    External,
    Foreign,
    Function,
    Instance,
    ModuleEntity,
    NamespaceEntity,
    Receiver,
    ReceiverClass,
    Text,
    TupleEntity,
    TypeVariable,
    Value,
    join,
    union,
)
from isg.graph.model import Confidence
from isg.graph.semantics.python.answers import answer
from isg.graph.semantics.python.calls import CLASS_KINDS, Calls
from isg.graph.semantics.python.classes import Classes, Member
from isg.graph.semantics.python.known import Known
from isg.graph.semantics.python.members import Members
from isg.graph.semantics.python.modules import ModuleIndex
from isg.graph.semantics.python.names import Found, Names
from isg.graph.semantics.python.narrowing import Narrowing
from isg.graph.semantics.python.types import Types, special_name
from isg.parsers.facts import FileFacts, ParameterKind
from isg.parsers.parse import parse
from isg.parsers.terms import Op

LIBRARY = "<library>"
_LITERAL_CLASSES = {"None": "NoneType"}
_TYPING_CONTAINERS = frozenset({"Generator", "AsyncGenerator"})
_REFLECTED = {
    f"__{name}__": f"__r{name}__"
    for name in [
        "add",
        "sub",
        "mul",
        "matmul",
        "truediv",
        "floordiv",
        "mod",
        "divmod",
        "pow",
        "lshift",
        "rshift",
        "and",
        "xor",
        "or",
    ]
}
_IN_PLACE = {f"__i{method[2:]}": method for method in _REFLECTED}
_COMPARISONS = frozenset(f"__{name}__" for name in ["eq", "ne", "lt", "le", "gt", "ge", "contains"])


@cache
def library_facts(name: str) -> FileFacts | None:
    """The facts of a stub of the standard library, by module name; None where there is no stub."""
    stub = resources.files("isg.graph.semantics.python.library") / f"{name}.stub"
    return parse("python", stub.read_bytes()) if stub.is_file() else None


def _library_module(name: str, facts: FileFacts) -> Module:
    return Module(f"{LIBRARY}/{name}.stub", Naming(name), lambda: facts, library=True)


class Python(Semantics):
    """The semantics of Python over one project."""

    def __init__(self, context: Context) -> None:
        self.universe = context.universe
        self.solver = context.solver
        self.evaluator = context.evaluator
        build = context.project.build
        self.modules = ModuleIndex(context.project.families["python"], build.roots, build.packages)
        self._load = context.load
        self._record = context.record
        self.reader: Module | None = None
        self._library: dict[str, Module | None] = {}
        self._literals: dict[str, Value] = {}
        self._definitions: dict[tuple[Module, int], Definition] = {}
        self._externals: dict[str, Definition] = {}
        self._found: dict[tuple[Module, str, int], Entity | None] = {}
        self.names = Names(self)
        self.classes = Classes(self)
        self.members = Members(self)
        self.types = Types(self)
        self.calls = Calls(self)
        self.known = Known(self)
        self.narrowing = Narrowing(self)

    # files

    def naming(self, path: str) -> Naming:
        index = self.modules
        return Naming(index.names[path], index.is_package(path), index.children(path))

    def locate(self, asker: str, question: tuple[str, ...]) -> str | None:
        kind, *rest = question
        if kind == "submodule":
            return self.modules.submodule(asker, rest[0])
        if kind == "within":
            return self.modules.submodule(rest[0], rest[1])
        level = int(rest[0])
        return self.modules.relative(asker, level, rest[1]) if level else self.modules.find(rest[1], asker)

    # look-ups, recorded for incremental linking

    def reading(self, module: Module | None) -> Module | None:
        before, self.reader = self.reader, module
        return before

    def consult(self, owner: Module, *question: str) -> None:
        """Record that the module being read asked another file this question."""
        reader = self.reader
        if reader is not None and owner is not reader and not owner.library and not reader.library:
            self._record(reader, question)

    def find_module(self, importer: Module, dotted: str, level: int) -> Entity | None:
        """What ``import dotted`` finds from a module; External where the project has no such module."""
        key = (importer, dotted, level)
        if key not in self._found:
            self._found[key] = self._find_module(importer, dotted, level)
        return self._found[key]

    def _find_module(self, importer: Module, dotted: str, level: int) -> Entity | None:
        if importer.library:
            library = self.library(dotted)
            return self.universe.module(library) if library else self.universe.external(dotted)
        self._record(importer, ("module", str(level), dotted))
        if level:
            found = self.modules.relative(importer.path, level, dotted)
            return self._at(found, dotted) if found is not None else None
        found = self.modules.find(dotted, importer.path)
        if found is not None:
            return self._at(found, dotted)
        library = self.library(dotted)
        if library is not None:
            return self.universe.module(library)
        return self.universe.external(dotted)

    def _at(self, path: str, dotted: str) -> Entity:
        if path.endswith("/"):
            return self.universe.namespace(dotted, path)
        return self.universe.module(self._load(path))

    def stub_of(self, module: Module) -> Module | None:
        """The stub file beside a source file."""
        path = f"{module.path}i"
        return self._load(path) if path in self.modules.paths else None

    def submodule(self, module: Module, name: str) -> Entity | None:
        if module.library:
            library = self.library(f"{module.name}.{name}")
            return self.universe.module(library) if library else None
        self._record(module, ("submodule", name))
        found = self.modules.submodule(module.path, name)
        return self._at(found, f"{module.name}.{name}") if found is not None else None

    def namespace_member(self, entity: NamespaceEntity, name: str) -> Entity | None:
        if self.reader is not None:
            self._record(self.reader, ("within", entity.origin, name))
        found = self.modules.submodule(entity.origin, name)
        return self._at(found, f"{entity.name}.{name}") if found is not None else None

    # the library

    def library(self, name: str) -> Module | None:
        """The stub of a module of the standard library."""
        name = "typing" if name == "typing_extensions" else name
        if name not in self._library:
            facts = library_facts(name)
            self._library[name] = _library_module(name, facts) if facts else None
        return self._library[name]

    def library_class(self, dotted: str) -> ClassEntity | None:
        module_name, _, name = dotted.rpartition(".")
        module = self.library(module_name)
        symbol = module.symbol_of_name.get(name) if module is not None else None
        if module is None or symbol is None:
            return None
        return self.universe.class_(module, symbol)

    def library_name(self, entity: Entity) -> str | None:
        """The dotted name of something outside the project."""
        if isinstance(entity, External):
            return entity.name
        if isinstance(entity, ClassEntity | Function) and entity.module.library:
            return entity.module.full_name(entity.symbol)
        return None

    def literal(self, name: str) -> Value:
        found = self._literals.get(name)
        if found is None:
            class_ = self.library_class(f"builtins.{_LITERAL_CLASSES.get(name, name)}")
            found = (self.universe.instance(class_),) if class_ is not None else UNKNOWN_VALUE
            self._literals[name] = found
        return found

    def container(self, module: Module, name: str, *arguments: Value) -> Value:
        class_ = self.library_class(f"{'typing' if name in _TYPING_CONTAINERS else 'builtins'}.{name}")
        if class_ is None:
            return UNKNOWN_VALUE
        if not all(arguments):
            return NOTHING
        return (self.universe.instance(self.universe.class_(class_.module, class_.symbol, arguments)),)

    def as_instance(self, entity: TupleEntity) -> Instance:
        """A tuple as an instance of the class ``tuple``."""
        items = join(*entity.items) or UNKNOWN_VALUE
        value = self.container(next(iter(self._library.values())) or _NO_MODULE, "tuple", items)
        found = value[0]
        assert isinstance(found, Instance)
        return found

    def as_plain(self, entity: Entity) -> Entity:
        return self.known.plain(entity)

    # names

    def name_value(self, module: Module, scope: int, name: str) -> Value:
        return self.names.value_of(self.names.lookup(module, scope, name))

    def reaching_value(self, module: Module, binding: int) -> Value:
        return self.names.reaching(module, binding)

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

    def member_definitions(self, entity: Entity, name: str) -> list[Definition]:
        return self.members.definitions(entity, name)

    def operator_fallbacks(self, method: str) -> tuple[str, ...]:
        if method == "__iter__":
            return ("__getitem__",)
        return (_IN_PLACE[method],) if method in _IN_PLACE else ()

    def constructors(self, class_: Entity) -> list[Definition]:
        if not isinstance(class_, ClassEntity):
            return []
        for name in ("__init__", "__new__"):
            found = self.classes.find(class_, name)
            if isinstance(found, Member) and not found.owner.module.library:
                module = found.owner.module
                meanings = [d for b in found.bindings for d in self.names.binding_definitions(module, b)]
                return [d for d in meanings if d.module is not None and self._is_function(d)]
        return []

    def _is_function(self, definition: Definition) -> bool:
        assert definition.module is not None
        return bool(definition.module.facts.symbols[definition.symbol].signatures)

    def functions_run(self, definition: Definition) -> list[tuple[Module, int]]:
        if definition.module is None:
            return []
        if self._is_function(definition):
            owner = definition.module
            self.consult(owner, "call", owner.path, owner.qualified[definition.symbol])
            return [(definition.module, definition.symbol)]
        if definition.module.facts.symbols[definition.symbol].kind not in CLASS_KINDS:
            return []
        class_ = self.universe.class_(definition.module, definition.symbol)
        return [(d.module, d.symbol) for d in self.constructors(class_) if d.module is not None]

    def is_bound(self, module: Module, term: int, owner: Module, symbol: int) -> bool:
        fact = owner.facts.symbols[symbol]
        if (
            fact.parent < 0
            or owner.facts.symbols[fact.parent].kind not in CLASS_KINDS
            or "static" in fact.modifiers
        ):
            return False
        if fact.kind == "constructor" or "class" in fact.modifiers:
            return True
        expression = module.facts.terms[term]
        if expression[0] != Op.MEMBER:
            return False
        return not any(isinstance(e, ClassEntity) for e in self.evaluator.value(module, int(expression[1])))

    def imports_of(self, module: Module, index: int) -> Iterable[Definition]:
        fact = module.facts.imports[index]
        base = self.find_module(module, fact.module, fact.level)
        named: list[Definition] = []
        if fact.name and fact.name != "*" and base is not None:
            named = self.names.definitions(self.names.import_entity(module, index))
        modules = [d for d in named if d.module is not None and d.symbol == 0]
        if isinstance(base, ModuleEntity) and not base.module.library:
            inside = self.modules.submodule(base.module.path, fact.name) if fact.name else None
            if any(d.module is not None and d.module.path == inside for d in modules):
                yield from modules  # the package is only the way to it
                return
            yield self.definition(base.module, 0)
            # A module that the package calls by another name is an attribute of the package.
            named = [d for d in named if d not in modules]
        elif base is None or not fact.name or fact.name == "*":
            yield self.external(self._entity_name(base)) if base is not None else UNRESOLVED
        yield from named

    def _entity_name(self, entity: Entity) -> str:
        if isinstance(entity, ModuleEntity):
            return entity.module.name
        return entity.name if isinstance(entity, External | NamespaceEntity) else ""

    def overridden(self, module: Module, symbol: int) -> Iterable[tuple[int, Definition]]:
        fact = module.facts.symbols[symbol]
        bases = [b for b in self.classes.info(module, symbol).bases if isinstance(b, ClassEntity)]
        if not bases or fact.scope < 0:
            return
        for name, bindings in module.facts.scopes[fact.scope].names.items():
            own = [module.facts.bindings[b] for b in bindings]
            methods = {b.symbol for b in own if b.symbol >= 0 and not b.instance}
            methods = {s for s in methods if module.facts.symbols[s].signatures}
            if not methods:
                continue
            for base in bases:
                found = self.classes.find(base, name)
                if isinstance(found, Member) and not found.owner.module.library:
                    for definition in self.members.definitions(base, name):
                        if definition.module is not None and self._is_function(definition):
                            yield from ((method, definition) for method in sorted(methods))

    def container_of(self, module: Module) -> Definition | None:
        package = module.name.rpartition(".")[0]
        if not package:
            return None
        found = self.find_module(module, package, 0)
        return self.definition(found.module, 0) if isinstance(found, ModuleEntity) else None

    def answer(self, asked: Module, question: tuple[str, ...]) -> Iterable[Entity | str]:
        return answer(self, asked, question)

    def denote(self, module: Module, term: int) -> tuple[tuple[Definition, Confidence], ...]:
        found = module.meanings.get(term)
        if found is None:
            meanings = list(self._denote(module, term))
            if len(meanings) > 1:
                meanings = self._weigh(meanings)
            found = module.meanings[term] = tuple(meanings)
        return found

    def _weigh(self, meanings: list[tuple[Definition, Confidence]]) -> list[tuple[Definition, Confidence]]:
        """A definition under a condition may replace one that stands under none: it is only possible."""
        plain = {self._variant(d) for d, _ in meanings if not self._is_conditional(d)}
        return [
            (d, Confidence.DISPATCH if self._is_conditional(d) and self._variant(d) in plain else c)
            for d, c in meanings
        ]

    def _is_conditional(self, definition: Definition) -> bool:
        module = definition.module
        return module is not None and "conditional" in module.facts.symbols[definition.symbol].modifiers

    def _variant(self, definition: Definition) -> tuple[Module | None, int, str]:
        """What definitions share that stand for the same name of the same scope."""
        if definition.module is None or definition.symbol == 0:
            return None, 0, ""
        fact = definition.module.facts.symbols[definition.symbol]
        return definition.module, fact.parent, fact.name

    def _denote(self, module: Module, term: int) -> Iterable[tuple[Definition, Confidence]]:
        expression = module.facts.terms[term]
        if expression[0] == Op.NAME:
            found = self.names.lookup(module, int(expression[1]), str(expression[2]))
            return [(d, Confidence.EXACT) for d in self.names.definitions(found)]
        if expression[0] == Op.USE:
            found_here: Found = (module, tuple(int(b) for b in expression[1:]))
            return [(d, Confidence.EXACT) for d in self.names.definitions(found_here)]
        if expression[0] == Op.MEMBER:
            direct = self._is_direct(module, int(expression[1]))
            result: dict[Definition, Confidence] = {}
            for entity in self.evaluator.value(module, int(expression[1])):
                exact = direct and isinstance(entity, ModuleEntity | ClassEntity | External | NamespaceEntity)
                confidence = Confidence.EXACT if exact else Confidence.INFERRED
                for definition in self.members.definitions(entity, str(expression[2])):
                    result[definition] = max(confidence, result.get(definition, confidence))
            return result.items()
        return [(UNRESOLVED, Confidence.GUESS)]

    def _is_direct(self, module: Module, term: int) -> bool:
        """Whether names and imports alone lead to what a term denotes."""
        expression = module.facts.terms[term]
        if expression[0] == Op.MEMBER:
            return self._is_direct(module, int(expression[1]))
        if expression[0] not in (Op.NAME, Op.USE):
            return False
        return all(
            d.external is not None or (d.module is not None and self._is_static(d))
            for d, _ in self.denote(module, term)
        )

    def _is_static(self, definition: Definition) -> bool:
        assert definition.module is not None
        return definition.module.facts.symbols[definition.symbol].kind in CLASS_KINDS | {"module", "function"}

    # parameters

    def parameter(self, module: Module, signature: int, position: int) -> Value:
        fact = module.facts.signatures[signature]
        parameter = fact.parameters[position]
        if parameter.annotation:
            return self._declared_parameter(module, parameter.kind, parameter.annotation)
        receiver = self._receiver(module, fact.symbol, position)
        if receiver is not None:
            return receiver
        inherited = self._inherited_parameter(module, fact.symbol, parameter.name)
        if inherited is not None:
            return inherited
        if parameter.kind is ParameterKind.VARIADIC:
            return self.container(module, "tuple", UNKNOWN_VALUE)
        if parameter.kind is ParameterKind.KEYWORDS:
            return self.container(module, "dict", self.literal("str"), UNKNOWN_VALUE)
        if parameter.default:
            return join(self.evaluator.value(module, parameter.default), UNKNOWN_VALUE)
        return UNKNOWN_VALUE

    def _declared_parameter(self, module: Module, kind: ParameterKind, annotation: int) -> Value:
        declared = self.types.declared(module, annotation)
        if kind is ParameterKind.VARIADIC:
            return self.container(module, "tuple", declared)
        if kind is ParameterKind.KEYWORDS:
            return self.container(module, "dict", self.literal("str"), declared)
        return declared

    def _receiver(self, module: Module, symbol: int, position: int) -> Value | None:
        """What ``self`` or ``cls`` is, where the parameter is the first of a method."""
        if position or symbol < 0:
            return None
        fact = module.facts.symbols[symbol]
        if fact.parent < 0 or module.facts.symbols[fact.parent].kind not in CLASS_KINDS:
            return None
        if "static" in fact.modifiers:
            return None
        if "class" in fact.modifiers or fact.name in ("__new__", "__init_subclass__", "__class_getitem__"):
            return (self.universe.receiver_class(module, fact.parent),)
        return (self.universe.receiver(self.universe.class_(module, fact.parent)),)

    def received(self, entity: Receiver | ReceiverClass, receiver: Entity | None) -> Entity:
        """What stands for the receiver of a method, now that it is called on this one."""
        own = entity.type if isinstance(entity, Receiver) else entity
        actual = receiver.type if isinstance(receiver, Instance) else receiver
        if not isinstance(actual, ClassEntity) or not self.classes.is_subclass(actual, own):
            return entity
        if isinstance(entity, Receiver):
            return receiver if isinstance(receiver, Instance) else self.instance_of_class(actual)
        return actual

    def instance_of_class(self, class_: ClassEntity) -> Instance:
        """An instance of a class; the receiver itself where the class is the receiver's."""
        if isinstance(class_, ReceiverClass):
            return self.universe.receiver(self.universe.class_(class_.module, class_.symbol))
        return self.universe.instance(class_)

    def _inherited_parameter(self, module: Module, symbol: int, name: str) -> Value | None:
        """What the overridden method declares for the parameter of that name."""
        overridden = self.calls.overridden(module, symbol)
        if overridden is None:
            return None
        base, signature = overridden
        self.consult(base, "call", base.path, base.qualified[base.facts.signatures[signature].symbol])
        for parameter in base.facts.signatures[signature].parameters:
            if parameter.name == name and parameter.annotation:
                before = self.reading(base)
                try:
                    return self._declared_parameter(base, parameter.kind, parameter.annotation)
                finally:
                    self.reading(before)
        return None

    # members and calls

    def member(self, entity: Entity, name: str) -> Value:
        return self.members.value(entity, name)

    def call(self, entity: Entity, arguments: Arguments) -> Value:
        return self.calls.call(entity, arguments)

    def protocol_call(self, entity: Entity, method: str) -> Value:
        if isinstance(entity, Foreign):
            return (self.universe.foreign(),)
        if self._is_none(entity):
            return ()
        return join(*[self.calls.call(e, Arguments(None)) for e in self.member(entity, method)])

    def decorate(self, module: Module, decorator: int, decorated: int) -> Value:
        return self.calls.decorate(module, decorator, decorated)

    def super_(self, module: Module, symbol: int, binding: int) -> Value:
        class_ = self.universe.class_(module, symbol)
        receivers = self.names.reaching(module, binding) if binding >= 0 else ()
        known = [e for e in receivers if isinstance(e, Instance | ClassEntity)]
        return union(self.universe.proxy(class_, e) for e in known or [self.universe.instance(class_)])

    def operate(self, module: Module, method: str, left: int, right: int) -> Value:
        result: list[Value] = []
        argument = Arguments(module, (right,))
        for entity in self.evaluator.value(module, left):
            result.append(self._operate(entity, method, argument))
        value = join(*result)
        if value and not self.types.is_concrete(value) and method in _REFLECTED:
            for entity in self.evaluator.value(module, right):
                if self._has(entity, _REFLECTED[method]):
                    value = join(
                        value, self._call_method(entity, _REFLECTED[method], Arguments(module, (left,)))
                    )
        return value

    def _operate(self, entity: Entity, method: str, argument: Arguments) -> Value:
        for name in (method, _IN_PLACE.get(method)):
            if name is not None and self._has(entity, name):
                return self._call_method(entity, name, argument)
        if method in _COMPARISONS:
            return self.literal("bool")
        plain = self.as_plain(entity)
        if isinstance(plain, Instance) and plain.type.module.library:
            return (plain,)
        return UNKNOWN_VALUE

    def _call_method(self, entity: Entity, name: str, arguments: Arguments) -> Value:
        return join(*[self.calls.call(e, arguments) for e in self.member(entity, name)])

    def _has(self, entity: Entity, name: str) -> bool:
        plain = self.as_plain(entity)
        return isinstance(plain, Instance) and isinstance(self.classes.find(plain.type, name), Member)

    # structure

    def index(self, module: Module, container: int, index: int) -> Value:
        return join(*[self._index(module, e, index) for e in self.evaluator.value(module, container)])

    def _index(self, module: Module, entity: Entity, index: int) -> Value:
        if isinstance(entity, TupleEntity):
            term = module.facts.terms[index] if index > 0 else (Op.UNKNOWN,)
            if term[0] == Op.INTEGER:
                return self.item(entity, int(term[1]))
            return join(*entity.items)
        if isinstance(entity, ClassEntity):
            if self.classes.info(entity.module, entity.symbol).enum:
                return (self.universe.instance(entity),)
            return self.types.classes_of(
                self.types.parametrise(module, entity, self.types.arguments_of(module, index))
            )
        if isinstance(entity, External):
            return (entity,) if special_name(entity.name) is None else UNKNOWN_VALUE
        if isinstance(entity, Foreign):
            return (self.universe.foreign(),)
        if isinstance(entity, Instance) and not entity.type.module.library:
            item = self._typed_item(module, entity, index)
            if item:
                return item
        return self._call_method(entity, "__getitem__", Arguments(module, (index,)))

    def _typed_item(self, module: Module, entity: Instance, index: int) -> Value:
        """An item of a TypedDict by its literal key."""
        typed = any(
            self.classes.info(e.module, e.symbol).typed_dict
            for e in self.classes.mro(entity.type)
            if isinstance(e, ClassEntity)
        )
        if not typed:
            return NOTHING
        names = [e.content for e in self.evaluator.value(module, index) if isinstance(e, Text)]
        return join(*[self.member(entity, name) for name in names])

    def iterate(self, entity: Entity) -> Value:
        if isinstance(entity, TupleEntity):
            return join(*entity.items)
        if isinstance(entity, Text):
            return self.literal("str")
        if isinstance(entity, ClassEntity):
            if self.classes.info(entity.module, entity.symbol).enum:
                return (self.universe.instance(entity),)
            return UNKNOWN_VALUE
        if isinstance(entity, TypeVariable):
            return join(
                *[self.iterate(e) for e in self.types.bound_of(entity) if not isinstance(e, TypeVariable)]
            )
        return self._iterate_instance(entity, "typing.Iterable", "__iter__", "__next__")

    def iterate_async(self, entity: Entity) -> Value:
        value = self._iterate_instance(entity, "typing.AsyncIterable", "__aiter__", "__anext__")
        return join(*[self.awaited(e) if self._is_awaitable(e) else (e,) for e in value])

    def _iterate_instance(self, entity: Entity, protocol: str, start: str, step: str) -> Value:
        if isinstance(entity, Foreign):
            return (self.universe.foreign(),)
        if not isinstance(entity, Instance) or self._is_none(entity):
            return () if isinstance(entity, Instance) else UNKNOWN_VALUE
        wanted = self.library_class(protocol)
        own = self.classes.find(entity.type, start)
        if wanted is not None and not (isinstance(own, Member) and not own.owner.module.library):
            base = self.classes.as_base(entity.type, wanted)
            if base is not None:
                return base.arguments[0] if base.arguments else UNKNOWN_VALUE
        if not isinstance(own, Member):
            return (
                self._call_method(entity, "__getitem__", Arguments(None))
                if self._has(entity, "__getitem__")
                else UNKNOWN_VALUE
            )
        result: list[Value] = []
        for iterator in self._call_method(entity, start, Arguments(None)):
            if iterator is not entity and isinstance(iterator, Instance) and not self._has(iterator, step):
                result.append(UNKNOWN_VALUE)
            elif iterator is not entity and isinstance(iterator, Instance) and iterator.type.module.library:
                result.append(self._iterate_instance(iterator, protocol, start, step))
            else:
                result.append(self._call_method(iterator, step, Arguments(None)))
        return join(*result)

    def _is_awaitable(self, entity: Entity) -> bool:
        wanted = self.library_class("typing.Awaitable")
        return (
            isinstance(entity, Instance)
            and wanted is not None
            and self.classes.is_subclass(entity.type, wanted)
        )

    def awaited(self, entity: Entity) -> Value:
        if isinstance(entity, Foreign):
            return (self.universe.foreign(),)
        wanted = self.library_class("typing.Awaitable")
        if isinstance(entity, Instance) and wanted is not None:
            base = self.classes.as_base(entity.type, wanted)
            if base is not None:
                return base.arguments[0] if base.arguments else UNKNOWN_VALUE
            generator = self.library_class("typing.Generator")
            for made in self.protocol_call(entity, "__await__"):
                if isinstance(made, Instance) and generator is not None:
                    base = self.classes.as_base(made.type, generator)
                    if base is not None and len(base.arguments) > 2:
                        return base.arguments[2]
        return UNKNOWN_VALUE

    def item(self, entity: Entity, position: int) -> Value:
        if isinstance(entity, TupleEntity):
            size = len(entity.items)
            return entity.items[position] if -size <= position < size else UNKNOWN_VALUE
        return self.iterate(entity)

    # types

    def type_expression(self, module: Module, term: int) -> Value:
        return self.types.type_expression(module, term)

    def instances(self, classes: Value) -> Value:
        result: list[Entity] = []
        for entity in classes:
            if isinstance(entity, TupleEntity):
                result += [e for item in entity.items for e in self.instances(item)]
            else:
                result += self.types.instance_of(entity)
        return union(result)

    def instances_of_literals(self, module: Module, terms: tuple[int, ...]) -> Value:
        """The value of ``Literal[…]``."""
        return join(*[self.evaluator.value(module, t) for t in terms])

    def narrow(self, subject: Value, test: Value) -> Value:
        return self.narrowing.narrow(subject, test)

    def exclude(self, subject: Value, test: Value) -> Value:
        return self.narrowing.exclude(subject, test)

    def narrow_class(self, subject: Value, test: Value) -> Value:
        return self.narrowing.narrow_class(subject, test)

    def _is_none(self, entity: Entity) -> bool:
        return (entity,) == self.literal("None")


_NO_MODULE = Module(
    "", Naming(""), lambda: FileFacts("python", 0, (1,), (), (), (), (), (), (), (), None, (), ())
)
