"""What Python's build files say: the name of a distribution, and where its packages stand.

They are read as data, ``setup.py`` too: nothing of an indexed project is ever run.
"""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

import msgspec

from isg.parsers.buildfiles.tree import BuildTree, folder_of, joined
from isg.parsers.buildfiles.values import strings, table, tables, text, texts

FILES = frozenset({"pyproject.toml", "setup.cfg", "setup.py"})

_CONVENTIONAL_ROOT = "src"


class PythonBuild(msgspec.Struct, frozen=True):
    """Python's build files, as far as they matter to names."""

    name: str
    """The distribution that the files at the root declare."""
    roots: tuple[str, ...]
    packages: tuple[tuple[str, str], ...]


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


def read_python(tree: BuildTree) -> PythonBuild:
    """What the build files at the root say, and those of the projects nested in it."""
    folders = {"."} | {folder_of(path) for path in tree.named(*FILES)}
    name, roots, packages = "", set[str](), dict[str, str]()
    for folder in sorted(folders):
        declared = _read_folder(tree, folder)
        conventional = joined(folder, _CONVENTIONAL_ROOT) or ""
        if folder == ".":
            name = declared.name
        elif tree.has_folder(conventional) or declared.name:
            declared.roots.append(".")
        if tree.has_folder(conventional):
            declared.roots.append(_CONVENTIONAL_ROOT)
        roots.update(filter(None, (_inside(tree, folder, each) for each in declared.roots)))
        for package, place in declared.packages.items():
            if (inside := _inside(tree, folder, place)) is not None:
                packages[package] = inside
    return PythonBuild(name, tuple(sorted(roots)), tuple(sorted(packages.items())))


def _inside(tree: BuildTree, folder: str, declared: str) -> str | None:
    """A declared folder as a path from the root; None where there is no such folder in it."""
    path = joined(folder, declared)
    return path if path is not None and tree.has_folder(path) else None


def _read_folder(tree: BuildTree, folder: str) -> _Declared:
    """The declarations of one folder; pyproject.toml speaks before setup.cfg, and that before setup.py."""
    declared = _Declared()
    for file, read in (
        ("pyproject.toml", _read_pyproject),
        ("setup.cfg", _read_cfg),
        ("setup.py", _read_setup),
    ):
        try:
            found = read(tree.text(joined(folder, file) or file))
        except (ValueError, SyntaxError, RecursionError, MemoryError, configparser.Error):
            continue
        declared.name = declared.name or found.name
        declared.roots += found.roots
        declared.packages = found.packages | declared.packages
    return declared


def _read_pyproject(source: str) -> _Declared:
    data = tomllib.loads(source)
    tool = table(data, "tool")
    found = _Declared(text(table(data, "project"), "name") or text(table(tool, "poetry"), "name"))
    setuptools = table(tool, "setuptools")
    found.add_package_dir(texts(table(setuptools, "package-dir")))
    found.roots += strings(table(setuptools, "packages", "find").get("where"))
    for package in tables(table(tool, "poetry").get("packages")):
        found.roots += strings(package.get("from"))
    wheel = table(tool, "hatch", "build", "targets", "wheel")
    found.add_built(strings(wheel.get("packages")))
    found.roots += strings(wheel.get("sources"))
    found.roots += strings(table(tool, "pdm", "build").get("package-dir"))
    found.roots += strings(table(tool, "uv", "build-backend").get("module-root"))
    found.roots += [str(PurePosixPath(each)) for each in strings(table(tool, "maturin").get("python-source"))]
    return found


def _read_cfg(source: str) -> _Declared:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read_string(source)
    found = _Declared(parser.get("metadata", "name", fallback=""))
    pairs = re.split(r"[\n,]+", parser.get("options", "package_dir", fallback=""))
    folders = [pair.partition("=") for pair in pairs if "=" in pair]
    found.add_package_dir({package.strip(): folder.strip() for package, _, folder in folders})
    where = parser.get("options.packages.find", "where", fallback="")
    found.roots += [each.strip() for each in re.split(r"[\n,]+", where) if each.strip()]
    return found


def _read_setup(source: str) -> _Declared:
    """The literal arguments of a call of ``setup``."""
    found = _Declared()
    for keyword in _setup_keywords(ast.parse(source)):
        try:
            value = ast.literal_eval(keyword.value)
        except (ValueError, TypeError, SyntaxError):
            continue
        if keyword.arg == "name" and isinstance(value, str):
            found.name = value
        elif keyword.arg == "package_dir" and isinstance(value, dict):
            found.add_package_dir(texts(value))
    return found


def _setup_keywords(tree: ast.Module) -> Iterator[ast.keyword]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == "setup":
                yield from node.keywords
