"""``isg index``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from isg.cli.answer import Answer, Project
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.render.symbols import counted
from isg.graph.errors import UsageError
from isg.graph.queries.bound import Notice

if TYPE_CHECKING:
    from isg.cli.comparison import Difference
    from isg.store.report import IndexReport

_DIAGNOSTICS_SHOWN = 10
_DIFFERENT = "NOT verified: a rebuild from nothing differs; isg index --full mends it, and please report it"

PathArgument = Annotated[
    str | None, typer.Argument(metavar="[PATH]", help="The project's root. [default: here]")
]
FullOption = Annotated[bool, typer.Option("--full", help="Forget what is known and index everything again.")]
JobsOption = Annotated[
    int | None,
    typer.Option("--jobs", "-j", metavar="N", help="Processes to parse with."),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]
VerifyOption = Annotated[
    bool, typer.Option("--verify", help="Compare with an index made from nothing; exit 1 if they differ.")
]
StatsOption = Annotated[bool, typer.Option("--stats", help="Also edges by kind and how long each step took.")]


def index(
    ask: Ask,
    path: PathArgument = None,
    full: FullOption = False,
    jobs: JobsOption = None,
    dry_run: DryRunOption = False,
    verify: VerifyOption = False,
    stats: StatsOption = False,
) -> Answer:
    """Bring the index of a project up to date.

    Only files whose content changed are parsed. Safe to run again and to interrupt: readers see the old
    index or the new one, never half of it. Everything is kept under .isg/ at the root.
    """
    if jobs is not None and jobs < 1:
        raise UsageError("--jobs must be 1 or more")
    report = ask.workspace.refresh(full=full, jobs=jobs, dry_run=dry_run)
    result = msgspec.to_builtins(report)
    fields: dict[str, object] = {}
    notes: tuple[str, ...] = ()
    if verify and not dry_run:
        found = ask.workspace.differences(jobs)
        fields, notes = _verdict(found)
    return Answer(
        results=[result],
        fields=fields,
        notes=notes,
        failed=fields.get("verified") is False,
        title=_title(ask, result, dry_run),
        document="" if dry_run else "\n".join(_lines(result, stats)),
        warnings=tuple(Notice("index", warning) for warning in report.warnings),
        project=None if dry_run else _project(report),
        bounded=False,
    )


def _project(report: IndexReport) -> Project:
    """What the index is of, which need not be read for that."""
    edges = sum(report.edges.values())
    return Project(report.project, report.state, report.files.total, report.symbols, edges)


def _verdict(found: Sequence[Difference]) -> tuple[dict[str, object], tuple[str, ...]]:
    """What --verify adds to an answer: for people, - is what is stored and + what should be."""
    if not found:
        return {"verified": True}, ("verified: a rebuild from nothing is the same, byte for byte",)
    differences = [
        {"in": "index" if each.stored else "rebuild", "what": each.what, each.what: msgspec.Raw(each.line)}
        for each in found
    ]
    lines = (f"{'-' if each.stored else '+'} {each.line.decode()}" for each in found)
    return {"verified": False, "differences": differences}, (_DIFFERENT, *lines)


def _title(ask: Ask, report: Mapping[str, Any], dry_run: bool) -> str:
    files = report["files"]
    verb, name = ("would index", ask.root.name) if dry_run else ("indexed", report["project"])
    return (
        f"{verb} {name}: {counted(files['total'], 'file')} ({files['parsed']:,} parsed, "
        f"{files['unchanged']:,} unchanged, {files['removed']:,} removed, {files['skipped']:,} skipped)"
        f" in {sum(report['seconds'].values()):.2f} s"
    )


def _lines(report: Mapping[str, Any], stats: bool) -> Iterator[str]:
    edges = sum(report["edges"].values())
    yield f"{counted(report['symbols'], 'symbol')}, {counted(edges, 'edge')}"
    if stats:
        yield f"edges:      {_counts(report['edges'])}"
        yield f"confidence: {_counts(report['confidence'])}"
        yield f"languages:  {_counts(report['languages'])}"
        yield "seconds:    " + ", ".join(f"{step} {took:.2f}" for step, took in report["seconds"].items())
    diagnostics = report["diagnostics"]
    for diagnostic in diagnostics[:_DIAGNOSTICS_SHOWN]:
        yield f"{diagnostic['path']}:{diagnostic['line']}: {diagnostic['message']}"
    if len(diagnostics) > _DIAGNOSTICS_SHOWN:
        yield f"… {len(diagnostics) - _DIAGNOSTICS_SHOWN:,} more diagnostics (--json shows all)"


def _counts(counts: Mapping[str, int]) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {count:,}" for name, count in ranked) or "none"


COMMAND = Command(
    name="index",
    body=index,
    formats=("text", "json", "jsonl"),
    examples=(
        "isg index",
        "isg index path/to/project --jobs 4",
        "isg index --dry-run",
        "isg index --full --stats --json",
    ),
    needs_graph=False,
)
