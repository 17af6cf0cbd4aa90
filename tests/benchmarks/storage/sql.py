"""The tables and the patterns in SQL, for every engine that speaks it: only the placeholders differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from isg.graph.codes import CALLS, IMPL

from .patterns import DEPENDS, FLOOR, FRONT, NEAR, PIECES, WEIGHTS, Piece, components

SYMBOLS = """CREATE TABLE symbols (
    id BIGINT {key}, position INTEGER NOT NULL, file INTEGER NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL,
    name TEXT NOT NULL, signature TEXT NOT NULL, line INTEGER NOT NULL, external SMALLINT NOT NULL)"""
EDGES = """CREATE TABLE edges (
    file INTEGER NOT NULL, ordinal INTEGER NOT NULL, source BIGINT NOT NULL, target BIGINT NOT NULL,
    kind SMALLINT NOT NULL, how SMALLINT NOT NULL, confidence SMALLINT NOT NULL, sites TEXT NOT NULL{key})"""
SYMBOL_COLUMNS, EDGE_COLUMNS = 9, 8

# What the patterns look edges up by; they hold all that is asked of an edge.
INDEXES = (
    "CREATE INDEX ix_symbols_file ON symbols (file)",
    "CREATE INDEX ix_edges_source ON edges (source, kind, confidence, target)",
    "CREATE INDEX ix_edges_target ON edges (target, kind, confidence, source)",
)
DELETES = ("DELETE FROM symbols WHERE file = {file}", "DELETE FROM edges WHERE file = {file}")

_WEIGHT = "CASE e.kind " + " ".join(f"WHEN {k} THEN {w}" for k, w in sorted(WEIGHTS.items())) + " END"

IMPLEMENTERS = f"""
WITH RECURSIVE reached(id) AS (
    SELECT CAST({{symbol}} AS BIGINT)
    UNION
    SELECT e.source FROM reached r JOIN edges e ON e.target = r.id
    WHERE e.kind = {IMPL} AND e.confidence >= {FLOOR})
SELECT s.key FROM reached r JOIN symbols s ON s.id = r.id WHERE r.id <> {{symbol}}"""

DEPENDENTS = f"""
WITH RECURSIVE reached(id, depth) AS (
    SELECT CAST({{symbol}} AS BIGINT), 0
    UNION
    SELECT e.source, r.depth + 1 FROM reached r JOIN edges e ON e.target = r.id
    WHERE r.depth < {{depth}} AND e.kind IN {DEPENDS} AND e.confidence >= {FLOOR})
SELECT s.key FROM (SELECT DISTINCT id FROM reached) r JOIN symbols s ON s.id = r.id
WHERE r.id <> {{symbol}}"""

CALLS_EDGES = f"SELECT DISTINCT source, target FROM edges WHERE kind = {CALLS} AND confidence >= {FLOOR}"

CONTEXT = f"""
WITH ends AS (
    SELECT e.target AS id, {_WEIGHT} AS weight FROM edges e
    WHERE e.source = {{symbol}} AND e.confidence >= {FLOOR}
    UNION ALL
    SELECT e.source, {_WEIGHT} FROM edges e WHERE e.target = {{symbol}} AND e.confidence >= {FLOOR}),
near AS MATERIALIZED (
    SELECT s.id, s.position, SUM(n.weight) AS score FROM ends n JOIN symbols s ON s.id = n.id
    WHERE s.external = 0 AND s.id <> {{symbol}} GROUP BY s.id, s.position),
front AS MATERIALIZED (SELECT id, score FROM near ORDER BY score DESC, position LIMIT {FRONT}),
scored AS (
    SELECT id, {NEAR} * score AS score FROM near
    UNION ALL
    SELECT e.target, f.score * {_WEIGHT} FROM front f JOIN edges e ON e.source = f.id
    WHERE e.confidence >= {FLOOR}
    UNION ALL
    SELECT e.source, f.score * {_WEIGHT} FROM front f JOIN edges e ON e.target = f.id
    WHERE e.confidence >= {FLOOR})
SELECT s.key, s.signature, s.line
FROM (SELECT id, SUM(score) AS score FROM scored WHERE id <> {{symbol}} GROUP BY id) t
JOIN symbols s ON s.id = t.id WHERE s.external = 0
ORDER BY t.score DESC, s.position LIMIT {PIECES}"""


@dataclass(frozen=True)
class Statements:
    """The patterns with the placeholders of a driver."""

    implementers: str
    dependents: str
    context: str
    deletes: tuple[str, ...]

    @classmethod
    def of(cls, placeholder: Callable[[str], str]) -> Statements:
        marks = {name: placeholder(name) for name in ("symbol", "depth", "file")}
        return cls(
            IMPLEMENTERS.format(**marks),
            DEPENDENTS.format(**marks),
            CONTEXT.format(**marks),
            tuple(each.format(**marks) for each in DELETES),
        )


def insert_into(table: str, columns: int, mark: str = "?") -> str:
    return f"INSERT INTO {table} VALUES ({', '.join([mark] * columns)})"


class Cursor(Protocol):
    def fetchall(self) -> Sequence[Any]: ...


class SqlPatterns:
    """The four patterns over whatever runs a statement with named parameters."""

    def __init__(self, execute: Callable[..., Cursor], statements: Statements) -> None:
        self._execute = execute
        self._statements = statements

    def implementers(self, symbol: int) -> list[str]:
        return _first(self._execute(self._statements.implementers, {"symbol": symbol}).fetchall())

    def dependents(self, symbol: int, depth: int) -> list[str]:
        given = {"symbol": symbol, "depth": depth}
        return _first(self._execute(self._statements.dependents, given).fetchall())

    def cycles(self) -> list[list[int]]:
        """SQL has no components: the edges are fetched and rustworkx finds them."""
        return components(self._execute(CALLS_EDGES).fetchall())

    def context(self, symbol: int) -> list[Piece]:
        found = self._execute(self._statements.context, {"symbol": symbol}).fetchall()
        return [Piece(*row) for row in found]


def _first(rows: Iterable[Sequence[Any]]) -> list[str]:
    return [row[0] for row in rows]
