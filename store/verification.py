"""Whether an index is whole: each part as it was written, and all parts about the same tree.

Nothing is changed and nobody is kept waiting: the record is read as one state, beside whoever writes.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, not_, or_, select
from sqlalchemy.exc import DBAPIError

from isg.graph.errors import RecordDamaged, RecordMoved
from isg.graph.graph import Graph
from isg.graph.packing import FileRow
from isg.parsers.hashing import state_of
from isg.store import dialect, rows
from isg.store.contents import Damaged, Stored, mark_of, read_all_facts, sound
from isg.store.database import reading, sealed_as
from isg.store.head import Head, read_head
from isg.store.image import DamagedImage, map_image
from isg.store.location import StoreLocation
from isg.store.merkle import file_hashes, root_hash
from isg.store.seals import Seal
from isg.store.tables import edges, file_versions, files, projects, symbols
from isg.store.versions import versions

_SHOWN = 5  # problems of one check that are named
_TRIES = 20
_PAUSE = 0.1  # seconds; what a writer needs from its commit to the new head
_DAMAGE = (DBAPIError, sqlite3.Error, Damaged, DamagedImage)

Problems = Iterator[str]


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at, and the first problems with it."""

    name: str
    about: str
    problems: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.problems


class Verification(msgspec.Struct, frozen=True):
    """What was found of an index."""

    checks: tuple[Check, ...]
    state: str = ""  # of the tree that it is of
    root: str = ""  # the hash of all that the record says; empty where that cannot be read
    files: dict[str, str] = {}  # likewise of each file

    @property
    def whole(self) -> bool:
        return all(check.holds for check in self.checks)

    @property
    def record_is_whole(self) -> bool:
        """Whether only what is made of the record does not hold."""
        return all(check.holds for check in self.checks if check.name not in ("head", "image"))


def verify(root: Path, location: StoreLocation) -> Verification:
    """Look at all parts of an index; raises NewerStore for one that a newer isg made."""
    for attempt in range(_TRIES):
        head = read_head(location.head)
        try:
            return _verify(root, location, head, last=attempt == _TRIES - 1)
        except RecordMoved:
            time.sleep(_PAUSE)
    raise AssertionError("the last attempt takes what there is")


def _verify(root: Path, location: StoreLocation, head: Head | None, last: bool) -> Verification:
    looks = [_look("head", "checksum, versions, folder", lambda: _head_problems(head, root))]
    try:
        seal = sealed_as(location)  # before SQLite opens the file: see `reading`
        with reading(location) as connection:
            belong = head is not None and _belong(connection, location, head)
            image = _image_of(location, head)  # at once: the next update takes the file away
            if head is not None and not last and (not belong or read_head(location.head) != head):
                raise RecordMoved("an update is under way")
            found = _Examination(connection, head, seal, image, belong=belong)
            return found.verification(looks)
    except RecordDamaged as error:
        looks.append(Check("record", "can be read", (str(error),)))
        return Verification(tuple(looks), "" if head is None else head.state)


def _look(name: str, about: str, find: Callable[[], Problems]) -> Check:
    """One check; what cannot even be read is a problem as well."""
    try:
        with sound():
            return Check(name, about, tuple(islice(find(), _SHOWN)))
    except _DAMAGE as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        return Check(name, about, (f"what is there makes no sense: {cause}",))


def _head_problems(head: Head | None, root: Path) -> Problems:
    if head is None:
        yield "there is none, or it is damaged"
        return
    if head.versions != versions():
        yield "made by another version of isg"
    if head.root != str(root):
        yield f"made of another folder: {head.root}"


def _belong(connection: Connection, location: StoreLocation, head: Head) -> bool:
    """Whether the record is of the state that the head speaks of, and that is still the head."""
    try:
        return mark_of(connection) == head.mark and read_head(location.head) == head
    except DBAPIError:
        return False


def _image_of(location: StoreLocation, head: Head | None) -> memoryview | DamagedImage | None:
    """The image that a head names, or what is wrong with it."""
    try:
        return None if head is None else map_image(location.folder, head.image)
    except DamagedImage as error:
        return error


class _Examination:
    """The record and all that goes with it, in one state."""

    def __init__(
        self,
        connection: Connection,
        head: Head | None,
        seal: Seal,
        image: memoryview | DamagedImage | None,
        *,
        belong: bool,
    ) -> None:
        self.connection = connection
        self.head = head
        self.seal = seal
        self.image = image
        self.belong = belong  # the record is of the state of the head
        self.hashes: dict[str, bytes] = {}

    def verification(self, before: list[Check]) -> Verification:
        checks = (
            *before,
            _look("record", "as it was left, and of the state of the head", self._record),
            _look("pages", "pages and indexes agree", self._pages),
            _look("foreign keys", "what rows refer to is there", self._foreign_keys),
            _look("facts", "checksums, ids", self._facts),
            _look("files", "those of the head, ids, state", self._files),
            _look("edges", "both ends are known", self._edges),
            _look("tree", "hashes of all files and what was found in them", self._tree),
            _look("image", "checksum; what the record gives", self._image),
        )
        readable = {path: digest.hex() for path, digest in sorted(self.hashes.items())}
        root = root_hash(self.hashes) if self.hashes else ""
        return Verification(checks, "" if self.head is None else self.head.state, root, readable)

    def _record(self) -> Problems:
        if self.head is None:
            return
        if not self.belong:
            yield "it is of another state than the head"
        if self.head.record.denies(self.seal):
            yield "the file is not as it was left"

    def _pages(self) -> Problems:
        return dialect.damages(self.connection)

    def _foreign_keys(self) -> Problems:
        return dialect.foreign_key_breaches(self.connection)

    def _facts(self) -> Problems:
        v = file_versions.c
        columns = (v.id, v.content_hash, v.language, v.extractor_version, v.grammar_version)
        for id_, *of in dialect.plain_rows(self.connection, select(*columns)):
            if rows.version_id(*of) != id_:
                yield f"the id of content {id_} is not made of it"
        for _ in read_all_facts(self.connection):
            pass

    def _files(self) -> Problems:
        joined = files.join(file_versions, files.c.version_id == file_versions.c.id)
        columns = (files.c.path, files.c.id, file_versions.c.content_hash)
        ((name, state),) = self._rows(select(projects.c.name, projects.c.state))
        contents: dict[str, bytes] = {}
        for path, id_, content in self._rows(select(*columns).select_from(joined)):
            contents[path] = content
            if rows.file_id(name, path) != id_:
                yield f"{path}: its id is not made of its path"
        if state != state_of(contents.items()):
            yield "the state of the record is not that of its files"
        if self.head is not None:
            yield from self._against_head(contents, state)

    def _against_head(self, contents: dict[str, bytes], state: str) -> Problems:
        assert self.head is not None
        known = {path: stamp.hash for path, stamp in self.head.files.items() if not stamp.skip}
        for path in sorted(known.keys() | contents.keys()):
            if known.get(path) != contents.get(path):
                yield f"{path}: record and head are of different contents"
        if state != self.head.state:
            yield "record and head are of different states"

    def _rows(self, query: Select[Any]) -> list[tuple[Any, ...]]:
        return list(dialect.plain_rows(self.connection, query))

    def _edges(self) -> Problems:
        known = select(symbols.c.id)
        lost = or_(not_(edges.c.source_id.in_(known)), not_(edges.c.target_id.in_(known)))
        joined = edges.join(files, files.c.id == edges.c.file_id)
        counted = select(files.c.path, func.count()).select_from(joined).where(lost)
        for path, count in self.connection.execute(counted.group_by(files.c.path).order_by(files.c.path)):
            yield f"{path}: {count} with an end that is no symbol"

    def _tree(self) -> Problems:
        self.hashes = file_hashes(self.connection)
        yield from ()

    def _image(self) -> Problems:
        if self.image is None:
            yield "no head names one"
            return
        if isinstance(self.image, DamagedImage):
            raise self.image
        packed = self._packed()
        if bytes(self.image) != packed:
            yield f"it holds {_counted(Graph(self.image))}; the record gives {_counted(Graph(packed))}"

    def _packed(self) -> bytes:
        """The record, packed anew."""
        contents = Stored(self.connection)
        joined = files.join(file_versions, files.c.version_id == file_versions.c.id)
        columns = (files.c.path, files.c.language, file_versions.c.lines)
        listed = [FileRow(*row) for row in self._rows(select(*columns).select_from(joined))]
        ((name, state),) = self._rows(select(projects.c.name, projects.c.state))
        return Graph.pack(name, state, contents.symbols, contents.edges(), contents.unresolved, listed)


def _counted(graph: Graph) -> str:
    return f"{graph.symbol_count:,} symbols and {graph.edge_count:,} edges"
