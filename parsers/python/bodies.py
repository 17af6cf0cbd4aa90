"""Hashes of signatures and bodies that formatting and comments do not change."""

from __future__ import annotations

from bisect import bisect_left

from blake3 import blake3

from isg.parsers.normalized import SIZE, signature_hash
from isg.parsers.python.walk import Walk

_MARKS = "};{"


def hashes(walk: Walk) -> list[tuple[bytes, bytes]]:
    """The signature hash and the body hash of each symbol of the file."""
    body = NormalizedText(walk)
    return [(signature_hash(draft), body.digest(draft.bodies)) for draft in walk.tables.symbols]


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

    def digest(self, spans: tuple[tuple[int, int], ...]) -> bytes:
        """The hash of these parts of the file; empty where there are none."""
        if not spans:
            return b""
        hasher = blake3()
        for start, end in spans:
            low, high = bisect_left(self._offsets, start), bisect_left(self._offsets, end)
            hasher.update("".join(self._pieces[low:high]).encode("latin-1"))
        return hasher.digest(SIZE)
