"""What a process that stays keeps of a project beside the graph: to link an edit at the cost of the edit.

All of it is of one state and moves on with it. The record has no part in this: the answer comes before the
commit, and what was not committed is found by whoever looks at the files next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import msgspec

from isg.graph.linking.lookups import Lookups
from isg.graph.linking.memory import ForeignMemory
from isg.graph.linking.project import ProjectFiles
from isg.graph.linking.update import Relinker
from isg.graph.linking.within import Within
from isg.graph.model import LinkedFile
from isg.graph.overlay import Overlay
from isg.graph.overlaying import CannotState, overlaid
from isg.graph.packing import FileRow
from isg.parsers.buildfacts import BuildFacts
from isg.parsers.content import unfit
from isg.parsers.discovery import SourceFile
from isg.parsers.facts import FileFacts
from isg.parsers.hashing import content_hash, entry_of, state_of_entries
from isg.parsers.parse import READ_IN_PARTS, Edit, parse, parse_edited
from isg.parsers.reparsing import Earlier
from isg.store.augmenters import decode_augmenters
from isg.store.collecting import uncollected
from isg.store.contents import AUGMENTING, linked_facts, remembered, stored_files, unresolved_by_file
from isg.store.database import reading
from isg.store.diagnosing import wrong_with
from isg.store.driver import Connection
from isg.store.head import FileStamp, Head
from isg.store.location import StoreLocation
from isg.store.lookups import KeptLookups
from isg.store.report import IndexDiagnostic
from isg.store.resident.facts import FactsInMemory
from isg.store.rows import project_id
from isg.store.snapshot import Snapshot


class CannotAdvance(Exception):
    """More has changed than what some source files contain, or it cannot be told so quickly."""


_MOST_PARTS = 100  # readings of a part of a file, before all is read: what it said before still takes memory

Unresolved: TypeAlias = tuple[int, str]
"""The id of the symbol that speaks of something, and the name that was not resolved."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A file as it was found now."""

    file: SourceFile
    source: bytes
    hash: bytes
    facts: FileFacts
    edit: Edit | None


class Live:
    """A project whose files are linked again as they are edited."""

    def __init__(
        self,
        root: Path,
        snapshot: Snapshot,
        project: ProjectFiles,
        facts: FactsInMemory,
        lookups: Lookups,
        unresolved: dict[str, Counter[Unresolved]],
    ) -> None:
        self._root = root
        self._graph = Overlay(snapshot.graph)
        self._head = snapshot.head
        self._project = project
        self._facts = facts
        self._relinker = Relinker(project, lookups)
        self._unresolved = unresolved
        self._texts: dict[str, bytes] = {}
        self._parts = Counter[str]()  # readings of a part of each file since all of it was read
        self._earlier: dict[str, Earlier] = {}
        stamps = snapshot.head.files
        self._entries = {path: entry_of(path, stamps[path].hash) for path in sorted(project.languages)}

    @classmethod
    def load(cls, root: Path, location: StoreLocation, snapshot: Snapshot) -> Live:
        """All that the record holds of a state; raises CannotAdvance where it is not as it should be."""
        with reading(location, snapshot.head) as connection:
            files = stored_files(connection)
            kept = remembered(connection, project_id(snapshot.graph.project))
            lookups = _read_lookups(connection, snapshot.graph.project)
            facts = FactsInMemory(linked_facts(connection))
            unresolved = unresolved_by_file(connection)
        try:
            project = ProjectFiles(
                build=msgspec.msgpack.decode(kept["build"], type=BuildFacts),
                languages={path: file.language for path, file in files.items()},
                facts=facts.definitions,
                references=facts.references,
                augmenting=decode_augmenters(kept[AUGMENTING]),
            )
        except (KeyError, LookupError, ValueError, msgspec.DecodeError) as error:
            raise CannotAdvance from error
        return cls(root, snapshot, project, facts, lookups, unresolved)

    def advance(self, changed: Collection[SourceFile]) -> Snapshot:
        """The state after the contents of some known files changed.

        Raises CannotAdvance or CannotOverlay where it has to be found by way of the record; this object is of
        no use then. OSError where a file cannot be read.
        """
        with uncollected():
            return self._advance(changed)

    def _advance(self, changed: Collection[SourceFile]) -> Snapshot:
        files = [self._read(file) for file in changed]
        if any(read.facts.augments != (read.file.path in self._project.augmenters) for read in files):
            raise CannotAdvance  # others have to be asked, too, whether it adds to them
        for read in files:
            self._facts.put(read.file.path, read.facts)
            self._texts[read.file.path] = read.source
            self._entries[read.file.path] = entry_of(read.file.path, read.hash)
        paths = {file.path for file in changed}
        if len(files) > 1 or not self._advanced_within(files[0]):
            self._overlay(files, self._relinker.relink(paths, set()))
        self._head = _head_after(self._head, self._graph, files)
        return Snapshot(self._graph, self._head)

    def _advanced_within(self, read: _Read) -> bool:
        """Whether one function was all that had to be linked again, or all was."""
        if read.edit is None:
            return False
        linked, within = self._relinker.relink_within(read.file.path, read.edit)
        try:
            self._overlay([read], linked, within)
        except CannotState:
            return False
        return True

    def _overlay(
        self, files: Sequence[_Read], linked: Sequence[LinkedFile], within: Within | None = None
    ) -> None:
        counts, unresolved = self._unresolved_now(linked, within)
        self._graph = overlaid(
            self._graph,
            linked,
            [FileRow(read.file.path, read.file.language, read.facts.lines) for read in files],
            state_of_entries(self._entries.values()),
            counts,
            within,
        )
        self._unresolved.update(unresolved)

    def keep_texts(self) -> None:
        """Take the texts of files as they stand, where that serves and they are those of this state."""
        for path, stamp in self._head.files.items():
            if stamp.language not in READ_IN_PARTS:
                continue
            try:
                source = (self._root / path).read_bytes()
            except OSError:
                continue
            if content_hash(source) == stamp.hash:
                self._texts[path] = source

    def rebase(self, snapshot: Snapshot) -> None:
        """Go on from the same state as it was packed and written meanwhile."""
        self._graph, self._head = Overlay(snapshot.graph), snapshot.head

    def _read(self, file: SourceFile) -> _Read:
        if file.path not in self._project.languages:
            raise CannotAdvance(file.path)
        source = (self._root / file.path).read_bytes()
        if unfit(source) is not None:
            raise CannotAdvance(file.path)
        facts, edit = self._parsed(file, source)
        return _Read(file, source, content_hash(source), facts, edit)

    def _parsed(self, file: SourceFile, source: bytes) -> tuple[FileFacts, Edit | None]:
        path, earlier = file.path, self._earlier.setdefault(file.path, Earlier())
        text = self._texts.get(path)
        if text is None or self._parts[path] == _MOST_PARTS:
            self._parts[path] = 0
            return parse(file.language, source, earlier), None
        self._parts[path] += 1
        return parse_edited(file.language, self._facts.standing(path), text, source, earlier)

    def _unresolved_now(
        self, linked: Iterable[LinkedFile], within: Within | None
    ) -> tuple[Mapping[str, int], Mapping[str, Counter[Unresolved]]]:
        """How many sites bear each name that was not resolved; and those of these files, by source."""
        counts, found = dict(self._graph.unresolved), dict[str, Counter[Unresolved]]()
        for file in linked:
            before, open_ = self._unresolved.get(file.path, Counter()), "unresolved"
            now = Counter((each.source, each.name) for each in file.references if each.outcome == open_)
            if within is not None:
                now.update({key: count for key, count in before.items() if key[0] not in within.symbols})
            for key in now.keys() | before.keys():
                name, more = key[1], now[key] - before[key]
                if more:
                    counts[name] = counts.get(name, 0) + more
                    if not counts[name]:
                        del counts[name]
            found[file.path] = now
        return counts, found


def _read_lookups(connection: Connection, package: str) -> Lookups:
    lookups = Lookups(KeptLookups(connection, package))
    try:
        lookups.read_all()
    except ForeignMemory as error:
        raise CannotAdvance from error
    return lookups


def _head_after(head: Head, graph: Overlay, files: Iterable[_Read]) -> Head:
    """The head of a state that is in memory only; the times of other files are those of the index."""
    paths = {read.file.path for read in files}
    found = [each for each in head.summary.diagnostics if each.path not in paths]
    for read in files:
        wrong = wrong_with(read.facts.diagnostics, len(read.facts.symbols))
        found += [IndexDiagnostic(read.file.path, *each) for each in wrong]
    summary = msgspec.structs.replace(
        head.summary,
        symbols=graph.symbol_count,
        edges=graph.meta.by_kind,
        confidence=graph.meta.by_confidence,
        diagnostics=tuple(sorted(found, key=lambda each: each.path)),
    )
    stamps = {read.file.path: FileStamp.of(read.file, read.hash) for read in files}
    return msgspec.structs.replace(head, state=graph.state, files={**head.files, **stamps}, summary=summary)
