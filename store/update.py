"""The record of a tree, from that of the tree as it was before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import msgspec

from isg.graph.errors import WorkFailed
from isg.graph.graph import Graph
from isg.graph.linking.library import ReadStub
from isg.graph.linking.memory import ForeignMemory
from isg.graph.linking.project import ProjectFiles
from isg.graph.packing import FileRow
from isg.parsers.buildfacts import BuildFacts
from isg.parsers.hashing import state_of
from isg.parsers.parse import parse
from isg.store import rows
from isg.store.augmenters import augmenters_of, encode_augmenters
from isg.store.bulk import Writer, clear, forget, insert
from isg.store.collecting import uncollected
from isg.store.contents import (
    AUGMENTING,
    Damaged,
    Gathered,
    Stored,
    StoredFile,
    forget_facts,
    leave_mark,
    remember,
    remembered,
    stored_files,
)
from isg.store.diagnosing import diagnosed, understood_nothing
from isg.store.driver import Connection, Direct
from isg.store.filing import Filing
from isg.store.imaging import Imaging
from isg.store.linking import Linking
from isg.store.lookups import KeptLookups
from isg.store.outcome import Outcome
from isg.store.parsing import FactsLoader, Kept, Parsed, parse_tree
from isg.store.relinking import Clock, Relinking, Written
from isg.store.report import FileCounts, IndexDiagnostic, Progress, RefreshOptions
from isg.store.scan import Scan
from isg.store.spool import Spool
from isg.store.stubs import KeptStubs
from isg.store.versions import versions

Tell = Callable[[Progress], None]
Leave = Callable[[int, int], None]

_SPARE_VERSIONS = 4  # contents to keep for each file of the tree, for switching back and forth
_TELL_EVERY = 50


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
    """Bring the rows of the record up to date with a tree, in a transaction that whoever asks has to end.

    ``folder`` has room for what does not belong into memory meanwhile.
    ``base`` is the graph of the record as it is, where that is at hand: what stands is taken from it.
    ``leave`` is told how many lines of how many are linked again, before any row is written.
    """
    connection.begin()
    try:
        with uncollected(), Spool(folder) as spool:
            return _Update(
                connection, folder, spool, scan, options, linking, progress, clock, base, leave
            ).run()
    except msgspec.DecodeError as error:
        raise Damaged from error


class _Update:
    """One update of the record, in the transaction of a connection."""

    def __init__(
        self,
        connection: Connection,
        folder: Path,
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
        self.folder = folder
        self.package = self.build.name
        self.project = rows.project_id(self.package)
        self.stored: dict[str, StoredFile] = stored_files(connection)
        self.kept = Kept(connection, self.stored, base)
        self.memory = remembered(connection, self.project)
        self.lookups = KeptLookups(connection, self.package)
        self.filing = Filing(connection, self.package)
        self._base = base
        self._leave = leave

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
        kept = self.memory.get(AUGMENTING)
        self._augmenting = augmenters_of(parsed.versions, self.stored, kept, self._facts)
        state = state_of((path, version.hash) for path, version in parsed.versions.items())
        imaging = Imaging(self.folder, self.package, state, _listed(parsed))
        linked = self._link(parsed, imaging, changed, removed)
        diagnostics = self._diagnostics(parsed, changed)
        with self.clock("store"):
            forget_facts(self.connection, keep=_SPARE_VERSIONS * len(self.scan.discovery.files))
            mark = self._write_project(parsed, state)
            self.progress(Progress("store"))
        counts = FileCounts(
            total=len(parsed.versions),
            parsed=parsed.parsed,
            unchanged=len(parsed.versions) - len(changed),
            removed=len(removed),
            skipped=len(self.scan.discovery.skipped) + len(parsed.skips),
        )
        return Outcome(
            counts=counts,
            mark=mark,
            hashes=parsed.hashes,
            skips=parsed.skips,
            linked=linked.linked,
            diagnostics=diagnostics,
            imaging=imaging,
            contents=linked.contents,
            patch=linked.patch,
        )

    def _project_files(self, parsed: Parsed, library: ReadStub = parse) -> ProjectFiles:
        return ProjectFiles(
            build=self.build,
            languages={path: version.language for path, version in parsed.versions.items()},
            facts=self._facts,
            references=self._facts.references,
            prepare=self._facts.prefetch,
            lines={path: version.lines for path, version in parsed.versions.items()},
            library=library,
            augmenting=self._augmenting,
        )

    # linking, and writing what it says

    def _link(self, parsed: Parsed, imaging: Imaging, changed: set[str], removed: set[str]) -> Written:
        if not self.options.full and self._can_go_on():
            try:
                return self._link_again(parsed, imaging, changed, removed)
            except ForeignMemory:
                pass
        return self._link_all(parsed)

    def _can_go_on(self) -> bool:
        """Whether the last linking was done by the same rules for the same project."""
        return bool(self.stored) and self.memory == self._rules()

    def _rules(self) -> dict[str, bytes]:
        """What decides how each file is linked, beside the files that it looks into."""
        augmenting = encode_augmenters(self._augmenting)
        return {"versions": versions().encode(), "build": _encode(self.build), AUGMENTING: augmenting}

    def _link_all(self, parsed: Parsed) -> Written:
        project, connection, total = self._project_files(parsed), self.connection, len(parsed.versions)
        with self.clock("store"):
            from isg.store.indexes import drop_indexes

            self._leave_for(parsed, parsed.versions)
            drop_indexes(connection)
            clear(connection)
            connection.exec_driver_sql("DELETE FROM projects")
            self.filing.write_versions(parsed.versions, parsed.versions)
            insert(connection, "files", self.filing.file_rows(parsed.versions, parsed.versions))
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
            gathered.add_externals(connection)
        return Written(gathered, total)

    def _link_again(self, parsed: Parsed, imaging: Imaging, changed: set[str], removed: set[str]) -> Written:
        if not changed and not removed:
            return Written(Stored(self.connection), 0)
        project = self._project_files(parsed, KeptStubs(self.connection, self.project))
        again = Relinking(
            self.connection, self.filing, self.linking, self.lookups, self.stored, self._base, self.clock
        )
        leave = partial(self._leave_for, parsed)
        return again.run(project, parsed.versions, imaging, changed, removed, leave)

    def _leave_for(self, parsed: Parsed, linked: Iterable[str]) -> None:
        """Say what goes on from here: these files are linked again, and no row is written yet."""
        if self._leave is not None:
            again = sum(parsed.versions[path].lines for path in linked)
            self._leave(again, sum(version.lines for version in parsed.versions.values()))

    # rows

    def _write_project(self, parsed: Parsed, state: str) -> bytes:
        """Write what the record is of; gives the mark that it bears."""
        connection, rules = self.connection, self._rules()
        named = (state, self.package, self.project)
        connection.exec_driver_sql("UPDATE projects SET state = ?, name = ? WHERE id = ?", named)
        forget(connection, "project_languages", "project_id = ?", [(self.project,)])
        counted = Counter(version.language for version in parsed.versions.values())
        insert(
            connection,
            "project_languages",
            [(self.project, language, count) for language, count in sorted(counted.items())],
        )
        remember(connection, self.project, rules)
        return leave_mark(connection, self.project, versions(), state, rules["build"])

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


def _listed(parsed: Parsed) -> list[FileRow]:
    found = sorted(parsed.versions.items())
    return [FileRow(path, version.language, version.lines) for path, version in found]


def _encode(build: BuildFacts) -> bytes:
    return msgspec.msgpack.encode(build)
