"""What a command and a server say to each other.

The command sends one request: a magic, a length, and fields ``name=value`` separated by zero bytes (a name
may come again: ``arg``). Then frames go both ways: a kind, a length, data. The server tells that it works on
it every second, so that whoever waits knows that somebody is there.
"""

from __future__ import annotations

import struct

MAGIC = b"isg serve 1\n"
MAX_REQUEST = 1 << 20  # bytes
MAX_FRAME = 1 << 24  # bytes

WORKING = b"w"
OUT = b"o"
ERR = b"e"
INPUT = b"i"  # from the server: it is wanted; from the command: a piece of it, empty at its end
STATUS = b"s"  # the last one: the exit status in decimal
NOT_SERVED = b"n"  # the last one: the command has to do its work itself

HEAD = struct.Struct("!cI")
LENGTH = struct.Struct("!I")


class Garbled(Exception):
    """Not what the other side may say."""


def frame(kind: bytes, data: bytes = b"") -> bytes:
    return HEAD.pack(kind, len(data)) + data


def encode_request(fields: list[tuple[str, bytes]]) -> bytes:
    body = b"\0".join(name.encode("ascii") + b"=" + value for name, value in fields)
    return MAGIC + LENGTH.pack(len(body)) + body


def decode_request(body: bytes) -> dict[str, list[bytes]]:
    """The values of each field, in their order; raises Garbled."""
    fields: dict[str, list[bytes]] = {}
    for field in body.split(b"\0"):
        name, equals, value = field.partition(b"=")
        if not equals or not name.isalpha() or not name.isascii():
            raise Garbled("a field without a name")
        fields.setdefault(name.decode("ascii"), []).append(value)
    return fields
