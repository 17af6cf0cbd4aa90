"""``isg verify``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from isg.cli.answer import Answer, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.render.symbols import counted
from isg.graph.errors import StaleIndex

if TYPE_CHECKING:
    from isg.store.verification import Check, Verification

RepairOption = Annotated[bool, typer.Option("--repair", help="Make again what does not hold, and say so.")]
FilesOption = Annotated[
    bool, typer.Option("--files", help="Also the hash of each file: where two machines differ.")
]


def verify(ask: Ask, repair: RepairOption = False, files: FilesOption = False) -> Answer:
    """Check that the index is whole, and print one hash of all that it says.

    The same sources give the same root on any machine, read by the same isg: compare it to see whether two
    of them have the same index. Exit status 1 where something does not hold.
    """
    from isg.store.verification import verify as verified

    workspace = ask.workspace
    if not workspace.location.exists:
        raise StaleIndex("there is no index yet", hint="isg index makes one", code="not-indexed")
    found = verified(workspace.root, workspace.location)
    notes: tuple[str, ...] = ()
    if repair and not found.whole:
        notes = _mend(ask, found)
        found = verified(workspace.root, workspace.location)
    return _answer(found, files, notes)


def _mend(ask: Ask, found: Verification) -> tuple[str, ...]:
    """Make again what does not hold; gives what was done."""
    broken = [check.name for check in found.checks if not check.holds]
    ask.workspace.refresh(full=True, afresh=not found.record_is_whole)
    made = "graph image and head" if found.record_is_whole else "the whole index"
    source = "the record" if found.record_is_whole else "the sources"
    return (f"repaired: {made} made again from {source} ({', '.join(broken)} did not hold)",)


def _answer(found: Verification, files: bool, notes: Sequence[str]) -> Answer:
    wrong = sum(not check.holds for check in found.checks)
    fields: dict[str, object] = {"whole": found.whole, "root": found.root, "state": found.state}
    if notes:
        fields["repaired"] = list(notes)
    if files:
        fields["files"] = found.files
    return Answer(
        results=[_result(check) for check in found.checks],
        title=f"NOT whole: {counted(wrong, 'check')} failed" if wrong else "whole",
        cells=_cells,
        details=_problems,
        notes=(*notes, f"state {found.state}", f"root  {found.root}", *(_listed(found) if files else ())),
        fields=fields,
        failed=not found.whole,
        bounded=False,
    )


def _result(check: Check) -> Result:
    return {
        "check": check.name,
        "holds": check.holds,
        "about": check.about,
        "problems": list(check.problems),
    }


def _cells(result: Result) -> tuple[str, ...]:
    return ("ok" if result["holds"] else "WRONG", str(result["check"]), str(result["about"]))


def _problems(result: Result) -> Sequence[str]:
    problems = result["problems"]
    return problems if isinstance(problems, list) else ()


def _listed(found: Verification) -> Sequence[str]:
    return [f"{digest}  {path or '(outside)'}" for path, digest in found.files.items()]


COMMAND = Command(
    name="verify",
    body=verify,
    formats=("text", "json", "jsonl"),
    examples=("isg verify", "isg verify --repair", "isg verify --json | jq -r .root"),
    needs_graph=False,
)
