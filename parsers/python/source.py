"""Source text: bytes decoded by the file's own declaration."""

from __future__ import annotations

import codecs
import io
import tokenize
from unicodedata import normalize


def decoded(part: str) -> str:
    """A slice of the text as the reader of the source sees it; identifiers are normalised (PEP 3131).

    The text of a file is its bytes taken as Latin-1, so that byte offsets are indexes of it; what is ASCII
    needs no decoding.
    """
    return part if part.isascii() else normalize("NFKC", part.encode("latin-1").decode("utf-8", "replace"))


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
