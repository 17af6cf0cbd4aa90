"""HTTP/1.1 connections: what h11 understands of them, within limits of size and time.

h11 reads and checks the protocol; bytes come and go by asyncio's streams.
"""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

import h11
import msgspec

from isg.cli.server.connections import BUFFERED, close
from isg.cli.server.guard import Guard, Refusal

_T = TypeVar("_T")
MAX_HEADERS = 16 << 10  # bytes
MAX_BODY = 1 << 20
REQUEST_TIMEOUT = 10.0  # seconds for a request to come as a whole
IDLE_TIMEOUT = 60.0  # seconds between two requests of a connection
SEND_TIMEOUT = 30.0
_LINGER = 2.0  # seconds for a client to take in why it was refused
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


Handler = Callable[[Request], Awaitable[Response]]


def refused(refusal: Refusal) -> Response:
    """A refusal as a response, with the error in the shape that all errors of isg have."""
    error = {"code": refusal.code, "exit": 2, "message": refusal.message, "hint": None}
    headers = (("WWW-Authenticate", "Bearer"),) if refusal.status == 401 else ()
    return Response(refusal.status, msgspec.json.encode({"isg": 1, "error": error}), headers=headers)


class _Refused(Exception):
    """The request cannot be answered, and what follows on its connection cannot be understood."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


@dataclass(slots=True)
class HttpServer:
    """Serves connections: what is refused is told why, what is allowed goes to the handler."""

    guard: Guard
    handle: Handler
    most: int = 512  # connections at a time
    _open: int = field(default=0, init=False)

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """One connection, from its first request to its end; what is wrong with it is told its client."""
        self._open += 1
        writer.transport.set_write_buffer_limits(high=BUFFERED)
        connection = _Connection(reader, writer)
        try:
            with suppress(OSError, TimeoutError, asyncio.CancelledError, h11.LocalProtocolError):
                if self._open > self.most:
                    await connection.refuse(Refusal(503, "too-many", "too many connections"))
                else:
                    await self._requests(connection)
        finally:
            self._open -= 1
            await close(writer)

    async def _requests(self, connection: _Connection) -> None:
        try:
            while (head := await connection.next_request()) is not None:
                refusal = self.guard.refusal(head.headers)
                if refusal is not None:
                    raise _Refused(refusal)
                await connection.respond(await self.handle(await connection.whole(head)))
                if not connection.goes_on():
                    return
        except _Refused as error:
            await connection.refuse(error.refusal)


class _Connection:
    """One connection and what h11 has understood of it."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._h11 = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEADERS)

    async def next_request(self) -> h11.Request | None:
        """The head of the next request; None where there is no further one. Raises _Refused."""
        with suppress(TimeoutError):
            if not self._h11.trailing_data[0]:
                self._h11.receive_data(await asyncio.wait_for(self._reader.read(_PIECE), IDLE_TIMEOUT))
            event = await self._within(self._event())
            return event if isinstance(event, h11.Request) else None
        return None

    async def whole(self, head: h11.Request) -> Request:
        """A request with its body. Raises _Refused."""
        body = await self._within(self._body(head))
        path, _, query = head.target.decode("latin-1").partition("?")
        types = [value for name, value in head.headers if name == b"content-type"]
        content_type = types[0].decode("latin-1").partition(";")[0].strip().lower() if types else ""
        return Request(head.method.decode("latin-1"), path, query, content_type, body)

    async def respond(self, response: Response) -> None:
        headers = [
            ("Content-Type", response.content_type),
            ("Content-Length", str(len(response.body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            *response.headers,
        ]
        await self._send(h11.Response(status_code=response.status, headers=headers))
        await self._send(h11.Data(data=response.body))
        await self._send(h11.EndOfMessage())

    async def refuse(self, refusal: Refusal) -> None:
        """Say why, and end; what the client still sends is passed over, so that it comes to read that."""
        if self._h11.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            answer = refused(refusal)
            await self.respond(
                Response(answer.status, answer.body, headers=(*answer.headers, ("Connection", "close")))
            )
            with suppress(TimeoutError, OSError):
                self._writer.write_eof()
                await asyncio.wait_for(self._pass_over(), _LINGER)

    def goes_on(self) -> bool:
        """Get ready for another request; False where there cannot be one."""
        if self._h11.our_state is not h11.DONE or self._h11.their_state is not h11.DONE:
            return False
        self._h11.start_next_cycle()
        return True

    async def _body(self, head: h11.Request) -> bytes:
        if any(name == b"content-length" and int(value) > MAX_BODY for name, value in head.headers):
            raise _Refused(_TOO_LARGE)
        if self._h11.they_are_waiting_for_100_continue:
            await self._send(h11.InformationalResponse(status_code=100, headers=[]))
        pieces: list[bytes] = []
        size = 0
        while isinstance(event := await self._event(), h11.Data):
            size += len(event.data)
            if size > MAX_BODY:
                raise _Refused(_TOO_LARGE)
            pieces.append(bytes(event.data))
        return b"".join(pieces)

    async def _event(self) -> object:
        try:
            while (event := self._h11.next_event()) is h11.NEED_DATA:
                self._h11.receive_data(await self._reader.read(_PIECE))
        except h11.RemoteProtocolError as error:
            raise _Refused(Refusal(error.error_status_hint, "bad-request", str(error))) from error
        return event

    async def _within(self, work: Awaitable[_T]) -> _T:
        try:
            return await asyncio.wait_for(work, REQUEST_TIMEOUT)
        except TimeoutError:
            raise _Refused(Refusal(408, "too-slow", "the request did not come in time")) from None

    async def _send(self, event: h11.Event) -> None:
        data = self._h11.send(event)
        if data:
            self._writer.write(data)
            await asyncio.wait_for(self._writer.drain(), SEND_TIMEOUT)

    async def _pass_over(self) -> None:
        while await self._reader.read(_PIECE):
            pass


_TOO_LARGE = Refusal(413, "too-large", f"a request has at most {MAX_BODY:,} bytes")
