"""Linking whole projects and bringing a linked project up to date after some files changed.

What a file looked up in other files is recorded with a digest of the answer. After a change, a file is
linked again where it changed itself or where an answer that it rests on did (early cut-off, as in Mokhov,
Mitchell, Peyton Jones, "Build Systems à la Carte", 2018). Answers are least fixed points over the present
facts, so the outcome equals that of linking everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

import msgspec
from blake3 import blake3

from isg.graph.linking.depth import deep_calls
from isg.graph.linking.linker import Linker
from isg.graph.linking.lookups import FileLookups, Lookups
from isg.graph.linking.memory import Kept, Merged, Noted, Question
from isg.graph.linking.project import ProjectFiles
from isg.graph.linking.semantics import ASKERS_OWN
from isg.graph.linking.symbols import symbols_of
from isg.graph.linking.values import Entity
from isg.graph.linking.within import Within, is_named, lines_of, says_the_same
from isg.graph.model import LinkedFile
from isg.parsers.parse import Edit
from isg.parsers.reach import inside

_GONE = "gone"  # the answer of a file that is no more
_REACHED = 40  # files that a change may reach before it is cheaper to find out everything again
_TURNS = 500  # changes after which everything is found out again: what was forgotten still takes memory


class Update(msgspec.Struct, frozen=True):
    """The files that were linked again, and what to keep otherwise for the next time, by path.

    To know the latter takes a while, and nobody needs it to go on.
    """

    linked: tuple[LinkedFile, ...]
    kept: Callable[[], dict[str, bytes | None]]


def link_all(project: ProjectFiles) -> tuple[Iterator[LinkedFile], Callable[[], dict[str, bytes]]]:
    """Link every file, in order of path; the second part gives what to keep once all are consumed."""
    linker = Linker(project)
    linked = (linker.link(path) for path in sorted(project.languages))

    def kept() -> dict[str, bytes]:
        merged = Merged()
        merged.add(Session(linker, Lookups()).noted(sorted(project.languages)))
        return merged.kept()

    return linked, kept


def relink(project: ProjectFiles, kept: Kept, changed: AbstractSet[str], removed: AbstractSet[str]) -> Update:
    """Link again what changed and what rests on it; ``changed`` includes files that are new.

    Raises ForeignMemory where what was kept makes no sense; what to keep raises it likewise.
    """
    lookups = Lookups(kept)
    session = Session(Linker(project), lookups)
    dirty = session.dirty(changed, removed)
    linked = session.link(dirty)

    def left() -> dict[str, bytes | None]:
        session.remember(dirty, removed)
        return lookups.changes()

    return Update(linked, left)


class Relinker:
    """Links a project whenever some of its files have changed, at a cost that follows the change.

    The files of the project and its build stay; their facts are what changes. What was found out about files
    that a change does not reach is kept, where the rules of a language keep files apart so far.
    """

    def __init__(self, project: ProjectFiles, lookups: Lookups) -> None:
        self._project = project
        self._lookups = lookups
        self._linker: Linker | None = None
        self._turns = 0

    def relink(self, changed: AbstractSet[str], removed: AbstractSet[str]) -> tuple[LinkedFile, ...]:
        """The files to be linked again, linked; ``changed`` includes files that are new."""
        session = self._session(changed | removed)
        return self._linked(session, session.dirty(changed, removed), removed)

    def relink_within(self, path: str, edit: Edit) -> tuple[tuple[LinkedFile, ...], Within | None]:
        """The same after an edit within one function of a file.

        Where all else stands, the file has only what that function states, and what was edited is given.
        """
        facts, package = self._project.facts(path), self._project.package
        within = inside(facts, edit.function)
        same = says_the_same(edit, facts)
        if same and len(within) == 1:
            session = self._session_without(path)
        else:
            session = self._session({path})
            dirty = session.dirty({path}, set())
            if dirty != {path} or not (same or not is_named(facts, edit.function)):
                return self._linked(session, dirty, set()), None
        symbols = symbols_of(session.linker.module(path), package)
        linked = session.linker.link_within(path, symbols, within)
        session.remember(())
        ids = {symbols[index].id: index for index in within}
        stood = lines_of(edit.before, edit.function)
        return (linked,), Within(symbols[edit.function].id, ids, stood, edit.lines)

    def _session(self, paths: AbstractSet[str]) -> Session:
        """One that forgets what rests on these files, or all where that is not worth it."""
        kept = self._kept()
        reached = None if kept is None else self._lookups.resting_on(paths, _REACHED)
        return self._begun(kept if kept and reached is not None and kept.forget(reached) else None)

    def _session_without(self, path: str) -> Session:
        """One that keeps all that was found out, where only what a function does by itself is another."""
        kept = self._kept()
        if kept is not None:
            kept.renew(path)
        return self._begun(kept)

    def _kept(self) -> Linker | None:
        """The linker of before; None where all is to be found out again."""
        self._turns += 1
        return None if self._turns % _TURNS == 0 else self._linker

    def _begun(self, kept: Linker | None) -> Session:
        self._linker = kept or Linker(self._project)
        return Session(self._linker, self._lookups)

    def _linked(
        self, session: Session, dirty: AbstractSet[str], removed: AbstractSet[str]
    ) -> tuple[LinkedFile, ...]:
        linked = session.link(dirty)
        session.remember(dirty, removed)
        return linked


class Session:
    """The look-ups of before against the present state: what must be linked again, what to remember."""

    def __init__(self, linker: Linker, lookups: Lookups) -> None:
        self.linker = linker
        self.lookups = lookups
        self._digests: dict[Question, bytes] = {}
        self._texts: dict[Entity, str] = {}  # what stands for an entity in a digest

    # what must be linked again

    @deep_calls()
    def dirty(self, changed: AbstractSet[str], removed: AbstractSet[str]) -> set[str]:
        lookups, present = self.lookups, self.linker.project.languages
        dirty = {path for path in changed if path in present} | self._misplaced(changed, removed)
        queue = sorted(dirty | set(removed))
        while queue:
            path = queue.pop()
            for question in sorted(lookups.asked_of(path)):
                if self.digest(question) == lookups.answer(question):
                    continue
                for asker in sorted(lookups.askers(question)):
                    if asker not in dirty and asker in present:
                        dirty.add(asker)
                        queue.append(asker)
        return dirty

    def _misplaced(self, changed: AbstractSet[str], removed: AbstractSet[str]) -> set[str]:
        """Files whose name changed, or whose imports find other files, now that some came or went."""
        lookups, linker = self.lookups, self.linker
        if not removed and not any(map(self._comes_or_goes, changed)):
            return set()
        present = linker.project.languages
        return {
            path
            for path, name, found in lookups.files()
            if path in present
            and (
                _naming(linker, path) != name
                or any(_find(linker, path, key) != answer for key, answer in found.items())
            )
        }

    def _comes_or_goes(self, changed: str) -> bool:
        """Whether look-ups may find a changed file that did not find it before, or do so no more."""
        return not self.lookups.holds(changed) or self.linker.semantics(changed).is_found_by_content(changed)

    def link(self, dirty: Iterable[str]) -> tuple[LinkedFile, ...]:
        """These files, linked."""
        return tuple(self.linker.link(path) for path in sorted(dirty))

    # what is remembered

    @deep_calls()
    def remember(self, linked: Iterable[str], removed: Iterable[str] = ()) -> None:
        """Note what these files looked up as they were linked; that of others stands, and may have grown."""
        lookups, fresh = self.lookups, set(linked)
        self._answer_all(fresh)
        renewed = {path: self._looked_up(path) for path in sorted(fresh | self.linker.consulted.keys())}
        for path, file in renewed.items():  # before any is forgotten: what is still asked keeps its answer
            lookups.add(path, file)
        for path in sorted(fresh):
            lookups.replace(path, renewed[path])
        for path in removed:
            lookups.remove(path)
        for file in renewed.values():
            for question in file.questions & self._digests.keys():
                lookups.set_answer(question, self._digests[question])

    @deep_calls()
    def noted(self, linked: Sequence[str]) -> Noted:
        """What was looked up since the last time, when these files were linked."""
        self._answer_all(set(linked))
        noted = Noted([], [], {}, {}, {path: _naming(self.linker, path) for path in linked})
        table: dict[Question, int] = {}
        for path, asked in self.linker.consulted.items():
            noted.found[path] = {}
            noted.consulted[path] = indexes = list[int]()
            for question in asked:
                if question[0] in ASKERS_OWN:
                    key = "\0".join(question)
                    noted.found[path][key] = _find(self.linker, path, key)
                else:
                    indexes.append(table.setdefault(question, len(table)))
        noted.questions.extend(table)
        noted.answers.extend(self._digests[question] for question in table)
        return noted

    def _looked_up(self, path: str) -> FileLookups:
        asked = self.linker.consulted.get(path, {})
        keys = ["\0".join(question) for question in asked if question[0] in ASKERS_OWN]
        return FileLookups(
            name=_naming(self.linker, path),
            questions={question for question in asked if question[0] not in ASKERS_OWN},
            found={key: _find(self.linker, path, key) for key in keys},
        )

    def _answer_all(self, fresh: set[str]) -> None:
        """Answer what was newly asked; answering may ask more, until nothing new is asked."""
        lookups, digests = self.lookups, self._digests
        answered = lookups.answered
        while True:
            open_ = {
                q
                for questions in self.linker.consulted.values()
                for q in questions
                if q not in digests
                and q[0] not in ASKERS_OWN
                and (q[1] in fresh or (q not in answered and lookups.answer(q) is None))
            }
            if not open_:
                return
            for question in sorted(open_):
                self.digest(question)

    def _answer(self, path: str, question: Question) -> list[str]:
        semantics, module = self.linker.semantics(path), self.linker.module(path)
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
            parts = self._answer(path, question) if path in self.linker.project.languages else [_GONE]
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
