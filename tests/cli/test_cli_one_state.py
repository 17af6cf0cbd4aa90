"""An answer is about one state of one project, whatever happens to its index meanwhile."""

from __future__ import annotations

import sqlite3

import pytest

from isg.cli import composition
from isg.store import rewrite

FILE = "def f(it):\n    it.{}()\n"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composition, "_PAUSE", 0.0)


def names(outcome) -> list[str]:
    return [result["name"] for result in outcome.json["results"]]


@pytest.mark.parametrize("change", ["UPDATE \"references\" SET name = 'pop'", 'DELETE FROM "references"'])
def test_a_record_that_was_changed_is_made_again_before_it_answers(isg, tree, change) -> None:
    root = tree(f"--- a.py\n{FILE.format('push')}")
    assert names(isg("refs", "--unresolved", "push", "--json")) == ["push"]
    with sqlite3.connect(root / ".isg" / "store.sqlite") as database:
        database.execute(change)
    database.close()
    assert isg("refs", "--unresolved", "push", "--json", "--stale", "ignore").status == 6
    outcome = isg("refs", "--unresolved", "push", "--json")
    assert names(outcome) == ["push"] and "made again" in outcome.err


def test_a_record_ahead_of_its_graph_answers_nothing(isg, tree, monkeypatch) -> None:
    """Its writer was killed before the head, and the tree is again what the head is of."""
    root = tree(f"--- a.py\n{FILE.format('push')}")
    assert isg("index").status == 0
    (root / "a.py").write_text(FILE.format("pop"))
    with monkeypatch.context() as patch:
        patch.setattr(rewrite, "_publish", lambda *_: 1 / 0)
        assert isg("index").status == 70
    (root / "a.py").write_text(FILE.format("push"))
    assert names(isg("refs", "--unresolved", "push", "--json")) == ["push"]
    assert names(isg("refs", "--unresolved", "pop", "--json")) == []


def test_two_projects_that_share_a_folder_answer_for_themselves(isg, tree, tmp_path) -> None:
    root = tree("--- one/a.py\ndef f(): ...\n--- two/a.py\ndef g(): ...\n")
    for _ in range(2):
        for name, defined in (("one", "f"), ("two", "g")):
            asked = ("symbols", "--db", str(tmp_path / "db"), "-C", str(root / name), "--json")
            assert names(isg(*asked, defined)) == [defined]


def test_a_folder_that_another_project_took_meanwhile_is_taken_back(isg, tree, tmp_path, monkeypatch) -> None:
    root = tree("--- one/a.py\ndef f(): ...\n--- two/a.py\ndef g(): ...\n")
    db = ("--db", str(tmp_path / "db"))
    assert isg("index", *db, str(root / "one")).status == 0
    mend = composition.Workspace._mend

    def taken(workspace) -> None:
        mend(workspace)
        monkeypatch.setattr(composition.Workspace, "_mend", mend)
        assert isg("index", *db, str(root / "two")).status == 0

    monkeypatch.setattr(composition.Workspace, "_mend", taken)
    assert names(isg("symbols", *db, "-C", str(root / "one"), "--json", "f")) == ["f"]
