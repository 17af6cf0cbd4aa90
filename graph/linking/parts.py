"""Linking a project in parts, one process each, with the outcome of linking it whole.

Answers are least fixed points over the facts of the whole project, so it does not matter who asks: each
part comes to the same ones, and parts only have to be put together.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import msgspec

from isg.graph.linking.linker import Linker
from isg.graph.linking.lookups import Lookups, Memory, Question
from isg.graph.linking.project import ProjectFiles
from isg.graph.linking.update import Session
from isg.graph.model import LinkedFile


class Part(msgspec.Struct, frozen=True, array_like=True):
    """Some files of a project linked, and the memory of what was looked up on the way."""

    linked: tuple[LinkedFile, ...]
    memory: Memory


class PartLinker:
    """Links files in pieces; what one piece found out serves the next."""

    def __init__(self, project: ProjectFiles) -> None:
        self._linker = Linker(project)
        self._session = Session(self._linker, Lookups())

    def link(self, paths: Sequence[str]) -> Part:
        """These files linked; the memory holds what was looked up since the piece before."""
        linked = tuple(self._linker.link(path) for path in paths)
        memory = self._session.noted(paths)
        self._linker.consulted.clear()
        return Part(linked, memory)


class Merged:
    """One memory of the memories of all parts, put together as they come."""

    def __init__(self, project: ProjectFiles) -> None:
        self._table: dict[Question, int] = {}
        self._answers: list[bytes] = []
        self._consulted = {path: array("I") for path in sorted(project.languages)}  # an index may come again
        self._found: dict[str, dict[str, str]] = {path: {} for path in self._consulted}
        self._names: dict[str, str] = {}

    def add(self, memory: Memory) -> None:
        here = []
        for question, answer in zip(memory.questions, memory.answers, strict=True):
            index = self._table.setdefault(question, len(self._table))
            if index == len(self._answers):
                self._answers.append(answer)
            here.append(index)
        for path, indexes in memory.consulted.items():
            self._consulted[path].extend(here[i] for i in indexes)
        for path, places in memory.found.items():
            self._found[path].update(places)
        self._names.update(memory.names)

    def memory(self) -> Memory:
        listed = {path: list(dict.fromkeys(indexes)) for path, indexes in self._consulted.items()}
        return Memory(list(self._table), self._answers, listed, self._found, self._names)
