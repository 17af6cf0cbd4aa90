"""What `isg verify` finds: nothing in a whole index, and every kind of damage by the check that it breaks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from indexed_tree import SHOP, Tree
from sqlalchemy import Connection

from isg.store import verification
from isg.store.head import read_head
from isg.store.verification import Verification, verify

CHANGES = {
    "UPDATE symbols SET name = 'other' WHERE name = 'Item'": {"record", "image"},
    "UPDATE symbols SET kind = 'clasp' WHERE name = 'Item'": {"record", "image"},
    "DELETE FROM edges": {"record", "image"},
    "UPDATE edges SET target_id = 1": {"record", "edges", "image"},
    "UPDATE file_versions SET facts = x'c1c1'": {"record", "facts"},
    "UPDATE file_versions SET content_hash = x'00'": {"record", "facts", "files"},
    "UPDATE files SET path = 'shop/wagon.py' WHERE path = 'shop/cart.py'": {"record", "files", "image"},
    "DELETE FROM files WHERE path = 'shop/cart.py'": {"record", "foreign keys", "files", "image"},
    "UPDATE projects SET state = 'x'": {"record", "files", "image"},
    "DELETE FROM projects": {"record", "foreign keys", "files", "image"},
    "UPDATE analysis_cache SET value = x'00' WHERE key LIKE 'lookups:%'": {"record"},
    "DROP TABLE imports": {"record", "tree"},
}


def look(tree: Tree) -> Verification:
    return verify(tree.root, tree.location)


def broken(found: Verification) -> set[str]:
    return {check.name for check in found.checks if not check.holds}


def test_a_whole_index_is_whole(shop) -> None:
    shop.index()
    found = look(shop)
    assert found.whole and len(found.root) == 64
    assert set(found.files) == {"", *(path for path in SHOP if path.endswith(".py"))}
    assert look(shop) == found, "looking changes nothing"


def test_an_update_takes_the_image_away_meanwhile(shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is verified is of one state, whoever indexes meanwhile."""
    shop.index()
    real = verification.read_all_facts

    def with_an_update(connection: Connection) -> Iterator[object]:
        shop.write({"shop/more.py": "def more(): ...\n"}).index()
        return real(connection)

    monkeypatch.setattr(verification, "read_all_facts", with_an_update)
    image = read_head(shop.location.head).image.name
    assert look(shop).whole
    assert not (shop.location.folder / image).exists()


def test_the_root_is_that_of_the_sources(shop, tmp_path: Path) -> None:
    """Not of the way there, the folder, or how many processes had a part in it."""
    shop.index()
    before = look(shop)
    text = (shop.root / "shop/models.py").read_text()
    shop.write({"shop/models.py": text.replace("tax", "toll")}).index()
    edited = look(shop)
    assert edited.root != before.root and edited.whole
    assert edited.files["tests/test_cart.py"] == before.files["tests/test_cart.py"]
    assert edited.root == look(shop.rebuilt(tmp_path / "elsewhere")).root
    shop.write({"shop/models.py": text}).index(full=True, jobs=2)
    assert look(shop) == before
    shop.root.rename(tmp_path / "renamed")
    renamed = Tree(tmp_path / "renamed")
    renamed.index()
    assert look(renamed).root == before.root


@pytest.mark.parametrize(("change", "checks"), CHANGES.items(), ids=CHANGES)
def test_what_was_changed_is_named_and_made_again(shop, change: str, checks: set[str]) -> None:
    shop.index()
    before = look(shop)
    with sqlite3.connect(shop.location.database) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute(change)
    database.close()
    found = look(shop)
    assert broken(found) == checks
    assert all(problem for check in found.checks for problem in check.problems)
    assert not found.record_is_whole
    shop.index(afresh=True)
    assert look(shop) == before


@pytest.mark.parametrize("content", [b"", b"Dear Ada, " * 500, None], ids=["empty", "foreign", "flipped"])
@pytest.mark.parametrize("what", ["head", "image", "database"])
def test_a_damaged_file_is_named(shop, what: str, content: bytes | None) -> None:
    shop.index()
    before = look(shop)
    path = shop.location.database if what == "database" else shop.location.head
    if what == "image":
        path = shop.location.folder / read_head(shop.location.head).image.name
    data = path.read_bytes()
    middle = len(data) // 2
    flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    path.write_bytes(flipped if content is None else content)
    found = look(shop)
    assert ("record" if what == "database" else what) in broken(found)
    shop.index(full=True, afresh=not found.record_is_whole)
    assert look(shop) == before


def test_an_index_of_another_folder_is_noticed(shop, tmp_path: Path) -> None:
    shop.index()
    shop.root.rename(tmp_path / "moved")
    moved = Tree(tmp_path / "moved")
    assert broken(look(moved)) == {"head"}
    moved.index()
    assert look(moved).whole
