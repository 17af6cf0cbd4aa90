"""A project's build files as text, and the paths around them: all that their readers look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath

import msgspec


class BuildTree(msgspec.Struct, frozen=True):
    """What the readers of build files are given. Paths are relative to the root, ``"."`` is the root."""

    build_files: tuple[str, ...]
    sources: frozenset[str]
    text: Callable[[str], str]
    """The text of a file; empty where it cannot be read."""
    has_folder: Callable[[str], bool]

    def named(self, *names: str) -> list[str]:
        """The build files of these names, in order."""
        return [path for path in self.build_files if path.rpartition("/")[2] in names]


def tree_on_disk(root: Path, build_files: Iterable[str], sources: Iterable[str] = ()) -> BuildTree:
    def text(path: str) -> str:
        try:
            return (root / path).read_bytes().decode("utf-8-sig", "replace")
        except (OSError, ValueError):
            return ""

    return BuildTree(
        tuple(sorted(build_files)), frozenset(sources), text, lambda path: (root / path).is_dir()
    )


def tree_of_texts(texts: Mapping[str, str]) -> BuildTree:
    """A tree that is given as the texts of its files, build files among them."""
    folders = {str(parent) for path in texts for parent in PurePosixPath(path).parents}
    return BuildTree(
        tuple(sorted(texts)), frozenset(texts), lambda path: texts.get(path, ""), folders.__contains__
    )


def folder_of(path: str) -> str:
    return path.rpartition("/")[0] or "."


def joined(folder: str, declared: str) -> str | None:
    """A path that a file in a folder declares, as a path from the root; None where it leaves the tree."""
    parts = [] if folder == "." else folder.split("/")
    for part in declared.replace("\\", "/").split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in (".", ""):
            parts.append(part)
    return "/".join(parts) or "."


def ancestors(folder: str) -> list[str]:
    """A folder and those that it lies in, the nearest first; the root is the last."""
    found = [folder]
    while found[-1] != ".":
        found.append(folder_of(found[-1]))
    return found
