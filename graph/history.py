"""Which commits changed which of the present symbols of a project, packed like a graph.

Opening a history decodes nothing; a question about one symbol reads its own commits and what else they
changed. Symbols are known by their ids, so that a history goes with any graph of the same state.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from math import log2
from typing import NamedTuple

import msgspec

from isg.graph.sections import Buffer, NotAnImage, read_sections, write_sections

BIG = 100  # symbols that a commit changed, above which it says nothing of any two of them


_SECTIONS = frozenset({
    "meta", "commit_time", "commit_author", "commit_mends", "symbol_id", "symbol_start", "touch_commit",
    "touch_lines", "commit_start", "commit_symbol",
})  # fmt: skip
_BITS = 32
_MASK = (1 << _BITS) - 1


class Churn(NamedTuple):
    """How much a symbol changed."""

    commits: int
    lines: int  # added and removed


class Partner(NamedTuple):
    """A symbol that changed together with others."""

    symbol: int  # its id
    support: int  # the commits that changed both
    confidence: float  # their share of the commits that changed the others
    weight: float  # the commits that changed both, each the less, the more symbols it changed
    last: int  # when both changed last, in seconds since 1970


class Touched(NamedTuple):
    """A commit changed so many lines of a symbol."""

    symbol: int  # its id
    commit: int  # its position in the history, newest first
    lines: int


class CommitRow(NamedTuple):
    """When a commit was made, by whom, and whether it mends a fault.

    Authors are told apart by a number.
    """

    time: int  # in seconds since 1970
    author: int
    mends: bool = False


class HistoryMeta(msgspec.Struct, frozen=True):
    """What a history is of."""

    made_from: str  # a hash over all that has a say in it


class History:
    """The commits that changed each symbol, newest first, and the symbols that each commit changed."""

    def __init__(self, buffer: Buffer) -> None:
        """Opens a packed history; raises ``NotAnImage`` where the bytes are none of this version."""
        parts = read_sections(buffer)
        if not parts.keys() >= _SECTIONS:
            raise NotAnImage("made by another version")
        self.meta = msgspec.msgpack.decode(parts["meta"], type=HistoryMeta)
        self.times: Sequence[int] = parts["commit_time"].cast("q")
        self.authors: Sequence[int] = parts["commit_author"].cast("I")
        self.mends: Sequence[int] = parts["commit_mends"]  # 1 for a commit that mends a fault, else 0
        self._ids = parts["symbol_id"].cast("Q")
        self._start = parts["symbol_start"].cast("I")
        self._commit = parts["touch_commit"].cast("I")
        self._lines = parts["touch_lines"].cast("I")
        self._changed_start = parts["commit_start"].cast("I")
        self._changed = parts["commit_symbol"].cast("I")

    def __len__(self) -> int:
        """How many commits were read."""
        return len(self.times)

    @property
    def newest(self) -> int:
        """When the newest commit was made, in seconds since 1970; 0 where there is none."""
        return self.times[0] if len(self.times) else 0

    def commits(self, symbol: int) -> Sequence[int]:
        """The positions of the commits that changed a symbol, newest first."""
        place = self._place(symbol)
        return () if place is None else self._commit[self._start[place] : self._start[place + 1]]

    def changes(self, symbol: int) -> dict[int, int]:
        """How many lines of a symbol each commit changed, by the position of the commit, newest first."""
        place = self._place(symbol)
        if place is None:
            return {}
        rows = range(self._start[place], self._start[place + 1])
        return {self._commit[row]: self._lines[row] for row in rows}

    def churn(self, symbol: int, since: int = 0) -> Churn:
        """How much a symbol changed, in commits made at ``since`` or later (seconds since 1970)."""
        place = self._place(symbol)
        return Churn(0, 0) if place is None else self._churn(place, since)

    def churns(self, since: int = 0) -> Mapping[int, Churn]:
        """How much each symbol changed, by its id; without those that did not."""
        found = ((symbol, self._churn(place, since)) for place, symbol in enumerate(self._ids))
        return {symbol: churn for symbol, churn in found if churn.commits}

    def together(self, *symbols: int) -> tuple[Partner, ...]:
        """The symbols that changed in the same commits as any of these, those that did so most first.

        A commit counts the less, the more symbols it changed, and not at all above ``BIG`` of them.
        """
        own = {commit for symbol in symbols for commit in self.commits(symbol)}
        shared: dict[int, list[int]] = {}
        for commit in sorted(own):
            for place in self._changed_by(commit):
                shared.setdefault(place, []).append(commit)
        partners = [
            self._partner(place, commits, len(own))
            for place, commits in shared.items()
            if self._ids[place] not in symbols
        ]
        return tuple(sorted(partners, key=lambda one: (-one.weight, -one.support, one.symbol)))

    def weights(self, *symbols: int, newest: int | None = None) -> Mapping[int, float]:
        """The :attr:`Partner.weight` of each symbol that changed together with any of these, by its id.

        With a number, only so many of the newest commits that changed them count.
        """
        found: dict[int, float] = {}
        for commit in sorted({commit for symbol in symbols for commit in self.commits(symbol)})[:newest]:
            changed = self._changed_by(commit)
            weight = self._weight(commit) if changed else 0.0
            for place in changed:
                found[place] = found.get(place, 0.0) + weight
        return {
            self._ids[place]: weight for place, weight in found.items() if self._ids[place] not in symbols
        }

    def _partner(self, place: int, commits: Sequence[int], own: int) -> Partner:
        weight = sum(map(self._weight, commits))
        last = max(self.times[commit] for commit in commits)
        return Partner(self._ids[place], len(commits), len(commits) / own, weight, last)

    def _weight(self, commit: int) -> float:
        return 1 / log2(1 + self._changed_start[commit + 1] - self._changed_start[commit])

    def _changed_by(self, commit: int) -> Sequence[int]:
        """The places of the symbols that a commit changed; none where it changed too many."""
        start, end = self._changed_start[commit], self._changed_start[commit + 1]
        return self._changed[start:end] if end - start <= BIG else ()

    def _place(self, symbol: int) -> int | None:
        place = bisect_left(self._ids, symbol)
        return place if place < len(self._ids) and self._ids[place] == symbol else None

    def _churn(self, place: int, since: int) -> Churn:
        start, end = self._start[place], self._start[place + 1]
        if since > 0:
            times = self.times
            recent = [at for at in range(start, end) if times[self._commit[at]] >= since]
            return Churn(len(recent), sum(self._lines[at] for at in recent))
        return Churn(end - start, sum(self._lines[start:end]))


def pack_history(
    meta: HistoryMeta, commits: Sequence[CommitRow], touched: Iterable[Touched], alone: frozenset[int]
) -> bytes:
    """The bytes of a history, of commits newest first; ``History(bytes)`` opens them.

    The symbols with the ids ``alone`` have a churn, but do not count among what a commit changed: those that
    contain others.
    """
    rows = list(touched)
    ids = sorted({symbol for symbol, _, _ in rows})
    places = {symbol: place for place, symbol in enumerate(ids)}
    lines: dict[int, int] = {}  # by place and commit as one number: several places of a symbol are one
    for symbol, commit, count in rows:
        number = places[symbol] << _BITS | commit
        lines[number] = lines.get(number, 0) + count
    ordered = sorted(lines)
    around = {places[symbol] for symbol in alone.intersection(places)}
    changed = sorted(
        (number & _MASK) << _BITS | number >> _BITS for number in ordered if number >> _BITS not in around
    )
    columns = {
        "commit_time": array("q", [commit.time for commit in commits]),
        "commit_author": array("I", [commit.author for commit in commits]),
        "commit_mends": array("B", [commit.mends for commit in commits]),
        "symbol_id": array("Q", ids),
        "symbol_start": _starts((number >> _BITS for number in ordered), len(ids)),
        "touch_commit": array("I", [number & _MASK for number in ordered]),
        "touch_lines": array("I", [lines[number] for number in ordered]),
        "commit_start": _starts((number >> _BITS for number in changed), len(commits)),
        "commit_symbol": array("I", [number & _MASK for number in changed]),
    }
    sections = {name: column.tobytes() for name, column in columns.items()}
    return write_sections({"meta": msgspec.msgpack.encode(meta), **sections})


def _starts(owners: Iterable[int], count: int) -> array[int]:
    """Where the rows of each owner begin, once they are sorted by it."""
    counts = [0] * count
    for owner in owners:
        counts[owner] += 1
    return array("I", accumulate(counts, initial=0))
