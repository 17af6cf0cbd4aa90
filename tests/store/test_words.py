"""Searching an index by words: in step with it, and right whatever became of the file of the words."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from indexed_tree import SHOP, Tree

from isg.graph.overlay import Overlay
from isg.store.snapshot import Snapshot, load_state
from isg.store.words import Filters, search

NO_FILTERS = Filters()


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    root = tmp_path / "project"
    root.mkdir()
    tree = Tree(root).write(SHOP)
    tree.index()
    return tree


def _state(tree: Tree) -> Snapshot:
    state = load_state(tree.location)
    assert state is not None
    return state


def _found(tree: Tree, text: str, filters: Filters = NO_FILTERS) -> list[str]:
    """The names of what is found, sorted."""
    state = _state(tree)
    found = search(tree.location.folder, state, text, filters)
    return sorted(state.graph.symbol(state.graph.node_of(id_) or 0).qualified for id_, _ in found.symbols)


def _file(tree: Tree) -> Path:
    (path,) = tree.location.folder.glob("words-*")
    return path


def _rows(tree: Tree) -> list[tuple[object, ...]]:
    _found(tree, "anything")
    with closing(sqlite3.connect(_file(tree))) as connection:
        return connection.execute("SELECT rowid, * FROM words ORDER BY rowid").fetchall()


def test_every_word_has_to_match_and_the_last_may_be_a_beginning(tree: Tree) -> None:
    assert _found(tree, "cart total") == ["Cart.total"]
    assert _found(tree, "cart tot") == ["Cart.total"]


def test_where_nothing_has_all_words_any_will_do(tree: Tree) -> None:
    assert {"Cart.total", "Item.tax"} <= set(_found(tree, "total tax"))


def test_a_mistyped_word_finds_what_was_meant(tree: Tree) -> None:
    assert "Cart.total" in _found(tree, "totl")


def test_filters_hold(tree: Tree) -> None:
    assert _found(tree, "cart", Filters(kinds=("class",))) == ["Cart"]
    assert _found(tree, "total", Filters(paths=("tests/test_cart.py",))) == ["test_total"]
    assert _found(tree, "total", Filters(language="rust")) == []


@pytest.mark.parametrize("text", ["", "  ", '"', "NEAR(", "a AND", "*", "-", "ä'; DROP TABLE words"])
def test_nothing_that_is_typed_is_taken_for_a_query_language(tree: Tree, text: str) -> None:
    assert isinstance(_found(tree, text), list)


def test_after_edits_the_words_are_those_of_an_index_from_nothing(tree: Tree, tmp_path: Path) -> None:
    """Also of files that came, went and were moved; what did not change is not read again."""
    _rows(tree)
    tree.write({"shop/cart.py": "class Basket:\n    pass\n", "shop/more.py": "def more(): ...\n"})
    (tree.root / "tests/test_cart.py").rename(tree.root / "tests/test_basket.py")
    tree.index()
    assert _rows(tree) == _rows(tree.rebuilt(tmp_path / "other"))


def test_the_words_of_a_state_in_memory_are_those_that_it_will_have(tree: Tree) -> None:
    """An overlay holds symbols that no image has yet."""
    state = _state(tree)
    before = search(tree.location.folder, state, "cart", NO_FILTERS)
    assert (
        search(tree.location.folder, Snapshot(Overlay(state.graph), state.head), "cart", NO_FILTERS) == before
    )


@pytest.mark.parametrize("damage", [b"", b"SQLite format 3\0" + b"\0" * 4000])
def test_a_damaged_file_does_not_count(tree: Tree, damage: bytes) -> None:
    whole = _rows(tree)
    _file(tree).write_bytes(damage)
    assert _rows(tree) == whole


def test_only_the_words_of_the_newest_state_are_kept(tree: Tree) -> None:
    first = (_rows(tree), _file(tree))[1]
    tree.write({"shop/more.py": "def more(): ...\n"}).index()
    _rows(tree)
    assert _file(tree) != first


def test_where_nothing_can_be_written_the_answer_is_the_same(tree: Tree, monkeypatch) -> None:
    whole = _found(tree, "cart")
    _file(tree).unlink()

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("isg.store.words._seal", refuse)
    assert _found(tree, "cart") == whole
    assert not list(tree.location.folder.glob("words-*"))


def test_what_is_put_in_order_later_goes_on_where_the_first_ones_end(tree: Tree, monkeypatch) -> None:
    """Of a word that very many bear only the first ones are put in order, and all are counted."""
    state = _state(tree)
    whole = list(search(tree.location.folder, state, "cart", NO_FILTERS).symbols)
    monkeypatch.setattr("isg.store.words.MOST", 2)
    found = search(tree.location.folder, state, "cart", NO_FILTERS).symbols
    assert len(found) == len(whole) > 3
    assert [found[-1], *found[:3]] == [whole[-1], *whole[:3]]
    assert list(found) == whole


def test_an_index_of_another_format_is_not_built_upon(tree: Tree, monkeypatch) -> None:
    monkeypatch.setattr("isg.store.words._FORMAT", 1)
    _rows(tree)
    with closing(sqlite3.connect(_file(tree))) as connection:
        connection.execute("PRAGMA user_version = 7")
    monkeypatch.undo()
    _rows(tree)
    with closing(sqlite3.connect(_file(tree))) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (0,)
