"""One thread that writes, and what it is asked to do taken in ticks.

Requests that come in while a tick runs are served together by the next one. A request is never served by
a tick that had begun before it: whoever waits for an answer knows that all was looked at after the asking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")
S = TypeVar("S")
Paths: TypeAlias = "frozenset[str] | None"  # None: all there is


_PATIENCE = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class _Request(Generic[T]):
    paths: Paths
    done: Future[T]


@dataclass(frozen=True, slots=True)
class _Call:
    work: Callable[[], None]


class Ticks(Generic[T]):
    """Runs ``tick(paths)`` in a thread of its own, one at a time."""

    def __init__(self, tick: Callable[[Paths], T]) -> None:
        self._tick = tick
        self._waiting: SimpleQueue[_Request[T] | _Call | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="isg-writer", daemon=True)
        self._thread.start()

    def request(self, paths: Paths) -> Future[T]:
        """What the next tick gives; it looks at these paths at least."""
        request: _Request[T] = _Request(paths, Future())
        self._waiting.put(request)
        return request.done

    def call(self, work: Callable[[], S]) -> Future[S]:
        """What some other work gives that must not run beside a tick."""
        done: Future[S] = Future()
        self._waiting.put(_Call(lambda: _fulfil(done, work)))
        return done

    def close(self) -> None:
        """End the thread when what was asked for is done; waits some seconds for that."""
        self._waiting.put(None)
        self._thread.join(_PATIENCE)

    def _run(self) -> None:
        item = self._waiting.get()
        while item is not None:
            if isinstance(item, _Call):
                item.work()
                item = self._waiting.get()
            else:
                item = self._serve_together(item)

    def _serve_together(self, first: _Request[T]) -> _Request[T] | _Call | None:
        """Serve all requests that wait by now; gives what comes after them."""
        batch = [first]
        while True:
            try:
                item = self._waiting.get_nowait()
            except Empty:
                self._serve(batch)
                return self._waiting.get()
            if not isinstance(item, _Request):
                self._serve(batch)
                return item
            batch.append(item)

    def _serve(self, batch: list[_Request[T]]) -> None:
        first, *others = (request.done for request in batch)
        _fulfil(first, lambda: self._tick(_union(request.paths for request in batch)))
        for done in others:
            _fulfil(done, first.result)


def _fulfil(done: Future[S], work: Callable[[], S]) -> None:
    """Do some work, and keep what it gives or raises."""
    try:
        given = work()
    except BaseException as error:
        done.set_exception(error)
    else:
        done.set_result(given)


def _union(groups: Iterable[Paths]) -> Paths:
    found: set[str] = set()
    for paths in groups:
        if paths is None:
            return None
        found |= paths
    return frozenset(found)
