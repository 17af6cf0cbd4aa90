"""What the benchmarks share: running isg, time, the memory of a process and all it starts, tables.

It imports the standard library only. The highest memory of a process that was just started is never less
than that of the one that started it: so whoever measures has to be small.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ISG = (sys.executable, "-c", "import sys; from isg.cli.main import main; sys.exit(main())")
MEGABYTE = 2**20
# What is measured is an installed isg, whose modules are compiled, wherever this one runs from.
_COMPILED = {
    "PYTHONDONTWRITEBYTECODE": "",
    "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "isg-bench-bytecode"),
}
_SAMPLE_EVERY = 0.2  # seconds: a look at the memory of large processes costs them milliseconds


@dataclass(frozen=True)
class Run:
    """One finished run of a command."""

    seconds: float
    peak: int  # bytes of memory of all its processes together
    output: bytes


@dataclass(frozen=True)
class Figure:
    """One measured thing: what it is in words, what it costs, and what the bar for it is."""

    what: str
    value: float
    unit: str
    floor: float | None = None  # in the same unit
    bar: float | None = None  # how many times the floor, or without one: how much
    note: str = ""

    @property
    def compared(self) -> float:
        """What the bar is about."""
        return self.value / self.floor if self.floor else self.value

    def row(self) -> tuple[str, ...]:
        ratio = f"{self.compared:.2f} x" if self.floor else ""
        held = "" if self.bar is None else "yes" if self.compared <= self.bar else "NO"
        bar = "" if self.bar is None else f"{self.bar:g} {'x' if self.floor else self.unit}"
        return self.what, f"{_rounded(self.value)} {self.unit}", ratio, bar, held, self.note


def run(
    *arguments: str, cwd: Path, environment: Mapping[str, str] | None = None, codes: Sequence[int] = (0,)
) -> Run:
    """Runs isg; ends the program where isg fails."""
    return run_command([*ISG, *arguments], cwd, environment, codes)


def run_command(
    command: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    codes: Sequence[int] = (0,),
) -> Run:
    """Runs any command; ends the program where that fails."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        settings = {**os.environ, **_COMPILED, **(environment or {})}
        process = subprocess.Popen(command, cwd=cwd, stdout=output, stderr=errors, env=settings)
        watch = _Watch(process.pid)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = max(watch.stop(), used.ru_maxrss * 1024)
        output.seek(0)
        errors.seek(0)
        if process.returncode not in codes:
            said = errors.read().decode()[-2000:]
            sys.exit(f"{' '.join(command)} ended with {process.returncode}: {said}")
        return Run(seconds, peak, output.read())


def best(times: int, *arguments: str, cwd: Path, codes: Sequence[int] = (0,)) -> Run:
    """The fastest of some runs of isg: what the command costs when nothing else wants the machine."""
    return best_of(times, lambda: run(*arguments, cwd=cwd, codes=codes))


def best_of(times: int, once: Callable[[], Run]) -> Run:
    """The fastest of some runs, with the highest memory of all."""
    runs = [once() for _ in range(times)]
    return _with_highest_peak(min(runs, key=lambda each: each.seconds), runs)


def median_of(times: int, once: Callable[[], Run]) -> Run:
    """The run of the middle, with the highest memory of all."""
    runs = sorted((once() for _ in range(times)), key=lambda each: each.seconds)
    return _with_highest_peak(runs[len(runs) // 2], runs)


def _with_highest_peak(chosen: Run, runs: Sequence[Run]) -> Run:
    return Run(chosen.seconds, max(each.peak for each in runs), chosen.output)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[round(100 * share) - 1]


def arguments_of(description: str | None, times: int, **options: int) -> argparse.Namespace:
    """The command line of a benchmark: a tree, which may be left out, and how often to measure."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("tree", nargs="?", type=Path, help="what to measure (default: a published package)")
    parser.add_argument("--times", type=int, default=times, help=f"runs (default: {times})")
    for name, default in options.items():
        parser.add_argument(f"--{name}", type=int, default=default, help=f"(default: {default})")
    return parser.parse_args()


def report(figures: Iterator[Figure]) -> None:
    """Prints the figures as a table, and each to standard error as soon as it is there."""
    rows = []
    for figure in figures:
        rows.append(figure.row())
        print("  ".join(filter(None, rows[-1])), file=sys.stderr, flush=True)
    print(table(rows, ["what", "figure", "of the floor", "bar", "held", "note"]))


def table(rows: Sequence[Sequence[str]], head: Sequence[str]) -> str:
    """A Markdown table with aligned columns."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    padded = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in padded)


def _rounded(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


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
        with contextlib.suppress(OSError):  # it may have ended meanwhile
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def _memory(pid: int) -> int:
    with contextlib.suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
