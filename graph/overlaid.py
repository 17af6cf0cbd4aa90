"""What a graph with changes laid over it reads otherwise than the packed one below."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

from isg.graph.codes import DEFINES, symbol_codes
from isg.graph.graph import Graph
from isg.graph.linking.structural import INTERFACES
from isg.graph.model import Symbol
from isg.graph.newcomers import Newcomers
from isg.graph.numbering import GONE as NOWHERE
from isg.graph.numbering import Numbering
from isg.graph.packing import encode_symbols, index_names
from isg.graph.sections import Buffer
from isg.graph.sites import site_file

GONE = 0xFF
"""The kind of an arc that is not there any more: none that anybody looks for."""

_INTERFACES = symbol_codes(INTERFACES)


class Overlaid(Graph):
    """A packed graph, and what is laid over its columns."""

    node_by_id: Mapping[int, int]
    elsewhere: dict[int, frozenset[int]]
    """By file, the arcs with a site in it whose source stands in another."""
    _fresh: dict[int, Symbol]  # by node, where they are not as the rows below say
    _packed: Graph
    _packed_nodes: Mapping[int, int]  # by id
    _numbering: Numbering  # of the packed nodes
    _newcomers: Newcomers
    _names_now: Sequence[str] | None
    _out: dict[int, list[int]]  # the arcs of nodes that have others than below, in the same order as there
    _in: dict[int, list[int]]
    _stated_sites: dict[int, dict[int, Sequence[int]]]
    """By the file of their source, the sites of arcs that are new or have others than below."""

    def __init__(self, packed: Graph) -> None:
        """The same as a packed graph, for changes to be laid over."""
        self.__dict__.update(packed.__dict__)
        self.node_by_id = self._packed_nodes = dict(packed.ids())
        self._packed, self._names_now = packed, None
        self._numbering, self._newcomers = Numbering.of_all(len(packed)), Newcomers({})
        self.elsewhere = _seen_elsewhere(packed)
        self._fresh, self._out, self._in, self._stated_sites = {}, {}, {}, {}

    @property
    def file_numbers(self) -> Mapping[str, int]:
        """The index of every file by its path."""
        return self._file_index

    @cached_property
    def asked_for(self) -> AbstractSet[str]:
        """The names of all members of interfaces, which others may satisfy without a word."""
        interfaces = (node for node, kind in enumerate(self.node_kind) if kind in _INTERFACES)
        return {self.symbol(end).name for node in interfaces for end in self.targets(node, DEFINES)}

    def symbol(self, node: int) -> Symbol:
        return self._fresh.get(node) or self._packed.symbol(self._numbering.was(node))

    def read_symbol(self, node: int) -> Symbol:
        return self._fresh.get(node) or self._packed.read_symbol(self._numbering.was(node))

    def encoded_symbols(self, path: str) -> Buffer:
        nodes = self.in_file(path)
        if any(node in self._fresh for node in nodes):
            return b"".join(encode_symbols([self.symbol(node) for node in nodes]))
        return self._packed.encoded_symbols(path)

    def bare_names(self, nodes: Iterable[int]) -> list[str]:
        fresh, nodes = self._fresh, list(nodes)
        packed = [self._numbering.was(node) for node in nodes if node not in fresh]
        below = iter(self._packed.bare_names(packed))
        return [fresh[node].name if node in fresh else next(below) for node in nodes]

    def ids(self) -> Iterator[tuple[int, int]]:
        return iter(self.node_by_id.items())

    def node_of(self, symbol_id: int) -> int | None:
        return self.node_by_id.get(symbol_id)

    def nodes_of_key(self, key: str) -> Sequence[int]:
        return self._with(self._newcomers.by_key.get(key, ()), self._packed.nodes_of_key(key))

    def by_name(self, name: str) -> Sequence[int]:
        return self._with(self._newcomers.by_name.get(name, ()), self._packed.by_name(name))

    def _with(self, came: Sequence[int], packed: Sequence[int]) -> Sequence[int]:
        """The nodes that came, and those of the packed ones that stay."""
        stay = (now for now in map(self._numbering.now, packed) if now != NOWHERE)
        return sorted((*came, *stay))

    @property
    def names(self) -> Sequence[str]:
        if self._names_now is None:
            self._names_now = self._all_names()
        return self._names_now

    def _all_names(self) -> Sequence[str]:
        went = map(self._packed.symbol, self._numbering.went(len(self._packed)))
        lost = {name for symbol in went for name in index_names(symbol) if not self.by_name(name)}
        came = self._newcomers.by_name.keys()
        packed = self._packed.names
        return sorted({*packed, *came} - lost, key=_in_bytes) if lost or came else packed

    def nodes_of_name(self, index: int) -> Sequence[int]:
        return self.by_name(self.names[index])

    def outgoing(self, node: int, kind: int | None = None) -> Sequence[int]:
        arcs = self._out.get(node)
        return super().outgoing(node, kind) if arcs is None else self._of_kind(arcs, kind)

    def incoming(self, node: int, kind: int | None = None) -> Sequence[int]:
        arcs = self._in.get(node)
        return super().incoming(node, kind) if arcs is None else self._of_kind(arcs, kind)

    def _of_kind(self, arcs: Sequence[int], kind: int | None) -> Sequence[int]:
        kinds = self.arc_kind
        return arcs if kind is None else [arc for arc in arcs if kinds[arc] == kind]

    def in_degree(self, node: int) -> int:
        return len(self.incoming(node))

    def out_degree(self, node: int) -> int:
        return len(self.outgoing(node))

    def degree(self, node: int) -> int:
        return self.in_degree(node) + self.out_degree(node)

    @cached_property
    def degrees(self) -> Sequence[int]:
        degrees = array("I", super().degrees)
        for node in {*self._out, *self._in}:
            degrees[node] = self.degree(node)
        return degrees

    def site_count(self, arc: int) -> int:
        return len(self.packed_sites(arc))

    def packed_sites(self, arc: int) -> Sequence[int]:
        stated = self._stated_sites.get(self.node_file[self.arc_source[arc]])
        sites = None if stated is None else stated.get(arc)
        return super().packed_sites(arc) if sites is None else sites

    def ends(self) -> Iterator[tuple[int, int, int]]:
        kinds = self.arc_kind
        return (ends for ends in super().ends() if kinds[ends[2]] != GONE)


def _in_bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")


def _seen_elsewhere(graph: Graph) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for arc in range(len(graph.arc_kind)):
        for file in files_elsewhere(graph, arc):
            found.setdefault(file, set()).add(arc)
    return {file: frozenset(arcs) for file, arcs in found.items()}


def files_elsewhere(graph: Graph, arc: int) -> set[int]:
    """The files with a site of an arc but for the one that its source stands in."""
    home = graph.node_file[graph.arc_source[arc]]
    return {site_file(site) for site in graph.packed_sites(arc)} - {home}
