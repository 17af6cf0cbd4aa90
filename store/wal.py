"""The log beside a SQLite file: the pages that were committed and may not be written back yet.

The format is that of https://www.sqlite.org/fileformat2.html#walformat. SQLite's checksums of frames are not
worked out again: whoever compares what is read here with a hash finds damage without them.
"""

from __future__ import annotations

import os
import struct
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


def as_committed(file: BinaryIO, log: BinaryIO) -> Iterator[bytes]:
    """The bytes of a database file as they are once its log has been written back."""
    found = _committed(log)
    if found is None:
        yield from _span(file, 0, _end(file))
        return
    at = 0
    for page, offset in sorted(found.offsets.items()):
        if page > found.pages:
            break  # the database has become smaller since
        start = (page - 1) * found.page_size
        yield from _span(file, at, start)
        yield from _span(log, offset, offset + found.page_size)
        at = start + found.page_size
    yield from _span(file, at, found.pages * found.page_size)


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
