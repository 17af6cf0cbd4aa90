"""Hashes of signatures and bodies that formatting and comments do not change.

The hash of a body is the sum of a hash of its own text and one for each definition that stands in it, in any
order (the incremental hashing of Bellare and Micciancio, 1997): where one of them changes, so can the sum,
without the text of the others.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from blake3 import blake3

from isg.parsers.normalized import SIZE, signature_hash
from isg.parsers.python.walk import Walk

# Bytes that UTF-8 has not stand for marks and for strings, so that the text of a file is cleaned in one go.
_MARK, _STRING = b"\xff", b"\xfe"
_MARKS = (_MARK + b"}", _MARK + b";", _MARK + b"{")
_COMMENT = re.compile(rb"#[^\n\xfe\xff]*")
_WHITE = b"\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0"  # bytes that are white space as Latin-1

Spans = tuple[tuple[int, int], ...]


class Hashes(NamedTuple):
    """What tells whether a definition says or does something else than before."""

    signature: bytes
    body: bytes  # empty for what has no body


def hashes(walk: Walk, symbols: Sequence[int]) -> list[Hashes]:
    """The hashes of symbols, which ascend."""
    drafts, text, found = walk.tables.symbols, NormalizedText(walk), dict[int, Hashes]()
    inner: dict[int, list[int]] = {}
    for index in reversed(symbols):  # what stands inside comes behind
        draft, body = drafts[index], b""
        if draft.bodies:
            members = inner.pop(index, ())
            body = text.digest(draft.bodies, sorted(span for each in members for span in drafts[each].bodies))
            if members:
                body = _sum(body, [_share(drafts[each].name, found[each]) for each in members])
            inner.setdefault(draft.parent, []).append(index)
        found[index] = Hashes(signature_hash(draft), body)
    return [found[index] for index in symbols]


def with_other_part(whole: bytes, name: str, before: Hashes, after: Hashes) -> bytes:
    """The hash of a body in which the definition of this name has other hashes."""
    return _sum(whole, [_share(name, after), -_share(name, before)])


def _sum(own: bytes, shares: Sequence[int]) -> bytes:
    total = int.from_bytes(own, "big") + sum(shares)
    return (total % (1 << 8 * SIZE)).to_bytes(SIZE, "big")


def _share(name: str, part: Hashes) -> int:
    """What a definition adds to the hash of the body that it stands in."""
    text = b"".join((part.signature, part.body, name.encode("utf-8", "replace")))
    return int.from_bytes(blake3(text).digest(SIZE), "big")


def _clean(code: bytes) -> bytes:
    """Code without comments, joined lines and white space."""
    return _COMMENT.sub(b"", code).replace(b"\\\n", b"").translate(None, _WHITE)


class NormalizedText:
    """The file with comments and white space left out, statements and blocks marked, strings verbatim."""

    def __init__(self, walk: Walk) -> None:
        # in source order, as they were met; only what could not be parsed may be read out of order
        marks = sorted(walk.marks) if walk.unordered else walk.marks
        self._offsets = [mark >> 2 for mark in marks]
        pieces = self._normalized(walk.source, marks, walk.strings).split(_MARK)[1:]
        self._text = b"".join(pieces)
        self._places = [0, *accumulate(map(len, pieces))]

    def _normalized(self, source: bytes, marks: list[int], strings: list[tuple[int, int]]) -> bytes:
        """The text behind the first mark, clean, with the marks in it."""
        ends = [*self._offsets[1:], len(source)]
        marked = b"".join(
            [_MARKS[mark & 3] + source[mark >> 2 : end] for mark, end in zip(marks, ends, strict=True)]
        )
        borders = [0, *self._borders(strings), len(marked)]
        parts = [marked[start:end] for start, end in pairwise(borders)]
        parts[::2] = _clean(_STRING.join(parts[::2])).split(_STRING)
        return b"".join(parts)

    def _borders(self, strings: list[tuple[int, int]]) -> list[int]:
        """Where strings begin and end, in turn, in the marked text; not those inside others."""
        offsets, width, first = self._offsets, len(_MARKS[0]), self._offsets[0]
        borders: list[int] = []
        behind = 0
        for start, end in sorted(strings):
            if start >= behind:
                borders.append(start - first + width * bisect_right(offsets, start))
                borders.append(end - first + width * bisect_left(offsets, end))
                behind = end
        return borders

    def digest(self, spans: Spans, inner: Sequence[tuple[int, int]]) -> bytes:
        """The hash of these parts of the file, without some bodies in them (ascending) and their heads."""
        offsets, kept = self._offsets, []
        for start, end in spans:
            low, high = bisect_left(offsets, start), bisect_left(offsets, end)
            for inner_start, inner_end in inner:
                skip = bisect_left(offsets, inner_start) - 1  # the mark before a body is that of its head
                if low <= skip < high:
                    kept.append(self._between(low, skip))
                    low = max(low, bisect_right(offsets, inner_end))  # several blocks may end there
            kept.append(self._between(low, high))
        return blake3(b"".join(kept)).digest(SIZE)

    def _between(self, low: int, high: int) -> bytes:
        """The pieces of these marks."""
        return self._text[self._places[low] : self._places[high]]
