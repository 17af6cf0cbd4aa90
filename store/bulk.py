"""Writing many rows at once: tuples in long batches, indexes made after the rows they are of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import chain
from operator import itemgetter

from isg.graph.model import Edge, Symbol
from isg.store import rows
from isg.store.driver import Connection
from isg.store.rows import COLUMNS, LinkedRows, Row

_BATCH = 20_000
_VARIABLES = 500  # parameters in one statement, which every system allows


def insert(connection: Connection, table: str, batch: Sequence[Row], *, ignore: bool = False) -> None:
    """Insert rows whose values stand in the order of the columns; ``ignore`` those that are there already.

    A statement takes as many rows as it may: to begin and end one costs half as much as a row.
    """
    together = _VARIABLES // len(COLUMNS[table])
    whole = len(batch) - len(batch) % together
    if whole:
        taken = (batch[start : start + together] for start in range(0, whole, together))
        joined = [tuple(chain.from_iterable(rows_)) for rows_ in taken]
        connection.exec_driver_sql(_statement(table, together, ignore), joined)
    if whole < len(batch):
        connection.exec_driver_sql(_statement(table, 1, ignore), list(batch[whole:]))


def _statement(table: str, rows_: int, ignore: bool) -> str:
    names = ", ".join(map(quoted, COLUMNS[table]))
    marks = f"({', '.join('?' * len(COLUMNS[table]))})"
    end = " ON CONFLICT DO NOTHING" if ignore else ""
    return f"INSERT INTO {quoted(table)} ({names}) VALUES {', '.join([marks] * rows_)}{end}"


def quoted(name: str) -> str:
    """The name of a table or column, which may be a word of SQL."""
    return f'"{name}"'


def forget(connection: Connection, table: str, where: str, values: Sequence[Row]) -> None:
    """Delete the rows of which this is true, for each of some values."""
    if values:
        connection.exec_driver_sql(f"DELETE FROM {quoted(table)} WHERE {where}", list(values))


def clear(connection: Connection) -> None:
    """Delete everything that files own, and the files; what owns comes last."""
    for table in ("references", "edges", "imports", "symbols", "files"):
        connection.exec_driver_sql(f"DELETE FROM {quoted(table)}")


def delete_files(connection: Connection, owners: Iterable[int]) -> None:
    """Delete files with all that they own."""
    forget(connection, "files", "id = ?", [(owner,) for owner in owners])


def add_externals(connection: Connection, externals: Iterable[Symbol]) -> None:
    """Insert the symbols outside the project that are not there yet."""
    insert(connection, "symbols", [rows.symbol_row(symbol, None) for symbol in externals], ignore=True)


def whole_project_rows(found: Iterable[Edge], project: str) -> Iterator[Row]:
    """The rows of edges that no file states by itself."""
    ordinals: dict[str, int] = {}
    for edge in sorted(found, key=_place):
        ordinal = ordinals[edge.file] = ordinals.get(edge.file, 0) - 1
        yield rows.edge_row(edge, rows.file_id(project, edge.file), ordinal)


def _place(edge: Edge) -> tuple[str, int, int, str, str]:
    return edge.file, edge.source, edge.target, edge.kind, edge.how


class Writer:
    """Takes linked files and writes their rows in batches."""

    def __init__(self, connection: Connection, project: str) -> None:
        self._connection = connection
        self._project = project
        self._externals: dict[int, Symbol] = {}
        self._edges: list[Row] = []
        self._references: list[Row] = []
        self._imports: list[Row] = []

    def add(self, linked: LinkedRows) -> None:
        """Take the rows of one file but for its symbols; its own row is there already."""
        owner = rows.file_id(self._project, linked.path)
        for symbol in linked.externals:
            self._externals.setdefault(symbol.id, symbol)
        self._edges += rows.edge_rows(linked, owner)
        self._references += rows.reference_rows(linked.references, owner)
        self._imports += rows.import_rows(linked.imports, owner)
        if len(self._references) >= _BATCH:
            self._flush()

    def add_whole_project_edges(self, found: Iterable[Edge]) -> None:
        """Take edges that no file states by itself."""
        self._edges += whole_project_rows(found, self._project)

    def finish(self, own: Iterable[Symbol] = ()) -> None:
        """Write what is left: symbols of files, in the order of their ids, and those outside the project.

        A key that two files define stays with the first: the other one's rows still point at it.
        """
        self._flush()
        owners = cache(partial(rows.file_id, self._project))
        found = [rows.symbol_row(symbol, owners(symbol.file or "")) for symbol in own]
        insert(self._connection, "symbols", sorted(found, key=itemgetter(0)), ignore=True)
        add_externals(self._connection, self._externals.values())
        self._externals.clear()

    def _flush(self) -> None:
        batches = {"edges": self._edges, "references": self._references, "imports": self._imports}
        for table, batch in batches.items():
            insert(self._connection, table, batch)
            batch.clear()
