"""Facts on their way to the linkers and into the record: in a file, not in memory.

Every process that links wants some of them, and those of a large tree are as much as one such process has.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import IO

import msgspec


class Spooled(msgspec.Struct, frozen=True):
    """Some bytes in a spool; processes that were forked since can read them too."""

    file: IO[bytes]
    start: int
    size: int

    def read(self) -> bytes:
        if sys.platform == "win32":  # where nothing is forked that would share the position
            self.file.seek(self.start)
            return self.file.read(self.size)
        return os.pread(self.file.fileno(), self.size, self.start)


class Spool:
    """A file without a name in a folder, made when there is something to put into it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None
        self._end = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def put(self, data: bytes) -> Spooled:
        """Keep some bytes; raises OSError where there is no room for them."""
        if self._file is None:
            from tempfile import TemporaryFile

            self._file = TemporaryFile(buffering=0, dir=self._folder)  # noqa: SIM115 - closed with the spool
        spooled = Spooled(self._file, self._end, len(data))
        self._file.seek(self._end)
        written = 0
        while written < len(data):
            written += self._file.write(data[written:])
        self._end += written
        return spooled
