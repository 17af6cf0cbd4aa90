"""Crates and files: which crate a file belongs to, how it is named, and where modules stand.

Rules: The Rust Reference, "Crates and source files" and "Modules"; the Cargo book, "Cargo Targets". Files
are named after the root of their crate and their path, so that names need no other file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from posixpath import basename, dirname, join, normpath

from isg.graph.linking.semantics import Naming
from isg.parsers.buildfacts import Crate

_PRIORITY = {"lib": 0, "bin": 1, "test": 2, "example": 3, "bench": 4, "build": 5}
_PLACES = {"test": "tests", "example": "examples", "bench": "benches"}
_USUAL_ROOTS = ("lib.rs", "main.rs")


class Crates:
    """The crates of a project and the files that belong to each."""

    def __init__(self, paths: Iterable[str], declared: Iterable[Crate], project: str) -> None:
        """``project`` is what a crate at the root is called that no Cargo.toml names."""
        self._project = project
        self.paths = frozenset(paths)
        self.roots = {crate.root: crate for crate in declared}
        self._folders = _by_folder(self.roots.values())
        for path in sorted(self.paths, key=lambda p: (p.count("/"), p)):
            if basename(path) in _USUAL_ROOTS and path not in self.roots:
                self._add_usual(path)
        self._libraries = {
            crate.folder: crate.root
            for crate in self.roots.values()
            if crate.kind == "lib" and crate.root in self.paths
        }
        self._visible: dict[str, tuple[str, ...]] = {}
        self._groups: dict[str, str] = {}
        self._crates: dict[str, Crate | None] = {}

    def _add_usual(self, path: str) -> None:
        """Take a root file by convention where no Cargo.toml speaks of its folder."""
        folder = dirname(path)
        beside = self._folders.get(folder, [])
        if any(crate.kind in ("lib", "bin") and crate.package for crate in beside) or self._covered(folder):
            return
        above = dirname(folder) if basename(folder) == "src" else folder
        name = (basename(above) or self._project).replace("-", "_").replace(".", "_")
        kind = "lib" if basename(path) == "lib.rs" else "bin"
        crate = Crate(name, kind, path, above or ".", "", "2021", ())
        self.roots[path] = crate
        self._folders.setdefault(folder, []).append(crate)
        self._folders[folder].sort(key=_rank)

    def _covered(self, folder: str) -> bool:
        """Whether a folder lies inside that of a crate."""
        return any(
            crate.kind in ("lib", "bin") for above in _above(folder) for crate in self._folders.get(above, ())
        )

    # crates

    def owner(self, path: str) -> Crate | None:
        """The crate that a file is named after; None where no root stands above it, or several do."""
        if path in self.roots:
            return self.roots[path]
        for folder in _upwards(dirname(path)):
            owning = [crate for crate in self._folders.get(folder, ()) if crate.kind != "build"]
            if owning:
                return owning[0] if owning[0].kind == "lib" or len(owning) == 1 else _main(owning)
        return None

    def group(self, path: str) -> str:
        """What files of one crate have in common: the path of its root, else a folder or the file itself."""
        found = self._groups.get(path)
        if found is None:
            found = self._groups[path] = self._group(path)
        return found

    def _group(self, path: str) -> str:
        owner = self.owner(path)
        if owner is not None:
            return owner.root
        for folder in _upwards(dirname(path)):
            if folder in self._folders:
                return f"{folder}/"
        return path

    @cached_property
    def members(self) -> dict[str, tuple[str, ...]]:
        """The files of each group, in order."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.paths):
            found.setdefault(self.group(path), []).append(path)
        return {group: tuple(paths) for group, paths in found.items()}

    def crate_of(self, path: str) -> Crate | None:
        """The crate of a file; of several that share its folder the first."""
        if path not in self._crates:
            self._crates[path] = self._crate_of(path)
        return self._crates[path]

    def _crate_of(self, path: str) -> Crate | None:
        owner = self.owner(path)
        if owner is not None:
            return owner
        return next((c for folder in _upwards(dirname(path)) for c in self._folders.get(folder, ())), None)

    def dependency(self, path: str, name: str) -> str | None:
        """The root file of the crate that the code of a file calls by this name; None outside the project."""
        crate = self.crate_of(path)
        if crate is None or not crate.package:
            roots = [c.root for c in self.roots.values() if c.kind == "lib" and c.name == name]
            return min(roots, default=None)
        for dependency in crate.dependencies:
            if dependency.name == name:
                return self._libraries.get(dependency.folder) if dependency.folder else None
        return (
            self._libraries.get(crate.folder) if crate.kind != "lib" and self._is_own(crate, name) else None
        )

    def _is_own(self, crate: Crate, name: str) -> bool:
        root = self._libraries.get(crate.folder)
        return root is not None and self.roots[root].name == name

    def is_external(self, path: str, name: str) -> bool:
        """Whether Cargo.toml names a crate so that is not in the project."""
        crate = self.crate_of(path)
        return crate is None or not crate.package or any(d.name == name for d in crate.dependencies)

    def visible(self, group: str) -> tuple[str, ...]:
        """A group and those that its code can use, near ones first."""
        found = self._visible.get(group)
        if found is None:
            seen = {group: None}
            queue = [group]
            for each in queue:
                for root in self._used_by(each):
                    if root not in seen:
                        seen[root] = None
                        queue.append(root)
            found = self._visible[group] = tuple(seen)
        return found

    def _used_by(self, group: str) -> Iterator[str]:
        inside = f"{group}x.rs".lstrip("/") if group.endswith("/") else group
        crate = self.roots.get(group) or self.crate_of(inside)
        if crate is None or not crate.package:
            yield from (c.root for c in self.roots.values() if c.kind == "lib" and not c.package)
            return
        for dependency in crate.dependencies:
            root = self._libraries.get(dependency.folder) if dependency.folder else None
            if root is not None:
                yield root

    # names

    def naming(self, path: str) -> Naming:
        name = self._names[path]
        return Naming(name, False, self._children.get(name, frozenset()))

    @cached_property
    def _names(self) -> dict[str, str]:
        """Names by path; where two files claim one, later paths get ``~2``, ``~3`` …"""
        taken: dict[str, int] = {}
        names: dict[str, str] = {}
        for path in sorted(self.paths, key=lambda p: (_rank_of(self.roots.get(p)), p)):
            name = self._name(path)
            count = taken[name] = taken.get(name, 0) + 1
            names[path] = name if count == 1 else f"{name}~{count}"
        return names

    @cached_property
    def _children(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for name in self._names.values():
            above, _, own = name.rpartition("::")
            found.setdefault(above, set()).add(own)
        return {name: frozenset(children) for name, children in found.items()}

    def _name(self, path: str) -> str:
        crate = self.roots.get(path)
        if crate is not None:
            return self._root_name(crate)
        for folder in _upwards(dirname(path)):
            owning = [c for c in self._folders.get(folder, ()) if c.kind != "build"]
            if not owning:
                continue
            owner = self.owner(path)
            inner = _module_parts(path[len(folder) :].lstrip("/"))
            above = self._root_name(owner) if owner is not None and owner.kind in ("lib", "bin") else None
            return "::".join([above or _shared_name(owning[0]), *inner])
        return "::".join(_module_parts(path))

    def _root_name(self, crate: Crate) -> str:
        package = crate.package.replace("-", "_") or crate.name
        if crate.kind in _PLACES:
            return f"{package}::{_PLACES[crate.kind]}::{crate.name}"
        if crate.kind == "build":
            return f"{package}::build"
        library = self._libraries.get(crate.folder)
        if crate.kind == "bin" and library is not None and self.roots[library].name == crate.name:
            return f"{crate.name}::main"
        return crate.name

    # modules

    def child(self, path: str, inline: tuple[str, ...], name: str, attribute: str = "") -> str | None:
        """The file that ``mod name;`` finds in a file and its inline modules; ``attribute``: ``#[path]``."""
        folder, stem = dirname(path), basename(path).removesuffix(".rs")
        inside = folder if path in self.roots or stem == "mod" else join(folder, stem)
        base = join(inside, *inline) if inline else inside
        if attribute:
            found = normpath(join(base if inline else folder, attribute.replace("\\", "/")))
            return found if found in self.paths else None
        for candidate in (join(base, f"{name}.rs"), join(base, name, "mod.rs")):
            if candidate in self.paths and candidate != path:
                return candidate
        return None

    def parents(self, path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The files that may declare a file by its place, with the inline modules and name it has there."""
        if path in self.roots:
            return (), ()
        folder, stem = dirname(path), basename(path).removesuffix(".rs")
        inner: tuple[str, ...] = (stem,)
        if stem == "mod":
            inner, folder = (basename(folder),), dirname(folder)
        while True:
            beside = [f"{folder}.rs", join(folder, "mod.rs")]
            found = [crate.root for crate in self._folders.get(folder, ())]
            found += [each for each in beside if each in self.paths]
            candidates = tuple(dict.fromkeys(each for each in found if each != path))
            if candidates or folder in self._folders or not folder:
                return candidates, inner
            inner, folder = (basename(folder), *inner), dirname(folder)


def _main(owning: list[Crate]) -> Crate | None:
    """Of the crates whose roots share a folder the program ``main.rs``, else none."""
    return next((crate for crate in owning if basename(crate.root) == "main.rs"), None)


def _shared_name(crate: Crate) -> str:
    package = crate.package.replace("-", "_") or crate.name
    return f"{package}::{_PLACES.get(crate.kind, 'bin')}"


def _module_parts(path: str) -> list[str]:
    parts = path.removesuffix(".rs").split("/")
    return (parts[:-1] if parts[-1] == "mod" and len(parts) > 1 else parts) or ["crate"]


def _rank(crate: Crate) -> tuple[int, str]:
    return _PRIORITY.get(crate.kind, 9), crate.root


def _rank_of(crate: Crate | None) -> int:
    return _PRIORITY.get(crate.kind, 9) if crate is not None else 9


def _by_folder(crates: Iterable[Crate]) -> dict[str, list[Crate]]:
    found: dict[str, list[Crate]] = {}
    for crate in sorted(crates, key=_rank):
        found.setdefault(dirname(crate.root), []).append(crate)
    return found


def _upwards(folder: str) -> Iterator[str]:
    yield folder
    yield from _above(folder)


def _above(folder: str) -> Iterator[str]:
    while folder:
        folder = dirname(folder)
        yield folder
