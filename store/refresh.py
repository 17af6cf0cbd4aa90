"""Bringing an index up to date with a tree: what has changed is parsed, linked and written, all or nothing.

What needs the database is imported only where something has changed.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from isg.store.ahead import Ahead
from isg.store.freshness import Difference
from isg.store.head import Head
from isg.store.image import DamagedImage
from isg.store.job import Job, Tell
from isg.store.linking import Linking, ProjectLinking
from isg.store.location import StoreLocation, cannot_write
from isg.store.lock import writing
from isg.store.report import FileCounts, IndexReport, Progress, RefreshOptions, Summary
from isg.store.scan import Scan, require_folder, restamp
from isg.store.seals import UNKNOWN, seal

if TYPE_CHECKING:
    from isg.store.database import Migrate

__all__ = ["IndexReport", "Progress", "RefreshOptions", "refresh"]


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
    job = Job(root, location, options, progress, migrate, linking or ProjectLinking(options.jobs))
    if options.dry_run:
        return _preview(job)
    require_folder(root)
    found = None if location.exists else job.look()  # nothing is made where there is nothing to index
    location.prepare()
    try:
        with writing(location, options.patience) as now:
            found = found or job.look()
            anew = options.full or options.afresh
            seen = found.difference
            if not found.fresh and not anew and location.states.is_dir():
                found = _back(job, found)
            if found.fresh and not anew and _is_whole(job, found.head):
                return _unchanged(job, found, now, seen)
            return _rewrite(job, found, now)
    except OSError as error:
        raise cannot_write(location.folder, error) from error


def _rewrite(job: Job, found: Scan, now: int) -> IndexReport:
    """Write what has changed; a record that must be hashed is while what this takes is imported and read."""
    database, known = job.location.database, found.head.record if found.head else UNKNOWN
    sealed = Ahead(partial(seal, database, known)) if database.is_file() else None
    from isg.store.rewrite import rewrite

    return rewrite(job, found, now, sealed)


def _preview(job: Job) -> IndexReport:
    """What a run would find to do."""
    found = job.look()
    difference = found.difference
    total = len(found.discovery.files)
    parsed = total if difference is None or job.options.full else len(difference.changed)
    removed = 0 if difference is None else len(difference.removed)
    counts = FileCounts(total, parsed, total - parsed, removed, len(found.discovery.skipped))
    summary = found.head.summary if found.head is not None else Summary()
    return job.report(found, counts, summary, found.head.state if found.head is not None else "")


def _is_whole(job: Job, head: Head | None) -> bool:
    """Whether all that the head speaks of is there."""
    if head is None or not job.location.database.is_file():
        return False
    try:
        job.image(head.image)
    except DamagedImage:
        job.warnings.append("the graph image was damaged: it was made again")
        return False
    return True


def _back(job: Job, found: Scan) -> Scan:
    """What is left to do after going back to a state that the index was of before, where that is less."""
    from isg.store.states import go_back

    with job.clock("store"):
        return go_back(job.location, found)


def _unchanged(job: Job, found: Scan, now: int, seen: Difference | None) -> IndexReport:
    """Nothing to do but to note the times of files, which differed so from the state of before."""
    head, difference = found.head, found.difference
    assert head is not None and difference is not None
    if difference.touched:
        restamp(found, job.location, now)
    total = head.indexed
    skipped = len(head.files) - total + len(found.discovery.skipped)
    changed, removed = (len(seen.changed), len(seen.removed)) if seen is not None else (total, 0)
    counts = FileCounts(total, 0, max(0, total - changed), removed, skipped)
    return job.report(found, counts, head.summary, head.state)
