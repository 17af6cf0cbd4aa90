"""A project in memory: what readers hold stays whole, and what they ask for is never older."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from indexed_tree import Tree

from isg.graph.errors import IsgError
from isg.migrations import upgrade
from isg.store.resident import project
from isg.store.resident.project import Resident
from isg.store.resident.ticks import Ticks


@pytest.fixture(params=["by the index", "in memory"])
def resident(shop: Tree, request: pytest.FixtureRequest):
    record = None if request.param == "by the index" else shop.index
    found = Resident(shop.root, shop.location, upgrade, record)
    yield found
    found.close()


def names(resident: Resident) -> set[str]:
    assert resident.snapshot is not None
    return {symbol.name for symbol in resident.snapshot.graph.symbols() if not symbol.external}


def test_an_index_is_made_where_there_is_none(resident: Resident) -> None:
    assert resident.snapshot is None
    outcome = resident.refresh()
    assert "Cart" in names(resident)
    assert len(outcome.changes.added) == outcome.snapshot.graph.file_count


def test_an_edit_is_seen_and_told(resident: Resident, shop: Tree) -> None:
    before = resident.refresh().snapshot
    shop.write({"shop/cart.py": "class Basket: ...\n", "shop/new.py": "def fresh(): ...\n"})
    (shop.root / "tests/test_cart.py").unlink()
    changes = resident.refresh({"shop/cart.py", "shop/new.py", "tests/test_cart.py"}).changes
    assert (changes.added, changes.modified) == (("shop/new.py",), ("shop/cart.py",))
    assert changes.removed == ("tests/test_cart.py",)
    assert {"Basket", "fresh"} <= names(resident)
    assert before.graph.by_name("Cart"), "whoever holds the old state goes on with it"


def test_a_hint_that_leads_nowhere_changes_nothing(resident: Resident) -> None:
    held = resident.refresh().snapshot
    outcome = resident.refresh({"no/such/file.py", "README.md"})
    assert outcome.snapshot.graph is held.graph
    assert (outcome.linked, outcome.changes.count) == (0, 0)


def test_what_another_process_indexed_is_taken_over(resident: Resident, shop: Tree) -> None:
    resident.refresh()
    shop.write({"shop/new.py": "def fresh(): ...\n"})
    shop.index()
    assert resident.refresh().changes.added == ("shop/new.py",)
    assert "fresh" in names(resident)


def test_a_branch_that_was_seen_before_is_taken_up_again(
    resident: Resident, shop: Tree, tmp_path: Path
) -> None:
    main = {"shop/models.py": (shop.root / "shop/models.py").read_text(), "shop/new.py": ""}
    topic = {"shop/models.py": "class Thing: ...\n"}
    resident.refresh()
    for files, name in [(topic, "Thing"), (main, "Item")] * 2:
        (shop.root / "shop/new.py").unlink(missing_ok=True)
        shop.write(files)
        linked = resident.refresh().linked
        assert name in names(resident)
        assert resident.settle().head.state == shop.rebuilt(tmp_path / "rebuilt").index().state
    assert linked == 0 and shop.location.states.is_dir()
    assert shop.image() == shop.rebuilt(tmp_path / "rebuilt").image()


def test_a_deleted_index_is_made_again(resident: Resident, shop: Tree) -> None:
    resident.refresh()
    shutil.rmtree(shop.location.folder)
    resident.refresh()
    assert "Cart" in names(resident)
    assert shop.location.head.is_file()


def test_what_fails_leaves_the_state_as_it_was(resident: Resident, shop: Tree) -> None:
    held = resident.refresh().snapshot
    elsewhere = shop.root.with_name("elsewhere")
    shop.root.rename(elsewhere)
    with pytest.raises(IsgError):
        resident.refresh()
    assert resident.snapshot is held
    elsewhere.rename(shop.root)
    assert resident.refresh().snapshot.graph.state == held.graph.state


def test_the_index_is_that_of_a_rebuild(resident: Resident, shop: Tree, tmp_path: Path) -> None:
    resident.refresh()
    for body in ("class Item:\n    def tax(self): ...\n", "def Item(): ...\n", "class Item: ...\n"):
        shop.write({"shop/models.py": body})
        resident.refresh({"shop/models.py"})
    resident.settle()
    assert shop.image() == shop.rebuilt(tmp_path / "clean").image()


def test_edits_without_a_pause_are_written_now_and_then(shop: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """What they leave in memory must end somewhere."""
    monkeypatch.setattr(project, "_MOST_AHEAD", 2)
    resident = Resident(shop.root, shop.location, upgrade, shop.index)
    resident.refresh()
    recorded = []  # the first edit changes the class, the others a body
    for number in range(5):
        shop.write({"shop/models.py": f"class Item:\n    def tax(self): return {number}\n"})
        resident.refresh({"shop/models.py"})
        recorded.append(resident.recorded)
    resident.close()
    assert recorded == [True, False, False, True, False]


def test_readers_beside_a_writer_see_whole_states(resident: Resident, shop: Tree) -> None:
    """A file that defines `a<n>` and `b<n>` of the same number: no state mixes two."""
    resident.refresh()
    ends = threading.Event()

    def read() -> int:
        looks = 0
        while not ends.is_set():
            found = sorted(name for name in names(resident) if name[1:].isdigit())
            assert len({name[1:] for name in found}) <= 1, found
            looks += 1
        return looks

    with ThreadPoolExecutor(3) as readers:
        looks = [readers.submit(read) for _ in range(3)]
        try:
            for number in range(8):
                shop.write({"shop/pair.py": f"def a{number}(): ...\ndef b{number}(): ...\n"})
                resident.refresh({"shop/pair.py"})
                assert f"a{number}" in names(resident)
        finally:
            ends.set()
        assert all(look.result() for look in looks)


def test_requests_that_wait_share_a_tick_and_none_is_served_by_an_older_one() -> None:
    begun, go_on, seen = threading.Event(), threading.Event(), []

    def tick(paths: frozenset[str] | None) -> int:
        seen.append(paths)
        begun.set()
        assert go_on.wait(10)
        return len(seen)

    ticks = Ticks(tick)
    first = ticks.request(frozenset({"a"}))
    assert begun.wait(10)
    later = [ticks.request(frozenset({"b"})), ticks.request(frozenset({"c"}))]
    go_on.set()
    assert [first.result(10), *(each.result(10) for each in later)] == [1, 2, 2]
    assert ticks.request(None).result(10) == 3
    ticks.close()
    assert seen == [frozenset({"a"}), frozenset({"b", "c"}), None]


def test_a_tick_that_fails_fails_for_those_who_asked_and_nobody_else() -> None:
    def tick(paths: frozenset[str] | None) -> str:
        if paths == frozenset({"bad"}):
            raise IsgError("no")
        return "well"

    ticks = Ticks(tick)
    with pytest.raises(IsgError):
        ticks.request(frozenset({"bad"})).result(10)
    assert ticks.request(None).result(10) == "well"
    ticks.close()
