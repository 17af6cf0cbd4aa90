"""How Python files are named by others: module names, source roots, and what an import finds.

Rules: the import system of the language reference (§5), with every folder that holds a top-level
package as an entry of the search path, so that several roots and src layouts in one tree all resolve.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from posixpath import basename, dirname, join

_INIT = ("__init__.py", "__init__.pyi")
_SUFFIXES = (".py", ".pyi", ".pyw")


class ModuleIndex:
    """Names every Python file of a project and resolves dotted names to files."""

    def __init__(
        self,
        paths: Iterable[str],
        declared_roots: Iterable[str] = (),
        packages: Iterable[tuple[str, str]] = (),
    ) -> None:
        """``packages`` are those that the build puts into a folder of another name: dotted name, folder."""
        self.paths = frozenset(paths)
        self._mapped = tuple(sorted(packages, key=lambda pair: (-len(pair[1]), pair)))
        self._by_package = tuple(sorted(self._mapped, key=lambda pair: -len(pair[0])))
        self._search_paths: dict[str, tuple[str, ...]] = {}
        self._packages = frozenset(dirname(path) for path in self.paths if basename(path) in _INIT)
        self._folders = _all_folders(self.paths)
        declared = [root.strip("/") for root in declared_roots if root.strip("/") in self._folders]
        if "src" in self._folders and "src" not in self._packages:
            declared.append("src")
        found = {dirname(top) for top in self._packages if dirname(top) not in self._packages}
        self._roots = tuple(dict.fromkeys([*sorted(declared, key=len, reverse=True), "", *sorted(found)]))
        self._declared = tuple(sorted(set(declared), key=len, reverse=True))
        self.names = self._name_all()
        self._children = _children(self.paths, self._packages)

    def _name_all(self) -> dict[str, str]:
        """Dotted names by path; where two files claim one name, later paths get ``~2``, ``~3`` …"""
        taken: dict[str, int] = {}
        names: dict[str, str] = {}
        for path in sorted(self.paths, key=lambda p: (p.endswith(".pyi"), p)):
            name = self._name(path)
            count = taken[name] = taken.get(name, 0) + 1
            names[path] = name if count == 1 else f"{name}~{count}"
        return names

    def _name(self, path: str) -> str:
        folder = dirname(path)
        stem = basename(path).rsplit(".", 1)[0]
        for package, place in self._mapped:
            if folder == place or folder.startswith(place + "/"):
                below = folder[len(place) :].strip("/").split("/") if folder != place else []
                return ".".join((package, *below, *(() if basename(path) in _INIT else (stem,))))
        root = self._root_of(folder)
        inner = folder[len(root) :].strip("/").split("/") if folder != root else []
        parts = inner if basename(path) in _INIT else [*inner, stem]
        return ".".join(parts) or basename(folder) or "__init__"

    def _root_of(self, folder: str) -> str:
        if folder in self._packages:
            while folder in self._packages and folder:
                folder = dirname(folder)
            return folder
        return next((root for root in self._declared if folder == root or folder.startswith(root + "/")), "")

    def stub_of(self, path: str) -> str | None:
        """The stub file beside a source file."""
        stub = f"{path}i"
        return stub if stub in self.paths else None

    def children(self, path: str) -> frozenset[str]:
        """The names of the modules and packages directly inside a package; none for other modules."""
        return self._children.get(dirname(path), frozenset()) if self.is_package(path) else frozenset()

    def is_package(self, path: str) -> bool:
        return basename(path) in _INIT

    def find(self, dotted: str, importer: str) -> str | None:
        """The file that ``import dotted`` finds; a folder without ``__init__`` as its path and a ``/``.

        The importer's own root comes first (a script's is its folder), then declared roots, the project's
        root, and every folder that holds a top-level package. The standard library gives way to the first
        only, as it does on ``sys.path``.
        """
        mapped = self._find_mapped(dotted)
        if mapped is not None:
            return mapped
        relative = dotted.replace(".", "/")
        folder = dirname(importer)
        namespace: str | None = None
        standard = dotted.split(".", 1)[0] in sys.stdlib_module_names
        roots = self._search_path(folder)
        for root in roots[:1] if standard else roots:
            found = self._at(f"{root}/{relative}" if root else relative)
            itself = found == importer and folder not in self._packages
            if found is None or itself or (standard and found.endswith("/")):
                continue
            if not found.endswith("/"):
                return found
            namespace = namespace or found
        return namespace

    def _search_path(self, folder: str) -> tuple[str, ...]:
        """The folders that an import of a file in this one is looked for in, its own root first."""
        found = self._search_paths.get(folder)
        if found is None:
            root = self._root_of(folder)
            own = root if folder in self._packages else folder
            found = self._search_paths[folder] = tuple(dict.fromkeys((own, root, *self._roots)))
        return found

    def _find_mapped(self, dotted: str) -> str | None:
        """The file of a module in a package that lies in a folder of another name."""
        for package, place in self._by_package:
            if dotted == package or dotted.startswith(package + "."):
                below = dotted[len(package) :].strip(".").replace(".", "/")
                found = self._at(join(place, below) if below else place)
                if found is not None:
                    return found
            elif package.startswith(dotted + "."):
                return f"{dotted}/"  # a namespace of mapped packages
        return None

    def _at(self, stem: str) -> str | None:
        for candidate in (f"{stem}/__init__.py", f"{stem}.py", f"{stem}/__init__.pyi", f"{stem}.pyi"):
            if candidate in self.paths:
                return candidate
        return f"{stem}/" if stem in self._folders else None

    def relative(self, importer: str, level: int, module: str) -> str | None:
        """The file that a relative import names; a folder as its path with a trailing ``/``."""
        folder = dirname(importer)
        for _ in range(level - 1):
            if not folder:
                return None
            folder = dirname(folder)
        inner = module.replace(".", "/")
        stem = join(folder, inner) if inner else folder
        return self._at(stem) if stem else ("/" if not inner else None)

    def _dotted_of(self, package: str) -> str | None:
        """The dotted name of a package, where the build maps packages to folders."""
        if not self._mapped:
            return None
        return package.rstrip("/") if package.endswith("/") else self.names.get(package)

    def submodule(self, package: str, name: str) -> str | None:
        """The module ``name`` inside a package, given as its ``__init__`` file or its folder with ``/``."""
        dotted = self._dotted_of(package)
        mapped = self._find_mapped(f"{dotted}.{name}") if dotted is not None else None
        if mapped is not None:
            return mapped
        if package.endswith("/"):
            folder = package.rstrip("/")
        elif self.is_package(package):
            folder = dirname(package)
        else:
            return None
        return self._at(join(folder, name) if folder else name)


def _children(paths: Iterable[str], packages: Iterable[str]) -> dict[str, frozenset[str]]:
    names: dict[str, set[str]] = {}
    for path in paths:
        if basename(path) not in _INIT:
            names.setdefault(dirname(path), set()).add(basename(path).rsplit(".", 1)[0])
    for package in packages:
        names.setdefault(dirname(package), set()).add(basename(package))
    return {folder: frozenset(found) for folder, found in names.items()}


def _all_folders(paths: Iterable[str]) -> frozenset[str]:
    folders: set[str] = set()
    for path in paths:
        folder = dirname(path)
        while folder and folder not in folders:
            folders.add(folder)
            folder = dirname(folder)
    return frozenset(folders)
