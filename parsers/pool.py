"""Parsing many files: in this process, or spread over an executor, with the same outcome.

Results come in the order of the requests, however many workers there are. No file can end a run: what
goes wrong with one is said in its :class:`ParsedFile`.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from isg.parsers.content import unfit
from isg.parsers.discovery import SkipReason
from isg.parsers.facts import Diagnostic, encode
from isg.parsers.hashing import content_hash
from isg.parsers.processors import may_fork, processors

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

TASK_SIZE = 100_000  # bytes of source a task: long against its overhead, short against what is left last
WORTH_FORKING = 1_000_000  # bytes of source below which one process is done first
_MOST_WORKERS = 61  # what Windows can wait for
_AHEAD = 128  # tasks handed out before their turn, which bounds the memory of results that wait


class ParseRequest(msgspec.Struct, frozen=True, array_like=True, gc=False):
    path: str
    absolute: str
    language: str
    size: int = 0  # as discovery saw it; only to make tasks of like length


class ParsedFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What came of one file: facts, or a reason to skip it, or what went wrong."""

    path: str
    language: str
    hash: bytes  # of the content; empty where it could not be read
    size: int
    facts: bytes = b""  # encoded; see isg.parsers.facts.decode
    lines: int = 0
    error: str | None = None
    skip: SkipReason | None = None
    diagnostics: tuple[Diagnostic, ...] = ()  # those of the facts
    symbols: int = 0  # how many the facts hold, the module itself included
    augments: bool = False  # as the facts say


def make_executor(jobs: int | None = None, size: int | None = None) -> Executor | None:
    """A process pool for so many jobs (None: one a processor), or None where this process alone does better.

    ``size`` is how many bytes of source there are to parse, where that is known.
    """
    workers = min(processors() if jobs is None else jobs, _MOST_WORKERS)
    if workers <= 1 or (size is not None and size < WORTH_FORKING):
        return None
    return _pool(workers)


def parse_files(requests: Iterable[ParseRequest], executor: Executor | None = None) -> Iterator[ParsedFile]:
    """The outcome of every request, in their order.

    A worker that dies (out of memory, a crash in native code) costs only the file it died of. Closing the
    iterator, or an interrupt, drops the tasks that have not begun.
    """
    if executor is None:
        for request in requests:
            yield parse_file(request)
        return
    tasks = _tasks(requests)
    running: deque[tuple[list[ParseRequest], Future[list[ParsedFile]]]] = deque()
    try:
        while _hand_out(tasks, running, executor):
            task, future = running.popleft()
            try:
                parsed = future.result()
            except BrokenExecutor:
                parsed = list(_parse_apart(task))
            yield from parsed
    finally:
        for _, future in running:
            future.cancel()


def parse_file(request: ParseRequest) -> ParsedFile:
    """The outcome of one request, in this process."""
    path, language = request.path, request.language
    try:
        source = Path(request.absolute).read_bytes()
    except FileNotFoundError:
        return ParsedFile(path, language, b"", 0, skip=SkipReason.VANISHED)
    except OSError:
        return ParsedFile(path, language, b"", 0, skip=SkipReason.UNREADABLE)
    digest, size = content_hash(source), len(source)
    reason = unfit(source)
    if reason is not None:
        return ParsedFile(path, language, digest, size, skip=reason)
    from isg.parsers.parse import parse  # brings in the grammar; the coordinator can do without

    try:
        facts = parse(language, source)
        found, count = facts.diagnostics, len(facts.symbols)
        made = (encode(facts), facts.lines, None, None, found, count, facts.augments)
        return ParsedFile(path, language, digest, size, *made)
    except Exception as error:  # one bad file must not end the run
        return ParsedFile(path, language, digest, size, error=_one_line(error))


def _parse_task(task: Sequence[ParseRequest]) -> list[ParsedFile]:
    return [parse_file(request) for request in task]


def _tasks(requests: Iterable[ParseRequest]) -> Iterator[list[ParseRequest]]:
    """The requests in order, cut into pieces of about equal size."""
    task: list[ParseRequest] = []
    size = 0
    for request in requests:
        task.append(request)
        size += request.size or TASK_SIZE // 32
        if size >= TASK_SIZE:
            yield task
            task, size = [], 0
    if task:
        yield task


def _hand_out(
    tasks: Iterator[list[ParseRequest]],
    running: deque[tuple[list[ParseRequest], Future[list[ParsedFile]]]],
    executor: Executor,
) -> bool:
    """Fills the queue of running tasks; False when there is none left."""
    while len(running) < _AHEAD and (task := next(tasks, None)) is not None:
        running.append((task, _submitted(task, executor)))
    return bool(running)


def _submitted(task: list[ParseRequest], executor: Executor) -> Future[list[ParsedFile]]:
    try:
        return executor.submit(_parse_task, task)
    except BrokenExecutor as error:
        broken: Future[list[ParsedFile]] = Future()
        broken.set_exception(error)
        return broken


def _parse_apart(task: Sequence[ParseRequest]) -> Iterator[ParsedFile]:
    """The outcome of a task whose worker died: in a worker of its own, halved until the culprit is alone."""
    with _pool(1) as executor:
        try:
            parsed = executor.submit(_parse_task, task).result()
        except BrokenExecutor:
            parsed = None
    if parsed is not None:
        yield from parsed
    elif len(task) == 1:
        yield _died(task[0])
    else:
        yield from _parse_apart(task[: len(task) // 2])
        yield from _parse_apart(task[len(task) // 2 :])


def _died(request: ParseRequest) -> ParsedFile:
    try:
        source = Path(request.absolute).read_bytes()
    except OSError:
        return ParsedFile(request.path, request.language, b"", 0, skip=SkipReason.UNREADABLE)
    error = "the parser died of it"
    return ParsedFile(request.path, request.language, content_hash(source), len(source), error=error)


def _one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _pool(workers: int) -> Executor:
    """A pool of processes; what that takes is imported only then, as most updates need none."""
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(workers, mp_context=_start_method(), initializer=start_worker)


def _start_method() -> BaseContext:
    """Forking is the fastest start, and safe only while there is a single thread to copy."""
    import multiprocessing

    return multiprocessing.get_context("fork" if may_fork() else "spawn")


def start_worker() -> None:
    """Leaves an interrupt from the keyboard to the coordinator, which tells the workers to stop.

    Syntax trees and facts have no cycles, so looking for them would be time lost.
    """
    import multiprocessing

    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    """Ends a worker whose coordinator was killed: it would wait for tasks forever."""
    from multiprocessing.connection import wait

    wait([sentinel])
    os._exit(1)
