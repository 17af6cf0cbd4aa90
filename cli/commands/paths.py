"""``isg paths``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from isg.cli.answer import Answer, Arrow, Diagram, Node, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import KindsOption, edge_kinds
from isg.cli.render.symbols import counted, node_of, symbol_object, titles
from isg.graph.errors import UsageError

if TYPE_CHECKING:
    from isg.graph.queries.paths import Path, Step

SourceArgument = Annotated[str, typer.Argument(metavar="A", help="Where the way begins.")]
TargetArgument = Annotated[str, typer.Argument(metavar="B", help="Where it ends.")]
CountOption = Annotated[int, typer.Option("--k", "-k", "--count", metavar="N", help="How many ways to find.")]


def paths(
    ask: Ask, source: SourceArgument, target: TargetArgument, kinds: KindsOption = "", count: CountOption = 1
) -> Answer:
    """Show how A depends on B, step by step.

    The shortest ways over CALLS, USES, IMPL and IMPORTS, from A or a member of it to B or a member of it.
    """
    from isg.graph.queries.paths import paths as find

    if count < 1:
        raise UsageError("--k must be 1 or more")
    wanted = edge_kinds(kinds)
    starts, ends = ask.nodes([source]), ask.nodes([target])
    found = find(ask.graph, starts, ends, k=count, kinds=wanted, min_confidence=ask.min_confidence)
    results = [_result(path) for path in found.results]
    graph = ask.graph
    return Answer(
        results=results,
        title=f"{titles(map(graph.symbol, starts))} to {titles(map(graph.symbol, ends))}: "
        + counted(len(results), "path"),
        bound=found.bound,
        cells=lambda result: (counted(int(str(result["length"])), "step"), str(result["confidence"])),
        details=_details,
        warnings=found.warnings,
        diagram=_diagram,
    )


def _result(path: Path) -> Result:
    return {
        "length": len(path.steps),
        "confidence": path.confidence.label,
        "symbols": [symbol_object(symbol) for symbol in path.symbols],
        "steps": [_step(step) for step in path.steps],
    }


def _step(step: Step) -> Result:
    return {
        "kind": step.kind.value,
        "how": step.how.value or None,
        "confidence": step.confidence.label,
        "file": step.file,
        "line": step.line,
    }


def _listed(result: Result, name: str) -> list[Result]:
    value = result[name]
    return value if isinstance(value, list) else []


def _details(result: Result) -> list[str]:
    symbols = _listed(result, "symbols")
    lines = [_named(symbols[0])]
    for step, symbol in zip(_listed(result, "steps"), symbols[1:], strict=True):
        kind = " ".join(filter(None, (str(step["kind"]), str(step["how"] or ""))))
        lines.append(f"{kind} {_named(symbol)}  at {step['file']}:{step['line']}  {step['confidence']}")
    return lines


def _named(symbol: Result) -> str:
    return str(symbol["key"]).partition(":")[2]


def _diagram(shown: Sequence[Result]) -> Diagram:
    nodes: dict[str, Node] = {}
    arrows: dict[Arrow, None] = {}
    for result in shown:
        symbols = _listed(result, "symbols")
        nodes |= {str(symbol["key"]): node_of(symbol) for symbol in symbols}
        for step, before, after in zip(_listed(result, "steps"), symbols, symbols[1:], strict=False):
            how = None if step["how"] is None else str(step["how"])
            ends = (str(before["key"]), str(after["key"]))
            arrows[Arrow(*ends, str(step["kind"]), how, str(step["confidence"]))] = None
    return Diagram(tuple(nodes.values()), tuple(arrows))


COMMAND = Command(
    name="paths",
    body=paths,
    formats=("text", "json", "jsonl", "dot", "mermaid"),
    examples=(
        "isg paths app.views.checkout Model.save",
        "isg paths app.views app.db --k 3 --kinds CALLS,IMPORTS",
        "isg paths app.cli app.db --format dot | dot -T svg > way.svg",
    ),
)
