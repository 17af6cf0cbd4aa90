"""Symbols that come and go as files are linked again: room for them in an overlay, before its arcs change."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from isg.graph.change import CannotOverlay, Change, Renewal, Stated
from isg.graph.codes import HOW_CODE, symbol_codes
from isg.graph.linking.structural import INTERFACES
from isg.graph.model import TYPE_KINDS, How, LinkedFile, Symbol
from isg.graph.overlay import Overlay
from isg.graph.packing import NO_FILE, arc_number, node_order, order_nodes
from isg.graph.restating import OF_THE_INNER
from isg.graph.sites import site_file

_STRUCTURAL, _INTERFACES = HOW_CODE[How.STRUCTURAL], symbol_codes(INTERFACES)


@dataclass(frozen=True, slots=True)
class Room:
    """A graph with the symbols of a new state, and the arcs of the one before but for those at what went."""

    graph: Overlay
    left: AbstractSet[int]
    """The ids of externals that some of the arcs pointed at."""


def room_for(below: Overlay, linked: Sequence[LinkedFile]) -> Room:
    """Room for what some files define now, and for what they speak of outside the project.

    Raises CannotOverlay where other files state an arc at what went, or the whole project may be concerned.
    """
    renewals = _renewals(below, linked)
    if not renewals:
        return Room(below, frozenset())
    _see_that_no_interface_is_concerned(below, renewals)
    replaced = {node for each in renewals for node in range(each.start, each.stop)}
    arcs = {arc for node in replaced for arc in (*below.outgoing(node), *below.incoming(node))}
    went = {below.symbol(node).id for node in replaced}
    went -= {symbol.id for each in renewals for symbol in each.symbols}
    kept = list(_at_what_moves(below, arcs, went, {below.file_numbers[file.path] for file in linked}))
    ends = {below.arc_target[arc] for arc in arcs}
    left = {below.symbol(end).id for end in ends if below.is_external(end)}
    after = _without_arcs(below, arcs).renewed(renewals)
    node = after.node_by_id
    come = {arc_number(node[source], kind, node[end], how): said for source, kind, end, how, said in kept}
    return Room(_with_arcs(after, come) if come else after, left)


def without_the_left(graph: Overlay, externals: Iterable[int]) -> Overlay:
    """The graph without those of some symbols outside, by id, that nothing points at any more."""
    nodes = sorted(graph.node_by_id[each] for each in externals if each in graph.node_by_id)
    left = [Renewal(NO_FILE, node, node + 1, ()) for node in nodes if not graph.degree(node)]
    return graph.renewed(left) if left else graph


# what comes and what goes


def _renewals(below: Overlay, linked: Sequence[LinkedFile]) -> list[Renewal]:
    inside = [each for file in linked for each in _of_file(below, file)]
    replaced = {node for each in inside for node in range(each.start, each.stop)}
    new = {symbol.id: symbol for each in inside for symbol in each.symbols}
    taken = [node for node in map(below.node_by_id.get, new) if node is not None and node not in replaced]
    if not all(map(below.is_external, taken)):
        raise CannotOverlay("defined twice")
    outside = {symbol.id: symbol for file in linked for symbol in file.externals if symbol.id not in new}
    come = [symbol for id_, symbol in outside.items() if below.node_by_id.get(id_, -1) in {-1, *replaced}]
    found = [*inside, *(Renewal(NO_FILE, node, node + 1, ()) for node in taken)]
    for symbol in order_nodes(come):
        place = _place_outside(below, symbol)
        found.append(Renewal(NO_FILE, place, place, [symbol]))
    return sorted(found, key=_place)


def _of_file(below: Overlay, file: LinkedFile) -> Iterator[Renewal]:
    """The symbols of a file that are not what stood there before: all between the first and the last."""
    number = below.file_numbers[file.path]
    nodes, now = below.nodes_of_file(number), order_nodes(file.symbols)
    before, after = [below.symbol(node).id for node in nodes], [symbol.id for symbol in now]
    if before == after:
        return
    first = _common(before, after)
    behind = _common(before[first:][::-1], after[first:][::-1])
    start, stop = nodes.start + first, nodes.stop - behind
    yield Renewal(number, start, stop, now[first : len(now) - behind])


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    """How many ids two sequences begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def _place_outside(below: Overlay, symbol: Symbol) -> int:
    """Where an external stands among the others, which are behind all files."""
    first = below.nodes_of_file(len(below.files) - 1).stop if below.files else 0
    externals = range(first, len(below))
    return first + bisect_left(externals, node_order(symbol), key=lambda node: node_order(below.symbol(node)))


def _place(renewal: Renewal) -> tuple[int, bool, int, int]:
    """By which renewals are in order; what stands at the end of a file comes before the next one's."""
    return renewal.start, renewal.file == NO_FILE, renewal.file, renewal.stop


def _see_that_no_interface_is_concerned(below: Overlay, renewals: Iterable[Renewal]) -> None:
    """A type may satisfy an interface anywhere, and a member may be what one asks for."""
    if _INTERFACES.isdisjoint(below.node_kind):
        return
    for each in renewals:
        before = [below.symbol(node) for node in range(each.start, each.stop)]
        if any(_concerns_interfaces(below, symbol) for symbol in (*before, *each.symbols)):
            raise CannotOverlay("interfaces")


def _concerns_interfaces(below: Overlay, symbol: Symbol) -> bool:
    if symbol.kind in TYPE_KINDS:
        return True
    around = None if symbol.parent is None else below.node_by_id.get(symbol.parent)
    return symbol.name in below.asked_for or (around is not None and below.node_kind[around] in _INTERFACES)


# arcs


def _at_what_moves(
    below: Overlay, arcs: Iterable[int], went: AbstractSet[int], files: AbstractSet[int]
) -> Iterator[tuple[int, int, int, int, Stated]]:
    """The arcs at symbols that stay but move among others: ids of source and target, kind, how, statement."""
    for arc in arcs:
        source, target = below.symbol(below.arc_source[arc]).id, below.symbol(below.arc_target[arc]).id
        if source in went or target in went:
            if not _is_stated_by(below, arc, files):
                raise CannotOverlay("stated elsewhere")
            continue
        stated = Stated(below.arc_confidence[arc], list(below.packed_sites(arc)))
        yield source, below.arc_kind[arc], target, below.arc_how[arc], stated


def _is_stated_by(below: Overlay, arc: int, files: AbstractSet[int]) -> bool:
    """Whether none but these files state an arc."""
    sites = below.packed_sites(arc)
    if sites:
        return all(site_file(site) in files for site in sites)
    end = below.arc_target[arc] if below.arc_kind[arc] in OF_THE_INNER else below.arc_source[arc]
    return below.arc_how[arc] != _STRUCTURAL and below.node_file[end] in files


def _without_arcs(graph: Overlay, arcs: AbstractSet[int]) -> Overlay:
    return graph.changed(Change(graph.state, {}, graph.unresolved, {}, arcs, {}, {}))


def _with_arcs(graph: Overlay, come: Mapping[int, Stated]) -> Overlay:
    return graph.changed(Change(graph.state, {}, graph.unresolved, {}, set(), {}, dict(sorted(come.items()))))
