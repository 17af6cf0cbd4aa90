"""Source text of TypeScript: compilers read UTF-16 too, where its mark stands first."""

from __future__ import annotations

import codecs

from isg.parsers import source as text

_UTF16 = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def to_utf8(source: bytes) -> tuple[bytes, str | None]:
    """The source as UTF-8 without a byte order mark, and what was wrong with its encoding, if anything."""
    for mark, encoding in _UTF16:
        if source.startswith(mark):
            return source[len(mark) :].decode(encoding, "replace").encode("utf-8", "replace"), None
    return text.to_utf8(source)
