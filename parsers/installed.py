"""Which version of a package is installed."""

from __future__ import annotations

import os
from functools import cache
from importlib.machinery import PathFinder

GRAMMARS = ("tree_sitter", "tree_sitter_language_pack")
"""The packages that parse."""


@cache
def installed(package: str) -> str:
    """The name and version of a package, read off the folder of its metadata; else its name alone.

    Asking importlib.metadata would take longer than the rest of a query.
    """
    found = PathFinder.find_spec(package)
    if found is None or found.origin is None:
        return package
    place = os.path.dirname(os.path.dirname(found.origin))  # noqa: PTH120
    names = (name for name in os.listdir(place) if name.startswith(f"{package}-"))  # noqa: PTH208
    return min(names, default=package).removesuffix(".dist-info")
