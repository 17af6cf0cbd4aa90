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
Paths: TypeAlias = "frozenset[str] | None"  # None: all there is


@dataclass(frozen=True, slots=True)
class _Request(Generic[T]):
    paths: Paths
    done: Future[T]


class Ticks(Generic[T]):
    """Runs ``tick(paths)`` in a thread of its own, one at a time."""

    def __init__(self, tick: Callable[[Paths], T]) -> None:
        self._tick = tick
        self._waiting: SimpleQueue[_Request[T] | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="isg-writer", daemon=True)
        self._thread.start()

    def request(self, paths: Paths) -> Future[T]:
        """What the next tick gives; it looks at these paths at least."""
        request: _Request[T] = _Request(paths, Future())
        self._waiting.put(request)
        return request.done

    def close(self) -> None:
        """End the thread when what was asked for is done."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch, last = self._together(first)
            self._serve(batch)
            if last:
                return

    def _together(self, first: _Request[T]) -> tuple[list[_Request[T]], bool]:
        """All that waits by now, and whether no more is to come."""
        batch = [first]
        while True:
            try:
                request = self._waiting.get_nowait()
            except Empty:
                return batch, False
            if request is None:
                return batch, True
            batch.append(request)

    def _serve(self, batch: list[_Request[T]]) -> None:
        try:
            given = self._tick(_union(request.paths for request in batch))
        except BaseException as error:
            for request in batch:
                request.done.set_exception(error)
        else:
            for request in batch:
                request.done.set_result(given)


def _union(groups: Iterable[Paths]) -> Paths:
    found: set[str] = set()
    for paths in groups:
        if paths is None:
            return None
        found |= paths
    return frozenset(found)
