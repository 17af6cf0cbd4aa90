"""What a call runs, and which methods stand in for which: constructors, receivers, overrides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.semantics import Definition
from isg.graph.linking.values import (
    ClassEntity,
    Entity,
)
from isg.graph.semantics.python.classes import CLASS_KINDS, Member
from isg.parsers import operators as op

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python


class Callees:
    """The functions behind calls."""

    def __init__(self, python: Python) -> None:
        self._python = python

    def constructors(self, class_: Entity) -> list[Definition]:
        """The constructor that calling a class runs, own or inherited."""
        if not isinstance(class_, ClassEntity):
            return []
        for name in ("__init__", "__new__"):
            found = self._python.classes.find(class_, name)
            if isinstance(found, Member) and not found.owner.module.library:
                module = found.owner.module
                meanings = [
                    d for b in found.bindings for d in self._python.names.binding_definitions(module, b)
                ]
                return [d for d in meanings if d.module is not None and self.is_function(d)]
        return []

    def is_function(self, definition: Definition) -> bool:
        """Whether a definition of the project has a body to run."""
        assert definition.module is not None
        return bool(definition.module.facts.symbols[definition.symbol].signatures)

    def functions_run(self, definition: Definition) -> list[tuple[Module, int]]:
        """The functions whose body a call runs: the one itself, or the constructor."""
        if definition.module is None:
            return []
        if self.is_function(definition):
            owner = definition.module
            self._python.consult(owner, "call", owner.path, owner.qualified[definition.symbol])
            return [(definition.module, definition.symbol)]
        if definition.module.facts.symbols[definition.symbol].kind not in CLASS_KINDS:
            return []
        class_ = self._python.universe.class_(definition.module, definition.symbol)
        return [(d.module, d.symbol) for d in self.constructors(class_) if d.module is not None]

    def is_bound(self, module: Module, term: int, owner: Module, symbol: int) -> bool:
        """Whether a call through this term passes the receiver by itself."""
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
        if expression[0] != op.MEMBER:
            return False
        return not any(
            isinstance(e, ClassEntity) for e in self._python.evaluator.value(module, expression[1])
        )

    def overridden(self, module: Module, symbol: int) -> Iterable[tuple[int, Definition]]:
        """The methods of a class, each with a method of an ancestor that it overrides."""
        fact = module.facts.symbols[symbol]
        bases = [b for b in self._python.classes.info(module, symbol).bases if isinstance(b, ClassEntity)]
        if not bases or fact.scope < 0:
            return
        for name, bindings in module.facts.scopes[fact.scope].names.items():
            own = [module.facts.bindings[b] for b in bindings]
            methods = {b.symbol for b in own if b.symbol >= 0 and not b.instance}
            methods = {s for s in methods if module.facts.symbols[s].signatures}
            if not methods:
                continue
            for base in bases:
                found = self._python.classes.find(base, name)
                if isinstance(found, Member) and not found.owner.module.library:
                    for definition in self._python.members.definitions(base, name):
                        if definition.module is not None and self.is_function(definition):
                            yield from ((method, definition) for method in sorted(methods))
