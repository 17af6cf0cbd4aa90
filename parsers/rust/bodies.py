"""Hashes of signatures and bodies that formatting and comments do not change."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise

from blake3 import blake3

from isg.parsers.rust.walk import Walk
from isg.parsers.tables import SymbolDraft

_SIZE = 8
# Strings and characters are kept as they are; comments and white space are left out. What is not closed
# goes on to the end, so that no text is looked at twice.
_TOKENS = re.compile(
    r"""( b?c?r(?: "[^"]*"? | \#"(?:.*?"\#|.*) | \#\#"(?:.*?"\#\#|.*) )
        | "[^"\\]*(?:\\.[^"\\]*)*"?
        | '(?:\\[^'\n]+|[^\\'\x80-\xff]|[\x80-\xff]{2,4})' )
    | /\*(?:.*?\*/|.*) | //[^\n]* | \s+""",
    re.DOTALL | re.VERBOSE,
)


def hashes(walk: Walk) -> list[tuple[bytes, bytes]]:
    """The signature hash and the body hash of each symbol of the file."""
    drafts = walk.tables.symbols
    spans = {span for draft in drafts for span in draft.bodies}
    body = NormalizedText(walk.text, sorted({offset for span in spans for offset in span}))
    return [(_signature_hash(draft), body.digest(draft.bodies)) for draft in drafts]


def _signature_hash(draft: SymbolDraft) -> bytes:
    text = "\n".join(draft.heads) or draft.signature
    return blake3("".join(text.split()).encode("utf-8", "replace")).digest(_SIZE)


class NormalizedText:
    """The file without comments and white space, and where these offsets of it went."""

    def __init__(self, text: str, offsets: list[int]) -> None:
        self._offsets = offsets
        self._places: list[int] = [0]
        kept: list[str] = []
        for start, end in pairwise(offsets):
            part = "".join(filter(None, _TOKENS.split(text[start:end])))
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
        return hasher.digest(_SIZE)

    def _place(self, offset: int) -> int:
        return self._places[bisect_left(self._offsets, offset)]
