"""What files looked up in each other as they were linked: in the record, a row for each file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, bindparam, delete, select

from isg.store.bulk import insert
from isg.store.rows import file_id, project_id
from isg.store.tables import analysis_cache

_PREFIX = "lookups:"
_OF_ALL = analysis_cache.c.key.startswith(_PREFIX)
_ROW = (analysis_cache.c.project_id == bindparam("project")) & (analysis_cache.c.key == bindparam("name"))
_READ, _DROP = select(analysis_cache.c.value).where(_ROW), delete(analysis_cache).where(_ROW)


class KeptLookups:
    """What was kept of all files of a project by path, encoded, and read when it is asked for."""

    def __init__(self, connection: Connection, package: str) -> None:
        self._connection = connection
        self._package = package
        self._project = project_id(package)

    def get(self, path: str) -> bytes | None:
        row = {"project": self._project, "name": self._key(path)}
        return self._connection.execute(_READ, row).scalar()

    def values(self) -> Iterator[bytes]:
        of_project = analysis_cache.c.project_id == self._project
        yield from self._connection.execute(
            select(analysis_cache.c.value).where(of_project, _OF_ALL)
        ).scalars()

    def change(self, changes: Mapping[str, bytes | None]) -> None:
        """Keep something else of some files; None: nothing."""
        keys = {path: self._key(path) for path in changes}
        dropped = [{"project": self._project, "name": key} for key in keys.values()]
        if dropped:
            self._connection.execute(_DROP, dropped)
        self.add({path: data for path, data in changes.items() if data is not None})

    def add(self, kept: Mapping[str, bytes]) -> None:
        """Keep something of files of which nothing is kept."""
        rows = sorted((self._project, self._key(path), data) for path, data in kept.items())
        insert(self._connection, analysis_cache, rows)

    def _key(self, path: str) -> str:
        return f"{_PREFIX}{file_id(self._package, path):016x}"
