"""Linking a project in parts, one process each, with the outcome of linking it whole.

Answers are least fixed points over the facts of the whole project, so it does not matter who asks: each
part comes to the same ones, and parts only have to be put together.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from isg.graph.linking.linker import Linker
from isg.graph.linking.lookups import Lookups
from isg.graph.linking.memory import Noted
from isg.graph.linking.project import ProjectFiles
from isg.graph.linking.update import Session
from isg.graph.model import LinkedFile


class Part(msgspec.Struct, frozen=True, array_like=True):
    """Some files of a project linked, and what was looked up on the way."""

    linked: tuple[LinkedFile, ...]
    noted: Noted


class PartLinker:
    """Links files in pieces; what one piece found out serves the next."""

    def __init__(self, project: ProjectFiles) -> None:
        self._linker = Linker(project)
        self._session = Session(self._linker, Lookups())

    def link(self, paths: Sequence[str]) -> Part:
        """These files linked; noted is what was looked up since the piece before."""
        linked = tuple(self._linker.link(path) for path in paths)
        noted = self._session.noted(paths)
        self._linker.consulted.clear()
        return Part(linked, noted)
