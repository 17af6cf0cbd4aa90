"""What `isg gc` drops: only what no answer and no update of this tree needs."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

import pytest
from indexed_tree import Tree

from isg.graph.errors import LockTimeout, RecordDamaged, StaleIndex
from isg.store.database import reading
from isg.store.garbage import Garbage, collect_garbage, find_garbage
from isg.store.head import read_head
from isg.store.verification import verify


@pytest.fixture
def edited(shop) -> Tree:
    """An index that has seen ten contents of a file."""
    for number in range(10):
        shop.write({"shop/extra.py": "".join(f"def f{each}(): ...\n" for each in range(100 * number))})
        shop.index()
    return shop


def collect(tree: Tree) -> Garbage:
    return collect_garbage(tree.location, 0)


def test_earlier_contents_go_and_nothing_else(edited) -> None:
    before, size = edited.rows(), edited.location.database.stat().st_size
    found = find_garbage(edited.location)
    assert found.versions == 9 and found.facts > 0
    assert collect(edited) == found
    assert edited.location.database.stat().st_size < size - found.facts // 2
    assert edited.rows() == before
    assert verify(edited.root, edited.location).whole
    assert edited.index().files.parsed == 0
    edited.write({"shop/extra.py": ""})
    assert edited.index().linked < 5, "the record is trusted as before"
    assert find_garbage(edited.location).versions == 1


def contents(tree: Tree) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in tree.location.folder.rglob("*") if path.is_file()}


def test_looking_changes_nothing(edited) -> None:
    before = contents(edited)
    find_garbage(edited.location)
    assert contents(edited) == before


def test_what_killed_runs_left_goes(shop) -> None:
    shop.index()
    folder = shop.location.folder
    for name in ("graph-0123456789abcdef.image", "head.123.tmp", "store.sqlite.new"):
        (folder / name).write_bytes(b"left")
    for name, age in (("verify-old", 2 * 24 * 60 * 60), ("verify-new", 0)):
        (folder / name).mkdir()
        (folder / name / "index").write_bytes(b"left")
        os.utime(folder / name, (time.time() - age, time.time() - age))
    (folder / "server.sock").write_bytes(b"")
    gone = ("graph-0123456789abcdef.image", "head.123.tmp", "store.sqlite.new", "verify-old")
    assert collect(shop).files == gone
    left = {path.name for path in folder.iterdir()}
    assert left.isdisjoint(gone) and {"verify-new", "server.sock"} <= left
    assert verify(shop.root, shop.location).whole


def test_readers_keep_what_they_see(edited) -> None:
    with reading(edited.location) as connection:
        count = "SELECT count(*) FROM file_versions"
        before = connection.exec_driver_sql(count).scalar()
        collect(edited)
        assert connection.exec_driver_sql(count).scalar() == before
    assert verify(edited.root, edited.location).whole
    edited.write({"shop/extra.py": ""})
    assert edited.index().linked < 5


def test_one_that_was_killed_in_between_costs_nothing(edited, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("isg.store.dialect.compact", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            collect(edited)
    edited.write({"shop/extra.py": ""})
    report = edited.index()
    assert report.linked < 5 and not report.warnings
    assert verify(edited.root, edited.location).whole


def test_damage_is_not_sealed(edited) -> None:
    with sqlite3.connect(edited.location.database) as database:
        database.execute("DELETE FROM edges")
    database.close()
    with pytest.raises(RecordDamaged):
        collect(edited)
    assert not verify(edited.root, edited.location).whole


def test_without_an_index_or_beside_a_writer(shop, monkeypatch) -> None:
    with pytest.raises(StaleIndex):
        find_garbage(shop.location)
    with pytest.raises(StaleIndex):
        collect(shop)
    shop.index()
    assert read_head(shop.location.head)
    monkeypatch.setattr("isg.store.lock._try", lambda descriptor: False)
    with pytest.raises(LockTimeout):
        collect(shop)
