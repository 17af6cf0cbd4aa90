"""An index made from nothing beside the one that is there, and what is not the same in both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, Table, select

from isg.store.dialect import plain_rows
from isg.store.location import SCRATCH, StoreLocation
from isg.store.tables import edges, files, imports, project_languages, projects, references, symbols

# All that an answer can come from; not what only later runs read: earlier contents, the linker's memory.
_ANSWERING = (projects, project_languages, files, symbols, edges, references, imports)


class RowDifference(msgspec.Struct, frozen=True):
    """A row that only one of two records has."""

    stored: bool  # in which one: the record that was there, or the one made from nothing
    table: str
    values: dict[str, Any]


@contextmanager
def rebuilt(location: StoreLocation, make: Callable[[StoreLocation], object]) -> Iterator[StoreLocation]:
    """An index that ``make`` fills from nothing, in a folder of its own that goes away afterwards."""
    with TemporaryDirectory(prefix=SCRATCH, dir=location.folder) as scratch:
        clean = StoreLocation(Path(scratch) / "index")
        make(clean)
        yield clean


def differing_rows(stored: Connection, clean: Connection) -> Iterator[RowDifference]:
    """The rows that only one of two records has, table by table, in the order of their ids."""
    for table in _ANSWERING:
        ordered = select(table).order_by(*table.primary_key)
        pairs = zip_longest(plain_rows(stored, ordered), plain_rows(clean, ordered))
        if any(one != other for one, other in pairs):
            yield from _differing(table, ordered, stored, clean)


def _differing(
    table: Table, ordered: Select[Any], stored: Connection, clean: Connection
) -> Iterator[RowDifference]:
    for here, there in ((stored, clean), (clean, stored)):
        known = set(plain_rows(there, ordered))
        paths = dict(plain_rows(here, select(files.c.id, files.c.path)))
        names = list(map(str, table.columns.keys()))
        for row in plain_rows(here, ordered):
            if row not in known:
                values = dict(zip(names, row, strict=True))
                yield RowDifference(here is stored, str(table.name), _readable(values, paths))


def _readable(values: dict[str, Any], paths: dict[int, str]) -> dict[str, Any]:
    """The values of a row, its file by its path, and bytes in hex."""
    owner = values.pop("file_id", None)
    named = values if owner is None else {"file": paths.get(owner), **values}
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in named.items()}
