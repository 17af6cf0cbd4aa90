"""What the files of a linked project looked up in each other, and what was answered then.

It can be asked in both directions and changed file by file; what is kept of a file is read when it is asked
for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from isg.graph.linking.memory import AskedRow, FileMemory, ForeignMemory, Kept, Question, memory_of

_NOTHING: Mapping[str, bytes] = {}
_NOWHERE = -1


class FileLookups(msgspec.Struct):
    """What one file looked up: in others, and where its imports lead; and what its name rests on."""

    name: str = ""
    questions: set[Question] = msgspec.field(default_factory=set)
    found: dict[str, str] = msgspec.field(default_factory=dict)


class _Askers:
    """Who rests on what others asked a file, by question; in the form that was kept until somebody asks."""

    __slots__ = ("_names", "_path", "_rows")

    def __init__(self, path: str = "", names: Sequence[str] = (), rows: Iterable[AskedRow] = ()) -> None:
        """``rows`` have the places of askers in ``names``; ``path`` is that of the file."""
        self._path = path
        self._names = names
        self._rows: dict[Question, set[str] | list[int]] = {question: who for question, _, who in rows}

    def __bool__(self) -> bool:
        return bool(self._rows)

    def __iter__(self) -> Iterator[Question]:
        return iter(self._rows)

    def of(self, question: Question) -> Collection[str]:
        """Who asked a question; raises ForeignMemory."""
        who = self._rows.get(question, ())
        return self._read(question, who) if isinstance(who, list) else who

    def asked_by(self, path: str) -> Iterator[Question]:
        """What a file asked."""
        place = self._names.index(path) if path in self._names else _NOWHERE
        for question, who in self._rows.items():
            if (place if isinstance(who, list) else path) in who:
                yield question

    def add(self, question: Question, path: str) -> None:
        who = self._rows.setdefault(question, set())
        (self._read(question, who) if isinstance(who, list) else who).add(path)

    def discard(self, question: Question, path: str) -> bool:
        """Whether nobody asks it any more, now that one does not."""
        who = self._rows[question]
        left = self._read(question, who) if isinstance(who, list) else who
        left.discard(path)
        if not left:
            del self._rows[question]
        return not left

    def _read(self, question: Question, who: Iterable[int]) -> set[str]:
        try:
            found = {self._names[place] for place in who}
        except IndexError as error:
            raise ForeignMemory(self._path) from error
        self._rows[question] = found
        return found


class _Known(msgspec.Struct):
    """All that is known of a file, or of what is none (``name`` is None) but was asked."""

    name: str | None = None
    found: dict[str, str] = msgspec.field(default_factory=dict)
    asks: set[str] = msgspec.field(default_factory=set)
    """The files that it looks anything up in, and maybe others that it did before."""
    questions: set[Question] | None = msgspec.field(default_factory=set)
    """What it looks up; None where that has to be found with those that it asks."""
    askers: _Askers = msgspec.field(default_factory=_Askers)

    @classmethod
    def of(cls, kept: FileMemory) -> _Known:
        askers = _Askers(kept.path, kept.askers, kept.asked)
        return cls(kept.name, kept.found, set(kept.asks), None, askers)


class Lookups:
    """The look-ups of all files of a project, with their answers."""

    def __init__(self, kept: Kept = _NOTHING) -> None:
        """``kept`` is what an earlier run left; to ask raises ForeignMemory where that makes no sense."""
        self.answered: dict[Question, bytes] = {}
        """The digests of answers by question, of the files that were asked for so far."""
        self._kept = kept
        self._known: dict[str, _Known] = {}
        self._changed: set[str] = set()
        self._all_read = False
        self._importers: dict[str, set[str]] | None = None  # by the path found; made when asked for

    # asking

    def files(self) -> Iterator[tuple[str, str, Mapping[str, str]]]:
        """Every file: its path, what its name rests on, and what its imports found."""
        self.read_all()
        for path, known in self._known.items():
            if known.name is not None:
                yield path, known.name, known.found

    def holds(self, path: str) -> bool:
        """Whether it is known what a file looked up."""
        return self._of(path).name is not None

    def answer(self, question: Question) -> bytes | None:
        """The digest of the answer to a question; None where nobody asked it."""
        self._of(question[1])
        return self.answered.get(question)

    def askers(self, question: Question) -> Collection[str]:
        """The files that rest on the answer to a question."""
        return self._of(question[1]).askers.of(question)

    def asked_of(self, path: str) -> Iterable[Question]:
        """The questions that others asked a file."""
        return self._of(path).askers

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
            for importer, _, found in list(self.files()):
                self._note_imports(importer, found)
        yield from self._importers.get(path, ())
        for question in self.asked_of(path):
            yield from self.askers(question)

    def _note_imports(self, importer: str, found: Mapping[str, str]) -> None:
        """What is not imported any more stays noted: whoever asks wants all that may rest on a file."""
        if self._importers is not None:
            for each in found.values():
                for path in _paths_in(each):
                    self._importers.setdefault(path, set()).add(importer)

    # changing

    def set_answer(self, question: Question, answer: bytes) -> None:
        if self.answer(question) != answer:
            self.answered[question] = answer
            self._changed.add(question[1])

    def add(self, path: str, file: FileLookups) -> None:
        """Note what a file looked up besides what is known of it."""
        known = self._of(path)
        self._put(path, file.name, {**known.found, **file.found})
        self._ask(path, (each for each in file.questions if path not in self.askers(each)))

    def replace(self, path: str, file: FileLookups) -> None:
        """Put what a file looked up now in the place of all that is known of it."""
        before = set(self._questions(path))
        self._put(path, file.name, file.found)
        self._ask(path, file.questions - before)
        self._unask(path, before - file.questions)

    def remove(self, path: str) -> None:
        """Forget a file; what others ask of it stays asked."""
        if self.holds(path):
            self._unask(path, set(self._questions(path)))
            self._put(path, None, {})

    def _put(self, path: str, name: str | None, found: dict[str, str]) -> None:
        known = self._of(path)
        if (known.name, known.found) != (name, found):
            known.name, known.found = name, found
            self._changed.add(path)
            self._note_imports(path, found)

    def _ask(self, path: str, questions: Iterable[Question]) -> None:
        known = self._of(path)
        for question in questions:
            self._of(question[1]).askers.add(question, path)
            known.asks.add(question[1])
            if known.questions is not None:
                known.questions.add(question)
            self._changed |= {path, question[1]}

    def _unask(self, path: str, questions: Iterable[Question]) -> None:
        own = self._questions(path)
        for question in questions:
            own.discard(question)
            if self._of(question[1]).askers.discard(question, path):
                self.answered.pop(question, None)
            self._changed |= {path, question[1]}
        self._of(path).asks = {question[1] for question in own}

    def _questions(self, path: str) -> set[Question]:
        """What a file looks up in others."""
        known = self._of(path)
        if known.questions is None:
            asked = (self._of(each).askers for each in known.asks)
            known.questions = {question for askers in asked for question in askers.asked_by(path)}
        return known.questions

    # what is kept

    def _of(self, path: str) -> _Known:
        known = self._known.get(path)
        if known is None:
            data = None if self._all_read else self._kept.get(path)
            known = self._known[path] = _Known() if data is None else self._taken(FileMemory.decode(data))
        return known

    def _taken(self, kept: FileMemory) -> _Known:
        self.answered.update((question, answer) for question, answer, _ in kept.asked)
        return _Known.of(kept)

    def read_all(self) -> None:
        """Read all that is kept, for what has to look at every file."""
        if not self._all_read:
            for data in self._kept.values():
                kept = FileMemory.decode(data)
                if kept.path not in self._known:
                    self._known[kept.path] = self._taken(kept)
            self._all_read, self._kept = True, _NOTHING

    def changes(self) -> dict[str, bytes | None]:
        """What to keep otherwise than before, by path; None for nothing."""
        return {path: self._kept_of(path) for path in sorted(self._changed)}

    def _kept_of(self, path: str) -> bytes | None:
        known = self._of(path)
        if known.name is None and not known.askers:
            return None
        asked = ((question, self.answered[question], known.askers.of(question)) for question in known.askers)
        return memory_of(path, known.name, known.found, known.asks, asked).encode()


def _paths_in(found: str) -> Iterator[str]:
    """All that may be a path in what an import found: a path and a name, or paths by line."""
    for line in found.split("\n"):
        yield line
        yield from (line[:at] for at, character in enumerate(line) if character == " ")
