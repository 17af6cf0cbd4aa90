"""What is measured of one engine. Each stage runs in a process of its own, so that its memory is its own."""

from __future__ import annotations

import hashlib
import statistics
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from .clock import Clock
from .engine import Engine, Session
from .memory import peak_of_self, resident_of_family
from .patterns import DEPTHS
from .workload import Change, Seeds, Workload

CYCLES = "cycles"
PATTERNS = ("implementers", *(f"dependents to depth {depth}" for depth in DEPTHS), CYCLES, "context")
_LONG = 20.0  # seconds that one pattern may take before it is not repeated any more


@dataclass(frozen=True)
class Load:
    """A store made from nothing."""

    seconds: float
    peak: int  # bytes, server included
    size: int  # bytes on disk


@dataclass(frozen=True)
class Timing:
    """Seconds of one pattern over all seeds, and a digest of all its answers."""

    median: float
    slowest: float
    answers: int
    digest: str


@dataclass(frozen=True)
class Queries:
    """The four patterns, and the most memory that a process needs to answer them."""

    timings: dict[str, Timing]
    peak: int


def rows_alone(workload: Workload, clock: Clock) -> float:
    """Seconds to make the rows alone, which is part of every load."""
    return clock.seconds(lambda: deque(chain(workload.symbol_rows(), workload.edge_rows()), maxlen=0))


def load(engine: Engine, workload: Workload, clock: Clock) -> Load:
    assert workload.seeds  # the index is read before the clock starts
    seconds = clock.seconds(partial(engine.load, workload))
    return Load(seconds, peak_of_self() + resident_of_family(engine.server()), size_of(engine.folder))


def update(engine: Engine, workload: Workload, times: int, clock: Clock) -> float:
    """Median seconds until a changed file is stored and the next question is about it.

    An even number of turns leaves the graph with all of its edges.
    """
    changes = [workload.change(turn) for turn in range(1, 2 * (times // 2 + 1) + 1)]
    session, seed = engine.open(), workload.seeds.types[-1]
    session.implementers(seed)
    seconds = [clock.seconds(partial(_replace_and_ask, session, change, seed)) for change in changes]
    session.close()
    return statistics.median(seconds)


def _replace_and_ask(session: Session, change: Change, seed: int) -> None:
    session.replace(change)
    session.implementers(seed)


def first_answer(engine: Engine, seed: int, clock: Clock) -> float:
    """Seconds until a process that has only just started has its first answer."""
    return clock.seconds(lambda: engine.open().implementers(seed))


def query(engine: Engine, seeds: Seeds, times: int, clock: Clock) -> Queries:
    session = engine.open()
    timed = partial(_timing, times=times, clock=clock)
    timings = [
        timed(session.implementers, seeds.types),
        *(timed(partial(session.dependents, depth=depth), seeds.symbols) for depth in DEPTHS),
        timed(lambda _: [sorted(each) for each in session.cycles()], [0]),
        timed(session.context, seeds.symbols, ordered=True),
    ]
    peak = peak_of_self() + resident_of_family(engine.server())
    session.close()
    return Queries(dict(zip(PATTERNS, timings, strict=True)), peak)


def _timing(
    ask: Callable[[int], Sequence[Any]],
    seeds: Sequence[int],
    times: int,
    clock: Clock,
    ordered: bool = False,
) -> Timing:
    """The median of the seeds' medians, and the slowest seed's."""
    medians, digest, answers = [], hashlib.blake2b(digest_size=8), 0
    started = time.perf_counter()
    for seed in seeds:
        answer = ask(seed)  # warm
        found = [clock.seconds(partial(ask, seed))]
        while len(found) < times and time.perf_counter() - started < _LONG:
            found.append(clock.seconds(partial(ask, seed)))
        medians.append(statistics.median(found))
        answers += len(answer)
        digest.update(repr(list(answer) if ordered else sorted(answer)).encode())
    return Timing(statistics.median(medians), max(medians), answers, digest.hexdigest())


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(_sizes(folder.rglob("*")))


def _sizes(paths: Iterable[Path]) -> Iterable[int]:
    return (path.stat().st_size for path in paths if path.is_file())
