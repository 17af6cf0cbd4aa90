"""``isg hotspots``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from isg.cli.answer import Answer, Finding, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import choice
from isg.cli.render.symbols import counted, place, symbol_object

if TYPE_CHECKING:
    from isg.graph.queries.hotspots import Hotspot

_LEVELS = ("function", "class", "file")
_PLURALS = {"function": "functions", "class": "classes", "file": "files"}
_FINDINGS = 40  # a gate that reports every function of a project is not read

LevelOption = Annotated[str, typer.Option("--level", metavar="LEVEL", help=f"One of {', '.join(_LEVELS)}.")]
TestsOption = Annotated[bool, typer.Option("--tests", help="Count tests too.")]


def hotspots(ask: Ask, level: LevelOption = "function", tests: TestsOption = False) -> Answer:
    """Rank code by complexity, change and how much depends on it.

    Change is the number of commits that touched the file; without git history the rest alone decides, and
    the answer says so.
    """
    from isg.graph.queries.hotspots import hotspots as find

    choice(level, _LEVELS, "--level")
    found = find(
        ask.graph,
        level=level,
        churn=_churn(ask),
        include_tests=tests,
        min_confidence=ask.min_confidence,
    )
    results = [_result(spot) for spot in found.results]
    return Answer(
        results=results,
        title=f"{ask.graph.project}: {counted(len(results), level, _PLURALS[level])} by {found.formula}",
        bound=found.bound,
        columns=("score", "name", "place", "complexity", "churn", "fan in", "fan out", "centrality", "lines"),
        heads=True,
        cells=_cells,
        warnings=found.warnings,
        fields={"formula": found.formula},
        findings=_findings,
        bounded=False,
    )


def _churn(ask: Ask) -> Mapping[str, int] | None:
    """How many commits changed each file; None without git."""
    history = ask.history()
    if history is None:
        return None
    graph = ask.graph
    modules = ((row.path, graph.in_file(row.path)) for row in graph.files)
    return {path: history.churn(graph.symbol(nodes[0]).id).commits for path, nodes in modules if len(nodes)}


def _result(spot: Hotspot) -> Result:
    return {
        **symbol_object(spot.symbol),
        "score": spot.score,
        "complexity": spot.complexity,
        "churn": spot.churn,
        "fan_in": spot.fan_in,
        "fan_out": spot.fan_out,
        "centrality": spot.centrality,
        "lines": spot.lines,
    }


def _cells(result: Result) -> tuple[str, ...]:
    churn = "?" if result["churn"] is None else str(result["churn"])
    return (
        f"{float(str(result['score'])):.1f}",
        str(result["qualified"]),
        place(result),
        str(result["complexity"]),
        churn,
        str(result["fan_in"]),
        str(result["fan_out"]),
        f"{float(str(result['centrality'])):.3f}",
        str(result["lines"]),
    )


def _findings(shown: Sequence[Result]) -> Sequence[Finding]:
    return [_finding(result) for result in shown[:_FINDINGS]]


def _finding(result: Result) -> Finding:
    churn = "" if result["churn"] is None else f", changed {result['churn']} times"
    return Finding(
        rule="hotspot",
        level="note",
        message=f"{result['qualified']}: complexity {result['complexity']}{churn}, "
        f"{result['fan_in']} depend on it (score {result['score']})",
        file=None if result["file"] is None else str(result["file"]),
        line=int(str(result["line"])),
        fingerprint=str(result["key"]),
    )


COMMAND = Command(
    name="hotspots",
    body=hotspots,
    formats=("text", "json", "jsonl", "md", "sarif", "github"),
    examples=(
        "isg hotspots --limit 10",
        "isg hotspots --level file --format md",
        "isg hotspots --format sarif > hotspots.sarif",
    ),
)
