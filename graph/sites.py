"""Sites as numbers, 64 bits each, that sort as places do: by file, line and column."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from isg.graph.model import Site

_COLUMN_BITS = 20
_LINE_BITS = 24
_COLUMN_MASK = (1 << _COLUMN_BITS) - 1
_LINE_MASK = (1 << _LINE_BITS) - 1


def pack_site(file: int, line: int, column: int) -> int:
    """A site as one sortable number; absurd columns are cut, never wrapped."""
    if line > _LINE_MASK or column > _COLUMN_MASK:
        line, column = min(line, _LINE_MASK), min(column, _COLUMN_MASK)
    return (file << _LINE_BITS | line) << _COLUMN_BITS | column


def site_file(packed: int) -> int:
    """The file of a packed site."""
    return packed >> (_LINE_BITS + _COLUMN_BITS)


_HIGH_BITS = 16  # the upper ones of a site, which tell its file but for four bits


def places_in(sites: memoryview, files: AbstractSet[int]) -> Iterator[int]:
    """The positions of the packed sites of some files: looked for, not looked at one by one."""
    lanes = sites.itemsize * 8 // _HIGH_BITS
    first = lanes - 1 if sys.byteorder == "little" else 0
    high = sites.cast("B").cast("H")[first::lanes].tobytes()
    for mark in sorted({pack_site(file, 0, 0) >> (sites.itemsize * 8 - _HIGH_BITS) for file in files}):
        wanted = mark.to_bytes(2, sys.byteorder)
        at = high.find(wanted)
        while at >= 0:
            if at % 2 == 0 and site_file(sites[at // 2]) in files:
                yield at // 2
            at = high.find(wanted, at + 1)


def move_site(packed: int, files: Sequence[int]) -> int:
    """A packed site after its file got another number."""
    file = site_file(packed)
    return packed + ((files[file] - file) << (_LINE_BITS + _COLUMN_BITS))


def site_line(packed: int) -> int:
    """The line of a packed site."""
    return (packed >> _COLUMN_BITS) & _LINE_MASK


def lower_site(packed: int, lines: int) -> int:
    """A packed site so many lines further down."""
    return packed + (lines << _COLUMN_BITS)


def unpack_site(packed: int) -> tuple[int, Site]:
    """The inverse of :func:`pack_site`."""
    return (
        packed >> (_LINE_BITS + _COLUMN_BITS),
        Site((packed >> _COLUMN_BITS) & _LINE_MASK, packed & _COLUMN_MASK),
    )
