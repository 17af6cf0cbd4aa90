"""What indexing is told and what it tells."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from isg.parsers.discovery import DiscoveryOptions


class RefreshOptions(msgspec.Struct, frozen=True):
    """How to bring an index up to date."""

    full: bool = False
    """Link everything again, whatever the index holds."""
    afresh: bool = False
    """Make everything again from the sources: nothing of the index is worth keeping."""
    jobs: int | None = None
    """Processes that parse; None: as many as there are processors."""
    dry_run: bool = False
    """Only say what would be parsed."""
    patience: float = 60.0
    """Seconds to wait for another process that writes the same index."""
    discovery: DiscoveryOptions | None = None
    """Which files to index; None: as before."""


class Progress(msgspec.Struct, frozen=True):
    """How far a stage (discover, parse, link, store) is; ``total`` is 0 where nobody knows."""

    stage: str
    done: int = 0
    total: int = 0


class IndexDiagnostic(msgspec.Struct, frozen=True, gc=False):
    """Something about one file that its index may suffer from."""

    path: str
    code: str
    message: str
    line: int = 0


class FileCounts(msgspec.Struct, frozen=True):
    total: int = 0
    parsed: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: int = 0


class Seconds(msgspec.Struct, frozen=True):
    discover: float = 0.0
    parse: float = 0.0
    link: float = 0.0
    store: float = 0.0


class Summary(msgspec.Struct, frozen=True):
    """What an index holds, counted."""

    project: str = ""
    symbols: int = 0
    edges: Mapping[str, int] = {}
    confidence: Mapping[str, int] = {}
    languages: Mapping[str, int] = {}
    diagnostics: tuple[IndexDiagnostic, ...] = ()


class IndexReport(msgspec.Struct, frozen=True):
    """What one run of indexing did, and what the index holds after it."""

    files: FileCounts
    symbols: int
    edges: Mapping[str, int]
    confidence: Mapping[str, int]
    languages: Mapping[str, int]
    seconds: Seconds
    diagnostics: tuple[IndexDiagnostic, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()  # (path, reason)
    warnings: tuple[str, ...] = ()
    project: str = ""
    state: str = ""
    linked: int = 0
    """Files whose relations were worked out again: those parsed, and those that depend on them."""
