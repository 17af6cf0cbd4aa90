"""Operators, loops, subscripts and ``.await``: what the traits behind them give.

Rules: The Rust Reference, "Operator expressions", "Array and slice indexing expressions", "Loop expressions",
"Await expressions". Operators on types of the library give what they are applied to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    UNKNOWN_VALUE,
    ClassEntity,
    Entity,
    Foreign,
    Instance,
    Unknown,
    Value,
    join,
)
from isg.parsers import operators as op

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

_TRAITS = {
    "add": "Add",
    "sub": "Sub",
    "mul": "Mul",
    "div": "Div",
    "rem": "Rem",
    "bitand": "BitAnd",
    "bitor": "BitOr",
    "bitxor": "BitXor",
    "shl": "Shl",
    "shr": "Shr",
    "neg": "Neg",
    "not": "Not",
}
_RANGES = {"..": "Range", "..=": "RangeInclusive"}
_OPEN = frozenset({"int", "float"})  # literals of numbers without a suffix
_SHIFTS = frozenset({"shl", "shr"})
_FALLBACKS = {
    "partial_cmp": ("lt", "cmp"),
    "eq": ("ne",),
    "index_mut": ("index",),
    "deref_mut": ("deref",),
    "into_iter": ("next",),
    **{f"{name}_assign": (name,) for name in _TRAITS},
}


class Operators:
    """Evaluates operators."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust

    def fallbacks(self, method: str) -> tuple[str, ...]:
        """The methods that an operator may run where a type has not its own."""
        return _FALLBACKS.get(method, ())

    def binary(self, module: Module, operator: str, left: int, right: int) -> Value:
        if operator in _RANGES:
            return self._range(module, operator, left, right)
        value = self._rust.evaluator.value(module, left)
        if self._is_open(module, left) and operator not in _SHIFTS:
            other = self._rust.evaluator.value(module, right)
            value = other if self._are_numbers(other) else value
        return join(*[self.unary(e, operator) for e in value])

    def _are_numbers(self, value: Value) -> bool:
        return bool(value) and all(isinstance(e, Instance) and e.type.module.library for e in value)

    def _is_open(self, module: Module, term: int) -> bool:
        """Whether a number's type is that of what it is used with: it is written without one."""
        expression = module.facts.terms[term]
        return expression[0] == op.LITERAL and expression[1] in _OPEN

    def unary(self, entity: Entity, method: str) -> Value:
        """What an operator gives, by the type of its left operand."""
        entity = self._rust.plain(entity)
        if not isinstance(entity, Instance) or entity.type.module.library:
            return (entity,)
        trait = self._rust.library_trait("ops", _TRAITS.get(method, ""))
        if trait is None or self._rust.projections.implements(entity, trait) is None:
            return (entity,)
        return self._rust.projections.project(entity, trait, "Output")

    def _range(self, module: Module, operator: str, left: int, right: int) -> Value:
        class_ = self._rust.library_trait("ops", _RANGES[operator])
        if class_ is None:
            return UNKNOWN_VALUE
        terms = sorted((t for t in (left, right) if t > 0), key=lambda t: self._is_open(module, t))
        ends = [self._rust.evaluator.value(module, t) for t in terms]
        known = [value for value in ends if value and not isinstance(value[0], Unknown)]
        item = (known or [UNKNOWN_VALUE])[0]
        return (self._rust.making.instance(class_, (item,)),)

    # loops

    def iterate(self, entity: Entity) -> Value:
        """The items of what a ``for`` loop runs over."""
        for step in self._rust.deref.steps(entity):
            step = self._rust.types.known_as(step)
            if isinstance(step, Foreign):
                return self._rust.given_by(step)
            for name in ("Iterator", "IntoIterator"):
                trait = self._rust.library_trait("iter", name)
                if trait is not None and self._rust.projections.implements(step, trait) is not None:
                    return self._rust.projections.project(step, trait, "Item")
        return UNKNOWN_VALUE

    # subscripts

    def subscript(self, module: Module, entity: Entity, index: int) -> Value:
        """What ``container[index]`` gives: an element, or for a range a slice."""
        indexes = self._rust.evaluator.value(module, index)
        for step in self._rust.deref.steps(entity):
            step = self._rust.types.known_as(step)
            if self._is_sliced(step) and any(self._is_range(e) for e in indexes):
                return (step,)
            trait = self._rust.library_trait("ops", "Index")
            if trait is not None and self._rust.projections.implements(step, trait) is not None:
                return self._rust.projections.project(step, trait, "Output")
        return UNKNOWN_VALUE

    def _is_sliced(self, entity: Entity) -> bool:
        return isinstance(entity, Instance) and self._class_name(entity.type) in ("slice", "str")

    def _is_range(self, entity: Entity) -> bool:
        return isinstance(entity, Instance) and self._class_name(entity.type).startswith("Range")

    def _class_name(self, class_: ClassEntity) -> str:
        return class_.module.facts.symbols[class_.symbol].name if class_.module.library else ""

    # what has to be waited for

    def awaited(self, entity: Entity) -> Value:
        """The output of a future, or of what is made into one."""
        for step in self._rust.deref.steps(entity):
            if isinstance(step, Foreign):
                return self._rust.given_by(step)
            for name in ("Future", "IntoFuture"):
                trait = self._rust.library_trait("future", name)
                if trait is not None and self._rust.projections.implements(step, trait) is not None:
                    return self._rust.projections.project(step, trait, "Output")
        return UNKNOWN_VALUE

    def future(self, output: Value) -> Value:
        """What calling an ``async`` function gives whose body gives this."""
        trait = self._rust.library_trait("future", "Future")
        if trait is None or not output:
            return output
        return (self._rust.making.opaque([self._rust.making.trait_bound(trait, (("Output", output),))]),)

    def tried(self, entity: Entity) -> Value:
        """What ``value?`` gives: what is in an ``Ok`` or ``Some``."""
        if isinstance(entity, Foreign):
            return self._rust.given_by(entity)
        if isinstance(entity, Instance) and self._class_name(entity.type) in (
            "Result",
            "Option",
            "ControlFlow",
        ):
            arguments = entity.type.arguments
            last = self._class_name(entity.type) == "ControlFlow"
            return arguments[-1 if last else 0] if arguments else UNKNOWN_VALUE
        return UNKNOWN_VALUE
