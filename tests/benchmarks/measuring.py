"""What the benchmarks share: running isg, time, the memory of a process and all it starts, tables."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ISG = (sys.executable, "-c", "import sys; from isg.cli.main import main; sys.exit(main())")
_SAMPLE_EVERY = 0.2  # seconds: a look at the memory of large processes costs them milliseconds


@dataclass(frozen=True)
class Run:
    """One finished run of a command."""

    seconds: float
    peak: int  # bytes of memory of all its processes together
    output: bytes


def run(
    *arguments: str, cwd: Path, environment: Mapping[str, str] | None = None, codes: Sequence[int] = (0,)
) -> Run:
    """Runs isg; ends the program where isg fails."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [*ISG, *arguments],
            cwd=cwd,
            stdout=output,
            stderr=errors,
            env={**os.environ, **(environment or {})},
        )
        watch = _Watch(process.pid)
        code = process.wait()
        seconds = time.perf_counter() - started
        peak = watch.stop()
        output.seek(0)
        errors.seek(0)
        if code not in codes:
            sys.exit(f"isg {' '.join(arguments)} ended with {code}: {errors.read().decode()[-2000:]}")
        return Run(seconds, peak, output.read())


def best(times: int, *arguments: str, cwd: Path, codes: Sequence[int] = (0,)) -> Run:
    """The fastest of some runs: what the command costs when nothing else wants the machine."""
    return min((run(*arguments, cwd=cwd, codes=codes) for _ in range(times)), key=lambda each: each.seconds)


@contextlib.contextmanager
def copy_of(tree: Path, name: str | None = None) -> Iterator[Path]:
    """A copy of a tree without an index, in a folder that goes away afterwards."""
    with tempfile.TemporaryDirectory(prefix="isg-bench-") as folder:
        copied = Path(folder) / (name or tree.resolve().name)
        shutil.copytree(
            tree, copied, symlinks=True, ignore=shutil.ignore_patterns(".isg", "__pycache__", ".git")
        )
        yield copied


def table(rows: Sequence[Sequence[str]], head: Sequence[str]) -> str:
    """A Markdown table with aligned columns."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    padded = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in padded)


class _Watch:
    """Samples the memory of a process and all that descend from it: shared pages counted once (Pss)."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        self._done.set()
        self._thread.join()
        return self._peak

    def _watch(self) -> None:
        while not self._done.wait(_SAMPLE_EVERY):
            self._peak = max(self._peak, sum(map(_memory, _family(self._pid))))


def _family(pid: int) -> list[int]:
    """A process and its descendants."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*"):
            with contextlib.suppress(OSError):
                found += map(int, (task / "children").read_text().split())
    return found


def _memory(pid: int) -> int:
    with contextlib.suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
