"""One writer at a time, on any system: a lock on a file, which ends with the process that holds it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from isg.graph.errors import LockTimeout
from isg.store.location import StoreLocation, cannot_write

_INTERVAL = 0.05


@contextmanager
def writing(location: StoreLocation, patience: float) -> Iterator[int]:
    """Hold the lock of an index; gives the present time in ns by the clock of its file system.

    Raises LockTimeout where another process, or thread, held it for ``patience`` seconds.
    """
    with _one_thread(location, patience):
        try:
            descriptor = os.open(location.lock, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise cannot_write(location.folder, error) from error
        try:
            _acquire(descriptor, location, patience)
            try:
                yield now_at(location)
            finally:
                _release(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _one_thread(location: StoreLocation, patience: float) -> Iterator[None]:
    """The lock of a file is that of the process: every thread would get it, and any would end it for all."""
    lock = _threads.setdefault(location.folder, Lock())
    if not lock.acquire(timeout=patience):
        raise _timeout(location, patience)
    try:
        yield
    finally:
        lock.release()


_threads: dict[Path, Lock] = {}


def hold(path: Path) -> int | None:
    """Take a lock for as long as this process lives; None where another one has it.

    Gives the descriptor: closing it, or opening and closing the file once more, ends the lock.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if _try(descriptor):
        return descriptor
    os.close(descriptor)
    return None


def _acquire(descriptor: int, location: StoreLocation, patience: float) -> None:
    deadline = time.monotonic() + patience
    while not _try(descriptor):
        if time.monotonic() >= deadline:
            raise _timeout(location, patience)
        time.sleep(_INTERVAL)


def _timeout(location: StoreLocation, patience: float) -> LockTimeout:
    return LockTimeout(
        f"another process has been writing the index in {location.folder} for {patience:g} s",
        hint="wait for it to end, or ask with --stale ignore",
    )


def now_at(location: StoreLocation) -> int:
    """Now in ns, as a file that is written now would bear it (a network drive has a clock of its own)."""
    try:
        os.utime(location.lock)
        return location.lock.stat().st_mtime_ns
    except OSError as error:
        raise cannot_write(location.folder, error) from error


if sys.platform == "win32":
    import msvcrt

    def _try(descriptor: int) -> bool:
        try:
            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _release(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try(descriptor: int) -> bool:
        try:
            # Unlike flock, not inherited: it ends with this process even while workers outlive it.
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _release(descriptor: int) -> None:
        fcntl.lockf(descriptor, fcntl.LOCK_UN)
