"""Where two contents of one file differ: the one stretch between what they begin and end with alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Difference(NamedTuple):
    """The bytes from ``start`` to ``old_end`` became those up to ``new_end``; the ends are not included."""

    start: int
    old_end: int
    new_end: int


def difference(before: bytes, after: bytes) -> Difference:
    """All between the first and the last byte that differ."""
    shorter = min(len(before), len(after))
    start = _longest(shorter, lambda size: before[:size] == after[:size])
    behind = _longest(
        shorter - start, lambda size: before[len(before) - size :] == after[len(after) - size :]
    )
    return Difference(start, len(before) - behind, len(after) - behind)


def _longest(most: int, holds: Callable[[int], bool]) -> int:
    """The greatest size up to which something holds; it holds for 0."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
