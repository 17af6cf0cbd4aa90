"""Symbols below the sources: the first ones by name, as many of those by signature as there is room for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from isg.graph.model import Symbol
from isg.graph.queries.forms import owner_of
from isg.graph.queries.parts import Candidate, Detail, Part, Writing, qualified_signature


class Listing:
    """A list that grows within its room."""

    def __init__(self, writing: Writing, room: int, headed: Iterable[str | None]) -> None:
        """``headed`` are the files that have a heading already."""
        self.room = room
        self.parts: list[Part] = []
        self._writing = writing
        self._headed = set(headed)
        self._listed: Counter[tuple[str | None, str]] = Counter()  # names by file, and by owner in it

    def add_names(self, candidates: Iterable[Candidate], kept: int = 0) -> None:
        """The first candidates by their names, all that fit while so many tokens of room are kept."""
        for candidate in candidates:
            symbol = candidate.symbol
            name = self._writing.part(candidate, Detail.NAME, symbol.name)
            file, owner = (symbol.file, ""), (symbol.file, owner_of(symbol))
            cost = self._cost(symbol, self._listed[file], self._listed[owner])
            if cost > self.room - kept:
                break
            self.room -= cost
            self._listed.update({file, owner})
            self.parts.append(name)

    def turn_to_signatures(self) -> None:
        """Names to signatures, as long as there is room."""
        for at, name in enumerate(self.parts):
            if name.detail is not Detail.NAME or self.room <= 0:
                continue
            symbol = name.candidate.symbol
            signature = self._writing.part(name.candidate, Detail.SIGNATURE, qualified_signature(symbol))
            cost = signature.tokens - name.tokens
            if symbol.file not in self._headed:  # its names stand below a heading then
                cost += self._writing.heading(symbol) + self._writing.names([symbol])
            if cost <= self.room:
                self.room -= cost
                self._headed.add(symbol.file)
                self.parts[at] = signature

    def _cost(self, symbol: Symbol, in_file: int, of_owner: int) -> int:
        """What a name adds where so many of its file and of its owner are listed."""
        form, count = self._writing
        if in_file:
            return count(form.further_name(symbol, of_owner))
        return (
            self._writing.names([symbol]) if symbol.file in self._headed else count(form.only_names([symbol]))
        )
