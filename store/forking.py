"""Linking a whole project in several processes.

The workers are forked when all facts are in memory, so nothing is sent to them but paths; each loads the
facts that its files need. Where forking is not to be had, one process does it all: the outcome is the same.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor

import msgspec

from isg.graph.linking.memory import Merged, Noted
from isg.graph.linking.parts import PartLinker
from isg.graph.linking.project import ProjectFiles
from isg.graph.model import LinkedFile
from isg.parsers.pool import start_worker
from isg.parsers.processors import may_fork, processors
from isg.store.rows import LinkedRows, fields_of, file_id

_WORTH_FORKING = 20_000  # lines below which one process is done first
_WORTH_ANOTHER = 150_000  # lines below which a second worker costs more memory than its time is worth
_PIECE = 1_500  # lines a task: long against its overhead, short against the memory of results that wait
_AHEAD = 4  # tasks handed out for each worker before their turn, which bounds the memory of results that wait

_inherited: list[ProjectFiles] = []  # what a worker finds in the memory that it was forked with
_linkers: list[PartLinker] = []


def workers_for(jobs: int | None, lines: int) -> int:
    """How many workers link a project of so many lines best; 0 where this process should do it.

    ``jobs`` is how many processors are to be used; None: as many as there are, and as the project is worth.
    """
    if not may_fork() or lines < _WORTH_FORKING:
        return 0
    wanted = processors() if jobs is None else jobs
    if wanted <= 1:
        return 0
    return 1 if jobs is None and lines < _WORTH_ANOTHER else wanted


def link_in_processes(
    project: ProjectFiles, workers: int
) -> tuple[Iterator[LinkedFile | LinkedRows], Callable[[], dict[str, bytes]]]:
    """Every file once; then, when all are consumed, what to keep of each for the next time, encoded."""
    merged = Merged()
    return _linked(project, workers, merged), merged.kept


def _linked(project: ProjectFiles, workers: int, merged: Merged) -> Iterator[LinkedRows]:
    if project.prepare is not None:
        project.prepare()
    _inherited.append(project)
    context = multiprocessing.get_context("fork")
    executor = ProcessPoolExecutor(workers, mp_context=context, initializer=start_worker)
    try:
        # In the order of their ids, which is the order of the rows on disk: they are appended, not inserted.
        paths = sorted(project.languages, key=lambda path: file_id(project.package, path))
        for part in _parts(executor, _pieces(paths, project.lines), workers):
            merged.add(part.noted)
            yield from part.linked
    finally:
        _inherited.clear()
        executor.shutdown(wait=True, cancel_futures=True)


class _PartRows(msgspec.Struct, frozen=True, array_like=True):
    """A :class:`~isg.graph.linking.parts.Part`, its files on their way into the record."""

    linked: tuple[LinkedRows, ...]
    noted: Noted


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


def _parts(executor: ProcessPoolExecutor, pieces: Iterable[list[str]], workers: int) -> Iterator[_PartRows]:
    decoder = msgspec.msgpack.Decoder(_PartRows)
    waiting = deque(pieces)
    running: deque[Future[bytes]] = deque()
    while waiting or running:
        while waiting and len(running) < _AHEAD * workers:
            running.append(executor.submit(_link_piece, waiting.popleft()))
        part = running.popleft().result()
        if not waiting and not running:
            executor.shutdown()  # what comes now wants the memory that the workers have
        yield decoder.decode(part)


def _link_piece(paths: list[str]) -> bytes:
    if not _linkers:
        _linkers.append(PartLinker(_inherited[0]))
    part = _linkers[0].link(paths)
    return msgspec.msgpack.encode((tuple(map(fields_of, part.linked)), part.noted))
