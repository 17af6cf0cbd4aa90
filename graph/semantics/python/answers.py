"""Present answers to the look-ups that linking recorded, for early cut-off of incremental linking.

An answer holds everything that another file can learn by asking: where a name leads and what its value
is, but no positions and no bodies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.semantics import Definition
from isg.graph.linking.values import Entity, Value
from isg.graph.semantics.python.classes import Member

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python

GONE = "gone"


def answer(python: Python, asked: Module, question: tuple[str, ...]) -> Iterable[Entity | str]:
    """The answer to one question as entities and texts, in a fixed order.

    ``question`` is (kind, path of the module asked, …); ``asked`` is that module.
    """
    kind = question[0]
    if kind == "name":
        return _name(python, asked, question[2])
    if kind == "public":
        return (str(python.names.is_public(asked, question[2])),)
    if kind == "lambda":
        return _lambda(python, asked, int(question[2]))
    symbol = asked.symbol_of_name.get(question[2])
    if symbol is None:
        return (GONE,)
    if kind == "class":
        return _class(python, asked, symbol)
    if kind == "find":
        return _find(python, asked, symbol, question[3])
    if kind == "member":
        return _bindings(python, asked, python.classes.own(asked, symbol, question[3]))
    return _call(python, asked, symbol)


def _definition(definition: Definition) -> str:
    if definition.module is None:
        return (
            f"{definition.external}"
            if definition.external is not None
            else ("local" if definition.local else "?")
        )
    fact = definition.module.facts.symbols[definition.symbol]
    place = f"{definition.module.path}:{definition.module.key(definition.symbol)}"
    return f"{place}:{fact.kind}:{','.join(fact.modifiers)}"


def _name(python: Python, asked: Module, name: str) -> Iterator[Entity | str]:
    found = python.names.export(asked, name)
    # Star imports pass over what is not there, and over modules that are only inside the package.
    yield "nothing" if found is None else "an entity" if isinstance(found, Entity) else "bound"
    yield from sorted(_definition(d) for d in python.names.definitions(found))
    yield from python.names.circle(asked, name)
    yield "value"
    yield from python.names.value_of(found)
    yield "type"
    yield from python.types.of_found(found)


def _class(python: Python, asked: Module, symbol: int) -> Iterator[Entity | str]:
    info = python.classes.info(asked, symbol)
    yield asked.facts.symbols[symbol].kind
    yield from info.bases
    yield "parameters"
    yield from info.parameters
    yield f"{info.protocol}{info.enum}{info.named_tuple}{info.typed_dict}"
    yield ",".join(python.classes.tuple_fields(python.universe.class_(asked, symbol)))
    if info.metaclass is not None:
        yield info.metaclass
    yield "mro"
    yield from python.classes.mro(python.universe.class_(asked, symbol))


def _find(python: Python, asked: Module, symbol: int, name: str) -> Iterator[Entity | str]:
    class_ = python.universe.class_(asked, symbol)
    found = python.classes.find(class_, name)
    while isinstance(found, Member):
        yield found.owner
        yield from _bindings(python, found.owner.module, found.bindings)
        if python.members.says_what_it_holds(found):
            return
        found = python.classes.find(class_, name, after=found.owner)
    yield found if found is not None else GONE


def _bindings(python: Python, asked: Module, bindings: tuple[int, ...]) -> Iterator[Entity | str]:
    for binding in bindings:
        fact = asked.facts.bindings[binding]
        yield f"{fact.kind}{fact.instance}{bool(fact.declared)}"
        yield from sorted(_definition(d) for d in python.names.binding_definitions(asked, binding))
        yield from python.names.bound(asked, binding)
        if fact.declared:
            yield "declared"
            yield from python.types.declared(asked, fact.declared)


def _call(python: Python, asked: Module, symbol: int) -> Iterator[Entity | str]:
    for index in asked.facts.symbols[symbol].signatures:
        signature = asked.facts.signatures[index]
        yield f"{signature.flags}:{sorted({position for position, _, _ in signature.called})}"
        for parameter in signature.parameters:
            yield f"{parameter.name}:{parameter.kind}:{parameter.has_default}"
            value: Value = python.types.declared(asked, parameter.annotation) if parameter.annotation else ()
            yield from value
        yield "returns"
        yield from python.returns.of(asked, index)


def _lambda(python: Python, asked: Module, index: int) -> Iterator[Entity | str]:
    if index >= len(asked.facts.signatures):
        yield GONE
        return
    for term in asked.facts.signatures[index].returned:
        yield from python.evaluator.value(asked, term)
