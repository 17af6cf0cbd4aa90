"""Searches that may lead back to themselves, as those for a name through star imports and re-exports.

Going round a circle finds nothing more. So what is found on one depends on where the search began: such an
answer is kept for those who begin there, and for the rest of the search, and never used by another one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
A = TypeVar("A")


class Searches(Generic[A]):
    """The answers of searches that lead to one another; ``nothing`` is that of going round."""

    def __init__(self, nothing: A) -> None:
        self._nothing = nothing
        self._final: dict[Hashable, A] = {}
        self._circular: dict[Hashable, A] = {}  # for who begins there
        self._under_way: dict[Hashable, int] = {}  # with their depth
        self._searched: dict[Hashable, A] = {}  # in this search
        self._cut = 0  # the least depth of a search under way that was asked again

    def find(self, key: K, look: Callable[[K], A]) -> A:
        """The answer for a key; ``look`` finds it, and may search for others on the way."""
        if key in self._final:
            return self._final[key]
        if not self._under_way and key in self._circular:
            return self._circular[key]
        if key in self._under_way:
            self._cut = min(self._cut, self._under_way[key])
            return self._nothing
        if key in self._searched:
            self._cut = 0
            return self._searched[key]
        return self._search(key, look)

    def began_on_circle(self, key: Hashable) -> bool:
        """Whether the search for a key began on a circle."""
        return key in self._circular

    def _search(self, key: K, look: Callable[[K], A]) -> A:
        depth, outer_cut = len(self._under_way), self._cut
        self._under_way[key], self._cut = depth, depth + 1
        try:
            found = look(key)
        finally:
            del self._under_way[key]
        if self._cut > depth:
            self._final[key] = found
        elif depth:
            self._searched[key] = found
        else:
            self._circular[key] = found
        if not depth:
            self._searched.clear()
        self._cut = min(self._cut, outer_cut)
        return found
