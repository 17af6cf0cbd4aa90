"""Graph images: the packed graph as a file that is written once and mapped by whoever asks.

Layout: magic, format, length of the body, checksum of the body (BLAKE3), padding to 64 bytes, body. A new
graph is a new file under a new name; the head of the index says which one counts.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from blake3 import blake3

from isg.graph.sections import Buffer
from isg.store.ahead import Ahead
from isg.store.head import ImageStamp, removed_on_failure

_FORMAT = 1
_HEADER = struct.Struct("<8sIIQ32s8x")
_MAGIC = b"isgimage"
_SUFFIX = ".image"


class DamagedImage(Exception):
    """The image is not there, or not as it was written."""


def write_image(folder: Path, body: Buffer) -> ImageStamp:
    """Write an image under a name made of its content; raises OSError with nothing half-written."""
    return write_pieces(folder, [body])


def write_pieces(folder: Path, pieces: Sequence[Buffer]) -> ImageStamp:
    """The same of a body in pieces, which are hashed while they are written."""
    hashing = Ahead(partial(_checksum, pieces))
    draft = folder / f"graph.{os.getpid()}.tmp"
    with removed_on_failure(draft):
        with draft.open("wb") as file:
            file.write(bytes(_HEADER.size))
            file.writelines(pieces)
            checksum = hashing.result()
            file.seek(0)
            file.write(_HEADER.pack(_MAGIC, _FORMAT, 0, sum(map(len, pieces)), checksum))
        stamp = ImageStamp(f"graph-{checksum.hex()[:16]}{_SUFFIX}", checksum)
        if _holds(folder, stamp):  # somebody may have mapped it
            draft.unlink()
        else:
            draft.replace(folder / stamp.name)
    return stamp


def _checksum(pieces: Iterable[Buffer]) -> bytes:
    hasher = blake3()
    for piece in pieces:
        hasher.update(piece)
    return hasher.digest()


def map_image(folder: Path, stamp: ImageStamp) -> memoryview:
    """The body of an image, mapped read-only; raises DamagedImage."""
    try:
        with (folder / stamp.name).open("rb") as file:
            mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError) as error:
        raise DamagedImage(str(error)) from error
    if len(mapped) < _HEADER.size:
        raise DamagedImage("too short")
    magic, version, _, length, checksum = _HEADER.unpack_from(mapped)
    body = mapped[_HEADER.size :]
    if magic != _MAGIC or version != _FORMAT or length != len(body) or checksum != stamp.checksum:
        raise DamagedImage("another image")
    if blake3(body).digest() != checksum:  # 10 ms for the 40 MB of a project of half a million lines
        raise DamagedImage("checksum")
    return body


def _holds(folder: Path, stamp: ImageStamp) -> bool:
    try:
        map_image(folder, stamp)
    except DamagedImage:
        return False
    return True


def remove_others(folder: Path, keep: ImageStamp | None) -> None:
    """Delete the images that no head names any more, as far as the system lets us."""
    for path in superseded(folder, keep):
        try:
            path.unlink()
        except OSError:
            continue


def superseded(folder: Path, keep: ImageStamp | None) -> Iterator[Path]:
    """The images that no head names any more, and what writers that were killed left half-written."""
    yield from (path for path in _leftovers(folder) if keep is None or path.name != keep.name)


def _leftovers(folder: Path) -> Iterator[Path]:
    yield from folder.glob(f"graph-*{_SUFFIX}")
    yield from folder.glob("*.tmp")
