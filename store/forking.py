"""Linking a whole project in several processes.

The workers are forked when all facts are in memory, so nothing is sent to them but paths; each loads the
facts that its files need. Where forking is not to be had, one process does it all: the outcome is the same.
"""

from __future__ import annotations

import multiprocessing
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor

import msgspec

from isg.graph.linking.lookups import Memory
from isg.graph.linking.parts import Merged, PartLinker
from isg.graph.linking.project import ProjectFiles
from isg.graph.model import LinkedFile
from isg.parsers.pool import processors, start_worker
from isg.store.rows import LinkedRows, file_id

_WORTH_FORKING = 20_000  # lines below which one process is done first
_PIECE = 5_000  # lines a task: long against its overhead, short against the whole
_AHEAD = 2  # tasks handed out for each worker before their turn, which bounds the memory of results that wait

_inherited: list[ProjectFiles] = []  # what a worker finds in the memory that it was forked with
_linkers: list[PartLinker] = []


def processes_for(jobs: int | None, lines: int) -> int:
    """How many processes link a project of so many lines best; ``jobs`` None: one a processor."""
    alone = threading.active_count() == 1
    if sys.platform != "linux" or not alone or lines < _WORTH_FORKING:
        return 1
    return processors() if jobs is None else jobs


def link_in_processes(
    project: ProjectFiles, processes: int
) -> tuple[Iterator[LinkedFile | LinkedRows], Callable[[], bytes]]:
    """Every file once; then, when all are consumed, the encoded memory for the next time."""
    merged = Merged(project)
    return _linked(project, processes, merged), lambda: merged.memory().encode()


def _linked(project: ProjectFiles, processes: int, merged: Merged) -> Iterator[LinkedRows]:
    if project.prepare is not None:
        project.prepare()
    _inherited.append(project)
    context = multiprocessing.get_context("fork")
    executor = ProcessPoolExecutor(processes, mp_context=context, initializer=start_worker)
    try:
        # In the order of their ids, which is the order of the rows on disk: they are appended, not inserted.
        paths = sorted(project.languages, key=lambda path: file_id(project.package, path))
        for part in _parts(executor, _pieces(paths, project.lines), processes):
            merged.add(part.memory)
            yield from part.linked
    finally:
        _inherited.clear()
        executor.shutdown(wait=True, cancel_futures=True)


class _PartRows(msgspec.Struct, frozen=True, array_like=True):
    """A :class:`~isg.graph.linking.parts.Part`, its files on their way into the record."""

    linked: tuple[LinkedRows, ...]
    memory: Memory


def _pieces(paths: Iterable[str], lines: Mapping[str, int]) -> Iterator[list[str]]:
    """Files in their order, as tasks of about equal work."""
    piece, weight = list[str](), 0
    for path in paths:
        piece.append(path)
        weight += lines.get(path, 0)
        if weight >= _PIECE:
            yield piece
            piece, weight = [], 0
    if piece:
        yield piece


def _parts(executor: ProcessPoolExecutor, pieces: Iterable[list[str]], processes: int) -> Iterator[_PartRows]:
    decoder = msgspec.msgpack.Decoder(_PartRows)
    waiting = deque(pieces)
    running: deque[Future[bytes]] = deque()
    while waiting or running:
        while waiting and len(running) < _AHEAD * processes:
            running.append(executor.submit(_link_piece, waiting.popleft()))
        part = running.popleft().result()
        if not waiting and not running:
            executor.shutdown()  # what comes now wants the memory that the workers have
        yield decoder.decode(part)


def _link_piece(paths: list[str]) -> bytes:
    if not _linkers:
        _linkers.append(PartLinker(_inherited[0]))
    return msgspec.msgpack.encode(_linkers[0].link(paths))
