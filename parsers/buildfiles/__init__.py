"""What the build files of a project say, whatever its languages: names, and where things stand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from isg.parsers.buildfacts import BuildFacts
from isg.parsers.buildfiles.cargo import package_at_root, read_crates
from isg.parsers.buildfiles.npm import read_packages
from isg.parsers.buildfiles.python import read_python
from isg.parsers.buildfiles.tree import BuildTree, tree_on_disk
from isg.parsers.buildfiles.tsconfig import read_configs


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
