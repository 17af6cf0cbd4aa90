"""``isg why``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from isg.cli.answer import Answer, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.render.symbols import counted, place, symbol_object, titles
from isg.graph.codes import IMPORTS, OVERRIDES
from isg.graph.dispatch import dispatched_callees
from isg.graph.model import Confidence, SymbolKind
from isg.graph.queries.bound import Notice, bound_of

SourceArgument = Annotated[str, typer.Argument(metavar="A", help="Where the edge begins.")]
TargetArgument = Annotated[str, typer.Argument(metavar="B", help="Where it ends.")]
_SITES_SHOWN = 5
_FURTHER = "isg paths shows longer ways"


def why(ask: Ask, source: SourceArgument, target: TargetArgument) -> Answer:
    """Prove the edge from A to B, or show where resolution stopped.

    Each edge with its confidence and every line that states it, and the imports by which A knows B. Where
    there is no edge: the sites in A that mention the name of B, and what became of them.
    """
    begin, end = ask.nodes([source])[0], ask.nodes([target])[0]
    graph = ask.graph
    results = [*_edges(ask, begin, end), *_dispatched(ask, begin, end)]
    warnings: tuple[Notice, ...] = ()
    if not results:
        warnings = (
            Notice("none", f"no edge leads from {_named(ask, begin)} to {_named(ask, end)}; {_FURTHER}"),
        )
        results = list(_stopped(ask, begin, end))
    sure = [Confidence.of(str(result["confidence"])) for result in results if result["confidence"]]
    return Answer(
        results=results,
        title=f"{titles([graph.symbol(begin)])} to {titles([graph.symbol(end)])}: {_total(results)}",
        bound=bound_of(sure, graph, (end,)),
        cells=_cells,
        details=_details,
        warnings=warnings,
    )


def _total(results: Sequence[Result]) -> str:
    return counted(sum(result["confidence"] is not None for result in results), "edge")


def _named(ask: Ask, node: int) -> str:
    return ask.graph.symbol(node).qualified


def _edges(ask: Ask, begin: int, end: int) -> Iterator[Result]:
    graph = ask.graph
    for arc in graph.outgoing(begin):
        if graph.arc_target[arc] == end:
            yield _result(ask, arc, graph.confidence(arc), [])


def _dispatched(ask: Ask, begin: int, end: int) -> Iterator[Result]:
    """Calls that may run B because B overrides what they are resolved to."""
    graph = ask.graph
    for found in dispatched_callees(graph, begin):
        if found.target == end:
            base = graph.symbol(found.base)
            step = {
                "step": "overrides",
                "text": f"{_named(ask, end)} overrides {base.qualified}",
                "key": base.key,
            }
            sure = min(Confidence.DISPATCH, graph.confidence(found.arc))
            yield _result(ask, found.arc, sure, [step, *_override_lines(ask, end)])


def _override_lines(ask: Ask, node: int) -> Iterator[Result]:
    graph = ask.graph
    symbol = graph.symbol(node)
    if any(graph.arc_kind[arc] == OVERRIDES for arc in graph.outgoing(node)):
        yield _line(ask, "definition", symbol.file, symbol.line)


def _result(ask: Ask, arc: int, confidence: Confidence, steps: Sequence[Result]) -> Result:
    graph = ask.graph
    sites = [_line(ask, "site", file, site.line, site.column) for file, site in graph.places(arc)]
    return {
        "kind": graph.edge_kind(arc).value,
        "how": graph.how(arc).value or None,
        "confidence": confidence.label,
        "source": symbol_object(graph.symbol(graph.arc_source[arc])),
        "target": symbol_object(graph.symbol(graph.arc_target[arc])),
        "steps": [*sites, *_imports(ask, graph.arc_source[arc], graph.arc_target[arc]), *steps],
    }


def _imports(ask: Ask, begin: int, end: int) -> Iterator[Result]:
    """The import lines of A's file that lead to B, or to what B stands in."""
    graph = ask.graph
    wanted = {end}
    while (end := graph.parent[end]) >= 0:
        wanted.add(end)
    file = graph.path(begin)
    lines = {
        (path, site.line)
        for node in (graph.in_file(file) if file else ())
        for arc in graph.outgoing(node)
        if graph.arc_kind[arc] == IMPORTS and graph.arc_target[arc] in wanted
        for path, site in graph.places(arc)
    }
    for path, line in sorted(lines):
        yield _line(ask, "import", path, line)


def _stopped(ask: Ask, begin: int, end: int) -> Iterator[Result]:
    """What became of the sites in A that bear the name of B."""
    graph = ask.graph
    name = graph.symbol(end).name
    if graph.kind(end) in (SymbolKind.MODULE, SymbolKind.PACKAGE):
        return
    for row in ask.references().within(graph.symbol(begin).key, name):
        node = None if row.target is None else graph.node_of(row.target)
        found = None if node is None else graph.symbol(node).key
        yield {
            "kind": row.role,
            "how": None,
            "confidence": None,
            "outcome": row.outcome,
            "target": found,
            "steps": [_line(ask, "site", row.file, row.line, row.column)],
        }


def _line(ask: Ask, step: str, file: str | None, line: int, column: int = 0) -> dict[str, object]:
    text = ask.line(file, line) if file else None
    return {"step": step, "file": file, "line": line, "column": column, "text": (text or "").strip()}


def _cells(result: Result) -> tuple[str, ...]:
    if result["confidence"] is None:
        became = f"resolved to {result['target']}" if result["target"] else str(result["outcome"])
        return (str(result["kind"]), became)
    return (
        " ".join(filter(None, (str(result["kind"]), str(result["how"] or "")))),
        str(result["confidence"]),
    )


def _details(result: Result) -> list[str]:
    steps = result["steps"] if isinstance(result["steps"], list) else []
    shown = [_step(step) for step in steps[:_SITES_SHOWN]]
    left = len(steps) - len(shown)
    return [*shown, f"… {left} more"] if left > 0 else shown


def _step(step: Result) -> str:
    where = f"{place(step)}  " if step.get("file") else ""
    return f"{step['step']:<10}  {where}{step['text']}"


COMMAND = Command(
    name="why",
    body=why,
    formats=("text", "json", "jsonl"),
    examples=("isg why app.views.checkout Model.save", "isg why app.cli app.db --json"),
)
