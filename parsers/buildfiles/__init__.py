"""What the build files of a project say, whatever its languages: names, and where things stand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from isg.parsers.buildfiles.cargo import Crate, package_at_root, read_crates
from isg.parsers.buildfiles.npm import NpmPackage, read_packages
from isg.parsers.buildfiles.python import read_python
from isg.parsers.buildfiles.tree import BuildTree, tree_on_disk
from isg.parsers.buildfiles.tsconfig import TsConfig, read_configs


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


def read_build(root: Path, build_files: Iterable[str] = (), sources: Iterable[str] = ()) -> BuildFacts:
    """What the build files of a tree on disk say; ``build_files`` and ``sources`` are what discovery found.

    A build file that cannot be read or parsed says nothing.
    """
    return build_of(tree_on_disk(root, build_files, sources), root.resolve().name or "project")


def build_of(tree: BuildTree, folder_name: str) -> BuildFacts:
    """What the build files of a tree say."""
    python, npm = read_python(tree), read_packages(tree)
    at_root = next((package.name for package in npm if package.folder == "."), "")
    return BuildFacts(
        python.name or at_root or package_at_root(tree) or folder_name,
        python.roots,
        python.packages,
        npm,
        read_configs(tree, npm),
        read_crates(tree),
    )
