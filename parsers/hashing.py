"""Content hashes: what a file is, whatever it is called and whenever it was written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from blake3 import blake3


def content_hash(data: bytes) -> bytes:
    """The 32 bytes of BLAKE3 over some content."""
    return blake3(data).digest()


def hash_file(path: Path) -> bytes:
    """The content hash of a file; raises OSError where it cannot be read."""
    return content_hash(path.read_bytes())


def state_of(pairs: Iterable[tuple[str, bytes]]) -> str:
    """One hex BLAKE3 for a whole tree, from (path, content hash) pairs in any order."""
    return state_of_entries(entry_of(path, digest) for path, digest in sorted(pairs))


def entry_of(path: str, digest: bytes) -> bytes:
    """What a file with this content adds to the state of its tree."""
    return path.encode("utf-8", "surrogateescape") + b"\0" + digest


def state_of_entries(entries: Iterable[bytes]) -> str:
    """As :func:`state_of`, from the entries of all files in the order of their paths."""
    return blake3(b"".join(entries)).hexdigest()
