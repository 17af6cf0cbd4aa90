"""Present answers to the look-ups that linking recorded, for early cut-off of incremental linking.

An answer holds what another file can learn by asking. Rust declares the types of all items, so that no body
is part of any answer but those of macros.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.values import Entity, Value, text_of

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

GONE = "gone"


def answer(rust: Rust, asked: Module, question: tuple[str, ...]) -> Iterable[Entity | str]:
    """The answer to one question ``(kind, path of the module asked, …)`` as entities and texts."""
    kind = question[0]
    if kind == "outline":
        return list(rust.outlines.text(asked))
    if kind == "index":
        modules = rust.outlines.modules(rust.crates.group(asked.path))
        return [line for module in modules for line in (module.path, *rust.outlines.text(module))]
    if kind == "declares":
        return [str(rust.names.declares(asked, question[2:])[1])]
    if kind == "beside":
        return _described(rust, rust.imports.beside(asked, question[2]))
    if kind == "gives":
        return _gives(rust, asked, question[2], question[3])
    symbol = asked.symbol_of_name.get(question[2])
    if symbol is None:
        return (GONE,)
    if kind == "name":
        return _name(rust, asked, symbol, question[3], question[4])
    if kind == "impl":
        return _impl(rust, asked, symbol)
    if kind == "member":
        return _member(rust, asked, symbol, question[3])
    return _symbol(rust, asked, symbol)


def _name(rust: Rust, asked: Module, symbol: int, space: str, name: str) -> Iterator[Entity | str]:
    scope = asked.facts.symbols[symbol].scope
    seen, _, space = space.rpartition(" ")
    return _described(rust, rust.names.own(asked, max(scope, 0), name, space, f"{seen} " if seen else ""))


def _described(rust: Rust, found: Value) -> Iterator[Entity | str]:
    for entity in found:
        yield entity
        yield rust.definition_text(entity)


def _impl(rust: Rust, asked: Module, symbol: int) -> Iterator[Entity | str]:
    head = rust.impls.head(asked, symbol)
    yield from head.self_type
    yield head.trait if head.trait is not None else str(head.is_inherent)
    yield from _parameters(rust, asked, symbol)


def _member(rust: Rust, asked: Module, symbol: int, name: str) -> Iterator[Entity | str]:
    scope = asked.facts.symbols[symbol].scope
    for binding in asked.facts.scopes[scope].names.get(name, ()) if scope >= 0 else ():
        fact = asked.facts.bindings[binding]
        yield f"{fact.kind}"
        if fact.symbol > 0:
            yield f"{asked.facts.symbols[fact.symbol].kind} {asked.key(fact.symbol)}"
        yield from _declared(rust, asked, binding)


def _gives(rust: Rust, asked: Module, block: str, name: str) -> Iterator[Entity | str]:
    for symbol in rust.impls.giving(asked, block, name):
        yield asked.qualified[symbol]
        yield from _member(rust, asked, symbol, name)


def _declared(rust: Rust, asked: Module, binding: int) -> Iterator[Entity | str]:
    fact = asked.facts.bindings[binding]
    if fact.symbol > 0 and asked.facts.symbols[fact.symbol].kind == "type_alias":
        yield from rust.types.of(asked, fact.term)
        yield from rust.types.bounds(asked, fact.declared)
    elif fact.declared:
        yield from rust.types.of(asked, fact.declared)


def _parameters(rust: Rust, asked: Module, symbol: int) -> Iterator[Entity | str]:
    for variable in rust.types.parameters(asked, symbol):
        yield variable
        yield from rust.types.bounds_of_variable(variable)
        term = asked.facts.bindings[variable.binding].term
        if term:
            yield from rust.types.of(asked, term)


def _symbol(rust: Rust, asked: Module, symbol: int) -> Iterator[Entity | str]:
    """All that a definition declares by itself: parameters and types, supertraits, derived traits."""
    fact = asked.facts.symbols[symbol]
    yield f"{fact.kind} {asked.key(symbol)} {','.join(fact.modifiers)}"
    yield from _parameters(rust, asked, symbol)
    for term in fact.bases:
        yield from rust.types.bounds(asked, term)
    for _, term in fact.keywords:
        yield from rust.types.bounds(asked, term)
    if fact.kind == "type_alias":
        yield from rust.types.aliased_text(asked, symbol)
    for index in fact.signatures:
        signature = asked.facts.signatures[index]
        yield f"{signature.flags} {sorted({position for position, _, _ in signature.called})}"
        for parameter in signature.parameters:
            yield parameter.name
            yield from rust.types.of(asked, parameter.annotation)
        yield "returns"
        yield text_of(rust.types.of(asked, signature.returns))
    if fact.kind == "macro":
        yield fact.body_hash.hex()
    if fact.scope >= 0 and fact.kind in ("struct", "union", "constant", "enum"):
        yield from asked.facts.scopes[fact.scope].names
