"""A cheap look sees all that a walk would see, whatever was done to the tree in between."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from indexed_tree import Tree

from isg.parsers.discovery import count_unread, discover
from isg.store.freshness import Difference, compare
from isg.store.head import Head, read_head
from isg.store.lock import now_at
from isg.store.resident.lookout import Lookout


@pytest.fixture
def head(shop: Tree) -> Head:
    shop.index()
    found = read_head(shop.location.head)
    assert found is not None
    return found


@pytest.fixture
def lookout(shop: Tree, head: Head) -> Lookout:
    return Lookout(shop.root, lambda: now_at(shop.location))


def told(difference: Difference) -> tuple[set[str], set[str], bool]:
    return set(difference.changed), set(difference.removed), difference.build


def walked(shop: Tree, head: Head) -> tuple[set[str], set[str], bool]:
    return told(compare(shop.root, head, discover(shop.root, head.options)))


def edits(root: Path, chance: random.Random) -> None:
    """One thing that people and tools do to trees."""
    files = sorted(path for path in root.rglob("*") if path.is_file() and ".isg" not in path.parts)
    folders = [root, *sorted(path for path in root.rglob("*") if path.is_dir() and ".isg" not in path.parts)]
    file, folder = chance.choice(files), chance.choice(folders)
    name = chance.choice(
        ["new.py", "tool", "x.ts", "lib.rs", "a.go", "notes.txt", ".gitignore", "setup.cfg", "CACHEDIR.TAG"]
    )
    text = chance.choice(["x = 1\n", "y = 2\n", "#!/usr/bin/env python\n", "*.py\n", "!new.py\n", "tool\n"])
    match chance.randrange(9):
        case 0:
            file.write_text(text)
        case 1 if len(files) > 2:
            file.unlink()
        case 2:
            file.rename(folder / f"r{chance.randrange(3)}{file.suffix}")
        case 3:
            (folder / f"d{chance.randrange(3)}").mkdir(exist_ok=True)
        case 4 if folder != root:
            shutil.rmtree(folder)
        case 5:
            draft = file.with_name(file.name + ".tmp")
            draft.write_text(text)
            draft.replace(file)
        case 6:
            file.chmod(chance.choice([0o644, 0o755]))
        case 7:
            os.utime(file)
        case _ if not (folder / name).is_dir():
            (folder / name).write_text(text)
        case _:
            pass


@pytest.mark.parametrize("seed", range(12))
def test_it_sees_what_a_walk_sees(shop: Tree, head: Head, lookout: Lookout, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(40):
        for _ in range(chance.randrange(3)):
            edits(shop.root, chance)
        assert told(lookout.look(head)) == walked(shop, head)
        assert lookout.unread == count_unread(shop.root, head.options)


def test_it_sees_an_edit_within_a_tick_of_the_clock(shop: Tree, head: Head, lookout: Lookout) -> None:
    """Same size, same times: only the content tells."""
    path = shop.root / "shop/models.py"
    before = path.stat()
    for text in (b"class A: ...\n", b"class B: ...\n", b"class C: ...\n"):
        path.write_bytes(text)
        now = now_at(shop.location)
        os.utime(path, ns=(now, now))
        assert told(lookout.look(head)) == walked(shop, head)
    assert before.st_size != path.stat().st_size


def test_hints_about_known_files_are_enough(shop: Tree, head: Head, lookout: Lookout) -> None:
    lookout.look(head)
    shop.write({"shop/cart.py": "class Other: ...\n"})
    seen = lookout.look_at({"shop/cart.py", "shop/.cart.py.swp", "never/there.py"}, head)
    assert seen is not None and told(seen) == ({"shop/cart.py"}, set(), False)


@pytest.mark.parametrize("path", ["shop/new.py", "shop", "pyproject.toml", "gone", "shop/models.py"])
def test_hints_that_are_not_enough_say_so(shop: Tree, head: Head, lookout: Lookout, path: str) -> None:
    (shop.root / "gone").mkdir()
    lookout.look(head)
    (shop.root / "gone").rmdir()
    (shop.root / "shop/models.py").unlink()
    shop.write({"shop/new.py": "n = 1\n"})
    assert lookout.look_at({path}, head) is None
    assert told(lookout.look(head)) == walked(shop, head)


def test_ignore_rules_above_and_around_the_tree_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    (home / ".config/git").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    top = tmp_path / "clone"
    (top / ".git/info").mkdir(parents=True)
    tree = Tree(top / "project").write({"a.py": "a = 1\n", "b.py": "b = 1\n", "c.py": "c = 1\n"})
    tree.index()
    head = read_head(tree.location.head)
    assert head is not None
    lookout = Lookout(tree.root, lambda: now_at(tree.location))
    assert lookout.look(head).fresh
    for file, gone in [
        (top / ".gitignore", {"a.py"}),
        (top / ".git/info/exclude", {"a.py", "b.py"}),
        (home / ".config/git/ignore", {"a.py", "b.py", "c.py"}),
    ]:
        file.write_text("\n".join(gone))
        if len(gone) < 3:
            assert set(lookout.look(head).removed) == gone == walked(tree, head)[1]


def test_a_source_that_grows_too_large_is_seen(shop: Tree, head: Head, lookout: Lookout) -> None:
    lookout.look(head)
    shop.write({"shop/cart.py": "x = 1\n" * 500_000})
    assert lookout.look_at({"shop/cart.py"}, head) is None
    assert told(lookout.look(head)) == walked(shop, head) == (set(), {"shop/cart.py"}, False)


def test_a_script_that_becomes_something_else_is_seen(tmp_path: Path) -> None:
    tree = Tree(tmp_path / "tools").write({"a.py": "a = 1\n", "run": "#!/usr/bin/env python3\nr = 1\n"})
    (tree.root / "run").chmod(0o755)
    tree.index()
    head = read_head(tree.location.head)
    assert head is not None and "run" in head.files
    lookout = Lookout(tree.root, lambda: now_at(tree.location))
    lookout.look(head)
    tree.write({"run": "#!/bin/sh\necho\n"})
    assert lookout.look_at({"run"}, head) is None
    assert told(lookout.look(head)) == walked(tree, head) == (set(), {"run"}, False)
