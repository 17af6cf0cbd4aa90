"""What files looked up in each other as they were linked: in the record, a row for each file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from isg.store.bulk import forget, insert
from isg.store.driver import Connection
from isg.store.rows import file_id, project_id

_PREFIX = "lookups:"
_TABLE = "analysis_cache"
_READ = f"SELECT value FROM {_TABLE} WHERE project_id = ?"


class KeptLookups:
    """What was kept of all files of a project by path, encoded, and read when it is asked for."""

    def __init__(self, connection: Connection, package: str) -> None:
        self._connection = connection
        self._package = package
        self._project = project_id(package)

    def get(self, path: str) -> bytes | None:
        wanted = self._project, self._key(path)
        row = self._connection.exec_driver_sql(f"{_READ} AND key = ?", wanted).fetchone()
        return None if row is None else row[0]

    def values(self) -> Iterator[bytes]:
        kept = self._connection.exec_driver_sql(f"{_READ} AND key LIKE '{_PREFIX}%'", (self._project,))
        return (row[0] for row in kept)

    def change(self, changes: Mapping[str, bytes | None]) -> None:
        """Keep something else of some files; None: nothing."""
        former = [(self._project, self._key(path)) for path in changes]
        forget(self._connection, _TABLE, "project_id = ? AND key = ?", former)
        self.add({path: data for path, data in changes.items() if data is not None})

    def add(self, kept: Mapping[str, bytes]) -> None:
        """Keep something of files of which nothing is kept."""
        insert(
            self._connection,
            _TABLE,
            sorted((self._project, self._key(path), data) for path, data in kept.items()),
        )

    def _key(self, path: str) -> str:
        return f"{_PREFIX}{file_id(self._package, path):016x}"
