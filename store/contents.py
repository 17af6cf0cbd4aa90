"""What the record holds, read back: files and their facts, the whole graph, what an earlier run left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from functools import cached_property
from typing import Protocol

import msgspec
from blake3 import blake3

from isg.graph.model import Edge, Symbol
from isg.graph.packing import Statements
from isg.graph.stated import StatedEdges
from isg.store import rows
from isg.store.bulk import forget, insert, quoted
from isg.store.driver import Connection, plain_rows


class Damaged(Exception):
    """The record holds what we never wrote."""


@contextmanager
def sound() -> Iterator[None]:
    """Takes rows that make no sense for what they are: damage."""
    try:
        yield
    except (msgspec.DecodeError, LookupError, TypeError, ValueError) as error:
        raise Damaged(f"{type(error).__name__}: {error}") from error


class StoredFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file of the record, with the id of the content that it had."""

    id: int
    path: str
    language: str
    version: int
    size: int


class Contents(Protocol):
    """All symbols and edges of a project, wherever they come from."""

    @property
    def symbols(self) -> list[Symbol]: ...

    @property
    def unresolved(self) -> Mapping[str, int]: ...

    @property
    def at_hand(self) -> bool:
        """Whether none of it has to be read from the record."""

    def edges(self) -> Iterator[Edge]: ...

    def state_edges(self, statements: Statements) -> None:
        """Add all edges to the statements that a graph is packed of."""


class Gathered:
    """Contents that pass by on their way into the record: they are kept encoded until all are there."""

    at_hand = True

    def __init__(self) -> None:
        self.unresolved: Counter[str] = Counter()
        self._symbols: list[bytes] = []
        self._stated: dict[str, StatedEdges] = {}
        self._more: tuple[Edge, ...] = ()

    def add(self, linked: rows.LinkedRows) -> None:
        self._symbols.append(bytes(linked.symbols))
        self._stated[linked.path] = linked.edges
        self.unresolved.update(linked.unresolved_names())

    @cached_property
    def symbols(self) -> list[Symbol]:
        """Those of the files; what comes from outside is added at the end."""
        return [symbol for encoded in self._symbols for symbol in _decode_symbols(encoded)]

    def add_externals(self, connection: Connection) -> None:
        """Take the symbols outside the project, which the record alone knows to be pointed at."""
        self.symbols += read_externals(connection)

    def add_whole_project_edges(self, found: tuple[Edge, ...]) -> None:
        self._more = found

    def edges(self) -> Iterator[Edge]:
        for path, stated in self._stated.items():
            yield from stated.edges(path)
        yield from self._more

    def state_edges(self, statements: Statements) -> None:
        for path, stated in self._stated.items():
            statements.gather_columns(path, stated)
        statements.gather(self._more)


_decode_symbols = msgspec.msgpack.Decoder(tuple[Symbol, ...]).decode


class Stored:
    """Contents read from the record."""

    at_hand = False

    def __init__(
        self,
        connection: Connection,
        own: Callable[[], list[Symbol]] | None = None,
        unresolved: Mapping[str, int] | None = None,
    ) -> None:
        """``own`` gives the symbols that files define; what is not at hand already is read when asked for."""
        self._unresolved = unresolved
        self._connection = connection
        self._find_own = own or self._read_own

    @cached_property
    def own(self) -> list[Symbol]:
        """The symbols that files define."""
        return self._find_own()

    @property
    def symbols(self) -> list[Symbol]:
        return self.own + read_externals(self._connection)

    @cached_property
    def _paths(self) -> Mapping[int, str]:
        return {file.id: file.path for file in stored_files(self._connection).values()}

    def _read_own(self) -> list[Symbol]:
        owned = plain_rows(self._connection, f"{_SYMBOLS} WHERE file_id IS NOT NULL")
        with sound():
            return [rows.symbol_of(row, self._paths[row[1]]) for row in owned]

    @property
    def unresolved(self) -> Mapping[str, int]:
        """How many sites bear each name that was not resolved."""
        if self._unresolved is not None:
            return self._unresolved
        counted = f"SELECT name, count(*) FROM {_UNRESOLVED} GROUP BY name"
        return {row[0]: row[1] for row in self._connection.exec_driver_sql(counted)}

    def edges(self) -> Iterator[Edge]:
        paths = self._paths
        with sound():
            for row in plain_rows(self._connection, select_all("edges")):
                yield rows.edge_of(row, paths[row[0]])

    def state_edges(self, statements: Statements) -> None:
        statements.gather(self.edges())


def select_all(table: str) -> str:
    """The text that asks for all rows of a table, their values in the order of `rows`."""
    return f"SELECT {', '.join(map(quoted, rows.COLUMNS[table]))} FROM {quoted(table)}"


_SYMBOLS = select_all("symbols")
_STATING = ("edges", "references", "imports")  # the tables that point at symbols
_UNRESOLVED = "\"references\" WHERE target_id IS NULL AND outcome = 'unresolved'"


def read_externals(connection: Connection) -> list[Symbol]:
    """The symbols outside the project that it refers to."""
    found = plain_rows(connection, f"{_SYMBOLS} WHERE file_id IS NULL")
    with sound():
        return [rows.symbol_of(row, None) for row in found]


def unresolved_in(connection: Connection, owners: Sequence[int]) -> Counter[str]:
    """How many sites of some files bear each name that was not resolved."""
    counted: Counter[str] = Counter()
    for owner in owners:
        sites = f"SELECT name, count(*) FROM {_UNRESOLVED} AND file_id = ? GROUP BY name"
        counted.update({row[0]: row[1] for row in connection.exec_driver_sql(sites, (owner,))})
    return counted


def unresolved_by_file(connection: Connection) -> dict[str, Counter[tuple[int, str]]]:
    """How many sites of each file bear each name that was not resolved, by the symbol that they stand in."""
    paths = {file.id: file.path for file in stored_files(connection).values()}
    counted = (
        f"SELECT file_id, source_id, name, count(*) FROM {_UNRESOLVED} GROUP BY file_id, source_id, name"
    )
    found: dict[str, Counter[tuple[int, str]]] = {}
    for owner, source, name, count in connection.exec_driver_sql(counted):
        found.setdefault(paths[owner], Counter())[source, name] = count
    return found


def stored_files(connection: Connection) -> dict[str, StoredFile]:
    """The files of the record by path."""
    columns = "SELECT id, path, language, version_id, size FROM files"
    found = (StoredFile(*row) for row in connection.exec_driver_sql(columns))
    return {file.path: file for file in found}


def stored_versions(connection: Connection) -> dict[int, int]:
    """The contents whose facts are kept: their number of lines by id."""
    found = connection.exec_driver_sql("SELECT id, lines FROM file_versions")
    return {row[0]: row[1] for row in found}


def lines_of(connection: Connection, version: int) -> int | None:
    """How many lines a content has; None where its facts are not kept."""
    row = connection.exec_driver_sql("SELECT lines FROM file_versions WHERE id = ?", (version,)).fetchone()
    return None if row is None else int(row[0])


_FACTS = "SELECT id, lines, facts, diagnostics, facts_hash FROM file_versions"


def read_facts(connection: Connection, version: int) -> bytes:
    """The encoded facts of a content; raises Damaged where they are not what was written."""
    row = connection.exec_driver_sql(f"{_FACTS} WHERE id = ?", (version,)).fetchone()
    if row is None:
        raise Damaged(f"no facts of {version}")
    return _checked(*row)


def read_all_facts(connection: Connection) -> Iterator[tuple[int, bytes]]:
    """The encoded facts of every content that is kept, by its id; raises Damaged likewise."""
    for row in connection.exec_driver_sql(_FACTS):
        yield row[0], _checked(*row)


def linked_facts(connection: Connection) -> dict[str, bytes]:
    """The encoded facts of every file by its path; raises Damaged likewise."""
    contents = dict(read_all_facts(connection))
    return {path: contents[file.version] for path, file in stored_files(connection).items()}


def _checked(version: int, lines: int, facts: bytes, diagnostics: bytes | None, expected: bytes) -> bytes:
    if rows.facts_hash(version, lines, facts, diagnostics) != expected:
        raise Damaged(f"facts of {version}")
    return facts


AUGMENTING = "augmenting"
"""What the paths of files that add to others are kept under."""

_RULES = ("versions", "build", AUGMENTING)


def remembered(connection: Connection, project: int) -> dict[str, bytes]:
    """What an earlier run left, but for what is kept of each file."""
    keys = ", ".join("?" * len(_RULES))
    left = f"SELECT key, value FROM analysis_cache WHERE project_id = ? AND key IN ({keys})"
    return {row[0]: row[1] for row in connection.exec_driver_sql(left, (project, *_RULES))}


def remember(connection: Connection, project: int, values: Mapping[str, bytes]) -> None:
    """Leave something for the next run."""
    forget(connection, "analysis_cache", "project_id = ? AND key = ?", [(project, key) for key in values])
    insert(connection, "analysis_cache", [(project, key, value) for key, value in sorted(values.items())])


_MARK = "mark"


def leave_mark(connection: Connection, project: int, versions: str, state: str, build: bytes) -> bytes:
    """Note what a state of the record is made of, by a hash: the head that belongs to it has it too."""
    mark = blake3(msgspec.msgpack.encode((versions, state, build))).digest()
    remember(connection, project, {_MARK: mark})
    return mark


def mark_of(connection: Connection) -> bytes:
    """The mark that a record bears; empty where it has none."""
    noted = connection.exec_driver_sql("SELECT value FROM analysis_cache WHERE key = ?", (_MARK,))
    row = noted.fetchone()
    return b"" if row is None else bytes(row[0])


def pointed_at(connection: Connection, owners: Sequence[int]) -> set[int]:
    """The ids of the symbols that some files point at."""
    told = (f"SELECT target_id FROM {quoted(table)} WHERE file_id = ?1" for table in _STATING)
    pointed = f"{' UNION '.join(told)} EXCEPT SELECT NULL"
    return {row[0] for owner in owners for row in connection.exec_driver_sql(pointed, (owner,))}


def forget_externals(connection: Connection, among: AbstractSet[int] | None = None) -> set[int]:
    """Drop symbols outside the project that nothing points at any more; needs the indexes of targets.

    ``among`` are the ids of those that may be such; None: all. Gives the ids of those that were.
    """
    pointed = (
        f"NOT EXISTS (SELECT 1 FROM {quoted(table)} AS stated WHERE stated.target_id = symbols.id)"
        for table in _STATING
    )
    left = f"SELECT id FROM symbols WHERE file_id IS NULL AND {' AND '.join(pointed)}"
    if among is None:
        found = {row[0] for row in connection.exec_driver_sql(left)}
    else:
        asked = f"{left} AND id = ?"
        found = {row[0] for each in among for row in connection.exec_driver_sql(asked, (each,))}
    forget(connection, "symbols", "id = ?", [(each,) for each in found])
    return found


def forget_facts(connection: Connection, keep: int) -> None:
    """Drop the facts of contents that no file has, where there are more than so many."""
    ((count,),) = connection.exec_driver_sql(f"SELECT count(*) FROM file_versions WHERE {UNUSED}")
    if count > keep:
        connection.exec_driver_sql(f"DELETE FROM file_versions WHERE {UNUSED}")


UNUSED = "NOT EXISTS (SELECT 1 FROM files WHERE files.version_id = file_versions.id)"
"""Which contents no file has."""
