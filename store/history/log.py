"""What commits changed: the hunks of every file, as ``git diff-tree`` prints them, without their text."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import msgspec

from isg.parsers.languages import LANGUAGES
from isg.store.history.git import GitFailed, answer, streamed

_READERS = 4  # processes of git at a time, at most
_WORTH_SHARING = 500  # commits
_ATTEMPTS = 20  # to go on behind a commit whose content is missing
_DIFF = (
    "diff-tree", "--stdin", "-r", "--root", "-p", "-U0", "--inter-hunk-context=0", "-M", "--relative",
    "--diff-algorithm=myers", "--src-prefix=a/", "--dst-prefix=b/", "--submodule=short",
    "--no-color", "--no-ext-diff", "--no-textconv", "--format=commit %H",
)  # fmt: skip
_HEADS = "--format=%ct %H %ae%x00%s"
_MENDS = re.compile(rb"\b(?:fix(?:es|ed|ing)?|bug(?:fix)?(?:es|s)?|regression|crash)\b", re.IGNORECASE)
SOURCES = tuple(
    sorted(chain.from_iterable((*(f"*{end}" for end in one.extensions), *one.names) for one in LANGUAGES))
)
_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_NOTHING_BEFORE, _NOTHING_AFTER = b"--- /dev/null\n", b"+++ /dev/null\n"
_REVISION = re.compile(rb"^\s*([0-9a-f]{40,64})\b", re.MULTILINE)
_ESCAPES = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_LAYOUT = b" \t\r\n\f,;'\"`"  # what formatters add, drop and exchange


class Commit(NamedTuple):
    """A commit that is no merge."""

    id: str
    time: int  # when it was committed, in seconds since 1970
    author: bytes  # the address of who wrote it
    mends: bool  # whether its subject speaks of a fault


class Hunk(NamedTuple):
    """A run of lines that was replaced. Starts are 1-based; of no lines: the line before them."""

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    counts: bool  # False where only the layout changed


class Change(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a commit did to a file that it left there, by paths below the root."""

    path: str
    before: str  # its path before; empty where the commit added it
    hunks: tuple[Hunk, ...]  # in the order of lines


class Tip(NamedTuple):
    """Where a history begins to be read."""

    id: str
    prefix: str  # the path of the root in the repository
    shallow: bool  # whether the clone lacks what is older than some commits


def tip(root: Path) -> Tip:
    """The commit that is checked out; raises GitFailed where there is none."""
    asked = ("--is-shallow-repository", "--show-prefix", "--verify", "HEAD^{commit}")
    shallow, prefix, id = os.fsdecode(answer(root, "rev-parse", *asked)).rstrip("\n").rsplit("\n", 2)
    return Tip(id, prefix, shallow == "true")


def commits_before(root: Path, tip: Tip, limit: str) -> list[Commit]:
    """The commits of a history that are no merges, newest first; raises GitFailed.

    ``limit`` is ``--max-count=N`` or ``--max-age=TIME``. Commits whose parent is missing from a shallow clone
    seem to add every file: they are left out.
    """
    whole = ("--min-parents=1",) if tip.shallow else ()
    printed = answer(root, "rev-list", "--max-parents=1", *whole, _HEADS, limit, tip.id, "--")
    rows = (row.split(b" ", 2) for row in printed.split(b"\n")[1::2])  # the others say `commit` and its id
    return [_commit(*row) for row in rows]


def _commit(time: bytes, id: bytes, rest: bytes) -> Commit:
    author, _, subject = rest.partition(b"\0")
    mends = _MENDS.search(subject) is not None
    return Commit(id.decode("ascii"), int(time), author.strip().lower(), mends)


def ignored_revisions(root: Path, tip: Tip) -> frozenset[str]:
    """The commits that the project itself wants left out of blame; none where it names none."""
    try:
        listed = answer(root, "cat-file", "blob", f"{tip.id}:.git-blame-ignore-revs")
    except GitFailed:
        return frozenset()
    return frozenset(match.decode("ascii") for match in _REVISION.findall(listed))


def changes_of(root: Path, commits: Sequence[str]) -> dict[str, tuple[Change, ...]]:
    """What each commit changed in sources of languages that isg reads.

    Of commits whose content a partial clone lacks nothing is told.
    """
    readers = min(_READERS, os.cpu_count() or 1) if len(commits) > _WORTH_SHARING else 1
    share = -(-len(commits) // readers) or 1
    parts = [commits[start : start + share] for start in range(0, len(commits), share)]
    with ThreadPoolExecutor(readers) as pool:
        return dict(chain.from_iterable(pool.map(lambda part: _read(root, part).items(), parts)))


def _read(root: Path, commits: Sequence[str]) -> dict[str, tuple[Change, ...]]:
    found: dict[str, tuple[Change, ...]] = dict.fromkeys(commits, ())
    rest = commits
    for _ in range(_ATTEMPTS):
        last = ""
        try:
            with streamed(
                root, "".join(f"{one}\n" for one in rest).encode("ascii"), *_DIFF, "--", *SOURCES
            ) as out:
                for last, changes in read_changes(out):
                    found[last] = changes
            break
        except GitFailed:
            rest = rest[rest.index(last) + 1 if last else 1 :]
    return found


def read_changes(lines: Iterable[bytes]) -> Iterator[tuple[str, tuple[Change, ...]]]:
    """The commits of a log without lines of context, and what each changed."""
    commit, changes, file = "", list[Change](), _File()
    rest = iter(lines)
    for line in rest:
        if line.startswith(b"@@ "):
            file.add_hunk(line, rest)
        elif line.startswith((b"diff --git ", b"commit ")):
            changes.extend(file.change())
            file = _File()
            if line.startswith(b"commit "):
                if commit:
                    yield commit, tuple(changes)
                commit, changes = line[7:].strip().decode("ascii"), []
        else:
            file.add_head(line)
    changes.extend(file.change())
    if commit:
        yield commit, tuple(changes)


class _File:
    """A file of a commit, while it is read."""

    def __init__(self) -> None:
        self._path = ""
        self._before = ""
        self._hunks: list[Hunk] = []
        self._removed: list[bytes] = []  # the text of the hunks that count, without layout
        self._added: list[bytes] = []

    def add_head(self, line: bytes) -> None:
        if line.startswith(b"--- "):
            self._before = _path(line[4:])[2:] if line != _NOTHING_BEFORE else ""
        elif line.startswith(b"+++ "):
            self._path = _path(line[4:])[2:] if line != _NOTHING_AFTER else ""
        elif line.startswith(b"rename from "):
            self._before = _path(line[12:])
        elif line.startswith(b"rename to "):
            self._path = _path(line[10:])

    def add_hunk(self, line: bytes, rest: Iterator[bytes]) -> None:
        found = _HUNK.match(line)
        if found is None:
            return
        old_start, old_count, new_start, new_count = (
            1 if part is None else int(part) for part in found.groups()
        )
        removed, added = _text(rest, old_count), _text(rest, new_count)
        counts = removed != added
        if counts:
            self._removed.append(removed)
            self._added.append(added)
        self._hunks.append(Hunk(old_start, old_count, new_start, new_count, counts))

    def change(self) -> Iterator[Change]:
        """What was read, if it is of a file that is there afterwards."""
        if not self._path:
            return
        hunks = self._hunks
        if self._before and b"".join(self._removed) == b"".join(self._added):
            hunks = [hunk._replace(counts=False) for hunk in hunks]
        yield Change(self._path, self._before, tuple(hunks))


def _text(rest: Iterator[bytes], count: int) -> bytes:
    """The next lines of a hunk, without what is only layout."""
    lines = list(islice(rest, count))
    if lines and lines[0].startswith(b"\\"):  # the side before had no line break at its end
        lines = [*lines[1:], *islice(rest, 1)]
    return b"".join([line[1:] for line in lines]).translate(None, _LAYOUT)


def _path(text: bytes) -> str:
    """A path as it ends a line: quoted where it has odd characters, else up to a tabulator."""
    if text.startswith(b'"'):
        return os.fsdecode(_ESCAPE.sub(_unescaped, text[1 : text.rindex(b'"')]))
    return os.fsdecode(text.rstrip(b"\t\n"))


def _unescaped(match: re.Match[bytes]) -> bytes:
    escaped = match[1]
    return bytes([int(escaped, 8) & 255]) if len(escaped) == 3 else _ESCAPES.get(escaped, escaped)
