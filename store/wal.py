"""The log beside a SQLite file: the pages that were committed and may not be written back yet.

The format is that of https://www.sqlite.org/fileformat2.html#walformat. SQLite's checksums of frames are not
worked out again: whoever compares what is read here with a hash finds damage without them.
"""

from __future__ import annotations

import os
import struct
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

_MAGIC = (0x377F0682, 0x377F0683)
_VERSION = 3_007_000
_HEADER = struct.Struct(">8I")  # magic, version, size of a page, checkpoint, two salts, two checksums
_FRAME = struct.Struct(">6I")  # page, pages after its commit (0: none here), two salts, two checksums
_CHUNK = 1 << 20


class _Committed(NamedTuple):
    """What the commits in a log come to."""

    page_size: int  # bytes
    pages: int  # of the database
    offsets: Mapping[int, int]  # of the newest of each page in the log; the first page is 1


def log_of(database: Path) -> Path:
    """Where SQLite keeps the log of a database."""
    return database.with_name(f"{database.name}-wal")


class AsCommitted:
    """A database file as it is once its log has been written back; both have to stay open."""

    def __init__(self, file: BinaryIO, log: BinaryIO) -> None:
        self._file, self._log = file, log
        found = _committed(log)
        self._page_size = found.page_size if found else 1
        self._offsets = found.offsets if found else {}
        self._pages = sorted(self._offsets)
        self.size = found.pages * found.page_size if found else _end(file)  # bytes

    def span(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes from ``start`` up to ``end``, or as far as they go; both are at the borders of pages."""
        end = min(end, self.size)
        first, last = start // self._page_size, end // self._page_size
        for page in self._pages[bisect_right(self._pages, first) : bisect_right(self._pages, last)]:
            at = (page - 1) * self._page_size
            yield from _span(self._file, start, at)
            offset = self._offsets[page]
            yield from _span(self._log, offset, offset + self._page_size)
            start = at + self._page_size
        yield from _span(self._file, start, end)


def pages_in(log: BinaryIO) -> list[int]:
    """Where the pages that a log holds stand in the database file: the first byte of each."""
    found = _committed(log)
    return [(page - 1) * found.page_size for page in found.offsets] if found else []


def _committed(log: BinaryIO) -> _Committed | None:
    """What a log holds; None where it holds no commit."""
    header = log.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    magic, version, page_size, _, *salts, _, _ = _HEADER.unpack(header)
    if magic not in _MAGIC or version != _VERSION:
        return None
    pages = 0
    offsets: dict[int, int] = {}
    since: dict[int, int] = {}  # the last commit
    for at in range(_HEADER.size, _end(log) - _FRAME.size - page_size + 1, _FRAME.size + page_size):
        log.seek(at)
        page, pages_then, *frame_salts, _, _ = _FRAME.unpack(log.read(_FRAME.size))
        if frame_salts != salts:
            break  # left from before the log was begun anew
        since[page] = at + _FRAME.size
        if pages_then:
            pages = pages_then
            offsets |= since
            since.clear()
    return _Committed(page_size, pages, offsets) if pages else None


def _span(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    """The bytes of a file from ``start`` up to ``end``, or as far as it goes."""
    file.seek(start)
    while start < end and (chunk := file.read(min(_CHUNK, end - start))):
        start += len(chunk)
        yield chunk


def _end(file: BinaryIO) -> int:
    return file.seek(0, os.SEEK_END)
