"""Being told what changes below a folder, for as long as somebody wants to know.

The system's events are a hint and never the proof: they overflow, come late, and are not to be had
everywhere. So what is said here is only *where to look*: a set of paths, or None for the whole tree. It is
None after a start, a mass change, a new folder (files may be in it before it is watched) and once in a while.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Event
from typing import TypeAlias

from isg.graph.errors import WorkFailed
from isg.parsers.discovery import is_entered, may_matter

Hint: TypeAlias = "frozenset[str] | None"
Warn: TypeAlias = "Callable[[str], None]"

POLL = 1.0  # seconds between two looks where there are no events
_STEP = 15  # ms without a further event after which a change is over: editors write in several steps
_DEBOUNCE = 200  # ms after which a change is told though more is coming
_HEARTBEAT = 250  # ms after which we look whether the root is still the same folder
_ROUND = 60.0  # seconds after which all is looked at, whatever events say
_MASS = 500  # paths beyond which looking at the whole tree is cheaper
_ABSENT = 0.2  # seconds between two looks for a root that is gone


def hints(root: Path, stop: Event, warn: Warn, poll: float | None = None) -> Iterator[Hint]:
    """Where to look for changes below ``root``, each time that there may be some, until ``stop`` is set.

    The root may be deleted and come back. ``poll`` takes a look every so many seconds in place of events.
    Raises WorkFailed where events are wanted and the library for them is missing.
    """
    if poll is None:
        require_events()
    while _wait_for(root, stop):
        try:
            yield from _polled(root, stop, poll) if poll is not None else _watched(root, stop)
        except OSError as error:
            if root.is_dir():  # too many folders for the system to watch, or of a kind that it cannot watch
                warn(f"cannot watch {root} ({error}): looking every {POLL:g} s instead")
                poll = POLL


def require_events() -> None:
    """Raises WorkFailed where the library that hears of changes is missing."""
    try:
        import watchfiles  # noqa: F401
    except ImportError as error:
        raise WorkFailed(
            "watching needs the library watchfiles",
            hint="pip install 'isg[live]', or do without it: isg watch --poll 1",
            code="missing-library",
        ) from error


def _wait_for(root: Path, stop: Event) -> bool:
    """Waits for the root to be there; False when it is time to stop."""
    while not stop.is_set():
        if root.is_dir():
            return True
        stop.wait(_ABSENT)
    return False


def _polled(root: Path, stop: Event, interval: float) -> Iterator[Hint]:
    while root.is_dir() and not stop.is_set():
        yield None
        stop.wait(interval)


def _watched(root: Path, stop: Event) -> Iterator[Hint]:
    """Hints made of events, as long as the root is the folder that it was; raises OSError."""
    folder = _identity(root)
    looked, again = 0.0, True
    for batch in _events(root, stop):
        if _identity(root) != folder or str(root) in batch:
            return  # another folder of that name may bear the very number of the deleted one
        found = _relevant(root, batch)
        now = time.monotonic()
        if found is None or (not batch and (again or now - looked > _ROUND)):
            again, looked = found is None, now  # a folder that was new is looked at a second time
            yield None
        elif found:
            yield found


def _events(root: Path, stop: Event) -> Iterator[set[str]]:
    """The absolute paths of each batch of events; an empty batch whenever there was none for a while."""
    import watchfiles

    batches = watchfiles.watch(
        root,
        watch_filter=None,
        step=_STEP,
        debounce=_DEBOUNCE,
        rust_timeout=_HEARTBEAT,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=False,
        ignore_permission_denied=True,
    )
    return ({path for _, path in batch} for batch in batches)


def _relevant(root: Path, batch: Iterable[str]) -> Hint:
    """The paths of a batch that may matter, from the root; None where the whole tree has to be looked at."""
    base = len(str(root).rstrip(os.sep)) + 1
    found: set[str] = set()
    for path in batch:
        below = path[base:].replace(os.sep, "/")
        if not below or not is_entered(below):
            continue
        kind = _mode(path)
        if kind is not None and stat.S_ISDIR(kind):
            return None
        if kind is None or may_matter(below):  # what is gone may have been a folder
            found.add(below)
    return None if len(found) > _MASS else frozenset(found)


def _mode(path: str) -> int | None:
    try:
        return os.lstat(path).st_mode
    except OSError:
        return None


def _identity(root: Path) -> tuple[int, int] | None:
    try:
        found = root.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
