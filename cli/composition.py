"""The composition root: the one place that knows all the parts and puts them together.

Opens a project, sees that its index is as fresh as the policy wants it, and hands commands a graph.
What needs SQLAlchemy is imported only where something has changed: a query about an unchanged tree maps
the graph's image and reads nothing else.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from isg.cli.answer import Answer, Project
from isg.cli.caller import NotServed, caller
from isg.cli.options import Common, confidence
from isg.cli.streams import say
from isg.graph.errors import (
    LockTimeout,
    NotFound,
    RecordDamaged,
    RecordMoved,
    StaleIndex,
    UsageError,
    WorkFailed,
)
from isg.graph.queries.bound import Bound, Notice, asked_names

if TYPE_CHECKING:
    from isg.cli.comparison import Difference
    from isg.graph.graph import Graph
    from isg.graph.history import History
    from isg.graph.model import Confidence, Symbol
    from isg.store.location import StoreLocation
    from isg.store.references import References
    from isg.store.report import IndexReport, RefreshOptions
    from isg.store.resident.project import Resident
    from isg.store.snapshot import Snapshot
    from isg.store.source import SourceText
    from isg.store.words import Filters, Found

_MENDING = "isg index brings it up to date"
QUERY_PATIENCE = 2.0  # seconds that a query waits for another process that is indexing
_BUSY = Notice("stale", "another process is bringing the index up to date just now")
_ATTEMPTS = 8  # to answer from one state, while others bring the index up to date
_PAUSE = 0.05  # seconds between them, longer each time


class Workspace:
    """A project that a command works on; its graph is opened at the first question."""

    def __init__(self, common: Common, root: str | None = None) -> None:
        from isg.store.location import find_root, locate

        self.common = common
        self.here = _folder(root or common.project)
        self.root = self.here if root else find_root(self.here)
        self.location: StoreLocation = locate(self.root, common.db and _db_folder(common.db))
        asker = caller()
        if asker.only and asker.resident is not None:
            self.root, self.location = asker.resident.root, asker.resident.location
        self.warnings: list[Notice] = []
        self._refreshed = False  # by this very command: then nobody looks at all files once more

    @property
    def graph(self) -> Graph:
        """The graph, as fresh as the policy asks for."""
        return self.snapshot.graph

    @cached_property
    def snapshot(self) -> Snapshot:
        """The state of the index that all of an answer is about."""
        from isg.store.snapshot import load_state

        resident = caller().resident
        if resident is not None:
            return self._snapshot_of(resident)
        self._mend()
        found = load_state(self.location)
        if self.common.stale == "refresh" and not self._is_ours(found):
            # Damaged, or another project's by now, though stat saw nothing.
            self._say_warnings(self.refresh())
            found = load_state(self.location)
        if found is None:
            raise StaleIndex("there is no index yet", hint="isg index makes one", code="not-indexed")
        if self.common.stale == "refresh" and not self._is_ours(found):
            raise WorkFailed(
                f"another project keeps its index in {self.location.folder}",
                hint="give each project a --db FOLDER of its own",
            )
        return found

    def _snapshot_of(self, resident: Resident) -> Snapshot:
        """The state that a server holds in memory; raises NotServed where only the index itself will do."""
        if self.common.stale != "refresh" or (resident.root, resident.location) != (self.root, self.location):
            raise NotServed
        try:
            return resident.refresh().snapshot
        except LockTimeout:
            if resident.snapshot is None:
                raise
            self.warnings.append(_BUSY)
            return resident.snapshot

    @property
    def settled(self) -> Snapshot:
        """The state that all of an answer is about, with the record holding it too; raises RecordMoved."""
        resident, found = caller().resident, self.snapshot
        if resident is not None and resident.settle().graph is not found.graph:
            raise RecordMoved("the index was brought up to date meanwhile", hint="ask again")
        return found

    def history(self, since: int) -> History | None:
        """What commits changed, by the symbols of the snapshot."""
        from isg.store.history.opening import open_history

        return open_history(self.root, self.location, self.snapshot, since)

    def _is_ours(self, found: Snapshot | None) -> bool:
        return found is not None and found.head.root == str(self.root)

    def look_again(self, error: RecordDamaged | RecordMoved, attempt: int) -> None:
        """Get ready to answer once more, as the record is not that of the graph; raises what it cannot mend.

        A record that moved is followed by a head in a moment, unless its writer died in between.
        """
        refresh = self.common.stale == "refresh"
        if attempt > _ATTEMPTS:
            raise error
        if isinstance(error, RecordMoved) and attempt < _ATTEMPTS:
            time.sleep(attempt * _PAUSE)
        elif caller().resident is not None:
            raise NotServed  # the writer of a server has no part in this: whoever asks mends it
        elif refresh:
            self._say_warnings(self.refresh(full=True))
        else:
            raise error
        self.forget()

    def forget(self) -> None:
        """Look at everything again for the next question."""
        self.warnings.clear()
        self._refreshed = False
        self.__dict__.pop("snapshot", None)

    def _mend(self) -> None:
        """Bring the index up to date, or say that it is not."""
        policy = self.common.stale
        if self._refreshed or policy == "ignore" or self.is_fresh():
            return
        if policy == "refresh":
            self._catch_up()
        elif policy == "error":
            raise StaleIndex("the index is missing or older than the files", hint=_MENDING)
        else:
            self.warnings.append(Notice("stale", f"the index is older than the files: {_MENDING}"))

    def _catch_up(self) -> None:
        """Bring the index up to date, or say that it is old while another process does so."""
        from isg.store.report import RefreshOptions

        if not self.location.head.exists():
            self._say_warnings(self.refresh())
            return
        try:
            self._say_warnings(self._refresh(self.location, RefreshOptions(patience=QUERY_PATIENCE)))
        except LockTimeout:
            self.warnings.append(_BUSY)

    def is_fresh(self) -> bool:
        from isg.store.freshness import is_fresh

        return is_fresh(self.root, self.location)

    def refresh(
        self, full: bool = False, jobs: int | None = None, dry_run: bool = False, afresh: bool = False
    ) -> IndexReport:
        """Bring the index up to date with the tree."""
        from isg.store.report import RefreshOptions

        options = RefreshOptions(full=full, jobs=jobs, dry_run=dry_run, afresh=afresh)
        report = self._refresh(self.location, options)
        self._refreshed = not dry_run
        return report

    def differences(self, jobs: int | None = None) -> tuple[Difference, ...]:
        """The first differences of the index from one made from nothing; none where they are the same."""
        from isg.cli.comparison import compare
        from isg.store.report import RefreshOptions

        return compare(self.location, lambda place: self._refresh(place, RefreshOptions(jobs=jobs)))

    def _refresh(self, location: StoreLocation, options: RefreshOptions) -> IndexReport:
        from isg.cli.progress import progress
        from isg.migrations import upgrade
        from isg.store.refresh import refresh

        with progress(quiet=self.common.quiet) as tell:
            return refresh(self.root, location, options, tell, upgrade)

    @cached_property
    def unread(self) -> str:
        """The files of languages that isg does not read, counted; empty where there are none.

        Only what has nothing else to answer asks for it: but for a server, it looks at the whole tree.
        """
        resident = caller().resident
        counts = resident.unread if resident is not None and resident.root == self.root else None
        if counts is None:
            counts = self._count_unread()
        return ", ".join(f"{count:,} of {language}" for language, count in counts.items())

    def _count_unread(self) -> Mapping[str, int]:
        from isg.parsers.discovery import DiscoveryOptions, count_unread
        from isg.store.head import read_head

        head = read_head(self.location.head)
        return count_unread(self.root, DiscoveryOptions() if head is None else head.options)

    def _say_warnings(self, report: IndexReport) -> None:
        """Tell what a query's refresh found; it is no part of the query's answer."""
        for warning in () if self.common.quiet else report.warnings:
            say(f"isg: warning: {warning}")


class Ask:
    """One question to a workspace: what the body of a command works with."""

    def __init__(self, workspace: Workspace, common: Common) -> None:
        self.workspace = workspace
        self.common = common
        self.asked: list[int] = []

    @property
    def graph(self) -> Graph:
        return self.workspace.graph

    @property
    def root(self) -> Path:
        return self.workspace.root

    @property
    def format(self) -> str:
        """The format that was asked for; nothing where it is that of the command."""
        return self.common.format or ("json" if self.common.json else "")

    @property
    def min_confidence(self) -> Confidence:
        return confidence(self.common.min_confidence)

    @property
    def limit(self) -> int:
        return self.common.limit or 0

    @property
    def warnings(self) -> tuple[Notice, ...]:
        if not self.without_text:
            return tuple(self.workspace.warnings)
        first, more = self.without_text[0], len(self.without_text) - 1
        files, its = (f"{first} and {more:,} more files have", "their") if more else (f"{first} has", "its")
        changed = Notice("stale", f"{files} changed since the index was made: {its} text is left out")
        return (*self.workspace.warnings, changed)

    @property
    def without_text(self) -> Sequence[str]:
        """The files whose text was asked for and is not that of the index any more."""
        text: SourceText | None = self.__dict__.get("_text")
        return () if text is None else sorted(text.changed)

    def project(self) -> Project:
        graph = self.graph
        return Project(graph.project, graph.state, graph.file_count, graph.symbol_count, graph.edge_count)

    def nodes(self, selectors: Sequence[str]) -> tuple[int, ...]:
        """The nodes that the selectors stand for, each once, in their order.

        Raises NotFound or AmbiguousSymbol for the first selector that stands for none or too many.
        """
        from isg.graph.select import select

        if not selectors:
            raise UsageError("no SYMBOL given")
        try:
            found = [select(self.graph, self._from_root(text), all=self.common.all) for text in selectors]
        except NotFound as error:
            if error.code == NotFound.code and self.workspace.unread:
                gap = f"files that isg does not read: {self.workspace.unread}"
                error.hint = f"{error.hint}; {gap}" if error.hint else gap
            raise
        nodes = tuple(dict.fromkeys(node for group in found for node in group))
        self.asked.extend(nodes)
        return nodes

    def gap(self, answer: Answer) -> tuple[Notice, ...]:
        """What an empty answer may lack because files are in languages that isg does not read."""
        looked = any(notice.code == "none" for notice in answer.warnings)
        if answer.results or not looked or not self.workspace.unread:
            return ()
        return (Notice("language_gap", f"files that isg does not read: {self.workspace.unread}"),)

    def next_step(self, bound: Bound) -> str:
        """The command that lists the unresolved sites that the bound of an answer counts."""
        if not bound.unresolved:
            return ""
        counted = " ".join(bound.why)
        names = [name for name in asked_names(self.graph, self.asked) if f'"{name}"' in counted]
        unresolved = self.graph.unresolved
        best = min(names, key=lambda name: (-unresolved.get(name, 0), name), default="")
        return f"isg refs --unresolved {best}" if best else ""

    def history(self, since: int = 0) -> History | None:
        """What commits changed, back at least to a time (seconds since 1970); None without git."""
        return self.workspace.history(since)

    @cached_property
    def _text(self) -> SourceText:
        from isg.store.source import SourceText

        return SourceText(self.root, self.workspace.snapshot.head)

    @property
    def source(self) -> Callable[[Symbol], str | None]:
        """The source text of a symbol, as it was indexed."""
        return self._text.of

    def line(self, path: str, number: int) -> str | None:
        """A line of a file, as it was indexed."""
        return self._text.line(path, number)

    def search(self, text: str, filters: Filters) -> Found:
        """The symbols whose words match a text."""
        from isg.store.words import search

        return search(self.workspace.location.folder, self.workspace.snapshot, text, filters)

    def references(self) -> References:
        """The sites of the record, also those that nothing is known of; asking opens the database."""
        from isg.store.references import References

        return References(self.workspace.location, self.workspace.settled.head)

    def _from_root(self, selector: str) -> str:
        """A path as it was typed (absolute, or in a folder below the root), from the root."""
        here, root = self.workspace.here, self.root
        found = _PATH.fullmatch(selector)
        if found is None or (here == root and not Path(found["path"]).is_absolute()):
            return selector
        path = here / found["path"]
        try:
            return path.resolve(strict=True).relative_to(root).as_posix() + found["place"]
        except (OSError, RuntimeError, ValueError):
            return selector


_PATH = re.compile(r"(?P<path>.*[./\\].*?)(?P<place>(:\d+){0,2})", re.DOTALL)


def _db_folder(text: str) -> Path:
    return caller().at(Path(text).expanduser())


def _folder(text: str | None) -> Path:
    """The folder that a command is about; raises NotFound and UsageError."""
    given = Path(text or ".")
    folder = caller().at(given)
    if not folder.exists():
        raise NotFound(f"no such folder: {given}", code="no-such-folder")
    if not folder.is_dir():
        raise UsageError(f"not a folder: {given}", hint="give the project's root")
    try:
        return folder.resolve()
    except (OSError, RuntimeError) as error:
        raise WorkFailed(f"cannot resolve {given}: {error}") from error
