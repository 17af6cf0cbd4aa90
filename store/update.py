"""The record and the graph of a tree, from those of the tree as it was before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec

from isg.graph.codes import HOW_CODE, symbol_codes
from isg.graph.errors import WorkFailed
from isg.graph.graph import Graph
from isg.graph.linking.library import ReadStub
from isg.graph.linking.memory import ForeignMemory
from isg.graph.linking.project import ProjectFiles
from isg.graph.linking.structural import INTERFACES
from isg.graph.model import Edge, How, Symbol
from isg.graph.packing import FileRow, Meta, Packed, pack_graph
from isg.graph.patching import CannotPatch, Edited, patch_graph, symbols_beside
from isg.parsers.buildfacts import BuildFacts
from isg.parsers.hashing import state_of
from isg.parsers.parse import parse
from isg.store import rows
from isg.store.ahead import Ahead
from isg.store.amending import amend_files, amend_stated, amend_symbols
from isg.store.bulk import (
    Writer,
    add_externals,
    clear,
    delete_files,
    forget,
    insert,
    whole_project_rows,
)
from isg.store.collecting import uncollected
from isg.store.contents import (
    Contents,
    Damaged,
    Gathered,
    Stored,
    StoredFile,
    forget_externals,
    forget_facts,
    remember,
    remember_packed,
    remembered,
    stored_files,
    unresolved_in,
)
from isg.store.diagnosing import diagnosed, understood_nothing
from isg.store.driver import Connection, Direct
from isg.store.head import ImageStamp
from isg.store.image import stamp_of, write_pieces
from isg.store.linking import Linking
from isg.store.lookups import KeptLookups
from isg.store.parsing import FactsLoader, Kept, Parsed, parse_tree
from isg.store.report import FileCounts, IndexDiagnostic, Progress, RefreshOptions, Summary
from isg.store.scan import Scan
from isg.store.spool import Spool
from isg.store.stubs import KeptStubs
from isg.store.versions import versions

Tell = Callable[[Progress], None]
Clock = Callable[[str], AbstractContextManager[None]]
Leave = Callable[[int, int], None]

_SPARE_VERSIONS = 4  # contents to keep for each file of the tree, for switching back and forth
_TELL_EVERY = 50
_VERSIONS = 500  # contents whose facts are in memory at once


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an update that is committed."""

    counts: FileCounts
    summary: Summary
    state: str
    image: Packed
    stamp: ImageStamp
    hashes: dict[str, bytes]
    skips: dict[str, str]
    linked: int

    def write_image(self, folder: Path) -> ImageStamp:
        write_pieces(folder, self.stamp, self.image.pieces)
        return self.stamp


def update(
    connection: Direct,
    folder: Path,
    scan: Scan,
    options: RefreshOptions,
    linking: Linking,
    progress: Tell,
    clock: Clock,
    base: Graph | None = None,
    leave: Leave | None = None,
) -> Outcome:
    """Bring the record up to date with a tree in one transaction, and pack the graph of it.

    ``folder`` has room for what does not belong into memory meanwhile.
    ``base`` is the graph of the record as it is, where that is at hand: what stands is taken from it.
    ``leave`` is told how many lines of how many are linked again, before any row is written.
    """
    with connection.writing():
        try:
            with uncollected(), Spool(folder) as spool:
                return _Update(connection, spool, scan, options, linking, progress, clock, base, leave).run()
        except msgspec.DecodeError as error:
            raise Damaged from error


class _Update:
    """One update of the record, in the transaction of a connection."""

    def __init__(
        self,
        connection: Connection,
        spool: Spool,
        scan: Scan,
        options: RefreshOptions,
        linking: Linking,
        progress: Tell,
        clock: Clock,
        base: Graph | None,
        leave: Leave | None,
    ) -> None:
        self.connection = connection
        self.spool = spool
        self.scan = scan
        self.options = options
        self.linking = linking
        self.progress = progress
        self.clock = clock
        self.build = scan.build()
        self.package = self.build.name
        self.project = rows.project_id(self.package)
        self.stored: dict[str, StoredFile] = stored_files(connection)
        self.kept = Kept(connection, self.stored, base)
        self.memory = remembered(connection, self.project)
        self.lookups = KeptLookups(connection, self.package)
        self._without_indexes = False
        self._base = base
        self._leave = leave
        self._edited: Edited | None = None

    def run(self) -> Outcome:
        with self.clock("parse"):
            parsed = parse_tree(self.scan, self.kept, self.options.jobs, self.progress, self.spool)
        if not parsed.versions:
            raise WorkFailed("no file of the tree could be read as source", code="no-sources")
        if parsed.skips:  # what is not linked is no root of a crate and no entry of a package
            self.build = self.scan.build(parsed.skips)
        changed = {
            path
            for path, version in parsed.versions.items()
            if path not in self.stored or self.stored[path].version != version.id
        }
        removed = set(self.stored) - set(parsed.versions)
        self._facts = FactsLoader(self.connection, parsed, self.spool)
        state = state_of((path, version.hash) for path, version in parsed.versions.items())
        contents, linked = self._link(parsed, changed, removed)
        diagnostics = self._diagnostics(parsed, changed)
        with self.clock("store"):
            self._write_project(parsed, state)
            self.progress(Progress("store"))
            with self._making_indexes():
                image = self._pack(contents, parsed, state)
            stamp = stamp_of(image.pieces)
            remember_packed(self.connection, self.project, stamp.checksum)
        counts = FileCounts(
            total=len(parsed.versions),
            parsed=parsed.parsed,
            unchanged=len(parsed.versions) - len(changed),
            removed=len(removed),
            skipped=len(self.scan.discovery.skipped) + len(parsed.skips),
        )
        summary = self._summary(image.meta, parsed, diagnostics)
        return Outcome(counts, summary, state, image, stamp, parsed.hashes, parsed.skips, linked)

    def _project_files(self, parsed: Parsed, library: ReadStub = parse) -> ProjectFiles:
        return ProjectFiles(
            build=self.build,
            languages={path: version.language for path, version in parsed.versions.items()},
            facts=self._facts,
            references=self._facts.references,
            prepare=self._facts.prefetch,
            lines={path: version.lines for path, version in parsed.versions.items()},
            library=library,
        )

    # linking, and writing what it says

    def _link(self, parsed: Parsed, changed: set[str], removed: set[str]) -> tuple[Contents, int]:
        if not self.options.full and self._can_go_on():
            try:
                return self._link_again(parsed, changed, removed)
            except ForeignMemory:
                pass
        return self._link_all(parsed)

    def _can_go_on(self) -> bool:
        """Whether the last linking was done by the same rules for the same project."""
        rules = {"versions": versions().encode(), "build": _encode(self.build)}
        return bool(self.stored) and self.memory == rules

    def _link_all(self, parsed: Parsed) -> tuple[Contents, int]:
        project, connection, total = self._project_files(parsed), self.connection, len(parsed.versions)
        with self.clock("store"):
            from isg.store.indexes import drop_indexes

            self._leave_for(parsed, parsed.versions)
            drop_indexes(connection)
            clear(connection)
            connection.exec_driver_sql("DELETE FROM projects")
            self._write_versions(parsed, set(parsed.versions))
            insert(connection, "files", self._file_rows(parsed, set(parsed.versions)))
        writer, gathered = Writer(connection, self.package), Gathered()
        linked, kept = self.linking.link_all(project)
        for done in range(1, total + 1):
            with self.clock("link"):
                file = rows.on_its_way(next(linked))
            with self.clock("store"):
                writer.add(file)
                gathered.add(file)
            if done % _TELL_EVERY == 0 or done == total:
                self.progress(Progress("link", done, total))
        with self.clock("link"):
            found = self.linking.whole_project_edges(gathered.symbols, gathered.edges())
            left = kept()
        with self.clock("store"):
            writer.add_whole_project_edges(found)
            gathered.add_whole_project_edges(found)
            writer.finish(gathered.symbols)
            self.lookups.add(left)
            self._tidy()
            gathered.add_externals(connection)
        self._without_indexes = True
        return gathered, total

    def _link_again(self, parsed: Parsed, changed: set[str], removed: set[str]) -> tuple[Contents, int]:
        connection = self.connection
        if not changed and not removed:
            return Stored(connection), 0
        project = self._project_files(parsed, KeptStubs(connection, self.project))
        with self.clock("link"):
            linked, left = self.linking.relink(project, self.lookups, changed, removed)
        replaced = {file.path for file in linked} | changed | removed
        with self.clock("store"):
            self._leave_for(parsed, (file.path for file in linked))
            self._forget_whole_project_edges()
            owners = [self.stored[path].id for path in sorted(replaced & self.stored.keys())]
            unresolved = self._standing_unresolved(owners)
            delete_files(connection, [self.stored[path].id for path in sorted(removed)])
            self._write_versions(parsed, replaced - removed)
            amend_files(connection, self._file_rows(parsed, replaced - removed))
            own = [symbol for file in linked for symbol in file.symbols]
            amend_symbols(connection, owners, ((symbol, self._owner(symbol.file or "")) for symbol in own))
            for file in linked:
                add_externals(connection, file.externals)
            for stated in map(rows.on_its_way, linked):
                amend_stated(connection, self._owner(stated.path), stated)
                if unresolved is not None:
                    unresolved.update(stated.unresolved_names())
            contents = Stored(connection, self._own_symbols(replaced, own), unresolved)
        with self.clock("link"):
            found = self._whole_project_edges(contents, own)
        with self.clock("store"):
            insert(connection, "edges", list(whole_project_rows(found, self.package)))
            left_outside = forget_externals(connection)
            self.lookups.change(left)
            self._tidy()
        self._edited = Edited(
            files=replaced,
            symbols=own,
            externals=[symbol for file in linked for symbol in file.externals],
            left=left_outside,
            edges=[*(edge for file in linked for edge in file.edges), *found],
        )
        return contents, len(linked)

    def _leave_for(self, parsed: Parsed, linked: Iterable[str]) -> None:
        """Say what goes on from here: these files are linked again, and no row is written yet."""
        if self._leave is not None:
            again = sum(parsed.versions[path].lines for path in linked)
            self._leave(again, sum(version.lines for version in parsed.versions.values()))

    def _own_symbols(self, replaced: set[str], own: Sequence[Symbol]) -> Callable[[], list[Symbol]] | None:
        """What all files define: those that stand as the graph before says, without reading the record."""
        base = self._base
        return None if base is None else lambda: [*symbols_beside(base, replaced), *own]

    def _forget_whole_project_edges(self) -> None:
        """Delete the edges that only the project as a whole can tell, where the graph before has any."""
        if self._base is None or HOW_CODE[How.STRUCTURAL] in bytes(self._base.arc_how):
            self.connection.exec_driver_sql("DELETE FROM edges WHERE ordinal < 0")

    def _whole_project_edges(self, contents: Stored, own: Iterable[Symbol]) -> tuple[Edge, ...]:
        """Edges that only the project as a whole can tell: none where nothing can be satisfied unsaid."""
        if self._base is not None:
            kinds = bytes(self._base.node_kind)
            before = any(code in kinds for code in symbol_codes(INTERFACES))
            if not before and INTERFACES.isdisjoint(symbol.kind for symbol in own):
                return ()
        return self.linking.whole_project_edges(contents.own, contents.edges())

    def _standing_unresolved(self, replaced: list[int]) -> Counter[str] | None:
        """The names that were not resolved in files that stay as they are, by the graph before."""
        if self._base is None:
            return None
        return Counter(self._base.unresolved) - unresolved_in(self.connection, replaced)

    @contextmanager
    def _making_indexes(self) -> Iterator[None]:
        """Indexes are made in native code, while this thread does something that needs no record."""
        if not self._without_indexes:
            yield
            return
        from isg.store.indexes import create_indexes

        made = Ahead(partial(create_indexes, self.connection))
        try:
            yield
        finally:
            made.result()

    def _tidy(self) -> None:
        forget_facts(self.connection, keep=_SPARE_VERSIONS * len(self.scan.discovery.files))

    # rows

    def _write_versions(self, parsed: Parsed, paths: set[str]) -> None:
        """The rows that those of some files refer to."""
        connection, versions_ = self.connection, [parsed.versions[path] for path in sorted(paths)]
        known = sorted({version.language for version in versions_})
        insert(connection, "projects", [(self.project, self.package, "")], ignore=True)
        insert(connection, "languages", [(language,) for language in known], ignore=True)
        parsed_now = [version for version in versions_ if version.facts is not None]
        for start in range(0, len(parsed_now), _VERSIONS):
            written = [version.row() for version in parsed_now[start : start + _VERSIONS]]
            insert(connection, "file_versions", written, ignore=True)

    def _file_rows(self, parsed: Parsed, paths: set[str]) -> list[rows.Row]:
        present = ((path, parsed.versions[path]) for path in sorted(paths))
        return [
            (self._owner(path), self.project, path, version.language, version.id, version.size)
            for path, version in present
        ]

    def _owner(self, path: str) -> int:
        return rows.file_id(self.package, path)

    def _write_project(self, parsed: Parsed, state: str) -> None:
        connection = self.connection
        named = (state, self.package, self.project)
        connection.exec_driver_sql("UPDATE projects SET state = ?, name = ? WHERE id = ?", named)
        forget(connection, "project_languages", "project_id = ?", [(self.project,)])
        counted = Counter(version.language for version in parsed.versions.values())
        insert(
            connection,
            "project_languages",
            [(self.project, language, count) for language, count in sorted(counted.items())],
        )
        values = {
            "versions": versions().encode(),
            "build": _encode(self.build),
        }
        remember(connection, self.project, values)

    # the outcome

    def _diagnostics(self, parsed: Parsed, changed: set[str]) -> tuple[IndexDiagnostic, ...]:
        """What is wrong with the files of the tree; raises WorkFailed where none can be understood."""
        standing = self.scan.head.summary.diagnostics if self._base is not None and self.scan.head else None
        present = {path: version.id for path, version in parsed.versions.items()}
        found = diagnosed(self.connection, present, changed, parsed.skips, standing)
        if understood_nothing(found, len(self.scan.discovery.files)):
            raise WorkFailed(
                "nothing could be understood of any file of the tree",
                hint=f"first: {next(iter(found))}",
                code="no-symbols",
            )
        return tuple(each for of_file in found.values() for each in of_file)

    def _pack(self, contents: Contents, parsed: Parsed, state: str) -> Packed:
        listed = [
            FileRow(path, version.language, version.lines)
            for path, version in sorted(parsed.versions.items())
        ]
        if self._base is not None and self._edited is not None and self._base.project == self.package:
            try:
                return patch_graph(self._base, self._edited, state, contents.unresolved, listed)
            except CannotPatch:
                pass
        edges, unresolved = contents.state_edges, contents.unresolved
        return pack_graph(self.package, state, contents.symbols, edges, unresolved, listed)

    def _summary(self, meta: Meta, parsed: Parsed, diagnostics: tuple[IndexDiagnostic, ...]) -> Summary:
        counted = Counter(version.language for version in parsed.versions.values())
        return Summary(
            project=self.package,
            symbols=meta.symbols,
            edges=meta.by_kind,
            confidence=meta.by_confidence,
            languages=dict(sorted(counted.items())),
            diagnostics=diagnostics,
        )


def _encode(build: BuildFacts) -> bytes:
    return msgspec.msgpack.encode(build)
