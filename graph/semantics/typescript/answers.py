"""Present answers to the look-ups that linking recorded, for early cut-off of incremental linking.

An answer holds everything that another file can learn by asking: where a name leads and what its value and
type are, but no positions and no bodies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.semantics import Definition
from isg.graph.linking.values import Entity
from isg.graph.semantics.typescript.names import Found, Meaning
from isg.parsers import operators as op
from isg.parsers.terms import DECLARING

if TYPE_CHECKING:
    from isg.graph.semantics.typescript.language import TypeScript

GONE = "gone"
_MEANINGS = (Meaning.VALUE, Meaning.TYPE, Meaning.NAMESPACE)
Answer = Iterator[Entity | str]


def answer(typescript: TypeScript, asked: Module, question: tuple[str, ...]) -> Iterable[Entity | str]:
    """The answer to one question ``(kind, path of the module asked, …)``, its parts in a fixed order."""
    kind = question[0]
    if kind == "name":
        return _name(typescript, asked, question[2])
    if kind == "global":
        return _global(typescript, asked, question[2])
    if kind in ("lambda", "term", "variable"):
        return _indexed(typescript, asked, kind, int(question[2]))
    symbol = asked.symbol_of_name.get(question[2])
    if symbol is None:
        return (GONE,)
    if kind == "class":
        return _class(typescript, asked, symbol)
    if kind == "member":
        return _member(typescript, asked, symbol, question[3])
    if kind == "members":
        return tuple(typescript.classes.own_names(asked, symbol))
    if kind == "space":
        return _space(typescript, asked, symbol, question[3])
    return _call(typescript, asked, symbol)


def _definition(definition: Definition) -> str:
    if definition.module is None:
        if definition.external is not None:
            return definition.external
        return "local" if definition.local else "?"
    fact = definition.module.facts.symbols[definition.symbol]
    place = f"{definition.module.path}:{definition.module.key(definition.symbol)}"
    return f"{place}:{fact.kind}:{','.join(fact.modifiers)}"


def _found(typescript: TypeScript, found: Found, meaning: Meaning) -> Answer:
    yield from sorted(_definition(d) for d in typescript.names.definitions(found, meaning))
    if meaning is Meaning.VALUE:
        yield from typescript.names.value_of(found)
    elif meaning is Meaning.TYPE:
        yield from typescript.types.of_found(found)
        for item in found:
            if isinstance(item, tuple):
                yield from _alias(typescript, *item)


def _alias(typescript: TypeScript, module: Module, binding: int) -> Answer:
    """What a generic alias stands for, before type arguments are put in."""
    fact = module.facts.bindings[binding]
    if fact.symbol >= 0 and module.facts.symbols[fact.symbol].type_parameters:
        yield from typescript.types.alias_parameters(module, fact.symbol)
        if module.facts.symbols[fact.symbol].kind == "type_alias":
            yield from typescript.types.type_of(module, fact.term)


def _name(typescript: TypeScript, asked: Module, name: str) -> Answer:
    for meaning in _MEANINGS:
        yield meaning.name or ""
        yield from _found(typescript, typescript.exports.exported(asked, name, meaning), meaning)
    yield from typescript.exports.circle(asked, name)


def _global(typescript: TypeScript, asked: Module, name: str) -> Answer:
    yield str(typescript.globals.declares_module(asked, name))
    for meaning in _MEANINGS:
        yield meaning.name or ""
        found = tuple(typescript.globals.declared(asked, name, meaning))
        if found:
            yield from _found(typescript, found, meaning)


def _space(typescript: TypeScript, asked: Module, symbol: int, name: str) -> Answer:
    for meaning in _MEANINGS:
        yield meaning.name or ""
        yield from _found(typescript, typescript.exports.of_namespace(asked, symbol, name, meaning), meaning)


def _class(typescript: TypeScript, asked: Module, symbol: int) -> Answer:
    info = typescript.heads.info(asked, symbol)
    yield asked.facts.symbols[symbol].kind
    yield from info.bases
    yield "parameters"
    yield from info.parameters
    for parameters in info.merged:
        yield "merged"
        yield from parameters
    yield "implemented"
    yield from info.implemented
    yield "extended"
    yield from info.extended
    yield "ancestors"
    yield from typescript.classes.ancestors(typescript.universe.class_(asked, symbol))


def _member(typescript: TypeScript, asked: Module, symbol: int, name: str) -> Answer:
    for static in (False, True):
        for binding in typescript.classes.own(asked, symbol, name, static):
            yield from _binding(typescript, asked, binding, str(static))
    for binding in typescript.classes.expando(asked, symbol, name):
        yield from _binding(typescript, asked, binding, "expando")


def _binding(typescript: TypeScript, asked: Module, binding: int, where: str) -> Answer:
    fact = asked.facts.bindings[binding]
    yield f"{where}{fact.kind}{fact.instance}{bool(fact.declared)}"
    yield from sorted(_definition(d) for d in typescript.names.binding_definitions(asked, binding))
    yield from typescript.names.slot_value(asked, binding)
    if fact.symbol >= 0:
        yield from _call(typescript, asked, fact.symbol)


def _call(typescript: TypeScript, asked: Module, symbol: int) -> Answer:
    for index in asked.facts.symbols[symbol].signatures:
        yield from _signature(typescript, asked, index)


def _signature(typescript: TypeScript, asked: Module, index: int) -> Answer:
    signature = asked.facts.signatures[index]
    called = sorted({position for position, _, _ in signature.called})
    yield f"{signature.flags}:{called}:{signature.scope < 0}"
    if signature.type_parameters >= 0:
        for bindings in asked.facts.scopes[signature.type_parameters].names.values():
            yield from _variable(typescript, asked, bindings[0])
    for parameter in signature.parameters:
        yield f"{parameter.name}:{parameter.kind}:{parameter.has_default}"
        if parameter.annotation:
            yield from typescript.types.type_of(asked, parameter.annotation)
    yield "returns"
    yield from typescript.calls.returns(asked, index)
    if signature.returns and asked.facts.terms[signature.returns][0] == op.NARROW:
        yield "predicate"
        yield from typescript.types.type_of(asked, int(asked.facts.terms[signature.returns][2]))


def _variable(typescript: TypeScript, asked: Module, binding: int) -> Answer:
    fact = asked.facts.bindings[binding]
    yield fact.name
    if fact.declared:
        yield from typescript.types.type_of(asked, fact.declared)
    if fact.term:
        yield "default"
        yield from typescript.types.type_of(asked, fact.term)


def _indexed(typescript: TypeScript, asked: Module, kind: str, index: int) -> Answer:
    """The answer about something that has a number instead of a name."""
    facts = asked.facts
    if kind == "lambda":
        if index < len(facts.signatures):
            yield from _signature(typescript, asked, index)
    elif kind == "variable":
        if index < len(facts.bindings):
            yield from _variable(typescript, asked, index)
    elif index < len(facts.terms):
        yield from _term(typescript, asked, index)


def _term(typescript: TypeScript, asked: Module, index: int) -> Answer:
    """The parts of an object or of a type that depends on type variables."""
    row = asked.facts.terms[index]
    yield str(row[0])
    if row[0] == op.OBJECT:
        for position in range(1, len(row), 2):
            term, name = int(row[position + 1]), str(row[position])
            if name == DECLARING:
                continue
            yield name
            for definition in typescript.denoted.declared(asked, index, name):
                yield _definition(definition)
            yield from typescript.types.type_of(asked, term)
            yield from typescript.evaluator.value(asked, term)
            if asked.facts.terms[term][0] == op.SYMBOL:
                symbol = int(asked.facts.terms[term][1])
                yield _definition(typescript.definition(asked, symbol))
                yield from _call(typescript, asked, symbol)
    elif row[0] in (op.CONDITIONAL, op.MAPPED, op.KEYS):
        for operand in row[1:]:
            yield from typescript.types.type_of(asked, int(operand))
    elif row[0] == op.TYPEOF:
        yield from _operands(typescript, asked, int(row[1]))


def _operands(typescript: TypeScript, asked: Module, term: int) -> Answer:
    """The parts of an indexed access type."""
    row = asked.facts.terms[term]
    if row[0] == op.ANNOTATION:
        yield from typescript.types.type_of(asked, int(row[1]))
    elif row[0] in (op.MEMBER, op.ITER, op.AWAIT, op.CALL, op.ITEM):
        yield str(row[2:])
        yield from _operands(typescript, asked, int(row[1]))
    elif row[0] == op.INDEX:
        yield from _operands(typescript, asked, int(row[1]))
        yield from _operands(typescript, asked, int(row[2]))
    else:
        yield from typescript.evaluator.value(asked, term)
