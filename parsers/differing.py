"""Where two contents of one file differ: the one stretch between what they begin and end with alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Difference(NamedTuple):
    """The bytes from ``start`` to ``old_end`` became those up to ``new_end``; the ends are not included."""

    start: int
    old_end: int
    new_end: int


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


def difference(before: bytes, after: bytes) -> Difference:
    """All between the first and the last byte that differ."""
    shorter = min(len(before), len(after))
    start = _longest(shorter, lambda size: before[:size] == after[:size])
    behind = _longest(
        shorter - start, lambda size: before[len(before) - size :] == after[len(after) - size :]
    )
    return Difference(start, len(before) - behind, len(after) - behind)


def changed_lines(before: bytes, after: bytes, where: Difference) -> Lines:
    """The lines in which two texts differ."""
    start, old_end, new_end = where
    return Lines(
        before.count(b"\n", 0, start) + 1,
        before.count(b"\n", 0, max(start, old_end - 1)) + 1,
        after.count(b"\n", 0, max(start, new_end - 1)) + 1,
        after.count(b"\n", start, new_end) - before.count(b"\n", start, old_end),
    )


def _longest(most: int, holds: Callable[[int], bool]) -> int:
    """The greatest size up to which something holds; it holds for 0."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
