"""What a call passes to which parameter.

Rules: the TypeScript handbook, "More on Functions" ("Rest Parameters and Arguments"); a rest parameter whose
type is a tuple takes as many arguments as that has elements, each of a type of its own (release notes of
TypeScript 3.0, "Tuples in rest parameters").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.values import TupleEntity, Value, join
from isg.parsers import operators as op
from isg.parsers.facts import Parameter, ParameterKind, Signature

if TYPE_CHECKING:
    from isg.graph.semantics.typescript.language import TypeScript

_POSITIONAL = (ParameterKind.POSITIONAL, ParameterKind.POSITIONAL_ONLY)


class Passed(NamedTuple):
    """An argument and the parameter that takes it."""

    position: int  # of the parameter
    parameter: Parameter
    at: int  # which of the arguments of a rest parameter it is
    term: int  # 0: it stands nowhere
    value: Callable[[], Value]

    def wanted(self, typescript: TypeScript, declared: Value) -> Value:
        """The type that is asked of the argument, where the parameter is declared like this."""
        if self.parameter.kind is not ParameterKind.VARIADIC:
            return declared
        return join(*[typescript.item(entity, self.at) for entity in declared])

    def is_beyond(self, declared: Value) -> bool:
        """Whether a rest parameter that is declared like this takes fewer arguments."""
        if self.parameter.kind is not ParameterKind.VARIADIC or not declared:
            return False
        return all(isinstance(each, TupleEntity) and self.at >= len(each.items) for each in declared)


def passed(typescript: TypeScript, signature: Signature, arguments: Arguments) -> Iterator[Passed]:
    """What a call passes to the parameters of a signature, in order."""
    evaluator, caller = typescript.evaluator, arguments.module
    found: list[tuple[int, Callable[[], Value]]] = []
    for value in arguments.given:
        found.append((0, partial(_itself, value)))
    for term in arguments.positional if caller is not None else ():
        assert caller is not None
        if term > 0 and caller.facts.terms[term][0] == op.STAR:
            break
        found.append((term, partial(evaluator.value, caller, term)))
    at = 0
    for position, parameter in enumerate(signature.parameters):
        if parameter.kind in _POSITIONAL and at < len(found):
            yield Passed(position, parameter, 0, *found[at])
            at += 1
        elif parameter.kind is ParameterKind.VARIADIC:
            for offset, each in enumerate(found[at:]):
                yield Passed(position, parameter, offset, *each)
            return


def _itself(value: Value) -> Value:
    return value


def fits(signature: Signature, arguments: Arguments) -> bool:
    """Whether the number of arguments fits the parameters."""
    terms = arguments.module.facts.terms if arguments.module is not None else ()
    if any(t > 0 and terms[t][0] == op.STAR for t in arguments.positional):
        return True
    positional = [p for p in signature.parameters if p.kind in _POSITIONAL]
    count = len(arguments.given) + len(arguments.positional)
    variadic = any(p.kind is ParameterKind.VARIADIC for p in signature.parameters)
    if count > len(positional) and not variadic:
        return False
    return all(p.has_default for p in positional[count:])
