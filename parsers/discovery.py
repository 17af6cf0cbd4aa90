"""Finding the source files of a tree: which files are sources, and why others are not.

Discovery looks at names and at what ``stat`` says, never into a file (but for the ``#!`` line of an
executable without an extension), so that it is cheap enough to run before every query. What only the
content tells (:mod:`isg.parsers.content`) is decided where a file is read anyway.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

import msgspec

from isg.parsers.excludes import deciding_files, inherited_rules
from isg.parsers.ignore import IgnoreRules, read_ignore_file
from isg.parsers.languages import HEAD_SIZE, language_of, unread_language_of

SIZE_LIMIT = 2 * 1024 * 1024
BUILD_FILES = frozenset(
    {"pyproject.toml", "setup.cfg", "setup.py", "package.json", "pnpm-workspace.yaml", "Cargo.toml"}
)
# tsconfig.json, tsconfig.app.json, jsconfig.json, and what they are used to extend: tsconfig/base.json.
TSCONFIG = re.compile(
    r"(?:^|[/.-])[jt]sconfig(?:[.-][\w.-]+)?\.json$|(?:^|[/-])(?:ts|typescript-)config/[\w.-]+\.json$"
)

# Folders that hold no sources of anybody: passed over without a word.
_NO_SOURCES = frozenset(
    {".git", ".hg", ".svn", ".bzr", ".jj", "_darcs", ".isg", "__pycache__", ".tox", ".nox", ".eggs"}
    | {".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache", ".pytype"}
    | {".pyre", ".ipynb_checkpoints", ".next", ".nuxt", ".svelte-kit", ".turbo", ".parcel-cache", ".angular"}
)
# Folders of other people's sources, put there by a package manager.
_VENDORED = frozenset({"node_modules", "bower_components", "site-packages", "dist-packages", ".yarn"})
_ENVIRONMENT_MARKS = frozenset({"pyvenv.cfg", "conda-meta"})
# The mark of a folder that its maker can make again, such as Cargo's target (bford.info/cachedir).
_CACHE_MARK = "CACHEDIR.TAG"
_NEVER_ENTERED = _NO_SOURCES | _VENDORED
_IGNORE_FILES = frozenset({".gitignore", ".isgignore"})
_MARKS = _ENVIRONMENT_MARKS | {_CACHE_MARK}
_MINIFIED = re.compile(r"[.-]min\.[cm]?js$")


class SkipReason(StrEnum):
    """Why a file or folder that might hold sources is not indexed."""

    IGNORED = "ignored"
    VENDORED = "vendored"
    ENVIRONMENT = "environment"
    SUBMODULE = "submodule"
    SYMLINK = "symlink"
    OUTSIDE = "outside"
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"
    UNNAMEABLE = "unnameable"
    NOT_A_FILE = "not-a-file"
    BINARY = "binary"
    MINIFIED = "minified"
    GENERATED = "generated"
    VANISHED = "vanished"


class SourceFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file to index, and all that tells whether it has changed."""

    path: str  # relative to the root, with `/`
    language: str  # "" for a build file
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class Skip(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Something that was passed over; a folder's path ends in ``/``."""

    path: str
    reason: SkipReason


class DiscoveryOptions(msgspec.Struct, frozen=True):
    size_limit: int = SIZE_LIMIT
    submodules: bool = False
    """Also enter folders that are checked out from another repository."""
    ignore_files: bool = True
    """Heed .gitignore, .isgignore and git's excludes."""
    exclude: tuple[str, ...] = ()
    """Further patterns, written as in .gitignore at the root."""


class Discovery(msgspec.Struct, frozen=True):
    """What a tree holds; everything sorted by path."""

    files: tuple[SourceFile, ...]
    skipped: tuple[Skip, ...]
    build_files: tuple[SourceFile, ...] = ()


DEFAULT_OPTIONS = DiscoveryOptions()


def discover(root: Path, options: DiscoveryOptions = DEFAULT_OPTIONS) -> Discovery:
    """All source files below ``root``, and what was skipped.

    Raises OSError where the root itself is absent, no folder or unreadable; anything unreadable below it
    is a skip.
    """
    return _Walk(Path(os.path.realpath(root)), options).run()


Entries: TypeAlias = frozenset[tuple[str, int]]  # a name; 0: a file, 1: a folder, 2: a link


class Survey(msgspec.Struct, frozen=True):
    """What a tree holds, and what that rests on: as long as none of it differs, a walk finds the same."""

    discovery: Discovery
    folders: Mapping[str, Entries]
    """The absolute paths of the folders that were looked into, and what they held."""
    deciding: tuple[str, ...]
    """The absolute paths of ignore files, and of what is no source only by its size or first line."""
    unread: Mapping[str, int]
    """The same as :func:`count_unread`."""


def entries_of(folder: str) -> Entries:
    """The names in a folder and of what kind they are; raises OSError."""
    with os.scandir(folder) as entries:
        return _entries_of(entries)


def _entries_of(entries: Iterable[os.DirEntry[str]]) -> Entries:
    return frozenset(
        (each.name, 2 if each.is_symlink() else int(each.is_dir(follow_symlinks=False))) for each in entries
    )


def survey(root: Path, options: DiscoveryOptions = DEFAULT_OPTIONS) -> Survey:
    """The same as :func:`discover`, for who wants to know later whether a walk would find the same."""
    walk = _Surveying(Path(os.path.realpath(root)), options)
    discovery = walk.run()
    return Survey(discovery, walk.folders, tuple(walk.deciding), _most_first(walk.unread))


def count_unread(root: Path, options: DiscoveryOptions = DEFAULT_OPTIONS) -> dict[str, int]:
    """How many files below ``root`` are programs in languages that isg does not read, the most first."""
    walk = _Unread(Path(os.path.realpath(root)), options)
    walk.run()
    return _most_first(walk.count)


def _most_first(count: Counter[str]) -> dict[str, int]:
    return dict(sorted(count.items(), key=lambda item: (-item[1], item[0])))


def is_entered(path: str) -> bool:
    """Whether a walk may come by this path below the root: no folder on it is one that holds no sources."""
    return _NEVER_ENTERED.isdisjoint(path.split("/"))


def may_matter(path: str) -> bool:
    """Whether a change of the file at this path may change what a walk finds, by its name alone."""
    name = path[path.rfind("/") + 1 :]
    if name in _IGNORE_FILES or name in _MARKS or _is_build_file(path, name):
        return True
    return language_of(path, bytes) is not None or "." not in name.removeprefix(".")


class _Folder(msgspec.Struct, frozen=True):
    """A folder to enter, with the rules that hold in it, weakest first."""

    path: str  # "" or "a/b/"
    git_rules: tuple[IgnoreRules, ...]
    own_rules: tuple[IgnoreRules, ...]

    def ignores(self, path: str, name: str, is_folder: bool) -> bool:
        """Whether the strongest rule about an entry says so: ours first, then the deepest of git's."""
        if not self.own_rules and not self.git_rules:
            return False
        for rules in (*reversed(self.own_rules), *reversed(self.git_rules)):
            verdict = rules.verdict(path, name, is_folder)
            if verdict is not None:
                return verdict
        return False


class _Walk:
    """One pass over a tree."""

    def __init__(self, root: Path, options: DiscoveryOptions) -> None:
        self._root = root
        self._prefix = os.path.join(root, "")  # noqa: PTH118 - a Path for each folder costs as much as reading it
        self._options = options
        self._files: list[SourceFile] = []
        self._build_files: list[SourceFile] = []
        self._skipped: list[Skip] = []

    def run(self) -> Discovery:
        extra = IgnoreRules(self._options.exclude)
        inherited = inherited_rules(self._root) if self._options.ignore_files else ()
        waiting = [_Folder("", inherited, (extra,) if extra else ())]
        while waiting:
            folder = waiting.pop()
            entries = self._entries(folder)
            names = {entry.name for entry in entries}
            reason = self._reason_against(folder, names, entries)
            if reason is not None:
                self._skip(folder.path, reason)
                continue
            waiting += self._visit(self._with_own_rules(folder, names), entries)
        return Discovery(
            tuple(sorted(self._files, key=_path)),
            tuple(sorted(self._skipped, key=_path)),
            tuple(sorted(self._build_files, key=_path)),
        )

    def _entries(self, folder: _Folder) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self._prefix + folder.path) as entries:
                return list(entries)
        except OSError:
            if not folder.path:
                raise
            self._skip(folder.path, SkipReason.UNREADABLE)
            return []

    def _reason_against(
        self, folder: _Folder, names: set[str], entries: Iterable[os.DirEntry[str]]
    ) -> SkipReason | None:
        """Why a folder is not entered, where that shows only inside it; the root always is."""
        if not folder.path:
            return None
        if not names.isdisjoint(_ENVIRONMENT_MARKS):
            return SkipReason.ENVIRONMENT
        if _CACHE_MARK in names:
            return SkipReason.GENERATED
        if ".git" not in names or self._options.submodules:
            return None
        # A submodule and a linked work tree have a file where a clone has a folder.
        linked = any(entry.name == ".git" and entry.is_file(follow_symlinks=False) for entry in entries)
        return SkipReason.SUBMODULE if linked else None

    def _with_own_rules(self, folder: _Folder, names: set[str]) -> _Folder:
        if not self._options.ignore_files or names.isdisjoint(_IGNORE_FILES):
            return folder
        place = self._root / folder.path
        git = read_ignore_file(place / ".gitignore", folder.path) if ".gitignore" in names else None
        own = read_ignore_file(place / ".isgignore", folder.path) if ".isgignore" in names else None
        return _Folder(
            folder.path,
            (*folder.git_rules, git) if git else folder.git_rules,
            (*folder.own_rules, own) if own else folder.own_rules,
        )

    def _visit(self, folder: _Folder, entries: Iterable[os.DirEntry[str]]) -> Iterator[_Folder]:
        """Sorts the entries of a folder into files and skips, and gives the folders to enter."""
        for entry in entries:
            path = folder.path + entry.name
            if entry.is_symlink():
                self._visit_link(entry, path)
            elif not entry.is_dir(follow_symlinks=False):
                self._visit_file(folder, entry, path)
            elif entry.name in _NO_SOURCES:
                continue
            elif entry.name in _VENDORED:
                self._skip(path + "/", SkipReason.VENDORED)
            elif folder.ignores(path, entry.name, True):
                self._skip(path + "/", SkipReason.IGNORED)
            else:
                yield _Folder(path + "/", folder.git_rules, folder.own_rules)

    def _visit_file(self, folder: _Folder, entry: os.DirEntry[str], path: str) -> None:
        name = entry.name
        language = language_of(name, lambda: _head_of_executable(entry))
        is_build_file = _is_build_file(path, name)
        if language is None and not is_build_file:
            return
        if folder.ignores(path, name, False):
            self._skip(path, SkipReason.IGNORED)
            return
        try:
            found = entry.stat(follow_symlinks=False)
        except OSError:
            self._skip(path, SkipReason.UNREADABLE)
            return
        reason = self._reason_against_file(path, found)
        if reason is not None:
            self._skip(path, reason)
            return
        facts = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
        if language is not None:
            self._files.append(SourceFile(path, language, *facts))
        if is_build_file:
            self._build_files.append(SourceFile(path, "", *facts))

    def _reason_against_file(self, path: str, found: os.stat_result) -> SkipReason | None:
        if not stat.S_ISREG(found.st_mode):
            return SkipReason.NOT_A_FILE
        if found.st_size > self._options.size_limit:
            return SkipReason.TOO_LARGE
        if "min." in path and _MINIFIED.search(path):
            return SkipReason.MINIFIED
        return None if path.isascii() or _nameable(path) else SkipReason.UNNAMEABLE

    def _visit_link(self, entry: os.DirEntry[str], path: str) -> None:
        """No link is followed: inside the root its target is found anyway, outside it is not ours."""
        if entry.name in _NO_SOURCES:
            return
        is_folder = _leads_to_folder(entry)
        if not is_folder and language_of(path, bytes) is None:
            return
        target = os.path.realpath(entry.path)
        inside = target == str(self._root) or target.startswith(str(self._root) + os.sep)
        self._skip(path + "/" * is_folder, SkipReason.SYMLINK if inside else SkipReason.OUTSIDE)

    def _skip(self, path: str, reason: SkipReason) -> None:
        if not _nameable(path):
            path = path.encode("utf-8", "backslashreplace").decode("utf-8")
        self._skipped.append(Skip(path, reason))


class _Surveying(_Walk):
    """The same pass with notes of what it rests on."""

    def __init__(self, root: Path, options: DiscoveryOptions) -> None:
        super().__init__(root, options)
        self.folders: dict[str, Entries] = {}
        self.unread: Counter[str] = Counter()
        self.deciding = list(map(str, deciding_files(root) if options.ignore_files else ()))

    def _entries(self, folder: _Folder) -> list[os.DirEntry[str]]:
        entries = super()._entries(folder)
        self.folders[os.path.join(self._root, folder.path)] = _entries_of(entries)  # noqa: PTH118
        return entries

    def _visit_file(self, folder: _Folder, entry: os.DirEntry[str], path: str) -> None:
        super()._visit_file(folder, entry, path)
        language = _unread(folder, entry, path)
        if language is not None:
            self.unread[language] += 1
        if entry.name in _IGNORE_FILES or "." not in entry.name.removeprefix("."):
            self.deciding.append(os.path.join(self._root, path))  # noqa: PTH118

    def _skip(self, path: str, reason: SkipReason) -> None:
        super()._skip(path, reason)
        if reason in (SkipReason.TOO_LARGE, SkipReason.UNREADABLE, SkipReason.NOT_A_FILE):
            self.deciding.append(os.path.join(self._root, path))  # noqa: PTH118


class _Unread(_Walk):
    """The same pass with an eye for the files that the other one has no use for."""

    def __init__(self, root: Path, options: DiscoveryOptions) -> None:
        super().__init__(root, options)
        self.count: Counter[str] = Counter()

    def _visit_file(self, folder: _Folder, entry: os.DirEntry[str], path: str) -> None:
        language = _unread(folder, entry, path)
        if language is not None:
            self.count[language] += 1


def _unread(folder: _Folder, entry: os.DirEntry[str], path: str) -> str | None:
    """The language of a program that isg does not read; None for all else."""
    language = unread_language_of(path)
    return None if language is None or folder.ignores(path, entry.name, False) else language


def _path(item: SourceFile | Skip) -> str:
    return item.path


def _is_build_file(path: str, name: str) -> bool:
    return name in BUILD_FILES or (name.endswith(".json") and TSCONFIG.search(path) is not None)


def _nameable(path: str) -> bool:
    """Whether a path can be written in UTF-8, as everything that isg stores and prints is."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a loop of links
        return False


def _head_of_executable(entry: os.DirEntry[str]) -> bytes:
    """The first bytes of a file that can be run; nothing of any other, which has no ``#!`` line to heed."""
    try:
        mode = entry.stat(follow_symlinks=False).st_mode
        if not stat.S_ISREG(mode) or not (mode & 0o111 or sys.platform == "win32"):
            return b""
        with Path(entry.path).open("rb") as file:
            return file.read(HEAD_SIZE)
    except OSError:
        return b""
