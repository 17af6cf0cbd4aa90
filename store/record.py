"""The record as a file: its hash, and putting the pages of another in its place. Needs no SQLAlchemy."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from blake3 import blake3

from isg.store.wal import as_committed, log_of

_TRIES = 5
_COARSE = 2_000_000_000  # ns, the coarsest that file systems keep time
_PATIENCE = 30_000  # ms to wait for whoever writes without holding our lock


def seal(database: Path) -> bytes:
    """The BLAKE3 of a record as it is committed, the same before and after SQLite writes its log back.

    Empty where that was going on all the time; raises OSError.
    """
    for _ in range(_TRIES):
        before = _identity_of_log(database)
        with database.open("rb") as file, _log(database) as log:
            found = _hash(as_committed(file, log))
        if _identity_of_log(database) == before:
            return found
    return b""


def seal_of(database: Path) -> bytes:
    """The same, from memory where this process has worked it out and nothing was written since.

    A file that was written just now is read again: the clock of a file system may not tell two writes apart.
    """
    before = _identities(database)
    known = _seals.get(database)
    if known is not None and known[0] == before:
        return known[1]
    found = seal(database)
    settled = time.time_ns() - max(identity.changed_ns for identity in before) > _COARSE
    if found and settled and _identities(database) == before:
        _seals[database] = before, found
    return found


def file_hash(database: Path) -> bytes:
    """The BLAKE3 of a database file that has no log; raises OSError."""
    with database.open("rb") as file:
        return _hash(as_committed(file, BytesIO()))


def _hash(chunks: Iterable[bytes]) -> bytes:
    hasher = blake3()
    for chunk in chunks:
        hasher.update(chunk)
    return hasher.digest()


def _log(database: Path) -> BinaryIO:
    """The log of a database; an empty one where there is none."""
    try:
        return log_of(database).open("rb")
    except FileNotFoundError:
        return BytesIO()


class _Identity(NamedTuple):
    """What is another after a file was written to, or another took its place."""

    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @property
    def changed_ns(self) -> int:
        return max(self.mtime_ns, self.ctime_ns)


_NONE = _Identity(0, 0, 0, 0)
_seals: dict[Path, tuple[tuple[_Identity, ...], bytes]] = {}


def _identities(database: Path) -> tuple[_Identity, ...]:
    """Of a database and its log; raises OSError where there is no database."""
    return _identity(database), _identity_of_log(database)


def _identity_of_log(database: Path) -> _Identity:
    try:
        return _identity(log_of(database))
    except FileNotFoundError:
        return _NONE


def _identity(file: Path) -> _Identity:
    stat = file.stat()
    return _Identity(stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def copy(database: Path, to: Path) -> None:
    """Copy a record as it is committed, beside whoever reads or writes it; raises sqlite3.Error.

    SQLite does it: to open and close the file here would end the locks that this process holds on it.
    """
    with closing(sqlite3.connect(database)) as record, closing(sqlite3.connect(to)) as target:
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")
        record.backup(target)


def put_back(kept: Path, database: Path) -> None:
    """Have a record hold what a copy of an earlier state of it holds, beside readers; the copy stands.

    What is known of contents of files stays known, also of those that the copy knows nothing of. Raises
    sqlite3.Error with the record as it was, or as the copy is.
    """
    with (
        closing(sqlite3.connect(f"{kept.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as source,
        closing(sqlite3.connect(database, isolation_level=None)) as record,
    ):
        record.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
        record.execute("PRAGMA synchronous = NORMAL")
        record.execute("CREATE TEMP TABLE kept (id INTEGER PRIMARY KEY)")
        record.executemany("INSERT INTO kept VALUES (?)", source.execute("SELECT id FROM file_versions"))
        record.execute(
            "CREATE TEMP TABLE more AS SELECT * FROM file_versions WHERE id NOT IN (SELECT id FROM kept)"
        )
        source.backup(record, progress=_go_on)
        record.execute("INSERT INTO main.file_versions SELECT * FROM temp.more")


def _go_on(status: int, remaining: int, total: int) -> None:
    """Ends a copy that would wait for ever, as ``Connection.backup`` does where the record is locked."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise sqlite3.OperationalError("database is locked")
