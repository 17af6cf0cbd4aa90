"""``sarif``: SARIF 2.1.0 for code scanning; fingerprints do not change when lines move."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from isg.cli.answer import Envelope, Finding, Style
from isg.cli.render.encoding import encode, indented

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_RULES = {
    "import-cycle": "Modules import each other in a circle",
    "dependency-cycle": "Definitions depend on each other in a circle",
    "hotspot": "Complex code that changes often and that much depends on",
}


def render(envelope: Envelope, style: Style) -> Iterator[bytes]:
    findings = envelope.answer.findings(envelope.shown) if envelope.answer.findings else ()
    data = encode({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(findings)]})
    yield indented(data) if style.indent else data
    yield b"\n"


def _run(findings: Sequence[Finding]) -> dict[str, object]:
    rules = sorted({finding.rule for finding in findings})
    return {
        "tool": {
            "driver": {
                "name": "isg",
                "rules": [
                    {"id": rule, "shortDescription": {"text": _RULES.get(rule, rule)}} for rule in rules
                ],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, rules) for finding in findings],
    }


def _result(finding: Finding, rules: Sequence[str]) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": finding.level,
        "message": {"text": finding.message},
        "locations": [_location(finding.file, finding.line)] if finding.file else [],
        "partialFingerprints": {"isg/v1": finding.fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [
            {**_location(file, line), "message": {"text": text}} for file, line, text in finding.related
        ]
    return result


def _location(file: str, line: int) -> dict[str, object]:
    uri = quote(file, safe="/", errors="surrogateescape")
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": max(line, 1)}}}
