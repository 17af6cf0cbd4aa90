"""Readers beside a writer: how many questions are answered, and how many fail."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import Counter
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.managers import SyncManager

from .engine import Engine, Session
from .workload import Workload

READERS = 4


@dataclass(frozen=True)
class Company:
    """What happened in some seconds."""

    answers: float  # by all readers together, per second
    updates: float  # per second
    errors: dict[str, int]
    others: str  # whether processes beside the writer's can read


def beside_a_writer(engine: Engine, workload: Workload, seconds: float) -> Company:
    """Readers in processes of their own where the engine can, else in threads of the writer's."""
    others = "yes" if engine.shared else _told_to_others(engine, workload)
    with multiprocessing.Manager() as manager:
        run = _in_processes if engine.shared else _in_threads
        counts, updates, elapsed = run(engine, workload, seconds, manager)
    errors = Counter[str]()
    for _, failed in counts:
        errors.update(failed)
    return Company(sum(done for done, _ in counts) / seconds, updates / elapsed, dict(errors), others)


_Counts = list[tuple[int, dict[str, int]]]


def _in_processes(
    engine: Engine, workload: Workload, seconds: float, manager: SyncManager
) -> tuple[_Counts, int, float]:
    ready = manager.Barrier(READERS + 1)
    with ProcessPoolExecutor(READERS, multiprocessing.get_context("spawn")) as executor:
        readers = [executor.submit(_open_and_read, engine, workload, seconds, ready) for _ in range(READERS)]
        return _write_beside(engine.open(), workload, seconds, ready, readers)


def _in_threads(
    engine: Engine, workload: Workload, seconds: float, manager: SyncManager
) -> tuple[_Counts, int, float]:
    ready, writer = threading.Barrier(READERS + 1), engine.open()
    with ThreadPoolExecutor(READERS) as executor:
        sessions = [writer.beside() for _ in range(READERS)]
        readers = [executor.submit(_read, each, workload, seconds, ready) for each in sessions]
        return _write_beside(writer, workload, seconds, ready, readers)


def _write_beside(
    writer: Session,
    workload: Workload,
    seconds: float,
    ready: threading.Barrier,
    readers: list[Future[tuple[int, dict[str, int]]]],
) -> tuple[_Counts, int, float]:
    changes = [workload.change(turn) for turn in (1, 2)]
    ready.wait()
    started, done = time.perf_counter(), 0
    while time.perf_counter() - started < seconds or done % 2:
        writer.replace(changes[done % 2])
        done += 1
    elapsed = time.perf_counter() - started
    return [reader.result() for reader in readers], done, elapsed


def _open_and_read(
    engine: Engine, workload: Workload, seconds: float, ready: threading.Barrier
) -> tuple[int, dict[str, int]]:
    return _read(engine.open(), workload, seconds, ready)


def _read(
    session: Session, workload: Workload, seconds: float, ready: threading.Barrier
) -> tuple[int, dict[str, int]]:
    """Answers and errors of one reader: implementers, and who depends directly, in turn."""
    seeds = [*workload.seeds.types, *workload.seeds.symbols]
    session.implementers(seeds[0])
    ready.wait()
    done, errors, ends = 0, Counter[str](), time.perf_counter() + seconds
    while time.perf_counter() < ends:
        seed = seeds[done % len(seeds)]
        try:
            session.implementers(seed) if done % 2 else session.dependents(seed, 1)
        except Exception as error:  # any: they are what is counted
            errors[type(error).__name__] += 1
        done += 1
    return done - sum(errors.values()), dict(errors)


def _told_to_others(engine: Engine, workload: Workload) -> str:
    """What another process gets while this one has the store open."""
    session = engine.open()
    session.implementers(workload.seeds.types[0])
    try:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as executor:
            return executor.submit(_try_to_open, engine, workload.seeds.types[0]).result()
    finally:
        session.close()


def _try_to_open(engine: Engine, seed: int) -> str:
    try:
        engine.open().implementers(seed)
    except Exception:
        return "no"
    return "what was saved last"
