"""``github``: annotations by workflow commands.

GitHub shows ten of each level a step, so the worst ten are annotated and the rest counted.
"""

from __future__ import annotations

from collections.abc import Iterator

from isg.cli.answer import Envelope, Finding, Style
from isg.cli.render.encoding import text_bytes

_SHOWN = 10
_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def render(envelope: Envelope, style: Style) -> Iterator[bytes]:
    findings = envelope.answer.findings(envelope.shown) if envelope.answer.findings else ()
    for finding in findings[:_SHOWN]:
        yield text_bytes(_annotation(finding) + "\n")
    if len(findings) > _SHOWN:
        yield text_bytes(f"::notice title=isg::{len(findings) - _SHOWN} more, not annotated\n")


def _annotation(finding: Finding) -> str:
    place = f"file={_property(finding.file)},line={max(finding.line, 1)}," if finding.file else ""
    return f"::{_LEVELS[finding.level]} {place}title=isg {finding.rule}::{_message(finding.message)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
