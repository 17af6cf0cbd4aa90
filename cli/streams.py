"""Standard output and error: the answer goes to the one, all talk to the other."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import BinaryIO, TextIO

_CHUNK = 1 << 18


class OutputClosed(Exception):
    """Whoever read standard output has had enough (``isg … | head``)."""


def wants_color(choice: str, stream: TextIO) -> bool:
    """Whether to colour what goes to that stream; ``choice`` is auto, always or never."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or is_terminal(stream)


def is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def write_out(pieces: Iterable[bytes]) -> None:
    """Write the answer to standard output, in few large pieces; raises OutputClosed."""
    if sys.stdout is None:  # closed before we began: `isg … >&-`
        raise OutputClosed
    try:
        sys.stdout.flush()
        _write(sys.stdout.buffer, pieces)
    except BrokenPipeError as error:
        raise OutputClosed from error


def _write(target: BinaryIO, pieces: Iterable[bytes]) -> None:
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _CHUNK:
            target.write(b"".join(waiting))
            waiting.clear()
            size = 0
    target.write(b"".join(waiting))
    target.flush()


def say(line: str) -> None:
    """One line to standard error; what a terminal cannot show is escaped, a closed stream ignored."""
    with suppress(OSError, ValueError, AttributeError):
        data = line.encode(sys.stderr.encoding or "utf-8", "backslashreplace")
        print(data.decode(sys.stderr.encoding or "utf-8"), file=sys.stderr, flush=True)


def flush_all() -> None:
    """Write what is left of either stream; a closed one is nobody's loss."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
