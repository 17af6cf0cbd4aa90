"""The API of a project in this process, and a client that speaks to it."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isg.cli.server.service import Service
from isg.cli.server.web import Address, open_web, token_file
from isg.migrations import upgrade
from isg.store.location import locate
from isg.store.resident.project import Resident

PATIENCE = 60


@dataclass(frozen=True)
class Told:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Web:
    """The API, served by a loop in a thread of its own."""

    def __init__(self, root: Path) -> None:
        location = locate(root)
        location.prepare()
        self.service = Service(Resident(root, location, upgrade))
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        opening = open_web(self.service, Address("127.0.0.1", 0), location)
        self.server, address = asyncio.run_coroutine_threadsafe(opening, self.loop).result(PATIENCE)
        self.port = address.port
        self.token = token_file(location).read_text().strip()

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(PATIENCE)
        self.service.close()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Told:
        """One request with the token; what is None among the headers is left out."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            given.setdefault("Content-Type", "application/json")
        connection.request(method, path, body, {**self.headers, **given})
        answer = connection.getresponse()
        told = Told(
            answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        )
        connection.close()
        return told

    def get(self, path: str, **headers: str) -> Told:
        return self.ask("GET", path, **headers)

    def call(self, posted: Any) -> Told:
        return self.ask("POST", "/rpc", posted)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def raw(self, data: bytes) -> bytes:
        """All that comes back for some bytes, until the other side ends."""
        with self.connect() as connection:
            connection.sendall(data)
            pieces = []
            while piece := connection.recv(1 << 16):
                pieces.append(piece)
        return b"".join(pieces)

    def head(self, first: str = "GET /openapi.json HTTP/1.1", *more: str) -> bytes:
        """The head of a request that would be answered."""
        lines = (first, f"Host: 127.0.0.1:{self.port}", f"Authorization: Bearer {self.token}", *more)
        return "\r\n".join((*lines, "", "")).encode()
