"""``isg watch``."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any

import typer

from isg.cli.answer import Answer
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.render.encoding import encode, text_bytes
from isg.cli.render.symbols import counted
from isg.cli.stopping import stopping
from isg.cli.streams import say
from isg.graph.errors import IsgError, UsageError

if TYPE_CHECKING:
    from isg.store.resident.changes import Changes
    from isg.store.resident.project import Outcome, Resident

_NAMED = 3  # files that a line names

PathArgument = Annotated[
    str | None, typer.Argument(metavar="[PATH]", help="The project's root. [default: here]")
]
PollOption = Annotated[
    int | None,
    typer.Option("--poll", metavar="SECONDS", help="Look every so often in place of waiting for events."),
]


def watch(ask: Ask, path: PathArgument = None, poll: PollOption = None) -> Answer:
    """Keep the index up to date while people work, and print a line for every change.

    Runs until it is interrupted (Ctrl-C) or terminated. Renames, branch switches and a root that is deleted
    and comes back are changes like any other. With a JSON format each line is an object.
    """
    raise UsageError("isg watch has no end at which a file could be written: leave --output out")


def stream(ask: Ask, form: str, own: Mapping[str, Any]) -> Iterator[bytes]:
    """A line for each change, until the process is asked to end."""
    from isg.cli.recording import recorder
    from isg.migrations import upgrade
    from isg.store.collecting import stay
    from isg.store.resident.project import Resident

    if own["poll"] is not None and own["poll"] < 1:
        raise UsageError("--poll must be 1 or more")
    stay()
    with stopping() as stop:
        graph = ask.graph  # by all processors, while there is a single thread
        location = ask.workspace.location
        resident = Resident(ask.root, location, upgrade, recorder(ask.root, location), live=False)
        try:
            if not ask.common.quiet:
                say(f"isg: watching {ask.root}: {counted(graph.file_count, 'file')}")
            for outcome, seconds in _outcomes(resident, stop, own["poll"]):
                yield _object(outcome, seconds) if form != "text" else _line(outcome, seconds)
        finally:
            resident.close()


def _outcomes(resident: Resident, stop: Event, poll: int | None) -> Iterator[tuple[Outcome, float]]:
    """What came of each change, and the seconds it took; what fails is said, and tried again at the next."""
    from isg.store.watching import hints

    said = ""
    for hint in hints(resident.root, stop, _warn, poll):
        start = time.perf_counter()
        try:
            outcome = resident.refresh(hint)
        except IsgError as error:
            if error.message != said:
                _warn(error.message)
            said = error.message
            continue
        said = ""
        if outcome.changes.count or outcome.linked:
            yield outcome, time.perf_counter() - start


def _warn(message: str) -> None:
    say(f"isg: warning: {message}")


def _line(outcome: Outcome, seconds: float) -> bytes:
    linked = f"{counted(outcome.linked, 'file')} linked, " if outcome.linked else ""
    work = f"{linked}{seconds * 1000:,.0f} ms"
    text = f"{time.strftime('%H:%M:%S')}  {_told(outcome.changes)}  ({work})"
    return text_bytes(text + "\n")


def _told(changes: Changes) -> str:
    """The changes in words: each file by name where they are few, else how many."""
    kinds = {"added": changes.added, "changed": changes.modified, "removed": changes.removed}
    some = {word: paths for word, paths in kinds.items() if paths}
    if not some:
        return "linked again"
    if changes.count <= _NAMED:
        return ", ".join(f"{word} {path}" for word, paths in some.items() for path in paths)
    return ", ".join(f"{len(paths):,} {word}" for word, paths in some.items())


def _object(outcome: Outcome, seconds: float) -> bytes:
    graph, changes = outcome.snapshot.graph, outcome.changes
    return (
        encode(
            {
                "added": changes.added,
                "modified": changes.modified,
                "removed": changes.removed,
                "linked": outcome.linked,
                "seconds": round(seconds, 4),
                "state": graph.state,
                "files": graph.file_count,
                "symbols": graph.symbol_count,
                "edges": graph.edge_count,
            }
        )
        + b"\n"
    )


COMMAND = Command(
    name="watch",
    body=watch,
    formats=("text", "json", "jsonl"),
    examples=(
        "isg watch",
        "isg watch path/to/project --poll 2",
        "isg watch --json | while read -r change; do …",
    ),
    needs_graph=False,
    streams=stream,
    live=True,
)
