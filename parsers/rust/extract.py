"""Rust source to facts: the driver."""

from __future__ import annotations

from isg.parsers.facts import FileFacts


def extract(source: bytes) -> FileFacts:
    """The facts of one Rust file. Never raises for what the bytes are."""
    raise NotImplementedError
