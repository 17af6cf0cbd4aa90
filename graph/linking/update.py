"""Linking whole projects and bringing a linked project up to date after some files changed.

What a file looked up in other files is recorded with a digest of the answer. After a change, a file is
linked again where it changed itself or where an answer that it rests on did (early cut-off, as in Mokhov,
Mitchell, Peyton Jones, "Build Systems à la Carte", 2018). Answers are least fixed points over the present
facts, so the outcome equals that of linking everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

import msgspec
from blake3 import blake3

from isg.graph.linking.depth import deep_calls
from isg.graph.linking.linker import Linker
from isg.graph.linking.project import ProjectFiles
from isg.graph.linking.semantics import ASKERS_OWN
from isg.graph.linking.values import Entity
from isg.graph.model import LinkedFile

Question: TypeAlias = tuple[str, ...]

_GONE = "gone"  # the answer of a file that is no more


class Memory(msgspec.Struct, frozen=True, array_like=True):
    """What a linking leaves for the next: the look-ups of each file, and the answers they rest on.

    ``questions`` is a table; ``consulted`` holds indexes into it by file; ``answers`` a digest for each
    question, and ``found`` for each file the paths that its imports found. ``names`` is what the keys of
    the symbols of each file rest on.
    """

    questions: list[Question] = []
    answers: list[bytes] = []
    consulted: dict[str, list[int]] = {}
    found: dict[str, dict[str, str]] = {}
    names: dict[str, str] = {}

    def encode(self) -> bytes:
        return msgspec.msgpack.encode(self)

    @classmethod
    def decode(cls, data: bytes) -> Memory:
        """The inverse of encode; raises msgspec.DecodeError or msgspec.ValidationError for foreign bytes."""
        return msgspec.msgpack.decode(data, type=Memory)


@dataclass(frozen=True, slots=True)
class Update:
    """The files that were linked again, and the memory for the next time."""

    linked: tuple[LinkedFile, ...]
    memory: Memory


def link_all(project: ProjectFiles) -> tuple[Iterator[LinkedFile], Callable[[], Memory]]:
    """Link every file, in order of path; the second part gives the memory once all are consumed."""
    linker = Linker(project)
    linked = (linker.link(path) for path in sorted(project.languages))
    return linked, lambda: Session(linker, Memory()).remember(project.languages)


def relink(
    project: ProjectFiles, memory: Memory, changed: AbstractSet[str], removed: AbstractSet[str]
) -> Update:
    """Link again what changed and what rests on it; ``changed`` includes files that are new."""
    linker = Linker(project)
    session = Session(linker, memory)
    dirty = session.dirty(changed, removed)
    linked = tuple(linker.link(path) for path in sorted(dirty))
    return Update(linked, session.remember(dirty))


class Session:
    """The old memory against the present state: what must be linked again, and what to remember."""

    def __init__(self, linker: Linker, memory: Memory) -> None:
        self._linker = linker
        self._memory = memory
        self._digests: dict[Question, bytes] = {}
        self._texts: dict[Entity, str] = {}  # what stands for an entity in a digest

    # what must be linked again

    @deep_calls()
    def dirty(self, changed: AbstractSet[str], removed: AbstractSet[str]) -> set[str]:
        memory, present = self._memory, self._linker.project.languages
        askers: dict[int, list[str]] = {}
        for path, indexes in memory.consulted.items():
            for index in indexes:
                askers.setdefault(index, []).append(path)
        owned: dict[str, list[int]] = {}
        for index, question in enumerate(memory.questions):
            owned.setdefault(question[1], []).append(index)
        dirty = {path for path in changed if path in present} | self._misplaced(changed, removed)
        queue = sorted(dirty | set(removed))
        while queue:
            path = queue.pop()
            for index in owned.get(path, ()):
                if self.digest(memory.questions[index]) == memory.answers[index]:
                    continue
                for asker in askers.get(index, ()):
                    if asker not in dirty and asker in present:
                        dirty.add(asker)
                        queue.append(asker)
        return dirty

    def _misplaced(self, changed: AbstractSet[str], removed: AbstractSet[str]) -> set[str]:
        """Files whose name changed, or whose imports find other files now that some came or went."""
        memory, linker = self._memory, self._linker
        present = linker.project.languages
        renamed = {p for p, name in memory.names.items() if p in present and _naming(linker, p) != name}
        if not removed and all(path in memory.names for path in changed):
            return renamed
        return renamed | {
            path
            for path, found in memory.found.items()
            if path in present and any(_find(linker, path, key) != answer for key, answer in found.items())
        }

    # what is remembered

    @deep_calls()
    def remember(self, linked: Iterable[str], of: Iterable[str] | None = None) -> Memory:
        """The memory after these files were linked; look-ups of the others stand, and may have grown.

        ``of`` are the files that it speaks of: all of the project where not given.
        """
        old = self._memory
        present = sorted(self._linker.project.languages if of is None else of)
        fresh = set(linked)
        table: dict[Question, int] = {}
        answers: list[bytes] = []
        consulted: dict[str, list[int]] = {}
        found: dict[str, dict[str, str]] = {}
        stored = dict(zip(old.questions, old.answers, strict=True))
        self._answer_all(fresh)
        for path in present:
            asked = self._questions(path, path in fresh)
            indexes = []
            places = {} if path in fresh else dict(old.found.get(path, {}))
            for question in asked:
                if question[0] in ASKERS_OWN:
                    key = "\0".join(question)
                    places[key] = _find(self._linker, path, key)
                    continue
                index = table.get(question)
                if index is None:
                    index = table[question] = len(answers)
                    known = question in self._digests or question not in stored
                    answers.append(self.digest(question) if known else stored[question])
                indexes.append(index)
            if indexes:
                consulted[path] = indexes
            if places:
                found[path] = places
        names = {path: _naming(self._linker, path) for path in present}
        return Memory(list(table), answers, consulted, found, names)

    def _questions(self, path: str, linked: bool) -> list[Question]:
        asked = dict(self._linker.consulted.get(path, {}))
        if not linked:
            old = self._memory
            asked.update(dict.fromkeys(old.questions[i] for i in old.consulted.get(path, ())))
        return sorted(asked)

    def _answer_all(self, fresh: set[str]) -> None:
        """Answer what was newly asked; answering may ask more, until nothing new is asked."""
        stored = set(self._memory.questions)
        while True:
            asked = {q for questions in self._linker.consulted.values() for q in questions}
            open_ = [
                q
                for q in asked
                if q[0] not in ASKERS_OWN and q not in self._digests and (q not in stored or q[1] in fresh)
            ]
            if not open_:
                return
            for question in sorted(open_):
                self.digest(question)

    def _answer(self, path: str, question: Question) -> list[str]:
        semantics, module = self._linker.semantics(path), self._linker.module(path)
        before = semantics.reading(module)
        try:
            answer = semantics.answer(module, question)
            return [part if isinstance(part, str) else self._described(part) for part in answer]
        finally:
            semantics.reading(before)

    def _described(self, entity: Entity) -> str:
        found = self._texts.get(entity)
        if found is None:
            found = self._texts[entity] = entity.text()
        return found

    def digest(self, question: Question) -> bytes:
        """Eight bytes that stand for the present answer."""
        found = self._digests.get(question)
        if found is None:
            path = question[1]
            parts = self._answer(path, question) if path in self._linker.project.languages else [_GONE]
            found = self._digests[question] = blake3("\n".join(parts).encode()).digest(8)
        return found


def _naming(linker: Linker, path: str) -> str:
    """All that the keys of a file's symbols rest on beside the file: its name, and the names taken in it."""
    naming = linker.semantics(path).naming(path)
    return " ".join((naming.name, *sorted(naming.taken)))


def _find(linker: Linker, path: str, key: str) -> str:
    """What an import of a file finds now: the path and the module's name; empty where it finds none."""
    found = linker.semantics(path).locate(path, tuple(key.split("\0")))
    if found is None:
        return ""
    name = linker.semantics(path).naming(found).name if found in linker.project.languages else ""
    return f"{found} {name}"
