"""``isg coverage``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.cli.answer import Answer, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.render.symbols import counted
from isg.graph.queries.bound import Bound

if TYPE_CHECKING:
    from isg.store.references import CallCoverage


def coverage(ask: Ask) -> Answer:
    """Show how many call sites were resolved, by form and by file, worst first.

    Resolved are calls of a symbol of the project, of something outside it, or of a local function. What is
    left is what any answer may be missing.
    """
    rows = ask.references().coverage()
    results = [_result("form", row) for row in rows.by_form] + [_result("file", row) for row in rows.by_file]
    total = rows.total
    share = _percent(_result("all", total))
    return Answer(
        results=results,
        title=f"{ask.graph.project}: {share} of {counted(total.calls, 'call site')} resolved",
        bound=Bound(0, 0, total.unresolved),
        cells=_cells,
        group=lambda result: f"by {result['by']}, worst first",
        fields={"total": _result("all", total)},
        bounded=False,
    )


def _result(by: str, row: CallCoverage) -> Result:
    return {
        "by": by,
        "name": row.name,
        "calls": row.calls,
        "project": row.project,
        "external": row.external,
        "local": row.local,
        "unresolved": row.unresolved,
    }


def _percent(result: Result) -> str:
    """The share resolved, rounded down: 100 % means all."""
    calls, unresolved = int(str(result["calls"])), int(str(result["unresolved"]))
    return "100 %" if not unresolved else f"{1000 * (calls - unresolved) // calls / 10:.1f} %"


def _cells(result: Result) -> tuple[str, ...]:
    return (
        _percent(result),
        str(result["name"]),
        f"{result['calls']} calls",
        f"{result['project']} project",
        f"{result['external']} external",
        f"{result['unresolved']} unresolved",
    )


COMMAND = Command(
    name="coverage",
    body=coverage,
    formats=("text", "json", "jsonl"),
    examples=("isg coverage", "isg coverage --json | jq '.total'"),
)
