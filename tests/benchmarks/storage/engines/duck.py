"""DuckDB: columns instead of indexes, recursive SQL; one process at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..csvfiles import csv_of
from ..engine import Engine, nothing
from ..sql import EDGE_COLUMNS, EDGES, SYMBOL_COLUMNS, SYMBOLS, SqlPatterns, Statements, insert_into
from ..workload import Change, Workload

_FILE = "graph.duckdb"
_STATEMENTS = Statements.of(lambda name: f"${name}")


class Duck(Engine):
    """Without a primary key: no join uses it, and a deleted key can not be inserted again at once."""

    name = "DuckDB"
    distributions = modules = ("duckdb",)
    shared = False

    def load(self, workload: Workload) -> None:
        import duckdb

        connection = duckdb.connect(str(self.folder / _FILE))
        connection.execute("SET enable_progress_bar = false")
        connection.execute(SYMBOLS.format(key=""))
        connection.execute(EDGES.format(key=""))
        for table, rows in (("symbols", workload.symbol_rows()), ("edges", workload.edge_rows())):
            with csv_of(rows) as path:
                options = "FORMAT csv, HEADER false, QUOTE '\"', ESCAPE '\"', NULLSTR '\\N'"
                connection.execute(f"COPY {table} FROM '{path}' ({options})")
        connection.close()

    def open(self) -> DuckSession:
        import duckdb

        return DuckSession(duckdb.connect(str(self.folder / _FILE)))


class DuckSession(SqlPatterns):
    def __init__(self, connection: Any) -> None:
        self._connection = connection
        super().__init__(connection.execute, _STATEMENTS)

    def replace(self, change: Change, midway: Callable[[], None] = nothing) -> None:
        connection = self._connection
        connection.begin()
        for delete in _STATEMENTS.deletes:
            connection.execute(delete, {"file": change.file})
        connection.executemany(insert_into("symbols", SYMBOL_COLUMNS), change.symbol_rows)
        midway()
        connection.executemany(insert_into("edges", EDGE_COLUMNS), change.edge_rows)
        connection.commit()

    def beside(self) -> DuckSession:
        return DuckSession(self._connection.cursor())

    def close(self) -> None:
        self._connection.close()
