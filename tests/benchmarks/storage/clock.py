"""Time: of the wall, or of the processors where other work runs beside, which a wall clock would count."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .memory import family


@dataclass(frozen=True)
class Clock:
    """Tells how long an action takes; as processor time that of all threads and of the server."""

    processors: bool
    server: int | None = None

    def seconds(self, action: Callable[[], object]) -> float:
        if not self.processors:
            return _elapsed(time.perf_counter, action)
        before = self._served()
        own = _elapsed(time.process_time, action)
        return own + self._served() - before

    def _served(self) -> float:
        if self.server is None:
            return 0.0
        return sum(map(_on_processor, family(self.server))) + _of_ended_children(self.server)


def _elapsed(clock: Callable[[], float], action: Callable[[], object]) -> float:
    started = clock()
    action()
    return clock() - started


def _on_processor(pid: int) -> float:
    """Seconds that a process of one thread has run."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    return 0.0


def _of_ended_children(pid: int) -> float:
    """Seconds that children which have ended had run; a new session is a process of the server's."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
    return 0.0
