"""Where the server of an index listens, and which isg it is.

Imported by every command before it does anything else: os and sys are all that this may cost.
"""

from __future__ import annotations

import os
import sys

ENDPOINT = "server"  # who serves, in lines of `name value`
SOCKET = "server.sock"
LOCK = "server.lock"  # held by the server for as long as it lives
TOKEN = "server.token"
_LONGEST = 100  # bytes; systems take 104 or 108, the terminating zero included


def identity() -> str:
    """What two processes have in common when they run the same isg in the same environment."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    return " ".join((sys.version.split()[0], sys.prefix, here)).replace("\n", " ")


def read_endpoint(folder: str) -> dict[str, str]:
    """What the server of an index says about itself; empty where there is none."""
    try:
        with open(os.path.join(folder, ENDPOINT), encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH118, PTH123
            lines = file.read(10_000).splitlines()
    except OSError:
        return {}
    return dict(line.split(" ", 1) for line in lines if " " in line)


def socket_path(folder: str) -> str:
    """The socket of an index: in its folder, or where that path is too long for a socket, in a private one.

    Never taken from a file in the project: that may be anybody's.
    """
    path = os.path.join(folder, SOCKET)  # noqa: PTH118
    if len(os.fsencode(path)) <= _LONGEST:
        return path
    from hashlib import blake2b

    name = blake2b(os.fsencode(folder), digest_size=12).hexdigest()
    return os.path.join(runtime_folder(), name + ".sock")  # noqa: PTH118


def runtime_folder() -> str:
    """A folder for sockets that only this user may enter; whoever makes it sees to that."""
    import tempfile

    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return os.path.join(base, f"isg-{os.getuid()}")  # noqa: PTH118


def is_own_socket(path: str) -> bool:
    """Whether there is a socket that this very user made: nobody else is asked anything."""
    import stat

    try:
        found = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISSOCK(found.st_mode) and found.st_uid == os.geteuid()
