"""The seconds of a command that a running server answers, against an interpreter that does nothing."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from measuring import ISG, Figure, arguments_of, report, run
from trees import DJANGO, tree_of

COMMANDS = ("callers QuerySet.filter", "show Model.save", "blast-radius Model.save --limit 20")


def main() -> None:
    given = arguments_of(__doc__, times=20)
    report(figures(given.tree, given.times))


def figures(given: Path | None, times: int) -> Iterator[Figure]:
    with tree_of(given, DJANGO) as tree:
        run("index", cwd=tree)
        nothing = _median(times, lambda: _started([sys.executable, "-c", "pass"], tree))
        yield Figure("python -c pass", nothing, "ms")
        with _server(tree):
            for command in COMMANDS:
                served = _median(times, lambda command=command: _isg(command, tree))
                yield Figure(f"isg {command}, served", served, "ms", nothing)
        for command in COMMANDS:
            alone = _median(times, lambda command=command: _isg(command, tree))
            yield Figure(f"isg {command}, without a server", alone, "ms", nothing)


def _isg(command: str, tree: Path) -> None:
    _started([*ISG, *command.split(), "--all"], tree)


def _started(command: list[str], tree: Path) -> None:
    subprocess.run(command, cwd=tree, stdout=subprocess.DEVNULL, check=True)


def _median(times: int, work: Callable[[], None]) -> float:
    """Milliseconds; the first run, which loads what is loaded late, does not count."""
    seconds = []
    for _ in range(times + 1):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[1:]) * 1000


@contextmanager
def _server(tree: Path) -> Iterator[None]:
    process = subprocess.Popen([*ISG, "serve"], cwd=tree, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
