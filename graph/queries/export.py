"""The whole graph, row by row, in the order that ``isg export`` promises."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from isg.graph.codes import CALLS, EDGE_KINDS, HOW_CODE, HOWS
from isg.graph.dispatch import dispatched_callees
from isg.graph.graph import Graph
from isg.graph.model import Confidence, Declaration, EdgeKind, How, Site, Symbol

_PLAIN = HOW_CODE[How.NONE]
_DERIVED = -1  # in place of an arc


class ExportEdge(msgspec.Struct, frozen=True):
    """An edge with its ends and all its sites."""

    kind: EdgeKind
    how: How
    confidence: Confidence
    source: Symbol
    target: Symbol
    sites: tuple[Site, ...]


def export_symbols(graph: Graph, *, externals: bool = False) -> Iterator[Symbol]:
    """The symbols by (file, line, column, key); with ``externals`` those too, at the end."""
    return (symbol for symbol in graph.symbols() if externals or not symbol.external)


def export_edges(graph: Graph, min_confidence: Confidence | None = None) -> Iterator[ExportEdge]:
    """All edges by (source, kind, target), in the order of nodes: file and line, externals last.

    An edge of a symbol that has several declarations is one for each declaration that states it.
    Calls that may run an override are among them, at confidence dispatch, unless the floor is above it.
    """
    floor = Confidence.GUESS if min_confidence is None else min_confidence
    for node in range(len(graph)):
        rows = [
            (graph.arc_kind[arc], graph.arc_target[arc], graph.arc_how[arc], graph.arc_confidence[arc], arc)
            for arc in graph.outgoing(node)
            if graph.arc_confidence[arc] >= floor
        ]
        derived = _derived_calls(graph, node, floor) if floor <= Confidence.DISPATCH else {}
        if derived:
            rows += [
                (CALLS, target, _PLAIN, confidence, _DERIVED) for target, (confidence, _) in derived.items()
            ]
            rows.sort()
        source = graph.symbol(node)
        for kind, target, how, confidence, arc in rows:
            sites = tuple(sorted(derived[target][1])) if arc == _DERIVED else graph.sites(arc)
            for declared, here in as_declared(source, sites) if source.declarations else ((source, sites),):
                yield ExportEdge(
                    EDGE_KINDS[kind], HOWS[how], Confidence(confidence), declared, graph.symbol(target), here
                )


def as_declared(symbol: Symbol, sites: tuple[Site, ...]) -> Iterator[tuple[Symbol, tuple[Site, ...]]]:
    """A symbol of several declarations at the place of each that has some of these sites, with those.

    What stands in none of the further declarations, and what has no site, is said of the symbol as it stands.
    """
    at_symbol, elsewhere = list[Site](), dict[Declaration, list[Site]]()
    for site in sites:
        for declaration in symbol.declarations:
            if declaration.start_line <= site.line <= declaration.end_line:
                elsewhere.setdefault(declaration, []).append(site)
                break
        else:
            at_symbol.append(site)
    if at_symbol or not sites:
        yield symbol, tuple(at_symbol)
    for declaration, here in elsewhere.items():
        place = {"line": declaration.line, "column": declaration.column}
        yield msgspec.structs.replace(symbol, **place), tuple(here)


def _derived_calls(graph: Graph, node: int, floor: int) -> dict[int, tuple[int, set[Site]]]:
    """The overrides that a function may run by its calls: confidence and sites of each."""
    derived: dict[int, tuple[int, set[Site]]] = {}
    for found in dispatched_callees(graph, node, floor):
        confidence = min(int(Confidence.DISPATCH), graph.arc_confidence[found.arc])
        known, sites = derived.get(found.target, (0, set()))
        sites.update(graph.sites(found.arc))
        derived[found.target] = max(known, confidence), sites
    return derived
