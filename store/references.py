"""Sites of the record, resolved or not: what the graph's edges no longer tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, func, select

from isg.store.database import reading
from isg.store.head import Head
from isg.store.location import StoreLocation
from isg.store.tables import files, references, symbols

OUTCOMES = ("project", "external", "local", "unresolved")


class ReferenceSite(msgspec.Struct, frozen=True, gc=False):
    """One site and what became of it."""

    file: str
    line: int
    column: int
    name: str
    role: str
    form: str
    outcome: str
    arguments: int  # of a call; -1 otherwise
    source: str  # the key of the symbol around it
    target: int | None  # the id of what it is resolved to


class CallCoverage(msgspec.Struct, frozen=True, gc=False):
    """How many call sites of a form or file were resolved, and to what."""

    name: str
    project: int = 0
    external: int = 0
    local: int = 0
    unresolved: int = 0

    @property
    def calls(self) -> int:
        return self.project + self.external + self.local + self.unresolved


class Coverage(msgspec.Struct, frozen=True):
    """Call sites by form and by file, worst first: most unresolved, then the smallest share resolved."""

    total: CallCoverage
    by_form: tuple[CallCoverage, ...]
    by_file: tuple[CallCoverage, ...]


class References:
    """The sites of an index. Each answer is of one whole state: that of ``head``, where one is given.

    Raises what `reading` raises where there is none such.
    """

    def __init__(self, location: StoreLocation, head: Head | None = None) -> None:
        self._location = location
        self._head = head

    def unresolved(self, names: Sequence[str]) -> tuple[ReferenceSite, ...]:
        """Sites that bear one of these bare names and were not resolved."""
        return self._sites(
            references.c.target_id.is_(None),
            references.c.outcome == "unresolved",
            references.c.name.in_(list(names)),
        )

    def unlinked(self, names: Sequence[str]) -> tuple[ReferenceSite, ...]:
        """Sites that bear one of these bare names and lead to no symbol: not resolved, or to a local."""
        return self._sites(
            references.c.target_id.is_(None),
            references.c.outcome.in_(["unresolved", "local"]),
            references.c.name.in_(list(names)),
        )

    def within(self, source: str, name: str) -> tuple[ReferenceSite, ...]:
        """Sites of a bare name in the symbol of this key."""
        return self._sites(symbols.c.key == source, references.c.name == name)

    def to(self, target: int) -> tuple[ReferenceSite, ...]:
        """Sites that are resolved to the symbol of this id."""
        return self._sites(references.c.target_id == target)

    def in_file(self, path: str) -> tuple[ReferenceSite, ...]:
        """All sites of a file."""
        return self._sites(files.c.path == path)

    def coverage(self) -> Coverage:
        """How many call sites were resolved. A site with several targets counts once."""
        with reading(self._location, self._head) as connection:
            by_form = _coverage(connection, references.c.form)
            by_file = _coverage(connection, files.c.path)
        return Coverage(_total(by_form), by_form, by_file)

    def _sites(self, *conditions: ColumnElement[bool]) -> tuple[ReferenceSite, ...]:
        with reading(self._location, self._head) as connection:
            return tuple(_read_sites(connection, _query().where(*conditions)))


def _query() -> Select[Any]:
    r = references.c
    what = (r.name, r.role, r.form, r.outcome, r.arguments)
    columns = (files.c.path, r.line, r.column, *what, symbols.c.key, r.target_id)
    joined = references.join(files, files.c.id == r.file_id).join(symbols, symbols.c.id == r.source_id)
    return select(*columns).select_from(joined).order_by(files.c.path, r.line, r.column, r.role, r.target_id)


def _read_sites(connection: Connection, query: Select[Any]) -> Iterator[ReferenceSite]:
    for row in connection.execute(query):
        yield ReferenceSite(*row)


def _coverage(connection: Connection, by: ColumnElement[str]) -> tuple[CallCoverage, ...]:
    """Call sites by a column. What a site is resolved to best counts: in the project, then outside it."""
    r = references.c
    outcome = func.min(_rank(r.outcome)).label("outcome")
    joined = references.join(files, files.c.id == r.file_id)
    sites = (
        select(by.label("name"), outcome)
        .select_from(joined)
        .where(r.role == "call")
        .group_by(r.file_id, r.line, r.column, by)
        .subquery()
    )
    counted = select(sites.c.name, sites.c.outcome, func.count()).group_by(sites.c.name, sites.c.outcome)
    rows: dict[str, dict[str, int]] = {}
    for name, rank, count in connection.execute(counted):
        rows.setdefault(name, {})[OUTCOMES[rank]] = count
    return _worst_first(CallCoverage(name, **counts) for name, counts in rows.items())


def _rank(outcome: ColumnElement[str]) -> ColumnElement[int]:
    from sqlalchemy import case

    return case({name: rank for rank, name in enumerate(OUTCOMES)}, value=outcome, else_=len(OUTCOMES) - 1)


def _worst_first(rows: Iterable[CallCoverage]) -> tuple[CallCoverage, ...]:
    return tuple(sorted(rows, key=lambda row: (-row.unresolved, row.calls, row.name)))


def _total(rows: Iterable[CallCoverage]) -> CallCoverage:
    total = dict.fromkeys(OUTCOMES, 0)
    for row in rows:
        for outcome in OUTCOMES:
            total[outcome] += getattr(row, outcome)
    return CallCoverage("", **total)
