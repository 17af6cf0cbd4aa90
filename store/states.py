"""States of the tree that an index was of before, kept whole: whoever goes back to one links nothing again.

A kept state is an index by itself, in a folder of ``states/``: record, image and the head that names them,
copied when the tree left a state that would be dear to make again. Only who holds the lock of the index
touches them, and nothing of them is trusted that does not bear its checksum.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Mapping
from itertools import combinations
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import msgspec
from blake3 import blake3

from isg.store.freshness import compare, usable
from isg.store.head import Head, read_head, write_head
from isg.store.image import DamagedImage, map_image, remove_others, write_image
from isg.store.location import StoreLocation, size_of
from isg.store.record import copy, put_back
from isg.store.scan import Scan
from isg.store.seals import seal

_MOST = 4  # states
_MOST_BYTES = 1 << 30  # that they take together
_ROOM = 4  # times what a state takes must be free: the update that follows wants some of it
_DEAR = 0.1  # the part of all lines that must have to be linked again for a state to be worth a copy
_NEARER = 2  # times fewer files must differ from a kept state than from the present one, to go back to it


class State(NamedTuple):
    """A kept state: where it is, and of what."""

    place: StoreLocation
    head: Head

    @property
    def used(self) -> int:
        """When it was kept, or gone back to, in ns."""
        return self.place.head.stat().st_mtime_ns

    @property
    def bytes(self) -> int:
        return size_of(self.place.folder)


def leave(location: StoreLocation, head: Head, linked: int, total: int) -> None:
    """Keep the state of an index that is as it was left, before so many lines of all are linked otherwise.

    That is done only where it is worth it, and where there is room for it.
    """
    if head.record and linked > _DEAR * total:
        _keep(location, head)
        _bound(location, Path(head.root))


def go_back(location: StoreLocation, found: Scan) -> Scan:
    """Have an index be of the kept state that a tree is nearest to, and compare the tree with that one.

    Where the state that the index is of is about as near, what was found stands. Raises OSError: where that
    falls between record and head, the next update finds that they are of two states, and links all again.
    """
    state = _nearest(location, found)
    if state is None or found.head is None or not _is_left(location, found.head):
        return found  # what follows says what is wrong with the record, if anything is
    os.utime(state.place.head)
    _keep(location, found.head)  # used later than the other, of which the index will be another copy
    try:
        head = _put_back(state, location)
    except _DamagedState:
        shutil.rmtree(state.place.folder, ignore_errors=True)
        return found
    except sqlite3.Error:
        return found
    _bound(location, found.root)
    difference = compare(found.root, head, found.discovery)
    return Scan(found.root, found.options, found.discovery, head, difference)


def forget(location: StoreLocation) -> None:
    """Drop all kept states."""
    shutil.rmtree(location.states, ignore_errors=True)


def _is_left(location: StoreLocation, head: Head) -> bool:
    """Whether the record is for sure what we left."""
    return bool(head.record) and head.record.hashes == seal(location.database, head.record).hashes


class _DamagedState(Exception):
    """A kept state is not as it was written."""


def _keep(location: StoreLocation, head: Head) -> None:
    """Copy an index whose record is as it was left; where that cannot be done, the update goes on without."""
    place = StoreLocation(location.states / _name(head))
    if location.states.is_symlink():
        return  # what it leads to is not ours
    try:
        if read_head(place.head) is not None:
            os.utime(place.head)
            return
        taken = location.database.stat().st_size + (location.folder / head.image.name).stat().st_size
        if taken > _MOST_BYTES or _ROOM * taken > shutil.disk_usage(location.folder).free:
            return
        shutil.rmtree(place.folder, ignore_errors=True)
        location.states.mkdir(exist_ok=True)
        place.folder.mkdir()
        write_image(place.folder, bytes(map_image(location.folder, head.image)))
        copy(location.database, place.database)
        sealed = msgspec.structs.replace(head, record=seal(place.database))
        write_head(place.head, sealed)  # the last: without it there is no state
    except (OSError, DamagedImage, sqlite3.Error):
        shutil.rmtree(place.folder, ignore_errors=True)


def _put_back(state: State, location: StoreLocation) -> Head:
    """Have an index be of a kept state: image, record, then the head that names them."""
    image = write_image(location.folder, _checked_image(state))
    put_back(state.place.database, location.database)
    head = msgspec.structs.replace(state.head, image=image, record=seal(location.database))
    write_head(location.head, head)
    remove_others(location.folder, head.image)
    return head


def _checked_image(state: State) -> bytes:
    """The image of a state; raises _DamagedState where that, or the record, is not as it was written."""
    try:
        body = bytes(map_image(state.place.folder, state.head.image))
        if seal(state.place.database).hashes == state.head.record.hashes:
            return body
    except (DamagedImage, OSError) as error:
        raise _DamagedState from error
    raise _DamagedState


# which states there are, and how near they are to each other


class _Apart(NamedTuple):
    """How far two trees are from each other; where their build differs, all files may have to be linked."""

    build: bool
    files: int


class _Tree(NamedTuple):
    """What an index is made of: languages and hashes, by path."""

    sources: Mapping[str, tuple[str, bytes]]
    build: Mapping[str, bytes]

    @classmethod
    def of(cls, head: Head) -> _Tree:
        sources = {path: (stamp.language, stamp.hash) for path, stamp in head.files.items()}
        return cls(sources, {path: stamp.hash for path, stamp in head.build.items()})

    @classmethod
    def found(cls, found: Scan) -> _Tree:
        sources = {file.path: (file.language, found.hash_of(file.path)) for file in found.discovery.files}
        return cls(sources, {file.path: found.hash_of(file.path) for file in found.discovery.build_files})

    def apart(self, other: _Tree) -> _Apart:
        differing = {path for path, _ in self.sources.items() ^ other.sources.items()}
        return _Apart(self.build != other.build, len(differing))


def _nearest(location: StoreLocation, found: Scan) -> State | None:
    """The kept state that a tree is nearest to; None where the present one is about as near."""
    states = [each for each in _states(location, found.root) if each.head.options == found.options]
    if found.head is None or not states:
        return None
    tree = _Tree.found(found)
    present = tree.apart(_Tree.of(found.head))
    ways = [(tree.apart(_Tree.of(state.head)), -state.used, state) for state in states]
    near, _, nearest = min(ways, key=itemgetter(0, 1))
    return nearest if (near.build, _NEARER * near.files) <= present else None


def _states(location: StoreLocation, root: Path) -> list[State]:
    """The kept states that this isg can use for a project."""
    places = map(StoreLocation, _folders(location))
    heads = ((place, read_head(place.head)) for place in places)
    return [State(place, head) for place, head in heads if head is not None and usable(head, root)]


def _folders(location: StoreLocation) -> list[Path]:
    """What stands in the folder of states; a link to another folder is none of ours."""
    folder = location.states
    return sorted(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else []


def _bound(location: StoreLocation, root: Path) -> None:
    """Drop what is of no use and, while there are too many states, one after the other."""
    states = _states(location, root)
    known = {state.place.folder for state in states}
    for folder in set(_folders(location)) - known:
        shutil.rmtree(folder, ignore_errors=True)
    while len(states) > _MOST or sum(state.bytes for state in states) > _MOST_BYTES:
        state = _most_dispensable(states)
        states.remove(state)
        shutil.rmtree(state.place.folder, ignore_errors=True)


def _most_dispensable(states: list[State]) -> State:
    """Of the two that are most alike the one that was used longer ago: from the other it is made soonest."""
    trees = [(state, _Tree.of(state.head)) for state in states]
    pairs = ((one[1].apart(other[1]), one[0], other[0]) for one, other in combinations(trees, 2))
    _, *alike = min(pairs, key=itemgetter(0), default=(None, states[0]))
    return min(alike, key=lambda state: state.used)


def _name(head: Head) -> str:
    """The name of a state: the same for the same tree, looked at with the same options by the same isg."""
    tree = _Tree.of(head)
    skips = sorted((path, stamp.skip) for path, stamp in head.files.items() if stamp.skip)
    made_of = (
        head.versions,
        head.root,
        head.options,
        sorted(tree.sources.items()),
        sorted(tree.build.items()),
    )
    return blake3(msgspec.msgpack.encode((made_of, skips, head.image.checksum))).hexdigest()[:16]
