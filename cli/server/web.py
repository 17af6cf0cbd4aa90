"""The API's own door: where it listens, and the token that opens it."""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
from asyncio import Server
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from isg.cli.server import endpoint
from isg.cli.server.presence import write_private
from isg.cli.server.service import Service
from isg.graph.errors import UsageError, WorkFailed
from isg.store.location import StoreLocation

_PORTS = 1 << 16
_BACKLOG = 512


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen; ``remote`` is whether other machines may be let in."""

    host: str
    port: int  # 0: any that is free
    remote: bool = False

    @classmethod
    def parse(cls, text: str, remote: bool) -> Address:
        """``PORT``, ``HOST:PORT`` or ``[HOST]:PORT``; raises UsageError."""
        host, _, port = text.rpartition(":")
        host = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
        if not port.isdecimal() or int(port) >= _PORTS:
            raise UsageError(f"--http takes [HOST:]PORT, not {text!r}", hint="as in --http 127.0.0.1:8765")
        if not remote and not _is_loopback(host):
            raise UsageError(
                f"{host} can be reached from other machines", hint="--allow-remote, if that is what you want"
            )
        return cls(host, int(port), remote)

    def __str__(self) -> str:
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


async def open_web(service: Service, address: Address, location: StoreLocation) -> tuple[Server, Address]:
    """Let programs in that know the token, which stands in a file that only this user may read.

    Raises WorkFailed where the library is missing, or where nobody can listen.
    """
    try:
        from isg.cli.server.api import Api
        from isg.cli.server.http import HttpServer
    except ImportError as error:
        raise WorkFailed(
            "HTTP needs the library h11", hint="pip install 'isg[live]'", code="missing-library"
        ) from error
    from isg.cli.server.guard import Guard, names_of

    token = secrets.token_urlsafe(32)
    connections: list[HttpServer] = []
    try:
        server = await asyncio.start_server(
            lambda reader, writer: connections[0].serve(reader, writer),
            address.host,
            address.port,
            backlog=_BACKLOG,
            start_serving=False,
        )
    except OSError as error:
        raise WorkFailed(f"cannot listen at {address}: {error.strerror or error}", code="no-port") from error
    found = Address(address.host, server.sockets[0].getsockname()[1], address.remote)
    hosts = None if address.remote else names_of(found.host, found.port)
    connections.append(HttpServer(Guard(token, hosts), Api(service).answer))
    write_private(token_file(location), token + "\n")
    await server.start_serving()
    return server, found


def token_file(location: StoreLocation) -> Path:
    return location.folder / endpoint.TOKEN
