"""What became of the files of an index between two states of it."""

from __future__ import annotations

from dataclasses import dataclass

from isg.store.head import FileStamp, Head


@dataclass(frozen=True, slots=True)
class Changes:
    """Paths of source files, sorted. A file that was moved is removed here and added there."""

    added: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return len(self.added) + len(self.modified) + len(self.removed)


def changes(before: Head | None, after: Head) -> Changes:
    """How the indexed files of two states differ in content."""
    old = {} if before is None else before.files
    new = after.files
    added = [path for path, stamp in new.items() if _held(stamp) and not _held(old.get(path))]
    removed = [path for path, stamp in old.items() if _held(stamp) and not _held(new.get(path))]
    modified = [
        path
        for path, stamp in new.items()
        if _held(stamp) and (known := old.get(path)) is not None and _held(known) and known.hash != stamp.hash
    ]
    return Changes(tuple(sorted(added)), tuple(sorted(modified)), tuple(sorted(removed)))


def _held(stamp: FileStamp | None) -> bool:
    return stamp is not None and not stamp.skip
