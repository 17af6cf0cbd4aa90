"""``isg hotspots``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from isg.cli.answer import Answer, Finding, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import choice
from isg.cli.render.symbols import counted, place, symbol_object
from isg.graph.errors import UsageError

if TYPE_CHECKING:
    from isg.graph.queries.hotspots import Hotspot

_LEVELS = ("function", "class", "file")
_PLURALS = {"function": "functions", "class": "classes", "file": "files"}
_COLUMNS = (
    "score", "name", "place", "lines", "complexity", "churn", "recent", "fan in", "tests",
)  # fmt: skip
_AGO = re.compile(r"(?P<count>\d{1,4})(?P<unit>[dwmy])")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_FINDINGS = 40  # a gate that reports every function of a project is not read

LevelOption = Annotated[str, typer.Option("--level", metavar="LEVEL", help=f"One of {', '.join(_LEVELS)}.")]
TestsOption = Annotated[bool, typer.Option("--tests", help="Count tests too.")]
PerLineOption = Annotated[
    bool, typer.Option("--per-line", help="Most risk in few lines first: what to inspect with little time.")
]
SinceOption = Annotated[
    str,
    typer.Option(
        "--since",
        metavar="DATE",
        help="Count commits from then on: 2024-01-31, or 90d, 8w, 6m, 1y before the newest. [default: 5,000]",
    ),
]
FailOnOption = Annotated[
    float | None, typer.Option("--fail-on", metavar="SCORE", help="Exit 1 if a score is that high or higher.")
]


def hotspots(
    ask: Ask,
    level: LevelOption = "function",
    tests: TestsOption = False,
    per_line: PerLineOption = False,
    since: SinceOption = "",
    fail_on: FailOnOption = None,
) -> Answer:
    """Rank code by size, complexity and change: where the next bug is likeliest.

    The formula was fitted on later bug fixes of real projects; the answer shows it and its parts. Change is
    the number of commits that touched the very lines, recent ones most; formatting, and what
    .git-blame-ignore-revs names, counts nothing. Without git history the rest alone decides, and the answer
    says so.
    """
    from isg.graph.queries.hotspots import hotspots as find

    choice(level, _LEVELS, "--level")
    history = ask.history()
    start = moment(since, history.newest if history else 0) if since else 0
    if start:
        history = ask.history(start)
    found = find(
        ask.graph,
        level=level,
        history=history,
        since=start,
        per_line=per_line,
        include_tests=tests,
        min_confidence=ask.min_confidence,
    )
    results = [_result(spot) for spot in found.results]
    high = 0 if fail_on is None else sum(spot.score >= fail_on for spot in found.results)
    return Answer(
        results=results,
        title=f"{ask.graph.project}: {counted(len(results), level, _PLURALS[level])} by {found.formula}",
        bound=found.bound,
        columns=_COLUMNS,
        heads=True,
        cells=_cells,
        notes=()
        if not high
        else (f"{counted(high, level, _PLURALS[level])} of score {fail_on:g} or higher",),
        warnings=found.warnings,
        fields={"formula": found.formula},
        findings=_findings,
        failed=high > 0,
        bounded=False,
    )


def moment(text: str, newest: int) -> int:
    """The time that --since means, in seconds since 1970; raises UsageError."""
    ago = _AGO.fullmatch(text)
    if ago is not None:
        return max(1, newest - int(ago["count"]) * _DAYS[ago["unit"]] * 24 * 60 * 60)
    try:
        return max(1, int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()))
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--since cannot be {text!r}", hint="2024-01-31, 90d, 8w, 6m or 1y") from error


def _result(spot: Hotspot) -> Result:
    return {
        **symbol_object(spot.symbol),
        "score": spot.score,
        "complexity": spot.complexity,
        "churn": spot.churn,
        "recent": spot.recent,
        "fan_in": spot.fan_in,
        "fan_out": spot.fan_out,
        "centrality": spot.centrality,
        "lines": spot.lines,
        "parameters": spot.parameters,
        "references": spot.references,
        "longest": spot.longest,
        "file_authors": spot.file_authors,
        "fixes": spot.fixes,
        "tested": spot.tested,
    }


def _cells(result: Result) -> tuple[str, ...]:
    known = result["churn"] is not None
    return (
        f"{float(str(result['score'])):.1f}",
        str(result["qualified"]),
        place(result),
        str(result["lines"]),
        str(result["complexity"]),
        str(result["churn"]) if known else "?",
        f"{float(str(result['recent'])):.1f}" if known else "?",
        str(result["fan_in"]),
        "" if result["tested"] else "untested",
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
        "isg hotspots --per-line --since 1y",
        "isg hotspots --format sarif > hotspots.sarif",
    ),
)
