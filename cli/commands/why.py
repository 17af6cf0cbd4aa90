"""``isg why``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, product
from typing import Annotated

import typer

from isg.cli.answer import Answer, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.evidence import Step, steps
from isg.cli.render.symbols import counted, place, symbol_object, titles
from isg.graph.dispatch import dispatched_callees
from isg.graph.model import Confidence, SymbolKind
from isg.graph.queries.bound import Notice, bound_of

SourceArgument = Annotated[str, typer.Argument(metavar="A", help="Where the edge begins.")]
TargetArgument = Annotated[str, typer.Argument(metavar="B", help="Where it ends.")]
_SHOWN = 3  # steps of a sort
_STOPPED = {
    "name": "nothing is known that bears the name here",
    "self": "no class of the hierarchy is known to have it",
    "super": "no class of the hierarchy is known to have it",
    "attribute": "the type of what stands before the dot is unknown",
    "chain": "the type of what stands before the dot is unknown",
}
_FURTHER = "isg paths shows longer ways"


def why(ask: Ask, source: SourceArgument, target: TargetArgument) -> Answer:
    """Prove the edge from A to B, or show where resolution stopped.

    Each edge with its confidence and the lines it rests on: the sites, where the receiver's type is named,
    what called functions return, the class heads that inherit the member, the imports. Where there is no
    edge: the sites in A that mention the name of B, and what became of them.
    """
    graph = ask.graph
    begins, ends = ask.nodes([source]), ask.nodes([target])
    begin, end = begins[0], ends[0]
    results = [result for pair in product(begins, ends) for result in _joining(ask, *pair)]
    warnings: tuple[Notice, ...] = ()
    if not results:
        warnings = (
            Notice("none", f"no edge leads from {_named(ask, begin)} to {_named(ask, end)}; {_FURTHER}"),
        )
        results = list(_stopped(ask, begin, end))
    sure = [Confidence.of(str(result["confidence"])) for result in results if result["confidence"]]
    return Answer(
        results=results,
        title=f"{_titles(ask, begins)} to {_titles(ask, ends)}: {_total(results)}",
        bound=bound_of(sure, graph, ends),
        cells=_cells,
        details=_details,
        warnings=warnings,
    )


def _total(results: Sequence[Result]) -> str:
    return counted(sum(result["confidence"] is not None for result in results), "edge")


def _titles(ask: Ask, nodes: Sequence[int]) -> str:
    return titles(ask.graph.symbol(node) for node in nodes)


def _named(ask: Ask, node: int) -> str:
    return ask.graph.symbol(node).qualified


def _joining(ask: Ask, begin: int, end: int) -> Iterator[Result]:
    yield from _edges(ask, begin, end)
    yield from _dispatched(ask, begin, end)


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
            note = f"{_named(ask, end)} overrides {_named(ask, found.base)}"
            overriding = [
                Step("overrides", None, 0, note=note),
                Step("definition", graph.path(end), graph.node_line[end]),
            ]
            yield _result(ask, found.arc, min(Confidence.DISPATCH, graph.confidence(found.arc)), overriding)


def _result(ask: Ask, arc: int, confidence: Confidence, more: Sequence[Step]) -> Result:
    graph = ask.graph
    return {
        "kind": graph.edge_kind(arc).value,
        "how": graph.how(arc).value or None,
        "confidence": confidence.label,
        "source": symbol_object(graph.symbol(graph.arc_source[arc])),
        "target": symbol_object(graph.symbol(graph.arc_target[arc])),
        "steps": [_step_object(ask, step) for step in (*steps(graph, arc), *more)],
    }


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
            "form": row.form,
            "target": found,
            "steps": [_step_object(ask, Step("site", row.file, row.line, row.column))],
        }


def _step_object(ask: Ask, step: Step) -> dict[str, object]:
    text = step.note or (ask.line(step.file, step.line) if step.file else None) or ""
    return {
        "step": step.step,
        "file": step.file,
        "line": step.line,
        "column": step.column,
        "text": text.strip(),
    }


def _became(result: Result) -> str:
    """What became of a site that leads nowhere known."""
    if result["outcome"] != "unresolved":
        return str(result["outcome"])
    return f"unresolved: {_STOPPED.get(str(result['form']), 'nothing is known of what is called')}"


def _cells(result: Result) -> tuple[str, ...]:
    if result["confidence"] is None:
        became = f"resolved to {result['target']}" if result["target"] else _became(result)
        return (str(result["kind"]), became)
    return (
        " ".join(filter(None, (str(result["kind"]), str(result["how"] or "")))),
        str(result["confidence"]),
    )


def _details(result: Result) -> list[str]:
    """Some steps of each sort: the first sites prove as much as all of them."""
    found = result["steps"] if isinstance(result["steps"], list) else []
    lines: list[str] = []
    for _, group in groupby(found, key=lambda step: str(step["step"])):
        some = list(group)
        lines += map(_step, some[:_SHOWN])
        if len(some) > _SHOWN:
            lines.append(f"… {len(some) - _SHOWN} more like it")
    return lines


def _step(step: Result) -> str:
    where = f"{place(step)}  " if step.get("file") else ""
    return f"{step['step']:<10}  {where}{step['text']}"


COMMAND = Command(
    name="why",
    body=why,
    formats=("text", "json", "jsonl"),
    examples=("isg why app.views.checkout Model.save", "isg why app.cli app.db --json"),
)
