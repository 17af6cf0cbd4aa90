"""Source text of symbols, read from the working tree and never from other content than was indexed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from isg.graph.model import Symbol
from isg.parsers.hashing import content_hash
from isg.store.head import Head


class SourceText:
    """The lines of indexed files; None where a file is gone or has another content than the index is of."""

    def __init__(self, root: Path, head: Head | None) -> None:
        self._root = root
        self._head = head
        self._lines = cache(self._read)
        self.changed: set[str] = set()  # the files of which there was no text to give

    def of(self, symbol: Symbol) -> str | None:
        """All of a symbol, decorators included, with no line break at the end."""
        if symbol.file is None:
            return None
        return self.between(symbol.file, symbol.start_line, symbol.end_line)

    def between(self, path: str, first: int, last: int) -> str | None:
        """Lines from the first to the last, both 1-based and included."""
        lines = self._lines(path)
        return None if lines is None else "\n".join(lines[max(0, first - 1) : last])

    def line(self, path: str, number: int) -> str | None:
        """One line; None where there is none of that number."""
        lines = self._lines(path)
        return lines[number - 1] if lines is not None and 0 < number <= len(lines) else None

    def _read(self, path: str) -> list[str] | None:
        stamp = None if self._head is None else self._head.files.get(path)
        if stamp is None:
            return None
        try:
            data = (self._root / path).read_bytes()
        except OSError:
            data = b""
        if content_hash(data) != stamp.hash:
            self.changed.add(path)
            return None
        text = data.decode("utf-8-sig", errors="replace")
        return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
