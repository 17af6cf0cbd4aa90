"""A writer that is killed in the middle of an update, and what the next one finds."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from dataclasses import dataclass
from multiprocessing.synchronize import Event

from .engine import Engine
from .workload import Change, Workload


@dataclass(frozen=True)
class Recovery:
    """What the first session after the crash gives."""

    seconds: float  # until its first answer, the start of a server included
    whole: bool  # its answers are those from before the update
    writable: bool  # an update goes through


def recover(engine: Engine, workload: Workload) -> Recovery:
    """Kill a process (and the server) halfway through an update, and open again."""
    before = _state(engine, workload)
    context = multiprocessing.get_context("spawn")
    halfway = context.Event()
    change = workload.change(1)
    writer = context.Process(target=_write_and_wait, args=(engine, change, halfway))
    writer.start()
    if not halfway.wait(120):
        raise TimeoutError(f"{engine.name}: the update did not get to its middle")
    os.kill(writer.pid or 0, signal.SIGKILL)
    engine.kill()
    writer.join()
    started = time.perf_counter()
    _reopen(engine, workload.seeds.types[0])
    seconds = time.perf_counter() - started
    return Recovery(seconds, _state(engine, workload) == before, _can_write(engine, workload))


def _reopen(engine: Engine, seed: int) -> None:
    if engine.server() is not None:
        engine.start()
    session = engine.open()
    session.implementers(seed)
    session.close()


def _write_and_wait(engine: Engine, change: Change, halfway: Event) -> None:
    def stop() -> None:
        halfway.set()
        time.sleep(600)

    engine.open().replace(change, midway=stop)


def _state(engine: Engine, workload: Workload) -> object:
    """What tells a store before the update from one in its middle or after it."""
    session = engine.open()
    change = workload.change(0)
    try:
        return sorted(map(sorted, session.cycles())), [
            session.context(row.id) for row in change.symbol_rows[:5]
        ]
    finally:
        session.close()


def _can_write(engine: Engine, workload: Workload) -> bool:
    session = engine.open()
    try:
        session.replace(workload.change(1))
        session.replace(workload.change(2))
    finally:
        session.close()
    return True
