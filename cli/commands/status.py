"""``isg status``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from isg.cli.answer import Answer, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.render.symbols import counted
from isg.graph.queries.bound import Notice
from isg.store.location import size_of

if TYPE_CHECKING:
    from isg.store.freshness import Difference
    from isg.store.head import Head

_SHOWN = 10


def status(ask: Ask) -> Answer:
    """Show where the index is, what it holds and whether it is up to date.

    Changes nothing: the index is only compared with the files.
    """
    from isg.store.freshness import compare, usable
    from isg.store.head import read_head

    workspace = ask.workspace
    head = read_head(workspace.location.head)
    if head is None:
        return Answer(
            results=[_nothing(ask)],
            title=f"{workspace.root}: not indexed",
            warnings=(Notice("not_indexed", "there is no index yet: isg index makes one"),),
            bounded=False,
        )
    from isg.parsers.discovery import discover

    difference = compare(workspace.root, head, discover(workspace.root, head.options))
    fresh = usable(head, workspace.root) and difference.fresh
    result = _result(ask, head, difference, fresh)
    stale = Notice("stale", "the index is not of the files as they are: isg index brings it up to date")
    return Answer(
        results=[result],
        title=f"{workspace.root}: {'up to date' if fresh else 'not up to date'}",
        document="\n".join(_lines(head, result, difference)),
        warnings=() if fresh else (stale,),
        bounded=False,
    )


def _nothing(ask: Ask) -> Result:
    root, folder = ask.workspace.root, ask.workspace.location.folder
    return {"root": str(root), "index": str(folder), "exists": False, "fresh": False}


def _result(ask: Ask, head: Head, difference: Difference, fresh: bool) -> Result:
    folder = ask.workspace.location.folder
    summary = head.summary
    return {
        "root": str(ask.workspace.root),
        "index": str(folder),
        "exists": True,
        "fresh": fresh,
        "changed": list(difference.changed),
        "removed": list(difference.removed),
        "project": summary.project,
        "state": head.state,
        "made": datetime.fromtimestamp(head.stamp // 1_000_000_000, UTC).isoformat(),
        "bytes": size_of(folder),
        "files": head.indexed,
        "symbols": summary.symbols,
        "edges": dict(summary.edges),
        "confidence": dict(summary.confidence),
        "languages": dict(summary.languages),
        "diagnostics": len(summary.diagnostics),
        "versions": head.versions,
    }


def _lines(head: Head, result: Result, difference: Difference) -> Iterator[str]:
    edges = sum(head.summary.edges.values())
    yield f"index:     {result['index']} ({int(str(result['bytes'])) / 1e6:.1f} MB, made {result['made']})"
    yield f"state:     {head.state}"
    held = (counted(head.indexed, "file"), counted(head.summary.symbols, "symbol"), counted(edges, "edge"))
    yield f"holds:     {', '.join(held)}"
    languages = ", ".join(f"{name} {count:,}" for name, count in sorted(head.summary.languages.items()))
    yield f"languages: {languages or 'none'}"
    if head.summary.diagnostics:
        yield f"diagnostics: {len(head.summary.diagnostics):,} (isg index --json shows them)"
    yield from _files("changed", difference.changed)
    yield from _files("removed", difference.removed)
    if difference.build:
        yield "a build file changed"


def _files(what: str, paths: tuple[str, ...]) -> Iterator[str]:
    if paths:
        more = f" and {len(paths) - _SHOWN:,} more" if len(paths) > _SHOWN else ""
        yield f"{what + ':':<10} {', '.join(paths[:_SHOWN])}{more}"


COMMAND = Command(
    name="status",
    body=status,
    formats=("text", "json", "jsonl"),
    examples=("isg status", "isg status --json | jq '.results[0].fresh'"),
    needs_graph=False,
)
