"""What calling a class gives (language reference §3.3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN,
    UNKNOWN_VALUE,
    ClassEntity,
    TypeVariable,
    Value,
)
from isg.graph.semantics.python.classes import Member

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python


class Construction:
    """Instances, and the type arguments that constructors tell."""

    def __init__(self, python: Python) -> None:
        self._python = python

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
        return (self._python.parameters.instance_of_class(class_),)

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
            chosen = self._python.overloads.choose(
                owner, owner.facts.symbols[symbol].signatures, class_, arguments
            )
            if self._python.returns.of(owner, chosen) == (self._python.universe.self_type,):
                continue
            result = self._python.calls.invoke(
                self._python.universe.function(owner, symbol), class_, arguments
            )
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
                    chosen = self._python.overloads.choose(owner, signatures, receiver, arguments)
                    mapping = self._python.calls.solve(owner, chosen, receiver, arguments)
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
