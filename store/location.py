"""Where an index lives: ``.isg/`` at the root of the project, or a folder of its own elsewhere."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import msgspec

from isg.graph.errors import UsageError, WorkFailed

FOLDER = ".isg"
SCRATCH = "verify-"  # how the folders begin in which an index is made for comparing
_CACHE_TAG = """Signature: 8a477f597d28d172789f06886806bc55
# This folder is the index of isg: it can be deleted at any time, and is made again by `isg index`.
"""
_WORK_TREE = ".git"  # a folder in a clone, a file in a linked work tree and in a submodule
_ROOT_MARKS = (_WORK_TREE, "pyproject.toml", "setup.py", "setup.cfg", "package.json", "Cargo.toml")


class StoreLocation(msgspec.Struct, frozen=True):
    """The files that make an index. Only ``head`` is ever replaced: an image is written once."""

    folder: Path

    @property
    def database(self) -> Path:
        """The record."""
        return self.folder / "store.sqlite"

    @property
    def draft(self) -> Path:
        """A record that is being made from nothing, not in place yet."""
        return self.folder / "store.sqlite.new"

    @property
    def head(self) -> Path:
        """What the index is of: the image to read, and the stat of every file."""
        return self.folder / "head"

    @property
    def states(self) -> Path:
        """States that the index was of before, each in a folder of its own."""
        return self.folder / "states"

    @property
    def lock(self) -> Path:
        """Held by the one who writes."""
        return self.folder / "lock"

    @property
    def exists(self) -> bool:
        return self.head.is_file() or self.database.is_file()

    def prepare(self) -> None:
        """Make the folder, marked as a cache that no version control and no backup should take.

        Raises WorkFailed where that cannot be done, UsageError where the folder is somebody else's.
        """
        try:
            self._refuse_foreign()
            self.folder.mkdir(parents=True, exist_ok=True)
            self._mark("CACHEDIR.TAG", _CACHE_TAG)
            self._mark(".gitignore", "*\n")
        except OSError as error:
            raise cannot_write(self.folder, error) from error

    def _mark(self, name: str, text: str) -> None:
        if not (self.folder / name).exists():
            (self.folder / name).write_text(text, encoding="utf-8")

    def _refuse_foreign(self) -> None:
        """An index is never made in a folder that holds other things: isg deletes what it finds broken."""
        if self.folder.is_dir():
            if not (self.folder / "CACHEDIR.TAG").exists() and any(self.folder.iterdir()):
                raise UsageError(
                    f"{self.folder} holds other files: isg makes its index only in a folder of its own",
                    hint="give a new or empty folder",
                )
        elif self.folder.exists():
            raise UsageError(
                f"{self.folder} is a file: an index needs a folder of its own",
                hint="give a new or empty folder",
            )


def size_of(path: Path) -> int:
    """The bytes of a file, or of all files in a folder; none of what somebody deletes meanwhile."""
    try:
        inside = path.iterdir() if path.is_dir() and not path.is_symlink() else None
        return path.lstat().st_size if inside is None else sum(map(size_of, inside))
    except FileNotFoundError:
        return 0


def locate(root: Path, db: str | os.PathLike[str] | None = None) -> StoreLocation:
    """Where the index of a project is: in the given folder, else at its root."""
    if db is None:
        return StoreLocation(root / FOLDER)
    return StoreLocation(Path(os.path.abspath(Path(db).expanduser())))  # noqa: PTH100 - resolve() follows links


def find_root(start: Path) -> Path:
    """The root of the project that a folder is in.

    That is the nearest folder upwards that is indexed, else the nearest that is under version control or
    has a build file, else the folder itself. No index above a work tree counts for what is in the work tree:
    a linked one, a clone or a submodule that lies in an indexed folder is a project of its own.
    """
    ancestors = (start, *start.parents)
    for folder in ancestors:
        if StoreLocation(folder / FOLDER).exists:
            return folder
        if (folder / _WORK_TREE).exists():
            break
    for folder in ancestors:
        if any((folder / mark).exists() for mark in _ROOT_MARKS):
            return folder
    return start


def cannot_write(folder: Path, error: OSError) -> WorkFailed:
    """The error of an index that cannot be written, with what to do about it."""
    reason = error.strerror or type(error).__name__
    full = error.errno in _FULL
    hint = (
        "free some space, or use --db FOLDER to keep the index elsewhere"
        if full
        else ("use --db FOLDER to keep the index elsewhere")
    )
    return WorkFailed(
        f"cannot write the index in {folder}: {reason}",
        hint=hint,
        code="disk-full" if full else "not-writable",
    )


def _full_errors() -> frozenset[int]:
    import errno

    codes = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
    return frozenset(codes | ({112} if sys.platform == "win32" else set()))


_FULL = _full_errors()
