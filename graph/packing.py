"""Packing a graph: symbols and edges in any order to one buffer of columns, always the same bytes.

Nodes stand in the order (file, line, column, key), externals last, so that the nodes of a file are a
range. Arcs stand in the order (source, kind, target, how): the outgoing ones of a node are a range too,
the incoming ones a slice of a second column. Edges of the same kind, how, source and target that several
files state become one arc with all their sites and the best confidence.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Literal, NamedTuple, TypedDict

import msgspec

from isg.graph.codes import EDGE_CODE, EDGE_KINDS, HOW_CODE, SYMBOL_CODE, NodeFlag
from isg.graph.model import Confidence, Edge, Symbol, SymbolKind
from isg.graph.qualified import last_part
from isg.graph.sections import Buffer, lay_out
from isg.graph.sites import pack_site
from isg.graph.stated import CODES, StatedEdges, kind_and_how

NO_FILE = -1
NO_NODE = -1


class FileRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One indexed file, as far as queries need to know it."""

    path: str
    language: str
    lines: int = 0


class Meta(msgspec.Struct, frozen=True, gc=False):
    """What stands beside the columns."""

    project: str
    state: str
    files: int
    symbols: int  # of the project, externals left out
    externals: int
    arcs: int
    dangling: int  # edges whose source or target is no symbol we know
    by_kind: dict[str, int]
    by_confidence: dict[str, int]


class Packed(NamedTuple):
    """A packed graph in pieces that follow each other: some may be those of another graph."""

    meta: Meta
    pieces: Sequence[Buffer]

    def joined(self) -> bytes:
        return b"".join(self.pieces)


def pack_graph(
    project: str,
    state: str,
    symbols: Iterable[Symbol],
    state_edges: Callable[[Statements], None],
    unresolved: Mapping[str, int],
    files: Iterable[FileRow],
) -> Packed:
    """The graph as columns; the same graph in any order gives the same bytes.

    ``state_edges`` adds all edges, once the numbers of nodes and files are known.
    """
    nodes = order_nodes(symbols)
    rows = _complete_files(files, nodes)
    file_of = {row.path: index for index, row in enumerate(rows)}
    node_of = {symbol.id: node for node, symbol in enumerate(nodes)}
    gathered = Statements(node_of, file_of)
    state_edges(gathered)
    columns = _ArcColumns(gathered, len(nodes))
    externals = sum(symbol.kind is SymbolKind.EXTERNAL for symbol in nodes)
    meta = Meta(
        project=project,
        state=state,
        files=len(rows),
        symbols=len(nodes) - externals,
        externals=externals,
        dangling=gathered.dangling,
        **count_arcs(columns.kind.tobytes(), columns.confidence.tobytes()),
    )
    sections = head_sections(meta, rows, unresolved)
    sections |= _node_sections(nodes, node_of, file_of, rows)
    sections |= _index_sections(nodes)
    sections |= columns.sections()
    return Packed(meta, lay_out(sections))


class ArcCounts(TypedDict):
    """What the meta data of a graph says of its arcs."""

    arcs: int
    by_kind: dict[str, int]
    by_confidence: dict[str, int]


def count_arcs(kinds: Buffer, confidences: Buffer) -> ArcCounts:
    """Counted by the codes in the columns of kinds and confidences."""
    kind, confidence = bytes(kinds), bytes(confidences)
    by_kind = ((str(name), kind.count(code)) for code, name in enumerate(EDGE_KINDS))
    by_confidence = ((each.label, confidence.count(each)) for each in Confidence)
    return ArcCounts(
        arcs=len(kind),
        by_kind={name: count for name, count in by_kind if count},
        by_confidence={label: count for label, count in by_confidence if count},
    )


def head_sections(meta: Meta, files: Sequence[FileRow], unresolved: Mapping[str, int]) -> dict[str, bytes]:
    """What stands before the columns."""
    encode = msgspec.msgpack.encode
    names = dict(sorted((name, count) for name, count in unresolved.items() if count))
    return {"meta": encode(meta), "files": encode(files), "unresolved": encode(names)}


def order_nodes(symbols: Iterable[Symbol]) -> list[Symbol]:
    """Each symbol once, in node order; a definition wins over an external of the same id."""
    ordered = sorted(symbols, key=node_order)
    unique: dict[int, Symbol] = {}
    for symbol in ordered:
        unique.setdefault(symbol.id, symbol)
    return list(unique.values())


def node_order(symbol: Symbol) -> tuple[bool, str, int, bool, int, str, str]:
    """By which symbols are sorted to be nodes."""
    return (
        symbol.file is None,
        symbol.file or "",
        symbol.line,
        symbol.kind is not SymbolKind.MODULE,
        symbol.column,
        symbol.key,
        symbol.qualified,
    )


def _complete_files(files: Iterable[FileRow], nodes: Sequence[Symbol]) -> list[FileRow]:
    rows = {row.path: row for row in files}
    for symbol in nodes:
        if symbol.file is not None and symbol.file not in rows:
            rows[symbol.file] = FileRow(symbol.file, symbol.language)
    return [rows[path] for path in sorted(rows)]


_LANE = 8  # bytes
_HOW_BITS = 4
_HOW_MASK = (1 << _HOW_BITS) - 1
_NODE_BITS = 28
_KIND_BITS = 3
_NODE_MASK = (1 << _NODE_BITS) - 1
_KIND_MASK = (1 << _KIND_BITS) - 1
_KIND_SHIFT = _HOW_BITS + _NODE_BITS
_SOURCE_SHIFT = _KIND_SHIFT + _KIND_BITS


def arc_number(source: int, kind: int, target: int, how: int) -> int:
    """The number by which arcs are sorted."""
    return source << _SOURCE_SHIFT | kind << _KIND_SHIFT | target << _HOW_BITS | how


_CODES = [arc_number(0, kind, 0, how) for kind, how in map(kind_and_how, range(CODES))]
"""What stands in the number of an arc for the kind and how of a stated edge, by their code."""


def source_of(number: int) -> int:
    """The source of an arc with this number."""
    return number >> _SOURCE_SHIFT


def kind_of(number: int) -> int:
    """The code of the kind of an arc with this number."""
    return number >> _KIND_SHIFT & _KIND_MASK


def target_of(number: int) -> int:
    """The target of an arc with this number."""
    return number >> _HOW_BITS & _NODE_MASK


def arc_columns(numbers: Sequence[int]) -> dict[str, array[int]]:
    """The columns of arcs with these numbers, all taken apart at once as lanes of one large integer."""
    lanes = int.from_bytes(array("Q", numbers).tobytes(), sys.byteorder)
    ones = int.from_bytes(array("Q", [1]).tobytes() * len(numbers), sys.byteorder)

    def column(typecode: Literal["B", "I"], shift: int, mask: int) -> array[int]:
        wide = (lanes >> shift & ones * mask).to_bytes(_LANE * len(numbers), sys.byteorder)
        parts = memoryview(wide).cast(typecode)
        step = _LANE // parts.itemsize
        return array(typecode, parts[0 if sys.byteorder == "little" else step - 1 :: step].tobytes())

    return {
        "arc_source": column("I", _SOURCE_SHIFT, _NODE_MASK),
        "arc_target": column("I", _HOW_BITS, _NODE_MASK),
        "arc_kind": column("B", _KIND_SHIFT, _KIND_MASK),
        "arc_how": column("B", 0, _HOW_MASK),
    }


class Statements:
    """What files state: edges with (source, kind, target, how) as one sortable number, and packed sites."""

    def __init__(self, node_of: Mapping[int, int], file_of: Mapping[str, int]) -> None:
        self.node_of = node_of
        self.file_of = file_of
        self.orders: list[int] = []
        self.confidence: list[int] = []
        self.sites: list[Sequence[int]] = []
        self.dangling = 0  # those that lead nowhere

    def gather(self, edges: Iterable[Edge]) -> None:
        kinds = {kind: code << _KIND_SHIFT for kind, code in EDGE_CODE.items()}
        add_order, add_confidence, add_sites = self.orders.append, self.confidence.append, self.sites.append
        node = self.node_of.get
        for edge in edges:
            source, target = node(edge.source), node(edge.target)
            if source is None or target is None:
                self.dangling += 1
                continue
            add_order(source << _SOURCE_SHIFT | kinds[edge.kind] | target << _HOW_BITS | HOW_CODE[edge.how])
            add_confidence(edge.confidence)
            add_sites(self._sites_of(edge) if edge.sites else ())

    def gather_columns(self, path: str, stated: StatedEdges) -> None:
        """Add all edges that one file states."""
        add_order, add_confidence, add_sites = self.orders.append, self.confidence.append, self.sites.append
        node = self.node_of.get
        all_sites = stated.sites_of(self.file_of.get(path, 0))
        for source_id, target_id, code, confidence, sites in zip(
            *stated.ends(), stated.codes, stated.confidence, all_sites, strict=True
        ):
            source, target = node(source_id), node(target_id)
            if source is None or target is None:
                self.dangling += 1
                continue
            add_order(source << _SOURCE_SHIFT | target << _HOW_BITS | _CODES[code])
            add_confidence(confidence)
            add_sites(sites)

    def _sites_of(self, edge: Edge) -> list[int]:
        file = self.file_of.get(edge.file, 0)
        return [pack_site(file, site.line, site.column) for site in edge.sites]

    def add(
        self, source: int, kind: int, target: int, how: int, confidence: int, sites: Sequence[int]
    ) -> None:
        """Add an edge between nodes, by the codes of its kind and how."""
        self.orders.append(arc_number(source, kind, target, how))
        self.confidence.append(confidence)
        self.sites.append(sites)


class _ArcColumns:
    """The columns of arcs, and the two ways to look them up by node.

    Edges of the same number are one arc: with the sites of all of them, and the best confidence.
    """

    def __init__(self, edges: Statements, nodes: int) -> None:
        sequence = sorted(range(len(edges.orders)), key=edges.orders.__getitem__)
        orders: list[int] = []
        confidence: list[int] = []
        site_start, sites = [0], array("Q")
        here: Sequence[int] = ()  # the sites of the arc that is being made
        last = -1
        for at in sequence:
            order = edges.orders[at]
            if order != last:
                if orders:
                    sites.extend(here if len(here) < 2 else sorted(set(here)))
                    site_start.append(len(sites))
                orders.append(order)
                confidence.append(edges.confidence[at])
                here, last = edges.sites[at], order
            else:
                confidence[-1] = max(confidence[-1], edges.confidence[at])
                here = [*here, *edges.sites[at]]
        if orders:
            sites.extend(sorted(set(here)))
            site_start.append(len(sites))
        self._columns = arc_columns(orders)
        self.kind, self.confidence = self._columns["arc_kind"], array("B", confidence)
        self.site_start, self.sites = array("I", site_start), sites
        target = self._columns["arc_target"]
        self.out_start = _starts(self._columns["arc_source"], nodes)
        self.in_start = _starts(target, nodes)
        ends = [node << _KIND_BITS | kind for node, kind in zip(target, self.kind, strict=True)]
        self.in_arc = array("I", sorted(range(len(ends)), key=ends.__getitem__))

    def sections(self) -> dict[str, bytes]:
        return {
            **{name: column.tobytes() for name, column in self._columns.items()},
            "arc_confidence": self.confidence.tobytes(),
            "site_start": self.site_start.tobytes(),
            "sites": self.sites.tobytes(),
            "out_start": self.out_start.tobytes(),
            "in_start": self.in_start.tobytes(),
            "in_arc": self.in_arc.tobytes(),
        }


def _starts(ends: array[int], nodes: int) -> array[int]:
    """Where the arcs of each node begin, once they are sorted by this end."""
    counts = Counter(ends)
    return array("I", accumulate((counts.get(node, 0) for node in range(nodes)), initial=0))


def _node_sections(
    nodes: Sequence[Symbol],
    node_of: Mapping[int, int],
    file_of: Mapping[str, int],
    rows: Sequence[FileRow],
) -> dict[str, bytes]:
    ids = sorted(node_of)
    in_file = Counter(symbol.file for symbol in nodes)
    file_start = array("I", [0])
    for row in rows:
        file_start.append(file_start[-1] + in_file.get(row.path, 0))
    columns = node_columns(nodes, node_of, file_of) | {
        "file_start": file_start,
        "id_sorted": array("Q", ids),
        "id_node": array("I", [node_of[id_] for id_ in ids]),
    }
    sections = {name: column.tobytes() for name, column in columns.items()}
    return sections | _heap("symbol", encode_symbols(nodes))


def encode_symbols(symbols: Sequence[Symbol]) -> list[bytes]:
    """The row of each symbol, from which it is decoded when it is asked for."""
    encode = msgspec.msgpack.Encoder().encode
    return [encode(symbol) for symbol in symbols]


def node_columns(
    nodes: Sequence[Symbol], node_of: Mapping[int, int], file_of: Mapping[str, int]
) -> dict[str, array[int]]:
    """What can be told of nodes without decoding their symbols, a column for each."""
    get = node_of.get
    files = [NO_FILE if symbol.file is None else file_of[symbol.file] for symbol in nodes]
    parents = [NO_NODE if symbol.parent is None else get(symbol.parent, NO_NODE) for symbol in nodes]
    return {
        "node_kind": array("B", [SYMBOL_CODE[symbol.kind] for symbol in nodes]),
        "node_flags": array("B", [_flags(symbol) for symbol in nodes]),
        "node_file": array("i", files),
        "node_line": array("I", [symbol.line for symbol in nodes]),
        "node_start": array("I", [symbol.start_line for symbol in nodes]),
        "node_end": array("I", [symbol.end_line for symbol in nodes]),
        "node_parent": array("i", parents),
        "node_complexity": array("I", [symbol.complexity for symbol in nodes]),
    }


def _flags(symbol: Symbol) -> int:
    return (
        (_EXTERNAL if symbol.kind is SymbolKind.EXTERNAL else 0)
        | (_TEST if symbol.is_test else 0)
        | (_PUBLIC if symbol.visibility == "public" else 0)
        | (_REDECLARED if symbol.declarations else 0)
    )


# As plain integers: to look a member up in its class runs code.
_EXTERNAL, _TEST = NodeFlag.EXTERNAL.value, NodeFlag.TEST.value
_PUBLIC, _REDECLARED = NodeFlag.PUBLIC.value, NodeFlag.REDECLARED.value


def _index_sections(nodes: Sequence[Symbol]) -> dict[str, bytes]:
    """Keys and names, sorted, with the nodes that bear them."""
    keys = [_utf8(symbol.key) for symbol in nodes]
    by_key = sorted(range(len(keys)), key=keys.__getitem__)
    names: dict[str, list[int]] = {}
    for node, symbol in enumerate(nodes):
        for name in (symbol.name,) if symbol.kind not in _NAMED_OTHERWISE else index_names(symbol):
            names.setdefault(name, []).append(node)
    by_bytes = {_utf8(name): found for name, found in names.items()}
    sorted_names = sorted(by_bytes)
    name_start, name_node = array("I", [0]), array("I")
    for encoded in sorted_names:
        name_node.extend(by_bytes[encoded])
        name_start.append(len(name_node))
    return {
        **_heap("key", [keys[node] for node in by_key]),
        "key_node": array("I", by_key).tobytes(),
        **_heap("name", sorted_names),
        "name_start": name_start.tobytes(),
        "name_node": name_node.tobytes(),
    }


_NAMED_OTHERWISE = frozenset(
    {SymbolKind.MODULE, SymbolKind.PACKAGE, SymbolKind.EXTERNAL, SymbolKind.IMPL_BLOCK}
)


def index_names(symbol: Symbol) -> set[str]:
    """The bare names that a symbol can be asked for by: its own, and the last part of its qualified one.

    A module that is called as its file also answers to the file's name, dots and all. An ``impl`` block is
    never meant where the type that it is for has the name.
    """
    if symbol.kind not in _NAMED_OTHERWISE:
        return {symbol.name}
    if symbol.kind is SymbolKind.IMPL_BLOCK:
        return {f"impl {symbol.name}"}
    last = last_part(symbol.qualified)
    if symbol.kind is SymbolKind.EXTERNAL:
        return {last, symbol.name}
    return {last, symbol.qualified.rpartition("/")[2]} if "/" in symbol.qualified else {last}


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _heap(name: str, items: Sequence[bytes]) -> dict[str, bytes]:
    offsets, total = array("Q", [0]), 0
    for item in items:
        total += len(item)
        offsets.append(total)
    return {f"{name}_data": b"".join(items), f"{name}_offset": offsets.tobytes()}
