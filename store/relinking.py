"""Linking again what an edit has to do with, in the record of a project that was linked by the same rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager

import msgspec

from isg.graph.codes import HOW_CODE, symbol_codes
from isg.graph.graph import Graph
from isg.graph.linking.project import ProjectFiles
from isg.graph.linking.structural import INTERFACES
from isg.graph.model import How, LinkedFile, Symbol
from isg.graph.patching import Edited, symbols_beside
from isg.store import rows
from isg.store.amending import amend_files, amend_stated, amend_symbols
from isg.store.aside import Aside
from isg.store.bulk import add_externals, delete_files, insert, whole_project_rows
from isg.store.contents import (
    Contents,
    Stored,
    StoredFile,
    forget_externals,
    pointed_at,
    unresolved_in,
)
from isg.store.driver import Connection
from isg.store.filing import Filing
from isg.store.imaging import Imaged, Imaging
from isg.store.linking import Linking
from isg.store.lookups import KeptLookups
from isg.store.parsing import Version

Clock = Callable[[str], AbstractContextManager[None]]


class Written(msgspec.Struct, frozen=True):
    """What a record holds whose rows were written, and how many files were linked for that."""

    contents: Contents
    linked: int
    patch: Aside[Imaged] | None = None
    """The image, made of that of before; None where that is not at hand."""


class Relinking:
    """One update of a record after some files changed."""

    def __init__(
        self,
        connection: Connection,
        filing: Filing,
        linking: Linking,
        lookups: KeptLookups,
        stored: Mapping[str, StoredFile],
        base: Graph | None,
        clock: Clock,
    ) -> None:
        """``stored`` are the files of the record; ``base`` is its graph, where that is at hand."""
        self._connection = connection
        self._filing = filing
        self._linking = linking
        self._lookups = lookups
        self._stored = stored
        self._base = base
        self._clock = clock

    def run(
        self,
        project: ProjectFiles,
        versions: Mapping[str, Version],
        imaging: Imaging,
        changed: AbstractSet[str],
        removed: AbstractSet[str],
        leave: Callable[[Iterable[str]], None],
    ) -> Written:
        """Link what changed and what rests on it, and have the rows say that.

        ``leave`` is told which files are linked again, before a row is written. Raises ForeignMemory.
        """
        with self._clock("link"):
            linked, kept = self._linking.relink(project, self._lookups, changed, removed)
        replaced = {file.path for file in linked} | changed | removed
        with self._clock("store"):
            leave(file.path for file in linked)
            owners = [self._stored[path].id for path in sorted(replaced & self._stored.keys())]
            unresolved = self._unresolved_after(owners, linked)
            own = [symbol for file in linked for symbol in file.symbols]
            whole = self._is_linked_as_a_whole(own)
            loose = None if whole else self._loose(owners, linked)
            edited = Edited(
                files=replaced,
                symbols=own,
                externals=[symbol for file in linked for symbol in file.externals],
                left=frozenset(),
                edges=[edge for file in linked for edge in file.edges],
            )
            patch = None
            if loose is not None and not loose:  # then rows need not be written to know what the graph is
                patch = self._patch(imaging, edited, unresolved)
            self._forget_whole_project_edges()
            self._write(versions, owners, removed, replaced - removed, own, linked)
            contents = Stored(self._connection, self._own_symbols(replaced, own), unresolved)
        with self._clock("link"):
            found = self._linking.whole_project_edges(contents.own, contents.edges()) if whole else ()
            remembered = kept()
        with self._clock("store"):
            insert(self._connection, "edges", list(whole_project_rows(found, imaging.project)))
            left = forget_externals(self._connection, loose)
            self._lookups.change(remembered)
            if patch is None:
                edited = msgspec.structs.replace(edited, left=left, edges=[*edited.edges, *found])
                patch = self._patch(imaging, edited, unresolved)
        return Written(contents, len(linked), patch)

    # what the graph is from now on

    def _patch(
        self,
        imaging: Imaging,
        edited: Edited,
        unresolved: Mapping[str, int] | None,
    ) -> Aside[Imaged] | None:
        """The image after the edit, as far as the graph of before is at hand."""
        if self._base is None or unresolved is None or self._base.project != imaging.project:
            return None
        return imaging.following(self._base, edited, unresolved)

    def _own_symbols(
        self, replaced: AbstractSet[str], own: Sequence[Symbol]
    ) -> Callable[[], list[Symbol]] | None:
        """What all files define: those that stand as the graph before says, without reading the record."""
        base = self._base
        return None if base is None else lambda: [*symbols_beside(base, replaced), *own]

    def _unresolved_after(self, owners: Sequence[int], linked: Iterable[LinkedFile]) -> Counter[str] | None:
        """How many sites bear each name that is not resolved, as far as the graph before tells."""
        if self._base is None:
            return None
        now = (ref.name for file in linked for ref in file.references if ref.outcome == "unresolved")
        return Counter(self._base.unresolved) - unresolved_in(self._connection, owners) + Counter(now)

    def _loose(self, owners: Sequence[int], linked: Iterable[LinkedFile]) -> set[int]:
        """What files pointed at outside the project that they do not point at any more."""
        base = self._base
        assert base is not None
        nodes = {id_: base.node_of(id_) for id_ in pointed_at(self._connection, owners)}
        before = {id_ for id_, node in nodes.items() if node is not None and node in base.externals()}
        return before - {symbol.id for file in linked for symbol in file.externals}

    # edges that only the project as a whole can tell

    def _is_linked_as_a_whole(self, own: Iterable[Symbol]) -> bool:
        """Whether there may be such edges: not where nothing can be satisfied unsaid."""
        if self._base is None:
            return True
        kinds = bytes(self._base.node_kind)
        before = any(code in kinds for code in symbol_codes(INTERFACES))
        return before or not INTERFACES.isdisjoint(symbol.kind for symbol in own)

    def _forget_whole_project_edges(self) -> None:
        """Delete them, where the graph before has any."""
        if self._base is None or HOW_CODE[How.STRUCTURAL] in bytes(self._base.arc_how):
            self._connection.exec_driver_sql("DELETE FROM edges WHERE ordinal < 0")

    # rows

    def _write(
        self,
        versions: Mapping[str, Version],
        owners: Sequence[int],
        removed: Iterable[str],
        present: AbstractSet[str],
        own: Iterable[Symbol],
        linked: Sequence[LinkedFile],
    ) -> None:
        """Have the rows of files say what linking says; ``owners`` are the ids of those that had rows."""
        connection, filing = self._connection, self._filing
        delete_files(connection, [self._stored[path].id for path in sorted(removed)])
        filing.write_versions(versions, present)
        amend_files(connection, filing.file_rows(versions, present))
        amend_symbols(connection, owners, ((symbol, filing.owner(symbol.file or "")) for symbol in own))
        for file in linked:
            add_externals(connection, file.externals)
        for stated in map(rows.on_its_way, linked):
            amend_stated(connection, filing.owner(stated.path), stated)
