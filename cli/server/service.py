"""What a server has to answer with: a project in memory, threads for the questions, one for the changes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from typing import TYPE_CHECKING, TypeVar

from isg.cli.server.sources import Sources
from isg.cli.streams import say
from isg.graph.errors import IsgError

if TYPE_CHECKING:
    from isg.store.resident.project import Resident

T = TypeVar("T")
_LEFT_ALONE = 2.0  # seconds
_ENDING = 10.0  # seconds for a thread to end; the next command mends what is left undone
_THREADS = 4  # they share one interpreter, and the writer has to get its turn


class Service:
    """Answers questions about one project, from the files as they are when it is asked."""

    def __init__(self, resident: Resident) -> None:
        self.resident = resident
        self.sources = Sources()
        self.started = time.monotonic()
        self.requests = 0
        self._active = 0
        self._last = time.monotonic()
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="isg-query")
        self._stop = Event()
        self._watcher: Thread | None = None

    async def run(self, work: Callable[[], T]) -> T:
        """The result of some work for a caller, done in a thread of the service's."""
        self.requests += 1
        self._active += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._active -= 1
            self._last = time.monotonic()

    async def record_when_idle(self) -> None:
        """Have the index on disk follow, whenever the files have been left alone for a moment."""
        last = self.resident.snapshot
        while True:
            await asyncio.sleep(_LEFT_ALONE)
            now = self.resident.snapshot
            if now is last and not self.resident.recorded:
                await asyncio.to_thread(self._settle)
                now = self.resident.snapshot
            elif now is last:
                self.resident.warm_up()
            last = now

    @property
    def idle_seconds(self) -> float:
        """How long nobody has asked anything."""
        return 0.0 if self._active else time.monotonic() - self._last

    @property
    def busy(self) -> bool:
        return self._active > 0

    def watch(self) -> None:
        """Take changes in as they happen, so that nobody who asks has to wait for that.

        Raises WorkFailed where the library for it is missing.
        """
        from isg.store.watching import require_events

        require_events()
        self._watcher = Thread(target=self._follow, name="isg-watcher", daemon=True)
        self._watcher.start()

    def close(self) -> None:
        self._stop.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
        settling = Thread(target=self._settle, daemon=True)
        settling.start()
        for thread in filter(None, (self._watcher, settling)):
            thread.join(_ENDING)
        self.resident.close()

    def _settle(self) -> None:
        try:
            self.resident.settle()
        except IsgError as error:
            _warn(error.message)

    def _follow(self) -> None:
        from isg.store.watching import hints

        for hint in hints(self.resident.root, self._stop, _warn):
            try:
                self.resident.refresh(hint)
            except IsgError:
                continue  # whoever asks next is told
            except Exception as error:
                _warn(f"{type(error).__name__}: {error}")


def _warn(message: str) -> None:
    say(f"isg: warning: {message}")
