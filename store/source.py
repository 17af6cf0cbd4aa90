"""Source text of symbols, read from the working tree and never from other content than was indexed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from isg.graph.model import Symbol
from isg.parsers.hashing import content_hash
from isg.store.head import FileStamp, Head
from isg.store.texts import Kept, Text
from isg.store.ticks import was_just_written

_KEPT = 8_000_000  # characters that a process keeps for its next questions
_kept = Kept(_KEPT)


class SourceText:
    """The lines of indexed files; None where a file is gone or has another content than the index is of."""

    def __init__(self, root: Path, head: Head | None) -> None:
        self._root = root
        self._head = head
        self._text = cache(self._find)
        self.changed: set[str] = set()  # the files of which there was no text to give

    def of(self, symbol: Symbol) -> str | None:
        """All of a symbol, decorators included, with no line break at the end."""
        if symbol.file is None:
            return None
        return self.between(symbol.file, symbol.start_line, symbol.end_line)

    def between(self, path: str, first: int, last: int) -> str | None:
        """Lines from the first to the last, both 1-based and included."""
        text = self._text(path)
        return None if text is None else text.between(first, last)

    def line(self, path: str, number: int) -> str | None:
        """One line; None where there is none of that number."""
        text = self._text(path)
        return text.between(number, number) if text is not None and 0 < number <= len(text) else None

    def _find(self, path: str) -> Text | None:
        head = self._head
        stamp = None if head is None else head.files.get(path)
        if head is None or stamp is None:
            return None
        kept = _kept.get(stamp.hash)
        if kept is not None and _untouched(self._root / path, stamp, head.stamp):
            return kept
        return self._read(path, stamp)

    def _read(self, path: str, stamp: FileStamp) -> Text | None:
        try:
            data = (self._root / path).read_bytes()
        except OSError:
            data = b""
        if content_hash(data) != stamp.hash:
            self.changed.add(path)
            return None
        text = Text(data)
        _kept.add(stamp.hash, text)
        return text


def _untouched(path: Path, stamp: FileStamp, looked: int) -> bool:
    """Whether ``stat`` tells that a file is as it was when the index looked at it, at that time."""
    try:
        found = path.stat()
    except OSError:
        return False
    now = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
    if now != (stamp.size, stamp.mtime_ns, stamp.ctime_ns, stamp.inode):
        return False
    return not was_just_written(max(stamp.mtime_ns, stamp.ctime_ns), looked)
