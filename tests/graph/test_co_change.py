"""What changed together: counted by commits, of which big ones say less and very big ones nothing."""

from __future__ import annotations

import pytest

from isg.graph.history import BIG, CommitRow, History, HistoryMeta, Touched, pack_history
from isg.graph.sections import NotAnImage, write_sections

A, B, C, AROUND = 11, 12, 13, 20


def made(*commits: tuple[int, ...]) -> History:
    """A history whose commits, newest first, changed one line of each of these symbols."""
    touched = [Touched(symbol, number, 1) for number, commit in enumerate(commits) for symbol in commit]
    rows = [CommitRow(1000 - number, 0) for number in range(len(commits))]
    return History(pack_history(HistoryMeta("x"), rows, touched, frozenset({AROUND})))


def test_support_and_confidence_are_counted():
    partner = made((A, B), (A,), (A, B), (B, C)).together(A)
    assert [(one.symbol, one.support, round(one.confidence, 2), one.last) for one in partner] == [
        (B, 2, 0.67, 1000)
    ]


def test_a_small_commit_says_more_than_a_big_one():
    history = made((A, B), (A, C, *range(30, 50)))
    assert history.weights(A)[B] > history.weights(A)[C]
    assert next(iter(history.together(A))).symbol == B


def test_a_very_big_commit_says_nothing_of_pairs_but_counts_as_churn():
    history = made(tuple(range(1, BIG + 3)))
    assert history.together(A) == ()
    assert history.churn(A).commits == 1


def test_what_is_around_others_has_churn_and_is_no_partner():
    history = made((A, AROUND), (AROUND,))
    assert history.churn(AROUND).commits == 2
    assert history.together(A) == ()
    assert [one.symbol for one in history.together(AROUND)] == [A]


def test_several_places_of_a_symbol_in_one_commit_are_one_change():
    body = pack_history(
        HistoryMeta("x"), [CommitRow(5, 0)], [Touched(A, 0, 2), Touched(A, 0, 3)], frozenset()
    )
    assert History(body).churns() == {A: (1, 5)}


def test_what_never_changed_has_no_history():
    history = made((A,))
    assert history.churn(B) == (0, 0)
    assert history.together(B) == ()
    assert history.weights(B) == {}


def test_a_history_of_another_version_is_none_of_ours():
    with pytest.raises(NotAnImage):
        History(write_sections({"meta": b"", "commit_time": b""}))
