"""Whether the bytes of a file are worth reading as source; decided where a file is read anyway.

What a tool has generated is: the rest of the program uses what it defines.
"""

from __future__ import annotations

from isg.parsers.discovery import SkipReason

_BINARY_WINDOW = 8 * 1024
_MINIFIED_SIZE = 20 * 1024
_MINIFIED_LINE = 400  # bytes a line, on average


def unfit(source: bytes) -> SkipReason | None:
    """Why a file's content should not be indexed; None where it should."""
    if b"\0" in source[:_BINARY_WINDOW]:
        return SkipReason.BINARY
    size = len(source)
    if size > _MINIFIED_SIZE and size > _MINIFIED_LINE * (source.count(b"\n") + 1):
        return SkipReason.MINIFIED
    return None
