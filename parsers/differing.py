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
    """Lines from ``first`` (1-based) to ``last_before`` became those to ``last_after``, all included.

    A last line before the first one: there are none.
    """

    first: int
    last_before: int
    last_after: int
    surplus: int
    """How many lines there are more than before."""

    def moved(self, line: int) -> int:
        """Where a line of before stands now that did not change."""
        return line if line < self.first else line + self.surplus


def difference(before: bytes, after: bytes) -> Difference:
    """All between the first and the last byte that differ; whole lines where such came or went."""
    shorter = min(len(before), len(after))
    start = _longest(shorter, lambda size: before[:size] == after[:size])
    behind = _longest(
        shorter - start, lambda size: before[len(before) - size :] == after[len(after) - size :]
    )
    return _by_lines(before, after, Difference(start, len(before) - behind, len(after) - behind))


def _by_lines(before: bytes, after: bytes, found: Difference) -> Difference:
    """What only came or only went, from the start of its line, where that is the same difference.

    Lines that begin as the one behind them does seem to begin within that one.
    """
    start, old_end, new_end = found
    text, end = (after, new_end) if start == old_end else (before, old_end)
    ahead = start - (text.rfind(b"\n", 0, start) + 1)
    if start not in (old_end, new_end) or text[start - ahead : start] != text[end - ahead : end]:
        return found
    return Difference(start - ahead, old_end - ahead, new_end - ahead)


def changed_lines(before: bytes, after: bytes, where: Difference) -> Lines:
    """The lines in which two texts differ; where lines only came or went, the other side has none."""
    start, old_end, new_end = where
    first = before.count(b"\n", 0, start) + 1
    old, new = before[start:old_end], after[start:new_end]
    whole = (old or new).endswith(b"\n") and not before[:start].rpartition(b"\n")[2]
    was, now = (first - 1 if whole and not text else first + text[:-1].count(b"\n") for text in (old, new))
    return Lines(first, was, now, new.count(b"\n") - old.count(b"\n"))


def _longest(most: int, holds: Callable[[int], bool]) -> int:
    """The greatest size up to which something holds; it holds for 0."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
