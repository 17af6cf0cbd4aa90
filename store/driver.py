"""SQLite through its driver alone, for what updates do: to import SQLAlchemy takes longer than most of them.

Statements are texts that any database system reads; what is SQLite's own stands here and in `dialect`.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from isg.graph.errors import LockTimeout
from isg.store.location import cannot_write

_CACHE = 64 * 1024  # KiB of pages, at most
_DRAFT_CACHE = 4 * 1024  # likewise: a draft's rows are appended, so hardly a page is wanted again
_FETCHED = 5_000
_PRIMARY = 0xFF  # the low byte of an extended code
# SQLITE_ERROR: our statements are right, so the tables are not what the version of the file promises.
_DAMAGED = frozenset(
    {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
)

_ALWAYS = ("temp_store = MEMORY", "busy_timeout = 30000")
SHARED = (
    *_ALWAYS,
    "foreign_keys = ON",
    "journal_mode = WAL",
    "synchronous = NORMAL",
    f"cache_size = -{_CACHE}",
)
"""The pragmas for a record."""
DRAFT = (
    *_ALWAYS,
    "foreign_keys = OFF",  # checked once when all is written: a look-up for each row costs more
    "page_size = 8192",
    "journal_mode = OFF",
    "synchronous = OFF",
    "locking_mode = EXCLUSIVE",
    f"cache_size = -{_DRAFT_CACHE}",
)
"""The pragmas for a file that nobody else knows yet: it is thrown away when its making ends early."""

Values: TypeAlias = "tuple[Any, ...] | list[tuple[Any, ...]]"
"""Those of one statement, or of many of the same text."""


class Found(Protocol):
    """The rows that a statement gives."""

    def __iter__(self) -> Iterator[Sequence[Any]]: ...

    def fetchone(self) -> Sequence[Any] | None: ...


class _Cursor(Protocol):
    def execute(self, statement: str, /) -> object: ...

    def fetchmany(self, size: int, /) -> Sequence[tuple[Any, ...]]: ...

    def close(self) -> None: ...


class _Driver(Protocol):
    def cursor(self) -> _Cursor: ...


class Connection(Protocol):
    """What texts of statements are given to: one of SQLAlchemy, or the driver's."""

    def exec_driver_sql(self, statement: str, parameters: Values = (), /) -> Found: ...

    @property
    def connection(self) -> _Driver:
        """That of the driver."""


class Direct:
    """A connection of the driver's; transactions are begun by us, for DDL as well."""

    def __init__(self, database: Path, pragmas: Sequence[str] = SHARED) -> None:
        self.connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
        try:
            for pragma in pragmas:
                self.connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            self.connection.close()
            raise

    def exec_driver_sql(self, statement: str, parameters: Values = (), /) -> sqlite3.Cursor:
        if isinstance(parameters, list):
            return self.connection.executemany(statement, parameters)
        return self.connection.execute(statement, parameters)

    def begin(self) -> None:
        """Begin a transaction when nobody else writes; it is undone where it is not committed."""
        self.connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self.connection.execute("COMMIT")

    def close(self) -> None:
        self.connection.close()


def plain_rows(connection: Connection, statement: str) -> Iterator[tuple[Any, ...]]:
    """The rows as the driver gives them: a third of the cost for all edges."""
    raw = connection.connection.cursor()
    raw.execute(statement)
    while batch := raw.fetchmany(_FETCHED):
        yield from batch
    raw.close()  # not where the reader gives up: the connection may be closed by then


def read_version(connection: Connection) -> int:
    """The number of the newest revision that the database has seen; 0 where it is empty."""
    ((version,),) = connection.exec_driver_sql("PRAGMA user_version")
    return int(version)


def damages(connection: Connection) -> Iterator[str]:
    """Where the pages and indexes of a database do not agree, as far as the system can tell."""
    for (found,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if found != "ok":
            yield found


def is_damage(error: BaseException | None) -> bool:
    """Whether an error of the driver's says that the database file is broken, or is none."""
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(error, UnicodeDecodeError) or str(error).startswith("Could not decode to UTF-8"):
        return True
    return code is not None and code & _PRIMARY in _DAMAGED


def delete(database: Path) -> None:
    """Delete a database with all that belongs to it; what is to be read last goes first."""
    for suffix in ("-wal", "-shm", "-journal", ""):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def publish_draft(draft: Path, database: Path) -> None:
    """Put a finished draft that nobody has open in the place of the record."""
    with sqlite3.connect(draft) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    delete(database)  # a log that an older record left would be taken for one of the new
    draft.replace(database)


def explain(error: sqlite3.Error, folder: Path) -> Exception:
    """What the user can do about an error of the database; the error itself where that is nothing."""
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    number = _ERRNO.get(code)
    if number is not None:
        return cannot_write(folder, OSError(number, os.strerror(number)))
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LockTimeout(f"another process is using the index in {folder}", hint="try again")
    return error


_ERRNO = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EACCES,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_PERM: errno.EACCES,
}
