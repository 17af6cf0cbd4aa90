"""Linking a project in parts, one process each, with the outcome of linking it whole.

Answers are least fixed points over the facts of the whole project, so it does not matter who asks: each
part comes to the same ones, and parts only have to be put together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from isg.graph.linking.linker import Linker
from isg.graph.linking.project import ProjectFiles
from isg.graph.linking.update import Memory, Question, Session
from isg.graph.model import LinkedFile


class Part(msgspec.Struct, frozen=True, array_like=True):
    """Some files of a project linked, and the memory of what was looked up on the way."""

    linked: tuple[LinkedFile, ...]
    memory: Memory


class PartLinker:
    """Links files in pieces; what one piece found out serves the next."""

    def __init__(self, project: ProjectFiles) -> None:
        self._linker = Linker(project)
        self._session = Session(self._linker, Memory())

    def link(self, paths: Sequence[str]) -> Part:
        """These files linked; the memory holds what was looked up since the piece before."""
        linked = tuple(self._linker.link(path) for path in paths)
        memory = self._session.remember(paths, {*paths, *self._linker.consulted})
        self._linker.consulted.clear()
        return Part(linked, memory)


def merge(project: ProjectFiles, memories: Iterable[Memory]) -> Memory:
    """One memory of the memories of all parts."""
    table: dict[Question, int] = {}
    answers: list[bytes] = []
    consulted: dict[str, dict[int, None]] = {path: {} for path in sorted(project.languages)}
    found: dict[str, dict[str, str]] = {path: {} for path in consulted}
    names: dict[str, str] = {}
    for memory in memories:
        here = []
        for question, answer in zip(memory.questions, memory.answers, strict=True):
            index = table.setdefault(question, len(table))
            if index == len(answers):
                answers.append(answer)
            here.append(index)
        for path, indexes in memory.consulted.items():
            consulted[path].update(dict.fromkeys(here[i] for i in indexes))
        for path, places in memory.found.items():
            found[path].update(places)
        names.update(memory.names)
    listed = {path: list(indexes) for path, indexes in consulted.items()}
    return Memory(list(table), answers, listed, found, names)
