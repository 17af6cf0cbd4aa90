"""Which overload a call chooses (typing specification, chapter on overloads)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    Bound,
    Callback,
    ClassEntity,
    Entity,
    External,
    Function,
    Instance,
    Lambda,
    Text,
    TupleEntity,
    TypeVariable,
    Value,
    Wrapped,
)
from isg.graph.semantics.python.classes import Member
from isg.parsers import operators as op
from isg.parsers.facts import ParameterKind, Signature

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python


class Overloads:
    """Signatures against arguments."""

    def __init__(self, python: Python) -> None:
        self._python = python

    def choose(
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
        for parameter, values in self._python.calls.pair(signature, receiver, arguments):
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

    def is_within_bound(self, variable: TypeVariable, actual: Entity) -> bool:
        """Whether nothing known speaks against a type variable standing for the type of an entity."""
        if variable.meta:
            return True
        bound = self._python.variables.bound_of(variable)
        return not bound or any(
            isinstance(e, TypeVariable) or self._entity_assignable(e, actual) for e in bound
        )

    def _entity_assignable(self, wanted: Entity, actual: Entity) -> bool:
        if isinstance(wanted, TypeVariable):
            return self.is_within_bound(wanted, actual)
        if isinstance(wanted, Text):
            return actual is wanted or not isinstance(actual, Text | Instance)
        if isinstance(actual, Text):
            actual = self._python.stubs.literal("str")[0]
        if isinstance(wanted, Instance) and isinstance(actual, Instance | TupleEntity):
            if isinstance(actual, TupleEntity):
                actual = self._python.stubs.as_instance(actual)
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
        if self._python.stubs.is_none(wanted) or self._python.stubs.is_none(actual):
            return False
        if self._is_protocol(wanted):
            return True
        return any(not isinstance(e, ClassEntity) for e in self._python.classes.mro(actual.type))

    def _is_protocol(self, wanted: Instance) -> bool:
        return self._python.classes.info(wanted.type.module, wanted.type.symbol).protocol

    def _has_call(self, actual: Entity) -> bool:
        return isinstance(actual, Instance) and isinstance(
            self._python.classes.find(actual.type, "__call__"), Member | External
        )


def _fits(signature: Signature, receiver: Entity | None, arguments: Arguments) -> bool:
    """Whether the number and names of the arguments fit the parameters."""
    if arguments.module is not None and any(
        arguments.module.facts.terms[t][0] == op.STAR for t in arguments.positional if t > 0
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
