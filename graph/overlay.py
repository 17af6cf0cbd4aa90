"""A graph over another: what some files state now, laid over the columns of a packed graph.

For a process that stays: what a change costs follows the change, but for copies of a few columns, and readers
keep the graph that they have. Symbols that come and go renumber the others, so that nodes stand in the order
that they are packed in; arcs that are still there keep their numbers. So it answers as the packed graph of
the same state would.
"""

from __future__ import annotations

import copy
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

import msgspec

from isg.graph.codes import DEFINES, EDGE_KINDS, symbol_codes
from isg.graph.graph import Graph
from isg.graph.linking.structural import INTERFACES
from isg.graph.model import Confidence, Symbol
from isg.graph.newcomers import Newcomers, NodesById
from isg.graph.numbering import GONE as NOWHERE
from isg.graph.numbering import Numbering, Replacement, replaced
from isg.graph.packing import (
    NO_FILE,
    FileRow,
    arc_columns,
    encode_symbols,
    index_names,
    node_columns,
    site_file,
)
from isg.graph.sections import Buffer

GONE = 0xFF
"""The kind of an arc that is not there any more: none that anybody looks for."""

_OF_NODES = {
    "node_kind": "node_kind",
    "node_flags": "node_flags",
    "node_file": "node_file",
    "node_line": "node_line",
    "node_start": "node_start",
    "node_end": "node_end",
    "node_parent": "parent",
    "node_complexity": "node_complexity",
}
"""The columns of nodes, and what they are called here."""

_INTERFACES = symbol_codes(INTERFACES)
_LABELS = tuple(sure.label for sure in Confidence)


class CannotOverlay(Exception):
    """More hangs on a change than the graph below can tell."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What is stated of an arc: how sure it is, and its packed sites, sorted."""

    confidence: int
    sites: Sequence[int]


@dataclass(frozen=True, slots=True)
class Renewal:
    """The nodes from ``start`` to ``stop`` (not included), all of one file, give place to other symbols.

    ``file`` is its index, or NO_FILE where they are externals.
    """

    file: int
    start: int
    stop: int
    symbols: Sequence[Symbol]

    @property
    def surplus(self) -> int:
        """How many nodes come more than go."""
        return len(self.symbols) - (self.stop - self.start)

    @property
    def replacement(self) -> Replacement:
        return Replacement(self.start, self.stop, len(self.symbols))


@dataclass(frozen=True, slots=True)
class Change:
    """What a new state has otherwise than the one below.

    ``files`` are rows by their index; ``symbols`` those of whole files, by the node of their first. ``moved``
    are arcs that stay and are stated otherwise, ``come`` the new ones, by their number
    (:func:`~isg.graph.packing.arc_number`).
    """

    state: str
    files: Mapping[int, FileRow]
    unresolved: Mapping[str, int]
    symbols: Mapping[int, Sequence[Symbol]]
    gone: AbstractSet[int]
    moved: Mapping[int, Stated]
    come: Mapping[int, Stated]


class Overlay(Graph):
    """A packed graph with changes laid over it; immutable, as the one below is."""

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

    def changed(self, change: Change) -> Overlay:
        """The graph after a change."""
        after = self._copied()
        after._take_head(change)
        after._take_nodes(change.symbols)
        after._take_arcs(change)
        return after

    def renewed(self, renewals: Sequence[Renewal]) -> Overlay:
        """The graph with other symbols in the places of some, in ascending order; no arc may be at these."""
        after = self._copied()
        step = Numbering.after(len(self), [each.replacement for each in renewals])
        after._take_symbols(step, renewals)
        after._take_columns(step, renewals)
        after._out, after._out_start = _starts_after(
            step, renewals, self._out, self._out_start, super().outgoing
        )
        after._in, after._in_start = _starts_after(step, renewals, self._in, self._in_start, super().incoming)
        return after

    def _copied(self) -> Overlay:
        after = copy.copy(self)
        after._symbols, after._members, after._rx = {}, {}, None
        for derived in ("arc_looks", "degrees"):
            after.__dict__.pop(derived, None)
        return after

    @property
    def file_numbers(self) -> Mapping[str, int]:
        """The index of every file by its path."""
        return self._file_index

    @cached_property
    def asked_for(self) -> AbstractSet[str]:
        """The names of all members of interfaces, which others may satisfy without a word."""
        interfaces = (node for node, kind in enumerate(self.node_kind) if kind in _INTERFACES)
        return {self.symbol(end).name for node in interfaces for end in self.targets(node, DEFINES)}

    # what reads otherwise than below

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

    # laying a change over

    def _take_head(self, change: Change) -> None:
        files = list(self.files)
        for file, row in change.files.items():
            files[file] = row
        self.__dict__["files"] = tuple(files)
        self.__dict__["unresolved"] = change.unresolved
        self.meta = msgspec.structs.replace(self.meta, state=change.state)

    def _take_nodes(self, symbols: Mapping[int, Sequence[Symbol]]) -> None:
        fresh = {node: symbol for first, run in symbols.items() for node, symbol in enumerate(run, first)}
        self._fresh = {**self._fresh, **fresh}
        columns: dict[str, array[int]] = {}
        for first, run in symbols.items():
            here = slice(first, first + len(run))
            for section, values in node_columns(run, self.node_by_id, self._file_index).items():
                name = _OF_NODES[section]
                if values.tobytes() != getattr(self, name)[here].tobytes():
                    columns.setdefault(name, _copied(getattr(self, name)))[here] = values
        for name, column in columns.items():
            setattr(self, name, memoryview(column))

    # symbols that come and go

    def _take_symbols(self, step: Numbering, renewals: Sequence[Renewal]) -> None:
        """The symbols under their new numbers, and how to find them."""
        stay = {step.now(node): symbol for node, symbol in self._fresh.items()}
        size, shift, placed = len(self), 0, dict[int, Symbol]()
        for each in renewals:
            placed.update(enumerate(each.symbols, each.start + shift))
            shift += each.surplus
        self._fresh = {node: symbol for node, symbol in stay.items() if node != NOWHERE} | placed
        self._numbering = self._numbering.then(step)
        came = self._numbering.came(size + shift)
        self._newcomers = Newcomers({node: self._fresh[node] for node in came})
        self.node_by_id = NodesById(self._packed_nodes, self._numbering, self._newcomers.by_id)
        self._names_now = None
        externals = sum(each.surplus for each in renewals if each.file == NO_FILE)
        self.meta = msgspec.structs.replace(
            self.meta,
            symbols=self.meta.symbols + shift - externals,
            externals=self.meta.externals + externals,
        )

    def _take_columns(self, step: Numbering, renewals: Sequence[Renewal]) -> None:
        """The columns of nodes, and those of numbers of nodes; the symbols are those of now."""
        replacements = [each.replacement for each in renewals]
        self.parent = memoryview(step.renumbered(self.parent))
        new = [symbol for each in renewals for symbol in each.symbols]
        for section, values in node_columns(new, self.node_by_id, self._file_index).items():
            name = _OF_NODES[section]
            setattr(self, name, memoryview(replaced(getattr(self, name), replacements, values)))
        self.arc_source = memoryview(step.renumbered(self.arc_source))
        self.arc_target = memoryview(step.renumbered(self.arc_target))
        starts = _copied(self._file_start)
        for each in renewals:
            if each.file != NO_FILE:
                behind = slice(each.file + 1, None)
                starts[behind] = array("I", [start + each.surplus for start in starts[behind]])
        self._file_start = memoryview(starts)

    def _take_arcs(self, change: Change) -> None:
        below = len(self.arc_kind)
        come, stated = arc_columns(list(change.come)), list(change.come.values())
        self._count(change, come["arc_kind"])
        come["arc_confidence"] = array("B", [each.confidence for each in stated])
        for name in come if stated else ():
            setattr(self, name, memoryview(_copied(getattr(self, name)) + come[name]))
        self._mark("arc_kind", dict.fromkeys(change.gone, GONE))
        self._mark("arc_confidence", {arc: now.confidence for arc, now in change.moved.items()})
        arrived = range(below, below + len(stated))
        self._take_sites([*change.moved.items(), *zip(arrived, stated, strict=True)])
        self._note_elsewhere(change.gone, [*change.moved, *arrived])
        self._out = self._arcs_after(self._out, super().outgoing, self.arc_source, change.gone, arrived)
        self._in = self._arcs_after(self._in, super().incoming, self.arc_target, change.gone, arrived)

    def _mark(self, name: str, values: Mapping[int, int]) -> None:
        """Write some values into a column, where they are others than there."""
        column = getattr(self, name)
        if any(column[place] != value for place, value in values.items()):
            column = _copied(column)
            for place, value in values.items():
                column[place] = value
            setattr(self, name, memoryview(column))

    def _take_sites(self, stated: Iterable[tuple[int, Stated]]) -> None:
        self._stated_sites = dict(self._stated_sites)
        copied = set[int]()
        for arc, now in stated:
            file = self.node_file[self.arc_source[arc]]
            if file not in copied:
                self._stated_sites[file] = dict(self._stated_sites.get(file, {}))
                copied.add(file)
            self._stated_sites[file][arc] = now.sites

    def _arcs_after(
        self,
        before: Mapping[int, list[int]],
        packed: Callable[[int], Sequence[int]],
        ends: memoryview,
        gone: AbstractSet[int],
        come: Iterable[int],
    ) -> dict[int, list[int]]:
        """The arcs at one end of all nodes that have others than in the packed graph."""
        after, arriving = dict(before), dict[int, list[int]]()
        for arc in come:
            arriving.setdefault(ends[arc], []).append(arc)
        for node in {*arriving, *(ends[arc] for arc in gone)}:
            known = before[node] if node in before else packed(node)
            stay = [arc for arc in known if arc not in gone]
            after[node] = sorted([*stay, *arriving.get(node, ())], key=self._rank)
        return after

    def _rank(self, arc: int) -> tuple[int, int]:
        """By which the arcs at one end of a node are sorted."""
        kind = self.arc_kind[arc]
        return kind, self.arc_number(arc)

    def _note_elsewhere(self, gone: AbstractSet[int], stated: Iterable[int]) -> None:
        found = dict(self.elsewhere)
        for file, arcs in self.elsewhere.items():
            if not arcs.isdisjoint(gone):
                found[file] = arcs - gone
        for arc in stated:
            for file in _files_elsewhere(self, arc):
                found[file] = found.get(file, frozenset()) | {arc}
        self.elsewhere = found

    def _count(self, change: Change, kinds: Iterable[int]) -> None:
        """Count arcs anew, from those that are still as they were."""
        by_kind, by_confidence = Counter(self.meta.by_kind), Counter(self.meta.by_confidence)
        by_kind.subtract(str(EDGE_KINDS[self.arc_kind[arc]]) for arc in change.gone)
        by_kind.update(str(EDGE_KINDS[kind]) for kind in kinds)
        before, after = [*change.gone, *change.moved], [*change.moved.values(), *change.come.values()]
        by_confidence.subtract(Confidence(self.arc_confidence[arc]).label for arc in before)
        by_confidence.update(Confidence(now.confidence).label for now in after)
        self.meta = msgspec.structs.replace(
            self.meta,
            arcs=by_kind.total(),
            by_kind={str(kind): by_kind[kind] for kind in EDGE_KINDS if by_kind[kind]},
            by_confidence={
                sure.label: by_confidence[sure.label] for sure in Confidence if by_confidence[sure.label]
            },
        )


def _starts_after(
    step: Numbering,
    renewals: Sequence[Renewal],
    stated: Mapping[int, list[int]],
    starts: memoryview,
    packed: Callable[[int], Sequence[int]],
) -> tuple[dict[int, list[int]], memoryview]:
    """The arcs at one end of nodes that have others than packed, and where those of each packed node begin.

    New symbols have no packed arcs. Those of symbols that went follow on those of the node before, which
    therefore is told which ones are its own.
    """
    now = {step.now(node): arcs for node, arcs in stated.items()}
    now.pop(NOWHERE, None)
    shift = 0
    for each in renewals:
        before = each.start + shift - 1
        if each.stop > each.start and before >= 0 and before not in now:
            was = step.was(before)
            now[before] = [] if was == NOWHERE else list(packed(was))
        shift += each.surplus
    new = array("I", [starts[each.stop] for each in renewals for _ in each.symbols])
    return now, memoryview(replaced(starts, [each.replacement for each in renewals], new))


def _in_bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")


def _copied(column: memoryview) -> array[int]:
    """A column to be written to; the others stay as they are."""
    return array(column.format, column.tobytes())


def _seen_elsewhere(graph: Graph) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for arc in range(len(graph.arc_kind)):
        for file in _files_elsewhere(graph, arc):
            found.setdefault(file, set()).add(arc)
    return {file: frozenset(arcs) for file, arcs in found.items()}


def _files_elsewhere(graph: Graph, arc: int) -> set[int]:
    """The files with a site of an arc but for the one that its source stands in."""
    home = graph.node_file[graph.arc_source[arc]]
    return {site_file(site) for site in graph.packed_sites(arc)} - {home}
