"""Whether the program on disk is still the one that runs."""

from __future__ import annotations

import os
import time
from importlib.util import find_spec

_ROOMS = ("parsers", "graph", "store", "migrations", "cli")
_INTERVAL = 1.0  # seconds for which a look is good


class Sources:
    """The files of isg itself, as they were when this process began.

    A server whose program was upgraded or edited would answer by old rules, and load what it has not
    loaded yet by new ones.
    """

    def __init__(self) -> None:
        self._folders = _folders()
        self._stamps = self._look()
        self._looked = time.monotonic()

    def unchanged(self) -> bool:
        if time.monotonic() - self._looked < _INTERVAL:
            return True
        self._looked = time.monotonic()
        return self._look() == self._stamps

    def _look(self) -> dict[str, int]:
        stamps: dict[str, int] = {}
        for folder in self._folders:
            try:
                with os.scandir(folder) as entries:
                    stamps.update((e.path, e.stat().st_mtime_ns) for e in entries if e.name.endswith(".py"))
            except OSError:
                stamps[folder] = 0
        return stamps


def _folders() -> list[str]:
    """All folders that hold code of isg."""
    specs = [find_spec(f"isg.{room}") for room in _ROOMS]
    roots = [root for spec in specs if spec is not None for root in spec.submodule_search_locations or ()]
    return sorted({folder for root in roots for folder, _, files in os.walk(root) if _holds_code(files)})


def _holds_code(files: list[str]) -> bool:
    return "__init__.py" in files
