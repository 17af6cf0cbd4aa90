"""What an overlay is told: arcs that are stated otherwise, symbols that come and go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import msgspec

from isg.graph.model import Symbol
from isg.graph.numbering import Replacement
from isg.graph.packing import FileRow


class CannotOverlay(Exception):
    """More hangs on a change than the graph below can tell."""


class Stated(msgspec.Struct, frozen=True):
    """What is stated of an arc: how sure it is, and its packed sites, sorted."""

    confidence: int
    sites: Sequence[int]


class Renewal(msgspec.Struct, frozen=True):
    """The nodes from ``start`` to ``stop`` (not included), all of one file, give place to other symbols.

    ``file`` is its index, or NO_FILE where they are externals.
    """

    file: int
    start: int
    stop: int
    symbols: Sequence[Symbol]

    @property
    def surplus(self) -> int:
        """How many nodes come more than go."""
        return len(self.symbols) - (self.stop - self.start)

    @property
    def replacement(self) -> Replacement:
        return Replacement(self.start, self.stop, len(self.symbols))


class Change(msgspec.Struct, frozen=True):
    """What a new state has otherwise than the one below.

    ``files`` are rows by their index; ``symbols`` those of whole files, by the node of their first. ``moved``
    are arcs that stay and are stated otherwise, ``come`` the new ones, by their number
    (:func:`~isg.graph.packing.arc_number`).
    """

    state: str
    files: Mapping[int, FileRow]
    unresolved: Mapping[str, int]
    symbols: Mapping[int, Sequence[Symbol]]
    gone: AbstractSet[int]
    moved: Mapping[int, Stated]
    come: Mapping[int, Stated]
