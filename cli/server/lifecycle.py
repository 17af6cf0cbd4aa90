"""The life of a server: it claims an index, listens, answers, and ends when told or when idle."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from isg.cli.server import endpoint
from isg.cli.server.connections import Connections
from isg.cli.server.presence import BACKLOG, Presence
from isg.cli.server.service import Service
from isg.cli.server.web import Address, open_web, token_file
from isg.graph.errors import WorkFailed

_LOOK = 1.0  # seconds between two looks whether there is a reason to end
_GRACE = 5.0  # seconds for commands that run when the server ends


@dataclass(frozen=True, slots=True)
class Settings:
    idle_exit: float | None = None  # seconds without a question after which the server ends
    watch: bool = True
    http: Address | None = None


class Server:
    """One run of the server of a project."""

    def __init__(self, service: Service, presence: Presence, settings: Settings) -> None:
        self._service = service
        self._presence = presence
        self._settings = settings
        self._address: Address | None = None
        self._ending = asyncio.Event()
        self._secret = "" if hasattr(socket, "AF_UNIX") else secrets.token_urlsafe(32)

    async def run(self, ready: Callable[[], None]) -> None:
        """Serve until there is a reason to end; ``ready`` is called as soon as commands can connect."""
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # elsewhere Ctrl-C interrupts the loop
                asyncio.get_running_loop().add_signal_handler(number, self._ending.set)
        connections = Connections(self._service, self._control, self._secret.encode())
        listener = self._presence.listen()
        web = await self._open_web()
        start = asyncio.start_server if self._secret else asyncio.start_unix_server
        server = await start(connections.serve, sock=listener, backlog=BACKLOG)
        self._presence.announce(self._lines(listener))
        if self._settings.watch:
            with suppress(WorkFailed):  # without the library, changes are taken in when somebody asks
                self._service.watch()
        ready()
        recording = asyncio.create_task(self._service.record_when_idle())
        await self._until_the_end()
        self._presence.withdraw()
        server.close()
        if web is not None:
            web.close()
        recording.cancel()
        await self._let_finish()

    async def _open_web(self) -> asyncio.Server | None:
        if self._settings.http is None:
            return None
        web, self._address = await open_web(
            self._service, self._settings.http, self._service.resident.location
        )
        return web

    def _lines(self, listener: socket.socket) -> list[tuple[str, str]]:
        lines = [("pid", str(os.getpid())), ("isg", endpoint.identity())]
        if self._secret:
            lines += [("port", str(listener.getsockname()[1])), ("secret", self._secret)]
        return lines

    async def _until_the_end(self) -> None:
        while not self._ending.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), _LOOK)
            if self._is_idle() or not self._presence.is_ours() or not self._service.sources.unchanged():
                return

    def _is_idle(self) -> bool:
        limit = self._settings.idle_exit
        return limit is not None and self._service.idle_seconds >= limit

    async def _let_finish(self) -> None:
        deadline = time.monotonic() + _GRACE
        while self._service.busy and time.monotonic() < deadline:
            await asyncio.sleep(0.02)

    def _control(self, what: str) -> dict[str, object] | None:
        """What is asked about the server itself, or told to it."""
        if what == "stop":
            self._ending.set()
            return {"stopping": True}
        return self.status() if what == "status" else None

    def status(self) -> dict[str, object]:
        snapshot = self._service.resident.snapshot
        web = {}
        if self._address is not None:
            web = {"http": str(self._address), "token": str(token_file(self._service.resident.location))}
        return {
            "pid": os.getpid(),
            "root": str(self._service.resident.root),
            "seconds": round(time.monotonic() - self._service.started, 1),
            "requests": self._service.requests,
            **web,
            "state": snapshot.graph.state if snapshot is not None else "",
        }
