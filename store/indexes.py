"""The indexes of the tables with very many rows, which are dropped while all of them are loaded."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Index
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, DropIndex

from isg.store.driver import Connection
from isg.store.tables import edges, imports, references, symbols


def drop_indexes(connection: Connection) -> None:
    """Before loading everything: an index is cheaper to make than to keep."""
    for index in _indexes():
        connection.exec_driver_sql(str(DropIndex(index, if_exists=True).compile(dialect=sqlite.dialect())))


def create_indexes(connection: Connection) -> None:
    for index in _indexes():
        connection.exec_driver_sql(
            str(CreateIndex(index, if_not_exists=True).compile(dialect=sqlite.dialect()))
        )


def _indexes() -> Iterator[Index]:
    for table in (symbols, edges, references, imports):
        yield from sorted(table.indexes, key=lambda index: str(index.name))
