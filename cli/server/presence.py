"""A server's claim to an index: the lock that says that it lives, and the files by which it is found.

The lock is the truth, for it ends with its process. A socket or an endpoint file without it is what a
killed server left behind, and is swept away by the next one.
"""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from isg.cli.server import endpoint
from isg.graph.errors import WorkFailed
from isg.store.location import StoreLocation, cannot_write
from isg.store.lock import hold

BACKLOG = 256


class Presence:
    """The place of the one server of an index."""

    def __init__(self, location: StoreLocation) -> None:
        self._folder = location.folder
        self._file = location.folder / endpoint.ENDPOINT

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Within it, this process is the server; raises WorkFailed where another one is."""
        try:
            lock = hold(self._folder / endpoint.LOCK)
        except OSError as error:
            raise cannot_write(self._folder, error) from error
        if lock is None:
            known = endpoint.read_endpoint(str(self._folder))
            raise WorkFailed(
                f"a server is already running for this project (process {known.get('pid', 'unknown')})",
                hint="isg serve --status asks it how it is, isg serve --stop ends it",
                code="already-serving",
            )
        try:
            yield
        finally:
            self.withdraw()
            os.close(lock)

    def listen(self) -> socket.socket:
        """A socket for the commands of this user, and of nobody else."""
        if not hasattr(socket, "AF_UNIX"):
            listener = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        else:
            path = endpoint.socket_path(str(self._folder))
            if Path(path).parent != self._folder:
                _make_private(Path(endpoint.runtime_folder()))
            Path(path).unlink(missing_ok=True)
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            before = os.umask(0o177)  # there is no moment at which others could connect
            try:
                listener.bind(path)
            finally:
                os.umask(before)
            listener.listen(BACKLOG)
        listener.setblocking(False)
        return listener

    def announce(self, lines: Iterable[tuple[str, str]]) -> None:
        """Say where the server is found; the file holds secrets, so it is this user's alone."""
        draft = self._file.with_name(f"{self._file.name}.{os.getpid()}.tmp")
        write_private(draft, "".join(f"{name} {value}\n" for name, value in lines))
        draft.replace(self._file)

    def is_ours(self) -> bool:
        """Whether callers still find this process: not where the folder was deleted, or moved."""
        return endpoint.read_endpoint(str(self._folder)).get("pid") == str(os.getpid())

    def withdraw(self) -> None:
        """Take away what leads here, unless it leads to another server by now."""
        if not self.is_ours():
            return
        with suppress(OSError):
            self._file.unlink(missing_ok=True)
            (self._folder / endpoint.TOKEN).unlink(missing_ok=True)
            if hasattr(socket, "AF_UNIX"):
                Path(endpoint.socket_path(str(self._folder))).unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user may read."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)


def _make_private(folder: Path) -> None:
    """A folder that only this user may enter; raises WorkFailed where somebody else was there first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise WorkFailed(
            f"{folder} is not this user's alone, so no socket can be made in it",
            hint="set XDG_RUNTIME_DIR to a folder of your own",
        )
