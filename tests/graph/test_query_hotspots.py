"""Hotspots: what raises a risk, what the parts are of, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from drawing import build_graph, names, node

from isg.graph.history import CommitRow, History, HistoryMeta, Touched, pack_history
from isg.graph.queries.hotspots import hotspots
from isg.graph.queries.risk import FILE, FUNCTION, YEAR, Parts, formula, freshness, risk

SYMBOLS = """
m.py class A
m.py method A.run complexity=4 lines=10
m.py method A.stop complexity=1 lines=2
u.py function by_type complexity=4 lines=10
u.py function by_name complexity=4 lines=10
u.py function maker complexity=1 lines=3
"""
EDGES = """
u.by_type CALLS m.A.run inferred 2:5 4:5
u.by_name CALLS m.A.run exact 3:5
u.maker CALLS u.by_type 11:5
"""
NOW = 2_000_000_000


@pytest.fixture
def graph():
    return build_graph(SYMBOLS, EDGES)


def history_of(
    graph, *commits: tuple[int, dict[str, int]], authors: Sequence[int] = (), mends: Sequence[bool] = ()
) -> History:
    """Commits of so many years before now, and how many lines of each symbol they changed.

    They are of one author and mend nothing, unless it is said of whom and what each one is.
    """
    touched = [
        Touched(graph.symbol(node(graph, name)).id, number, lines)
        for number, (_, changed) in enumerate(commits)
        for name, lines in changed.items()
    ]
    rows = [
        CommitRow(NOW - years * YEAR, author, mending)
        for (years, _), author, mending in zip(
            commits, authors or [0] * len(commits), mends or [False] * len(commits), strict=True
        )
    ]
    return History(pack_history(HistoryMeta("x"), rows, touched, frozenset()))


def spots(answer):
    return {spot.symbol.qualified: spot for spot in answer.results}


def test_without_history_size_and_complexity_rank_alone_and_that_is_said(graph):
    answer = hotspots(graph)
    assert [notice.code for notice in answer.warnings] == ["no_history"]
    assert "recent" not in answer.formula
    assert {spot.churn for spot in answer.results} == {None}
    assert names(answer.results)[-1] in ("m.A.stop", "u.maker")


def test_what_changed_lately_comes_before_what_changed_long_ago_or_never(graph):
    history = history_of(graph, (0, {"u.by_name": 3}), (5, {"u.by_type": 3}))
    answer = hotspots(graph, history=history)
    order = names(answer.results)
    assert order.index("u.by_name") < order.index("u.by_type")
    found = spots(answer)
    assert (found["by_name"].churn, found["by_name"].recent) == (1, 1.0)
    assert (found["by_type"].churn, found["by_type"].recent) == (1, 0.01)
    assert found["maker"].churn == 0
    assert answer.warnings == ()


def test_since_leaves_out_older_commits(graph):
    history = history_of(graph, (0, {"u.by_name": 3}), (5, {"u.by_name": 3}))
    assert spots(hotspots(graph, history=history))["by_name"].churn == 2
    assert spots(hotspots(graph, history=history, since=NOW - YEAR))["by_name"].churn == 1


def test_a_file_that_many_work_at_raises_what_stands_in_it(graph):
    commits = (0, {"u": 1, "u.by_name": 1}), (0, {"u": 1}), (1, {"u": 1})
    alone, shared = (
        spots(hotspots(graph, history=history_of(graph, *commits, authors=authors)))["by_name"]
        for authors in ((0, 0, 0), (0, 1, 2))
    )
    assert (alone.file_authors, shared.file_authors) == (1.0, 2.37)  # the third one a year ago
    assert shared.score > alone.score


def test_an_author_counts_once_by_the_newest_change(graph):
    history = history_of(graph, (1, {"u": 1}), (2, {"u": 1}), authors=(7, 7))
    assert spots(hotspots(graph, history=history))["by_name"].file_authors == 1.0  # a year: the newest of all


def test_a_function_is_measured_without_the_functions_inside_of_it():
    graph = build_graph(
        "m.py function outer lines=12 complexity=1\nm.py function outer.inner lines=8 complexity=1",
    )
    outer, inner = "m.outer", "m.outer.inner"
    history = history_of(graph, (0, {outer: 3, inner: 3}), (0, {outer: 4, inner: 1}), (0, {outer: 1}))
    found = spots(hotspots(graph, history=history))
    assert found["outer.inner"].churn == 2
    assert found["outer"].churn == 2  # the first commit changed nothing of it but what is inside


def test_by_line_the_small_come_first_among_the_equal(graph):
    assert names(hotspots(graph, per_line=True).results)[0] in ("m.A.stop", "u.maker")


def test_a_class_and_a_file_sum_up_their_members_and_count_the_outside_only(graph):
    classes = spots(hotspots(graph, level="class"))
    assert (classes["A"].complexity, classes["A"].fan_in, classes["A"].fan_out) == (5, 2, 0)
    files = {spot.symbol.file: spot for spot in hotspots(graph, level="file").results}
    assert (files["m.py"].complexity, files["m.py"].fan_in) == (5, 2)
    assert (files["u.py"].fan_in, files["u.py"].fan_out, files["u.py"].references) == (0, 1, 3)
    assert files["u.py"].lines == 100
    assert (files["m.py"].longest, files["u.py"].longest, classes["A"].longest) == (10, 10, 10)


def test_the_longest_function_counts_without_those_inside_of_it():
    graph = build_graph("m.py function outer lines=12\nm.py function outer.inner lines=8\nn.py constant C")
    functions = spots(hotspots(graph))
    assert functions["outer"].lines > functions["outer.inner"].lines
    files = {spot.symbol.file: spot.longest for spot in hotspots(graph, level="file").results}
    assert files == {"m.py": functions["outer"].lines, "n.py": 0}


def test_a_file_does_not_sum_up_the_modules_beside_it():
    graph = build_graph(
        "p/__init__.py function f complexity=2\np/core.py function g complexity=30", "p CONTAINS p.core"
    )
    assert {spot.symbol.qualified: spot.complexity for spot in hotspots(graph, level="file").results} == {
        "p": 2,
        "p.core": 30,
    }


def test_centrality_is_a_share_of_the_highest(graph):
    found = spots(hotspots(graph))
    assert all(0 <= spot.centrality <= 1 for spot in found.values())
    assert found["A.run"].centrality == 1.0


def test_tests_are_left_out_unless_asked_for():
    graph = build_graph("m.py function f complexity=2\nt.py function test_f test complexity=9 lines=30")
    assert names(hotspots(graph).results) == ["m.f"]
    assert names(hotspots(graph, include_tests=True).results) == ["t.test_f", "m.f"]


def test_a_file_where_faults_were_mended_is_riskier_than_one_that_changed_as_often(graph):
    commits = ((0, {"m": 1}), (1, {"u": 1}))
    mended, other = (
        spots(hotspots(graph, level="file", history=history_of(graph, *commits, mends=mends)))["m"]
        for mends in ((True, False), (False, True))
    )
    assert (mended.fixes, other.fixes) == (1, 0)
    assert mended.score > other.score


def test_what_a_test_reaches_in_a_few_steps_is_tested():
    graph = build_graph(
        "t.py function test_a test\nm.py function a\nm.py function b\nm.py function c\nm.py function d",
        "t.test_a CALLS m.a\nm.a CALLS m.b\nm.b CALLS m.c\nm.c CALLS m.d",
    )
    found = spots(hotspots(graph))
    assert [found[name].tested for name in "abcd"] == [True, True, True, False]
    assert found["d"].score > found["a"].score / 2


def test_of_nothing_there_are_none():
    assert [notice.code for notice in hotspots(build_graph("")).warnings] == ["no_history", "none"]


def test_each_part_raises_a_risk():
    base = Parts(10, 2, 1.0, 1.0, 1, 2, 3, 4, untested=False)
    score = risk(base, FUNCTION, per_line=False)
    for name in ("lines", "complexity", "recent", "file_authors", "parameters", "references"):
        assert risk(base._replace(**{name: 20}), FUNCTION, per_line=False) > score
    for name in ("fixes", "longest"):
        assert risk(base._replace(**{name: 20}), FILE, per_line=False) > risk(base, FILE, per_line=False)
    assert risk(base._replace(untested=True), FUNCTION, per_line=False) > score
    assert risk(base._replace(lines=20), FUNCTION, per_line=True) < risk(base, FUNCTION, per_line=True)


def test_freshness_falls_by_e_in_a_year():
    assert freshness(0) == 1.0
    assert round(freshness(YEAR), 3) == 0.368


def test_the_formula_names_what_it_uses():
    whole = formula(FUNCTION, per_line=False, history=True)
    assert whole.startswith("(1+lines) × (1+complexity)^0.25 × (1+recent)^0.5 ×")
    assert whole.endswith("2^0.25 if not tested")
    assert formula(FUNCTION, per_line=True, history=False).startswith(
        "(1+lines)^-1 × (1+complexity)^0.25 × (1+p"
    )
