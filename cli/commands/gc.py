"""``isg gc``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from isg.cli.answer import Answer, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.render.symbols import counted
from isg.store.location import size_of

if TYPE_CHECKING:
    from isg.store.garbage import Garbage

_PATIENCE = 60.0  # seconds to wait for another process that is indexing

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")]


def gc(ask: Ask, dry_run: DryRunOption = False) -> Answer:
    """Give back the space of what the index no longer needs.

    What is known of earlier contents of files and earlier states of the tree goes (to switch back to them
    indexes them again), and so do old images and what was left of runs that were killed; the database is
    compacted. Readers are not disturbed.
    """
    from isg.store.garbage import collect_garbage, find_garbage

    location = ask.workspace.location
    before = size_of(location.folder)
    garbage = find_garbage(location) if dry_run else collect_garbage(location, _PATIENCE)
    freed = garbage.bytes if dry_run else max(0, before - size_of(location.folder))
    return Answer(
        results=[_result(garbage, before, freed)],
        title=f"{'would free about' if dry_run else 'freed'} {_read(freed)} of {_read(before)}",
        document="\n".join(_lines(garbage)),
        bounded=False,
    )


def _result(garbage: Garbage, before: int, freed: int) -> Result:
    return {
        "versions": garbage.versions,
        "files": list(garbage.files),
        "before": before,
        "freed": freed,
    }


def _lines(garbage: Garbage) -> Iterator[str]:
    if garbage.versions:
        yield f"{counted(garbage.versions, 'earlier content')} of files: {_read(garbage.facts)}"
    if garbage.pages:
        yield f"empty pages: {_read(garbage.pages)}"
    if garbage.files:
        yield f"{', '.join(garbage.files)}: {_read(garbage.file_bytes)}"


def _read(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{size / 1e3:,.1f} kB"


COMMAND = Command(
    name="gc",
    body=gc,
    formats=("text", "json", "jsonl"),
    examples=("isg gc", "isg gc --dry-run"),
    needs_graph=False,
)
