"""The facts of stubs of standard libraries, in the record: to parse one takes longer than most updates."""

from __future__ import annotations

from isg.parsers.facts import FileFacts, decode_definitions, encode
from isg.parsers.hashing import content_hash
from isg.parsers.parse import grammar_version, parse
from isg.parsers.version import EXTRACTOR_VERSION
from isg.store import rows
from isg.store.bulk import insert
from isg.store.contents import Damaged
from isg.store.driver import Connection

_TABLE = "analysis_cache"
_HASH = 8  # bytes before the facts


class KeptStubs:
    """Gives the facts of a stub by language and content; kept of all that were asked for."""

    def __init__(self, connection: Connection, project: int) -> None:
        self._connection = connection
        self._project = project

    def __call__(self, language: str, source: bytes) -> FileFacts:
        """Raises Damaged where what was kept is not what was written."""
        version = rows.version_id(
            content_hash(source), language, EXTRACTOR_VERSION, grammar_version(language)
        )
        kept = self._read(version)
        if kept is None:
            facts = parse(language, source)
            self._keep(version, encode(facts))
            return facts
        return decode_definitions(kept)

    def _read(self, version: int) -> bytes | None:
        wanted = f"SELECT value FROM {_TABLE} WHERE project_id = ? AND key = ?"
        row = self._connection.exec_driver_sql(wanted, (self._project, _key(version))).fetchone()
        if row is None:
            return None
        checksum, facts = row[0][:_HASH], row[0][_HASH:]
        if checksum != _checksum(version, facts):
            raise Damaged(f"facts of stub {version}")
        return bytes(facts)

    def _keep(self, version: int, facts: bytes) -> None:
        row = self._project, _key(version), _checksum(version, facts) + facts
        insert(self._connection, _TABLE, [row])


def _key(version: int) -> str:
    return f"stub:{version:016x}"


def _checksum(version: int, facts: bytes) -> bytes:
    return rows.facts_hash(version, 0, facts, None)
