"""Hashes of signatures and bodies that formatting and comments do not change.

The hash of a body is the sum of a hash of its own text and one for each definition that stands in it, in any
order (the incremental hashing of Bellare and Micciancio, 1997): where one of them changes, so can the sum,
without the text of the others.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from blake3 import blake3

from isg.parsers.normalized import SIZE, signature_hash
from isg.parsers.python.walk import Walk

_MARKS = "};{"

Spans = tuple[tuple[int, int], ...]


class Hashes(NamedTuple):
    """What tells whether a definition says or does something else than before."""

    signature: bytes
    body: bytes  # empty for what has no body


def hashes(walk: Walk, symbols: Sequence[int]) -> dict[int, Hashes]:
    """The hashes of symbols, in ascending order, by index."""
    drafts, text, found = walk.tables.symbols, NormalizedText(walk), dict[int, Hashes]()
    inner: dict[int, list[int]] = {}
    for index in reversed(symbols):  # what stands inside comes behind
        draft, body = drafts[index], b""
        if draft.bodies:
            members = inner.pop(index, ())
            own = text.digest(draft.bodies, sorted(span for each in members for span in drafts[each].bodies))
            body = _sum(own, [_share(drafts[each].name, found[each]) for each in members])
            inner.setdefault(draft.parent, []).append(index)
        found[index] = Hashes(signature_hash(draft), body)
    return found


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


class NormalizedText:
    """The file with comments and white space left out, statements and blocks marked, strings verbatim."""

    def __init__(self, walk: Walk) -> None:
        self._text = walk.text
        self._strings = sorted(walk.strings)
        # in source order, as they were met; only what could not be parsed may be read out of order
        marks = sorted(walk.marks) if walk.unordered else walk.marks
        self._offsets = [mark >> 2 for mark in marks]
        self._pieces = self._normalize(marks)

    def _normalize(self, marks: list[int]) -> list[str]:
        """One piece of text for each mark: the mark and what stands up to the next."""
        text, pieces = self._text, []
        strings, at = self._strings, 0
        strings.append((len(text), len(text)))
        ends = self._offsets[1:]
        ends.append(len(text))
        for code, end in zip(marks, ends, strict=True):
            start, mark = code >> 2, _MARKS[code & 3]
            if start == end:
                pieces.append(mark)
                continue
            while strings[at][0] < start:
                at += 1
            if strings[at][0] >= end:
                part = text[start:end]
                if "#" not in part and "\\" not in part:
                    pieces.append(mark + "".join(part.split()))
                    continue
            pieces.append(mark + self._piece(start, end, at))
        return pieces

    def _piece(self, start: int, end: int, at: int) -> str:
        """The text of one statement, its strings verbatim; *at* is the first string that may be in it."""
        text, strings, position = self._text, self._strings, start
        kept: list[str] = []
        while position < end:
            while strings[at][0] < position:
                at += 1  # it stood in a comment, or in another string
            begin, behind = strings[at]
            if begin > position:
                position = self._code(position, min(begin, end), kept)
            else:
                kept.append(text[position:behind])
                position = max(behind, position + 1)
        return "".join(kept)

    def _code(self, start: int, stop: int, kept: list[str]) -> int:
        """Keeps code without white space and comments; gives the byte behind it."""
        part = self._text[start:stop]
        if "#" in part:
            part = part.partition("#")[0]
            newline = self._text.find("\n", start + len(part))
            stop = len(self._text) if newline < 0 else newline + 1
        if "\\" in part:
            part = part.replace("\\\n", "")
        kept.append("".join(part.split()))
        return stop

    def digest(self, spans: Spans, inner: Sequence[tuple[int, int]]) -> bytes:
        """The hash of these parts of the file, without some bodies in them (ascending) and their heads."""
        hasher = blake3()
        for start, end in spans:
            low, high = bisect_left(self._offsets, start), bisect_left(self._offsets, end)
            for inner_start, inner_end in inner:
                skip = (
                    bisect_left(self._offsets, inner_start) - 1
                )  # the mark before a body is that of its head
                resume = bisect_right(self._offsets, inner_end)  # several blocks may end there
                if low <= skip < high:
                    hasher.update("".join(self._pieces[low:skip]).encode("latin-1"))
                    low = max(low, resume)
            hasher.update("".join(self._pieces[low:high]).encode("latin-1"))
        return hasher.digest(SIZE)
