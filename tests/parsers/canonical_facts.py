"""Facts by what they say alone: numbers go in the order in which things are mentioned."""

from __future__ import annotations

from typing import Any

import msgspec

from isg.parsers.facts import NOTHING, FileFacts
from isg.parsers.terms import operands


def canonical(facts: FileFacts) -> tuple[object, ...]:
    """Equal for facts that differ in the numbers of terms, bindings, scopes and signatures only."""
    return _Canonical(facts).all()


class _Canonical:
    def __init__(self, facts: FileFacts) -> None:
        self.facts = facts
        self._terms: dict[int, int] = {}
        self._interned: dict[tuple[object, ...], int] = {}
        self._numbers: dict[str, dict[int, int]] = {"b": {}, "s": {}, "g": {}}
        self._pending: list[tuple[str, int]] = []

    def all(self) -> tuple[object, ...]:
        facts = self.facts
        said: list[object] = [facts.language, facts.lines, facts.units, facts.exports, facts.diagnostics]
        said += [self._row(each, terms=("decorators", "bases"), g=("signatures",)) for each in facts.symbols]
        said += [self._row(each, terms=("term", "call")) for each in facts.references]
        said += [self._row(each) for each in facts.imports]
        said += [self._term(term) for term in facts.exports_of]
        for kind, index in self._pending:  # grows
            said.append((kind, self._described(kind, index)))
        return (*said, *self._interned)

    def _row(self, row: Any, terms: tuple[str, ...] = (), g: tuple[str, ...] = ()) -> dict[str, object]:
        said: dict[str, object] = msgspec.structs.asdict(row)
        for name in terms:
            value = getattr(row, name)
            said[name] = self._term(value) if isinstance(value, int) else [self._term(each) for each in value]
        for name in g:
            said[name] = [self._number("g", each) for each in getattr(row, name)]
        if "scope" in said:
            said["scope"] = self._number("s", row.scope)
        if "keywords" in said:
            said["keywords"] = [(name, self._term(term)) for name, term in row.keywords]
        return said

    def _described(self, kind: str, index: int) -> object:
        if kind == "b":
            return self._row(self.facts.bindings[index], terms=("term", "declared"))
        if kind == "s":
            scope = self.facts.scopes[index]
            names = [(name, [self._number("b", b) for b in bound]) for name, bound in scope.names.items()]
            return scope.kind, self._number("s", scope.parent), scope.symbol, names
        signature = self.facts.signatures[index]
        said = self._row(signature, terms=("returns", "returned", "yielded", "expected"))
        said["parameters"] = [
            self._row(each, terms=("annotation", "default")) for each in signature.parameters
        ]
        said["type_parameters"] = self._number("s", signature.type_parameters)
        return said

    def _number(self, kind: str, index: int) -> int:
        if index == NOTHING:
            return index
        numbers = self._numbers[kind]
        if index not in numbers:
            numbers[index] = len(numbers)
            self._pending.append((kind, index))
        return numbers[index]

    def _term(self, term: int) -> int:
        found = self._terms.get(term)
        if found is None:
            row = self.facts.terms[term]
            said = (row[0], *(self._operand(kind, value) for kind, value in operands(row)))
            found = self._terms[term] = self._interned.setdefault(said, len(self._interned))
        return found

    def _operand(self, kind: str, value: Any) -> object:
        if kind == "t":
            return self._term(value)
        return self._number(kind, value) if kind in self._numbers else value
