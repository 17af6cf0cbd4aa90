"""What was read of commits, kept in the index: commits never change, so a run reads only new ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
from blake3 import blake3

from isg.store.head import replace
from isg.store.history.log import Change

NAME = "history.journal"
_MAGIC = b"isg journal 1\n"
_DIGEST = 32
_SPARE = 4  # times as many commits as are asked for are kept: those of other branches


class Journal(msgspec.Struct, array_like=True):
    """What commits changed by their ids, and which blob of git has a content that was indexed."""

    scope: str  # what was read of each commit
    commits: dict[str, tuple[Change, ...]]
    blobs: dict[bytes, str]  # by our hash of the content


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Journal).decode


def read_journal(folder: Path, scope: str) -> Journal:
    """What is kept of this scope; nothing where there is none, or none that is whole."""
    try:
        data = (folder / NAME).read_bytes()
        start = len(_MAGIC) + _DIGEST
        if data.startswith(_MAGIC) and blake3(data[start:]).digest() == data[len(_MAGIC) : start]:
            journal = _decode(data[start:])
            if journal.scope == scope:
                return journal
    except (OSError, msgspec.DecodeError, RecursionError):
        pass
    return Journal(scope, {}, {})


def write_journal(folder: Path, journal: Journal) -> None:
    """Keep a journal; where that cannot be done, the next run reads everything again."""
    body = _encode(journal)
    try:
        replace(folder / NAME, _MAGIC + blake3(body).digest() + body)
    except OSError:
        return


def complete(
    journal: Journal,
    wanted: Sequence[str],
    read: Callable[[Sequence[str]], Mapping[str, tuple[Change, ...]]],
) -> bool:
    """See that a journal has all these commits; whether any had to be read."""
    missing = [commit for commit in wanted if commit not in journal.commits]
    if not missing:
        return False
    journal.commits.update(read(missing))
    if len(journal.commits) > _SPARE * len(wanted):
        journal.commits = {commit: journal.commits[commit] for commit in wanted}
    return True


def keep_blobs(journal: Journal, contents: Iterable[bytes]) -> None:
    """Forget the blobs of contents that are indexed no more."""
    present = set(contents)
    journal.blobs = {content: blob for content, blob in journal.blobs.items() if content in present}
