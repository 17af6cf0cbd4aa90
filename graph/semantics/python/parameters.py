"""What a parameter holds inside its function: what is declared, inherited or defaulted, or the receiver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    UNKNOWN_VALUE,
    ClassEntity,
    Entity,
    Instance,
    Receiver,
    ReceiverClass,
    Value,
    join,
)
from isg.graph.semantics.python.classes import CLASS_KINDS
from isg.parsers.facts import ParameterKind

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python


class Parameters:
    """Values of parameters."""

    def __init__(self, python: Python) -> None:
        self._python = python

    def value(self, module: Module, signature: int, position: int) -> Value:
        """What a parameter of a signature holds."""
        fact = module.facts.signatures[signature]
        parameter = fact.parameters[position]
        if parameter.annotation:
            declared = self._declared_parameter(module, parameter.kind, parameter.annotation)
            return self._within(module, fact.symbol, declared)
        receiver = self._receiver(module, fact.symbol, position)
        if receiver is not None:
            return receiver
        inherited = self._inherited_parameter(module, fact.symbol, parameter.name)
        if inherited is not None:
            return inherited
        if parameter.kind is ParameterKind.VARIADIC:
            return self._python.stubs.container("tuple", UNKNOWN_VALUE)
        if parameter.kind is ParameterKind.KEYWORDS:
            return self._python.stubs.container("dict", self._python.stubs.literal("str"), UNKNOWN_VALUE)
        if fact.expected and not parameter.default:
            return self._python.contextual.parameter(module, fact.expected, position)
        if parameter.default:
            return join(self._python.evaluator.value(module, parameter.default), UNKNOWN_VALUE)
        return UNKNOWN_VALUE

    def _declared_parameter(self, module: Module, kind: ParameterKind, annotation: int) -> Value:
        declared = self._python.types.declared(module, annotation)
        if kind is ParameterKind.VARIADIC:
            return self._python.stubs.container("tuple", declared)
        if kind is ParameterKind.KEYWORDS:
            return self._python.stubs.container("dict", self._python.stubs.literal("str"), declared)
        return declared

    def _within(self, module: Module, symbol: int, declared: Value) -> Value:
        """A declared value inside the body, where Self is whatever the method is called on."""
        variables = self._python.variables
        if not variables.is_open(declared):
            return declared
        symbols = module.facts.symbols
        while symbol >= 0 and symbols[symbol].kind not in CLASS_KINDS:
            symbol = symbols[symbol].parent
        if symbol < 0:
            return declared
        receiver = self._python.universe.receiver(self._python.universe.class_(module, symbol))
        return variables.substitute(declared, {}, receiver)

    def _receiver(self, module: Module, symbol: int, position: int) -> Value | None:
        """What ``self`` or ``cls`` is, where the parameter is the first of a method."""
        if position or symbol < 0:
            return None
        fact = module.facts.symbols[symbol]
        if fact.parent < 0 or module.facts.symbols[fact.parent].kind not in CLASS_KINDS:
            return None
        if "class" in fact.modifiers or fact.name == "__new__":  # static, but called with the class
            return (self._python.universe.receiver_class(module, fact.parent),)
        if "static" in fact.modifiers:
            return None
        return (self._python.universe.receiver(self._python.universe.class_(module, fact.parent)),)

    def received(self, entity: Receiver | ReceiverClass, receiver: Entity | None) -> Entity:
        """What stands for the receiver of a method, now that it is called on this one."""
        own = entity.type if isinstance(entity, Receiver) else entity
        actual = receiver.type if isinstance(receiver, Instance) else receiver
        if not isinstance(actual, ClassEntity) or not self._python.classes.is_subclass(actual, own):
            return entity
        if isinstance(entity, Receiver):
            return receiver if isinstance(receiver, Instance) else self.instance_of_class(actual)
        return actual

    def instance_of_class(self, class_: ClassEntity) -> Instance:
        """An instance of a class; the receiver itself where the class is the receiver's."""
        if isinstance(class_, ReceiverClass):
            return self._python.universe.receiver(self._python.universe.class_(class_.module, class_.symbol))
        return self._python.universe.instance(class_)

    def _inherited_parameter(self, module: Module, symbol: int, name: str) -> Value | None:
        """What the overridden method declares for the parameter of that name."""
        overridden = self._python.returns.overridden(module, symbol)
        if overridden is None:
            return None
        base, signature = overridden
        self._python.consult(base, "call", base.path, base.qualified[base.facts.signatures[signature].symbol])
        for parameter in base.facts.signatures[signature].parameters:
            if parameter.name == name and parameter.annotation:
                before = self._python.reading(base)
                try:
                    return self._declared_parameter(base, parameter.kind, parameter.annotation)
                finally:
                    self._python.reading(before)
        return None
