"""What edited files state now against what they stated before, as arcs of the graph before."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from itertools import chain

import msgspec

from isg.graph.change import Stated
from isg.graph.codes import CONTAINS, DEFINES, HOW_CODE
from isg.graph.graph import Graph
from isg.graph.model import How
from isg.graph.packing import Statements, source_of
from isg.graph.sites import places_in

OF_THE_INNER = frozenset({CONTAINS, DEFINES})
"""Kinds of edges without a site that are said where the inner one stands: what lies in what, whose member
something is. All others are said where their source stands."""

_STRUCTURAL = bytes([HOW_CODE[How.STRUCTURAL]])


class CannotPatch(Exception):
    """The old graph does not say enough."""


class Restatement(msgspec.Struct, frozen=True):
    """What is stated otherwise than before: arcs that go, that stay but are said otherwise, and that come."""

    gone: list[int]
    again: dict[int, Stated]
    come: dict[int, Stated]
    """By the numbers of arcs, ascending."""


def stated_before(base: Graph, files: AbstractSet[int]) -> set[int]:
    """The arcs that these files stated, and those that only the project as a whole tells.

    Raises CannotPatch where another file states one of them too: who was how sure is not kept apart.
    """
    starts, sites = base.site_columns()
    counted = Counter(bisect_right(starts, place) - 1 for place in places_in(sites, files))
    if any(base.site_count(arc) != count for arc, count in counted.items()):
        raise CannotPatch
    found = set(counted)
    for node in chain.from_iterable(map(base.nodes_of_file, files)):
        outer = (arc for arc in base.outgoing(node) if base.arc_kind[arc] not in OF_THE_INNER)
        inner = chain.from_iterable(base.incoming(node, kind) for kind in sorted(OF_THE_INNER))
        found.update(arc for arc in chain(outer, inner) if not base.site_count(arc))
    hows = bytes(base.arc_how)
    arc = hows.find(_STRUCTURAL)
    while arc >= 0:
        found.add(arc)
        arc = hows.find(_STRUCTURAL, arc + 1)
    return found


def restated(base: Graph, files: AbstractSet[int], stated: Statements) -> Restatement:
    """What these files state now against what they did; what others state as well is added to that."""
    before = {base.arc_number(arc): arc for arc in stated_before(base, files)}
    again, come = dict[int, Stated](), dict[int, Stated]()
    for number, now in sorted(_each_once(stated).items()):
        arc = before.pop(number, None)
        if arc is None:
            arc = _find(base, number)
            if arc is None:
                come[number] = now
                continue
            now = _joined(now, base.arc_confidence[arc], base.packed_sites(arc))
        if (now.confidence, list(now.sites)) != (base.arc_confidence[arc], list(base.packed_sites(arc))):
            again[arc] = now
    return Restatement(sorted(before.values()), again, come)


def _each_once(stated: Statements) -> dict[int, Stated]:
    """What is stated of each arc, by its number."""
    found: dict[int, Stated] = {}
    for number, confidence, sites in zip(stated.orders, stated.confidence, stated.sites, strict=True):
        other = found.get(number)
        once = Stated(confidence, sorted(set(sites)))
        found[number] = once if other is None else _joined(once, other.confidence, other.sites)
    return found


def _joined(one: Stated, confidence: int, sites: Iterable[int]) -> Stated:
    return Stated(max(one.confidence, confidence), sorted({*one.sites, *sites}))


def _find(base: Graph, number: int) -> int | None:
    """The arc of a number, where there is one."""
    arc = place_of(base, number)
    return arc if arc < len(base.arc_kind) and base.arc_number(arc) == number else None


def place_of(base: Graph, number: int) -> int:
    """The first arc whose number is not below this one."""
    starts, source = base.sections["out_start"].cast("I"), source_of(number)
    return bisect_left(range(starts[source + 1]), number, starts[source], key=base.arc_number)
