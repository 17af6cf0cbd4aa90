"""Contextual typing: what functions take from where they stand.

Rules: the TypeScript handbook, "Type Inference", "Contextual Typing"; the type of `this` in the methods of an
object literal is that of the contextual signature, else the contextual type, else the literal's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    UNKNOWN,
    UNKNOWN_VALUE,
    Entity,
    External,
    Foreign,
    Text,
    Value,
    join,
)
from isg.graph.semantics.typescript.calls import THIS, Candidate
from isg.graph.semantics.typescript.entities import Intersection
from isg.parsers import operators as op
from isg.parsers.facts import ParameterKind

if TYPE_CHECKING:
    from isg.graph.semantics.typescript.language import TypeScript

_POSITIONAL = (ParameterKind.POSITIONAL, ParameterKind.POSITIONAL_ONLY)


class Contextual:
    """Types that are expected of expressions."""

    def __init__(self, typescript: TypeScript) -> None:
        self._typescript = typescript

    # arguments

    def argument(self, module: Module, call: int, position: int) -> Value:
        """The type that the callee of a call asks of its argument at a position."""
        typescript = self._typescript
        expression = module.facts.terms[call]
        arguments = Arguments.of(module, expression)
        values: list[Value] = []
        for entity in typescript.evaluator.value(module, int(expression[1])):
            if isinstance(entity, External | Foreign):
                values.append((typescript.universe.foreign(),))
                continue
            if expression[0] == op.NEW:
                candidates = typescript.calls.constructor_candidates(entity)
            else:
                found = typescript.calls.callables(entity)
                candidates = [c for each in found for c in typescript.calls.candidates(each)]
            if candidates:
                values.append(self._asked(candidates, arguments, position))
        known = [value for value in values if value != UNKNOWN_VALUE]
        return join(*(known or values)) or UNKNOWN_VALUE

    def _asked(self, candidates: list[Candidate], arguments: Arguments, position: int) -> Value:
        typescript = self._typescript
        chosen = typescript.calls.choose(candidates, arguments)
        declared = self._bounded(chosen, self.parameter_type(chosen, position))
        if not typescript.generics.is_open(declared):
            return declared
        mapping = typescript.calls.solve(chosen, arguments, position)
        return () if mapping is None else typescript.generics.substitute(declared, mapping)

    def _bounded(self, candidate: Candidate, declared: Value) -> Value:
        """A type with what bare type parameters in it extend: the argument itself tells no more of them."""
        generics = self._typescript.generics
        variables = self._typescript.calls.own_variables(candidate)
        bounds: dict[Entity, Value] = {v: generics.bound_of(v) for v in variables}
        known = {v: bound for v, bound in bounds.items() if bound != UNKNOWN_VALUE}
        result: list[Value] = []
        for entity in declared:
            parts = entity.parts if isinstance(entity, Intersection) else (entity,)
            bare = [known.get(part, (part,)) for part in parts]
            result.append(self._typescript.types.intersect(bare) if len(bare) > 1 else bare[0])
        return join(*result)

    def parameter_type(self, candidate: Candidate, position: int) -> Value:
        """What a signature declares for the argument at a position."""
        typescript = self._typescript
        positional = [p for p in candidate.signature.parameters if p.kind in _POSITIONAL]
        if position < len(positional):
            parameter = positional[position]
            return typescript.calls.declared(candidate, parameter) if parameter.annotation else UNKNOWN_VALUE
        for parameter in candidate.signature.parameters:
            if parameter.kind is ParameterKind.VARIADIC and parameter.annotation:
                rest = typescript.calls.declared(candidate, parameter)
                at = position - len(positional)
                return join(*[typescript.item(e, at) for e in rest]) or UNKNOWN_VALUE
        return UNKNOWN_VALUE

    # parameters

    def parameter(self, module: Module, signature: int, position: int) -> Value:
        """What a parameter is inside its function."""
        typescript = self._typescript
        fact = module.facts.signatures[signature]
        parameter = fact.parameters[position]
        if parameter.annotation:
            return typescript.types.type_of(module, parameter.annotation)
        if fact.expected:
            found = self._expected_parameter(module, fact.expected, position, parameter.kind)
            if not found or found != UNKNOWN_VALUE:
                return found
        if parameter.default:
            return self._widened(typescript.evaluator.value(module, parameter.default))
        if parameter.kind is ParameterKind.VARIADIC:
            return typescript.container(module, "list", UNKNOWN_VALUE)
        return UNKNOWN_VALUE

    def _widened(self, value: Value) -> Value:
        """A literal's type where it is no constant."""
        if any(isinstance(e, Text) for e in value):
            string = self._typescript.types.primitive("string")
            return join(*[string if isinstance(e, Text) else (e,) for e in value])
        return value

    def _expected_parameter(self, module: Module, expected: int, position: int, kind: ParameterKind) -> Value:
        typescript = self._typescript
        type_ = typescript.types.type_of(module, expected)
        if not type_:
            return type_
        values: list[Value] = []
        for entity in type_:
            if isinstance(entity, External | Foreign):
                values.append((typescript.universe.foreign(),))
            for each in typescript.calls.callables(entity):
                for candidate in typescript.calls.candidates(each)[:1]:
                    if kind is ParameterKind.VARIADIC:
                        values.append(self._rest(candidate, position))
                    else:
                        values.append(self.parameter_type(candidate, position))
        known = [value for value in values if value != UNKNOWN_VALUE]
        return join(*(known or values)) or UNKNOWN_VALUE

    def _rest(self, candidate: Candidate, position: int) -> Value:
        """The array that a rest parameter takes from what a signature declares from a position on."""
        typescript = self._typescript
        parameters = candidate.signature.parameters[position:]
        if len(parameters) == 1 and parameters[0].kind is ParameterKind.VARIADIC and parameters[0].annotation:
            return typescript.calls.declared(candidate, parameters[0])
        items = [
            typescript.calls.declared(candidate, p) for p in parameters if p.annotation and p.name != THIS
        ]
        return typescript.container(candidate.module, "list", join(*items) or UNKNOWN_VALUE)

    # `this`

    def this_of(self, module: Module, literal: int) -> Value:
        """What `this` is in the methods of an object literal."""
        typescript = self._typescript
        expression = module.facts.terms[literal]
        for position in range(2, len(expression), 2):
            member = module.facts.terms[int(expression[position])]
            if member[0] != op.SYMBOL:
                continue
            for signature in module.facts.symbols[int(member[1])].signatures[-1:]:
                expected = module.facts.signatures[signature].expected
                found = self._this_expected(module, expected) if expected else UNKNOWN_VALUE
                if found != UNKNOWN_VALUE:
                    return found
            break
        return typescript.evaluator.value(module, literal)

    def _this_expected(self, module: Module, expected: int) -> Value:
        typescript = self._typescript
        for entity in typescript.types.type_of(module, expected):
            for each in typescript.calls.callables(entity):
                for candidate in typescript.calls.candidates(each)[:1]:
                    for parameter in candidate.signature.parameters[-1:]:
                        if parameter.name == THIS and parameter.annotation:
                            return typescript.calls.declared(candidate, parameter)
        owner = self._owner_type(module, expected)
        found = typescript.types.type_of(module, owner) if owner else UNKNOWN_VALUE
        return tuple(e for e in found if e is not UNKNOWN) or UNKNOWN_VALUE

    def _owner_type(self, module: Module, expected: int) -> int:
        """The contextual type of the literal whose member is expected to be of a type; 0 where none is."""
        terms = module.facts.terms
        row = terms[expected]
        if row[0] == op.TYPEOF and terms[int(row[1])][0] == op.MEMBER:
            owner = terms[int(terms[int(row[1])][1])]
            return int(owner[1]) if owner[0] == op.ANNOTATION else 0
        return 0
