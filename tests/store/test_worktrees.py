"""Work trees and clones of one repository, and indexes that were copied: each is answered for itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from indexed_tree import Tree

from isg.store.freshness import is_fresh
from isg.store.location import find_root
from isg.store.snapshot import load_graph
from isg.store.verification import verify


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(shop) -> Tree:
    """The shop as a repository, indexed."""
    git(shop.root, "init", "-q", "-b", "main")
    git(shop.root, "add", "-A")
    git(shop.root, "commit", "-qm", "all")
    shop.index()
    return shop


def is_right(tree: Tree, elsewhere: Path) -> bool:
    """Whether its index is fresh, whole, and the same as one from nothing."""
    rebuilt = tree.rebuilt(elsewhere)
    same = (tree.rows(), tree.image()) == (rebuilt.rows(), rebuilt.image())
    return same and is_fresh(tree.root, tree.location) and verify(tree.root, tree.location).whole


@pytest.mark.parametrize("kind", ["linked", "clone"])
@pytest.mark.parametrize("inside", [True, False])
def test_a_work_tree_is_a_project_of_its_own(repository, tmp_path: Path, kind: str, inside: bool) -> None:
    place = (repository.root if inside else tmp_path) / "other"
    if kind == "linked":
        git(repository.root, "worktree", "add", "-q", str(place), "-b", "other")
    else:
        git(tmp_path, "clone", "-q", str(repository.root), str(place))
    assert find_root(place / "shop") == place
    other = Tree(place).write({"shop/cart.py": "class Other:\n    def alone(self): ...\n"})
    other.index()
    assert find_root(place / "shop") == place and find_root(repository.root / "shop") == repository.root
    for tree, key, absent in (
        (repository, "python:shop.cart.Cart", "python:shop.cart.Other"),
        (other, "python:shop.cart.Other", "python:shop.cart.Cart"),
    ):
        graph = load_graph(tree.location)
        assert graph is not None and graph.by_key(key) is not None and graph.by_key(absent) is None


def test_a_folder_of_an_indexed_project_is_still_its(repository) -> None:
    (repository.root / "shop" / "pyproject.toml").write_text("")
    assert find_root(repository.root / "shop") == repository.root


@pytest.mark.parametrize("edited", [True, False])
def test_an_index_copied_from_another_clone_is_not_believed(repository, tmp_path: Path, edited: bool) -> None:
    """With all times as they were, as `cp -a` and backups keep them; what it knows of contents serves."""
    clone = Tree(tmp_path / "clone" / "shop")
    shutil.copytree(repository.root, clone.root)
    for path in clone.root.rglob("*.py"):
        known = (repository.root / path.relative_to(clone.root)).stat()
        os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))
    if edited:
        text = (clone.root / "shop/cart.py").read_text()
        clone.write({"shop/cart.py": text.replace("total", "tatol")})
    assert not is_fresh(clone.root, clone.location)
    assert clone.index().files.parsed == edited
    assert is_right(clone, tmp_path / "rebuilt")


def test_nor_is_one_from_another_machine_with_the_same_paths(repository, tmp_path: Path) -> None:
    """Same path, sizes and times; what the file system itself counts is not the same."""
    times = {path: path.stat() for path in repository.root.rglob("*.py")}
    for path, known in times.items():
        content = path.read_bytes().replace(b"total", b"tatol")
        path.unlink()
        path.write_bytes(content)
        os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))
    assert not is_fresh(repository.root, repository.location)
    repository.index()
    assert is_right(repository, tmp_path / "rebuilt")


def test_nor_one_of_another_project(repository, tmp_path: Path) -> None:
    root = tmp_path / "tool"
    root.mkdir()
    tool = Tree(root).write({"tool.py": "def run():\n    return 1\n"})
    shutil.copytree(repository.location.folder, tool.location.folder)
    assert not is_fresh(tool.root, tool.location)
    tool.index()
    assert is_right(tool, tmp_path / "rebuilt")


def test_two_projects_that_changed_places(repository, tmp_path: Path) -> None:
    root = tmp_path / "tool"
    root.mkdir()
    Tree(root).write({"shop/cart.py": "def run():\n    return 1\n"}).index()
    aside = tmp_path / "aside"
    for one, other in ((repository.root, aside), (root, repository.root), (aside, root)):
        one.rename(other)
    for place in (repository.root, root):
        tree = Tree(place)
        assert not is_fresh(tree.root, tree.location)
        tree.index()
        assert is_right(tree, tmp_path / "rebuilt")
