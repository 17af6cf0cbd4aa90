"""Progress of long work: one line on standard error, on terminals only, and not for what is over at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO, TypeAlias

from isg.cli.caller import caller
from isg.cli.streams import is_terminal

if TYPE_CHECKING:
    from isg.store.report import Progress

Tell: TypeAlias = "Callable[[Progress], None]"
_PATIENCE = 0.5  # seconds before the first line: nobody wants one that only flashes
_INTERVAL = 0.1


@contextmanager
def progress(quiet: bool) -> Iterator[Tell]:
    """A function to be told of progress; its line is gone when the work is over."""
    err = caller().err
    if quiet or err is None or not is_terminal(err):
        yield lambda step: None
        return
    line = _Line(err)
    try:
        yield line.tell
    finally:
        line.clear()


class _Line:
    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.due = time.monotonic() + _PATIENCE
        self.shown = False

    def tell(self, step: Progress) -> None:
        now = time.monotonic()
        if now < self.due:
            return
        self.due = now + _INTERVAL
        count = f" {step.done:,}/{step.total:,}" if step.total else ""
        self._write(f"\r\x1b[Kisg: {step.stage}{count}")
        self.shown = True

    def clear(self) -> None:
        if self.shown:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()
