"""Symbols that an overlay has and the packed graph below has not, by all that one looks them up with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from isg.graph.model import Symbol
from isg.graph.numbering import GONE, Numbering
from isg.graph.packing import index_names


class Newcomers:
    """They stand under the numbers that they have now."""

    def __init__(self, symbols: Mapping[int, Symbol]) -> None:
        self._symbols = symbols

    @cached_property
    def by_id(self) -> Mapping[int, int]:
        return {symbol.id: node for node, symbol in self._symbols.items()}

    @cached_property
    def by_key(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for node, symbol in self._symbols.items():
            found.setdefault(symbol.key, []).append(node)
        return found

    @cached_property
    def by_name(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for node, symbol in self._symbols.items():
            for name in sorted(index_names(symbol)):
                found.setdefault(name, []).append(node)
        return found


class NodesById(Mapping[int, int]):
    """The nodes of all symbols by their ids, where some have come and some have other numbers than packed."""

    def __init__(self, packed: Mapping[int, int], numbering: Numbering, came: Mapping[int, int]) -> None:
        self._packed, self._numbering, self._came = packed, numbering, came

    def __getitem__(self, symbol_id: int) -> int:
        found = self._came.get(symbol_id)
        if found is None:
            found = self._numbering.now(self._packed[symbol_id])
        if found == GONE:
            raise KeyError(symbol_id)
        return found

    def __iter__(self) -> Iterator[int]:
        yield from self._came
        for symbol_id, was in self._packed.items():
            if self._numbering.now(was) != GONE:
                yield symbol_id

    def __len__(self) -> int:
        return len(self._came) + sum(run.length for run in self._numbering.runs)
