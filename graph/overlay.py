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
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

import msgspec

from isg.graph.change import Change, Renewal, Stated
from isg.graph.codes import EDGE_KINDS
from isg.graph.model import Confidence, Symbol
from isg.graph.newcomers import Newcomers, NodesById
from isg.graph.numbering import GONE as NOWHERE
from isg.graph.numbering import Numbering, replaced
from isg.graph.overlaid import GONE, Overlaid, files_elsewhere
from isg.graph.packing import NO_FILE, arc_columns, node_columns

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


class Overlay(Overlaid):
    """A packed graph with changes laid over it; immutable, as the one below is."""

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
            for file in files_elsewhere(self, arc):
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


def _copied(column: memoryview) -> array[int]:
    """A column to be written to; the others stay as they are."""
    return array(column.format, column.tobytes())
