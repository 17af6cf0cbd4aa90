"""The memory of processes, as Linux tells it."""

from __future__ import annotations

import contextlib
from pathlib import Path

_KIB = 1024


def peak_of_self() -> int:
    """The most bytes that this process has had in memory."""
    return _field(Path("/proc/self/status"), "VmHWM:")


def resident_of_family(pid: int | None) -> int:
    """Bytes that a server and its children have in memory now, shared pages counted once."""
    if pid is None:
        return 0
    return sum(_field(Path(f"/proc/{each}/smaps_rollup"), "Pss:") for each in family(pid))


def family(pid: int) -> list[int]:
    """A process and its children; none where it is gone."""
    with contextlib.suppress(FileNotFoundError):
        return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    return []


def _field(path: Path, name: str) -> int:
    with contextlib.suppress(OSError):
        for line in path.read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * _KIB
    return 0
