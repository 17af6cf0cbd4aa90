"""What an index depends on besides the tree: the versions of the parts that made it."""

from __future__ import annotations

import os
from functools import cache
from importlib.machinery import PathFinder

from isg.graph import linking
from isg.parsers.version import EXTRACTOR_VERSION

SCHEMA_VERSION = 2  # the newest revision in isg.migrations
_STORE_VERSION = 6  # raise it whenever the same linked files give another head or other rows
_GRAMMARS = ("tree_sitter", "tree_sitter_language_pack")


@cache
def versions() -> str:
    """One text that differs where an index made before must be made again."""
    numbers = (SCHEMA_VERSION, _STORE_VERSION, EXTRACTOR_VERSION, linking.VERSION)
    return " ".join([".".join(map(str, numbers)), *map(_installed, _GRAMMARS)])


def _installed(package: str) -> str:
    """The name and version of an installed package, read off the folder of its metadata.

    Asking importlib.metadata would take longer than the rest of a query.
    """
    found = PathFinder.find_spec(package)
    if found is None or found.origin is None:
        return package
    place = os.path.dirname(os.path.dirname(found.origin))  # noqa: PTH120
    names = (name for name in os.listdir(place) if name.startswith(f"{package}-"))  # noqa: PTH208
    return min(names, default=package).removesuffix(".dist-info")
