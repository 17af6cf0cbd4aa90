"""Patches in the unified format, as ``git diff``, ``git format-patch`` and ``diff -u`` print them.

The format is that of POSIX ``diff -u`` with git's extended headers (git-diff documentation, "Generating patch
text with -p"). Text around the patches, as in a mail, is passed over; so are binary files and the combined
diffs of merges, whose hunks have more than two sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_OCTAL = re.compile(rb"\\([0-7]{3}|.)")
_ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_PREFIX = re.compile(r"[abciow12]/")  # also those of diff.mnemonicPrefix
_NOTHING = "/dev/null"


class Hunk(msgspec.Struct, frozen=True):
    """A run of lines that changed, each with its mark: `` `` on both sides, ``-`` before, ``+`` after."""

    old_start: int  # the number of the first line before the change, 1-based
    new_start: int  # and after it
    lines: tuple[str, ...]

    def numbered(self, mark: str) -> Iterator[tuple[int, str, bool]]:
        """The lines of a side (``-`` before, ``+`` after): number, text, and whether it alone has it."""
        number = self.old_start if mark == "-" else self.new_start
        for line in self.lines:
            if line[0] in (" ", mark):
                yield number, line[1:], line[0] == mark
                number += 1

    def gaps(self, mark: str) -> Iterator[int]:
        """The numbers of the lines on a side that follow something only the other side has."""
        number = self.old_start if mark == "-" else self.new_start
        missing = False
        for line in self.lines:
            if line[0] not in (" ", mark):
                missing = True
                continue
            if missing:
                yield number
            missing = False
            number += 1
        if missing:
            yield number


class FilePatch(msgspec.Struct, frozen=True):
    """What a patch does to a file; None is the path where the file is not there on that side."""

    old: str | None
    new: str | None
    hunks: tuple[Hunk, ...] = ()


def read_patch(text: str) -> tuple[FilePatch, ...]:
    """The files of a patch in its order; none where the text is no patch. Never raises."""
    return _Reader(text.replace("\r\n", "\n").split("\n")).read()


class _Reader:
    """Reads line by line; what is known of the file that is being read is in the attributes."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._at = 0
        self._found: list[FilePatch] = []
        self._begun = False
        self._old: str | None = None
        self._new: str | None = None
        self._hunks: list[Hunk] = []

    def read(self) -> tuple[FilePatch, ...]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            head = _HUNK.match(line)
            self._at += 1
            if head is not None and self._begun:
                self._hunks.append(self._read_hunk(head))
            elif line.startswith("diff --git "):
                self._begin(*_git_paths(line.removeprefix("diff --git ")))
            elif line.startswith("--- ") and self._next().startswith("+++ "):
                self._name(*_sides(line[4:], self._next()[4:]))
            elif self._begun:
                self._extend(line)
        self._end()
        return tuple(self._found)

    def _next(self) -> str:
        return self._lines[self._at] if self._at < len(self._lines) else ""

    def _begin(self, old: str | None, new: str | None) -> None:
        self._end()
        self._old, self._new, self._begun = old, new, True

    def _name(self, old: str | None, new: str | None) -> None:
        """The paths as they stand above the hunks; without git's header the file begins here."""
        if not self._begun or self._hunks:
            self._begin(old, new)
        self._old, self._new = old, new
        self._at += 1

    def _extend(self, line: str) -> None:
        """What git's extended header lines say of the paths."""
        if line.startswith(("rename from ", "copy from ")):
            self._old = _unquoted(line.partition(" from ")[2])
        elif line.startswith(("rename to ", "copy to ")):
            self._new = _unquoted(line.partition(" to ")[2])
        elif line.startswith("new file mode "):
            self._old = None
        elif line.startswith("deleted file mode "):
            self._new = None

    def _end(self) -> None:
        if self._begun and (self._old is not None or self._new is not None):
            self._found.append(FilePatch(self._old, self._new, tuple(self._hunks)))
        self._hunks.clear()

    def _read_hunk(self, head: re.Match[str]) -> Hunk:
        """The hunk below a head, by the head's counts."""
        before, after = (1 if count is None else int(count) for count in head.group(2, 4))
        old_start = int(head[1]) + (before == 0)  # of no lines: the number of the line above
        new_start = int(head[3]) + (after == 0)
        taken: list[str] = []
        while self._at < len(self._lines) and (before > 0 or after > 0):
            line = self._next() or " "  # an empty line whose mark a mail lost
            if line[0] not in " +-\\":
                break
            self._at += 1
            if line[0] == "\\":  # "No newline at end of file"
                continue
            before -= line[0] != "+"
            after -= line[0] != "-"
            taken.append(line)
        return Hunk(old_start, new_start, tuple(taken))


def _sides(before: str, after: str) -> tuple[str | None, str | None]:
    """The paths of the lines that begin with ``---`` and ``+++``."""
    paths = [
        _unquoted(side.rstrip() if side[:1] == '"' else side.partition("\t")[0]) for side in (before, after)
    ]
    named = [path for path in paths if path != _NOTHING]
    prefixed = bool(named) and all(_PREFIX.match(path) for path in named)
    old, new = (None if path == _NOTHING else path[2:] if prefixed else path for path in paths)
    return old, new


def _git_paths(both: str) -> tuple[str | None, str | None]:
    """The paths of a ``diff --git`` line, which are the same but for renames: those are said again below."""
    if both.startswith('"'):
        end = re.match(r'"(?:[^"\\]|\\.)*" ', both)
        return _sides(both[: end.end()], both[end.end() :]) if end else (None, None)
    half = len(both) // 2
    before, after = both[:half], both[half + 1 :]
    if before == after or (_PREFIX.match(before) and _PREFIX.match(after) and before[2:] == after[2:]):
        return _sides(before, after)
    return None, None


def _unquoted(path: str) -> str:
    """A path as it is: git quotes those with unusual characters as in C."""
    if len(path) < 2 or path[0] != '"' or path[-1] != '"':
        return path

    def plain(match: re.Match[bytes]) -> bytes:
        code = match[1]
        return bytes([int(code, 8) & 255]) if len(code) == 3 else _ESCAPES.get(code, code)

    return _OCTAL.sub(plain, path[1:-1].encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")
