"""``isg index --verify`` names what a rebuild from nothing gives otherwise, and fails."""

from __future__ import annotations

import sqlite3

import msgspec
import pytest

from isg.cli import comparison
from isg.store.head import read_head, write_head
from isg.store.linking import ProjectLinking
from isg.store.location import locate
from isg.store.seals import seal

PRICED = """
--- priced.py
from typing import Protocol


class Priced(Protocol):
    def price(self) -> int: ...


class Item:
    def price(self) -> int:
        return self.tax()

    def scrap(self, thing):
        thing.burn()
"""


def change(root, statement: str) -> None:
    """Change the record as a fault of ours would: it is taken for what was written."""
    location = locate(root)
    with sqlite3.connect(location.database) as database:
        database.execute(statement)
    database.close()
    head = read_head(location.head)
    write_head(location.head, msgspec.structs.replace(head, record=seal(location.database)))


def test_what_an_index_lacks_is_named_as_export_would(isg, tree, monkeypatch) -> None:
    root = tree(PRICED)
    with monkeypatch.context() as patch:
        patch.setattr(ProjectLinking, "whole_project_edges", lambda *_: ())
        isg("index")
    outcome = isg("index", "--verify", "--json")
    assert (outcome.status, outcome.json["verified"]) == (1, False)
    edges = [each["edge"] for each in outcome.json["differences"] if each["what"] == "edge"]
    assert {each["in"] for each in outcome.json["differences"]} == {"rebuild"}
    assert [(edge["kind"], edge["how"], edge["src"]["name"]) for edge in edges[:1]] == [
        ("IMPL", "structural", "Item")
    ]
    assert '+ {"kind":"IMPL"' in isg("index", "--verify").out
    isg("index", "--full")
    assert isg("index", "--verify").status == 0
    assert not list((root / ".isg").glob("verify-*"))


def test_rows_that_no_export_shows_count_as_well(isg, tree) -> None:
    root = tree(PRICED)
    isg("index")
    change(root, "UPDATE \"references\" SET name = 'melt' WHERE name = 'burn'")
    outcome = isg("index", "--verify")
    assert outcome.status == 1
    stored, made = (line for line in outcome.out.splitlines() if line[0] in "-+")
    assert stored.startswith('- {"table":"references","file":"priced.py"') and '"name":"melt"' in stored
    assert made.startswith("+ ") and '"name":"burn"' in made


@pytest.mark.parametrize(("changes", "status"), [(1, 0), (99, 6)])
def test_files_that_change_meanwhile_are_no_difference(
    isg, tree, monkeypatch, changes: int, status: int
) -> None:
    root = tree(PRICED)
    isg("index")
    file, left = root / "priced.py", iter(range(changes))
    same = comparison._same_tree

    def changing(stored, made) -> bool:
        found = same(stored, made)
        if next(left, None) is None:
            return found
        file.write_text(file.read_text() + "\n# more\n")
        return False

    monkeypatch.setattr(comparison, "_same_tree", changing)
    assert isg("index", "--verify").status == status
