"""What an export prints: every symbol and every edge, as objects and as lines of JSON."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from isg.cli.answer import Result
from isg.cli.render.encoding import encode
from isg.cli.render.symbols import MODULE_NAME, symbol_object

if TYPE_CHECKING:
    from isg.graph.graph import Graph
    from isg.graph.model import Confidence, Symbol
    from isg.graph.queries.export import ExportEdge


def symbol_lines(graph: Graph) -> Iterator[bytes]:
    """All symbols of a project, each as a line of JSON."""
    for result in symbols(graph):
        yield encode(result) + b"\n"


def edge_lines(graph: Graph, floor: Confidence | None = None) -> Iterator[bytes]:
    """All edges, or those at least that sure, each as a line of JSON.

    Each end of an edge is encoded once for all its edges: there are ten times as many ends as symbols.
    """
    ends: dict[tuple[int, int], bytes] = {}
    heads: dict[tuple[object, ...], bytes] = {}

    def end(symbol: Symbol) -> bytes:
        known = ends.get((symbol.id, symbol.line))
        if known is None:
            known = ends[symbol.id, symbol.line] = encode(end_object(symbol))
        return known

    def head(edge: ExportEdge) -> bytes:
        sort = (edge.kind, edge.how, edge.confidence, len(edge.sites))
        known = heads.get(sort)
        if known is None:
            known = heads[sort] = encode(_head(edge))[:-1]
        return known

    for edge in _rows(graph, floor):
        sites = encode(edge.sites)
        yield b'%b,"src":%b,"dst":%b,"sites":%b}\n' % (head(edge), end(edge.source), end(edge.target), sites)


def _rows(graph: Graph, floor: Confidence | None) -> Iterator[ExportEdge]:
    """All edges by (src.file, src.line, kind, dst.file, dst.line).

    The graph gives them by symbol: that is the order but where symbols have several declarations, and where
    several symbols begin on a line.
    """
    from isg.graph.queries.export import export_edges

    for _, in_file in groupby(export_edges(graph, floor), key=lambda edge: edge.source.file):
        rows = list(in_file)
        if any(edge.source.declarations for edge in rows):
            rows.sort(key=lambda edge: edge.source.line)
        for _, on_line in groupby(rows, key=lambda edge: edge.source.line):
            here = list(on_line)
            if here[0].source is not here[-1].source:
                here.sort(key=_order)
            yield from here


def _order(edge: ExportEdge) -> tuple[object, ...]:
    target = edge.target
    place = (target.file is None, target.file or "", target.line)
    return (edge.kind, place, edge.source.column, edge.source.key, target.key, edge.how)


def symbols(graph: Graph) -> Iterator[Result]:
    """All symbols of a project, without those outside it."""
    from isg.graph.queries.export import export_symbols

    return map(symbol_object, export_symbols(graph))


def edges(graph: Graph, floor: Confidence | None = None) -> Iterator[Result]:
    """All edges, or those at least that sure."""
    for edge in _rows(graph, floor):
        yield {
            **_head(edge),
            "src": end_object(edge.source),
            "dst": end_object(edge.target),
            "sites": [[site.line, site.column] for site in edge.sites],
        }


def _head(edge: ExportEdge) -> dict[str, object]:
    return {
        "kind": edge.kind.value,
        "confidence": edge.confidence.label,
        "how": edge.how.value or None,
        "count": len(edge.sites),
    }


def end_object(symbol: Symbol) -> dict[str, object]:
    """One end of an edge; what is outside the project goes by its whole name."""
    module = symbol.kind.value == "module"
    name = symbol.qualified if symbol.external else MODULE_NAME if module else symbol.name
    line = 1 if module else symbol.line
    return {"file": symbol.file, "line": line, "name": name, "key": symbol.key, "kind": symbol.kind.value}
