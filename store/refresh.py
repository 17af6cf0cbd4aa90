"""Bringing an index up to date with a tree: what has changed is parsed, linked and written, all or nothing.

The record is written in one transaction, then the image under a new name, then the head that names it; each
step leaves a whole index behind if it is the last one. A first index is made as a draft beside its place.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from sqlalchemy.exc import DBAPIError

from isg.store import dialect
from isg.store.contents import Damaged
from isg.store.database import Migrate, open_store
from isg.store.freshness import usable
from isg.store.head import Head, read_head, write_head
from isg.store.image import DamagedImage, map_image, remove_others
from isg.store.linking import Linking, ProjectLinking
from isg.store.location import StoreLocation, cannot_write
from isg.store.lock import writing
from isg.store.report import (
    FileCounts,
    IndexReport,
    Progress,
    RefreshOptions,
    Seconds,
    Summary,
)
from isg.store.scan import Scan, require_folder, restamp, scan
from isg.store.snapshot import load_graph
from isg.store.update import Outcome, update
from isg.store.versions import versions

__all__ = ["IndexReport", "Progress", "RefreshOptions", "refresh"]

Tell = Callable[[Progress], None]


def refresh(
    root: Path,
    location: StoreLocation,
    options: RefreshOptions,
    progress: Tell,
    migrate: Migrate,
    linking: Linking | None = None,
) -> IndexReport:
    """Bring the index at a location up to date with the tree at ``root``, and say what was done.

    Raises an IsgError where that cannot be done; the index is then what it was.
    """
    job = _Job(root, location, options, progress, migrate, linking or ProjectLinking(options.jobs))
    if options.dry_run:
        return job.preview()
    require_folder(root)
    if not location.exists:
        job.look()  # nothing is made where there is nothing to index
    location.prepare()
    with _explained(location), writing(location, options.patience) as now:
        try:
            return job.run(now)
        except (DBAPIError, sqlite3.DatabaseError, UnicodeDecodeError, Damaged) as error:
            if isinstance(error, DBAPIError | sqlite3.Error) and not dialect.is_damage(error):
                raise
            return job.rebuild(now)


@contextmanager
def _explained(location: StoreLocation) -> Iterator[None]:
    """Turns what the database and the file system say into what the user can do."""
    try:
        yield
    except OSError as error:
        raise cannot_write(location.folder, error) from error
    except (DBAPIError, sqlite3.Error) as error:
        raise dialect.explain(error, location.folder) from error


@dataclass(slots=True)
class _Clock:
    """Seconds by stage."""

    spent: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.spent[stage] = self.spent.get(stage, 0.0) + time.perf_counter() - start

    def seconds(self) -> Seconds:
        return msgspec.convert({stage: round(spent, 4) for stage, spent in self.spent.items()}, Seconds)


class _Job:
    """One run over one tree."""

    def __init__(
        self,
        root: Path,
        location: StoreLocation,
        options: RefreshOptions,
        progress: Tell,
        migrate: Migrate,
        linking: Linking,
    ) -> None:
        self.root = root
        self.location = location
        self.options = options
        self.progress = progress
        self.migrate = migrate
        self.linking = linking
        self.clock = _Clock()
        self.warnings: list[str] = []

    def look(self) -> Scan:
        """The tree as it is now, compared with the index."""
        self.progress(Progress("discover"))
        with self.clock("discover"):
            head = read_head(self.location.head)
            known = head if usable(head, self.root) else None
            return scan(self.root, known, self.options.discovery or (head.options if head else None))

    def preview(self) -> IndexReport:
        """What a run would find to do."""
        found = self.look()
        difference = found.difference
        total = len(found.discovery.files)
        parsed = total if difference is None or self.options.full else len(difference.changed)
        removed = 0 if difference is None else len(difference.removed)
        counts = FileCounts(total, parsed, total - parsed, removed, len(found.discovery.skipped))
        summary = found.head.summary if found.head is not None else Summary()
        return self._report(found, counts, summary, found.head.state if found.head is not None else "")

    def run(self, now: int) -> IndexReport:
        found = self.look()
        if found.fresh and not self.options.full and self._whole(found.head):
            return self._unchanged(found, now)
        draft = not _holds_anything(self.location.database)
        database = self.location.draft if draft else self.location.database
        dialect.delete(self.location.draft)
        if draft and self.location.head.exists():
            self.warnings.append("the index was incomplete: it was made again")
        options = self.options if draft else self._options_for(database)
        engine = open_store(database, self.migrate, draft=draft)
        try:
            base = None if draft or options.full else load_graph(self.location)
            outcome = update(engine, found, options, self.linking, self.progress, self.clock, base)
            with self.clock("store"):
                if draft:
                    dialect.publish_draft(engine, self.location.draft, self.location.database)
        finally:
            engine.dispose()
        with self.clock("store"):
            self._publish(found, now, outcome)
        return self._report(found, outcome.counts, outcome.summary, outcome.state, outcome)

    def rebuild(self, now: int) -> IndexReport:
        """Make a damaged index again from nothing."""
        self.warnings.append("the index was damaged: it was made again from the sources")
        dialect.delete(self.location.database)
        self.location.head.unlink(missing_ok=True)
        remove_others(self.location.folder, None)
        return self.run(now)

    def _options_for(self, database: Path) -> RefreshOptions:
        """What was asked for; all is linked again where the record is not as we left it.

        It was damaged then, or we were killed between writing it and writing the head.
        """
        head = read_head(self.location.head)
        if head is not None and head.record in (b"", dialect.file_hash(database)):
            return self.options
        return msgspec.structs.replace(self.options, full=True)

    def _whole(self, head: Head | None) -> bool:
        """Whether all that the head speaks of is there."""
        if head is None or not self.location.database.is_file():
            return False
        try:
            map_image(self.location.folder, head.image)
        except DamagedImage:
            self.warnings.append("the graph image was damaged: it was made again")
            return False
        return True

    def _unchanged(self, found: Scan, now: int) -> IndexReport:
        """Nothing to do but to note the new times of files that were only touched."""
        head, difference = found.head, found.difference
        assert head is not None and difference is not None
        if difference.touched:
            restamp(found, self.location, now)
        skipped = sum(1 for stamp in head.files.values() if stamp.skip)
        total = len(head.files) - skipped
        counts = FileCounts(total, 0, total, 0, len(found.discovery.skipped) + skipped)
        return self._report(found, counts, head.summary, head.state)

    def _publish(self, found: Scan, now: int, outcome: Outcome) -> None:
        head = Head(
            root=str(self.root),
            versions=versions(),
            options=found.options,
            stamp=now,
            state=outcome.state,
            image=outcome.write_image(self.location.folder),
            files=found.stamps(outcome.hashes, outcome.skips),
            build=found.build_stamps(),
            summary=outcome.summary,
            record=dialect.seal(self.location.database),
        )
        write_head(self.location.head, head)
        remove_others(self.location.folder, head.image)

    def _report(
        self,
        found: Scan,
        counts: FileCounts,
        summary: Summary,
        state: str,
        outcome: Outcome | None = None,
    ) -> IndexReport:
        skips = outcome.skips if outcome is not None else {}
        skipped = [(skip.path, str(skip.reason)) for skip in found.discovery.skipped]
        silent = [each.path for each in summary.diagnostics if each.code in ("no-symbols", "not-parsed")]
        if silent:
            first = ", ".join(silent[:3]) + (f" and {len(silent) - 3:,} more" if len(silent) > 3 else "")
            self.warnings.append(f"nothing could be understood of {first}")
        return IndexReport(
            files=counts,
            symbols=summary.symbols,
            edges=summary.edges,
            confidence=summary.confidence,
            languages=summary.languages,
            seconds=self.clock.seconds(),
            diagnostics=summary.diagnostics,
            skipped=tuple(sorted([*skipped, *skips.items()])),
            warnings=tuple(self.warnings),
            state=state,
            linked=outcome.linked if outcome is not None else 0,
        )


def _holds_anything(database: Path) -> bool:
    try:
        return database.stat().st_size > 0
    except FileNotFoundError:
        return False
