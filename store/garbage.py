"""What an index holds that nobody needs any more, and giving its space back."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, delete, func, select, text
from sqlalchemy.exc import DBAPIError

from isg.graph.errors import RecordMoved, StaleIndex
from isg.store import dialect
from isg.store.contents import UNUSED
from isg.store.database import reading
from isg.store.head import Head, read_head, write_head
from isg.store.image import superseded
from isg.store.location import SCRATCH, StoreLocation, cannot_write, size_of
from isg.store.lock import writing
from isg.store.seals import UNKNOWN, seal
from isg.store.tables import file_versions

_ABANDONED = 24 * 60 * 60  # seconds after which nobody works in a scratch folder any more


class Garbage(msgspec.Struct, frozen=True):
    """What can go, or has gone, with its size in bytes."""

    versions: int  # contents of files that no file of the tree has
    facts: int  # bytes of what is known of them
    pages: int  # bytes of pages of the record that hold nothing
    files: tuple[str, ...]  # kept states, old images, drafts, scratch folders
    file_bytes: int

    @property
    def bytes(self) -> int:
        """About what is won; pages that become half empty count for nothing."""
        return self.facts + self.pages + self.file_bytes


def find_garbage(location: StoreLocation) -> Garbage:
    """What nobody needs of an index; raises StaleIndex where there is none, RecordDamaged."""
    head = _head(location)
    with reading(location) as connection:
        return _find(connection, location, head)


def collect_garbage(location: StoreLocation, patience: float) -> Garbage:
    """Drop what nobody needs and compact the record, beside readers; gives what has gone.

    Raises LockTimeout where another process writes for longer than ``patience`` seconds, RecordDamaged,
    and WorkFailed where there is no space to compact in.
    """
    _head(location)
    try:
        with writing(location, patience):
            head = _head(location)
            garbage = _find_whole(location, head)
            if garbage.versions or garbage.pages:
                _compact(location, head)
            for name in garbage.files:
                _remove(location.folder / name)
            return garbage
    except OSError as error:
        raise cannot_write(location.folder, error) from error


def _find_whole(location: StoreLocation, head: Head) -> Garbage:
    """What nobody needs of an index that can be sealed again: one that is as it was left."""
    try:
        with reading(location, head) as connection:
            return _find(connection, location, head)
    except RecordMoved as error:
        raise StaleIndex("the last update was cut short", hint="isg index ends it") from error


def _head(location: StoreLocation) -> Head:
    head = read_head(location.head)
    if head is None:
        raise StaleIndex("there is no whole index", hint="isg index makes one", code="not-indexed")
    return head


def _find(connection: Connection, location: StoreLocation, head: Head) -> Garbage:
    v = file_versions.c
    size = func.coalesce(func.sum(func.length(v.facts)), 0)
    count, facts = connection.execute(select(func.count(), size).where(text(UNUSED))).one()
    leftovers = sorted(_leftovers(location, head))
    held = sum(map(size_of, leftovers))
    names = tuple(path.name for path in leftovers)
    return Garbage(count, facts, dialect.free_bytes(connection), names, held)


def _leftovers(location: StoreLocation, head: Head) -> Iterator[Path]:
    """States before this one, and what writers that were killed left behind."""
    if location.states.is_dir():
        yield location.states
    yield from superseded(location.folder, head.image)
    yield from location.folder.glob(f"{location.draft.name}*")
    for scratch in location.folder.glob(f"{SCRATCH}*"):
        if time.time() - scratch.stat().st_mtime > _ABANDONED:
            yield scratch


def _compact(location: StoreLocation, head: Head) -> None:
    """Until it is sealed again the record is taken as it is: whoever is killed in here has lost nothing."""
    write_head(location.head, msgspec.structs.replace(head, record=UNKNOWN))
    engine = dialect.connect(location.database)
    try:
        _drop_versions(engine)
        dialect.compact(engine)
    except DBAPIError as error:
        raise dialect.explain(error, location.folder) from error
    finally:
        engine.dispose()
    write_head(location.head, msgspec.structs.replace(head, record=seal(location.database)))


def _drop_versions(engine: Engine) -> None:
    with engine.connect().execution_options(isg_writes=True) as connection, connection.begin():
        connection.execute(delete(file_versions).where(text(UNUSED)))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
