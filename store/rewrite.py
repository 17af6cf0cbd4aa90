"""Writing an index anew or in part: the record in one transaction, the image, then the head that names it.

Each step leaves a whole index behind if it is the last one. A first index is made as a draft beside its
place, and so is one that was damaged.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec

from isg.graph.graph import Graph
from isg.graph.patching import CannotPatch
from isg.graph.sections import NotAnImage
from isg.store import driver
from isg.store.ahead import Ahead
from isg.store.contents import Damaged, Stored, mark_of
from isg.store.driver import Direct
from isg.store.head import Head, ImageStamp, read_head, write_head
from isg.store.image import DamagedImage, remove_others
from isg.store.imaging import Imaged
from isg.store.job import Job
from isg.store.location import StoreLocation
from isg.store.opening import open_record
from isg.store.outcome import Outcome
from isg.store.report import IndexReport, RefreshOptions, Summary
from isg.store.scan import Scan
from isg.store.seals import UNKNOWN, Seal, seal_again, written
from isg.store.states import forget, leave
from isg.store.update import update
from isg.store.versions import versions


def rewrite(job: Job, found: Scan, now: int, sealed: Ahead[Seal] | None) -> IndexReport:
    """Bring the index of a job up to date with the tree as it was found.

    ``sealed`` is to be the seal that the record bears; None where there is no record.
    Raises an IsgError, or OSError, where that cannot be done.
    """
    if found.head is None or job.options.full:
        forget(job.location)
    with _explained(job.location.folder):
        if job.options.afresh:
            return _rebuild(job, now)
        try:
            return _write(job, found, now, sealed)
        except (sqlite3.DatabaseError, UnicodeDecodeError, Damaged) as error:
            if isinstance(error, sqlite3.Error) and not driver.is_damage(error):
                raise
            return _rebuild(job, now)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turns what the database says into what the user can do."""
    try:
        yield
    except sqlite3.Error as error:
        raise driver.explain(error, folder) from error


def _write(job: Job, found: Scan, now: int, sealed: Ahead[Seal] | None) -> IndexReport:
    draft = not _holds_anything(job.location.database)
    database = job.location.draft if draft else job.location.database
    driver.delete(job.location.draft)
    if draft and job.location.head.exists():
        job.warnings.append("the index was incomplete: it was made again")
    before = _graph_before(job, found.head)
    # Before SQLite opens the file: to close another handle on it ends the locks that the process has on it.
    bears = UNKNOWN if sealed is None else sealed.result()
    connection = open_record(database, job.migrate, draft=draft)
    try:
        options = job.options if draft else _options_for(job, found.head, connection, bears)
        base = None if draft or options.full else before
        leaving = partial(leave, job.location, found.head) if base is not None and found.head else None
        outcome = update(
            connection,
            job.location.folder,
            found,
            options,
            job.linking,
            job.progress,
            job.clock,
            base,
            leaving,
        )
        imaged = None if outcome.patch or outcome.contents.at_hand else outcome.imaging.of(outcome.contents)
    except BaseException:
        connection.close()
        raise
    with job.clock("store"):
        bore = UNKNOWN if leaving is None else bears
        ending = Ahead(partial(_end, connection, outcome.bare, job.location, draft, bore))
        try:
            imaged = imaged or _image(outcome, database, ending)
        finally:
            record = ending.result()
        summary = outcome.summary(imaged.meta)
        _publish(job, found, now, outcome, imaged.stamp, summary, record)
    state = outcome.imaging.state
    return job.report(found, outcome.counts, summary, state, outcome.skips, outcome.linked)


def _end(connection: Direct, bare: bool, location: StoreLocation, draft: bool, before: Seal) -> Seal:
    """End with a record whose rows are written, have it in its place, and seal it.

    ``bare`` says that it wants its indexes. ``before`` is what it bore before the log was written that it has
    now; unknown where it is another record.
    """
    try:
        if bare:
            from isg.store.indexes import create_indexes

            create_indexes(connection)
        connection.commit()
        pages = written(location.database) if before else []
    finally:
        connection.close()
    if draft:
        driver.publish_draft(location.draft, location.database)
    return seal_again(location.database, before, pages)


def _image(outcome: Outcome, database: Path, ending: Ahead[Seal]) -> Imaged:
    """The image of an outcome, made while the record is ended with."""
    if outcome.patch is None:
        return outcome.imaging.of(outcome.contents)
    try:
        return outcome.patch.result()
    except CannotPatch:
        ending.result()
    connection = Direct(database)
    try:
        return outcome.imaging.of(Stored(connection))
    finally:
        connection.close()


def _graph_before(job: Job, head: Head | None) -> Graph | None:
    """The graph that a head names, where it is at hand."""
    try:
        return None if head is None or job.options.full else Graph(job.image(head.image))
    except (DamagedImage, NotAnImage):
        return None


def _rebuild(job: Job, now: int) -> IndexReport:
    """Make a damaged index again from nothing."""
    job.warnings.append("the index was damaged: it was made again from the sources")
    forget(job.location)
    driver.delete(job.location.database)
    job.location.head.unlink(missing_ok=True)
    remove_others(job.location.folder, None)
    return _write(job, job.look(), now, None)


def _options_for(job: Job, known: Head | None, connection: Direct, bears: Seal) -> RefreshOptions:
    """What was asked for; all is linked again where the record is not the one that the head speaks of.

    We were killed then, between writing the one and the other. ``known`` is the head, where it is at hand;
    ``bears`` is the seal of the record. Raises Damaged where somebody else wrote.
    """
    head = known or read_head(job.location.head)
    if head is not None and mark_of(connection) == head.mark:
        if head.record.denies(bears):
            raise Damaged("record")
        return job.options
    if any(driver.damages(connection)):
        raise Damaged("record")
    return msgspec.structs.replace(job.options, full=True)


def _publish(
    job: Job,
    found: Scan,
    now: int,
    outcome: Outcome,
    image: ImageStamp,
    summary: Summary,
    record: Seal,
) -> None:
    """Have readers see what stands in record and image."""
    head = Head(
        root=str(job.root),
        versions=versions(),
        options=found.options,
        stamp=now,
        state=outcome.imaging.state,
        image=image,
        files=found.stamps(outcome.hashes, outcome.skips),
        build=found.build_stamps(),
        summary=summary,
        mark=outcome.mark,
        record=record,
    )
    write_head(job.location.head, head)
    remove_others(job.location.folder, head.image)


def _holds_anything(database: Path) -> bool:
    try:
        return database.stat().st_size > 0
    except FileNotFoundError:
        return False
