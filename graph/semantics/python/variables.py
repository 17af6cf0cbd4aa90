"""Type variables of Python: their bounds, what stands for them, and how calls solve them.

Rules: the typing specification, chapter on generics.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN,
    UNKNOWN_VALUE,
    Bound,
    Callback,
    ClassEntity,
    Entity,
    External,
    Function,
    Instance,
    Lambda,
    Receiver,
    ReceiverClass,
    SelfType,
    TupleEntity,
    TypeVariable,
    Value,
    Wrapped,
    join,
    union,
)
from isg.parsers import operators as op
from isg.parsers.facts import BindingKind, SignatureFlag

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python


_OPEN = (TypeVariable, SelfType, Receiver, ReceiverClass)


class Variables:
    """Knows, replaces and solves type variables."""

    def __init__(self, python: Python) -> None:
        self._python = python

    def bound_of(self, variable: TypeVariable) -> Value:
        """Instances of the bound or the constraints of a type variable."""
        module, fact = variable.module, variable.module.facts.bindings[variable.binding]
        if fact.kind is BindingKind.TYPE_PARAMETER:
            declared = fact.declared
            return self._python.types.type_expression(module, declared) if declared else UNKNOWN_VALUE
        term = module.facts.terms[fact.term]
        if term[0] != op.CALL:
            return UNKNOWN_VALUE
        arguments = Arguments.of(module, term)
        bound = dict(arguments.keywords).get("bound")
        if bound is not None:
            return self._python.types.type_expression(module, bound)
        constraints = [self._python.types.type_expression(module, t) for t in arguments.positional[1:]]
        return join(*constraints) if constraints else UNKNOWN_VALUE

    def free(self, entity: Entity) -> Iterator[TypeVariable]:
        if isinstance(entity, TypeVariable):
            yield self._python.universe.type_variable(entity.module, entity.binding)
        for value in entity.nested():
            for inner in value:
                yield from self.free(inner)

    def is_open(self, value: Value) -> bool:
        """Whether a type variable, Self or the receiver of a method stands anywhere in the value."""
        for entity in value:
            if isinstance(entity, _OPEN):
                return True
            for inner in entity.nested():
                if self.is_open(inner):
                    return True
        return False

    def substitute(
        self, value: Value, mapping: Mapping[TypeVariable, Value], receiver: Entity | None = None
    ) -> Value:
        """The value with type variables replaced by what they stand for, and Self by the receiver's type."""
        if not self.is_open(value):
            return value
        return join(*[self._substitute_entity(e, mapping, receiver) for e in value])

    def _substitute_entity(
        self, entity: Entity, mapping: Mapping[TypeVariable, Value], receiver: Entity | None
    ) -> Value:
        universe = self._python.universe
        if isinstance(entity, TypeVariable):
            found = mapping.get(universe.type_variable(entity.module, entity.binding))
            if found is None:
                return (entity,)
            return self._python.types.classes_of(found) if entity.meta else found
        if isinstance(entity, Receiver | ReceiverClass):
            return (self._python.parameters.received(entity, receiver),)
        if isinstance(entity, SelfType):
            if receiver is None:
                return (entity,)
            own: Value = (
                (receiver,) if not isinstance(receiver, ClassEntity) else (universe.instance(receiver),)
            )
            return self._python.types.classes_of(own) if entity.meta else own
        if isinstance(entity, Instance):
            return (universe.instance(self.substitute_class(entity.type, mapping, receiver)),)
        if isinstance(entity, ClassEntity):
            return (self.substitute_class(entity, mapping, receiver),)
        if isinstance(entity, TupleEntity):
            return (universe.tuple_(tuple(self.substitute(v, mapping, receiver) for v in entity.items)),)
        if isinstance(entity, Callback):
            parameters = tuple(self.substitute(v, mapping, receiver) for v in entity.parameters)
            return (universe.callback(self.substitute(entity.result, mapping, receiver), parameters),)
        return (entity,)

    def substitute_class(
        self, class_: ClassEntity, mapping: Mapping[TypeVariable, Value], receiver: Entity | None = None
    ) -> ClassEntity:
        if not class_.arguments:
            return class_
        arguments = tuple(self.substitute(v, mapping, receiver) for v in class_.arguments)
        return self._python.universe.class_(class_.module, class_.symbol, arguments)

    def match(self, pattern: Value, actual: Value, mapping: dict[TypeVariable, Value]) -> None:
        """Solve the type variables of a declared parameter from what is passed to it."""
        for entity in pattern:
            if isinstance(entity, TypeVariable):
                self._bind(entity, actual, mapping)
            elif isinstance(entity, Instance) and entity.type.arguments:
                self._match_class(entity.type, actual, mapping)
            elif isinstance(entity, ClassEntity) and entity.arguments:
                for other in actual:
                    if isinstance(other, ClassEntity):
                        self._match_class(entity, (self._python.universe.instance(other),), mapping)
            elif isinstance(entity, Callback) and self.is_open(entity.result):
                self._match_callable(entity, actual, mapping)
            elif isinstance(entity, TupleEntity):
                for other in actual:
                    if isinstance(other, TupleEntity) and len(other.items) == len(entity.items):
                        for item, given in zip(entity.items, other.items, strict=True):
                            self.match(item, given, mapping)

    def _bind(self, variable: TypeVariable, actual: Value, mapping: dict[TypeVariable, Value]) -> None:
        key = self._python.universe.type_variable(variable.module, variable.binding)
        if variable.meta:
            actual = union(
                e
                for entity in actual
                for e in (
                    self._python.types.instance_of(entity)
                    if isinstance(entity, ClassEntity | TypeVariable | External)
                    else UNKNOWN_VALUE
                )
            )
        within = self._python.overloads.is_within_bound
        known = union(e for e in actual if e is not UNKNOWN and within(key, e))
        if known:
            mapping[key] = join(mapping.get(key, NOTHING), known)

    def _match_class(self, pattern: ClassEntity, actual: Value, mapping: dict[TypeVariable, Value]) -> None:
        for entity in actual:
            if isinstance(entity, TupleEntity):
                entity = self._python.stubs.as_instance(entity)
            if not isinstance(entity, Instance):
                continue
            base = self._python.classes.as_base(entity.type, pattern)
            if base is not None:
                for wanted, given in zip(pattern.arguments, base.arguments, strict=False):
                    self.match(wanted, given, mapping)
            elif self._python.classes.info(pattern.module, pattern.symbol).protocol or pattern.module.library:
                iterable = pattern.module.facts.symbols[pattern.symbol].name in (
                    "Iterable",
                    "Iterator",
                    "Sequence",
                )
                if iterable and len(pattern.arguments) == 1:
                    self.match(pattern.arguments[0], self._python.elements.iterate(entity), mapping)
                else:
                    self._match_members(pattern, entity, mapping)

    def _match_members(
        self, pattern: ClassEntity, entity: Instance, mapping: dict[TypeVariable, Value]
    ) -> None:
        """Solve the type arguments of a protocol from what methods of those names give."""
        python, module, facts = self._python, pattern.module, pattern.module.facts
        scope = facts.symbols[pattern.symbol].scope
        for name, bindings in facts.scopes[scope].names.items() if scope >= 0 else ():
            symbol = facts.bindings[bindings[-1]].symbol
            if (
                symbol < 0
                or not facts.symbols[symbol].signatures
                or not python.calls.has_method(entity, name)
            ):
                continue
            signature = facts.signatures[facts.symbols[symbol].signatures[-1]]
            wanted = python.types.declared(module, signature.returns) if signature.returns else NOTHING
            wanted = self.substitute(wanted, python.classes.mapping(pattern))
            if any(isinstance(e, TypeVariable) for e in wanted):
                given = python.calls.call_method(entity, name, Arguments(None))
                if signature.flags & SignatureFlag.ASYNC:
                    given = join(*[python.elements.awaited(e) for e in given])
                self.match(wanted, given, mapping)

    def _match_callable(self, pattern: Callback, actual: Value, mapping: dict[TypeVariable, Value]) -> None:
        for entity in actual:
            if isinstance(entity, Function | Lambda | Bound | ClassEntity | Callback | Wrapped):
                self.match(pattern.result, self._python.call(entity, Arguments(None)), mapping)
