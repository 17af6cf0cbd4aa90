"""What the build files of a project say, as far as names need it; :mod:`isg.parsers.buildfiles` reads them.

All of it can be compared and encoded: another value means that all names have to be linked again.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

Targets: TypeAlias = tuple[tuple[str, str], ...]


class NpmPackage(msgspec.Struct, frozen=True):
    """A folder with a package.json. Paths in it begin with ``./`` and are relative to ``folder``."""

    folder: str
    name: str
    """How others import it; empty for one that only says something about its own files."""
    entries: Targets
    """``exports``: subpath (``"."``, ``"./lib/*"``) and a file it may stand for, all conditions of it, the
    nearest to the sources first; an empty file is what nobody may import. Empty without ``exports``."""
    mains: tuple[str, ...]
    """Files that the package may stand for where it has no ``exports``, in the same order."""
    imports: Targets
    """``imports``: the package's own names (``"#db/*"``), for files or for other packages."""
    member: bool
    """Whether it is a workspace, or belongs to one."""
    dependencies: tuple[str, ...]


class TsConfig(msgspec.Struct, frozen=True):
    """A configuration with all that it extends; paths are relative to the root, empty where not given."""

    path: str
    folder: str
    base_url: str
    paths: tuple[tuple[str, tuple[str, ...]], ...]
    """Patterns of specifiers (``"@/*"``) and the paths that they may stand for."""
    root_dirs: tuple[str, ...]
    references: tuple[str, ...]
    """Configurations of the projects that it is made of, or rests on."""
    include: tuple[str, ...]
    """Patterns of the files it is about; empty for all below its folder."""
    root_dir: str
    out_dir: str
    declaration_dir: str


class CrateDependency(msgspec.Struct, frozen=True):
    """Another crate, as the code of a crate may name it."""

    name: str  # in code, with `_`
    package: str  # as it was published
    folder: str  # of its package in this tree; empty where it is not in it


class Crate(msgspec.Struct, frozen=True):
    """One target of a package: what the compiler makes of one root file."""

    name: str  # in code, with `_`
    kind: str  # lib, bin, test, example, bench or build
    root: str  # its root file
    folder: str  # of its package
    package: str
    edition: str
    dependencies: tuple[CrateDependency, ...]
    """By name; the package's own library among them, but for that itself."""


class BuildFacts(msgspec.Struct, frozen=True):
    """The build files of a tree, as far as they matter to names. No order in it depends on anything."""

    name: str
    """The distribution, npm package or crate that is declared at the root, else the root folder's name."""
    roots: tuple[str, ...] = ()
    """Folders that Python's top-level packages stand in, relative to the root (``"."`` is the root)."""
    packages: tuple[tuple[str, str], ...] = ()
    """Python packages that stand in a folder of another name: (``"isg.cli"``, ``"cli"``)."""
    npm: tuple[NpmPackage, ...] = ()
    tsconfigs: tuple[TsConfig, ...] = ()
    crates: tuple[Crate, ...] = ()
