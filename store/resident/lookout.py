"""What the files of a tree contain now, told by ``stat`` again and again at a fraction of a walk's price.

A walk reads every folder, applies the ignore rules and names each file's language. What came of it stands as
long as every folder holds the same names, and no file that had a say in it has another ``stat``; until then
only the files themselves are looked at. All of it follows git's rule about racy entries: what was written no
earlier than a tick of the clock before it was looked at may have been written again.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from isg.parsers.discovery import DiscoveryOptions, Entries, SourceFile, entries_of, survey
from isg.store.freshness import Difference, is_racy, read_hash
from isg.store.head import FileStamp, Head
from isg.store.ticks import was_just_written

_Stat: TypeAlias = "tuple[int, int, int, int] | None"  # size, mtime, ctime, inode; None: not there


class Lookout:
    """The files of one tree; ``clock`` gives the time in ns by which their stats go."""

    def __init__(self, root: Path, clock: Callable[[], int]) -> None:
        self._root = root
        self._clock = clock
        self._options: DiscoveryOptions | None = None
        self._layout = _Layout()
        self.unread: Mapping[str, int] | None = None
        """How many files of languages that isg does not read the last look saw; None before the first."""
        self._sources = _Files(root)
        self._build = _Files(root)

    def look(self, head: Head) -> Difference:
        """How the tree differs from what a head says; raises OSError where there is no tree."""
        now = self._clock()
        stands = head.options == self._options and self._layout.stands(now)
        if not stands or not self._sources.look(now) or not self._build.look(now):
            self._walk(head, now)
        return self._difference(head)

    def look_at(self, paths: Iterable[str], head: Head) -> Difference | None:
        """How these files differ; None where they tell that all has to be seen."""
        known = [path for path in paths if path in self._sources.files]
        others = (path for path in paths if path not in self._sources.files)
        if head.options != self._options or any(map(self._may_matter, others)):
            return None
        if any(self._layout.rests_on(str(self._root / path)) for path in known):
            return None  # its first line may decide whether it is a source
        if not self._sources.look(self._clock(), known):
            return None
        return Difference({}, self._sources.changed_from(head.files, known), (), (), False)

    def files(self, paths: Iterable[str]) -> list[SourceFile]:
        """Source files as they were seen last."""
        return [self._sources.files[path] for path in paths]

    def _may_matter(self, path: str) -> bool:
        """Whether there is something new at a path, or was a folder of ours."""
        absolute = str(self._root / path)
        return path in self._build.files or os.path.lexists(absolute) or self._layout.rests_on(absolute)

    def _walk(self, head: Head, now: int) -> None:
        found = survey(self._root, head.options)
        self._options = head.options
        self._layout.take(found.folders, found.deciding, now)
        self.unread = found.unread
        self._sources.take(found.discovery.files, head.files, head, now)
        self._build.take(found.discovery.build_files, head.build, head, now)

    def _difference(self, head: Head) -> Difference:
        changed = self._sources.changed_from(head.files)
        removed = tuple(path for path in head.files if path not in self._sources.files)
        build = self._build.changed_from(head.build) or head.build.keys() - self._build.files.keys()
        return Difference({}, changed, removed, (), bool(build))


class _Layout:
    """What the outcome of a walk rests on besides the files that it found."""

    def __init__(self) -> None:
        self._folders: dict[str, Entries] = {}
        self._stats: dict[str, _Stat] = {}
        self._unsure: set[str] = set()  # written so late that their stat cannot tell

    def rests_on(self, path: str) -> bool:
        return path in self._stats or path + os.sep in self._stats

    def take(self, folders: Mapping[str, Entries], files: Iterable[str], now: int) -> None:
        self._folders = dict(folders)
        self._stats = {path: _stat(path) for path in (*folders, *files)}
        self._unsure = {path for path, found in self._stats.items() if _is_unsure(found, now)}

    def stands(self, now: int) -> bool:
        """Whether a walk would find the same files."""
        if not self._folders:
            return False
        for path, known in self._stats.items():
            found = _stat(path)
            if found != known or path in self._unsure:
                if not self._holds_the_same(path):
                    return False
                self._stats[path] = found
                (self._unsure.add if _is_unsure(found, now) else self._unsure.discard)(path)
        return True

    def _holds_the_same(self, path: str) -> bool:
        """Whether there are the same names in a folder; of files nobody knows what they held."""
        try:
            return path in self._folders and entries_of(path) == self._folders[path]
        except OSError:
            return False


class _Files:
    """Files with the hashes of their contents, kept true by ``stat``."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.files: dict[str, SourceFile] = {}
        self._size_limit = 0
        self._places: dict[str, str] = {}
        self._hashes: dict[str, bytes] = {}
        self._unsure: set[str] = set()

    def take(self, found: Sequence[SourceFile], known: Mapping[str, FileStamp], head: Head, now: int) -> None:
        """Begin anew with what a walk found; ``known`` are those of the files that a head has hashes of."""
        self._size_limit = head.options.size_limit
        self.files = {file.path: file for file in found}
        self._places = {path: os.path.join(self._root, path) for path in self.files}  # noqa: PTH118
        self._hashes = {
            file.path: old.hash
            for file in found
            if (old := known.get(file.path)) is not None
            and old.matches(file)
            and not is_racy(file, head.stamp)
        }
        self._unsure = self.files.keys() - self._hashes.keys()
        self._hash_the_unsure(now)

    def look(self, now: int, paths: Iterable[str] | None = None) -> bool:
        """Take in what has changed in these files (None: in all); False where one is none any more."""
        for path in self.files if paths is None else paths:
            old = self.files[path]
            try:
                found = os.lstat(self._places[path])
            except OSError:
                return False
            if (
                found.st_mtime_ns != old.mtime_ns
                or found.st_size != old.size
                or found.st_ctime_ns != old.ctime_ns
                or found.st_ino != old.inode
            ):
                if not stat.S_ISREG(found.st_mode) or found.st_size > self._size_limit:
                    return False
                facts = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
                self.files[path] = SourceFile(path, old.language, *facts)
                self._unsure.add(path)
        self._hash_the_unsure(now)
        return True

    def changed_from(
        self, known: Mapping[str, FileStamp], paths: Iterable[str] | None = None
    ) -> tuple[str, ...]:
        """Which of these files (None: of all) are new, or of another content or language than is known."""
        hashes, files = self._hashes, self.files
        return tuple(
            path
            for path in (files if paths is None else paths)
            if (old := known.get(path)) is None
            or old.hash != hashes[path]
            or old.language != files[path].language
        )

    def _hash_the_unsure(self, now: int) -> None:
        for path in sorted(self._unsure):
            self._hashes[path] = read_hash(self._root, path)
            if not is_racy(self.files[path], now):
                self._unsure.discard(path)


def _stat(path: str) -> _Stat:
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _is_unsure(found: _Stat, now: int) -> bool:
    return found is not None and was_just_written(max(found[1], found[2]), now)
