"""A container of named byte sections over one buffer, read without copying.

Layout: the magic, a byte-order mark, the format's number, the number of sections; then for each section
its name (16 bytes), offset and length; then the sections, each at a multiple of 8. Opening reads the
directory only, so a mapped file costs what is looked at. Checksums and file names are the store's matter.
"""

from __future__ import annotations

import itertools
import struct
import sys
from collections.abc import Mapping
from typing import TypeAlias

Buffer: TypeAlias = bytes | bytearray | memoryview
Section: TypeAlias = Buffer | list[Buffer]  # of single bytes; in one or in several pieces

MAGIC = b"ISGGRAPH"
FORMAT = 2  # raise it whenever a section changes its meaning: an old image is then rebuilt
_HEAD = struct.Struct("<8sHHI")
_ENTRY = struct.Struct("<16sQQ")
_ORDER = {"little": 1, "big": 2}[sys.byteorder]


class NotAnImage(ValueError):
    """The bytes are no image of this format and machine: rebuild it."""


def write_sections(sections: Mapping[str, Section]) -> bytes:
    """One buffer that holds all sections, in the order given."""
    return b"".join(lay_out(sections))


def lay_out(sections: Mapping[str, Section]) -> list[Buffer]:
    """The same in pieces, which nobody has joined."""
    offset = _HEAD.size + _ENTRY.size * len(sections)
    directory: list[Buffer] = [_HEAD.pack(MAGIC, _ORDER, FORMAT, len(sections))]
    body: list[Buffer] = []
    for name, section in sections.items():
        pieces = section if isinstance(section, list) else [section]
        length = sum(map(len, pieces))
        padding = -offset % 8
        offset += padding
        directory.append(_ENTRY.pack(name.encode(), offset, length))
        body += [b"\0" * padding, *pieces]
        offset += length
    return directory + body


def read_sections(buffer: Buffer) -> dict[str, memoryview]:
    """The sections of a buffer, as views into it; raises NotAnImage where it is none of this format."""
    view = memoryview(buffer).cast("B")
    if len(view) < _HEAD.size:
        raise NotAnImage("too short")
    magic, order, format_, count = _HEAD.unpack_from(view)
    if magic != MAGIC or order != _ORDER or format_ != FORMAT:
        raise NotAnImage("made by another version or machine")
    sections: dict[str, memoryview] = {}
    if len(view) < _HEAD.size + count * _ENTRY.size:
        raise NotAnImage("cut off")
    for index in range(count):
        name, offset, length = _ENTRY.unpack_from(view, _HEAD.size + index * _ENTRY.size)
        if offset + length > len(view):
            raise NotAnImage("cut off")
        sections[name.rstrip(b"\0").decode()] = view[offset : offset + length]
    return sections


class Heap:
    """A sequence of byte strings in two sections: the bytes end to end, and their offsets."""

    __slots__ = ("_data", "_offsets")

    def __init__(self, data: memoryview, offsets: memoryview) -> None:
        self._data = data
        self._offsets = offsets.cast("Q")

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, index: int) -> memoryview:
        return self._data[self._offsets[index] : self._offsets[index + 1]]

    def run(self, first: int, end: int) -> memoryview:
        """The bytes of some that follow each other."""
        return self._data[self._offsets[first] : self._offsets[end]]

    def text(self, index: int) -> str:
        return str(self._data[self._offsets[index] : self._offsets[index + 1]], "utf-8", "surrogatepass")

    def texts(self) -> list[str]:
        """All of them, decoded."""
        data, offsets = bytes(self._data), self._offsets.tolist()
        return [
            data[start:end].decode("utf-8", "surrogatepass") for start, end in itertools.pairwise(offsets)
        ]

    def find(self, text: str) -> int | None:
        """The first index of a text among sorted ones."""
        wanted = text.encode("utf-8", "surrogatepass")
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if bytes(self[middle]) < wanted:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and bytes(self[low]) == wanted else None
