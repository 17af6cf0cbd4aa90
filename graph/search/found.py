"""What a search has found: few of it are looked at, so few of it are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TypeVar, overload

T = TypeVar("T")


class FirstOf(Sequence[T]):
    """A sequence whose length and first items are known; the others are made when somebody asks for them."""

    def __init__(self, first: Sequence[T], total: int, others: Callable[[], Sequence[T]]) -> None:
        """``others`` gives all that come after the first ones."""
        self._first = first
        self._total = total
        self._others = others

    def __len__(self) -> int:
        return self._total

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, int):
            at = range(self._total)[place]
            return self._first[at] if at < len(self._first) else self._all[at]
        places = range(self._total)[place]
        known = max(places, default=0) < len(self._first)
        return [(self._first if known else self._all)[at] for at in places]

    @cached_property
    def _all(self) -> Sequence[T]:
        return [*self._first, *self._others()]
