"""What an index depends on besides the tree: the versions of the parts that made it."""

from __future__ import annotations

from isg.graph import linking
from isg.parsers.parse import EXTRACTOR_VERSION

SCHEMA_VERSION = 1  # the newest revision in isg.migrations
_STORE_VERSION = 1  # raise it whenever the same linked files give another head or other rows


def versions() -> str:
    """One text that differs where an index made before must be made again."""
    return f"{SCHEMA_VERSION}.{_STORE_VERSION}.{EXTRACTOR_VERSION}.{getattr(linking, 'VERSION', 0)}"
