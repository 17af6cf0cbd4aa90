"""What the build files of a project say: its name, and where its packages stand.

They are read as data, ``setup.py`` too: nothing of an indexed project is ever run.
"""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

_CONVENTIONAL_ROOT = "src"


class BuildFacts(msgspec.Struct, frozen=True):
    """The build files of a tree, as far as they matter to names."""

    name: str
    """The declared distribution, else the name of the root folder."""
    roots: tuple[str, ...] = ()
    """Folders that top-level packages stand in, relative to the root (``"."`` is the root itself)."""
    packages: tuple[tuple[str, str], ...] = ()
    """Packages that stand in a folder of another name: (``"isg.cli"``, ``"cli"``)."""


class _Declared(msgspec.Struct):
    """What one folder's build files declare."""

    name: str = ""
    roots: list[str] = msgspec.field(default_factory=list)
    packages: dict[str, str] = msgspec.field(default_factory=dict)

    def add_package_dir(self, folders: dict[str, str]) -> None:
        for package, folder in folders.items():
            if package:
                self.packages[package] = folder
            else:
                self.roots.append(folder)

    def add_built(self, folders: Iterable[str]) -> None:
        """Folders of packages as a wheel takes them: ``src/shop`` stands in the root ``src``."""
        self.roots += [str(PurePosixPath(folder).parent) for folder in folders]


def read_build(root: Path, build_files: Iterable[str] = ()) -> BuildFacts:
    """What the build files at the root say, and those of the projects nested in it.

    ``build_files`` are the paths that discovery found. A build file that cannot be read or parsed says
    nothing.
    """
    folders = {"."} | {str(PurePosixPath(path).parent) for path in build_files}
    name, roots, packages = "", set[str](), dict[str, str]()
    for folder in sorted(folders):
        declared = _read_folder(root / folder)
        if folder == ".":
            name = declared.name
        elif (root / folder / _CONVENTIONAL_ROOT).is_dir() or declared.name:
            declared.roots.append(".")
        if (root / folder / _CONVENTIONAL_ROOT).is_dir():
            declared.roots.append(_CONVENTIONAL_ROOT)
        roots.update(filter(None, (_inside(root, folder, each) for each in declared.roots)))
        for package, place in declared.packages.items():
            if (inside := _inside(root, folder, place)) is not None:
                packages[package] = inside
    return BuildFacts(
        name or root.resolve().name or "project", tuple(sorted(roots)), tuple(sorted(packages.items()))
    )


def _inside(root: Path, folder: str, declared: str) -> str | None:
    """A declared folder as a path from the root; None where there is no such folder in it."""
    parts: list[str] = []
    for part in (*PurePosixPath(folder).parts, *PurePosixPath(declared.replace("\\", "/")).parts):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in (".", "/"):
            parts.append(part)
    path = "/".join(parts) or "."
    return path if (root / path).is_dir() else None


def _read_folder(folder: Path) -> _Declared:
    """The declarations of one folder; pyproject.toml speaks before setup.cfg, and that before setup.py."""
    declared = _Declared()
    for file, read in (
        ("pyproject.toml", _read_pyproject),
        ("setup.cfg", _read_cfg),
        ("setup.py", _read_setup),
    ):
        try:
            text = (folder / file).read_bytes().decode("utf-8-sig", "replace")
            found = read(text)
        except (OSError, ValueError, SyntaxError, RecursionError, MemoryError, configparser.Error):
            continue
        declared.name = declared.name or found.name
        declared.roots += found.roots
        declared.packages = found.packages | declared.packages
    return declared


def _read_pyproject(text: str) -> _Declared:
    data = tomllib.loads(text)
    tool = _table(data, "tool")
    found = _Declared(_text(_table(data, "project"), "name") or _text(_table(tool, "poetry"), "name"))
    setuptools = _table(tool, "setuptools")
    found.add_package_dir(_texts(_table(setuptools, "package-dir")))
    found.roots += _list(_table(setuptools, "packages", "find").get("where"))
    for package in _tables(_table(tool, "poetry").get("packages")):
        found.roots += _list(package.get("from"))
    wheel = _table(tool, "hatch", "build", "targets", "wheel")
    found.add_built(_list(wheel.get("packages")))
    found.roots += _list(wheel.get("sources"))
    found.roots += _list(_table(tool, "pdm", "build").get("package-dir"))
    found.roots += _list(_table(tool, "uv", "build-backend").get("module-root"))
    found.roots += [str(PurePosixPath(each)) for each in _list(_table(tool, "maturin").get("python-source"))]
    return found


def _read_cfg(text: str) -> _Declared:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read_string(text)
    found = _Declared(parser.get("metadata", "name", fallback=""))
    pairs = re.split(r"[\n,]+", parser.get("options", "package_dir", fallback=""))
    folders = [pair.partition("=") for pair in pairs if "=" in pair]
    found.add_package_dir({package.strip(): folder.strip() for package, _, folder in folders})
    where = parser.get("options.packages.find", "where", fallback="")
    found.roots += [each.strip() for each in re.split(r"[\n,]+", where) if each.strip()]
    return found


def _read_setup(text: str) -> _Declared:
    """The literal arguments of a call of ``setup``."""
    found = _Declared()
    for keyword in _setup_keywords(ast.parse(text)):
        try:
            value = ast.literal_eval(keyword.value)
        except (ValueError, TypeError, SyntaxError):
            continue
        if keyword.arg == "name" and isinstance(value, str):
            found.name = value
        elif keyword.arg == "package_dir" and isinstance(value, dict):
            found.add_package_dir(_texts(value))
    return found


def _setup_keywords(tree: ast.Module) -> Iterator[ast.keyword]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == "setup":
                yield from node.keywords


def _table(data: dict[str, Any], *path: str) -> dict[str, Any]:
    """The table at a path of keys; an empty one where there is something else or nothing."""
    for key in path:
        value = data.get(key)
        if not isinstance(value, dict):
            return {}
        data = value
    return data


def _tables(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(table: dict[str, Any], key: str) -> str:
    value = table.get(key)
    return value if isinstance(value, str) else ""


def _texts(table: dict[Any, Any]) -> dict[str, str]:
    return {key: value for key, value in table.items() if isinstance(key, str) and isinstance(value, str)}


def _list(value: object) -> list[str]:
    """The strings of a list, or a string by itself."""
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
