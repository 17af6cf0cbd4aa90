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
    TupleEntity,
    TypeVariable,
    Value,
    Wrapped,
    join,
)
from isg.graph.semantics.python.classes import Member
from isg.parsers.facts import Parameter, ParameterKind, Signature

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python


class Calls:
    """Evaluates calls."""

    def __init__(self, python: Python) -> None:
        self._python = python

    def call(self, entity: Entity, arguments: Arguments) -> Value:
        """What calling an entity gives."""
        if isinstance(entity, Function):
            return self.invoke(entity, None, arguments)
        if isinstance(entity, Bound):
            return self._call_bound(entity, arguments)
        if isinstance(entity, ClassEntity):
            return self._python.construction.construct(entity, arguments)
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
            return self._call_back(entity, arguments)
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
        methods = self._python.members.value(entity, "__call__")
        return join(*[self.call(m, arguments) for m in methods if not isinstance(m, Instance)])

    def _call_back(self, entity: Callback, arguments: Arguments) -> Value:
        """What a callable of a declared type gives: `Callable[[T], T]` what it is given."""
        variables = self._python.variables
        if not variables.is_open(entity.result):
            return entity.result
        given = list(arguments.given)
        if arguments.module is not None:
            given += [self._python.evaluator.value(arguments.module, t) for t in arguments.positional]
        mapping: dict[TypeVariable, Value] = {}
        for pattern, actual in zip(entity.parameters, given, strict=False):
            if not actual:
                return NOTHING
            variables.match(pattern, actual, mapping)
        return variables.substitute(entity.result, mapping)

    def _call_wrapped(self, entity: Wrapped, arguments: Arguments) -> Value:
        result = self.call(entity.inner, arguments)
        if entity.kind in ("context", "async context"):
            yielded = join(
                *[
                    self._python.elements.iterate(e)
                    if entity.kind == "context"
                    else self._python.elements.iterate_async(e)
                    for e in result
                ]
            )
            name = "_GeneratorContextManager" if entity.kind == "context" else "_AsyncGeneratorContextManager"
            class_ = self._python.stubs.library_class(f"contextlib.{name}")
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
        chosen = self._python.overloads.choose(module, signatures, receiver, arguments)
        result = self._python.returns.of(module, chosen)
        if not self._python.variables.is_open(result):
            return result
        mapping = self.solve(module, chosen, receiver, arguments)
        if mapping is None:
            return NOTHING
        self.map_owner(module, function.symbol, receiver, mapping)
        return self._python.variables.substitute(result, mapping, _plain(receiver))

    def map_owner(
        self, module: Module, symbol: int, receiver: Entity | None, mapping: dict[TypeVariable, Value]
    ) -> None:
        """Add the type arguments that the receiver has for the class that defines the method."""
        parent = module.facts.symbols[symbol].parent
        if receiver is None or parent < 0 or module.facts.symbols[parent].scope < 0:
            return
        class_ = _plain(receiver)
        class_ = class_.type if isinstance(class_, Instance) else class_
        if isinstance(class_, TupleEntity):
            class_ = self._python.stubs.as_instance(class_).type
        if isinstance(class_, ClassEntity):
            owner = self._python.classes.as_base(class_, self._python.universe.class_(module, parent))
            if owner is not None:
                for variable, value in self._python.classes.mapping(owner).items():
                    if variable not in mapping or self._python.types.is_concrete(value):
                        mapping[variable] = value

    def solve(
        self,
        module: Module,
        signature: int,
        receiver: Entity | None,
        arguments: Arguments,
        but_for: int = 0,
    ) -> dict[TypeVariable, Value] | None:
        """Type variables of a signature, from what is passed to its parameters, but for one argument's term.

        None while nothing is known yet of what is passed: from nothing follows nothing.
        """
        variables, mapping = self._python.variables, dict[TypeVariable, Value]()
        for parameter, values in self.pair(module.facts.signatures[signature], receiver, arguments):
            if not parameter.annotation or (but_for and values.term == but_for):
                continue
            pattern = self._python.types.declared(module, parameter.annotation)
            if variables.is_open(pattern):
                actual = values()
                if not actual:
                    return None
                variables.match(pattern, actual, mapping)
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

    def call_method(self, entity: Entity, name: str, arguments: Arguments) -> Value:
        return join(*[self.call(e, arguments) for e in self._python.members.value(entity, name)])

    def has_method(self, entity: Entity, name: str) -> bool:
        plain = self._python.known.plain(entity)
        return isinstance(plain, Instance) and isinstance(self._python.classes.find(plain.type, name), Member)


class _Lazy:
    """The value of an argument, evaluated when called."""

    __slots__ = ("_module", "_python", "_value", "term")

    def __init__(self, python: Python, module: Module | None, term: int, value: Value | None) -> None:
        self._python, self._module, self.term, self._value = python, module, term, value

    def __call__(self) -> Value:
        if self._value is None:
            assert self._module is not None
            self._value = self._python.evaluator.value(self._module, self.term)
        return self._value


def _plain(receiver: Entity | None) -> Entity | None:
    return receiver.receiver if isinstance(receiver, Proxy) else receiver
