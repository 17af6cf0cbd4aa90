"""Numbers of nodes or arcs after some have gone and others have come between them, and columns of them."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise, repeat
from typing import NamedTuple

import msgspec

from isg.graph.sections import Buffer

GONE = -1
"""The number of what is not there (any more, or not yet)."""

_LANE = 32  # bits of a number in a column
_TOP = 1 << (_LANE - 1)
_SHIFTS = 20  # above which it is quicker to look each number up than to move all at once so often
_STRETCH = 1 << 13  # numbers that are moved at once: what that takes fits into a cache, and is used again
_FEW = 100  # numbers that are moved sooner one by one than all at once


class Run(NamedTuple):
    """Nodes that follow each other before and now."""

    was: int
    now: int
    length: int


class Replacement(NamedTuple):
    """The nodes from ``start`` to ``stop`` (not included) give place to so many others."""

    start: int
    stop: int
    coming: int


class Numbering(msgspec.Struct, frozen=True):
    """Which nodes stay, in the same order as before: runs, ascending, none of them empty."""

    runs: tuple[Run, ...]

    @classmethod
    def of_all(cls, size: int) -> Numbering:
        """Every node keeps its number."""
        return cls((Run(0, 0, size),) if size else ())

    @classmethod
    def after(cls, size: int, replacements: Iterable[Replacement]) -> Numbering:
        """What stays of so many nodes; the replacements ascend and do not overlap."""
        runs, was, now = list[Run](), 0, 0
        for start, stop, coming in replacements:
            if start > was:
                runs.append(Run(was, now, start - was))
            now += start - was + coming
            was = stop
        if size > was:
            runs.append(Run(was, now, size - was))
        return cls(tuple(runs))

    def now(self, was: int) -> int:
        """The number of a node of before, or GONE."""
        at = bisect_right(self.runs, (was, sys.maxsize)) - 1
        if at < 0:
            return GONE
        run = self.runs[at]
        return run.now + was - run.was if was < run.was + run.length else GONE

    def was(self, now: int) -> int:
        """The number that a node had before, or GONE where it was not there."""
        at = bisect_right(self.runs, now, key=_now_of) - 1
        if at < 0:
            return GONE
        run = self.runs[at]
        return run.was + now - run.now if now < run.now + run.length else GONE

    def came(self, size: int) -> Iterator[int]:
        """The numbers of the nodes that were not there before, of so many now."""
        return _between(((run.now, run.length) for run in self.runs), size)

    def went(self, size: int) -> Iterator[int]:
        """The numbers of the nodes that are not there now, of so many before."""
        return _between(((run.was, run.length) for run in self.runs), size)

    def then(self, later: Numbering) -> Numbering:
        """What stays when some of what stayed goes."""
        runs = list[Run]()
        for was, between, length in self.runs:
            for start, now, count in later.runs:
                first, last = max(between, start), min(between + length, start + count)
                if first < last:
                    runs.append(Run(was + first - between, now + first - start, last - first))
        return Numbering(tuple(runs))

    def renumbered(self, column: memoryview, below: int = _TOP) -> array[int]:
        """A column of numbers of nodes that stay, 32 bits each, as they are now; GONE stays GONE.

        Where ``below`` is given, all that it holds is below that, and none of it is GONE. What becomes of the
        numbers of others is of no account. Many at once, as lanes of one large integer: a lane below 2**31
        and 2**31 - s together have the highest bit where the lane is not below s (see Knuth, "The Art of
        Computer Programming" 4A, 7.1.3: broadword computing).
        """
        shifts = list(self._shifts())
        if len(shifts) > _SHIFTS:
            return self._looked_up(column)
        found = array(column.format)
        for stretch in _stretches(column):
            found.frombytes(_shifted(stretch, shifts, below))
        return found

    def _looked_up(self, column: memoryview) -> array[int]:
        """The same one by one, by a table."""
        table = array("i")
        for was, now, length in self.runs:
            table.extend(repeat(0, was - len(table)))
            table.extend(range(now, now + length))
        table.extend(repeat(0, max(column, default=GONE) + 1 - len(table)))
        table.append(GONE)  # where GONE leads
        return array(column.format, map(table.__getitem__, column))

    def _shifts(self) -> Iterator[tuple[int, int]]:
        """By how much numbers move that are not below a start, besides what those before it say."""
        for before, run in pairwise((Run(0, 0, 0), *self.runs)):
            shift = (run.now - run.was) - (before.now - before.was)
            if shift:
                yield run.was, shift


def _stretches(column: memoryview) -> Iterator[memoryview]:
    return (column[start : start + _STRETCH] for start in range(0, len(column), _STRETCH))


def _shifted(column: memoryview, shifts: Sequence[tuple[int, int]], below: int) -> bytes:
    """Numbers moved by all shifts whose start they reach."""
    lanes = int.from_bytes(column.cast("B"), sys.byteorder)
    ones = _ones(len(column))
    bits = below.bit_length()
    if sum(abs(shift) for _, shift in shifts) < 1 << (_LANE - bits):
        after = _moved(lanes, ones, shifts, bits)
        return after.to_bytes(column.nbytes, sys.byteorder)
    gone = lanes >> (_LANE - 1) & ones if column.format == "i" else 0
    below, after = lanes ^ gone << (_LANE - 1), lanes
    for start, shift in shifts:
        reached = (below + ones * (_TOP - start)) >> (_LANE - 1) & ones
        moved = (reached ^ gone if gone else reached) * abs(shift)
        after = after + moved if shift > 0 else after - moved
    return after.to_bytes(column.nbytes, sys.byteorder)


def _moved(lanes: int, ones: int, shifts: Iterable[tuple[int, int]], bits: int) -> int:
    """Lanes of so many bits, each moved by all shifts whose start it reaches.

    The bits above have room for the sum of the shifts, so that they are brought down only once.
    """
    reached, up, down = ones << bits, 0, 0
    for start, shift in shifts:
        moved = (lanes + ones * ((1 << bits) - start)) & reached
        if shift > 0:
            up += moved * shift if shift > 1 else moved
        else:
            down += moved * -shift if shift < -1 else moved
    return lanes + (up >> bits) - (down >> bits)


def _ones(lanes: int) -> int:
    """1 in each of so many lanes; those of a power of two are kept, as columns grow by a few at a time."""
    capacity = 1 << lanes.bit_length()
    return _repeated_ones(capacity) >> (capacity - lanes) * _LANE


@lru_cache(maxsize=2)
def _repeated_ones(lanes: int) -> int:
    return int.from_bytes(array("I", [1]).tobytes() * lanes, sys.byteorder)


def _between(runs: Iterable[tuple[int, int]], size: int) -> Iterator[int]:
    end = 0
    for start, length in runs:
        yield from range(end, start)
        end = start + length
    yield from range(end, size)


def _now_of(run: Run) -> int:
    return run.now


def raised(column: memoryview, by: int) -> Buffer:
    """A column of numbers, each so much higher; none of them may leave its range."""
    if not by:
        return column.cast("B")
    if len(column) < _FEW:
        return array(column.format, [number + by for number in column]).tobytes()
    return b"".join(_raised(stretch, by) for stretch in _stretches(column))


def _raised(column: memoryview, by: int) -> bytes:
    lanes = int.from_bytes(column.cast("B"), sys.byteorder)
    shift = int.from_bytes(array(column.format, [abs(by)]).tobytes() * len(column), sys.byteorder)
    return (lanes + shift if by > 0 else lanes - shift).to_bytes(column.nbytes, sys.byteorder)


def replaced(column: memoryview, replacements: Sequence[Replacement], new: array[int]) -> array[int]:
    """A column of nodes in which some gave place to others; ``new`` has the values of these, end to end."""
    return array(column.format, b"".join(pieced(column, replacements, new)))


def pieced(column: memoryview, replacements: Iterable[Replacement], new: array[int]) -> list[Buffer]:
    """The same in pieces, most of them of the column as it was."""
    return list(_pieces(column.cast("B"), replacements, memoryview(new).cast("B"), column.itemsize))


def _pieces(
    old: memoryview, replacements: Iterable[Replacement], new: memoryview, width: int
) -> Iterator[memoryview]:
    kept, taken = 0, 0
    for start, stop, coming in replacements:
        yield old[kept * width : start * width]
        yield new[taken * width : (taken + coming) * width]
        kept, taken = stop, taken + coming
    yield old[kept * width :]


def replaced_items(
    data: memoryview,
    starts: memoryview,
    replacements: Iterable[Replacement],
    new: Sequence[bytes],
    width: int = 1,
) -> tuple[list[Buffer], bytes]:
    """The same of items of various lengths that stand end to end, in pieces, and where each begins.

    ``starts`` tells that of the old ones, and where the last one ends, in units of so many bytes.
    """
    pieces, begins = list[Buffer](), list[Buffer]()
    kept, taken, shift = 0, 0, 0
    for start, stop, coming in (*replacements, Replacement(len(starts) - 1, len(starts), 0)):
        pieces.append(data[starts[kept] * width : starts[start] * width])
        begins.append(raised(starts[kept:start], shift))
        fresh = new[taken : taken + coming]
        ends = list(accumulate((len(item) // width for item in fresh), initial=starts[start] + shift))
        begins.append(array(starts.format, ends[:-1]).tobytes())
        pieces += fresh
        kept, taken = stop, taken + coming
        shift = ends[-1] - starts[min(stop, len(starts) - 1)]
    begins.append(array(starts.format, [ends[-1]]).tobytes())
    return pieces, b"".join(begins)
