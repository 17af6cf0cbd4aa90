"""The history of an indexed project: made from git once, then only from what is new there."""

from __future__ import annotations

from pathlib import Path

from blake3 import blake3

from isg.graph.history import History
from isg.graph.sections import NotAnImage
from isg.store.head import replace
from isg.store.history.git import GitFailed
from isg.store.history.log import Tip, tip
from isg.store.history.making import make_history
from isg.store.location import StoreLocation
from isg.store.snapshot import Snapshot

COMMITS = 5_000  # that are read where nobody asks for older ones: a year of a very busy project
_FORMAT = "4"  # raise it whenever other things are read of commits, or made of them
_IMAGE = "history.image"
_OLDER = "history-since.image"
_DIGEST = 32


def open_history(root: Path, location: StoreLocation, snapshot: Snapshot, since: int = 0) -> History | None:
    """What the newest commits changed, by the symbols of this state; None where there is no history.

    With ``since``, in seconds since 1970, it reaches back at least to that time. It is kept in the index with
    a checksum; what is damaged there is made again.
    """
    try:
        newest = tip(root)
        history = _open(root, location, snapshot, newest, f"--max-count={COMMITS}", _IMAGE)
        if len(history) == COMMITS and 0 < since < history.times[-1]:
            history = _open(root, location, snapshot, newest, f"--max-age={since}", _OLDER)
    except GitFailed:
        return None
    return history


def _open(
    root: Path, location: StoreLocation, snapshot: Snapshot, newest: Tip, limit: str, name: str
) -> History:
    made_from = _made_from(snapshot, newest, limit)
    kept = _kept(location.folder / name, made_from)
    if kept is not None:
        return kept
    body = make_history(root, location.folder, snapshot, newest, limit, made_from)
    try:
        replace(location.folder / name, blake3(body).digest() + body)
    except OSError:
        return History(body)  # made again the next time
    return History(body)


def _kept(path: Path, made_from: str) -> History | None:
    """The history that is kept in a file, if it is whole and made from these things."""
    try:
        data = memoryview(path.read_bytes())
        body = data[_DIGEST:]
        if blake3(body).digest() != data[:_DIGEST]:
            return None
        history = History(body)
    except (OSError, NotAnImage):
        return None
    return history if history.meta.made_from == made_from else None


def _made_from(snapshot: Snapshot, newest: Tip, limit: str) -> str:
    """A hash over all that has a say in a history."""
    head = snapshot.head
    parts = (_FORMAT, repr(newest), limit, head.versions, head.state, head.image.checksum.hex())
    return blake3("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
