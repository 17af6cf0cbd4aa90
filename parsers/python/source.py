"""Source text: bytes decoded by the file's own declaration, sliced by byte offsets."""

from __future__ import annotations

import codecs
import io
import tokenize
from typing import SupportsIndex
from unicodedata import normalize


class WideText(str):
    """UTF-8 bytes seen as Latin-1, so that byte offsets are indexes; slices come out decoded."""

    __slots__ = ()

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        part = str.__getitem__(self, key)
        if part.isascii():
            return part
        # identifiers are compared after NFKC normalisation (PEP 3131)
        return normalize("NFKC", part.encode("latin-1").decode("utf-8", "replace"))


def text_of(source: bytes) -> str:
    """A string whose slices by byte offsets are the decoded text there."""
    if source.isascii():
        return source.decode("ascii")
    return WideText(source, "latin-1")


def to_utf8(source: bytes) -> tuple[bytes, str | None]:
    """The source as UTF-8 without a byte order mark, and what was wrong with its encoding, if anything."""
    encoding, problem = _declared_encoding(source)
    if source.startswith(codecs.BOM_UTF8):
        source = source[3:]
    if encoding == "utf-8":
        try:
            source.decode("utf-8")
        except UnicodeDecodeError as error:
            return source.decode("utf-8", "replace").encode("utf-8"), f"not UTF-8: {error.reason}"
        return source, problem
    try:
        return source.decode(encoding).encode("utf-8"), problem
    except (UnicodeError, LookupError, ValueError) as error:
        return source.decode("utf-8", "replace").encode("utf-8"), f"not {encoding}: {error}"


def _declared_encoding(source: bytes) -> tuple[str, str | None]:
    """The encoding that PEP 263 gives a file; UTF-8 and a complaint where its declaration is wrong."""
    if source.isascii() and b"coding" not in source[:400]:
        return "utf-8", None
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    except (SyntaxError, UnicodeError, ValueError) as error:
        return "utf-8", str(error)
    return ("utf-8" if encoding == "utf-8-sig" else encoding), None
