"""``isg export``: the whole graph, a line for each symbol or edge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isg.cli.answer import Answer, Arrow, Diagram, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import choice
from isg.cli.render.encoding import encode
from isg.cli.render.symbols import MODULE_NAME, counted, node_of, place, symbol_object

if TYPE_CHECKING:
    from isg.graph.graph import Graph
    from isg.graph.model import Confidence, Symbol
    from isg.graph.queries.export import ExportEdge

WhatOption = Annotated[str, typer.Option("--what", metavar="symbols|edges", help="What to print.")]
_WHAT = ("edges", "symbols")


def export(ask: Ask, what: WhatOption = "edges") -> Answer:
    """Print all symbols or all edges.

    With --format jsonl one object a line, sorted by place. Edges of every confidence are printed unless
    --min-confidence says otherwise.
    """
    choice(what, _WHAT, "--what")
    results = list(_symbols(ask.graph) if what == "symbols" else _edges(ask))
    return Answer(
        results=results,
        title=f"{ask.graph.project}: {counted(len(results), what[:-1])}",
        cells=_symbol_cells if what == "symbols" else _edge_cells,
        diagram=lambda shown: _diagram(ask, what, shown),
        bounded=False,
    )


def stream(ask: Ask, form: str, own: Mapping[str, Any]) -> Iterator[bytes] | None:
    """The lines of ``jsonl``, as they are made; None where another format or a limit was asked for."""
    if form != "jsonl" or ask.limit:
        return None
    what = choice(own["what"], _WHAT, "--what")
    return symbol_lines(ask.graph) if what == "symbols" else edge_lines(ask.graph, ask.min_confidence)


def symbol_lines(graph: Graph) -> Iterator[bytes]:
    """All symbols of a project, each as a line of JSON."""
    for result in _symbols(graph):
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


def _symbols(graph: Graph) -> Iterator[dict[str, object]]:
    from isg.graph.queries.export import export_symbols

    return map(symbol_object, export_symbols(graph))


def _edges(ask: Ask) -> Iterator[Result]:
    for edge in _rows(ask.graph, ask.min_confidence):
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


def _symbol_cells(result: Result) -> tuple[str, ...]:
    return (str(result["kind"]), str(result["qualified"]), place(result))


def _edge_cells(result: Result) -> tuple[str, ...]:
    source, target = result["src"], result["dst"]
    how = f" {result['how']}" if result["how"] else ""
    return (f"{result['kind']}{how}", _end(source), "->", _end(target), str(result["confidence"]))


def _end(end: object) -> str:
    return f"{end['name']} ({place(end)})" if isinstance(end, dict) else ""


def _diagram(ask: Ask, what: str, shown: Sequence[Result]) -> Diagram:
    if what == "symbols":
        return Diagram(tuple(map(node_of, shown)), ())
    keys = {str(end["key"]) for result in shown for end in _ends(result)}
    nodes = [ask.graph.by_key(key) for key in sorted(keys)]
    boxes = tuple(node_of(symbol_object(ask.graph.symbol(node))) for node in nodes if node is not None)
    arrows = (
        Arrow(
            str(source["key"]),
            str(target["key"]),
            str(result["kind"]),
            None if result["how"] is None else str(result["how"]),
            str(result["confidence"]),
        )
        for result in shown
        for source, target in [_ends(result)]
    )
    return Diagram(boxes, tuple(arrows))


def _ends(result: Result) -> tuple[dict[str, object], ...]:
    return tuple(end for end in (result["src"], result["dst"]) if isinstance(end, dict))


COMMAND = Command(
    name="export",
    body=export,
    formats=("text", "json", "jsonl", "dot", "mermaid", "graphml"),
    examples=(
        "isg export --what symbols --format jsonl",
        "isg export --what edges --format jsonl --min-confidence inferred",
        "isg export --format graphml > graph.graphml",
    ),
    default_confidence="guess",
    streams=stream,
)
