"""What an index depends on besides the tree: the versions of the parts that made it."""

from __future__ import annotations

from functools import cache

from isg.graph import linking
from isg.parsers.installed import GRAMMARS, installed
from isg.parsers.version import EXTRACTOR_VERSION

SCHEMA_VERSION = 2  # the newest revision in isg.migrations
_STORE_VERSION = 7  # raise it whenever the same linked files give another head or other rows


@cache
def versions() -> str:
    """One text that differs where an index made before must be made again."""
    numbers = (SCHEMA_VERSION, _STORE_VERSION, EXTRACTOR_VERSION, linking.VERSION)
    return " ".join([".".join(map(str, numbers)), *map(installed, GRAMMARS)])
