"""All that differs between database systems: pragmas, transactions, versions, what their errors mean."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, create_engine, event
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.pool import NullPool

from isg.graph.errors import LockTimeout
from isg.store.location import cannot_write

_CACHE = 64 * 1024  # KiB of pages, at most
_DRAFT_CACHE = 4 * 1024  # likewise: a draft's rows are appended, so hardly a page is wanted again
# SQLITE_ERROR: our statements are right, so the tables are not what the version of the file promises.
_DAMAGED = frozenset(
    {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
)
_FETCHED = 5_000
_BRIEFLY = 500  # ms to wait for readers, where it does no harm that they are not done yet
_PRIMARY = 0xFF  # the low byte of an extended code


def connect(database: Path, *, draft: bool = False) -> Engine:
    """An engine on a SQLite file.

    A draft is a file that nobody else knows yet: it keeps no journal, as it is thrown away when its making
    ends early.
    """
    engine = create_engine(f"sqlite:///{database}", poolclass=NullPool)
    pragmas = _DRAFT if draft else _SHARED

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # transactions are begun by us, for DDL as well
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("isg_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


_ALWAYS = ("temp_store = MEMORY", "busy_timeout = 30000")
_SHARED = (
    *_ALWAYS,
    "foreign_keys = ON",
    "journal_mode = WAL",
    "synchronous = NORMAL",
    f"cache_size = -{_CACHE}",
)
_DRAFT = (
    *_ALWAYS,
    "foreign_keys = OFF",  # checked once when all is written: a look-up for each row costs more
    "page_size = 8192",
    "journal_mode = OFF",
    "synchronous = OFF",
    "locking_mode = EXCLUSIVE",
    f"cache_size = -{_DRAFT_CACHE}",
)


def read_version(connection: Connection) -> int:
    """The number of the newest revision that the database has seen; 0 where it is empty."""
    if connection.dialect.name == "sqlite":
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    from sqlalchemy import inspect

    if not inspect(connection).has_table("alembic_version"):
        return 0
    return int(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or 0)


def write_version(connection: Connection, version: int) -> None:
    """Note the newest revision where it can be read without Alembic."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {version:d}")


def plain_rows(connection: Connection, query: Select[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a query without parameters as the driver gives them: a third of the cost for all edges."""
    raw = connection.connection.cursor()
    raw.execute(str(query.compile(connection, compile_kwargs={"literal_binds": True})))
    while batch := raw.fetchmany(_FETCHED):
        yield from batch
    raw.close()  # not where the reader gives up: the connection may be closed by then


def damages(connection: Connection) -> Iterator[str]:
    """Where the pages and indexes of a database do not agree, as far as the system can tell."""
    if connection.dialect.name == "sqlite":
        for (found,) in connection.exec_driver_sql("PRAGMA integrity_check"):
            if found != "ok":
                yield found


def foreign_key_breaches(connection: Connection) -> Iterator[str]:
    """Rows that refer to rows that are not there; systems that never let that be have none."""
    if connection.dialect.name == "sqlite":
        for table, row, target, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"{table}: row {row} refers to a row of {target} that is not there"


def free_bytes(connection: Connection) -> int:
    """How much of a database file holds nothing."""
    if connection.dialect.name != "sqlite":
        return 0
    pages, size = (
        int(connection.exec_driver_sql(f"PRAGMA {of}").scalar_one()) for of in ("freelist_count", "page_size")
    )
    return pages * size


def compact(engine: Engine) -> None:
    """Write a database anew without what is free in it; readers keep what they see."""
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        if engine.dialect.name == "sqlite":
            cursor.execute(f"PRAGMA busy_timeout = {_BRIEFLY}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()


def is_damage(error: BaseException) -> bool:
    """Whether an error says that the database file is broken, or is none."""
    cause = error.orig if isinstance(error, DatabaseError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    if isinstance(cause, UnicodeDecodeError) or str(cause).startswith("Could not decode to UTF-8"):
        return True
    return code is not None and code & _PRIMARY in _DAMAGED


def delete(database: Path) -> None:
    """Delete a database with all that belongs to it; what is to be read last goes first."""
    for suffix in ("-wal", "-shm", "-journal", ""):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def publish_draft(engine: Engine, draft: Path, database: Path) -> None:
    """Put a finished draft in the place of the record."""
    engine.dispose()
    with sqlite3.connect(draft) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    delete(database)  # a log that an older record left would be taken for one of the new
    draft.replace(database)


def explain(error: DBAPIError | sqlite3.Error, folder: Path) -> Exception:
    """What the user can do about an error of the database; the error itself where that is nothing."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", 0) & _PRIMARY
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
