"""What a process that is forked off works out, while this one does something else in Python.

For what runs in native code, :mod:`isg.store.ahead` has a thread do the same for less.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

from isg.parsers.processors import may_fork, processors

T = TypeVar("T")


class Aside(Generic[T]):
    """The outcome of a function: worked out by another process, or by this one when it is asked for.

    The function may leave something on disk, but nothing in memory: this process would not have it.
    """

    def __init__(self, function: Callable[[], T], kind: type[T], worth: bool = True) -> None:
        """``kind`` is the type of the outcome; ``worth``: whether the function takes longer than a fork."""
        self._function = function
        self._kind = kind
        self._running = _fork(function) if worth and processors() > 1 and may_fork() else None

    @property
    def running(self) -> bool:
        """Whether another process is at it."""
        return self._running is not None

    def result(self) -> T:
        """Wait for it; raises what the function raises."""
        if self._running is None:
            return self._function()
        process, reader = self._running
        self._running = None
        with os.fdopen(reader, "rb") as pipe:
            encoded = pipe.read()
        _ending.append(process)
        try:
            return msgspec.msgpack.decode(encoded, type=self._kind)
        except msgspec.DecodeError:  # it failed, or was killed before all was said
            return self._function()


def _fork(function: Callable[[], object]) -> tuple[int, int] | None:
    """A process that works out a function, and where its outcome can be read; None where none can be had."""
    _see_off()
    reader, writer = os.pipe()
    try:
        process = os.fork()
    except OSError:  # as many processes as there may be
        os.close(reader)
        os.close(writer)
        return None
    if process == 0:
        _work_out(function, writer)
    os.close(writer)
    return process, reader


def _work_out(function: Callable[[], object], writer: int) -> None:
    """End with what a function gives; where it fails, whoever waits calls it again, and sees why."""
    try:
        encoded = msgspec.msgpack.encode(function())
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(encoded)
    finally:
        os._exit(0)


_ending: list[int] = []  # processes that have said what they had to say: to end takes them a while


def _see_off() -> None:
    """Have the system forget the processes that have ended meanwhile."""
    _ending[:] = filter(_is_running, _ending)


def _is_running(process: int) -> bool:
    try:
        return os.waitpid(process, os.WNOHANG) == (0, 0)
    except ChildProcessError:  # forgotten already: whoever started us ignores what becomes of children
        return False
