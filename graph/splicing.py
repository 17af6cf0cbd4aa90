"""A graph after an update that left all symbols in place: its columns are cut open and put together again.

Most edits change bodies. Symbols then keep their order, though not their lines: nodes keep their numbers, and
only the arcs that the edited files state are others. The outcome equals packing everything anew, at the cost
of a few copies of the columns instead of a walk over all that they say.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import TypeAlias

import msgspec

from isg.graph.codes import CONTAINS, DEFINES, HOW_CODE
from isg.graph.graph import Graph
from isg.graph.model import Edge, How, Symbol
from isg.graph.packing import (
    FileRow,
    Statements,
    arc_columns,
    count_arcs,
    encode_symbols,
    head_sections,
    node_columns,
    order_nodes,
    site_file,
)
from isg.graph.sections import Buffer, write_sections

OF_THE_INNER = frozenset({CONTAINS, DEFINES})
"""Kinds of edges without a site that are said where the inner one stands: what lies in what, whose member
something is. All others are said where their source stands."""

_STRUCTURAL = bytes([HOW_CODE[How.STRUCTURAL]])

Run: TypeAlias = "tuple[range, range]"  # old arcs that stay, and new ones behind them


class CannotPatch(Exception):
    """The old graph does not say enough."""


def splice_graph(
    base: Graph,
    replaced: AbstractSet[str],
    state: str,
    symbols: Sequence[Symbol],
    edges: Iterable[Edge],
    unresolved: Mapping[str, int],
    files: Sequence[FileRow],
) -> bytes | None:
    """The graph that follows ``base``; None where a symbol came, went or changed its place among others.

    Arguments and errors are those of :func:`isg.graph.patching.patch_graph`.
    """
    fresh = _symbols_in_place(base, replaced, symbols, files)
    if fresh is None:
        return None
    node_of = dict(base.ids())
    file_of = {row.path: index for index, row in enumerate(files)}
    stated = Statements(node_of, file_of)
    stated.gather(edges)
    if stated.dangling:
        return None
    arcs = _arcs_after(base, {file_of[path] for path in replaced}, stated)
    counts = count_arcs(arcs["arc_kind"], arcs["arc_confidence"])
    meta = msgspec.structs.replace(base.meta, state=state, files=len(files), **counts)
    changed = head_sections(meta, files, unresolved) | _nodes_after(base, fresh, node_of, file_of) | arcs
    return write_sections({name: changed.get(name, section) for name, section in base.sections.items()})


# nodes


def _symbols_in_place(
    base: Graph, replaced: AbstractSet[str], symbols: Sequence[Symbol], files: Sequence[FileRow]
) -> dict[int, list[Symbol]] | None:
    """The symbols of each replaced file by the node of its first; None where they are not those of before."""
    if [(row.path, row.language) for row in files] != [(row.path, row.language) for row in base.files]:
        return None
    if {symbol.id for symbol in symbols} != {id_ for id_, _ in base.ids()}:
        return None
    in_file: dict[str | None, list[Symbol]] = {path: [] for path in sorted(replaced)}
    for symbol in symbols:
        if symbol.file in in_file:
            in_file[symbol.file].append(symbol)
    placed: dict[int, list[Symbol]] = {}
    for path, found in in_file.items():
        nodes, ordered = base.in_file(path or ""), order_nodes(found)
        before = [base.symbol(node) for node in nodes]
        if not nodes or [(s.id, s.kind) for s in ordered] != [(s.id, s.kind) for s in before]:
            return None
        placed[nodes[0]] = ordered
    return dict(sorted(placed.items()))


def _nodes_after(
    base: Graph,
    fresh: Mapping[int, list[Symbol]],
    node_of: Mapping[int, int],
    file_of: Mapping[str, int],
) -> dict[str, bytes]:
    """The columns of nodes, and the rows of their symbols; ``fresh`` are some by the node of their first."""
    columns: dict[str, bytearray] = {}
    runs, rows, kept = list[Run](), list[bytes](), 0
    for first, symbols in fresh.items():
        for name, column in node_columns(symbols, node_of, file_of).items():
            whole = columns.setdefault(name, bytearray(base.sections[name]))
            start = first * column.itemsize
            whole[start : start + len(column) * column.itemsize] = column.tobytes()
        runs.append((range(kept, first), range(len(rows), len(rows) + len(symbols))))
        rows += encode_symbols(symbols)
        kept = first + len(symbols)
    runs.append((range(kept, len(base)), range(0)))
    heap = _items_after(runs, base.sections["symbol_data"], base.sections["symbol_offset"].cast("Q"), rows)
    return {name: bytes(whole) for name, whole in columns.items()} | {
        "symbol_data": heap[0],
        "symbol_offset": heap[1].tobytes(),
    }


# arcs


@dataclass(frozen=True, slots=True)
class _New:
    """The arcs that come, in order."""

    numbers: list[int]
    confidence: list[int]
    sites: list[Sequence[int]]


def _arcs_after(base: Graph, files: AbstractSet[int], stated: Statements) -> dict[str, bytes]:
    """All columns of arcs, where these files state something else than before."""
    gone = stated_before(base, files)
    new = _merged(base, stated, gone)
    runs = list(_runs(base, gone, new.numbers))
    fresh = arc_columns(new.numbers)
    columns = fresh | {"arc_confidence": array("B", new.confidence)}
    starts, old_sites = base.site_columns()
    packed = [array("Q", sites).tobytes() for sites in new.sites]
    sites, site_start = _items_after(runs, old_sites.cast("B"), starts, packed, width=old_sites.itemsize)
    sources, targets = fresh["arc_source"], fresh["arc_target"]
    return {
        **{name: _spliced(base.sections[name], column, runs) for name, column in columns.items()},
        "site_start": array("I", site_start).tobytes(),
        "sites": sites,
        "out_start": _shifted(base.sections["out_start"], base.arc_source, gone, sources),
        "in_start": _shifted(base.sections["in_start"], base.arc_target, gone, targets),
        "in_arc": _incoming_after(base, gone, runs, targets, fresh["arc_kind"]),
    }


def stated_before(base: Graph, files: AbstractSet[int]) -> set[int]:
    """The arcs that these files stated, and those that only the project as a whole tells.

    Raises CannotPatch where another file states one of them too: who was how sure is not kept apart.
    """
    starts, sites = base.site_columns()
    places = (place for place, site in enumerate(sites) if site_file(site) in files)
    counted = Counter(bisect_right(starts, place) - 1 for place in places)
    if any(base.site_count(arc) != count for arc, count in counted.items()):
        raise CannotPatch
    found = set(counted)
    for node in chain.from_iterable(base.in_file(base.files[file].path) for file in files):
        outer = (arc for arc in base.outgoing(node) if base.arc_kind[arc] not in OF_THE_INNER)
        inner = chain.from_iterable(base.incoming(node, kind) for kind in sorted(OF_THE_INNER))
        found.update(arc for arc in chain(outer, inner) if not base.site_count(arc))
    hows = bytes(base.arc_how)
    arc = hows.find(_STRUCTURAL)
    while arc >= 0:
        found.add(arc)
        arc = hows.find(_STRUCTURAL, arc + 1)
    return found


def _merged(base: Graph, stated: Statements, gone: set[int]) -> _New:
    """What is stated now, each number once; arcs that others state as well are made anew: they are gone."""
    found: dict[int, tuple[int, Sequence[int]]] = {}
    for number, confidence, sites in zip(stated.orders, stated.confidence, stated.sites, strict=True):
        best, others = found.get(number, (confidence, ()))
        found[number] = max(best, confidence), sorted({*others, *sites})
    for number, (confidence, sites) in found.items():
        arc = _place(base, number)
        if arc < len(base.arc_kind) and arc not in gone and base.arc_number(arc) == number:
            gone.add(arc)
            best = max(confidence, base.arc_confidence[arc])
            found[number] = best, sorted({*sites, *base.packed_sites(arc)})
    numbers = sorted(found)
    return _New(numbers, [found[number][0] for number in numbers], [found[number][1] for number in numbers])


def _place(base: Graph, number: int) -> int:
    """The first arc whose number is not below this one."""
    return bisect_left(range(len(base.arc_kind)), number, key=base.arc_number)


def _runs(base: Graph, gone: AbstractSet[int], numbers: Sequence[int]) -> Iterator[Run]:
    places = [_place(base, number) for number in numbers]
    kept, new = 0, 0
    for cut in sorted({*gone, *places}):
        until = bisect_right(places, cut, new)
        yield range(kept, cut), range(new, until)
        kept, new = cut + (cut in gone), until
    yield range(kept, len(base.arc_kind)), range(new, len(numbers))


def _spliced(old: memoryview, new: array[int], runs: Sequence[Run]) -> bytes:
    """A column with its runs; ``old`` as bytes."""
    width, fresh = new.itemsize, new.tobytes()
    pieces = (
        (old[stay.start * width : stay.stop * width], fresh[come.start * width : come.stop * width])
        for stay, come in runs
    )
    return b"".join(chain.from_iterable(pieces))


def _items_after(
    runs: Sequence[Run], data: memoryview, starts: memoryview, new: Sequence[bytes], width: int = 1
) -> tuple[bytes, array[int]]:
    """Items of various lengths end to end, and where each begins, counted in units of so many bytes."""
    pieces, begins = list[Buffer](), array("Q", [0])
    for stay, come in runs:
        first, last = starts[stay.start], starts[stay.stop]
        pieces.append(data[first * width : last * width])
        begins.extend(map((begins[-1] - first).__add__, starts[stay.start + 1 : stay.stop + 1]))
        pieces += new[come.start : come.stop]
        lengths = (len(new[at]) // width for at in come)
        begins.extend(list(accumulate(lengths, initial=begins.pop())))
    return b"".join(pieces), begins


def _shifted(starts: memoryview, ends: memoryview, gone: Iterable[int], come: Iterable[int]) -> bytes:
    """Where the arcs of each node begin, after some went and came; ``ends`` are their nodes on this side."""
    changes = Counter(come)
    changes.subtract(ends[arc] for arc in gone)
    old, after, done, shift = starts.cast("I"), array("I"), 0, 0
    for node in sorted(changes):
        after.extend(map(shift.__add__, old[done : node + 1]))
        done, shift = node + 1, shift + changes[node]
    after.extend(map(shift.__add__, old[done:]))
    return after.tobytes()


def _incoming_after(
    base: Graph, gone: AbstractSet[int], runs: Sequence[Run], targets: Sequence[int], kinds: Sequence[int]
) -> bytes:
    """The arcs to each node, by (kind, number), under the numbers that they have now."""
    now, arriving, position = array("I", bytes(4 * len(base.arc_kind))), dict[int, list[tuple[int, int]]](), 0
    for stay, come in runs:
        now[stay.start : stay.stop] = array("I", range(position, position + len(stay)))
        position += len(stay)
        for at in come:
            arriving.setdefault(targets[at], []).append((kinds[at], position))
            position += 1
    starts, arcs = base.sections["in_start"].cast("I"), base.sections["in_arc"].cast("I")
    after, done = array("I"), 0
    for target in sorted({*arriving, *(base.arc_target[arc] for arc in gone)}):
        after.extend(map(now.__getitem__, arcs[done : starts[target]]))
        done = starts[target + 1]
        stay_here = [(base.arc_kind[a], now[a]) for a in arcs[starts[target] : done] if a not in gone]
        after.extend(number for _, number in sorted([*stay_here, *arriving.get(target, ())]))
    after.extend(map(now.__getitem__, arcs[done:]))
    return after.tobytes()
