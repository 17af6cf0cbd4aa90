"""Edits within one function that concern nothing else in its file.

Whatever refers to the function from inside the file names it. Where nothing there does, and it sets nothing
but variables of its own, all references but its own lead where they led; those of other files rest on
look-ups, as after any edit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import msgspec

from isg.graph.model import CALLABLE_KINDS, TYPE_KINDS, Symbol
from isg.parsers.differing import difference
from isg.parsers.facts import FileFacts, Form, Reference, Role


class Lines(NamedTuple):
    """Lines from ``first`` (1-based) to ``last_before`` became those to ``last_after``, all included."""

    first: int
    last_before: int
    last_after: int
    surplus: int
    """How many lines there are more than before."""

    def moved(self, line: int) -> int:
        """Where a line of before stands now that did not change."""
        return line if line < self.first else line + self.surplus


class Within(NamedTuple):
    """An edit of one function: its id, it and all inside it by id and index in the file, the lines it had."""

    function: int
    symbols: Mapping[int, int]
    stood: range
    lines: Lines


def changed_lines(before: bytes, after: bytes) -> Lines:
    """The lines in which two texts differ."""
    start, old_end, new_end = difference(before, after)
    return Lines(
        before.count(b"\n", 0, start) + 1,
        before.count(b"\n", 0, max(start, old_end - 1)) + 1,
        after.count(b"\n", 0, max(start, new_end - 1)) + 1,
        after.count(b"\n", start, new_end) - before.count(b"\n", start, old_end),
    )


def within_function(
    lines: Lines, before: Sequence[Symbol], after: Sequence[Symbol], facts: FileFacts, old: FileFacts
) -> Within | None:
    """The function that an edit is within, where it concerns nothing else in its file; else None.

    ``after`` is in the order of ``facts``, those of now; ``old`` are those of before. Outside of the lines
    the text is the same.
    """
    index = _function_at(lines, after)
    if index is None or facts.diagnostics or old.diagnostics:
        return None
    function, were = after[index], {symbol.id: symbol for symbol in before}
    stood = were.get(function.id)
    if stood is None or len(were) != len(after) or old.symbols[index].name != function.name:
        return None
    inside, around = _inside(function, after), _around(function, after)
    alone = (
        all(s.id in were and _stays(were[s.id], s, lines, inside, around) for s in after)
        and lines.last_before <= stood.end_line
        and lines.last_after <= function.end_line
        and not function.declarations
        and not function.name.startswith("__")
        and not any(function.name in term for term in facts.terms)
        and not any(_is_set_in(function, symbol, inside, around) for symbol in after)
        and not any(_reaches_out(set(inside.values()), each) for each in (old, facts))
    )
    return Within(function.id, inside, range(stood.line, stood.end_line + 1), lines) if alone else None


def _function_at(lines: Lines, symbols: Sequence[Symbol]) -> int | None:
    """The index of the function or method that these lines are in, the outermost one."""
    begun = [index for index, symbol in enumerate(symbols) if symbol.line <= lines.first]
    last = max(begun, key=lambda index: (symbols[index].line, symbols[index].column), default=None)
    if last is None:
        return None
    by_id = {symbol.id: index for index, symbol in enumerate(symbols)}
    around = [by_id[each] for each in _around(symbols[last], symbols)]
    return next((each for each in reversed(around) if symbols[each].kind in CALLABLE_KINDS), None)


def _around(symbol: Symbol, symbols: Sequence[Symbol]) -> dict[int, Symbol]:
    """A symbol and all that it stands in, by their ids, from the innermost."""
    by_id, found = {each.id: each for each in symbols}, {symbol.id: symbol}
    while symbol.parent is not None:
        symbol = by_id[symbol.parent]
        found[symbol.id] = symbol
    return found


def _inside(function: Symbol, symbols: Sequence[Symbol]) -> dict[int, int]:
    """A function and all that stands in it, by their ids; what is around comes first among the symbols."""
    found = dict[int, int]()
    for index, symbol in enumerate(symbols):
        if symbol.id == function.id or symbol.parent in found:
            found[symbol.id] = index
    return found


def _stays(
    before: Symbol, after: Symbol, lines: Lines, inside: Mapping[int, int], around: Mapping[int, Symbol]
) -> bool:
    """Whether a symbol is what it was, and moved with the lines at most; what is around them also grew."""
    if after.id in around:
        grown = before.end_line + lines.surplus == after.end_line
        place = before.line, before.start_line, before.column, before.kind, before.parent, before.modifiers
        return grown and place == (
            after.line,
            after.start_line,
            after.column,
            after.kind,
            after.parent,
            after.modifiers,
        )
    if after.id in inside:
        return True
    moved = msgspec.structs.replace(
        before,
        line=lines.moved(before.line),
        start_line=lines.moved(before.start_line),
        end_line=lines.moved(before.end_line),
        declarations=after.declarations,
    )
    return moved == after


def _is_set_in(
    function: Symbol, symbol: Symbol, inside: Mapping[int, int], around: Mapping[int, Symbol]
) -> bool:
    """Whether a symbol stands in a function that is nothing inside it: an attribute of the class around."""
    within = function.line <= symbol.line <= function.end_line
    return within and symbol.id not in inside and symbol.id not in around


def _reaches_out(symbols: AbstractSet[int], facts: FileFacts) -> bool:
    """Whether one of these symbols sets what may not be a variable of its own, or has imports."""
    sets = (each for each in facts.references if each.role is Role.WRITE and each.symbol in symbols)
    return any(_sets_outside(each, symbols, facts) for each in sets) or any(
        each.symbol in symbols for each in facts.imports
    )


def _sets_outside(reference: Reference, symbols: AbstractSet[int], facts: FileFacts) -> bool:
    """Whether a place sets a variable, or an attribute of a class, that does not stand in these symbols.

    What is set on other objects says nothing of these.
    """
    if reference.form is not Form.SELF:
        return reference.form is Form.NAME
    owner = reference.symbol
    while owner >= 0 and facts.symbols[owner].kind not in TYPE_KINDS:
        owner = facts.symbols[owner].parent
    return owner not in symbols
