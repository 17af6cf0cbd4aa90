"""``text``: what a person reads at a terminal; short, aligned, with exact totals and the bound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from isg.cli.answer import Envelope, Style
from isg.cli.render.encoding import text_bytes
from isg.cli.render.paint import paint

_CELL = 100  # a wider cell is cut: one long signature must not push all others off the screen
_GAP = "  "


def render(envelope: Envelope, style: Style) -> Iterator[bytes]:
    for line in lines(envelope, style):
        yield text_bytes(line + "\n")


def lines(envelope: Envelope, style: Style) -> Iterator[str]:
    answer = envelope.answer
    if answer.verbatim and answer.document is not None:
        yield answer.document.removesuffix("\n")
        return
    if answer.title:
        yield paint(clean(answer.title), "bold", style)
    if answer.document is None:
        yield from _rows(envelope, style)
    elif answer.document:
        yield from map(clean_source, answer.document.rstrip("\n").split("\n"))
    left = len(answer.results) - len(envelope.shown)
    if left:
        yield paint(f"… {left:,} more (--limit 0 shows all {len(answer.results):,})", "dim", style)
    for note in answer.notes:
        yield clean(note)
    for notice in envelope.warnings:
        yield paint(clean(f"note: {notice.message}"), "yellow", style)
    if answer.bounded:
        yield paint(clean(envelope.bound_line()), "dim", style)


def _rows(envelope: Envelope, style: Style) -> Iterator[str]:
    answer = envelope.answer
    rows = [[clean(cell)[:_CELL] for cell in answer.cells(result)] for result in envelope.shown]
    heads = [list(answer.columns)] if answer.heads and rows else []
    lines = aligned(heads + rows)
    if heads:
        yield paint(f"{_GAP}{lines.pop(0)}", "dim", style)
    heading: str | None = None
    for result, line in zip(envelope.shown, lines, strict=True):
        if answer.group is not None and (group := answer.group(result)) != heading:
            heading = group
            yield paint(clean(group), "cyan", style)
        yield f"{_GAP}{line}"
        if answer.details is not None:
            yield from (f"{_GAP * 2}{clean(detail)}" for detail in answer.details(result))


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines, each column as wide as its widest cell."""
    if not rows:
        return []
    count = max(map(len, rows))
    widths = [max((len(row[i]) for row in rows if i < len(row)), default=0) for i in range(count)]
    return [
        _GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
        for row in rows
    ]


def clean(text: str) -> str:
    """Text that cannot break a line or command a terminal: control characters are written out."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or "\ud800" <= letter <= "\udfff" else repr(letter)[1:-1]
        for letter in text
    )


def clean_source(line: str) -> str:
    """A line of source text, with its tabs."""
    return line if line.isprintable() else "\t".join(map(clean, line.split("\t")))
