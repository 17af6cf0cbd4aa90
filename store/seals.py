"""The seal of a record: what tells that it is, byte for byte, as it was left.

A record is hashed in chunks, so that after an update only what was written is hashed again. And a seal knows
how the files of the record looked: while ``stat`` says the same, nobody has written since. A look that was
taken within a tick of the clock of the last write does not count (git's rule about racy entries), unless the
time that it saw was given by us.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import msgspec
from blake3 import blake3

from isg.store.ticks import was_just_written
from isg.store.wal import AsCommitted, log_of, pages_in

_CHUNK = 1 << 16  # bytes that are hashed together: the largest page that SQLite knows
_DIGEST = 16  # bytes of the hash of a chunk
_TRIES = 5
_EXACT = 1_000  # ns that nearly all file systems tell apart


class FileLook(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is another after a file was written to, or another took its place."""

    inode: int = 0
    size: int = 0
    mtime_ns: int = 0
    ctime_ns: int = 0

    @property
    def changed_ns(self) -> int:
        return max(self.mtime_ns, self.ctime_ns)


class Seal(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The hashes of a record as it is committed, chunk by chunk; false where they could not be told."""

    hashes: bytes = b""
    look: tuple[FileLook, ...] = ()  # of the database and its log; empty where that would tell nothing

    def __bool__(self) -> bool:
        return bool(self.hashes)

    def denies(self, other: Seal) -> bool:
        """Whether another seal is for sure one of another record."""
        return bool(self and other) and self.hashes != other.hashes


UNKNOWN = Seal()


def seal(database: Path, *known: Seal) -> Seal:
    """The seal that a record bears, the same before and after SQLite writes its log back.

    Where its files look as one of the ``known`` says, it is that one, and nothing is read. UNKNOWN where they
    were written to all the time; raises OSError.
    """
    for _ in range(_TRIES):
        now, look = time.time_ns(), _look(database)
        for each in known:
            if each.look == look:
                return each
        with _opened(database) as record:
            hashes = b"".join(_hash(record, number) for number in range(_chunks(record)))
        if _look(database) == look:
            return Seal(hashes, _if_telling(look, now))
    return UNKNOWN


def seal_of(database: Path, *known: Seal) -> Seal:
    """The same; what this process has worked out before is known as well."""
    found = seal(database, *known, _told.get(database, UNKNOWN))
    if found.look:
        _told[database] = found
    return found


_told: dict[Path, Seal] = {}


def written(database: Path) -> list[int]:
    """Where the pages stand that the log of a database holds, in bytes: to be asked before that is gone."""
    with _log(database) as log:
        return pages_in(log)


def seal_again(database: Path, before: Seal, pages: Iterable[int]) -> Seal:
    """The seal of a record that bore another before these pages were written; raises OSError."""
    dated = _date(database)
    now, look = time.time_ns(), _look(database)
    left = [before.hashes[at : at + _DIGEST] for at in range(0, len(before.hashes), _DIGEST)]
    fresh = {page // _CHUNK for page in pages}
    with _opened(database) as record:
        count = _chunks(record)
        fresh.update(range(min(count, len(left)) - 1, count))  # what follows the end of one of them
        hashes = [_hash(record, number) if number in fresh else left[number] for number in range(count)]
    return Seal(b"".join(hashes), _if_telling(look, now, dated) if _look(database) == look else ())


def _chunks(record: AsCommitted) -> int:
    return max(1, -(-record.size // _CHUNK))


def _hash(record: AsCommitted, number: int) -> bytes:
    """The hash of a chunk."""
    hasher = blake3()
    for piece in record.span(number * _CHUNK, (number + 1) * _CHUNK):
        hasher.update(piece)
    return hasher.digest(_DIGEST)


@contextmanager
def _opened(database: Path) -> Iterator[AsCommitted]:
    with database.open("rb", buffering=0) as file, _log(database) as log:
        yield AsCommitted(file, log)


def _log(database: Path) -> BinaryIO:
    """The log of a database; an empty one where there is none."""
    try:
        return log_of(database).open("rb")
    except FileNotFoundError:
        return BytesIO()


# how files look


def _look(database: Path) -> tuple[FileLook, ...]:
    """How a database and its log look; raises OSError where there is no database."""
    return _look_of(database), _look_of_one(log_of(database))


def _look_of_one(file: Path) -> FileLook:
    """That of a file which may be empty, as every reader leaves a log, or not there: all the same."""
    try:
        look = _look_of(file)
    except FileNotFoundError:
        return FileLook()
    return look if look.size else FileLook()


def _look_of(file: Path) -> FileLook:
    stat = file.stat()
    return FileLook(stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def _date(database: Path) -> int:
    """Give the files of a record a time that no write gives them; that time, in ns.

    The next write sets the time by a clock of the system that goes in ticks, and so to another one. Where a
    file system keeps times less exactly, or the file is another user's, it bears another one, too, and a tick
    has to pass.
    """
    moment = time.time_ns() // _EXACT * _EXACT
    with suppress(OSError):
        for file in (database, log_of(database)):
            if _look_of_one(file).size:
                os.utime(file, ns=(moment, moment))
    return moment


def _if_telling(look: tuple[FileLook, ...], now: int, dated: int = 0) -> tuple[FileLook, ...]:
    """A look of that time; none where the clock may not tell what was written since from what was before."""
    late = (each.mtime_ns != dated and was_just_written(each.changed_ns, now) for each in look)
    return () if any(late) else look
