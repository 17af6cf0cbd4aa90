"""``json``: the one envelope that every command answers with."""

from __future__ import annotations

from collections.abc import Iterator

from isg.cli.answer import Envelope, Project, Style
from isg.cli.render.encoding import encode, indented
from isg.graph.queries.bound import Bound, Notice

VERSION = 1


def envelope_object(envelope: Envelope) -> dict[str, object]:
    """The envelope as CONTRACTS.md words it."""
    return {
        "isg": VERSION,
        "command": envelope.command,
        "query": dict(envelope.query),
        "project": None if envelope.project is None else _project(envelope.project),
        **envelope.answer.fields,
        "results": [dict(result) for result in envelope.shown],
        "bound": _bound(envelope.answer.bound),
        "truncated": envelope.truncated,
        "warnings": [_notice(notice) for notice in envelope.warnings],
    }


def render(envelope: Envelope, style: Style) -> Iterator[bytes]:
    data = encode(envelope_object(envelope))
    yield indented(data) if style.indent else data
    yield b"\n"


def _project(project: Project) -> dict[str, object]:
    return {
        "name": project.name,
        "state": project.state,
        "files": project.files,
        "symbols": project.symbols,
        "edges": project.edges,
    }


def _bound(bound: Bound) -> dict[str, object]:
    return {
        "certain": bound.certain,
        "possible": bound.possible,
        "unresolved": bound.unresolved,
        "why": list(bound.why),
    }


def _notice(notice: Notice) -> dict[str, str]:
    return {"code": notice.code, "message": notice.message}
