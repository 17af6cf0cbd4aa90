"""SQLite alone: tables with covering indexes, recursive SQL, no graph in memory."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Sequence

from ..engine import Engine, nothing
from ..sql import (
    EDGE_COLUMNS,
    EDGES,
    INDEXES,
    SYMBOL_COLUMNS,
    SYMBOLS,
    SqlPatterns,
    Statements,
    insert_into,
)
from ..workload import Change, Workload

FILE = "record.sqlite"
_BATCH = 20_000
_PRAGMAS = ("journal_mode = WAL", "synchronous = NORMAL", "cache_size = -65536", "busy_timeout = 30000")
_STATEMENTS = Statements.of(lambda name: f":{name}")


class Sqlite(Engine):
    name = "SQLite"
    indexes: Sequence[str] = INDEXES

    def versions(self) -> str:
        return sqlite3.sqlite_version

    def load(self, workload: Workload) -> None:
        """Rows in one transaction without a journal, indexes afterwards.

        No ANALYZE: with statistics the planner prepares every recursion by a Bloom filter over all edges,
        which takes a hundred times as long as the recursion.
        """
        connection = sqlite3.connect(self.folder / FILE, isolation_level=None)
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        connection.execute(SYMBOLS.format(key="PRIMARY KEY"))
        connection.execute(EDGES.format(key=", PRIMARY KEY (file, ordinal)") + " WITHOUT ROWID")
        connection.executemany(insert_into("symbols", SYMBOL_COLUMNS), workload.symbol_rows())
        edges = workload.edge_rows()
        while batch := list(itertools.islice(edges, _BATCH)):
            connection.executemany(insert_into("edges", EDGE_COLUMNS), batch)
        for index in self.indexes:
            connection.execute(index)
        connection.execute("COMMIT")
        connection.close()

    def open(self) -> SqliteSession:
        return SqliteSession(self)


class SqliteSession(SqlPatterns):
    def __init__(self, engine: Sqlite) -> None:
        self._engine = engine
        self._connection = sqlite3.connect(
            engine.folder / FILE, isolation_level=None, check_same_thread=False, cached_statements=16
        )
        for pragma in _PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        super().__init__(self._connection.execute, _STATEMENTS)

    def replace(self, change: Change, midway: Callable[[], None] = nothing) -> None:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        for delete in _STATEMENTS.deletes:
            connection.execute(delete, {"file": change.file})
        connection.executemany(insert_into("symbols", SYMBOL_COLUMNS), change.symbol_rows)
        midway()
        connection.executemany(insert_into("edges", EDGE_COLUMNS), change.edge_rows)
        connection.execute("COMMIT")

    def beside(self) -> SqliteSession:
        return SqliteSession(self._engine)

    def close(self) -> None:
        self._connection.close()
