"""The record as a file: copies of it, and putting the pages of another in its place. Needs no SQLAlchemy."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_PATIENCE = 30_000  # ms to wait for whoever writes without holding our lock


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
