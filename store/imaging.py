"""Packing the graph of a record, to an image under its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec

from isg.graph.graph import Graph
from isg.graph.packing import FileRow, Meta, Packed, pack_graph
from isg.graph.patching import Edited, patch_graph
from isg.store.aside import Aside
from isg.store.collecting import uncollected
from isg.store.contents import Contents
from isg.store.head import ImageStamp
from isg.store.image import write_pieces

_LARGE = 1 << 20  # bytes of an image that takes longer to pack than another process takes to start


class Imaged(msgspec.Struct, frozen=True):
    """An image that is written."""

    meta: Meta
    stamp: ImageStamp


class Imaging(msgspec.Struct, frozen=True):
    """What an image says beside symbols and edges, and where it is written; methods raise OSError."""

    folder: Path
    project: str
    state: str
    files: Sequence[FileRow]

    def of(self, contents: Contents) -> Imaged:
        """The image of all that a record holds."""
        with uncollected():
            symbols, unresolved = contents.symbols, contents.unresolved
            return self._written(
                pack_graph(self.project, self.state, symbols, contents.state_edges, unresolved, self.files)
            )

    def following(self, base: Graph, edited: Edited, unresolved: Mapping[str, int]) -> Aside[Imaged]:
        """The image that follows a graph after an edit, without reading the record; raises CannotPatch."""
        large = sum(map(len, base.sections.values())) >= _LARGE
        return Aside(partial(self._follow, base, edited, unresolved), Imaged, worth=large)

    def _follow(self, base: Graph, edited: Edited, unresolved: Mapping[str, int]) -> Imaged:
        with uncollected():
            return self._written(patch_graph(base, edited, self.state, unresolved, self.files))

    def _written(self, packed: Packed) -> Imaged:
        return Imaged(packed.meta, write_pieces(self.folder, packed.pieces))
