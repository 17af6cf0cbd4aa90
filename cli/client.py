"""Asking the server of a project, where one runs, instead of doing the work in this process.

This comes before all else, so it imports next to nothing: the answer of a server takes a few milliseconds,
and each import would take as long. Whatever is odd (nobody there, another isg, garbage) means that the
command runs here, with the same answer. Nothing is shown before all of it has come.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # importing typing takes longer than asking
if TYPE_CHECKING:
    import _socket
    from collections.abc import Sequence

# The commands that ask about a graph and whose answer is no stream; a test holds them against the commands.
SERVED = frozenset(
    {"who-implements", "blast-radius", "find-cycles", "context", "hotspots", "co-change", "search", "symbols"}
    | {"map", "show", "callers", "callees", "refs", "paths", "why", "stats", "coverage"}
)
# Options that read or write files, or that make no sense with a server.
_HERE = ("--output", "--baseline", "--write-baseline", "--no-server", "--help", "-h")
_ENVIRONMENT = ("NO_COLOR", "FORCE_COLOR", "TERM")
_CONNECTING = 0.1  # seconds
_SILENCE = 5.0  # seconds without a word, after which nobody is believed to be there
_PIECE = 1 << 18


class _Gone(Exception):
    """The server has ended, or is none."""


def forwarded(arguments: Sequence[str]) -> int | None:
    """The exit status of a command line that a server has answered; None where it has to run here."""
    if not arguments or arguments[0] not in SERVED or os.environ.get("ISG_NO_SERVER", "0") != "0":
        return None
    if "ISG_DEBUG" in os.environ or any(one.partition("=")[0] in _HERE for one in arguments):
        return None
    if sys.stdin is None or sys.stdout is None or sys.stderr is None:
        return None
    try:
        folder = _index_folder(arguments)
        known = {} if folder is None else _endpoint(folder)
        if folder is None or not known:
            return None
        exchange = _Exchange(_connected(folder, known))
    except (OSError, ValueError, KeyError, ImportError):
        return None
    try:
        return exchange.run(_request(arguments, known))
    except (OSError, ValueError, _Gone):
        exchange.give_back_input()
        return None


def _index_folder(arguments: Sequence[str]) -> str | None:
    """Where the index that a command line is about would be. A guess: the server knows better."""
    folder = _option(arguments, "--db")
    if folder is not None:
        return os.path.abspath(os.path.expanduser(folder))  # noqa: PTH100, PTH111
    place = os.path.realpath(_option(arguments, "--project", "-C") or ".")
    while True:
        index = os.path.join(place, ".isg")  # noqa: PTH118
        if any(os.path.isfile(os.path.join(index, name)) for name in ("head", "store.sqlite")):  # noqa: PTH113, PTH118
            return index
        above = os.path.dirname(place)  # noqa: PTH120
        if above == place:
            return None
        place = above


def _option(arguments: Sequence[str], *names: str) -> str | None:
    """The last value of an option."""
    found = None
    for position, argument in enumerate(arguments):
        if argument == "--":
            break
        name, equals, value = argument.partition("=")
        if name in names:
            found = value if equals else "".join(arguments[position + 1 : position + 2])
        elif argument[:2] in names and argument[:2] == "-C":
            found = argument[2:]
    return found


def _endpoint(folder: str) -> dict[str, str]:
    """What the server of an index says of itself; empty where there is none of this very isg."""
    from isg.cli.server import endpoint

    known = endpoint.read_endpoint(folder)
    return known if known.get("isg") == endpoint.identity() else {}


def _connected(folder: str, known: dict[str, str]) -> _socket.socket:
    """A connection to the server of an index; raises OSError."""
    # The module below `socket`, whose classes for files and enums take 6 ms to import.
    import _socket

    if hasattr(_socket, "AF_UNIX"):
        from isg.cli.server import endpoint

        path = endpoint.socket_path(folder)
        if not endpoint.is_own_socket(path):
            raise ConnectionRefusedError(path)
        place: str | tuple[str, int] = path
        connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    else:
        place = ("127.0.0.1", int(known["port"]))
        connection = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
    connection.settimeout(_CONNECTING)
    connection.connect(place)
    return connection


def _request(arguments: Sequence[str], known: dict[str, str]) -> bytes:
    from isg.cli.server import wire

    fields = [
        ("isg", os.fsencode(known["isg"])),
        ("secret", os.fsencode(known.get("secret", ""))),
        ("folder", os.fsencode(os.getcwd())),  # noqa: PTH109
        ("out", b"%d" % os.isatty(1)),
        ("err", b"%d" % os.isatty(2)),
        ("encoding", (sys.stderr.encoding or "utf-8").encode()),
    ]
    environment = [name for name in _ENVIRONMENT if name in os.environ]
    fields += [("env", os.fsencode(f"{name}={os.environ[name]}")) for name in environment]
    return wire.encode_request([*fields, *(("arg", os.fsencode(argument)) for argument in arguments)])


class _Exchange:
    """One request and what comes back."""

    def __init__(self, connection: _socket.socket) -> None:
        self._connection = connection
        self._input: list[bytes] = []

    def run(self, request: bytes) -> int:
        """The exit status, when all is shown; raises _Gone or OSError where nothing was shown."""
        try:
            status, answer = self._answered(request)
        finally:
            self._connection.close()
        try:
            for stream, data in answer:
                _write(stream, data)
        except BrokenPipeError:  # whoever reads us has had enough
            return 0
        return status

    def _answered(self, request: bytes) -> tuple[int, list[tuple[int, bytes]]]:
        """The exit status and what to write to which stream, in order."""
        from isg.cli.server import wire

        self._connection.settimeout(_SILENCE)
        self._connection.sendall(request)
        answer: list[tuple[int, bytes]] = []
        while True:
            kind, length = wire.HEAD.unpack(self._receive(wire.HEAD.size))
            if length > wire.MAX_FRAME:
                raise _Gone
            data = self._receive(length)
            if kind in (wire.OUT, wire.ERR):
                answer.append((1 if kind == wire.OUT else 2, data))
            elif kind == wire.STATUS:
                return int(data), answer
            elif kind == wire.INPUT:
                self._send_input()
            elif kind != wire.WORKING:
                raise _Gone

    def _receive(self, length: int) -> bytes:
        pieces = []
        while length:
            piece = self._connection.recv(min(length, _PIECE))
            if not piece:
                raise _Gone
            pieces.append(piece)
            length -= len(piece)
        return b"".join(pieces)

    def _send_input(self) -> None:
        from isg.cli.server import wire

        while True:
            piece = os.read(0, _PIECE)
            self._input.append(piece)
            self._connection.sendall(wire.frame(wire.INPUT, piece))
            if not piece:
                return

    def give_back_input(self) -> None:
        """What was read of standard input is there to be read again, and the rest with it."""
        if self._input:
            import io

            while self._input[-1]:
                self._input.append(os.read(0, _PIECE))
            sys.stdin = io.TextIOWrapper(io.BytesIO(b"".join(self._input)), "utf-8", "surrogateescape")


def _write(stream: int, data: bytes) -> None:
    while data:
        data = data[os.write(stream, data) :]
