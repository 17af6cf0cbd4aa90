"""``xml``: the document of an answer as XML, for prompts of models that like it best."""

from __future__ import annotations

from collections.abc import Iterator

from isg.cli.answer import Envelope, Style
from isg.cli.render.encoding import text_bytes


def render(envelope: Envelope, style: Style) -> Iterator[bytes]:
    document = envelope.answer.document
    assert document is not None, "only commands whose answers are documents have this format"
    yield text_bytes(document)
