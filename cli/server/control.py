"""Asking a running server how it is, and telling it to end."""

from __future__ import annotations

import os
import socket
import struct
import time
from typing import Any

import msgspec

from isg.cli.server import endpoint, wire
from isg.graph.errors import WorkFailed
from isg.store.location import StoreLocation
from isg.store.lock import hold

_PATIENCE = 5.0  # seconds
_STOPPING = 60.0  # it may have an index to write
_INTERVAL = 0.05


def is_running(location: StoreLocation) -> bool:
    """Whether a server lives, by its lock; only for processes that are none themselves."""
    path = location.folder / endpoint.LOCK
    if not path.exists():
        return False
    lock = hold(path)
    if lock is not None:
        os.close(lock)
    return lock is None


def status(location: StoreLocation) -> dict[str, Any] | None:
    """What the server says of itself; None where there is none. Raises WorkFailed where it says nothing."""
    return _ask(location, "status") if is_running(location) else None


def stop(location: StoreLocation) -> bool:
    """End the server, and wait for that; False where there is none. Raises WorkFailed where it goes on."""
    if not is_running(location):
        return False
    _ask(location, "stop")
    deadline = time.monotonic() + _STOPPING
    while is_running(location):
        if time.monotonic() > deadline:
            raise _mute(location)
        time.sleep(_INTERVAL)
    return True


def _ask(location: StoreLocation, what: str) -> dict[str, Any]:
    known = endpoint.read_endpoint(str(location.folder))
    fields = [("control", what.encode()), ("secret", known.get("secret", "").encode())]
    try:
        with _connected(location, known) as connection, connection.makefile("rb") as stream:
            connection.sendall(wire.encode_request(fields))
            _, length = wire.HEAD.unpack(stream.read(wire.HEAD.size))
            answer: dict[str, Any] = msgspec.json.decode(stream.read(min(length, wire.MAX_FRAME)), type=dict)
            return answer
    except (OSError, ValueError, KeyError, struct.error, msgspec.DecodeError) as error:
        raise _mute(location) from error


def _connected(location: StoreLocation, known: dict[str, str]) -> socket.socket:
    if not hasattr(socket, "AF_UNIX"):
        return socket.create_connection(("127.0.0.1", int(known["port"])), _PATIENCE)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(_PATIENCE)
    connection.connect(endpoint.socket_path(str(location.folder)))
    return connection


def _mute(location: StoreLocation) -> WorkFailed:
    pid = endpoint.read_endpoint(str(location.folder)).get("pid", "unknown")
    return WorkFailed(
        f"the server of this project does not answer (process {pid})",
        hint="end that process",
        code="mute-server",
    )
