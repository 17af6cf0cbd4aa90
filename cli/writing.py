"""Writing the files that a user names."""

from __future__ import annotations

from pathlib import Path


def write_whole(path: Path, body: bytes) -> None:
    """Write a file as a whole or not at all; raises OSError.

    What is no file, but a device or a pipe (``/dev/null``), is written to and stays what it is.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(body)
        return
    partial = path.with_name(f".{path.name}.isg-partial")
    try:
        partial.write_bytes(body)
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
