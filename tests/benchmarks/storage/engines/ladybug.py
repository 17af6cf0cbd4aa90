"""Ladybug, the living successor of Kuzu: a property graph in one file, asked in Cypher.

One process at a time can open it. Each kind of edge is a table of its own: patterns touch what they name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from isg.graph.codes import EDGE_KINDS, IMPL

from ..csvfiles import csv_of
from ..engine import Engine, nothing
from ..patterns import DEPENDS, FLOOR, FRONT, NEAR, PIECES, WEIGHTS, Piece, components
from ..workload import Change, EdgeRow, Workload

_FILE = "graph.lbug"
_SYMBOLS = """CREATE NODE TABLE Symbol(id INT64 PRIMARY KEY, position INT64, file INT64, key STRING,
    kind STRING, name STRING, signature STRING, line INT64, external INT64)"""
_EDGES = (
    "CREATE REL TABLE {kind}(FROM Symbol TO Symbol, file INT64, how INT64, confidence INT64, sites STRING)"
)
_CSV = "(HEADER=false, QUOTE='\"', ESCAPE='\"', PARALLEL=false)"

_KINDS = [str(kind) for kind in EDGE_KINDS]
_ALL = "|".join(_KINDS)
_DEPENDS = "|".join(_KINDS[kind] for kind in DEPENDS)
_WEIGHT = (
    "CASE label(e) " + " ".join(f"WHEN '{_KINDS[k]}' THEN {w}" for k, w in sorted(WEIGHTS.items())) + " END"
)
_LONGEST = 30  # hops at most on a path of IMPL: recursion has to have a bound

_REACHED = """MATCH (a:Symbol {{id: $symbol}})<-[:{kinds}*SHORTEST 1..{depth} (e, n | WHERE e.confidence >= {floor})]-(b:Symbol)
WHERE b.id <> $symbol RETURN DISTINCT b.key"""  # noqa: E501
_CALLS = f"MATCH (a:Symbol)-[e:CALLS]->(b:Symbol) WHERE e.confidence >= {FLOOR} RETURN DISTINCT a.id, b.id"
_NEAR = f"""MATCH (a:Symbol)-[e:{_ALL}]-(b:Symbol)
WHERE a.id = $symbol AND e.confidence >= {FLOOR} AND b.external = 0
RETURN b.id, b.position, SUM({_WEIGHT}) AS score ORDER BY score DESC, b.position"""
# Two patterns with a direction: one without takes twenty times as long; so does a condition on both ends.
_BEYOND = tuple(
    f"""MATCH (a:Symbol){left}[e:{_ALL}]{right}(b:Symbol)
WHERE a.id IN $front AND e.confidence >= {FLOOR} AND b.external = 0
RETURN a.id, b.id, b.position, SUM({_WEIGHT})"""
    for left, right in (("-", "->"), ("<-", "-"))
)
_PIECES = "UNWIND $ids AS i MATCH (a:Symbol {id: i}) RETURN a.id, a.key, a.signature, a.line"
_SET = "UNWIND $rows AS r MATCH (a:Symbol {id: r.id}) SET a.line = r.line, a.signature = r.signature"
_DELETE = f"MATCH (a:Symbol {{id: $id}})-[e:{_ALL}]->(:Symbol) DELETE e"
# One edge at a time: over a list of edges both ends are found by reading all symbols.
_CREATE = """MATCH (a:Symbol {{id: $source}}), (b:Symbol {{id: $target}})
CREATE (a)-[:{kind} {{file: $file, how: $how, confidence: $confidence, sites: $sites}}]->(b)"""


class Ladybug(Engine):
    name = "Ladybug (Kuzu)"
    distributions = modules = ("ladybug",)
    shared = False

    def load(self, workload: Workload) -> None:
        session = self.open()
        session.run(_SYMBOLS)
        with csv_of(workload.symbol_rows()) as path:
            session.run(f"COPY Symbol FROM '{path}' {_CSV}")
        for kind, name in enumerate(_KINDS):
            session.run(_EDGES.format(kind=name))
            with csv_of(_of_kind(workload.edge_rows(), kind)) as path:
                session.run(f"COPY {name} FROM '{path}' {_CSV}")
        session.close()

    def open(self) -> LadybugSession:
        import ladybug

        return LadybugSession(ladybug.Database(str(self.folder / _FILE)))


def _of_kind(rows: Iterable[EdgeRow], kind: int) -> Iterator[tuple[int, int, int, int, int, str]]:
    for row in rows:
        if row.kind == kind:
            yield row.source, row.target, row.file, row.how, row.confidence, row.sites


class LadybugSession:
    def __init__(self, database: Any) -> None:
        import ladybug

        self._database = database
        self._connection = ladybug.Connection(database)

    def run(self, statement: str, **given: Any) -> list[list[Any]]:
        found: Any = self._connection.execute(statement, given)
        return list(found.get_all())

    def implementers(self, symbol: int) -> list[str]:
        return self._reached(symbol, _KINDS[IMPL], _LONGEST)

    def dependents(self, symbol: int, depth: int) -> list[str]:
        return self._reached(symbol, _DEPENDS, depth)

    def _reached(self, symbol: int, kinds: str, depth: int) -> list[str]:
        statement = _REACHED.format(kinds=kinds, depth=depth, floor=FLOOR)
        return [row[0] for row in self.run(statement, symbol=symbol)]

    def cycles(self) -> list[list[int]]:
        """Components are in an extension that has to be downloaded: the edges are fetched instead."""
        return components([(source, target) for source, target in self.run(_CALLS)])

    def context(self, symbol: int) -> list[Piece]:
        """The neighbours, theirs, and what the best of all look like."""
        found = self.run(_NEAR, symbol=symbol)
        near = {id_: (score, position) for id_, position, score in found if id_ != symbol}
        scores = {id_: (NEAR * score, position) for id_, (score, position) in near.items()}
        front = list(near)[:FRONT]
        for beyond in _BEYOND if front else ():
            for by, id_, position, weight in self.run(beyond, front=front):
                scores[id_] = (scores.get(id_, (0, 0))[0] + near[by][0] * weight, position)
        scores.pop(symbol, None)
        chosen = sorted(scores, key=lambda id_: (-scores[id_][0], scores[id_][1]))[:PIECES]
        pieces = {row[0]: Piece(row[1], row[2] or "", row[3]) for row in self.run(_PIECES, ids=chosen)}
        return [pieces[id_] for id_ in chosen]

    def replace(self, change: Change, midway: Callable[[], None] = nothing) -> None:
        """Symbols are changed in place: deleting one would delete what other files say of it."""
        self.run("BEGIN TRANSACTION")
        rows = [{"id": row.id, "line": row.line, "signature": row.signature} for row in change.symbol_rows]
        self.run(_SET, rows=rows)
        for row in change.symbol_rows:
            self.run(_DELETE, id=row.id)
        midway()
        for edge in change.edge_rows:
            given = edge._asdict()
            del given["ordinal"], given["kind"]
            self.run(_CREATE.format(kind=_KINDS[edge.kind]), **given)
        self.run("COMMIT")

    def beside(self) -> LadybugSession:
        return LadybugSession(self._database)

    def close(self) -> None:
        self._connection.close()
        self._database.close()
