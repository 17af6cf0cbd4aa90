"""Edits within one function, and whether anything but the function itself can be told from them.

Whoever refers to a function learns of it what its head says and what calling it gives (compare the answers
to look-ups in :mod:`isg.graph.semantics.python.answers`). Where that is said as before, all references but
its own lead where they led.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from isg.parsers import operators as op
from isg.parsers.differing import Lines
from isg.parsers.facts import BindingId, FileFacts, ScopeId, Signature, SymbolId, TermId
from isg.parsers.parse import Edit
from isg.parsers.reach import inside
from isg.parsers.terms import operands


class Within(NamedTuple):
    """An edit of one function: its id, it and all inside it by id and index in the file, the lines it had."""

    function: int
    symbols: Mapping[int, int]
    stood: range
    lines: Lines


def lines_of(facts: FileFacts, symbol: SymbolId) -> range:
    """The lines from the name of a symbol to its end."""
    fact = facts.symbols[symbol]
    start = facts.units[fact.unit]
    return range(start + fact.line, start + fact.end + 1)


def is_named(facts: FileFacts, symbol: SymbolId) -> bool:
    """Whether anything in its file may speak of a symbol: by its name, or without one."""
    name = facts.symbols[symbol].name
    return name.startswith("__") or any(name in term for term in facts.terms)


def says_the_same(edit: Edit, after: FileFacts) -> bool:
    """Whether the edited function says of itself to others what it said before."""
    before, index = edit.before, edit.function
    old, new = before.symbols[index], after.symbols[index]
    if (old.kind, old.modifiers, old.decorators) != (new.kind, new.modifiers, new.decorators):
        return False
    pairs = zip(old.signatures, new.signatures, strict=True)
    return all(
        _Same(edit, after).signature(before.signatures[one], after.signatures[other]) for one, other in pairs
    )


class _Same:
    """Compares what two terms of one file mean, one of before and one of now, without evaluating them.

    Terms are equal where they are of one shape over equal things; what is under comparison already counts as
    equal (bisimulation). A term of before is one of now as well: tables only grow.
    """

    def __init__(self, edit: Edit, after: FileFacts) -> None:
        self._facts = after
        self._inside = inside(after, edit.function)
        self._assumed: set[tuple[str, int, int]] = set()

    def signature(self, one: Signature, other: Signature) -> bool:
        return (
            one.flags == other.flags
            and {position for position, _, _ in one.called} == {position for position, _, _ in other.called}
            and len(one.parameters) == len(other.parameters)
            and all(
                (a.name, a.kind, a.has_default) == (b.name, b.kind, b.has_default)
                and self.term(a.annotation, b.annotation)
                and self.term(a.default, b.default)
                for a, b in zip(one.parameters, other.parameters, strict=True)
            )
            and self.term(one.returns, other.returns)
            and self._terms(one.returned, other.returned)
            and self._terms(one.yielded, other.yielded)
        )

    def _terms(self, one: tuple[TermId, ...], other: tuple[TermId, ...]) -> bool:
        return len(one) == len(other) and all(map(self.term, one, other))

    def term(self, one: TermId, other: TermId) -> bool:
        if one == other or ("t", one, other) in self._assumed:
            return True
        self._assumed.add(("t", one, other))
        a, b = self._facts.terms[one], self._facts.terms[other]
        if a[0] != b[0] or len(a) != len(b):
            return False
        if a[0] == op.NAME:
            return a[2] == b[2] and self._outer(int(a[1]), str(a[2])) == self._outer(int(b[1]), str(b[2]))
        return all(
            kind == other_kind and self._operand(kind, x, y)
            for (kind, x), (other_kind, y) in zip(operands(a), operands(b), strict=True)
        )

    def _operand(self, kind: str, one: int | str, other: int | str) -> bool:
        if kind == "t":
            return self.term(int(one), int(other))
        if kind == "b":
            return self._binding(int(one), int(other))
        return one == other and not (kind == "y" and one in self._inside)

    def _binding(self, one: BindingId, other: BindingId) -> bool:
        if one == other or ("b", one, other) in self._assumed:
            return True
        self._assumed.add(("b", one, other))
        a, b = self._facts.bindings[one], self._facts.bindings[other]
        return (
            (a.kind, a.name, a.symbol, a.instance) == (b.kind, b.name, b.symbol, b.instance)
            and self.term(a.term, b.term)
            and self.term(a.declared, b.declared)
        )

    def _outer(self, scope: ScopeId, name: str) -> ScopeId:
        """The scope that a name is looked up from, without those of the function that do not have it."""
        scopes = self._facts.scopes
        while scope > 0 and scopes[scope].symbol in self._inside:
            if name in scopes[scope].names:
                break
            scope = scopes[scope].parent
        return scope
