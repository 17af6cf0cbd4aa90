"""What the files of a linked project looked up in each other, and what was answered then.

:class:`Lookups` can be asked in both directions and changed file by file; :class:`Memory` is the same as it
is kept between runs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec

Question: TypeAlias = tuple[str, ...]


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


@dataclass(slots=True)
class FileLookups:
    """What one file looked up: in others, and where its imports lead; and what its name rests on."""

    name: str = ""
    questions: set[Question] = field(default_factory=set)
    found: dict[str, str] = field(default_factory=dict)


class Lookups:
    """The look-ups of all files of a project, with their answers."""

    def __init__(self) -> None:
        self.files: dict[str, FileLookups] = {}
        self.answers: dict[Question, bytes] = {}
        self._askers: dict[Question, set[str]] = {}
        self._asked_of: dict[str, set[Question]] = {}
        self._importers: dict[str, set[str]] | None = None  # by the path found; made when asked for

    @classmethod
    def of(cls, memory: Memory) -> Lookups:
        """Raises IndexError or ValueError for a memory that makes no sense."""
        found, table = cls(), memory.questions
        found.answers = dict(zip(table, memory.answers, strict=True))
        for path, name in memory.names.items():
            asked = {table[index] for index in memory.consulted.get(path, ())}
            found.files[path] = FileLookups(name, asked, memory.found.get(path, {}))
            found._note(path, asked)
        return found

    def memory(self) -> Memory:
        """What to keep, in an order that says nothing of the past."""
        table: dict[Question, int] = {}
        memory = Memory([], [], {}, {}, {})
        for path, file in sorted(self.files.items()):
            if file.questions:
                memory.consulted[path] = [table.setdefault(q, len(table)) for q in sorted(file.questions)]
            if file.found:
                memory.found[path] = file.found
            memory.names[path] = file.name
        memory.questions.extend(table)
        memory.answers.extend(self.answers[question] for question in table)
        return memory

    def askers(self, question: Question) -> Collection[str]:
        """The files that rest on the answer to a question."""
        return self._askers.get(question, ())

    def asked_of(self, path: str) -> Collection[Question]:
        """The questions that others asked a file."""
        return self._asked_of.get(path, ())

    def resting_on(self, paths: Iterable[str], limit: int) -> set[str] | None:
        """These files and all that look anything up in them, directly or not; None for more than so many."""
        found, queue = set(paths), list(paths)
        for path in queue:
            for asker in self._neighbours(path):
                if asker not in found:
                    found.add(asker)
                    queue.append(asker)
            if len(found) > limit:
                return None
        return found

    def _neighbours(self, path: str) -> Iterator[str]:
        if self._importers is None:
            self._importers = {}
            for importer, file in self.files.items():
                self._note_imports(importer, file)
        yield from self._importers.get(path, ())
        for question in self.asked_of(path):
            yield from self.askers(question)

    def _note_imports(self, importer: str, file: FileLookups) -> None:
        """What is not imported any more stays noted: whoever asks wants all that may rest on a file."""
        if self._importers is not None:
            for found in file.found.values():
                for path in _paths_in(found):
                    self._importers.setdefault(path, set()).add(importer)

    def add(self, path: str, file: FileLookups) -> None:
        """Note what a file looked up besides what is known of it."""
        known = self.files.setdefault(path, FileLookups(file.name))
        self._note(path, file.questions - known.questions)
        self._note_imports(path, file)
        self.files[path] = FileLookups(
            file.name, known.questions | file.questions, {**known.found, **file.found}
        )

    def replace(self, path: str, file: FileLookups) -> None:
        """Put what a file looked up now in the place of all that is known of it."""
        before = self.files[path].questions if path in self.files else set()
        self.files[path] = file
        self._note(path, file.questions - before)
        self._note_imports(path, file)
        self._forget(path, before - file.questions)

    def remove(self, path: str) -> None:
        """Forget a file; what others ask of it stays asked."""
        if path in self.files:
            self._forget(path, self.files.pop(path).questions)

    def _note(self, path: str, questions: Iterable[Question]) -> None:
        for question in questions:
            self._askers.setdefault(question, set()).add(path)
            self._asked_of.setdefault(question[1], set()).add(question)

    def _forget(self, path: str, questions: Iterable[Question]) -> None:
        for question in questions:
            askers = self._askers[question]
            askers.discard(path)
            if not askers:
                del self._askers[question]
                self._asked_of[question[1]].discard(question)
                self.answers.pop(question, None)


def _paths_in(found: str) -> Iterator[str]:
    """All that may be a path in what an import found: a path and a name, or paths by line."""
    for line in found.split("\n"):
        yield line
        yield from (line[:at] for at, character in enumerate(line) if character == " ")
