"""Choosing among the methods of impls of one generic trait, `From<A>` and `From<B>`, by what is passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.values import Bound, Entity, Function, Instance, Lambda, TupleEntity, Unknown, Value
from isg.graph.semantics.rust.entities import Associated
from isg.parsers import operators as op

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

_TOLD_APART = (Instance, TupleEntity)


class Overloads:
    """Tells the methods of several impls of a trait apart."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust

    def choose(self, module: Module, term: int, members: Value) -> Value:
        """Those of the methods that the arguments of a call of a callee's term may be passed to.

        One term stands for all callees of a file that are written alike: any of their calls counts.
        """
        if len(members) < 2:
            return members
        terms = module.facts.terms
        calls = [Arguments.of(module, terms[call]) for call in self._calls(module).get(term, ())]
        chosen = [m for m in members if any(self._accepts(m, arguments) for arguments in calls)]
        return tuple(chosen) or members

    def is_open(self, members: Value) -> bool:
        """Whether methods that are left are of different impls of a generic trait: one of them is meant."""
        traits = set()
        for member in members:
            function = member.function if isinstance(member, Bound) else member
            if isinstance(function, Function):
                module, parent = function.module, function.module.facts.symbols[function.symbol].parent
                if module.facts.symbols[parent].kind == "impl":
                    traits.add(self._rust.impls.head(module, parent).trait)
        return len(traits) > 1

    def _calls(self, module: Module) -> dict[int, list[int]]:
        """The calls of a file by the terms of their callees."""
        found: dict[int, list[int]] | None = module.memo.get(("calls", 0))
        if found is None:
            found = module.memo["calls", 0] = {}
            for index, term in enumerate(module.facts.terms):
                if term[0] == op.CALL:
                    found.setdefault(int(term[1]), []).append(index)
        return found

    def _accepts(self, member: Entity, arguments: Arguments) -> bool:
        function = member.function if isinstance(member, Bound) else member
        if not isinstance(function, Function) or arguments.module is None:
            return True
        signature = self._rust.calls.signature(function)
        if signature is None:
            return True
        parameters = signature.parameters
        is_method = bool(parameters) and parameters[0].name == "self"
        if is_method and not (
            isinstance(member, Associated) and len(arguments.positional) == len(parameters)
        ):
            parameters = parameters[1:]
        for parameter, term in zip(parameters, arguments.positional, strict=False):
            declared = self._rust.types.of(function.module, parameter.annotation)
            given = self._rust.evaluator.value(arguments.module, term)
            if not self._assignable(declared, given):
                return False
        return True

    def _assignable(self, declared: Value, given: Value) -> bool:
        wanted = [e for e in declared if isinstance(e, _TOLD_APART)]
        if len(wanted) != len(declared) or any(isinstance(e, Unknown | Lambda) for e in given):
            return True
        return any(
            self._rust.generics.unifies(tuple(wanted), step, {})
            for entity in given
            for step in self._rust.deref.steps(entity)
        )
