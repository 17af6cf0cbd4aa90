"""Going back to a state that an index was of before costs little, and never shows in what the index says."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from indexed_tree import SHOP, Tree

from isg.store import record, states
from isg.store.database import reading
from isg.store.freshness import is_fresh
from isg.store.garbage import collect_garbage, find_garbage
from isg.store.head import read_head
from isg.store.snapshot import load_graph
from isg.store.verification import verify

MAIN = {
    **SHOP,
    **{
        f"shop/part{n}.py": f"from shop.models import Item\n\n\ndef f{n}(it: Item):\n    return it.price()\n"
        for n in range(20)
    },
}
MODELS = "class Item:\n    def cost(self) -> int:\n        return {}\n"
TOPIC = {**MAIN, "shop/models.py": MODELS.format(1), "shop/cart.py": "x = 1\n", "shop/new.py": "y = 2\n"}
OTHER = {**MAIN, "shop/models.py": MODELS.format("self.price()")}


def check_out(tree: Tree, files: Mapping[str, str]) -> Tree:
    """Have a tree hold these files and no others."""
    for path in [*tree.root.glob("*.*"), *tree.root.glob("[a-z]*/*.*")]:
        if path.is_file() and path.relative_to(tree.root).as_posix() not in files:
            path.unlink()
    return tree.write({path: text for path, text in files.items() if _differs(tree.root / path, text)})


def _differs(path: Path, text: str) -> bool:
    return not path.exists() or path.read_text() != text


def answers(tree: Tree):
    return tree.rows(), tree.image()


def kept(tree: Tree) -> list[str]:
    folder = tree.location.states
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """An index of the main branch, after a visit to another."""
    made = Tree(tmp_path / "shop")
    for files in (MAIN, TOPIC, MAIN):
        check_out(made, files).index()
    return made


@pytest.fixture
def as_rebuilt(tree, tmp_path: Path):
    """Raises where the index is not, byte for byte, what one from nothing is."""

    def check() -> None:
        assert is_fresh(tree.root, tree.location)
        assert answers(tree) == answers(tree.rebuilt(tmp_path / "rebuilt"))
        assert verify(tree.root, tree.location).whole

    return check


class TestGoingBack:
    def test_nothing_is_parsed_or_linked(self, tree, as_rebuilt, monkeypatch: pytest.MonkeyPatch) -> None:
        for files in (TOPIC, MAIN, TOPIC):
            with monkeypatch.context() as patch:
                patch.setattr("isg.store.rewrite.rewrite", lambda *_: 1 / 0)
                report = check_out(tree, files).index()
            assert report.linked == report.files.parsed == 0
            assert report.files.total == len(files) - 1 and not report.warnings
            as_rebuilt()

    def test_it_says_how_the_files_differed(self, tree) -> None:
        files = check_out(tree, TOPIC).index().files
        assert (files.unchanged, files.removed) == (len(TOPIC) - 1 - 3, 0)
        files = check_out(tree, MAIN).index().files
        assert (files.unchanged, files.removed) == (len(MAIN) - 1 - 2, 1)

    def test_edits_on_a_branch_are_all_that_is_linked(self, tree, as_rebuilt) -> None:
        report = check_out(tree, {**TOPIC, "shop/part3.py": "z = 3\n"}).index()
        assert (report.files.parsed, report.linked) == (1, 1)
        as_rebuilt()

    def test_the_nearest_state_is_gone_back_to(self, tree, as_rebuilt) -> None:
        check_out(tree, OTHER).index()
        check_out(tree, MAIN).index()
        assert check_out(tree, {**OTHER, "shop/part3.py": "z = 3\n"}).index().linked == 1
        as_rebuilt()

    def test_what_was_parsed_on_any_branch_is_known_on_all(self, tree, as_rebuilt) -> None:
        check_out(tree, {**MAIN, "shop/part3.py": "z = 3\n"}).index()
        check_out(tree, TOPIC).index()
        assert check_out(tree, {**TOPIC, "shop/part3.py": "z = 3\n"}).index().files.parsed == 0
        as_rebuilt()

    def test_another_build_is_another_state(self, tree, as_rebuilt) -> None:
        named = {**TOPIC, "pyproject.toml": '[project]\nname = "store"\n'}
        assert check_out(tree, named).index().linked == len(named) - 1
        as_rebuilt()
        for files in (TOPIC, named):
            assert check_out(tree, files).index().linked == 0
            as_rebuilt()

    def test_files_that_cannot_be_indexed_come_and_go(self, tree, as_rebuilt) -> None:
        odd = {**TOPIC, "shop/odd.py": "x = 1\0"}
        for files in (odd, MAIN, odd):
            report = check_out(tree, files).index()
            as_rebuilt()
        assert (report.linked, report.files.skipped) == (0, 1)

    def test_a_reader_keeps_what_it_sees(self, tree, as_rebuilt) -> None:
        with reading(tree.location, read_head(tree.location.head)) as connection:
            count = "SELECT count(*) FROM symbols"
            before, graph = connection.exec_driver_sql(count).scalar(), load_graph(tree.location)
            check_out(tree, TOPIC).index()
            assert connection.exec_driver_sql(count).scalar() == before
            assert graph is not None and graph.by_key("python:shop.cart.Cart.total") is not None
        assert load_graph(tree.location).by_key("python:shop.cart.Cart.total") is None
        as_rebuilt()


class TestKeeping:
    def test_what_costs_little_to_make_again_is_not_kept(self, tree) -> None:
        before = kept(tree)
        assert check_out(tree, {**MAIN, "shop/part3.py": "z = 3\n"}).index().linked == 1
        assert kept(tree) == before

    def test_they_are_bounded(self, tree, as_rebuilt) -> None:
        """What many edits of one file leave goes first: the branch that is unlike all others stays."""
        for number in range(6):
            check_out(tree, {**OTHER, "shop/models.py": MODELS.format(number)}).index()
            assert len(kept(tree)) <= states._MOST
        assert check_out(tree, TOPIC).index().linked == 0
        as_rebuilt()

    @pytest.mark.parametrize("limit", ["_MOST_BYTES", "_ROOM"])
    def test_nor_do_they_take_more_than_there_is(self, tree, as_rebuilt, monkeypatch, limit) -> None:
        collect_garbage(tree.location, 0)
        monkeypatch.setattr(states, limit, 1 if limit == "_MOST_BYTES" else 10**12)
        for files in (TOPIC, MAIN):
            check_out(tree, files).index()
            as_rebuilt()
        assert not kept(tree)

    def test_all_of_them_together_take_so_much_at_most(self, tree, monkeypatch) -> None:
        one = max(state.bytes for state in states._states(tree.location, tree.root))
        monkeypatch.setattr(states, "_MOST_BYTES", 2 * one)
        for files in (OTHER, TOPIC, MAIN):
            check_out(tree, files).index()
            assert len(kept(tree)) <= 2

    def test_who_starts_anew_drops_them(self, tree) -> None:
        for again in ({"full": True}, {"afresh": True}):
            assert kept(tree)
            tree.index(**again)
            assert not kept(tree)
            for files in (TOPIC, MAIN):
                check_out(tree, files).index()

    def test_so_does_another_isg(self, tree, as_rebuilt, monkeypatch) -> None:
        before = kept(tree)
        for module in ("freshness", "rewrite", "update", "verification"):
            monkeypatch.setattr(f"isg.store.{module}.versions", lambda: "newer")
        assert check_out(tree, TOPIC).index().linked == len(TOPIC) - 1
        as_rebuilt()
        assert before and not kept(tree)

    def test_and_collecting_garbage(self, tree) -> None:
        garbage = find_garbage(tree.location)
        assert "states" in garbage.files and garbage.file_bytes > 0
        assert collect_garbage(tree.location, 0) == garbage
        assert not tree.location.states.exists()

    def test_a_link_to_another_folder_is_not_followed(self, tree, as_rebuilt, tmp_path: Path) -> None:
        shutil.rmtree(tree.location.states)
        letters = tmp_path / "letters" / "ada"
        letters.mkdir(parents=True)
        tree.location.states.symlink_to(letters.parent)
        for files in (TOPIC, MAIN):
            check_out(tree, files).index()
            as_rebuilt()
        tree.index(full=True)
        collect_garbage(tree.location, 0)
        assert list(letters.parent.iterdir()) == [letters]


class TestFailures:
    @pytest.mark.parametrize("part", ["head", "store.sqlite", "image", "all"])
    @pytest.mark.parametrize("how", ["flipped", "empty", "gone"])
    def test_a_damaged_state_is_not_gone_back_to(self, tree, as_rebuilt, part, how) -> None:
        for path in tree.location.states.glob("*/*"):
            if part == "all" or part in path.name:
                data = bytearray(path.read_bytes())
                data[len(data) // 2] ^= 1
                path.write_bytes(data if how == "flipped" else b"")
                if how == "gone":
                    path.unlink()
        for files in (TOPIC, MAIN):
            report = check_out(tree, files).index()
            assert report.files.parsed == 0 and not report.warnings
            as_rebuilt()

    @pytest.mark.parametrize("step", ["copy", "seal", "write_head", "write_image", "map_image"])
    @pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
    def test_whoever_ends_while_keeping_costs_nothing(
        self, tree, as_rebuilt, monkeypatch, step, error
    ) -> None:
        collect_garbage(tree.location, 0)
        self.end_in(tree, monkeypatch, step, error)
        as_rebuilt()
        check_out(tree, MAIN).index()
        as_rebuilt()

    @pytest.mark.parametrize(
        "step",
        ["copy", "put_back", "seal", "write_head", "write_image", "remove_others", "_bound", "compare"],
    )
    @pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
    def test_nor_does_it_while_going_back(self, tree, as_rebuilt, monkeypatch, step, error) -> None:
        self.end_in(tree, monkeypatch, step, error)
        as_rebuilt()

    def end_in(self, tree: Tree, monkeypatch, step: str, error) -> None:
        """End a switch to the other branch in a step, and then make it."""

        def end(*_):
            raise error

        check_out(tree, TOPIC)
        with monkeypatch.context() as patch:
            patch.setattr(states, step, end)
            try:
                tree.index()
            except (KeyboardInterrupt, Exception):
                assert load_graph(tree.location) is not None, "readers have a whole graph all the time"
        tree.index()

    def test_nobody_waits_for_ever_for_another_program(self, tree, as_rebuilt, monkeypatch) -> None:
        """One that writes into the record without asking for our lock."""
        monkeypatch.setattr(record, "_PATIENCE", 1)
        with closing(sqlite3.connect(tree.location.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            state = states._states(tree.location, tree.root)[0]
            with pytest.raises(sqlite3.OperationalError):
                record.put_back(state.place.database, tree.location.database)
        as_rebuilt()

    def test_a_damaged_index_is_said_to_be_damaged(self, tree, as_rebuilt) -> None:
        """Going back would hide it, and what is wrong may be wrong with the disk."""
        data = bytearray(tree.location.database.read_bytes())
        data[len(data) // 2] ^= 1
        tree.location.database.write_bytes(data)
        assert check_out(tree, TOPIC).index().warnings
        as_rebuilt()


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(visits=st.lists(st.tuples(st.sampled_from([MAIN, TOPIC, OTHER]), st.integers(0, 3)), max_size=6))
def test_wherever_the_tree_goes(visits, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("visits")
    tree = Tree(folder / "shop")
    check_out(tree, MAIN).index()
    for files, edit in visits:
        edited = {"shop/cart.py": "from shop.models import Item\n" * edit} if edit else {}
        check_out(tree, {**files, **edited}).index()
    assert answers(tree) == answers(tree.rebuilt(folder / "rebuilt"))
    shutil.rmtree(folder)
