"""Hashes of signatures and bodies that formatting and comments do not change."""

from __future__ import annotations

import re
from bisect import bisect_left

from blake3 import blake3

from isg.parsers.rust.walk import Walk
from isg.parsers.tables import SymbolDraft

_SIZE = 8
# strings and characters are kept as they are; then comments and white space, which are left out
_TOKENS = re.compile(
    r"""(?P<kept> b?c?r(?P<marks>\#*)".*?"(?P=marks) | "(?:[^"\\]|\\.)*"
               | '(?:\\.[^']*|[^\\'\x80-\xff]|[\x80-\xff]{2,4})')
    | (?P<block>/\*) | //[^\n]* | \s+""",
    re.DOTALL | re.VERBOSE,
)
_COMMENT_EDGES = re.compile(r"/\*|\*/")


def hashes(walk: Walk) -> list[tuple[bytes, bytes]]:
    """The signature hash and the body hash of each symbol of the file."""
    body = NormalizedText(walk.text)
    return [(_signature_hash(draft), body.digest(draft.bodies)) for draft in walk.tables.symbols]


def _signature_hash(draft: SymbolDraft) -> bytes:
    text = "\n".join(draft.heads) or draft.signature
    return blake3("".join(text.split()).encode("utf-8", "replace")).digest(_SIZE)


class NormalizedText:
    """The file without comments and white space, and where each part of it went."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] = [0]  # of the parts that are kept, in the file
        self._places: list[int] = [0]  # of the same parts, in what is kept
        kept: list[str] = []
        position = place = 0
        at = 0
        while (found := _TOKENS.search(text, at)) is not None:
            at = found.end()
            if found["kept"] is not None:
                continue
            if found["block"] is not None:
                at = _behind_comment(text, at)
            part = text[position : found.start()]
            kept.append(part)
            place += len(part)
            position = at
            self._starts.append(position)
            self._places.append(place)
        kept.append(text[position:])
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
        at = bisect_left(self._starts, offset + 1) - 1
        place = self._places[at] + offset - self._starts[at]
        if at + 1 < len(self._places):
            return min(place, self._places[at + 1])
        return place


def _behind_comment(text: str, at: int) -> int:
    """The place behind a block comment that is open here; they nest."""
    depth = 1
    while depth:
        edge = _COMMENT_EDGES.search(text, at)
        if edge is None:
            return len(text)
        depth += 1 if edge[0] == "/*" else -1
        at = edge.end()
    return at
