"""Standard output and error: the answer goes to the one, all talk to the other."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import BinaryIO, TextIO

from isg.cli.caller import caller

_CHUNK = 1 << 18


class OutputClosed(Exception):
    """Whoever read standard output has had enough (``isg … | head``)."""


def wants_color(choice: str) -> bool:
    """Whether to colour the answer; ``choice`` is auto, always or never."""
    if choice != "auto":
        return choice == "always"
    environment = caller().environment
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return bool(environment.get("FORCE_COLOR")) or answers_to_terminal()


def answers_to_terminal() -> bool:
    """Whether a person reads the answer as it comes."""
    return is_terminal(caller().out)


def is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except (AttributeError, ValueError):
        return False


def write_out(pieces: Iterable[bytes]) -> None:
    """Write the answer to standard output, in few large pieces; raises OutputClosed."""
    out = caller().out
    if out is None:
        raise OutputClosed
    try:
        out.flush()
        _write(out.buffer, pieces)
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
    err = caller().err
    if err is None:
        return
    with suppress(OSError, ValueError, AttributeError):
        data = line.encode(err.encoding or "utf-8", "backslashreplace")
        print(data.decode(err.encoding or "utf-8"), file=err, flush=True)


def flush_all() -> None:
    """Write what is left of either stream; a closed one is nobody's loss."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
