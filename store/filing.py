"""The rows that say which files there are, and what content each has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from isg.store import rows
from isg.store.bulk import insert
from isg.store.driver import Connection
from isg.store.parsing import Version

_VERSIONS = 500  # contents whose facts are in memory at once


class Filing:
    """Writes what the other rows of a project refer to."""

    def __init__(self, connection: Connection, package: str) -> None:
        self._connection = connection
        self._package = package
        self.project = rows.project_id(package)

    def owner(self, path: str) -> int:
        """The id of a file."""
        return rows.file_id(self._package, path)

    def write_versions(self, versions: Mapping[str, Version], paths: Iterable[str]) -> None:
        """The rows that those of some files refer to."""
        connection, written = self._connection, [versions[path] for path in sorted(paths)]
        known = sorted({version.language for version in written})
        insert(connection, "projects", [(self.project, self._package, "")], ignore=True)
        insert(connection, "languages", [(language,) for language in known], ignore=True)
        parsed_now = [version for version in written if version.facts is not None]
        for start in range(0, len(parsed_now), _VERSIONS):
            contents = [version.row() for version in parsed_now[start : start + _VERSIONS]]
            insert(connection, "file_versions", contents, ignore=True)

    def file_rows(self, versions: Mapping[str, Version], paths: Iterable[str]) -> list[rows.Row]:
        """The rows of some files themselves."""
        present = ((path, versions[path]) for path in sorted(paths))
        return [
            (self.owner(path), self.project, path, version.language, version.id, version.size)
            for path, version in present
        ]
