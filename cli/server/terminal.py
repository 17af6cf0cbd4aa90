"""The streams of a command that runs here for somebody at the other end of a connection."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from isg.cli.caller import Caller
from isg.cli.server.wire import ERR, OUT, Garbled

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from isg.store.resident.project import Resident

_BUFFER = 1 << 16


class Line(Protocol):
    """The connection to a caller, as the thread of a command sees it."""

    def send(self, kind: bytes, data: bytes) -> None:
        """Raises BrokenPipeError where the caller is gone, or takes nothing for too long."""

    def read_input(self) -> bytes:
        """All of the caller's standard input."""


class _Stream(io.RawIOBase):
    """A stream of the caller's."""

    def __init__(self, send: Callable[[bytes], None], terminal: bool) -> None:
        self._send = send
        self._terminal = terminal

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._terminal

    def write(self, data: Buffer, /) -> int:
        piece = bytes(data)
        self._send(piece)
        return len(piece)


def caller_of(request: dict[str, list[bytes]], line: Line, resident: Resident) -> Caller:
    """Whoever sent a request; raises Garbled."""
    try:
        encoding = request["encoding"][0].decode("ascii")
        folder = Path(_text(request["folder"][0]))
        pairs = [_text(pair).partition("=") for pair in request.get("env", ())]
        streams = [
            io.TextIOWrapper(
                io.BufferedWriter(_Stream(lambda data, kind=kind: line.send(kind, data), terminal), _BUFFER),  # type: ignore[misc]
                encoding,
                "backslashreplace",
            )
            for kind, terminal in ((OUT, request["out"][0] == b"1"), (ERR, request["err"][0] == b"1"))
        ]
    except (KeyError, LookupError, ValueError) as error:
        raise Garbled(str(error)) from error
    environment = {name: value for name, _, value in pairs}
    return Caller(streams[0], streams[1], line.read_input, environment, folder, resident)


def arguments_of(request: dict[str, list[bytes]]) -> list[str]:
    return [_text(argument) for argument in request.get("arg", ())]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
