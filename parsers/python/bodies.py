"""Hashes of signatures and bodies that formatting and comments do not change."""

from __future__ import annotations

from bisect import bisect_left

from blake3 import blake3

from isg.parsers.python.tables import SymbolDraft
from isg.parsers.python.walk import Walk

_SIZE = 8


def hashes(walk: Walk) -> list[tuple[bytes, bytes]]:
    """The signature hash and the body hash of each symbol of the file."""
    body = NormalizedText(walk)
    return [(_signature_hash(draft), body.digest(draft.bodies)) for draft in walk.tables.symbols]


def _signature_hash(draft: SymbolDraft) -> bytes:
    text = "\n".join(draft.signature_parts) or draft.signature
    return blake3("".join(text.split()).encode("utf-8", "replace")).digest(_SIZE)


class NormalizedText:
    """The file with comments and white space left out, statements and blocks marked, strings verbatim."""

    def __init__(self, walk: Walk) -> None:
        self._text = walk.text
        self._strings = sorted(set(walk.strings))
        self._marks = self._structure(walk)
        self._offsets = [mark[0] for mark in self._marks]
        self._pieces: list[str] = []
        self._normalize()

    def _structure(self, walk: Walk) -> list[tuple[int, str]]:
        """Where statements begin and blocks begin and end: what indentation and newlines mean."""
        marks = [(start, ";") for start in walk.statements]
        for start, end in walk.blocks:
            marks.append((start, "{"))
            marks.append((end, "}"))
        marks.sort()
        return marks

    def _normalize(self) -> None:
        """One piece of text for each mark: the mark and what stands up to the next."""
        text, length = self._text, len(self._text)
        strings, at = self._strings, 0
        for number, (start, mark) in enumerate(self._marks):
            end = self._marks[number + 1][0] if number + 1 < len(self._marks) else length
            if start == end:
                self._pieces.append(mark)
                continue
            while at < len(strings) and strings[at][1] <= start:
                at += 1
            kept = [mark]
            position = start
            while position < end:
                while at < len(strings) and strings[at][0] < position:
                    at += 1  # it stood in a comment, or in another string
                begin, behind = strings[at] if at < len(strings) else (length, length)
                if begin > position:
                    position = self._code(position, min(begin, end), kept)
                else:
                    kept.append(text[position:behind])
                    position = behind
            self._pieces.append("".join(kept))

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

    def digest(self, spans: list[tuple[int, int]]) -> bytes:
        """The hash of these parts of the file; empty where there are none."""
        if not spans:
            return b""
        hasher = blake3()
        for start, end in spans:
            low, high = bisect_left(self._offsets, start), bisect_left(self._offsets, end)
            hasher.update("".join(self._pieces[low:high]).encode("utf-8", "replace"))
        return hasher.digest(_SIZE)
