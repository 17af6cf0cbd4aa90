"""``md``: tables for a pull request, a step summary or a prompt."""

from __future__ import annotations

from collections.abc import Iterator

from isg.cli.answer import Envelope, Style
from isg.cli.render.encoding import text_bytes
from isg.cli.render.text import clean


def render(envelope: Envelope, style: Style) -> Iterator[bytes]:
    answer = envelope.answer
    if answer.document is not None:
        yield text_bytes(answer.document if answer.document.endswith("\n") else answer.document + "\n")
        return
    for line in _lines(envelope):
        yield text_bytes(line + "\n")


def _lines(envelope: Envelope) -> Iterator[str]:
    answer = envelope.answer
    yield f"### {_cell(answer.title or envelope.command)}"
    yield from _items(envelope) if answer.details else _tables(envelope)
    yield ""
    left = len(answer.results) - len(envelope.shown)
    if left:
        yield f"… {left:,} more (`--limit 0` shows all {len(answer.results):,})"
    for note in answer.notes:
        yield f"{_cell(note)}  "
    for notice in envelope.warnings:
        yield f"_note: {_cell(notice.message)}_  "
    if answer.bounded:
        yield f"_{_cell(envelope.bound_line())}_"


def _items(envelope: Envelope) -> Iterator[str]:
    """A list, for results of several lines."""
    answer = envelope.answer
    yield ""
    for result in envelope.shown:
        yield f"- **{_cell(' · '.join(filter(None, answer.cells(result))))}**"
        for detail in answer.details(result) if answer.details else ():
            yield f"  - {_cell(detail)}"


def _tables(envelope: Envelope) -> Iterator[str]:
    answer = envelope.answer
    heading: str | None = None
    for result in envelope.shown:
        group = answer.group(result) if answer.group is not None else ""
        if group != heading:
            heading = group
            yield from _table_head(group, answer.columns)
        yield "| " + " | ".join(_cell(cell) for cell in answer.cells(result)) + " |"


def _table_head(group: str, columns: tuple[str, ...]) -> Iterator[str]:
    yield ""
    if group:
        yield f"**{_cell(group)}**"
        yield ""
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "|".join(" --- " for _ in columns) + "|"


def _cell(text: str) -> str:
    return clean(text).replace("|", "\\|").replace("<", "&lt;")
