"""The small numbers that stand for kinds in packed columns.

Edge kinds are numbered in alphabetical order, so that arcs sorted by (source, kind, target) are in the
order that ``isg export`` promises. Changing a number changes the image: raise ``sections.FORMAT``.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence
from enum import IntFlag

from isg.graph.model import EdgeKind, How, SymbolKind

EDGE_KINDS: tuple[EdgeKind, ...] = tuple(sorted(EdgeKind))
EDGE_CODE: dict[EdgeKind, int] = {kind: code for code, kind in enumerate(EDGE_KINDS)}
HOWS: tuple[How, ...] = tuple(How)
HOW_CODE: dict[How, int] = {how: code for code, how in enumerate(HOWS)}
SYMBOL_KINDS: tuple[SymbolKind, ...] = tuple(SymbolKind)
SYMBOL_CODE: dict[SymbolKind, int] = {kind: code for code, kind in enumerate(SYMBOL_KINDS)}

CALLS = EDGE_CODE[EdgeKind.CALLS]
CONTAINS = EDGE_CODE[EdgeKind.CONTAINS]
DEFINES = EDGE_CODE[EdgeKind.DEFINES]
IMPL = EDGE_CODE[EdgeKind.IMPL]
IMPORTS = EDGE_CODE[EdgeKind.IMPORTS]
OVERRIDES = EDGE_CODE[EdgeKind.OVERRIDES]
USES = EDGE_CODE[EdgeKind.USES]

DEPENDENCIES: frozenset[int] = frozenset({CALLS, USES, IMPL, IMPORTS})
CONTAINMENT: frozenset[int] = frozenset({CONTAINS, DEFINES})


LOOKS = len(EDGE_KINDS) << 8
"""No arc of a packed graph looks like a number as high as this."""
_TWICE_DOUBLED = bytes(code << 2 & 0xFF for code in range(256))


def look(kind: int, how: int, confidence: int) -> int:
    """What an arc looks like: its three codes as one number."""
    return kind << 8 | how << 2 | confidence


def looks(kinds: memoryview, hows: memoryview, confidences: memoryview) -> Sequence[int]:
    """The look of each arc, from whole columns at once: a loop over them would take twenty times as long."""
    low = int.from_bytes(bytes(hows).translate(_TWICE_DOUBLED), "little")
    low |= int.from_bytes(confidences, "little")
    packed = bytearray(2 * len(kinds))
    kind_first = sys.byteorder == "big"
    packed[kind_first::2] = low.to_bytes(len(kinds), "little")
    packed[not kind_first :: 2] = kinds
    return array("H", bytes(packed))


class NodeFlag(IntFlag):
    """What a packed node says without being decoded."""

    NONE = 0
    EXTERNAL = 1
    TEST = 2
    PUBLIC = 4
    REDECLARED = 8  # it has several declarations


def symbol_codes(kinds: Iterable[SymbolKind]) -> frozenset[int]:
    """The numbers of these kinds."""
    return frozenset(SYMBOL_CODE[kind] for kind in kinds)
