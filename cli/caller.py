"""Who asks: the user of this process, or somebody else on whose behalf a server runs a command."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import msgspec

if TYPE_CHECKING:
    from isg.store.resident.project import Resident


class NotServed(BaseException):
    """A server was asked what it cannot answer for its caller, who has to run the command without it.

    No error: it passes through all that reports errors.
    """


class Caller(msgspec.Struct, frozen=True):
    """The streams, the environment and the folder of whoever asks."""

    out: TextIO | None  # None: closed before we began, as by `isg … >&-`
    err: TextIO | None
    read_input: Callable[[], bytes]
    environment: Mapping[str, str]
    folder: Path | None = None  # None: that of this process
    resident: Resident | None = None  # the project in memory, where a server answers
    only: bool = False  # whether all questions are about that project

    def at(self, path: Path) -> Path:
        """A path as the caller means it."""
        return path if self.folder is None else self.folder / path


_served: ContextVar[Caller | None] = ContextVar("served", default=None)


def caller() -> Caller:
    """Whoever asks in this context."""
    return _served.get() or Caller(sys.stdout, sys.stderr, _read_stdin, os.environ)


@contextmanager
def on_behalf_of(somebody: Caller) -> Iterator[None]:
    """Within it, commands of this thread run for somebody else."""
    before = _served.set(somebody)
    try:
        yield
    finally:
        _served.reset(before)


def _read_stdin() -> bytes:
    return b"" if sys.stdin is None else sys.stdin.buffer.read()
