"""Compares ways to store the graph of a code base, on that of an index and on one several times its size.

Run in ``tests/benchmarks``: ``python -m storage [TREE]``; without a tree Django's source distribution is
downloaded with pip. Engines that are not installed are left out, and it is said what they need. Prints
Markdown tables.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from measuring import run
from trees import DJANGO, tree_of

from isg.store.location import FOLDER

from . import company, crash, stages
from .clock import Clock
from .engine import Engine
from .engines.duck import Duck
from .engines.hybrid import Hybrid
from .engines.ladybug import Ladybug
from .engines.memory import Memory
from .engines.postgresql import Postgresql
from .engines.resident import Resident
from .engines.sqlite import Sqlite
from .report import Figures, agreement, points, table_of
from .workload import Workload

ENGINES: Sequence[type[Engine]] = (Hybrid, Resident, Sqlite, Memory, Postgresql, Duck, Ladybug)
_Result = TypeVar("_Result")


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m storage", description=__doc__)
    arguments.add_argument("tree", nargs="?", type=Path, help="the code base to index and store")
    arguments.add_argument("--copies", type=int, nargs="+", default=[1, 10], help="sizes (default: 1 10)")
    arguments.add_argument("--times", type=int, default=5, help="runs of each query and update (default: 5)")
    arguments.add_argument(
        "--seconds", type=float, default=3.0, help="of readers beside a writer (default: 3)"
    )
    arguments.add_argument("--only", nargs="+", metavar="WORD", help="engines whose names hold a word")
    arguments.add_argument(
        "--processors", action="store_true", help="count processor time: for a machine that is busy otherwise"
    )
    given = arguments.parse_args()
    engines = [each for each in ENGINES if not given.only or any(word in each.name for word in given.only)]
    print(f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}, ", end="")
    print(f"Python {platform.python_version()}")
    with tree_of(given.tree, DJANGO) as tree:
        run("index", cwd=tree)
        for copies in given.copies:
            _compare(engines, Workload(tree / FOLDER, copies), given)


def _compare(engines: Sequence[type[Engine]], workload: Workload, given: argparse.Namespace) -> None:
    graph = workload.graph
    symbols = graph.symbol_count * workload.copies + len(graph) - graph.symbol_count
    print(f"\n### {symbols:,} symbols, {graph.edge_count * workload.copies:,} edges ({workload.copies} ×)\n")
    rows = alone(stages.rows_alone, workload, Clock(given.processors))
    print(f"Making the rows alone, part of every load: {rows:.1f} s\n")
    measured: list[Figures] = []
    for kind in engines:
        with folder() as path:
            engine = kind(path)
            missing = engine.missing()
            if missing:
                print(f"{kind.name}: left out, it needs `{missing}`\n")
                continue
            print(f"- {kind.name} {engine.versions()}".rstrip())
            measured.append(measure(engine, workload, given))
            print(measured[-1], file=sys.stderr, flush=True)
    print(f"\n{table_of(measured)}")
    print(f"\n{agreement(measured)}\n")
    print(points(measured))


def measure(engine: Engine, workload: Workload, given: argparse.Namespace) -> Figures:
    one_copy = Workload(workload.index, 1)
    engine.start()
    try:
        clock = Clock(given.processors, engine.server())
        before = alone(stages.rows_alone, one_copy, Clock(given.processors))
        loaded = alone(stages.load, engine, workload, clock)
        first = [alone(stages.first_answer, engine, workload.seeds.types[2], clock) for _ in range(3)]
        queried = alone(stages.query, engine, workload.seeds, given.times, clock)
        updated = alone(stages.update, engine, workload, given.times, clock)
        met = alone(company.beside_a_writer, engine, workload, given.seconds)
        recovered = crash.recover(engine, workload)
        pace = (before + alone(stages.rows_alone, one_copy, Clock(given.processors))) / 2
    finally:
        engine.stop()
    return Figures(engine.name, pace, loaded, median(first), queried, updated, met, recovered)


def alone(action: Callable[..., _Result], *arguments: Any) -> _Result:
    """The outcome of an action in a process that does nothing else."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as executor:
        return executor.submit(action, *arguments).result()


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that others may look into, as the user of a server has to; gone afterwards."""
    path = Path(tempfile.mkdtemp(prefix="isg-storage-"))
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    main()
