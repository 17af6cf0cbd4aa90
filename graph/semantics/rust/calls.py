"""Calls: what calling a function, constructor, closure or method gives.

Rules: The Rust Reference, "Call expressions", "Method-call expressions", "Closure types". A result is as it
is declared, with type variables solved from the receiver, written type arguments and what is passed.
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
    ClassEntity,
    Entity,
    External,
    Foreign,
    Function,
    Lambda,
    TypeVariable,
    Value,
    join,
)
from isg.graph.semantics.rust.entities import (
    Applied,
    Associated,
    Item,
    TraitSelf,
)
from isg.graph.semantics.rust.generics import Mapping_
from isg.parsers import operators as op
from isg.parsers.facts import Signature, SignatureFlag

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

_NO_ARGUMENTS = Arguments(None)


class Calls:
    """Evaluates calls."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust

    def apply(self, entity: Entity, values: tuple[Value, ...]) -> Value:
        """What calling something with these values gives."""
        return self.call(entity, Arguments(None, given=values))

    def call(self, entity: Entity, arguments: Arguments, explicit: tuple[Value, ...] = ()) -> Value:
        """What calling an entity gives."""
        if isinstance(entity, Applied):
            return self.call(entity.function, arguments, entity.arguments)
        if isinstance(entity, Bound) and isinstance(entity.function, Function):
            return self._invoke(entity.function, entity, arguments, explicit)
        if isinstance(entity, Function):
            return self._invoke(entity, None, arguments, explicit)
        if isinstance(entity, ClassEntity):
            return self.construct(entity, entity.module, entity.symbol, arguments)
        if isinstance(entity, Item):
            return self._call_item(entity, arguments)
        if isinstance(entity, Lambda):
            return self._call_lambda(entity)
        if isinstance(entity, External):
            return self._made_outside(entity.name) or self._rust.macros.result(entity.name, arguments)
        if isinstance(entity, Foreign):
            return self._rust.given_by(entity)
        return self._call_value(entity)

    def _made_outside(self, name: str) -> Value:
        """A value of another crate's type, of its variant or of ``new``: known by how they are named.

        The Rust API Guidelines, C-CASE and C-CTOR.
        """
        owner, _, function = name.rpartition("::")
        is_type = owner.rpartition("::")[2][:1].isupper()
        if is_type and (function == "new" or function[:1].isupper()):
            return (self._rust.universe.foreign(owner),)
        return NOTHING

    def _call_value(self, entity: Entity) -> Value:
        """Calling a value of a function type, or of a type that is bound to be one."""
        for step in self._rust.deref.steps(entity):
            function = self._rust.as_function_type(step)
            if function is not None:
                return function.result
        return UNKNOWN_VALUE

    def _call_lambda(self, entity: Lambda) -> Value:
        module, fact = entity.module, entity.module.facts.signatures[entity.signature]
        if fact.returns:
            result = self._rust.types.of(module, fact.returns)
        else:
            result = join(*[self._rust.evaluator.value(module, t) for t in fact.returned])
        return self._rust.operators.future(result) if _is_async(fact) else result

    def _call_item(self, entity: Item, arguments: Arguments) -> Value:
        module, symbol = entity.module, entity.symbol
        if self._rust.names.is_variant(module, symbol):
            parent = module.facts.symbols[symbol].parent
            return self.construct(self._rust.universe.class_(module, parent), module, symbol, arguments)
        if module.facts.symbols[symbol].kind == "macro":
            return self._rust.expansion.of(entity, arguments)
        return join(*[self._call_value(e) for e in self._rust.value_of(entity)])

    # constructors

    def construct(self, class_: ClassEntity, module: Module, symbol: int, arguments: Arguments) -> Value:
        """An instance of a struct or enum, its arguments solved from the fields that are given."""
        universe = self._rust.universe
        parameters = self._rust.types.parameters(class_.module, class_.symbol)
        if not parameters or class_.arguments:
            return (universe.instance(class_),)
        mapping: Mapping_ = {}
        for name, value in self._fields(arguments):
            for binding in self._rust.methods.field_bindings(module, symbol, name):
                declared = self._rust.types.of(module, module.facts.bindings[binding].declared)
                self._rust.generics.match(declared, value, mapping)
        values = tuple([mapping.get(parameter) or UNKNOWN_VALUE for parameter in parameters])
        return (self._rust.making.instance(class_, values),)

    def _fields(self, arguments: Arguments) -> Iterator[tuple[str, Value]]:
        given = list(arguments.given)
        if arguments.module is not None:
            given += [self._rust.evaluator.value(arguments.module, t) for t in arguments.positional]
            for name, term in arguments.keywords:
                yield name, self._rust.evaluator.value(arguments.module, term)
        for position, value in enumerate(given):
            yield str(position), value

    # functions

    def _invoke(
        self, function: Function, through: Bound | None, arguments: Arguments, explicit: tuple[Value, ...]
    ) -> Value:
        signature = self.signature(function)
        if signature is None:
            return UNKNOWN_VALUE
        result = self._rust.types.of(function.module, signature.returns)
        if _is_async(signature):
            result = self._rust.operators.future(result)
        if not self._rust.generics.is_open(result):
            return result
        mapping = self.solve(function, signature, through, arguments, explicit)
        self._rust.known.refine(function, through, mapping, explicit)
        return self.apply_solved(function, result, mapping)

    def apply_solved(self, function: Function, declared: Value, mapping: Mapping_) -> Value:
        """A type that a function declares, with what is solved of its variables."""
        return self._rust.generics.substitute(declared, self._closed(function, mapping))

    def signature(self, function: Function) -> Signature | None:
        """The signature of a function, which whoever calls it rests on."""
        module = function.module
        self._rust.consult(module, "symbol", module.path, module.qualified[function.symbol])
        signatures = module.facts.symbols[function.symbol].signatures
        return module.facts.signatures[signatures[-1]] if signatures else None

    def _closed(self, function: Function, mapping: Mapping_) -> Mapping_:
        """What is not solved of a function's own variables is unknown."""
        module, types = function.module, self._rust.types
        parent = module.facts.symbols[function.symbol].parent
        own = [*types.parameters(module, function.symbol), *types.parameters(module, parent)]
        closed: Mapping_ = dict.fromkeys(own, UNKNOWN_VALUE)
        if module.facts.symbols[parent].kind == "trait":
            closed[self._rust.universe.intern(TraitSelf, module, parent)] = UNKNOWN_VALUE
        closed.update(mapping)
        return closed

    def solve(
        self,
        function: Function,
        signature: Signature,
        through: Bound | None,
        arguments: Arguments,
        explicit: tuple[Value, ...],
        without: frozenset[int] = frozenset(),
    ) -> Mapping_:
        """The type variables of a function, from all that a call says; ``without`` some arguments."""
        module = function.module
        mapping = self._of_owner(function, through)
        parameters = self._rust.types.parameters(module, function.symbol)
        for variable, value in zip(parameters, explicit, strict=False):
            if self._rust.types.is_known(value):
                mapping[variable] = value
        for annotation, value in self._passed(function, signature, through, arguments, without):
            self._rust.generics.match(annotation, value, mapping)
        self._match_bounds(parameters, mapping)
        return mapping

    def _match_bounds(self, parameters: tuple[TypeVariable, ...], mapping: Mapping_) -> None:
        """Solve the variables that stand in the bounds of those that are solved: ``F: Fn(A) -> B``."""
        for variable in parameters:
            for entity in mapping.get(variable, NOTHING):
                bounds = self._rust.types.bounds_of_variable(variable)
                self._rust.generics.match_bounds(bounds, self._rust.plain(entity), mapping)

    def _of_owner(self, function: Function, through: Bound | None) -> Mapping_:
        """What the variables of the impl block or trait around a function stand for."""
        module, parent = function.module, function.module.facts.symbols[function.symbol].parent
        kind = module.facts.symbols[parent].kind if parent > 0 else ""
        if through is None or kind not in ("impl", "trait"):
            return {}
        subject = through.receiver
        if kind == "trait":
            trait = self._rust.universe.class_(module, parent)
            bound = self._rust.projections.implements(subject, trait)
            bound = bound or self._rust.making.trait_bound(trait)
            mapping = self._rust.projections.mapping_of(bound, subject)
        else:
            mapping = {}
            self._rust.generics.unifies(self._rust.impls.head(module, parent).self_type, subject, mapping)
        return {v: known for v, known in mapping.items() if self._rust.types.is_known(known)}

    def _passed(
        self,
        function: Function,
        signature: Signature,
        through: Bound | None,
        arguments: Arguments,
        without: frozenset[int],
    ) -> Iterator[tuple[Value, Value]]:
        """The declared types of parameters that wait for variables, each with what is passed."""
        is_method = through is not None and not isinstance(through, Associated)
        parameters = signature.parameters[1:] if is_method else signature.parameters
        for position, parameter in enumerate(parameters):
            if position in without:
                continue
            declared = self._rust.types.of(function.module, parameter.annotation)
            if self._rust.generics.is_open(declared):
                yield declared, self.argument(arguments, position)

    def argument(self, arguments: Arguments, position: int) -> Value:
        """What a call passes at a position."""
        if position < len(arguments.given):
            return arguments.given[position]
        position -= len(arguments.given)
        if arguments.module is None or position >= len(arguments.positional):
            return UNKNOWN_VALUE
        return self._rust.evaluator.value(arguments.module, arguments.positional[position])

    # what a call expects

    def expected(self, module: Module, call: int, position: int) -> Value:
        """The type that the callee of a call asks of an argument; closures among the others say nothing."""
        term = module.facts.terms[call]
        arguments = Arguments.of(module, term)
        closures = {i for i, t in enumerate(arguments.positional) if module.facts.terms[t][0] == op.LAMBDA}
        without = frozenset({*closures, position})
        callees = self._rust.evaluator.value(module, int(term[1]))
        return join(*[self._expected(e, arguments, position, without, ()) for e in callees])

    def _expected(
        self,
        entity: Entity,
        arguments: Arguments,
        position: int,
        without: frozenset[int],
        explicit: tuple[Value, ...],
    ) -> Value:
        if isinstance(entity, Applied):
            return self._expected(entity.function, arguments, position, without, entity.arguments)
        function = entity.function if isinstance(entity, Bound) else entity
        if not isinstance(function, Function):
            return self._of_callable(entity, position)
        through = entity if isinstance(entity, Bound) else None
        signature = self.signature(function)
        if signature is None:
            return UNKNOWN_VALUE
        index = position + (through is not None and not isinstance(through, Associated))
        if index >= len(signature.parameters):
            return UNKNOWN_VALUE
        declared = self._rust.types.of(function.module, signature.parameters[index].annotation)
        if not self._rust.generics.is_open(declared):
            return declared
        mapping = self.solve(function, signature, through, arguments, explicit, without)
        declared = join(*[self._as_function(e) for e in declared])
        return self.apply_solved(function, declared, mapping)

    def _as_function(self, entity: Entity) -> Value:
        """The function type that a parameter's type variable is bound to be, else the type itself."""
        function = self._rust.as_function_type(entity)
        return (function,) if function is not None else (entity,)

    def _of_callable(self, entity: Entity, position: int) -> Value:
        for step in self._rust.deref.steps(entity):
            function = self._rust.as_function_type(step)
            if function is not None and position < len(function.parameters):
                return function.parameters[position]
        if isinstance(entity, Item | ClassEntity):
            owner = entity.module.facts.symbols[entity.symbol]
            if owner.kind in ("struct", "constant"):
                bindings = self._rust.methods.field_bindings(entity.module, entity.symbol, str(position))
                declared = [entity.module.facts.bindings[b].declared for b in bindings]
                return join(*[self._rust.types.of(entity.module, d) for d in declared])
        return UNKNOWN_VALUE


def _is_async(signature: Signature) -> bool:
    return bool(int(signature.flags) & SignatureFlag.ASYNC)
