"""Options that mean the same in every command."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from isg.graph.errors import UsageError
from isg.graph.model import Confidence, EdgeKind, SymbolKind

STALE_POLICIES = ("refresh", "warn", "error", "ignore")
COLOR_CHOICES = ("auto", "always", "never")
CONFIDENCES = tuple(level.label for level in sorted(Confidence))
TEXT_LIMIT = 40  # lines of results
TEXT_BYTES = 5_200  # of them, so that title, notes and bound fit into 6,000

SymbolsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="SYMBOL...",
        help="A key, a dotted name or any end of it, path, path:line, or - to read them from standard input.",
    ),
]
TestsOption = Annotated[bool, typer.Option("--tests", help="Only tests.")]
KindsOption = Annotated[
    str, typer.Option("--kinds", metavar="KIND,…", help="Only these kinds of edges: CALLS,USES,IMPL …")
]
KindOption = Annotated[
    str, typer.Option("--kind", metavar="KIND,…", help="Only these kinds: class, function, method …")
]
WithinOption = Annotated[
    str,
    typer.Option(
        "--path", metavar="PATTERN", help="Only these files, as in .gitignore: src/api, *.ts, !docs"
    ),
]


class Common(msgspec.Struct, frozen=True):
    """The values of the options that every command has."""

    format: str = ""
    json: bool = False
    limit: int | None = None
    output: tuple[str, ...] = ()
    paths_only: bool = False
    min_confidence: str = "dispatch"
    all: bool = False
    together: bool = False
    stale: str = "refresh"
    db: str | None = None
    project: str | None = None
    color: str = "auto"
    quiet: bool = False
    no_server: bool = False


FormatOption = Annotated[
    str, typer.Option("--format", "-f", metavar="FORMAT", help="How to print the answer.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
LimitOption = Annotated[
    int | None,
    typer.Option("--limit", metavar="N", help="Print at most N results; 0 prints all. [text: 40, else all]"),
]
OutputOption = Annotated[
    list[str] | None,
    typer.Option("--output", metavar="FORMAT:FILE", help="Write this format to a file as well (repeatable)."),
]
PathsOption = Annotated[
    bool, typer.Option("--paths-only", help="Print only the files of the results, once each: for xargs.")
]
ConfidenceOption = Annotated[
    str,
    typer.Option(
        "--min-confidence", metavar="LEVEL", help="Weakest edges to use: " + ", ".join(CONFIDENCES) + "."
    ),
]
AllOption = Annotated[
    bool, typer.Option("--all", help="Take every symbol that an ambiguous SYMBOL stands for.")
]
TogetherOption = Annotated[
    bool, typer.Option("--together", help="With -: make one question of all selectors from standard input.")
]
StaleOption = Annotated[
    str,
    typer.Option(
        "--stale", metavar="POLICY", help="When files have changed: " + ", ".join(STALE_POLICIES) + "."
    ),
]
DatabaseOption = Annotated[
    str | None,
    typer.Option("--db", metavar="FOLDER", help="Where the index is. [default: .isg/ at the root]"),
]
ProjectOption = Annotated[
    str | None,
    typer.Option("--project", "-C", metavar="DIR", help="The project to ask about. [default: here]"),
]
ColorOption = Annotated[str, typer.Option("--color", metavar="WHEN", help="auto, always or never.")]
QuietOption = Annotated[
    bool, typer.Option("--quiet", "-q", help="No progress and no warnings on standard error.")
]
NoServerOption = Annotated[
    bool, typer.Option("--no-server", help="Answer in this process, though `isg serve` runs.")
]


def choice(value: str, allowed: tuple[str, ...], option: str) -> str:
    """The value, if it is one of those allowed."""
    if value not in allowed:
        raise UsageError(f"{option} cannot be {value!r}", hint=f"one of {', '.join(allowed)}")
    return value


def confidence(label: str) -> Confidence:
    return Confidence.of(choice(label, CONFIDENCES, "--min-confidence"))


def edge_kinds(text: str) -> frozenset[EdgeKind] | None:
    """The kinds of a comma-separated list, in any case; None where nothing was asked for."""
    names = [name.strip().upper() for name in text.split(",") if name.strip()]
    allowed = tuple(EdgeKind)
    return frozenset(EdgeKind(choice(name, allowed, "--kinds")) for name in names) or None


def symbol_kinds(text: str) -> frozenset[SymbolKind] | None:
    """The kinds of a comma-separated list; None where nothing was asked for."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    return frozenset(SymbolKind(choice(name, tuple(SymbolKind), "--kind")) for name in names) or None
