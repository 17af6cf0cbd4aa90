"""How Python files are named by others: module names, source roots, and what an import finds.

Rules: the import system of the language reference (§5), with every folder that holds a top-level
package as an entry of the search path, so that several roots and src layouts in one tree all resolve.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cached_property
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
        self._files = _by_folder(self.paths)
        self._packages = frozenset(f for f, names in self._files.items() if not names.isdisjoint(_INIT))
        self._folders = _all_folders(self._files)
        declared = [root.strip("/") for root in declared_roots if root.strip("/") in self._folders]
        if "src" in self._folders and "src" not in self._packages:
            declared.append("src")
        found = {dirname(top) for top in self._packages if dirname(top) not in self._packages}
        self._roots = tuple(dict.fromkeys([*sorted(declared, key=len, reverse=True), "", *sorted(found)]))
        self._declared = tuple(sorted(set(declared), key=len, reverse=True))
        self._plain_roots = frozenset(("", *declared))
        self._prefixes: dict[str, str] = {}
        self.names = self._name_all()

    def _name_all(self) -> dict[str, str]:
        """Dotted names by path; where two files claim one name, later paths get ``~2``, ``~3`` …"""
        taken: dict[str, int] = {}
        names: dict[str, str] = {}
        for path in sorted(sorted(self.paths), key=_is_stub):
            name = self._name(path)
            count = taken[name] = taken.get(name, 0) + 1
            names[path] = name if count == 1 else f"{name}~{count}"
        return names

    def _name(self, path: str) -> str:
        folder, _, file = path.rpartition("/")
        prefix = self._prefixes.get(folder)
        if prefix is None:
            prefix = self._prefixes[folder] = self._prefix(folder)
        stem = "" if file in _INIT else file.rpartition(".")[0]
        if prefix and file not in _INIT:
            return f"{prefix}.{stem}"
        return prefix or stem or basename(folder) or "__init__"

    def _prefix(self, folder: str) -> str:
        """The dotted name of the modules in a folder, but for their own."""
        for package, place in self._mapped:
            if folder == place or folder.startswith(place + "/"):
                return f"{package}{folder[len(place) :].replace('/', '.')}"
        return folder[len(self._root_of(folder)) :].strip("/").replace("/", ".")

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
        if not self.is_package(path):
            return frozenset()
        folder = dirname(path)
        modules = {file.rpartition(".")[0] for file in self._files[folder].difference(_INIT)}
        return frozenset(modules | self._subpackages.get(folder, set()))

    @cached_property
    def _subpackages(self) -> dict[str, set[str]]:
        """The names of the packages directly inside each folder."""
        found: dict[str, set[str]] = {}
        for package in self._packages:
            folder, _, name = package.rpartition("/")
            found.setdefault(folder, set()).add(name)
        return found

    def is_package(self, path: str) -> bool:
        return basename(path) in _INIT

    def find(self, dotted: str, importer: str) -> str | None:
        """The file that ``import dotted`` finds; a folder without ``__init__`` as its path and a ``/``.

        The importer's own root comes first (a script's is its folder), then declared roots, the project's
        root, and every folder that holds a top-level package. The standard library gives way to the first
        only, as it does on ``sys.path``, and to none where that may be a namespace package (PEP 420):
        `google/cloud/logging` is not what `google/cloud/storage` imports as `logging`.
        """
        mapped = self._find_mapped(dotted)
        if mapped is not None:
            return mapped
        relative = dotted.replace(".", "/")
        folder = dirname(importer)
        namespace: str | None = None
        standard = dotted.split(".", 1)[0] in sys.stdlib_module_names
        roots = self._search_path(folder)
        if standard:
            roots = roots[:1] if folder not in self._packages or roots[0] in self._plain_roots else ()
        for root in roots:
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


def _is_stub(path: str) -> bool:
    return path.endswith(".pyi")


def _by_folder(paths: Iterable[str]) -> dict[str, set[str]]:
    """The names of the files in each folder that has any."""
    found: dict[str, set[str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        found.setdefault(folder, set()).add(name)
    return found


def _all_folders(folders: Iterable[str]) -> frozenset[str]:
    """Folders with all around them but the root."""
    found: set[str] = set()
    for folder in folders:
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return frozenset(found)
