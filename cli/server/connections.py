"""Commands that come over the socket: each is run by the very code that would have run it there.

One connection is one request. While a command runs, its caller is told every second that it does.
"""

from __future__ import annotations

import asyncio
from asyncio import AbstractEventLoop, StreamReader, StreamWriter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

from isg.cli.caller import NotServed, on_behalf_of
from isg.cli.server import wire
from isg.cli.server.endpoint import identity
from isg.cli.server.service import Service
from isg.cli.server.terminal import arguments_of, caller_of

T = TypeVar("T")
# What ends a connection: its other side, its nonsense, the end of the server.
_ENDS = (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.CancelledError, wire.Garbled)
REQUEST_TIMEOUT = 10.0  # seconds for a whole request to come
_PATIENCE = 30.0  # seconds that a caller may take nothing, or give nothing
_HEARTBEAT = 1.0
BUFFERED = 8 << 20  # bytes of an answer that wait for a slow caller while its command goes on

Control = Callable[[str], dict[str, object] | None]


class Connections:
    """Serves the callers of a socket; ``control`` answers what is asked about the server itself."""

    def __init__(self, service: Service, control: Control, secret: bytes = b"") -> None:
        self._service = service
        self._control = control
        self._secret = secret  # where anybody on the machine can connect

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """One connection, from its request to its end; nothing that comes over it is an error of ours."""
        writer.transport.set_write_buffer_limits(high=BUFFERED)
        with suppress(*_ENDS):
            request = await asyncio.wait_for(_read_request(reader), REQUEST_TIMEOUT)
            await self._answer(request, reader, writer)
        await close(writer)

    async def _answer(
        self, request: dict[str, list[bytes]], reader: StreamReader, writer: StreamWriter
    ) -> None:
        if not self._is_trusted(request):
            raise wire.Garbled("no secret")
        if "control" in request:
            said = self._control(request["control"][0].decode("utf-8", "replace"))
            kind, data = (wire.NOT_SERVED, b"") if said is None else (wire.OUT, msgspec.json.encode(said))
            writer.write(wire.frame(kind, data))
        elif not self._can_serve(request):
            writer.write(wire.frame(wire.NOT_SERVED))
        else:
            await self._run(request, reader, writer)
        await asyncio.wait_for(writer.drain(), _PATIENCE)

    def _is_trusted(self, request: dict[str, list[bytes]]) -> bool:
        from hmac import compare_digest

        return not self._secret or compare_digest(request.get("secret", [b""])[0], self._secret)

    def _can_serve(self, request: dict[str, list[bytes]]) -> bool:
        ours = request.get("isg", [b""])[0] == identity().encode("utf-8", "surrogateescape")
        return ours and self._service.sources.unchanged()

    async def _run(self, request: dict[str, list[bytes]], reader: StreamReader, writer: StreamWriter) -> None:
        line = _Line(asyncio.get_running_loop(), reader, writer)
        caller = caller_of(request, line, self._service.resident)
        arguments = arguments_of(request)

        def command() -> bytes:
            from isg.cli.main import run

            try:
                with on_behalf_of(caller):
                    status = run(arguments)
                for stream in (caller.out, caller.err):
                    if stream is not None:
                        stream.flush()
            except NotServed:
                return wire.frame(wire.NOT_SERVED)
            except OSError:  # the caller is gone
                return b""
            finally:
                line.hang_up()
            return wire.frame(wire.STATUS, str(status).encode())

        beating = asyncio.create_task(_beat(writer))
        try:
            writer.write(await self._service.run(command))
        finally:
            beating.cancel()


class _Line:
    """The connection as the thread of a command sees it: calls that wait for the loop."""

    def __init__(self, loop: AbstractEventLoop, reader: StreamReader, writer: StreamWriter) -> None:
        self._loop = loop
        self._reader = reader
        self._writer = writer
        self._ended = False

    def hang_up(self) -> None:
        """Nothing is sent any more: streams that are freed write what they hold, in any thread."""
        self._ended = True

    def send(self, kind: bytes, data: bytes) -> None:
        if self._ended:
            raise BrokenPipeError
        for start in range(0, len(data), wire.MAX_FRAME):
            self._wait_for(self._send(wire.frame(kind, data[start : start + wire.MAX_FRAME])))

    def read_input(self) -> bytes:
        return self._wait_for(self._read_input())

    def _wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        done = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return done.result()
        except (OSError, TimeoutError, EOFError, wire.Garbled) as error:
            raise BrokenPipeError(str(error)) from error

    async def _send(self, data: bytes) -> None:
        self._writer.write(data)
        await asyncio.wait_for(self._writer.drain(), _PATIENCE)

    async def _read_input(self) -> bytes:
        self._writer.write(wire.frame(wire.INPUT))
        pieces: list[bytes] = []
        while True:
            head = await asyncio.wait_for(self._reader.readexactly(wire.HEAD.size), _PATIENCE)
            kind, length = wire.HEAD.unpack(head)
            if kind != wire.INPUT or length > wire.MAX_FRAME:
                raise wire.Garbled("input was expected")
            piece = await asyncio.wait_for(self._reader.readexactly(length), _PATIENCE)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)


async def _read_request(reader: StreamReader) -> dict[str, list[bytes]]:
    """Raises Garbled, IncompleteReadError."""
    if await reader.readexactly(len(wire.MAGIC)) != wire.MAGIC:
        raise wire.Garbled("another protocol")
    (length,) = wire.LENGTH.unpack(await reader.readexactly(wire.LENGTH.size))
    if length > wire.MAX_REQUEST:
        raise wire.Garbled("too long")
    return wire.decode_request(await reader.readexactly(length))


async def _beat(writer: StreamWriter) -> None:
    while True:
        writer.write(wire.frame(wire.WORKING))
        await asyncio.sleep(_HEARTBEAT)


async def close(writer: StreamWriter) -> None:
    """End a connection; that it has ended already, or that the server ends meanwhile, is fine."""
    with suppress(OSError, TimeoutError, asyncio.CancelledError):
        writer.close()
        await asyncio.wait_for(writer.wait_closed(), _PATIENCE)
