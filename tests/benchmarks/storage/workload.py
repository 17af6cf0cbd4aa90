"""The graphs that every engine is asked about: that of an isg index, or several copies of it as one project.

A copy has names and ids of its own; what stands outside the project is shared, as it is in a real one.
Copies depend on each other: of the edges that lead from one package of the original to another, one in as
many as there are copies leads to the copy before instead, so that every symbol keeps its number of
outgoing edges, and the kinds keep their proportions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import msgspec

from isg.graph.codes import CONTAINMENT, HOW_CODE, IMPL
from isg.graph.graph import Graph
from isg.graph.model import Edge, How, Site, Symbol
from isg.graph.packing import FileRow
from isg.store.location import StoreLocation
from isg.store.snapshot import load_graph

_ID_MASK = (1 << 63) - 1
_SPREAD = 2_654_435_761  # Knuth's multiplier: neighbouring arcs are chosen independently
_PACKAGE_DEPTH = 2  # folders that make a package of a path
_STRUCTURAL = HOW_CODE[How.STRUCTURAL]
NO_FILE = -1


class SymbolRow(NamedTuple):
    """A symbol as a row; ``position`` is its place in the order of files and lines, externals last."""

    id: int
    position: int
    file: int
    key: str
    kind: str
    name: str
    signature: str
    line: int
    external: int


class EdgeRow(NamedTuple):
    """An edge as a row: its sites are text (``line:column`` …), for every engine has that."""

    file: int
    ordinal: int
    source: int
    target: int
    kind: int
    how: int
    confidence: int
    sites: str


@dataclass(frozen=True)
class Change:
    """What one file says after an edit: every line has moved, and one edge has come or gone."""

    file: int
    path: str
    symbols: list[Symbol]
    edges: list[Edge]
    structural: list[Edge]  # those of all files, which no file states by itself
    symbol_rows: list[SymbolRow]
    edge_rows: list[EdgeRow]


@dataclass(frozen=True)
class Seeds:
    """The ids that queries start from: at ranks 1, 2, 4 … by number of incoming edges, hubs first."""

    types: list[int]
    symbols: list[int]


@dataclass(frozen=True)
class Workload:
    """The graph of an index, ``copies`` times."""

    index: Path  # the folder that holds the head
    copies: int

    def __reduce__(self) -> tuple[type[Workload], tuple[Path, int]]:
        """Goes to other processes without what is mapped."""
        return Workload, (self.index, self.copies)

    @cached_property
    def graph(self) -> Graph:
        graph = load_graph(StoreLocation(self.index))
        if graph is None:
            raise SystemExit(f"{self.index} is no index: run isg index")
        return graph

    @property
    def files(self) -> list[FileRow]:
        return [
            msgspec.structs.replace(row, path=self._path(row.path, copy))
            for copy in range(self.copies)
            for row in self.graph.files
        ]

    def symbols(self) -> Iterator[Symbol]:
        """All symbols, those outside the project last."""
        for copy in range(self.copies):
            yield from (self._symbol(node, copy) for node in self._own)
        yield from (self.graph.symbol(node) for node in self._outside)

    def symbol_rows(self) -> Iterator[SymbolRow]:
        for copy in range(self.copies):
            yield from (self._symbol_row(node, copy) for node in self._own)
        yield from (self._symbol_row(node, 0) for node in self._outside)

    def edges(self) -> Iterator[Edge]:
        """All edges, by the file that states them."""
        for copy in range(self.copies):
            for arcs in self._arcs_of_files:
                yield from (self._edge(arc, copy) for arc in arcs)

    def edge_rows(self) -> Iterator[EdgeRow]:
        for copy in range(self.copies):
            moved = self._leaving if copy else frozenset[int]()
            ids = [self._id(node, copy) for node in range(len(self.graph))]
            first = self._file(0, copy)
            for arc, row in self._first_rows:
                end = self._target(arc, copy) if arc in moved else ids[row.target]
                stated = row.kind, row.how, row.confidence, row.sites
                yield EdgeRow(first + row.file, row.ordinal, ids[row.source], end, *stated)

    def change(self, turn: int) -> Change:
        """The edit of a file of the last copy with more edges than nine of ten files have."""
        counts = sorted((len(arcs), file) for file, arcs in enumerate(self._arcs_of_files) if arcs)
        file = counts[len(counts) * 9 // 10][1]
        copy = self.copies - 1
        arcs = self._arcs_of_files[file]
        kept = arcs[: len(arcs) - turn % 2]
        nodes = self.graph.in_file(self.graph.files[file].path)
        return Change(
            self._file(file, copy),
            self._path(self.graph.files[file].path, copy),
            [_moved_symbol(self._symbol(node, copy), turn) for node in nodes],
            [_moved_edge(self._edge(arc, copy), turn) for arc in kept if not self._is_structural(arc)],
            [self._edge(arc, each) for each in range(self.copies) for arc in self._structural],
            [row._replace(line=row.line + turn) for row in (self._symbol_row(n, copy) for n in nodes)],
            [self._edge_row(arc, copy, at, turn) for at, arc in enumerate(kept)],
        )

    @cached_property
    def seeds(self) -> Seeds:
        copy = self.copies // 2
        by_implementers = Counter(
            target
            for kind, target in zip(self.graph.arc_kind, self.graph.arc_target, strict=True)
            if kind == IMPL and not self.graph.is_external(target)
        )
        by_degree = Counter({node: self.graph.in_degree(node) for node in self._own})
        return Seeds(
            [self._id(node, copy) for node in _ranked(by_implementers)],
            [self._id(node, copy) for node in _ranked(by_degree)],
        )

    # one symbol, one edge

    def _is_structural(self, arc: int) -> bool:
        return self.graph.arc_how[arc] == _STRUCTURAL

    def _home(self, arc: int) -> int:
        """The node whose file states an edge: what stands in something says so itself."""
        graph = self.graph
        inner = graph.arc_kind[arc] in CONTAINMENT and not graph.site_count(arc)
        return graph.arc_target[arc] if inner else graph.arc_source[arc]

    def _symbol(self, node: int, copy: int) -> Symbol:
        symbol = self.graph.symbol(node)
        if (copy == 0 and self.copies == 1) or symbol.file is None:
            return symbol
        parent = self.graph.parent[node]
        return msgspec.structs.replace(
            symbol,
            id=self._id(node, copy),
            key=self._key(symbol.key, copy),
            file=self._path(symbol.file, copy),
            parent=None if parent < 0 else self._id(parent, copy),
        )

    def _symbol_row(self, node: int, copy: int) -> SymbolRow:
        symbol, external = self._symbol(node, copy), self.graph.is_external(node)
        return SymbolRow(
            symbol.id,
            len(self._own) * (self.copies - 1) + node if external else len(self._own) * copy + node,
            NO_FILE if external else self._file(self.graph.node_file[node], copy),
            symbol.key,
            str(symbol.kind),
            symbol.name,
            symbol.signature,
            symbol.line,
            int(external),
        )

    def _edge(self, arc: int, copy: int) -> Edge:
        graph = self.graph
        path = graph.path(self._home(arc)) or ""
        return Edge(
            graph.edge_kind(arc),
            graph.how(arc),
            graph.confidence(arc),
            self._id(graph.arc_source[arc], copy),
            self._target(arc, copy),
            self._path(path, copy),
            graph.sites(arc),
        )

    def _edge_row(self, arc: int, copy: int, ordinal: int, moved: int = 0) -> EdgeRow:
        graph = self.graph
        return EdgeRow(
            self._file(graph.node_file[self._home(arc)], copy),
            ordinal,
            self._id(graph.arc_source[arc], copy),
            self._target(arc, copy),
            graph.arc_kind[arc],
            graph.arc_how[arc],
            graph.arc_confidence[arc],
            " ".join(f"{site.line + moved}:{site.column}" for site in graph.sites(arc)),
        )

    def _target(self, arc: int, copy: int) -> int:
        target = self.graph.arc_target[arc]
        return self._id(target, copy - 1 if copy and arc in self._leaving else copy)

    def _leads_to_another_copy(self, arc: int) -> bool:
        packages = self._packages
        return (
            (arc * _SPREAD >> 8) % self.copies == 0
            and self.graph.arc_kind[arc] not in CONTAINMENT
            and packages[self.graph.arc_source[arc]] != packages[self.graph.arc_target[arc]]
        )

    def _id(self, node: int, copy: int) -> int:
        """The id of a symbol's copy: multiplying by an odd number gives each its own."""
        id_ = self._ids[node]
        return id_ if copy == 0 or self.graph.is_external(node) else id_ * (2 * copy + 1) & _ID_MASK

    def _file(self, file: int, copy: int) -> int:
        return copy * len(self.graph.files) + file

    def _path(self, path: str, copy: int) -> str:
        return path if self.copies == 1 else f"copy{copy:03}/{path}"

    def _key(self, key: str, copy: int) -> str:
        language, _, rest = key.partition(":")
        return f"{language}:copy{copy:03}.{rest}"

    # read once

    @cached_property
    def _ids(self) -> list[int]:
        ids = [0] * len(self.graph)
        for id_, node in self.graph.ids():
            ids[node] = id_
        return ids

    @cached_property
    def _own(self) -> range:
        return range(self.graph.symbol_count)

    @property
    def _outside(self) -> range:
        return range(self.graph.symbol_count, len(self.graph))

    @cached_property
    def _arcs_of_files(self) -> list[list[int]]:
        arcs: list[list[int]] = [[] for _ in self.graph.files]
        for arc in range(self.graph.edge_count):
            arcs[self.graph.node_file[self._home(arc)]].append(arc)
        return arcs

    @cached_property
    def _first_rows(self) -> list[tuple[int, EdgeRow]]:
        """The rows of the first copy with their arcs; source and target are nodes."""
        sources, targets = self.graph.arc_source, self.graph.arc_target
        return [
            (arc, self._edge_row(arc, 0, at)._replace(source=sources[arc], target=targets[arc]))
            for arcs in self._arcs_of_files
            for at, arc in enumerate(arcs)
        ]

    @cached_property
    def _leaving(self) -> frozenset[int]:
        """The arcs that lead to another copy, from every copy but the first."""
        return frozenset(arc for arc in range(self.graph.edge_count) if self._leads_to_another_copy(arc))

    @cached_property
    def _structural(self) -> list[int]:
        return [arc for arc in range(self.graph.edge_count) if self._is_structural(arc)]

    @cached_property
    def _packages(self) -> list[str]:
        """The package of each node; all that stands outside the project is of every package."""
        paths = ["/".join(row.path.split("/")[:-1][:_PACKAGE_DEPTH]) for row in self.graph.files]
        return [paths[file] if file >= 0 else "" for file in self.graph.node_file]


def _ranked(counts: Counter[int]) -> list[int]:
    """The nodes at the ranks 1, 2, 4 … by falling count."""
    ordered = sorted(counts, key=lambda node: (-counts[node], node))
    return [ordered[(1 << power) - 1] for power in range(len(ordered).bit_length())]


def _moved_symbol(symbol: Symbol, lines: int) -> Symbol:
    return msgspec.structs.replace(
        symbol,
        line=symbol.line + lines,
        start_line=symbol.start_line + lines,
        end_line=symbol.end_line + lines,
    )


def _moved_edge(edge: Edge, lines: int) -> Edge:
    sites: Sequence[Site] = [Site(site.line + lines, site.column) for site in edge.sites]
    return msgspec.structs.replace(edge, sites=tuple(sites))
