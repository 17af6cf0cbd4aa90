"""What an overlay has to hold: some files linked anew, compared with what the graph below says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from isg.graph.arrivals import room_for, without_the_left
from isg.graph.change import CannotOverlay, Change, Stated
from isg.graph.codes import HOW_CODE, IMPL, symbol_codes
from isg.graph.linking.structural import INTERFACES, what_is_compared
from isg.graph.linking.within import Within
from isg.graph.model import TYPE_KINDS, Confidence, How, LinkedFile
from isg.graph.overlay import Overlay
from isg.graph.packing import FileRow, Statements, kind_of, order_nodes, source_of
from isg.graph.restating import OF_THE_INNER
from isg.graph.sites import lower_site, site_file, site_line

_STRUCTURAL, _CALLBACK = HOW_CODE[How.STRUCTURAL], HOW_CODE[How.CALLBACK]
_INTERFACES, _TYPES = symbol_codes(INTERFACES), symbol_codes(TYPE_KINDS)


class CannotState(Exception):
    """It is not known how sure a file is of an arc beside one of its functions."""


def overlaid(
    below: Overlay,
    linked: Sequence[LinkedFile],
    files: Iterable[FileRow],
    state: str,
    unresolved: Mapping[str, int],
    within: Within | None = None,
) -> Overlay:
    """The graph after some of its files were linked anew; with ``within``, one file, as far as that says.

    ``files`` are the rows of these files, ``unresolved`` counts the names of the whole project. Raises
    CannotOverlay where the graph has to be packed anew, CannotState where the whole file has to be linked.
    """
    room = room_for(below, linked)
    now = _stated_now(room.graph, linked)
    if within is None:
        before = [arc for file in linked for arc in _stated_by(room.graph, file.path)]
    else:
        before = list(_state_again(room.graph, linked[0].path, within, now))
    change = change_of(room.graph, linked, before, now, files, state, unresolved)
    ends = {room.graph.arc_target[arc] for arc in change.gone}
    left = {room.graph.symbol(end).id for end in ends if room.graph.is_external(end)}
    return without_the_left(room.graph.changed(change), left | room.left)


def change_of(
    below: Overlay,
    linked: Sequence[LinkedFile],
    before: Iterable[int],
    now: Mapping[int, Stated],
    files: Iterable[FileRow],
    state: str,
    unresolved: Mapping[str, int],
) -> Change:
    """How a graph that has their symbols changes when some of its files are linked anew; see overlaid.

    ``before`` are the arcs that these files stated, ``now`` what they state instead, by the numbers of arcs.
    """
    symbols = {below.in_file(file.path)[0]: order_nodes(file.symbols) for file in linked}
    replaced = {below.file_numbers[file.path] for file in linked}
    numbers = {below.arc_number(arc): arc for arc in before}
    numbers |= {number: arc for number in now.keys() - numbers.keys() for arc in _find(below, number)}
    after = {
        arc: _joined(_standing(below, arc, replaced), now.get(number)) for number, arc in numbers.items()
    }
    change = Change(
        state=state,
        files={below.file_numbers[row.path]: row for row in files},
        unresolved=unresolved,
        symbols=symbols,
        gone={arc for arc, stated in after.items() if stated is None},
        moved={arc: stated for arc, stated in after.items() if stated and not _is_so(below, arc, stated)},
        come={number: now[number] for number in sorted(now.keys() - numbers.keys())},
    )
    _see_that_interfaces_stand(below, change)
    return change


# interfaces


def _see_that_interfaces_stand(below: Overlay, change: Change) -> None:
    """What is satisfied without a word concerns the whole project: it has to be as it was."""
    kinds = {*(below.arc_kind[arc] for arc in change.gone), *map(kind_of, change.come)}
    if IMPL in kinds and not _INTERFACES.isdisjoint(below.node_kind):
        raise CannotOverlay("interfaces")
    for first, run in change.symbols.items():
        for node, symbol in enumerate(run, first):
            if what_is_compared(below.symbol(node)) != what_is_compared(symbol) and _is_asked_for(
                below, node
            ):
                raise CannotOverlay("interfaces")


def _is_asked_for(below: Overlay, node: int) -> bool:
    """Whether a symbol is what an interface asks for, or may be what it is given."""
    around = below.parent[node]
    if around < 0 or below.node_kind[around] not in _TYPES:
        return False
    return below.node_kind[around] in _INTERFACES or below.symbol(node).name in below.asked_for


# arcs


def _stated_by(below: Overlay, path: str) -> Iterator[int]:
    """The arcs that a file stated, alone or with others."""
    file = below.file_numbers[path]
    for node in below.in_file(path):
        for arc in below.outgoing(node):
            sites = below.packed_sites(arc)
            if any(site_file(site) == file for site in sites) if sites else _said_at_source(below, arc):
                yield arc
        for kind in sorted(OF_THE_INNER):
            yield from (arc for arc in below.incoming(node, kind) if not below.site_count(arc))
    yield from below.elsewhere.get(file, ())


def _said_at_source(below: Overlay, arc: int) -> bool:
    return below.arc_kind[arc] not in OF_THE_INNER and below.arc_how[arc] != _STRUCTURAL


def _stated_now(below: Overlay, linked: Iterable[LinkedFile]) -> dict[int, Stated]:
    """What the files state, by the numbers of the arcs."""
    stated = Statements(below.node_by_id, below.file_numbers)
    stated.gather(edge for file in linked for edge in file.edges)
    if stated.dangling:
        raise CannotOverlay("dangling")
    found: dict[int, Stated] = {}
    for number, confidence, sites in zip(stated.orders, stated.confidence, stated.sites, strict=True):
        once = Stated(confidence, sorted(set(sites)))
        found[number] = _joined(found.get(number), once) or once
    return found


def _state_again(below: Overlay, path: str, within: Within, now: dict[int, Stated]) -> Iterator[int]:
    """Add what a file states beside one of its functions, at the lines where it stands now.

    Gives the arcs that the file stated; those at lines before the function only are as they were.
    """
    file, lines = below.file_numbers[path], within.lines
    nodes = {below.node_by_id[each] for each in within.symbols}
    inner = nodes - {below.node_by_id[within.function]}
    for arc in _stated_by(below, path):
        source, sites = below.arc_source[arc], below.packed_sites(arc)
        if source in inner and not sites and below.arc_kind[arc] not in OF_THE_INNER:
            yield arc
            continue
        here = [site for site in sites if site_file(site) == file]
        behind = any(site_line(site) >= within.stood.start for site in here)
        number = below.arc_number(arc)
        if not behind and number not in now:
            continue
        yield arc
        stay = [site for site in here if site_line(site) not in within.stood]
        if here and not stay and source in nodes:
            continue  # none but the function said so
        if len(stay) < len(here) and below.arc_confidence[arc] != Confidence.DISPATCH:
            raise CannotState(path)
        if stay or not here:
            moved = [lower_site(site, lines.moved(site_line(site)) - site_line(site)) for site in stay]
            stated = Stated(below.arc_confidence[arc], moved)
            now[number] = _joined(now.get(number), stated) or stated


def _standing(below: Overlay, arc: int, replaced: AbstractSet[int]) -> Stated | None:
    """What other files state of an arc; raises CannotOverlay where it is not known how sure they were.

    It is where a function is passed to one that calls its parameter: whoever passes it is as sure as that.
    """
    sites = [site for site in below.packed_sites(arc) if site_file(site) not in replaced]
    if not sites:
        return None
    if below.arc_how[arc] != _CALLBACK:
        raise CannotOverlay("stated twice")
    home = below.node_file[below.arc_source[arc]]
    at_home = any(site_file(site) == home for site in sites)
    return Stated(below.arc_confidence[arc] if at_home else Confidence.DISPATCH, sites)


def _joined(one: Stated | None, other: Stated | None) -> Stated | None:
    if one is None or other is None:
        return one or other
    return Stated(max(one.confidence, other.confidence), sorted({*one.sites, *other.sites}))


def _is_so(below: Overlay, arc: int, stated: Stated) -> bool:
    return (below.arc_confidence[arc], list(below.packed_sites(arc))) == (
        stated.confidence,
        list(stated.sites),
    )


def _find(below: Overlay, number: int) -> Iterator[int]:
    """The arc of a number, where there is one."""
    arcs = below.outgoing(source_of(number), kind_of(number))
    return (arc for arc in arcs if below.arc_number(arc) == number)
