"""What isg is: a record in SQLite, and a packed image of the graph that queries map and walk.

The tables are those of the other engines, with the indexes that updates need; packing, patching, writing
and mapping the image is isg's own code, and so is the graph that is walked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from isg.graph.codes import CALLS
from isg.graph.graph import Graph
from isg.graph.patching import Edited, patch_graph
from isg.store.head import ImageStamp, replace
from isg.store.image import map_image, remove_others, write_image

from .. import patterns
from ..engine import Engine, nothing
from ..patterns import FLOOR, WEIGHTS, Piece
from ..workload import Change, Workload
from .sqlite import Sqlite, SqliteSession

_POINTER = "pointer"  # isg's head, without the stat of every file
_PROJECT = "storage"


class Record(Sqlite):
    """The tables of SQLite alone; queries do not ask them, so that one index is enough."""

    indexes = ("CREATE INDEX ix_symbols_file ON symbols (file)",)


class Hybrid(Engine):
    name = "hybrid (isg)"

    def load(self, workload: Workload) -> None:
        Record(self.folder).load(workload)
        files = workload.files
        publish(self.folder, Graph.pack(_PROJECT, "", workload.symbols(), workload.edges(), {}, files))

    def open(self) -> HybridSession:
        return HybridSession(self.folder)


def patched(base: Graph, change: Change) -> bytes:
    """The image after a change: most of it is copied from the one before."""
    edges = [*change.edges, *change.structural]
    edited = Edited({change.path}, change.symbols, externals=(), left=frozenset(), edges=edges)
    return patch_graph(base, edited, "", {}, list(base.files)).joined()


def publish(folder: Path, image: bytes) -> None:
    """Write an image, then let the pointer name it."""
    stamp = write_image(folder, image)
    replace(folder / _POINTER, f"{stamp.name} {stamp.checksum.hex()}".encode())
    remove_others(folder, stamp)


class HybridSession:
    """The graph of the image that counts now; another one as soon as the pointer is replaced."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp = -1
        self._mapped: Graph | None = None
        self._record: SqliteSession | None = None

    def _graph(self) -> Graph:
        """The graph, and a look at whether another one has come."""
        pointer = self._folder / _POINTER
        stamp = pointer.stat().st_mtime_ns
        if self._mapped is None or stamp != self._stamp:
            name, checksum = pointer.read_text().split()
            self._stamp = stamp
            try:
                self._mapped = Graph(map_image(self._folder, ImageStamp(name, bytes.fromhex(checksum))))
            except Exception:
                if pointer.stat().st_mtime_ns == stamp:
                    raise
                return self._graph()  # replaced in between
        return self._mapped

    def replace(self, change: Change, midway: Callable[[], None] = nothing) -> None:
        self._write_record(change, midway)
        publish(self._folder, patched(self._graph(), change))

    def _write_record(self, change: Change, midway: Callable[[], None]) -> None:
        if self._record is None:
            self._record = Record(self._folder).open()
        self._record.replace(change, midway)

    def implementers(self, symbol: int) -> list[str]:
        graph = self._graph()
        found = patterns.implementers(Walk(graph), _node(graph, symbol))
        return [graph.symbol(node).key for node in found]

    def dependents(self, symbol: int, depth: int) -> list[str]:
        graph = self._graph()
        found = patterns.dependents(Walk(graph), _node(graph, symbol), depth)
        return [graph.symbol(node).key for node in found]

    def cycles(self) -> list[list[int]]:
        """Components of the columns; only members of one are turned into symbols."""
        graph = self._graph()
        arcs = zip(graph.arc_source, graph.arc_target, graph.arc_kind, graph.arc_confidence, strict=True)
        calls = [(a, b) for a, b, kind, sure in arcs if kind == CALLS and sure >= FLOOR]
        return [[graph.symbol(node).id for node in found] for found in patterns.components(calls)]

    def context(self, symbol: int) -> list[Piece]:
        graph = self._graph()
        found = map(graph.symbol, patterns.context(Walk(graph), _node(graph, symbol)))
        return [Piece(each.key, each.signature, each.line) for each in found]

    def beside(self) -> HybridSession:
        return HybridSession(self._folder)

    def close(self) -> None:
        if self._record is not None:
            self._record.close()


class Walk:
    """The packed columns, as the patterns want to walk them."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def sources(self, node: int, kinds: Collection[int]) -> Iterable[int]:
        graph = self._graph
        if len(kinds) == 1:
            (only,) = kinds
            return graph.sources(node, only, FLOOR)
        kind, sure, ends = graph.arc_kind, graph.arc_confidence, graph.arc_source
        return [ends[arc] for arc in graph.incoming(node) if kind[arc] in kinds and sure[arc] >= FLOOR]

    def around(self, node: int) -> Iterator[tuple[int, int]]:
        graph = self._graph
        sides = ((graph.outgoing(node), graph.arc_target), (graph.incoming(node), graph.arc_source))
        for arcs, ends in sides:
            for arc in arcs:
                if graph.arc_confidence[arc] >= FLOOR:
                    yield ends[arc], WEIGHTS[graph.arc_kind[arc]]

    def is_external(self, node: int) -> bool:
        return self._graph.is_external(node)


def _node(graph: Graph, symbol: int) -> int:
    node = graph.node_of(symbol)
    if node is None:
        raise LookupError(symbol)
    return node
