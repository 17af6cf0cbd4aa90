"""Calling in Python: what a call of a function, method, class or callable object gives.

Rules: the language reference §6.3.4 (calls) and §3.3.3 (creation of instances); the typing
specification's chapters on overloads and on solving type variables.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN,
    UNKNOWN_VALUE,
    Bound,
    Callback,
    ClassEntity,
    Entity,
    External,
    Foreign,
    Function,
    Instance,
    Lambda,
    Partial,
    Proxy,
    SelfType,
    Text,
    TupleEntity,
    TypeVariable,
    Value,
    Wrapped,
    join,
)
from isg.graph.semantics.python.classes import Member
from isg.parsers.facts import Parameter, ParameterKind, Signature, SignatureFlag
from isg.parsers.terms import Op

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python

_DECORATORS = {
    "builtins.property": "property",
    "functools.cached_property": "property",
    "abc.abstractproperty": "property",
    "enum.property": "property",
    "types.DynamicClassAttribute": "property",
    "builtins.staticmethod": "static",
    "abc.abstractstaticmethod": "static",
    "builtins.classmethod": "class",
    "abc.abstractclassmethod": "class",
    "contextlib.contextmanager": "context",
    "contextlib.asynccontextmanager": "async context",
}


class Calls:
    """Evaluates calls and decorations."""

    def __init__(self, python: Python) -> None:
        self._python = python

    def call(self, entity: Entity, arguments: Arguments) -> Value:
        """What calling an entity gives."""
        if isinstance(entity, Function):
            return self.invoke(entity, None, arguments)
        if isinstance(entity, Bound):
            return self._call_bound(entity, arguments)
        if isinstance(entity, ClassEntity):
            return self.construct(entity, arguments)
        if isinstance(entity, Instance):
            return self._call_instance(entity, arguments)
        if isinstance(entity, Lambda):
            self._python.consult(entity.module, "lambda", entity.module.path, str(entity.signature))
            signature = entity.module.facts.signatures[entity.signature]
            return join(*[self._python.evaluator.value(entity.module, t) for t in signature.returned])
        return self._call_other(entity, arguments)

    def _call_other(self, entity: Entity, arguments: Arguments) -> Value:
        universe = self._python.universe
        if isinstance(entity, External):
            return self._python.known.call(entity, arguments)
        if isinstance(entity, Foreign):
            return (universe.foreign(),)
        if isinstance(entity, Callback):
            return entity.result
        if isinstance(entity, Partial):
            return self.call(entity.function, Arguments(None))
        if isinstance(entity, Wrapped):
            return self._call_wrapped(entity, arguments)
        if isinstance(entity, TypeVariable) and entity.meta:
            return (universe.type_variable(entity.module, entity.binding),)
        if isinstance(entity, SelfType) and entity.meta:
            return (universe.self_type,)
        return UNKNOWN_VALUE

    def _call_bound(self, entity: Bound, arguments: Arguments) -> Value:
        inner = entity.function
        if isinstance(inner, Function):
            return self.invoke(inner, entity.receiver, arguments)
        given = ((entity.receiver,), *arguments.given)
        return self.call(inner, Arguments(arguments.module, arguments.positional, arguments.keywords, given))

    def _call_instance(self, entity: Instance, arguments: Arguments) -> Value:
        methods = self._python.member(entity, "__call__")
        return join(*[self.call(m, arguments) for m in methods if not isinstance(m, Instance)])

    def _call_wrapped(self, entity: Wrapped, arguments: Arguments) -> Value:
        result = self.call(entity.inner, arguments)
        if entity.kind in ("context", "async context"):
            yielded = join(
                *[
                    self._python.iterate(e) if entity.kind == "context" else self._python.iterate_async(e)
                    for e in result
                ]
            )
            name = "_GeneratorContextManager" if entity.kind == "context" else "_AsyncGeneratorContextManager"
            class_ = self._python.library_class(f"contextlib.{name}")
            if class_ is None or not yielded:
                return UNKNOWN_VALUE if class_ is None else NOTHING
            universe = self._python.universe
            return (universe.instance(universe.class_(class_.module, class_.symbol, (yielded,))),)
        return result

    # functions

    def invoke(self, function: Function, receiver: Entity | None, arguments: Arguments) -> Value:
        """What calling a function gives, its type variables solved from receiver and arguments."""
        module = function.module
        signatures = module.facts.symbols[function.symbol].signatures
        if not signatures:
            return UNKNOWN_VALUE
        special = self._python.known.function(module, function.symbol, arguments)
        if special is not None:
            return special
        chosen = self._choose(module, signatures, receiver, arguments)
        result = self.returns(module, chosen)
        if not self._python.types.is_open(result):
            return result
        mapping = self.solve(module, chosen, receiver, arguments)
        if mapping is None:
            return NOTHING
        self._map_owner(module, function.symbol, receiver, mapping)
        return self._python.types.substitute(result, mapping, _plain(receiver))

    def _map_owner(
        self, module: Module, symbol: int, receiver: Entity | None, mapping: dict[TypeVariable, Value]
    ) -> None:
        """Add the type arguments that the receiver has for the class that defines the method."""
        parent = module.facts.symbols[symbol].parent
        if receiver is None or parent < 0 or module.facts.symbols[parent].scope < 0:
            return
        class_ = _plain(receiver)
        class_ = class_.type if isinstance(class_, Instance) else class_
        if isinstance(class_, TupleEntity):
            class_ = self._python.as_instance(class_).type
        if isinstance(class_, ClassEntity):
            owner = self._python.classes.as_base(class_, self._python.universe.class_(module, parent))
            if owner is not None:
                for variable, value in self._python.classes.mapping(owner).items():
                    mapping.setdefault(variable, value)

    def solve(
        self, module: Module, signature: int, receiver: Entity | None, arguments: Arguments
    ) -> dict[TypeVariable, Value] | None:
        """Type variables of a signature, from what is passed to its parameters.

        None while nothing is known yet of what is passed: from nothing follows nothing.
        """
        types, mapping = self._python.types, dict[TypeVariable, Value]()
        for parameter, values in self.pair(module.facts.signatures[signature], receiver, arguments):
            if not parameter.annotation:
                continue
            pattern = types.declared(module, parameter.annotation)
            if types.is_open(pattern):
                actual = values()
                if not actual:
                    return None
                types.match(pattern, actual, mapping)
        return mapping

    def pair(
        self, signature: Signature, receiver: Entity | None, arguments: Arguments
    ) -> Iterator[tuple[Parameter, _Lazy]]:
        """Parameters with what a call passes to them."""
        given = [(receiver,), *arguments.given] if receiver is not None else list(arguments.given)
        python, caller = self._python, arguments.module
        lazy = [_Lazy(python, None, 0, value) for value in given]
        if caller is not None:
            lazy += [_Lazy(python, caller, term, None) for term in arguments.positional]
        position = 0
        named = dict(arguments.keywords) if caller is not None else {}
        for parameter in signature.parameters:
            if parameter.kind in (ParameterKind.POSITIONAL, ParameterKind.POSITIONAL_ONLY):
                if position < len(lazy):
                    yield parameter, lazy[position]
                    position += 1
                elif parameter.name in named:
                    yield parameter, _Lazy(python, caller, named[parameter.name], None)
            elif parameter.kind is ParameterKind.VARIADIC:
                for value in lazy[position:]:
                    yield parameter, value
                position = len(lazy)
            elif parameter.kind is ParameterKind.KEYWORD_ONLY and parameter.name in named:
                yield parameter, _Lazy(python, caller, named[parameter.name], None)

    def returns(self, module: Module, signature: int) -> Value:
        """What a signature returns: as declared, else the union of what its body returns."""
        symbol = module.facts.signatures[signature].symbol
        if symbol >= 0:
            self._python.consult(module, "call", module.path, module.qualified[symbol])
        found = module.memo.get(("returns", signature))
        if found is not None:
            return found  # type: ignore[no-any-return]
        key = (module, "returns", signature)
        return self._python.solver.solve(key, lambda: self._returns(module, signature), NOTHING, join)

    def _returns(self, module: Module, signature: int) -> Value:
        before = self._python.reading(module)
        try:
            fact = module.facts.signatures[signature]
            if fact.returns:
                return self._declared_return(module, fact)
            return self._inferred_return(module, fact)
        finally:
            self._python.reading(before)

    def _declared_return(self, module: Module, fact: Signature) -> Value:
        value = self._python.types.declared(module, fact.returns)
        is_coroutine = fact.flags & SignatureFlag.ASYNC and not fact.flags & SignatureFlag.GENERATOR
        return self._coroutine(value) if is_coroutine else value

    def _inferred_return(self, module: Module, fact: Signature) -> Value:
        evaluator = self._python.evaluator
        returned = join(*[evaluator.value(module, t) for t in fact.returned])
        is_async = fact.flags & SignatureFlag.ASYNC
        if fact.flags & SignatureFlag.GENERATOR:
            yielded = join(*[evaluator.value(module, t) for t in fact.yielded])
            if not fact.yielded:
                yielded = UNKNOWN_VALUE
            return self._python.container(module, "AsyncGenerator" if is_async else "Generator", yielded)
        if not returned and fact.returned:
            return NOTHING
        if not self._python.types.is_concrete(returned):
            inherited = self._stub_return(module, fact) or self._inherited_return(module, fact)
            if inherited:
                return inherited
            if fact.flags & SignatureFlag.ABSTRACT_BODY:
                returned = UNKNOWN_VALUE
        if is_async:
            return self._coroutine(returned or self._python.literal("None"))
        return returned

    def _stub_return(self, module: Module, fact: Signature) -> Value:
        """What a stub file beside the source declares."""
        stub = self._python.stub_of(module) if fact.symbol >= 0 else None
        symbol = stub.symbol_of_name.get(module.qualified[fact.symbol]) if stub is not None else None
        if stub is None or symbol is None or not stub.facts.symbols[symbol].signatures:
            return NOTHING
        return self.returns(stub, stub.facts.symbols[symbol].signatures[-1])

    def _inherited_return(self, module: Module, fact: Signature) -> Value:
        """What an overridden method declares to return."""
        overridden = self.overridden(module, fact.symbol)
        if overridden is None:
            return NOTHING
        base_module, base_signature = overridden
        if not base_module.facts.signatures[base_signature].returns:
            return NOTHING
        return self.returns(base_module, base_signature)

    def overridden(self, module: Module, symbol: int) -> tuple[Module, int] | None:
        """The signature of the method of an ancestor that this method overrides."""
        if symbol < 0:
            return None
        fact = module.facts.symbols[symbol]
        parent = fact.parent
        if parent < 0 or module.facts.symbols[parent].kind not in CLASS_KINDS:
            return None
        class_ = self._python.universe.class_(module, parent)
        found = self._python.classes.find(class_, fact.name, after=class_)
        if not isinstance(found, Member):
            return None
        owner = found.owner.module
        for binding in found.bindings:
            other = owner.facts.bindings[binding].symbol
            if other >= 0 and owner.facts.symbols[other].signatures:
                return owner, owner.facts.symbols[other].signatures[-1]
        return None

    def _coroutine(self, value: Value) -> Value:
        if not value:
            return NOTHING
        class_ = self._python.library_class("typing.Coroutine")
        if class_ is None:
            return UNKNOWN_VALUE
        universe = self._python.universe
        arguments = (UNKNOWN_VALUE, UNKNOWN_VALUE, value)  # what it yields and takes, and what it returns
        return (universe.instance(universe.class_(class_.module, class_.symbol, arguments)),)

    # overloads

    def _choose(
        self, module: Module, signatures: tuple[int, ...], receiver: Entity | None, arguments: Arguments
    ) -> int:
        """The first overload that the arguments do not contradict, else the last signature."""
        if len(signatures) == 1:
            return signatures[0]
        for signature in signatures:
            if self._accepts(module, module.facts.signatures[signature], receiver, arguments):
                return signature
        return signatures[-1]

    def _accepts(
        self, module: Module, signature: Signature, receiver: Entity | None, arguments: Arguments
    ) -> bool:
        if not _fits(signature, receiver, arguments):
            return False
        for parameter, values in self.pair(signature, receiver, arguments):
            if parameter.annotation and not self._assignable(
                self._python.types.declared(module, parameter.annotation), values()
            ):
                return False
        return True

    def _assignable(self, wanted: Value, actual: Value) -> bool:
        """Whether nothing known speaks against passing the value."""
        if not actual:
            return True
        return any(self._entity_assignable(w, a) for w in wanted for a in actual)

    def _entity_assignable(self, wanted: Entity, actual: Entity) -> bool:
        if isinstance(actual, Text):
            actual = self._python.literal("str")[0]
        if isinstance(wanted, Instance) and isinstance(actual, Instance | TupleEntity):
            if isinstance(actual, TupleEntity):
                actual = self._python.as_instance(actual)
            return self._is_instance(wanted, actual)
        if isinstance(wanted, Instance):
            if isinstance(actual, Function | Lambda | Bound | Wrapped | ClassEntity):
                return self._is_protocol(wanted) or wanted.type.module.facts.symbols[
                    wanted.type.symbol
                ].name in (
                    "object",
                    "type",
                )
            return True
        if isinstance(wanted, ClassEntity) and isinstance(actual, ClassEntity):
            return self._python.classes.is_subclass(actual, wanted)
        if isinstance(wanted, Callback):
            return not isinstance(actual, Instance | TupleEntity) or self._has_call(actual)
        if isinstance(wanted, ClassEntity):
            return not isinstance(actual, Instance | TupleEntity)
        return True

    def _is_instance(self, wanted: Instance, actual: Instance) -> bool:
        name = wanted.type.module.facts.symbols[wanted.type.symbol].name
        if wanted.type.module.library and name == "object":
            return True
        if self._python.classes.is_subclass(actual.type, wanted.type):
            return True
        if self._is_none(wanted) or self._is_none(actual):
            return False
        if self._is_protocol(wanted):
            return True
        return any(not isinstance(e, ClassEntity) for e in self._python.classes.mro(actual.type))

    def _is_none(self, entity: Instance) -> bool:
        return (entity,) == self._python.literal("None")

    def _is_protocol(self, wanted: Instance) -> bool:
        return self._python.classes.info(wanted.type.module, wanted.type.symbol).protocol

    def _has_call(self, actual: Entity) -> bool:
        return isinstance(actual, Instance) and isinstance(
            self._python.classes.find(actual.type, "__call__"), Member | External
        )

    # classes

    def construct(self, class_: ClassEntity, arguments: Arguments) -> Value:
        """What calling a class gives: what its metaclass or ``__new__`` says, else an instance."""
        special = self._python.known.construct(class_, arguments)
        if special is not None:
            return special
        made = self._from_new(class_, arguments)
        if made:
            return made
        universe = self._python.universe
        parameters = self._python.classes.info(class_.module, class_.symbol).parameters
        if parameters and not class_.arguments:
            solved = self._solve_constructor(class_, arguments)
            if solved is None:
                return NOTHING
            values = tuple(solved.get(p, UNKNOWN_VALUE) for p in parameters)
            return (universe.instance(universe.class_(class_.module, class_.symbol, values)),)
        return (self._python.instance_of_class(class_),)

    def _from_new(self, class_: ClassEntity, arguments: Arguments) -> Value:
        """What ``__new__`` of a project's class returns, where that is known to be something else."""
        found = self._python.classes.find(class_, "__new__")
        if not isinstance(found, Member) or found.owner.module.library != class_.module.library:
            return NOTHING
        owner = found.owner.module
        for binding in found.bindings:
            symbol = owner.facts.bindings[binding].symbol
            if symbol < 0 or not owner.facts.symbols[symbol].signatures:
                continue
            chosen = self._choose(owner, owner.facts.symbols[symbol].signatures, class_, arguments)
            if self.returns(owner, chosen) == (self._python.universe.self_type,):
                continue
            result = self.invoke(self._python.universe.function(owner, symbol), class_, arguments)
            if self._python.types.is_concrete(result):
                return tuple(e for e in result if e is not UNKNOWN)
        return NOTHING

    def _solve_constructor(
        self, class_: ClassEntity, arguments: Arguments
    ) -> dict[TypeVariable, Value] | None:
        receiver = self._python.universe.instance(class_)
        for name in ("__init__", "__new__"):
            found = self._python.classes.find(class_, name)
            if not isinstance(found, Member):
                continue
            owner = found.owner.module
            for binding in found.bindings:
                symbol = owner.facts.bindings[binding].symbol
                signatures = owner.facts.symbols[symbol].signatures if symbol >= 0 else ()
                if signatures:
                    chosen = self._choose(owner, signatures, receiver, arguments)
                    mapping = self.solve(owner, chosen, receiver, arguments)
                    return mapping and self._through_owner(class_, found.owner, mapping)
        return {}

    def _through_owner(
        self, class_: ClassEntity, owner: ClassEntity, mapping: dict[TypeVariable, Value]
    ) -> dict[TypeVariable, Value]:
        """Variables of the class that are passed on to the base whose constructor was solved."""
        for variable, value in self._python.classes.mapping(owner).items():
            for entity in value:
                if isinstance(entity, TypeVariable) and variable in mapping:
                    mapping.setdefault(entity, mapping[variable])
        return mapping

    # decorators

    def decorate(self, module: Module, decorator: int, decorated: int) -> Value:
        """What a decorator makes of a definition: what it is given, unless it says otherwise."""
        inner = self._python.evaluator.value(module, decorated)
        return join(*[self._decorate(d, inner) for d in self._python.evaluator.value(module, decorator)])

    def _decorate(self, decorator: Entity, inner: Value) -> Value:
        kind = _DECORATORS.get(self._python.library_name(decorator) or "")
        if kind is not None:
            return tuple(self._python.universe.wrapped(kind, e) for e in inner)
        if not isinstance(decorator, Function | Bound | ClassEntity | Instance | Callback | Lambda):
            return inner
        if isinstance(decorator, ClassEntity) and self._is_property(decorator):
            return tuple(self._python.universe.wrapped("property", e) for e in inner)
        result = self.call(decorator, Arguments(None, given=(inner,)))
        if not inner or not result:
            return NOTHING
        if not self._python.types.is_concrete(result):
            return inner
        if all(isinstance(e, ClassEntity) for e in inner):
            return result if all(isinstance(e, ClassEntity) for e in result) else inner
        return join(*[inner if self._is_wrapper(e) else (e,) for e in result])

    def _is_property(self, class_: ClassEntity) -> bool:
        return any(
            self._python.library_name(e) in ("builtins.property", "functools.cached_property")
            for e in self._python.classes.mro(class_)
        )

    def _is_wrapper(self, entity: Entity) -> bool:
        """A function made inside the decorator to stand for what it decorates."""
        if isinstance(entity, Lambda | Foreign) or entity is UNKNOWN:
            return True
        if not isinstance(entity, Function):
            return False
        symbols = entity.module.facts.symbols
        parent = symbols[entity.symbol].parent
        return parent > 0 and symbols[parent].kind not in CLASS_KINDS


class _Lazy:
    """The value of an argument, evaluated when called."""

    __slots__ = ("_module", "_python", "_term", "_value")

    def __init__(self, python: Python, module: Module | None, term: int, value: Value | None) -> None:
        self._python, self._module, self._term, self._value = python, module, term, value

    def __call__(self) -> Value:
        if self._value is None:
            assert self._module is not None
            self._value = self._python.evaluator.value(self._module, self._term)
        return self._value


def _fits(signature: Signature, receiver: Entity | None, arguments: Arguments) -> bool:
    """Whether the number and names of the arguments fit the parameters."""
    if arguments.module is not None and any(
        arguments.module.facts.terms[t][0] == Op.STAR for t in arguments.positional if t > 0
    ):
        return True
    positional = [
        p for p in signature.parameters if p.kind in (ParameterKind.POSITIONAL, ParameterKind.POSITIONAL_ONLY)
    ]
    kinds = {p.kind for p in signature.parameters}
    count = len(arguments.given) + len(arguments.positional) + (receiver is not None)
    if count > len(positional) and ParameterKind.VARIADIC not in kinds:
        return False
    names = {p.name for p in signature.parameters}
    if ParameterKind.KEYWORDS not in kinds and any(name not in names for name, _ in arguments.keywords):
        return False
    keywords = {name for name, _ in arguments.keywords}
    missing = [p for p in positional[count:] if not p.has_default and p.name not in keywords]
    missing += [
        p
        for p in signature.parameters
        if p.kind is ParameterKind.KEYWORD_ONLY and not p.has_default and p.name not in keywords
    ]
    return not missing


def _plain(receiver: Entity | None) -> Entity | None:
    return receiver.receiver if isinstance(receiver, Proxy) else receiver


CLASS_KINDS = frozenset({"class", "enum", "protocol"})
