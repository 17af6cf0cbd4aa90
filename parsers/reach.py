"""How far what a function says reaches: what stands in it, and what it sets outside of itself."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from isg.parsers.differing import Lines
from isg.parsers.facts import FileFacts, Form, Reference, Role, SymbolFact, SymbolId

_FUNCTIONS = frozenset({"function", "method", "constructor", "property"})
_TYPES = frozenset({"class", "enum", "protocol"})


def function_at(facts: FileFacts, lines: Lines) -> SymbolId | None:
    """The function that these lines of before are in, or came behind, and that stands in no other one."""
    for index, fact in enumerate(facts.symbols):
        if fact.kind in _FUNCTIONS:
            first, last = _lines(facts, fact)
            if first <= lines.first <= last + 1 and lines.last_before <= last:
                return index
    return None


def inside(facts: FileFacts, function: SymbolId) -> set[SymbolId]:
    """A symbol and all that stand in it; what is around comes first among the symbols."""
    found = {function}
    for index in range(function + 1, len(facts.symbols)):
        if facts.symbols[index].parent in found:
            found.add(index)
    return found


def around(facts: FileFacts, symbol: SymbolId) -> list[SymbolId]:
    """What a symbol stands in, from the innermost."""
    found = []
    while (symbol := facts.symbols[symbol].parent) >= 0:
        found.append(symbol)
    return found


def sets_outside(facts: FileFacts, function: SymbolId, within: AbstractSet[SymbolId]) -> bool:
    """Whether a function, or one of those within it, sets what may not be a variable of its own, or imports.

    What is set on other objects than its receiver says nothing of this file.
    """
    first, last = _lines(facts, facts.symbols[function])
    outer = {*within, *around(facts, function)}
    defined = (
        first <= facts.units[each.unit] + each.line <= last
        for index, each in enumerate(facts.symbols)
        if index not in outer
    )
    sets = (each for each in facts.references if each.role is Role.WRITE and each.symbol in within)
    return (
        any(defined)
        or any(_is_outside(each, within, facts) for each in sets)
        or any(each.symbol in within for each in facts.imports)
    )


def _lines(facts: FileFacts, symbol: SymbolFact) -> tuple[int, int]:
    start = facts.units[symbol.unit]
    return start + symbol.start, start + symbol.end


def _is_outside(reference: Reference, within: AbstractSet[SymbolId], facts: FileFacts) -> bool:
    """Whether a place sets a variable, or an attribute of a class, that does not stand within."""
    if reference.form is not Form.SELF:
        return reference.form is Form.NAME
    owner = reference.symbol
    while owner >= 0 and facts.symbols[owner].kind not in _TYPES:
        owner = facts.symbols[owner].parent
    return owner not in within
