"""TypeScript and JavaScript source to facts: the driver."""

from __future__ import annotations

from isg.parsers.facts import FileFacts


def extract(language: str, source: bytes) -> FileFacts:
    """The facts of one file (``typescript``, ``tsx`` or ``javascript``); never raises for its bytes."""
    raise NotImplementedError
