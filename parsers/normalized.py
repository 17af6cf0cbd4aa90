"""Hashes of signatures and bodies that formatting and comments do not change."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import pairwise

from blake3 import blake3

from isg.parsers.tables import SymbolDraft

SIZE = 8  # bytes of a hash


def hashes_of(drafts: Iterable[SymbolDraft], text: str, noise: re.Pattern[str]) -> list[tuple[bytes, bytes]]:
    """The signature hash and the body hash of each symbol of a file.

    ``noise`` matches comments and white space, and what only looks like those: its one group holds what
    is kept of a match.
    """
    symbols = list(drafts)
    cuts = {offset for draft in symbols for span in draft.bodies for offset in span}
    body = _NormalizedText(text, sorted(cuts), noise)
    return [(signature_hash(draft), body.digest(draft.bodies)) for draft in symbols]


def signature_hash(draft: SymbolDraft) -> bytes:
    text = "\n".join(draft.heads) or draft.signature
    return blake3("".join(text.split()).encode("utf-8", "replace")).digest(SIZE)


class _NormalizedText:
    """The file without its noise, and where these offsets of it went."""

    def __init__(self, text: str, offsets: list[int], noise: re.Pattern[str]) -> None:
        self._offsets = offsets
        self._places: list[int] = [0]
        kept: list[str] = []
        for start, end in pairwise(offsets):
            part = "".join(filter(None, noise.split(text[start:end])))
            kept.append(part)
            self._places.append(self._places[-1] + len(part))
        self._text = "".join(kept).encode("latin-1")

    def digest(self, spans: tuple[tuple[int, int], ...]) -> bytes:
        """The hash of these parts of the file; empty where there are none."""
        if not spans:
            return b""
        hasher, view = blake3(), memoryview(self._text)
        for start, end in spans:
            hasher.update(view[self._place(start) : self._place(end)])
        return hasher.digest(SIZE)

    def _place(self, offset: int) -> int:
        return self._places[bisect_left(self._offsets, offset)]
