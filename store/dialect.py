"""What differs between database systems where SQLAlchemy is in use: transactions, versions, errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, create_engine, event
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.pool import NullPool

from isg.store import driver

_BRIEFLY = 500  # ms to wait for readers, where it does no harm that they are not done yet


def connect(database: Path, *, draft: bool = False) -> Engine:
    """An engine on a SQLite file.

    A draft is a file that nobody else knows yet: it keeps no journal, as it is thrown away when its making
    ends early.
    """
    engine = create_engine(f"sqlite:///{database}", poolclass=NullPool)
    pragmas = driver.DRAFT if draft else driver.SHARED

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


def read_version(connection: Connection) -> int:
    """The number of the newest revision that the database has seen; 0 where it is empty."""
    if connection.dialect.name == "sqlite":
        return driver.read_version(connection)
    from sqlalchemy import inspect

    if not inspect(connection).has_table("alembic_version"):
        return 0
    return int(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or 0)


def write_version(connection: Connection, version: int) -> None:
    """Note the newest revision where it can be read without Alembic."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {version:d}")


def plain_rows(connection: Connection, query: Select[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a query without parameters as the driver gives them."""
    statement = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
    return driver.plain_rows(connection, statement)


def damages(connection: Connection) -> Iterator[str]:
    """Where the pages and indexes of a database do not agree, as far as the system can tell."""
    if connection.dialect.name == "sqlite":
        yield from driver.damages(connection)


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
    return driver.is_damage(error.orig if isinstance(error, DatabaseError) else error)


def explain(error: DBAPIError, folder: Path) -> Exception:
    """What the user can do about an error of the database; the error itself where that is nothing."""
    cause = error.orig
    found = driver.explain(cause, folder) if isinstance(cause, sqlite3.Error) else cause
    return error if found is cause or not isinstance(found, Exception) else found
