"""What is worked out in native code by another thread, while this one does something else."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """The outcome of a function that has been started."""

    def __init__(self, function: Callable[[], T]) -> None:
        self._function = function
        self._found: list[T] = []
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._found.append(self._function())
        except BaseException as error:
            self._error = error

    def result(self) -> T:
        """Wait for it; raises what the function raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._found[0]
