"""``isg refs``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from isg.cli.answer import Answer, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import KindsOption, SymbolsArgument, edge_kinds
from isg.cli.render.symbols import counted, titles
from isg.graph.codes import DEPENDENCIES, EDGE_CODE
from isg.graph.queries.bound import Bound, Notice, bound_of, empty_notices

UnresolvedOption = Annotated[
    bool, typer.Option("--unresolved", help="Take SYMBOL as bare names, and show what could not be resolved.")
]


def refs(
    ask: Ask, symbols: SymbolsArgument, unresolved: UnresolvedOption = False, kinds: KindsOption = ""
) -> Answer:
    """Show every place that mentions SYMBOL, or a name that could not be resolved.

    Calls, reads, writes, annotations, bases and imports, by file and line. With --unresolved the places
    where a bare name stands that isg could not follow: what any answer about that name may be missing.
    """
    return _unresolved(ask, symbols) if unresolved else _resolved(ask, symbols, kinds)


def _resolved(ask: Ask, symbols: Sequence[str], kinds: str) -> Answer:
    asked = edge_kinds(kinds)
    graph = ask.graph
    nodes = ask.nodes(symbols)
    wanted = DEPENDENCIES if asked is None else frozenset(EDGE_CODE[kind] for kind in asked)
    arcs = [arc for node in nodes for arc in graph.incoming(node) if graph.arc_kind[arc] in wanted]
    sure = [arc for arc in arcs if graph.confidence(arc) >= ask.min_confidence]
    results = sorted((site for arc in sure for site in _sites(ask, arc)), key=_order)
    files = counted(len({result["file"] for result in results}), "file")
    what = "nothing in the project mentions it"
    return Answer(
        results=results,
        title=f"{titles(map(graph.symbol, nodes))}: {counted(len(results), 'place')} in {files}",
        bound=bound_of((graph.confidence(arc) for arc in sure for _ in graph.places(arc)), graph, nodes),
        columns=("place", "kind", "in", "confidence", "text"),
        cells=_cells,
        warnings=empty_notices(len(results), len(arcs) - len(sure), ask.min_confidence, what),
    )


def _sites(ask: Ask, arc: int) -> Iterator[Result]:
    graph = ask.graph
    source, target = graph.symbol(graph.arc_source[arc]), graph.symbol(graph.arc_target[arc])
    for file, site in graph.places(arc):
        yield {
            "file": file,
            "line": site.line,
            "column": site.column,
            "kind": graph.edge_kind(arc).value,
            "how": graph.how(arc).value or None,
            "confidence": graph.confidence(arc).label,
            "source": source.key,
            "target": target.key,
            "text": ask.line(file, site.line),
        }


def _unresolved(ask: Ask, names: Sequence[str]) -> Answer:
    rows = ask.references().unresolved(names)
    results: list[Result] = [
        {
            "file": row.file,
            "line": row.line,
            "column": row.column,
            "name": row.name,
            "role": row.role,
            "form": row.form,
            "source": row.source,
            "text": ask.line(row.file, row.line),
        }
        for row in rows
    ]
    results.sort(key=_order)
    asked = ", ".join(f'"{name}"' for name in names)
    none = Notice("none", f"every place that mentions {asked} was resolved, or nothing does")
    return Answer(
        results=results,
        title=f"unresolved {asked}: {counted(len(results), 'place')}",
        bound=Bound(0, 0, len(results)),
        columns=("place", "role", "in", "form", "text"),
        cells=_unresolved_cells,
        warnings=() if results else (none,),
        bounded=False,
    )


def _order(result: Result) -> tuple[str, int, int, str, str]:
    kind = str(result.get("kind", result.get("role")))
    return (
        str(result["file"]),
        _number(result, "line"),
        _number(result, "column"),
        kind,
        str(result["source"]),
    )


def _number(result: Result, name: str) -> int:
    value = result[name]
    return value if isinstance(value, int) else 0


def _cells(result: Result) -> tuple[str, ...]:
    kind = " ".join(filter(None, (str(result["kind"]), str(result["how"] or ""))))
    return (
        _place(result),
        kind,
        _within(result),
        str(result["confidence"]),
        str(result["text"] or "").strip(),
    )


def _unresolved_cells(result: Result) -> tuple[str, ...]:
    text = str(result["text"] or "").strip()
    return (_place(result), str(result["role"]), _within(result), str(result["form"]), text)


def _place(result: Result) -> str:
    return f"{result['file']}:{result['line']}:{result['column']}"


def _within(result: Result) -> str:
    return str(result["source"]).partition(":")[2]


COMMAND = Command(
    name="refs",
    body=refs,
    formats=("text", "json", "jsonl"),
    examples=("isg refs Model.save", "isg refs Model --kinds IMPL,IMPORTS", "isg refs --unresolved save"),
)
