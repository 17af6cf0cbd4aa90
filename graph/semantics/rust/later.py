"""What a variable holds by what is done with it later: ``let mut all = Vec::new(); … all.push(part);``.

Rules: Guide to Rustc Development, "Type inference": a type that an initialiser leaves open is a variable,
which the first use that says something about it solves. Uses are read in the order of their terms, which is
that of the source: what methods take, also those of what methods give (``all.entry(key).or_default()``),
and places where the variable is passed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.values import NOTHING, Bound, ClassEntity, Entity, Function, Instance, Value
from isg.graph.semantics.rust.generics import Mapping_, closed, same_class
from isg.parsers import operators as op

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

_ENOUGH = 8  # uses of a value that are looked at
_CHAINED = 3  # methods, each called on what the one before gives


class _Use(NamedTuple):
    """A call that a value takes part in."""

    call: int  # the term
    method: str  # that is called on the value, or nothing where it is passed
    position: int = 0  # where it is passed


class _Uses(NamedTuple):
    """What is done with values in a file."""

    variables: dict[int, list[int]]  # the terms that read a variable, by its binding
    calls: dict[int, list[_Use]]  # by the term of the value


class LaterUses:
    """Completes types that initialisers leave open."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust

    def completed(self, module: Module, binding: int, value: Value) -> Value:
        """The value of a variable, what is open in its type taken from its uses."""
        if not self._rust.known.has_hole(value):
            return value
        uses = self._uses(module)
        calls = [use for term in uses.variables.get(binding, ()) for use in uses.calls.get(term, ())]
        return self._by_uses(module, value, calls, _CHAINED) if calls else value

    def _uses(self, module: Module) -> _Uses:
        found: _Uses | None = module.memo.get(("later uses", 0))
        if found is None:
            found = module.memo["later uses", 0] = _uses_in(module.facts.terms)
        return found

    def _by_uses(self, module: Module, value: Value, uses: Sequence[_Use], chained: int) -> Value:
        return tuple([self._completed(module, entity, uses[:_ENOUGH], chained) for entity in value])

    def _completed(self, module: Module, entity: Entity, uses: Sequence[_Use], chained: int) -> Entity:
        for use in uses:
            if not isinstance(entity, Instance) or not self._rust.known.has_hole((entity,)):
                break
            if use.method:
                said = self._called(module, entity, use, chained)
            else:
                said = self._passed(module, entity, use)
            if said is not None:
                (entity,) = self._rust.known.completed((entity,), (said,))
        return entity

    def _passed(self, module: Module, entity: Instance, use: _Use) -> Instance | None:
        """The type that a callee asks for where the value is passed."""
        for asked in self._rust.calls.expected(module, use.call, use.position):
            if isinstance(asked, Instance) and same_class(asked.type, entity.type):
                return asked
        return None

    def _called(self, module: Module, entity: Instance, use: _Use, chained: int) -> Instance | None:
        """The type of the receiver by what its method is given, and by what is done with what that gives."""
        for found in self._rust.methods.find(entity, use.method):
            subject = found.subject
            if isinstance(found.member, Function) and isinstance(subject, Instance):
                solved = self._solved(module, subject, found.member, use.call, chained)
                said = self._receiver(subject, found.member, solved)
                return said if said is None or subject is entity else self._pointing(entity, subject, said)
        return None

    def _pointing(self, entity: Instance, old: Instance, new: Instance) -> Instance:
        """The type of a pointer to something of another type: ``RefMut<Vec<_>>``."""
        arguments = [tuple([new if e is old else e for e in value]) for value in entity.type.arguments]
        return self._rust.making.instance(entity.type, tuple(arguments))

    def _solved(
        self, module: Module, entity: Instance, function: Function, call: int, chained: int
    ) -> Mapping_:
        rust = self._rust
        signature = rust.calls.signature(function)
        if signature is None:
            return {}
        arguments = Arguments.of(module, module.facts.terms[call])
        through = rust.universe.intern(Bound, function, entity)
        solved = rust.calls.solve(function, signature, through, arguments, ())
        returned = rust.types.of(function.module, signature.returns)
        uses = self._uses(module).calls.get(call, ()) if chained and rust.generics.is_open(returned) else ()
        if uses:
            given = rust.calls.apply_solved(function, returned, solved)
            by_result: Mapping_ = {}
            rust.generics.match(returned, self._by_uses(module, given, uses, chained - 1), by_result)
            solved.update(by_result)
        return solved

    def _receiver(self, entity: Instance, function: Function, solved: Mapping_) -> Instance | None:
        """The type that has a method, by the variables of the method that are solved."""
        module, parent = function.module, function.module.facts.symbols[function.symbol].parent
        if module.facts.symbols[parent].kind == "trait":
            return self._by_trait(entity, self._rust.universe.class_(module, parent), solved)
        return self._instance(self._rust.impls.head(module, parent).self_type, module, parent, solved)

    def _by_trait(self, entity: Instance, trait: ClassEntity, solved: Mapping_) -> Instance | None:
        """The type that implements a trait so: ``impl<T> Extend<T> for Vec<T>``."""
        parameters = self._rust.types.parameters(trait.module, trait.symbol)
        for match in self._rust.impls.of(entity):
            bound = match.head.trait
            if bound is not None and same_class(bound.trait, trait):
                mapping: Mapping_ = {}
                for pattern, parameter in zip(bound.trait.arguments, parameters, strict=False):
                    self._rust.generics.match(pattern, solved.get(parameter, NOTHING), mapping)
                return self._instance(match.head.self_type, match.head.module, match.head.symbol, mapping)
        return None

    def _instance(self, self_type: Value, module: Module, impl: int, solved: Mapping_) -> Instance | None:
        """The type that an impl block is for, with its variables solved."""
        variables = self._rust.types.parameters(module, impl)
        for entity in self._rust.generics.substitute(self_type, closed(self_type, variables, solved)):
            if isinstance(entity, Instance):
                return entity
        return None


def _uses_in(terms: Sequence[tuple[int | str, ...]]) -> _Uses:
    found = _Uses({}, {})
    for index, term in enumerate(terms):
        if term[0] == op.USE:
            for binding in term[1:]:
                found.variables.setdefault(int(binding), []).append(index)
        elif term[0] == op.CALL:
            callee = terms[int(term[1])]
            if callee[0] == op.MEMBER:
                found.calls.setdefault(int(callee[1]), []).append(_Use(index, str(callee[2])))
            for position, argument in enumerate(term[3 : 3 + int(term[2])]):
                found.calls.setdefault(int(argument), []).append(_Use(index, "", position))
    return found
