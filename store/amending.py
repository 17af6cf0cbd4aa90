"""Having the record hold other rows of some files than before, at the cost of what differs.

After an edit most rows of a file say what they said, or say it of another line. To delete and insert them all
would be to write every page of every index that knows one of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from isg.graph.model import Symbol
from isg.store import rows
from isg.store.bulk import forget, insert, quoted
from isg.store.driver import Connection
from isg.store.rows import COLUMNS, LinkedRows, Row

_OWNER = "file_id"


def amend_files(connection: Connection, now: Iterable[Row]) -> None:
    """Have these be the rows of the table of files that they are about."""
    after = {row[0]: row for row in now}
    before = _rows_of(connection, "files", "id", after)
    _write(connection, "files", 1, before, after.values())


def amend_symbols(connection: Connection, owners: Sequence[int], now: Iterable[tuple[Symbol, int]]) -> None:
    """Have these, each with its owner, be the symbols of some files.

    A key that two files define stays with the first, and with one that is not among them.
    """
    after: dict[int, Row] = {}
    for symbol, owner in now:
        after.setdefault(symbol.id, rows.symbol_row(symbol, owner))
    before = _rows_of(connection, "symbols", _OWNER, owners)
    _write(connection, "symbols", 1, before, map(after.__getitem__, sorted(after)))


def amend_stated(connection: Connection, owner: int, linked: LinkedRows) -> None:
    """Have the edges, references and imports of a file be these."""
    now = {
        "edges": rows.edge_rows(linked, owner),
        "references": rows.reference_rows(linked.references, owner),
        "imports": rows.import_rows(linked.imports, owner),
    }
    for table, stated in now.items():
        _write(connection, table, 2, _rows_of(connection, table, _OWNER, [owner]), stated)


def _rows_of(connection: Connection, table: str, column: str, values: Iterable[int]) -> Iterator[Row]:
    """The rows of a table that bear one of these values in a column."""
    names = ", ".join(map(quoted, COLUMNS[table]))
    for value in values:
        yield from map(
            tuple,
            connection.exec_driver_sql(
                f"SELECT {names} FROM {quoted(table)} WHERE {quoted(column)} = ?", (value,)
            ),
        )


def _write(connection: Connection, table: str, keys: int, before: Iterable[Row], now: Iterable[Row]) -> None:
    """Make rows of a table others; the first columns, so many, tell them apart.

    Only those columns are set that differ: SQLite leaves indexes alone that are of others.
    """
    former = {row[:keys]: row for row in before}
    come: list[Row] = []
    again: defaultdict[tuple[int, ...], list[Row]] = defaultdict(list)
    for row in now:
        stood = former.pop(row[:keys], None)
        if stood is None:
            come.append(row)
        elif stood != row:
            again[tuple(at for at, value in enumerate(row) if value != stood[at])].append(row)
    columns = tuple(map(quoted, COLUMNS[table]))
    this = " AND ".join(f"{key} = ?" for key in columns[:keys])
    forget(connection, table, this, sorted(former))
    for differing, changed in sorted(again.items()):
        said = ", ".join(f"{columns[at]} = ?" for at in differing)
        values = [(*(row[at] for at in differing), *row[:keys]) for row in changed]
        connection.exec_driver_sql(f"UPDATE {quoted(table)} SET {said} WHERE {this}", values)
    insert(connection, table, come, ignore=True)
