"""The figures of all engines as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log10

from measuring import table

from .company import Company
from .crash import Recovery
from .stages import CYCLES, PATTERNS, Load, Queries

_MIB = 2**20
_LOST_BY_TEN = 2.5  # points that an engine loses where it takes ten times as long as the best


@dataclass(frozen=True)
class Figures:
    """All that was measured of one engine."""

    name: str
    pace: float  # seconds to make the rows of one copy, in the same minutes: how busy the machine was
    load: Load
    first: float  # seconds until the first answer of a new process
    queries: Queries
    update: float  # seconds, median
    company: Company
    recovery: Recovery


def table_of(measured: Sequence[Figures]) -> str:
    """A line for each question, a column for each engine; of patterns the median seed and the slowest."""
    lines: list[tuple[str, Callable[[Figures], str]]] = [
        ("the machine: rows of one copy", lambda f: _time(f.pace)),
        ("bulk load", lambda f: _time(f.load.seconds)),
        ("one file updated", lambda f: _time(f.update)),
        ("first answer of a new process", lambda f: _time(f.first)),
        *((name, _pattern(name)) for name in PATTERNS),
        ("memory: load", lambda f: _size(f.load.peak)),
        ("memory: queries", lambda f: _size(f.queries.peak)),
        ("size on disk", lambda f: _size(f.load.size)),
        ("4 readers beside a writer: answers/s", lambda f: f"{f.company.answers:,.0f}"),
        ("… updates/s", lambda f: f"{f.company.updates:.2g}"),
        ("… errors", lambda f: _errors(f.company)),
        ("… from other processes", lambda f: f.company.others),
        ("killed in an update: next answer", lambda f: _time(f.recovery.seconds)),
        ("… state found", _recovered),
    ]
    rows = [[label, *(tell(figures) for figures in measured)] for label, tell in lines]
    return table(rows, ["", *(figures.name for figures in measured)])


def agreement(measured: Sequence[Figures]) -> str:
    """Whether all engines gave the same answers."""
    told = []
    for name in PATTERNS:
        digests = {figures.name: figures.queries.timings[name].digest for figures in measured}
        answers = {figures.queries.timings[name].answers for figures in measured}
        if len(set(digests.values())) > 1:
            raise SystemExit(f"{name}: the engines differ: {digests}, {answers}")
        told.append(f"{name} {max(answers, default=0):,}")
    return f"All answers are equal, element by element: {', '.join(told)}."


def points(measured: Sequence[Figures]) -> str:
    """10 for the best of all, 2.5 less for each factor of ten; the mean over times, memory and size.

    Readers beside a writer are left out: their figures are for the eye, two processors say little of them.
    """
    kinds: list[Callable[[Figures], float]] = [
        lambda f: f.load.seconds,
        lambda f: f.update,
        lambda f: f.first,
        *((lambda f, name=name: f.queries.timings[name].median) for name in PATTERNS),
        lambda f: f.queries.peak,
        lambda f: f.load.size,
    ]
    rows = []
    for figures in measured:
        lost = [log10(kind(figures) / min(map(kind, measured))) * _LOST_BY_TEN for kind in kinds]
        rows.append([figures.name, f"{10 - sum(min(10, each) for each in lost) / len(lost):.1f}"])
    return table(rows, ["engine", "points for performance"])


def _pattern(name: str) -> Callable[[Figures], str]:
    def tell(figures: Figures) -> str:
        timing = figures.queries.timings[name]
        return _time(timing.median) if name == CYCLES else f"{_time(timing.median)} / {_time(timing.slowest)}"

    return tell


def _time(seconds: float) -> str:
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} µs"
    if seconds < 1:
        return f"{seconds * 1e3:.{1 if seconds < 0.01 else 0}f} ms"
    return f"{seconds:.1f} s"


def _size(count: int) -> str:
    return f"{count / _MIB:,.0f} MB"


def _errors(found: Company) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(found.errors.items())) or "none"


def _recovered(figures: Figures) -> str:
    whole = "as before it" if figures.recovery.whole else "**damaged**"
    return whole if figures.recovery.writable else f"{whole}, not writable"
