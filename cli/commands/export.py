"""``isg export``: the whole graph, a line for each symbol or edge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import typer

from isg.cli.answer import Answer, Arrow, Diagram, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import choice
from isg.cli.render.exported import edge_lines, edges, symbol_lines, symbols
from isg.cli.render.symbols import counted, node_of, place, symbol_object

WhatOption = Annotated[str, typer.Option("--what", metavar="symbols|edges", help="What to print.")]
_WHAT = ("edges", "symbols")


def export(ask: Ask, what: WhatOption = "edges") -> Answer:
    """Print all symbols or all edges.

    With --format jsonl one object a line, sorted by place. Edges of every confidence are printed unless
    --min-confidence says otherwise.
    """
    choice(what, _WHAT, "--what")
    results = list(symbols(ask.graph) if what == "symbols" else edges(ask.graph, ask.min_confidence))
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
