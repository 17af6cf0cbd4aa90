"""Whether an index is about the files as they are now, told by ``stat`` without opening a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from isg.parsers.discovery import Discovery, SourceFile, discover
from isg.parsers.hashing import hash_file
from isg.store.head import FileStamp, Head, read_head
from isg.store.location import StoreLocation
from isg.store.ticks import was_just_written
from isg.store.versions import versions


class Difference(msgspec.Struct, frozen=True):
    """How a tree differs from what an index was made of."""

    hashes: Mapping[str, bytes]  # the content of files that had to be read, empty where that failed
    changed: tuple[str, ...]  # new, or of another content or language
    removed: tuple[str, ...]
    touched: tuple[str, ...]  # of the same content, but stat differs or cannot tell
    build: bool  # whether a build file differs

    @property
    def fresh(self) -> bool:
        return not self.changed and not self.removed and not self.build


def is_racy(file: SourceFile, stamp: int) -> bool:
    """Whether a file was written so late that its stat cannot tell whether it was written again."""
    return was_just_written(max(file.mtime_ns, file.ctime_ns), stamp)


def compare(root: Path, head: Head, discovery: Discovery) -> Difference:
    """What has changed since the index was made; reads only the files about which stat does not tell."""
    hashes: dict[str, bytes] = {}
    changed, touched = _sort_out(root, discovery.files, head.files, head.stamp, hashes)
    build_changed, build_touched = _sort_out(root, discovery.build_files, head.build, head.stamp, hashes)
    present = {file.path for file in discovery.files}
    removed = tuple(path for path in head.files if path not in present)
    build_removed = set(head.build) - {file.path for file in discovery.build_files}
    return Difference(
        hashes,
        tuple(changed),
        removed,
        (*touched, *build_touched),
        bool(build_changed or build_removed),
    )


def _sort_out(
    root: Path,
    files: Iterable[SourceFile],
    known: Mapping[str, FileStamp],
    stamp: int,
    hashes: dict[str, bytes],
) -> tuple[list[str], list[str]]:
    """The paths whose content changed, and those where only stat did."""
    changed: list[str] = []
    touched: list[str] = []
    for file in files:
        old = known.get(file.path)
        if old is not None and old.matches(file) and not is_racy(file, stamp):
            continue
        digest = hashes[file.path] = read_hash(root, file.path)
        same = old is not None and digest == old.hash and old.language == file.language
        (touched if same else changed).append(file.path)
    return changed, touched


def read_hash(root: Path, path: str) -> bytes:
    """The content hash of a file; empty where it cannot be read."""
    try:
        return hash_file(root / path)
    except OSError:
        return b""


def usable(head: Head | None, root: Path) -> bool:
    """Whether an index was made by this very isg, of this very folder."""
    return head is not None and head.versions == versions() and head.root == str(root)


def is_fresh(root: Path, location: StoreLocation) -> bool:
    """Whether the index holds exactly the tree as it is now."""
    head = read_head(location.head)
    if head is None or not usable(head, root) or not location.database.is_file():
        return False
    if not (location.folder / head.image.name).is_file():
        return False
    try:
        difference = compare(root, head, discover(root, head.options))
    except OSError:
        return False
    if difference.fresh and difference.touched:
        from isg.store.scan import note_times

        note_times(root, location)
    return difference.fresh
