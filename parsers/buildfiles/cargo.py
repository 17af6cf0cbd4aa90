"""What Cargo.toml says: the crates of a package, their root files, and the crates that they may name.

The rules are those of the Cargo book ("Cargo Targets", "Specifying Dependencies", "Workspaces").
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from isg.parsers.buildfacts import Crate, CrateDependency
from isg.parsers.buildfiles.tree import BuildTree, ancestors, folder_of, joined
from isg.parsers.buildfiles.values import strings, table, tables, text

_DEPENDENCIES = ("dependencies", "dev-dependencies", "build-dependencies")
_FOLDERS = {"bin": "src/bin", "test": "tests", "example": "examples", "bench": "benches"}
_EDITION = "2015"  # of a package that names none


def read_crates(tree: BuildTree) -> tuple[Crate, ...]:
    """The crates of a tree by root file; only such whose root file is a source of it."""
    manifests = {folder_of(path): _read(tree.text(path)) for path in tree.named("Cargo.toml")}
    usual = _usual_roots(tree.sources)
    found: dict[str, Crate] = {}
    for folder, data in sorted(manifests.items()):
        if text(table(data, "package"), "name"):
            for crate in _Package(tree.sources, usual, manifests, folder).crates():
                found.setdefault(crate.root, crate)
    return tuple(crate for _, crate in sorted(found.items()))


def package_at_root(tree: BuildTree) -> str:
    """The name of the package at the root of a tree; empty where there is none."""
    return text(table(_read(tree.text("Cargo.toml")), "package"), "name")


def _read(source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(source)
    except (ValueError, RecursionError):
        return {}


def _usual_roots(sources: frozenset[str]) -> dict[str, list[tuple[str, str]]]:
    """The files ``x.rs`` and ``x/main.rs`` of each folder, as the targets ``x`` that they would be."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(source for source in sources if source.endswith(".rs")):
        folder, name = folder_of(path), path.rpartition("/")[2].removesuffix(".rs")
        found.setdefault(folder, []).append((name, path))
        if name == "main":
            found.setdefault(folder_of(folder), []).append((folder.rpartition("/")[2], path))
    return found


def _in_code(name: str) -> str:
    return name.replace("-", "_")


class _Package:
    """One package among the manifests of a tree."""

    def __init__(
        self,
        sources: frozenset[str],
        usual: dict[str, list[tuple[str, str]]],
        manifests: dict[str, dict[str, Any]],
        folder: str,
    ) -> None:
        self._sources = sources
        self._usual = usual
        self._manifests = manifests
        self._folder = folder
        self._data = manifests[folder]
        self._package = table(self._data, "package")
        self._name = text(self._package, "name")

    def crates(self) -> Iterator[Crate]:
        for kind, name, root in self._targets():
            if root in self._sources:
                others = self._dependencies if kind == "lib" else self._with_library
                yield Crate(_in_code(name), kind, root, self._folder, self._name, self._edition, others)

    @property
    def _edition(self) -> str:
        declared = self._package.get("edition")
        if isinstance(declared, dict):
            declared = table(self._workspace[1], "package").get("edition")
        return declared if isinstance(declared, str) else _EDITION

    @cached_property
    def _workspace(self) -> tuple[str, dict[str, Any]]:
        """The folder and the ``[workspace]`` of the manifest that is named, else the nearest that has one."""
        named = text(self._package, "workspace")
        folders = [joined(self._folder, named)] if named else ancestors(self._folder)
        for folder in folders:
            found = self._manifests.get(folder or "", {}).get("workspace")
            if isinstance(found, dict):
                return folder or ".", found
        return self._folder, {}

    # targets

    def _targets(self) -> Iterator[tuple[str, str, str]]:
        """Kind, name and root file of every target: the declared ones first, then those in their places."""
        yield from self._library()
        for kind in _FOLDERS:
            declared = tables(self._data.get(kind))
            yield from ((kind, text(each, "name"), self._root_of(kind, each)) for each in declared)
            if self._package.get(_SWITCHES[kind]) is not False:
                yield from self._discovered(kind)
        for build in strings(self._package.get("build", "build.rs")):
            yield "build", "build_script_build", self._path(build)

    def _library(self) -> Iterator[tuple[str, str, str]]:
        library = self._data.get("lib")
        if isinstance(library, dict) or self._package.get("autolib") is not False:
            yield "lib", self._library_name, self._library_root

    @property
    def _library_root(self) -> str:
        return self._path(text(table(self._data, "lib"), "path") or "src/lib.rs")

    @property
    def _library_name(self) -> str:
        return text(table(self._data, "lib"), "name") or self._name

    def _root_of(self, kind: str, target: dict[str, Any]) -> str:
        """The root file of a declared target: the one that it names, else the one in its usual place."""
        if path := text(target, "path"):
            return self._path(path)
        name = text(target, "name")
        usual = [f"{_FOLDERS[kind]}/{name}.rs", f"{_FOLDERS[kind]}/{name}/main.rs"]
        if kind == "bin":
            usual.append("src/main.rs")
        return next((path for path in map(self._path, usual) if path in self._sources), "")

    def _discovered(self, kind: str) -> Iterator[tuple[str, str, str]]:
        if kind == "bin":
            yield kind, self._name, self._path("src/main.rs")
        for name, path in self._usual.get(self._path(_FOLDERS[kind]), ()):
            yield kind, name, path

    def _path(self, declared: str) -> str:
        return joined(self._folder, declared) or ""

    # dependencies

    @cached_property
    def _with_library(self) -> tuple[CrateDependency, ...]:
        if self._library_root not in self._sources:
            return self._dependencies
        own = CrateDependency(_in_code(self._library_name), self._name, self._folder)
        return tuple(sorted({*self._dependencies, own}, key=_by_name))

    @cached_property
    def _dependencies(self) -> tuple[CrateDependency, ...]:
        found: dict[str, CrateDependency] = {}
        for declared in (self._data, *filter(_is_table, table(self._data, "target").values())):
            for section in _DEPENDENCIES:
                for name, value in table(declared, section).items():
                    found.setdefault(_in_code(name), self._dependency(name, value))
        return tuple(sorted(found.values(), key=_by_name))

    def _dependency(self, name: str, value: object) -> CrateDependency:
        folder, declared = self._folder, value if isinstance(value, dict) else {}
        if declared.get("workspace") is True:
            folder, workspace = self._workspace
            shared = table(workspace, "dependencies").get(name)
            declared = shared if isinstance(shared, dict) else {}
        package = text(declared, "package") or name
        place = joined(folder, path) if (path := text(declared, "path")) else self._patched(package)
        return CrateDependency(_in_code(name), package, place if place in self._manifests else "")

    def _patched(self, package: str) -> str | None:
        """The folder that ``[patch]`` at the root of the workspace puts in a package's place."""
        folder, _ = self._workspace
        for registry in filter(_is_table, table(self._manifests.get(folder, {}), "patch").values()):
            for name, value in registry.items():
                if _is_table(value) and (text(value, "package") or name) == package and text(value, "path"):
                    return joined(folder, text(value, "path"))
        return None


_SWITCHES = {"bin": "autobins", "test": "autotests", "example": "autoexamples", "bench": "autobenches"}


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _by_name(dependency: CrateDependency) -> tuple[str, str]:
    return dependency.name, dependency.folder
