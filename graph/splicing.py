"""A graph after an update that left all symbols in place: its columns are cut open and put together again.

Most edits change bodies. Symbols then keep their order, though not their lines: nodes keep their numbers, and
only few of the arcs that the edited files state come or go; the others are said at other places. The outcome
equals packing everything anew, at the cost of a few copies of the columns instead of a walk over all that
they say.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from operator import itemgetter

import msgspec

from isg.graph.codes import EDGE_KINDS
from isg.graph.graph import Graph
from isg.graph.model import Confidence, Edge, Symbol
from isg.graph.numbering import Numbering, Replacement, pieced, raised, replaced_items
from isg.graph.packing import (
    ArcCounts,
    FileRow,
    Packed,
    Statements,
    arc_columns,
    encode_symbols,
    head_sections,
    kind_of,
    node_columns,
    order_nodes,
    target_of,
)
from isg.graph.restating import Restatement, place_of, restated
from isg.graph.sections import Buffer, Section, lay_out


def splice_graph(
    base: Graph,
    edited: AbstractSet[str],
    state: str,
    symbols: Sequence[Symbol],
    edges: Sequence[Edge],
    unresolved: Mapping[str, int],
    files: Sequence[FileRow],
) -> Packed | None:
    """The graph that follows ``base``; None where a symbol of a file came, went or changed its place.

    ``symbols`` are those that the edited files define now. Other arguments and errors are those of
    :func:`isg.graph.patching.patch_graph`; the symbols outside the project are the same as before.
    """
    fresh = _symbols_in_place(base, edited, symbols, files)
    if fresh is None:
        return None
    node_of = _nodes_of(base, symbols, edges)
    file_of = {row.path: index for index, row in enumerate(files)}
    stated = Statements(node_of, file_of)
    stated.gather(edges)
    if stated.dangling:
        return None
    restatement = restated(base, {file_of[path] for path in edited}, stated)
    counts = _counted_after(base, restatement)
    meta = msgspec.structs.replace(base.meta, state=state, files=len(files), **counts)
    changed: dict[str, Section] = {
        **head_sections(meta, files, unresolved),
        **_nodes_after(base, fresh, node_of, file_of),
        **_arcs_after(base, restatement),
    }
    return Packed(meta, lay_out({name: changed.get(name, whole) for name, whole in base.sections.items()}))


# nodes


def _symbols_in_place(
    base: Graph, edited: AbstractSet[str], symbols: Iterable[Symbol], files: Sequence[FileRow]
) -> dict[int, list[Symbol]] | None:
    """The symbols of each edited file by the node of its first; None where they are not those of before."""
    if [(row.path, row.language) for row in files] != [(row.path, row.language) for row in base.files]:
        return None
    in_file: dict[str | None, list[Symbol]] = {path: [] for path in sorted(edited)}
    for symbol in symbols:
        in_file[symbol.file].append(symbol)
    placed: dict[int, list[Symbol]] = {}
    for path, found in in_file.items():
        nodes, ordered = base.in_file(path or ""), order_nodes(found)
        before = [base.symbol(node) for node in nodes]
        if not nodes or [(s.id, s.kind) for s in ordered] != [(s.id, s.kind) for s in before]:
            return None
        placed[nodes[0]] = ordered
    return dict(sorted(placed.items()))


def _nodes_of(base: Graph, symbols: Iterable[Symbol], edges: Sequence[Edge]) -> dict[int, int]:
    """The nodes of all symbols that are spoken of, by their ids."""
    ids = {edge.source for edge in edges} | {edge.target for edge in edges}
    ids.update(symbol.parent for symbol in symbols if symbol.parent is not None)
    return {id_: node for id_ in ids if (node := base.node_of(id_)) is not None}


def _nodes_after(
    base: Graph,
    fresh: Mapping[int, list[Symbol]],
    node_of: Mapping[int, int],
    file_of: Mapping[str, int],
) -> dict[str, Section]:
    """The columns of nodes, and the rows of their symbols; ``fresh`` are some by the node of their first."""
    columns: dict[str, bytearray] = {}
    for first, symbols in fresh.items():
        for name, column in node_columns(symbols, node_of, file_of).items():
            whole = columns.setdefault(name, bytearray(base.sections[name]))
            start = first * column.itemsize
            whole[start : start + len(column) * column.itemsize] = column.tobytes()
    runs = [Replacement(first, first + len(symbols), len(symbols)) for first, symbols in fresh.items()]
    rows = [row for symbols in fresh.values() for row in encode_symbols(symbols)]
    offsets = base.sections["symbol_offset"].cast("Q")
    data, starts = replaced_items(base.sections["symbol_data"], offsets, runs, rows)
    return {**columns, "symbol_data": data, "symbol_offset": starts}


# arcs


def _counted_after(base: Graph, restatement: Restatement) -> ArcCounts:
    """How many arcs there are of each kind, and how sure they are."""
    kinds, sure = Counter(base.meta.by_kind), Counter(base.meta.by_confidence)
    for arc in (*restatement.gone, *restatement.again):
        sure[_label(base.arc_confidence[arc])] -= 1
    for stated in (*restatement.come.values(), *restatement.again.values()):
        sure[_label(stated.confidence)] += 1
    kinds.subtract(str(EDGE_KINDS[base.arc_kind[arc]]) for arc in restatement.gone)
    kinds.update(str(EDGE_KINDS[kind_of(number)]) for number in restatement.come)
    return ArcCounts(
        arcs=base.meta.arcs - len(restatement.gone) + len(restatement.come),
        by_kind={str(kind): kinds[str(kind)] for kind in EDGE_KINDS if kinds[str(kind)]},
        by_confidence={each.label: sure[each.label] for each in Confidence if sure[each.label]},
    )


def _label(confidence: int) -> str:
    return Confidence(confidence).label


def _arcs_after(base: Graph, restatement: Restatement) -> dict[str, Section]:
    """The columns of arcs that are not as they were."""
    gone, come = restatement.gone, restatement.come
    places = [place_of(base, number) for number in come]
    cuts = _cuts(gone, places)
    if not cuts:
        return _said_after(base, restatement, places)
    fresh = arc_columns(list(come))
    return {
        **_said_after(base, restatement, places),
        **{name: pieced(getattr(base, name), cuts, column) for name, column in fresh.items()},
        "out_start": _shifted(base.sections["out_start"], base.arc_source, gone, fresh["arc_source"]),
        "in_start": _shifted(base.sections["in_start"], base.arc_target, gone, fresh["arc_target"]),
        "in_arc": _incoming_after(base, restatement, places, cuts),
    }


def _cuts(gone: Iterable[int], places: Iterable[int], again: Iterable[int] = ()) -> list[Replacement]:
    """Which items of a column give place to others: those that go, and those said again to one each.

    What comes stands in front of its place, before what is said again there.
    """
    going, coming, changing = set(gone), Counter(places), set(again)
    return [
        Replacement(at, at + (at in going or at in changing), coming[at] + (at in changing))
        for at in sorted({*going, *coming, *changing})
    ]


def _said_after(base: Graph, restatement: Restatement, places: Sequence[int]) -> dict[str, Section]:
    """How sure each arc is, and the sites of all, where any is said otherwise."""
    cuts = _cuts(restatement.gone, places, restatement.again)
    if not cuts:
        return {}
    coming = ((place, False, said) for place, said in zip(places, restatement.come.values(), strict=True))
    again = ((arc, True, stated) for arc, stated in restatement.again.items())
    said = [stated for *_, stated in sorted(chain(coming, again), key=itemgetter(0, 1))]
    starts, old = base.site_columns()
    new = [array("Q", each.sites).tobytes() for each in said]
    sites, site_start = replaced_items(old.cast("B"), starts, cuts, new, width=old.itemsize)
    sure = pieced(base.arc_confidence, cuts, array("B", [each.confidence for each in said]))
    return {"arc_confidence": sure, "site_start": site_start, "sites": sites}


def _shifted(starts: memoryview, ends: memoryview, gone: Iterable[int], come: Iterable[int]) -> bytes:
    """Where the arcs of each node begin, after some went and came; ``ends`` are their nodes on this side."""
    changes = Counter(come)
    changes.subtract(ends[arc] for arc in gone)
    old, pieces, done, shift = starts.cast("I"), list[Buffer](), 0, 0
    for node in sorted(node for node, change in changes.items() if change):
        pieces.append(raised(old[done : node + 1], shift))
        done, shift = node + 1, shift + changes[node]
    pieces.append(raised(old[done:], shift))
    return b"".join(pieces)


def _incoming_after(
    base: Graph, restatement: Restatement, places: Sequence[int], cuts: Sequence[Replacement]
) -> list[Buffer]:
    """The arcs to each node, by (kind, number), under the numbers that they have now."""
    starts, arcs = base.sections["in_start"].cast("I"), base.sections["in_arc"].cast("I")

    def position(target: int, kind: int, arc: int) -> int:
        end = starts[target + 1]
        return bisect_left(arcs, (kind, arc), starts[target], end, key=lambda a: (base.arc_kind[a], a))

    gone = restatement.gone
    going = [position(base.arc_target[arc], base.arc_kind[arc], arc) for arc in gone]
    coming = sorted(
        (position(target_of(number), kind_of(number), place), target_of(number), kind_of(number), at, place)
        for at, (number, place) in enumerate(zip(restatement.come, places, strict=True))
    )
    numbers = array("I", [place - bisect_left(gone, place) + at for *_, at, place in coming])
    now = Numbering.after(len(arcs), cuts).renumbered(arcs, below=len(arcs))
    return pieced(memoryview(now), _cuts(going, [each[0] for each in coming]), numbers)
