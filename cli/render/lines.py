"""``jsonl``: one result a line."""

from __future__ import annotations

from collections.abc import Iterator

from isg.cli.answer import Envelope, Style
from isg.cli.render.encoding import encode


def render(envelope: Envelope, style: Style) -> Iterator[bytes]:
    for result in envelope.shown:
        yield encode(dict(result))
        yield b"\n"
