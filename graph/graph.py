"""The graph in memory: packed columns over one buffer, decoded only where one looks.

A node is an index of a symbol, an arc an index of an edge. Opening a graph maps columns and decodes
nothing; queries walk ``outgoing`` and ``incoming`` and read columns, and turn into :class:`Symbol` only
what they answer.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import add, methodcaller, sub
from typing import TYPE_CHECKING

import msgspec

from isg.graph.codes import DEFINES, EDGE_KINDS, HOWS, SYMBOL_CODE, SYMBOL_KINDS, NodeFlag, looks
from isg.graph.model import Confidence, Edge, EdgeKind, How, Site, Symbol, SymbolKind
from isg.graph.packing import NO_FILE, FileRow, Meta, arc_number, pack_graph
from isg.graph.sections import Buffer, Heap, read_sections
from isg.graph.sites import unpack_site

if TYPE_CHECKING:
    import rustworkx

_EXTERNAL, _TEST, _PUBLIC = NodeFlag.EXTERNAL.value, NodeFlag.TEST.value, NodeFlag.PUBLIC.value
_REDECLARED = NodeFlag.REDECLARED.value
_IMPL_BLOCK = SYMBOL_CODE[SymbolKind.IMPL_BLOCK]


class _Named(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The first fields of a :class:`Symbol`: the others are passed over, not decoded."""

    id: int
    key: str
    kind: str
    name: str


_decode_symbol = msgspec.msgpack.Decoder(Symbol).decode
_decode_named = msgspec.msgpack.Decoder(_Named).decode
_decode_meta = msgspec.msgpack.Decoder(Meta).decode
_decode_files = msgspec.msgpack.Decoder(tuple[FileRow, ...]).decode
_decode_counts = msgspec.msgpack.Decoder(dict[str, int]).decode


class Graph:
    """Symbols and arcs of a project. All columns are read-only sequences of small integers."""

    def __init__(self, buffer: Buffer) -> None:
        """Opens a packed graph; raises ``NotAnImage`` where the bytes are none of this version."""
        parts = self.sections = read_sections(buffer)
        self.meta: Meta = _decode_meta(parts["meta"])
        self.node_kind = parts["node_kind"]
        self.node_flags = parts["node_flags"]
        self.node_file = parts["node_file"].cast("i")
        self.node_line = parts["node_line"].cast("I")
        self.node_start = parts["node_start"].cast("I")
        self.node_end = parts["node_end"].cast("I")
        self.node_complexity = parts["node_complexity"].cast("I")
        self.parent = parts["node_parent"].cast("i")
        self.arc_source = parts["arc_source"].cast("I")
        self.arc_target = parts["arc_target"].cast("I")
        self.arc_kind = parts["arc_kind"]
        self.arc_how = parts["arc_how"]
        self.arc_confidence = parts["arc_confidence"]
        self._site_start = parts["site_start"].cast("I")
        self._sites = parts["sites"].cast("Q")
        self._out_start = parts["out_start"].cast("I")
        self._in_start = parts["in_start"].cast("I")
        self._in_arc = parts["in_arc"].cast("I")
        self._file_start = parts["file_start"].cast("I")
        self._id_sorted = parts["id_sorted"].cast("Q")
        self._id_node = parts["id_node"].cast("I")
        self._key_node = parts["key_node"].cast("I")
        self._name_start = parts["name_start"].cast("I")
        self._name_node = parts["name_node"].cast("I")
        self._symbol_rows = Heap(parts["symbol_data"], parts["symbol_offset"])
        self._keys = Heap(parts["key_data"], parts["key_offset"])
        self._names = Heap(parts["name_data"], parts["name_offset"])
        self._files_section = parts["files"]
        self._unresolved_section = parts["unresolved"]
        self._symbols: dict[int, Symbol] = {}
        self._members: dict[str, dict[int, list[int]]] = {}
        self._rx: rustworkx.PyDiGraph[int, int] | None = None

    @classmethod
    def pack(
        cls,
        project: str,
        state: str,
        symbols: Iterable[Symbol],
        edges: Iterable[Edge],
        unresolved: Mapping[str, int] | None = None,
        files: Iterable[FileRow] = (),
    ) -> bytes:
        """The bytes of a graph, the same for any order of what is given; ``Graph(bytes)`` opens them."""
        gather = methodcaller("gather", edges)
        return pack_graph(project, state, symbols, gather, unresolved or {}, files).joined()

    # What it is made of

    @property
    def project(self) -> str:
        return self.meta.project

    @property
    def state(self) -> str:
        return self.meta.state

    @property
    def file_count(self) -> int:
        return self.meta.files

    @property
    def symbol_count(self) -> int:
        """Symbols of the project, without externals."""
        return self.meta.symbols

    @property
    def edge_count(self) -> int:
        return self.meta.arcs

    def __len__(self) -> int:
        """Nodes, externals included."""
        return len(self.node_kind)

    @cached_property
    def unresolved(self) -> Mapping[str, int]:
        """How many sites use a bare name and could not be resolved, by that name."""
        return _decode_counts(self._unresolved_section)

    @cached_property
    def files(self) -> tuple[FileRow, ...]:
        """All files, sorted by path."""
        return _decode_files(self._files_section)

    @cached_property
    def _file_index(self) -> Mapping[str, int]:
        return {row.path: index for index, row in enumerate(self.files)}

    def ids(self) -> Iterator[tuple[int, int]]:
        """The id of every symbol with its node."""
        return zip(self._id_sorted, self._id_node, strict=True)

    def site_columns(self) -> tuple[memoryview, memoryview]:
        """Where the packed sites of each arc begin, and all packed sites, sorted within an arc."""
        return self._site_start, self._sites

    # Nodes

    def symbol(self, node: int) -> Symbol:
        """The symbol of a node."""
        symbol = self._symbols.get(node)
        if symbol is None:
            symbol = self._symbols[node] = self.read_symbol(node)
        return symbol

    def bare_names(self, nodes: Iterable[int]) -> list[str]:
        """The bare name of each node's symbol, without the rest of it."""
        rows = self._symbol_rows
        return [_decode_named(rows[node]).name for node in nodes]

    def encoded_symbols(self, path: str) -> Buffer:
        """The symbols of a file end to end, encoded: the same bytes for the same symbols."""
        nodes = self.in_file(path)
        return self._symbol_rows.run(nodes[0], nodes[-1] + 1) if nodes else b""

    def symbols(self) -> Iterator[Symbol]:
        """All symbols in node order; they are not kept."""
        return map(self.read_symbol, range(len(self)))

    def read_symbol(self, node: int) -> Symbol:
        """The symbol of a node, which is not kept for the next question."""
        return _decode_symbol(self._symbol_rows[node])

    def kind(self, node: int) -> SymbolKind:
        return SYMBOL_KINDS[self.node_kind[node]]

    def is_test(self, node: int) -> bool:
        return bool(self.node_flags[node] & _TEST)

    def is_external(self, node: int) -> bool:
        return bool(self.node_flags[node] & _EXTERNAL)

    def is_public(self, node: int) -> bool:
        return bool(self.node_flags[node] & _PUBLIC)

    def is_redeclared(self, node: int) -> bool:
        """Whether its symbol has several declarations."""
        return bool(self.node_flags[node] & _REDECLARED)

    def path(self, node: int) -> str | None:
        """The file of a node; None for externals."""
        file = self.node_file[node]
        return None if file == NO_FILE else self.files[file].path

    def node_of(self, symbol_id: int) -> int | None:
        """The node of a symbol's id."""
        place = bisect_left(self._id_sorted, symbol_id)
        if place == len(self._id_sorted) or self._id_sorted[place] != symbol_id:
            return None
        return self._id_node[place]

    def by_key(self, key: str) -> int | None:
        """The node that bears exactly this key; a definition rather than an external."""
        return next(iter(self.nodes_of_key(key)), None)

    def nodes_of_key(self, key: str) -> Sequence[int]:
        """All nodes that bear exactly this key: a definition, an external."""
        first = self._keys.find(key)
        if first is None:
            return ()
        end = first + 1
        while end < len(self._keys) and self._keys[end] == self._keys[first]:
            end += 1
        return self._key_node[first:end]

    def by_name(self, name: str) -> Sequence[int]:
        """All nodes of this bare name; a module answers to the last part of its dotted name."""
        place = self._names.find(name)
        if place is None:
            return ()
        return self._name_node[self._name_start[place] : self._name_start[place + 1]]

    def members_by_name(self, name: str) -> Mapping[int, Sequence[int]]:
        """The nodes of a bare name by the node that they are members of; kept for the next question."""
        found = self._members.get(name)
        if found is None:
            found = self._members[name] = {}
            for node in self.by_name(name):
                owner = self.owner(node)
                if owner >= 0:
                    found.setdefault(owner, []).append(node)
        return found

    def owner(self, node: int) -> int:
        """What a node is a member of: the symbol around it, but the type that an ``impl`` block is for.

        The block itself where that type is not of the project; -1 for what stands in nothing.
        """
        around = self.parent[node]
        if around >= 0 and self.node_kind[around] == _IMPL_BLOCK:
            return next((end for end in self.sources(node, DEFINES) if end != around), around)
        return around

    @cached_property
    def names(self) -> Sequence[str]:
        """All bare names, sorted by their bytes; position *i* goes with ``nodes_of_name(i)``."""
        return self._names.texts()

    def nodes_of_name(self, index: int) -> Sequence[int]:
        return self._name_node[self._name_start[index] : self._name_start[index + 1]]

    def in_file(self, path: str) -> Sequence[int]:
        """The nodes of a file by line, its module first; empty where the file is not indexed."""
        file = self._file_index.get(path)
        return () if file is None else self.nodes_of_file(file)

    def nodes_of_file(self, index: int) -> range:
        """The nodes of the file at an index of :attr:`files`."""
        return range(self._file_start[index], self._file_start[index + 1])

    def externals(self) -> range:
        """The nodes of symbols outside the project: they stand behind those of all files."""
        return range(self._file_start[-1], len(self))

    def has_file(self, path: str) -> bool:
        return path in self._file_index

    # Arcs

    def outgoing(self, node: int, kind: int | None = None) -> Sequence[int]:
        """Arcs from a node, by (kind, target, how); with a kind's code only those of it."""
        low, high = self._out_start[node], self._out_start[node + 1]
        if kind is not None:
            low = bisect_left(self.arc_kind, kind, low, high)
            high = bisect_right(self.arc_kind, kind, low, high)
        return range(low, high)

    def incoming(self, node: int, kind: int | None = None) -> Sequence[int]:
        """Arcs to a node, by (kind, source, how); with a kind's code only those of it."""
        low, high = self._in_start[node], self._in_start[node + 1]
        arcs = self._in_arc
        if kind is not None:
            kind_of = self.arc_kind.__getitem__
            low = bisect_left(arcs, kind, low, high, key=kind_of)
            high = bisect_right(arcs, kind, low, high, key=kind_of)
        return arcs[low:high]

    def in_degree(self, node: int) -> int:
        return self._in_start[node + 1] - self._in_start[node]

    def out_degree(self, node: int) -> int:
        return self._out_start[node + 1] - self._out_start[node]

    def degree(self, node: int) -> int:
        """How many arcs begin or end at a node."""
        out, into = self._out_start, self._in_start
        return out[node + 1] - out[node] + into[node + 1] - into[node]

    @cached_property
    def degrees(self) -> Sequence[int]:
        """The degree of every node, for what asks for very many."""
        ends = list(map(add, self._out_start, self._in_start))
        return list(map(sub, ends[1:], ends))

    def targets(self, node: int, kind: int, floor: int = 0) -> list[int]:
        """The other ends of outgoing arcs of a kind (its code), at least that sure."""
        ends, sure = self.arc_target, self.arc_confidence
        return [ends[arc] for arc in self.outgoing(node, kind) if sure[arc] >= floor]

    def sources(self, node: int, kind: int, floor: int = 0) -> list[int]:
        """The other ends of incoming arcs of a kind (its code), at least that sure."""
        ends, sure = self.arc_source, self.arc_confidence
        return [ends[arc] for arc in self.incoming(node, kind) if sure[arc] >= floor]

    def arc_number(self, arc: int) -> int:
        """The number by which an arc is sorted."""
        return arc_number(self.arc_source[arc], self.arc_kind[arc], self.arc_target[arc], self.arc_how[arc])

    @cached_property
    def arc_looks(self) -> Sequence[int]:
        """Kind, how and confidence of each arc as one number (:func:`~isg.graph.codes.look`)."""
        return looks(self.arc_kind, self.arc_how, self.arc_confidence)

    def edge_kind(self, arc: int) -> EdgeKind:
        return EDGE_KINDS[self.arc_kind[arc]]

    def how(self, arc: int) -> How:
        return HOWS[self.arc_how[arc]]

    def confidence(self, arc: int) -> Confidence:
        return Confidence(self.arc_confidence[arc])

    def site_count(self, arc: int) -> int:
        return self._site_start[arc + 1] - self._site_start[arc]

    def sites(self, arc: int) -> tuple[Site, ...]:
        """Where the arc was seen."""
        return tuple(site for _, site in self._places(arc))

    def places(self, arc: int) -> tuple[tuple[str, Site], ...]:
        """Where the arc was seen, with the file (that of the source, but for callbacks)."""
        return tuple((self.files[file].path, site) for file, site in self._places(arc))

    def _places(self, arc: int) -> Iterator[tuple[int, Site]]:
        return map(unpack_site, self.packed_sites(arc))

    def packed_sites(self, arc: int) -> Sequence[int]:
        """Where the arc was seen, each place as a number: for comparing, and for :meth:`place`."""
        return self._sites[self._site_start[arc] : self._site_start[arc + 1]]

    def place(self, packed: int) -> tuple[str, Site]:
        """The file and site of a packed place."""
        file, site = unpack_site(packed)
        return self.files[file].path, site

    def ends(self) -> Iterator[tuple[int, int, int]]:
        """Source, target and number of every arc."""
        return zip(self.arc_source, self.arc_target, range(len(self.arc_kind)), strict=True)

    def rx(self) -> rustworkx.PyDiGraph[int, int]:
        """The whole graph for rustworkx's algorithms: node and edge data are node and arc indexes."""
        if self._rx is None:
            import rustworkx

            whole: rustworkx.PyDiGraph[int, int] = rustworkx.PyDiGraph(
                node_count_hint=len(self), edge_count_hint=len(self.arc_kind)
            )
            whole.add_nodes_from(range(len(self)))
            whole.add_edges_from(list(self.ends()))
            self._rx = whole
        return self._rx
