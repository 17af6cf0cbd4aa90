"""A graph in memory alone: rustworkx over plain objects, kept between runs as one file of MessagePack."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

import msgspec
import rustworkx

from isg.graph.codes import CALLS

from .. import patterns
from ..engine import Engine, nothing
from ..patterns import FLOOR, WEIGHTS, Piece
from ..workload import Change, EdgeRow, SymbolRow, Workload

_FILE = "graph.msgpack"
_decode = msgspec.msgpack.Decoder(tuple[list[SymbolRow], list[EdgeRow]]).decode


class Memory(Engine):
    name = "in memory alone"
    modules = ("rustworkx",)
    shared = False

    def load(self, workload: Workload) -> None:
        session = MemorySession(self.folder / _FILE)
        session.fill(list(workload.symbol_rows()), workload.edge_rows())
        session.save(nothing)

    def open(self) -> MemorySession:
        path = self.folder / _FILE
        session = MemorySession(path)
        session.fill(*_decode(path.read_bytes()))
        return session


class MemorySession:
    """The graph, and the one lock without which a reader would see half an update."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._graph = rustworkx.PyDiGraph[SymbolRow, EdgeRow]()
        self._nodes: dict[int, int] = {}
        self._stated: dict[int, list[int]] = {}  # the edges of each file

    def fill(self, symbols: list[SymbolRow], edges: Iterable[EdgeRow]) -> None:
        self._graph.add_nodes_from(symbols)
        self._nodes = {symbol.id: node for node, symbol in enumerate(symbols)}
        self._add(edges)

    def save(self, midway: Callable[[], None]) -> None:
        """Write everything beside the file, then take its place."""
        draft = self._path.with_suffix(".new")
        content = msgspec.msgpack.encode((self._graph.nodes(), self._graph.edges()))
        with draft.open("wb") as file:
            file.write(content[: len(content) // 2])
            midway()
            file.write(content[len(content) // 2 :])
        os.replace(draft, self._path)  # noqa: PTH105

    def replace(self, change: Change, midway: Callable[[], None] = nothing) -> None:
        with self._lock:
            for symbol in change.symbol_rows:
                self._graph[self._nodes[symbol.id]] = symbol
            for edge in self._stated.pop(change.file, ()):
                self._graph.remove_edge_from_index(edge)
            self._add(change.edge_rows)
        self.save(midway)

    def _add(self, edges: Iterable[EdgeRow]) -> None:
        nodes = self._nodes
        listed = [(nodes[row.source], nodes[row.target], row) for row in edges]
        for edge, (_, _, row) in zip(self._graph.add_edges_from(listed), listed, strict=True):
            self._stated.setdefault(row.file, []).append(edge)

    # walking it

    def sources(self, node: int, kinds: Collection[int]) -> Iterator[int]:
        for source, _, edge in self._graph.in_edges(node):
            if edge.kind in kinds and edge.confidence >= FLOOR:
                yield source

    def around(self, node: int) -> Iterator[tuple[int, int]]:
        for _, target, edge in self._graph.out_edges(node):
            if edge.confidence >= FLOOR:
                yield target, WEIGHTS[edge.kind]
        for source, _, edge in self._graph.in_edges(node):
            if edge.confidence >= FLOOR:
                yield source, WEIGHTS[edge.kind]

    def is_external(self, node: int) -> bool:
        return bool(self._graph[node].external)

    # the patterns

    def implementers(self, symbol: int) -> list[str]:
        with self._lock:
            return [self._graph[node].key for node in patterns.implementers(self, self._nodes[symbol])]

    def dependents(self, symbol: int, depth: int) -> list[str]:
        with self._lock:
            return [self._graph[node].key for node in patterns.dependents(self, self._nodes[symbol], depth)]

    def cycles(self) -> list[list[int]]:
        with self._lock:
            calls = [
                (edge.source, edge.target)
                for edge in self._graph.edges()
                if edge.kind == CALLS and edge.confidence >= FLOOR
            ]
        return patterns.components(calls)

    def context(self, symbol: int) -> list[Piece]:
        with self._lock:
            found = [self._graph[node] for node in patterns.context(self, self._nodes[symbol])]
        return [Piece(each.key, each.signature, each.line) for each in found]

    def beside(self) -> MemorySession:
        return self

    def close(self) -> None:
        pass
