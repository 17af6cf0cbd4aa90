"""Texts of files by line, some of them kept in memory by what they are: the hash of their content."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from itertools import accumulate
from threading import Lock


class Text:
    """The decoded content of a file, every line break as one character."""

    def __init__(self, data: bytes) -> None:
        text = data.decode("utf-8-sig", errors="replace")
        self._text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
        # The characters before each line, without line breaks: summed without a step of our own.
        self._before = array("I", accumulate(map(len, self._text.split("\n")), initial=0))

    def __len__(self) -> int:
        """How many lines there are; what follows the last line break is one."""
        return len(self._before) - 1

    @property
    def size(self) -> int:
        """How many characters."""
        return len(self._text)

    def between(self, first: int, last: int) -> str:
        """Lines from the first to the last, 1-based and included, as far as they are there."""
        first, last = max(1, first), min(last, len(self))
        if first > last:
            return ""
        return self._text[self._before[first - 1] + first - 1 : self._before[last] + last - 1]


class Kept:
    """The texts used last, up to so many characters in all; threads may share them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._texts: OrderedDict[bytes, Text] = OrderedDict()
        self._lock = Lock()

    def get(self, digest: bytes) -> Text | None:
        """The text of the content with this hash, if it is kept."""
        with self._lock:
            text = self._texts.get(digest)
            if text is not None:
                self._texts.move_to_end(digest)
            return text

    def add(self, digest: bytes, text: Text) -> None:
        """Keep a text, in place of those that were not used for longest."""
        with self._lock:
            if digest not in self._texts:
                self._texts[digest] = text
                self._size += text.size
            while self._size > self._limit:
                self._size -= self._texts.popitem(last=False)[1].size
