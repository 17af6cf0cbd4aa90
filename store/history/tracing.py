"""Which symbols the commits of a history changed: present line ranges, followed back through the hunks.

A file is walked once, from the newest commit to the oldest, along its renames. Each commit touches the
ranges that its hunks overlap, and then moves every range to where it stood before. What the lines say is not
known here: a range inside of a hunk is taken to be new where that adds more than twice the lines that it
removes, and else, as one that reaches into a hunk, to have had its share of the lines that were removed.

Histories with branches are walked in the order of time, as ``git log`` prints them: between a fork and its
merge a range can be off by the lines that the other side added above it, and is right again before the fork.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from isg.store.history.log import Change, Hunk


class Span(NamedTuple):
    """Lines of a symbol at present, 1-based and included."""

    start: int
    end: int
    symbol: int


class Touch(NamedTuple):
    """A commit, as its position in the history, changed so many lines of a symbol."""

    commit: int
    symbol: int
    lines: int


class Trail(NamedTuple):
    """What a commit did to a file."""

    commit: int
    change: Change


def trails(history: Iterable[Sequence[Change]]) -> Mapping[str, list[Trail]]:
    """The changes that left a file at a path, for each path, newest first; the newest commit is number 0."""
    found: dict[str, list[Trail]] = {}
    for commit, changes in enumerate(history):
        for change in changes:
            found.setdefault(change.path, []).append(Trail(commit, change))
    return found


def along_renames(paths: Mapping[str, list[Trail]], path: str) -> Iterator[Trail]:
    """What happened to the file that has this path now, newest first, along its renames.

    Where a commit added it to a path that had been there before, as when a removal was taken back or on two
    branches, what happened to that path goes on, as ``git log`` shows it.
    """
    trail = paths.get(path, ())
    at = 0
    while at < len(trail):
        step = trail[at]
        yield step
        at += 1
        before = step.change.before
        if before and before != path:
            path, trail = before, paths.get(before, ())
            at = bisect_right(trail, step.commit, key=lambda one: one.commit)


def touches(steps: Iterable[Trail], spans: Sequence[Span], local: Sequence[Hunk] = ()) -> Iterator[Touch]:
    """The touches of a file's symbols, newest first.

    ``local`` are the hunks from the newest commit to the file as it is: they move ranges and count nothing.
    """
    ranges = [(span.start, span.end, span.symbol) for span in spans]
    if local:
        ranges = list(_before(_Hunks(local), ranges, []))
    for commit, change in steps:
        if change.hunks:
            touched: list[tuple[int, int]] = []
            ranges = list(_before(_Hunks(change.hunks), ranges, touched))
            for symbol, lines in touched:
                yield Touch(commit, symbol, lines)


def _before(
    hunks: _Hunks, ranges: Iterable[tuple[int, int, int]], touched: list[tuple[int, int]]
) -> Iterator[tuple[int, int, int]]:
    """Where ranges stood before a commit, without those that it added; notes what it touched."""
    first_line = hunks.first[0]
    for now in ranges:
        start, end, symbol = now
        if end < first_line:
            yield now
            continue
        low, high = bisect_left(hunks.last, start), bisect_right(hunks.first, end)
        if low >= high:
            moved = hunks.shift[low]
            yield start + moved, end + moved, symbol
            continue
        lines = sum(hunks.lines_within(at, start, end) for at in range(low, high))
        if lines:
            touched.append((symbol, lines))
        if not hunks.adds(low, start, end):
            start, end = hunks.start_before(start), hunks.end_before(end)
            if start <= end:
                yield start, end, symbol


class _Hunks:
    """The hunks of one change as columns to bisect."""

    __slots__ = ("_hunks", "first", "last", "shift")

    def __init__(self, hunks: Sequence[Hunk]) -> None:
        self._hunks = hunks
        # Of a hunk that only removes lines, the gap between two lines: it lies in ranges that have both.
        self.first = [hunk[2] + (not hunk[3]) for hunk in hunks]
        self.last = [hunk[2] + hunk[3] - 1 if hunk[3] else hunk[2] for hunk in hunks]
        self.shift = [0]
        for _, old_count, _, new_count, _ in hunks:
            self.shift.append(self.shift[-1] + old_count - new_count)

    def lines_within(self, at: int, start: int, end: int) -> int:
        """How many lines of a range a hunk adds and removes."""
        _, removed, first, added, counts = self._hunks[at]
        if not counts:
            return 0
        if not added:
            return removed
        inside = min(end, first + added - 1) - max(start, first) + 1
        return inside + removed * inside // added

    def adds(self, at: int, start: int, end: int) -> bool:
        """Whether a range began with this hunk."""
        _, removed, _, added, _ = self._hunks[at]
        return self.first[at] <= start and end <= self.last[at] and added > 2 * removed

    def start_before(self, line: int) -> int:
        """Where the first line of a range stood before."""
        at = bisect_left(self.last, line)
        if at == len(self.last) or line < self.first[at]:
            return line + self.shift[at]
        old_start, removed, first, added, _ = self._hunks[at]
        return old_start + (line - first) * removed // added if removed else old_start + 1

    def end_before(self, line: int) -> int:
        """Where the last line of a range stood before."""
        at = bisect_left(self.last, line)
        if at == len(self.last) or line < self.first[at]:
            return line + self.shift[at]
        old_start, removed, first, added, _ = self._hunks[at]
        return old_start - 1 - (-(line - first + 1) * removed // added) if removed else old_start
