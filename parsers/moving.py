"""The facts of a file at the lines where they are after one function became longer or shorter."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from isg.parsers.facts import DeclarationFact, FileFacts, Import, Reference, Signature, SymbolFact, SymbolId


class Growth:
    """All behind a function moves, and what it stands in ends later, by some lines."""

    def __init__(self, facts: FileFacts, function: SymbolId, surplus: int) -> None:
        fact = facts.symbols[function]
        self._facts = facts
        self._surplus = surplus
        self._unit = fact.unit
        last = facts.units[fact.unit] + fact.end
        self._last = {unit: last - facts.units[unit] for unit in (0, fact.unit)}
        """The last line of the function, relative to the units that reach beyond it."""

    def facts(self) -> FileFacts:
        """The facts without their references, which are a function's own."""
        facts = self._facts
        behind = self._unit + 1
        return msgspec.structs.replace(
            facts,
            lines=facts.lines + self._surplus,
            units=(*facts.units[:behind], *(start + self._surplus for start in facts.units[behind:])),
            symbols=tuple(map(self._symbol, facts.symbols)),
            imports=tuple(map(self._import, facts.imports)),
            signatures=tuple(map(self._signature, facts.signatures)),
            references=(),
        )

    def references(self, references: Iterable[Reference]) -> list[Reference]:
        if not self._surplus:
            return list(references)
        last, surplus = self._last, self._surplus
        return [
            msgspec.structs.replace(each, line=each.line + surplus)
            if each.unit in last and each.line > last[each.unit]
            else each
            for each in references
        ]

    def _line(self, unit: int, line: int) -> int:
        return line + self._surplus if line > self._last.get(unit, line) else line

    def _end(self, unit: int, line: int) -> int:
        """Where something ends that does not stand in the function."""
        return line + self._surplus if line >= self._last.get(unit, line + 1) else line

    def _symbol(self, fact: SymbolFact) -> SymbolFact:
        if not self._surplus or (self._is_before(fact) and not fact.declarations):
            return fact
        return msgspec.structs.replace(
            fact,
            line=self._line(fact.unit, fact.line),
            start=self._line(fact.unit, fact.start),
            end=self._end(fact.unit, fact.end),
            declarations=tuple(map(self._declaration, fact.declarations)),
        )

    def _declaration(self, fact: DeclarationFact) -> DeclarationFact:
        return msgspec.structs.replace(
            fact,
            line=self._line(fact.unit, fact.line),
            start=self._line(fact.unit, fact.start),
            end=self._end(fact.unit, fact.end),
        )

    def _is_before(self, fact: SymbolFact) -> bool:
        return fact.unit not in self._last or fact.end < self._last[fact.unit]

    def _import(self, fact: Import) -> Import:
        line = self._line(fact.unit, fact.line)
        return fact if line == fact.line else msgspec.structs.replace(fact, line=line)

    def _signature(self, fact: Signature) -> Signature:
        if not fact.called or not self._surplus:
            return fact
        facts = self._facts
        unit = facts.symbols[facts.scopes[fact.scope].symbol].unit
        called = tuple((position, self._line(unit, line), column) for position, line, column in fact.called)
        return msgspec.structs.replace(fact, called=called)
