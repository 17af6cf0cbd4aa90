"""The edges that one file states, as columns: so they go from process to process, and into a graph."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

import msgspec

from isg.graph.codes import EDGE_CODE, EDGE_KINDS, HOW_CODE, HOWS
from isg.graph.model import Confidence, Edge
from isg.graph.sites import pack_site, unpack_site

_HOW_BITS = 4
_HOW_MASK = (1 << _HOW_BITS) - 1
_CONFIDENCE = tuple(Confidence)

CODES = len(EDGE_KINDS) << _HOW_BITS
"""As many numbers stand for a kind and a how together."""


def kind_and_how(code: int) -> tuple[int, int]:
    """The codes of the kind and of the how that one number stands for."""
    return code >> _HOW_BITS, code & _HOW_MASK


class StatedEdges(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Some edges, a column of bytes for each of their fields; numbers are in the order of this machine."""

    sources: bytes  # ids, 64 bits each
    targets: bytes  # likewise
    codes: bytes  # of kind and how together, 8 bits each
    confidence: bytes  # 8 bits each
    counts: bytes  # how many sites each has, 32 bits
    sites: bytes  # of all, packed as those of file 0

    @classmethod
    def of(cls, edges: Sequence[Edge]) -> StatedEdges:
        sites = [pack_site(0, site.line, site.column) for edge in edges for site in edge.sites]
        return cls(
            array("q", [edge.source for edge in edges]).tobytes(),
            array("q", [edge.target for edge in edges]).tobytes(),
            bytes([EDGE_CODE[edge.kind] << _HOW_BITS | HOW_CODE[edge.how] for edge in edges]),
            bytes([edge.confidence for edge in edges]),
            array("I", [len(edge.sites) for edge in edges]).tobytes(),
            array("Q", sites).tobytes(),
        )

    def ends(self) -> tuple[array[int], array[int]]:
        """The ids of the sources and of the targets."""
        return array("q", self.sources), array("q", self.targets)

    def sites_of(self, file: int) -> Iterator[list[int]]:
        """The sites of each edge, packed as those of this file."""
        base, at = pack_site(file, 0, 0), 0
        sites = [base | site for site in array("Q", self.sites)]
        for count in array("I", self.counts):
            yield sites[at : at + count]
            at += count

    def edges(self, path: str) -> Iterator[Edge]:
        """The edges again, as the file of this path states them."""
        for source, target, code, sure, sites in zip(
            *self.ends(), self.codes, self.confidence, self.sites_of(0), strict=True
        ):
            kind, how = kind_and_how(code)
            places = tuple([unpack_site(site)[1] for site in sites])
            yield Edge(EDGE_KINDS[kind], HOWS[how], _CONFIDENCE[sure], source, target, path, places)
