"""The head of an index: one small file that says which image to read and what tree it was made of.

It is replaced as a whole, so that whoever reads it sees one state: the old one or the new one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec
from blake3 import blake3

from isg.graph.sections import Buffer
from isg.parsers.discovery import DiscoveryOptions, SourceFile
from isg.store.report import Summary
from isg.store.seals import Seal

_MAGIC = b"isg head 3\n"
_DIGEST = 32


class FileStamp(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a file looked like when it was last read."""

    language: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    hash: bytes  # of its content; empty where it could not be read
    skip: str = ""  # why its content is not indexed

    @classmethod
    def of(cls, file: SourceFile, digest: bytes, skip: str = "") -> FileStamp:
        return cls(file.language, file.size, file.mtime_ns, file.ctime_ns, file.inode, digest, skip)

    def matches(self, file: SourceFile) -> bool:
        """Whether ``stat`` still says the same."""
        return (
            self.mtime_ns == file.mtime_ns
            and self.size == file.size
            and self.ctime_ns == file.ctime_ns
            and self.inode == file.inode
            and self.language == file.language
        )


class ImageStamp(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Which image belongs to this head."""

    name: str
    checksum: bytes


class Head(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What an index is of. ``files`` holds all source files, ``build`` the build files, by path."""

    root: str
    versions: str  # of all that has a say in what the index holds
    options: DiscoveryOptions
    stamp: int  # the time before the files were looked at, in ns
    state: str
    image: ImageStamp
    files: Mapping[str, FileStamp]
    build: Mapping[str, FileStamp]
    summary: Summary
    mark: bytes  # what the record bears that belongs to it
    record: Seal  # of the database; unknown while that is compacted

    @property
    def indexed(self) -> int:
        """How many source files are in the index: those whose content was fit for it."""
        return sum(1 for stamp in self.files.values() if not stamp.skip)


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Head).decode


def read_head(path: Path) -> Head | None:
    """The head of an index; None where there is none, or none that can be understood."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    start = len(_MAGIC) + _DIGEST
    if not data.startswith(_MAGIC) or blake3(data[start:]).digest() != data[len(_MAGIC) : start]:
        return None
    try:
        return _decode(data[start:])
    except (msgspec.DecodeError, RecursionError):
        return None


def write_head(path: Path, head: Head) -> None:
    """Put a new head in place of the old one; raises OSError with the old one still in place."""
    body = _encode(head)
    replace(path, _MAGIC + blake3(body).digest() + body)


def replace(path: Path, *pieces: Buffer) -> None:
    """Write a file so that it is there as a whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with removed_on_failure(draft):
        with draft.open("wb") as file:
            file.writelines(pieces)
        draft.replace(path)


@contextmanager
def removed_on_failure(draft: Path) -> Iterator[None]:
    """Leaves nothing of a file that could not be written, or put in its place."""
    try:
        yield
    except OSError:
        draft.unlink(missing_ok=True)
        raise
