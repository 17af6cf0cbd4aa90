"""Source text: bytes as UTF-8, and slices of the Latin-1 text that they are read as."""

from __future__ import annotations

import codecs


def decoded(part: str) -> str:
    """A slice of the text as the reader of the source sees it.

    The text of a file is its bytes taken as Latin-1, so that byte offsets are indexes of it; what is ASCII
    needs no decoding.
    """
    return part if part.isascii() else part.encode("latin-1").decode("utf-8", "replace")


def to_utf8(source: bytes) -> tuple[bytes, str | None]:
    """The source as UTF-8 without a byte order mark, and what was wrong with its encoding, if anything."""
    if source.startswith(codecs.BOM_UTF8):
        source = source[len(codecs.BOM_UTF8) :]
    if source.isascii():
        return source, None
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as error:
        return source.decode("utf-8", "replace").encode("utf-8"), f"not UTF-8: {error.reason}"
    return source, None
