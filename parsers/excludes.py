"""The ignore rules that hold for a whole tree and stand outside it: git's, of the user and of the clone."""

from __future__ import annotations

import os
from pathlib import Path

from isg.parsers.ignore import IgnoreRules, read_ignore_file


def inherited_rules(root: Path) -> tuple[IgnoreRules, ...]:
    """What git would apply in ``root`` besides the ignore files in it, weakest first.

    These are the user's global excludes, the clone's ``info/exclude`` and the ``.gitignore`` files
    between the top of the work tree and ``root``. Outside a work tree there are none.
    """
    found = (read_ignore_file(file, above=_called_from(folder, root)) for file, folder in _sources(root))
    return tuple(rules for rules in found if rules is not None)


def deciding_files(root: Path) -> tuple[Path, ...]:
    """The files, there or not, on which the answer of :func:`inherited_rules` rests."""
    top = _work_tree(root)
    if top is None:
        return tuple(folder / ".git" for folder in (root, *root.parents))
    configs = _configs(_clone_folder(top / ".git"))
    return (top / ".git", *configs, *(file for file, _ in _sources(root)))


def _sources(root: Path) -> list[tuple[Path, Path]]:
    """Each ignore file with the folder that its rules are about, weakest first."""
    top = _work_tree(root)
    if top is None:
        return []
    folders = [top, *reversed([each for each in root.parents if top in each.parents])]
    if root == top:
        folders = []
    clone = _clone_folder(top / ".git")
    above = [(each / ".gitignore", each) for each in folders]
    return [(_global_excludes(clone), top), (clone / "info" / "exclude", top), *above]


def _called_from(folder: Path, root: Path) -> str:
    relative = root.relative_to(folder).as_posix()
    return "" if relative == "." else relative + "/"


def _work_tree(root: Path) -> Path | None:
    for folder in (root, *root.parents):
        if (folder / ".git").exists():
            return folder
    return None


def _clone_folder(dot_git: Path) -> Path:
    """The folder with a clone's own settings; a linked work tree and a submodule name it in a file."""
    try:
        if dot_git.is_dir():
            return dot_git
        named = dot_git.read_text("utf-8", "replace").removeprefix("gitdir:").strip()
        folder = dot_git.parent / named
        common = folder / "commondir"
        return folder / common.read_text("utf-8").strip() if common.exists() else folder
    except (OSError, ValueError):
        return dot_git


def _global_excludes(clone: Path) -> Path:
    """The file that ``core.excludesFile`` names, else the one git looks for by default."""
    configs = _configs(clone)
    for config in configs:
        named = _excludes_file(config)
        if named is not None:
            return Path(os.path.expanduser(named))  # noqa: PTH111 (unlike Path.expanduser, it never raises)
    return configs[-1].with_name("ignore")


def _configs(clone: Path) -> tuple[Path, ...]:
    """The files of git's configuration, the one that counts most first."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 (the same)
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "git"
    return (clone / "config", home / ".gitconfig", settings / "config")


def _excludes_file(config: Path) -> str | None:
    """The value of ``core.excludesFile`` in one file of git's configuration."""
    try:
        lines = config.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    found, section = None, ""
    for line in map(str.strip, lines):
        if line.startswith("["):
            section = line.strip("[]").strip().lower()
        elif section == "core":
            name, _, value = line.partition("=")
            if name.strip().lower() == "excludesfile":
                found = value.strip().strip('"')
    return found or None
