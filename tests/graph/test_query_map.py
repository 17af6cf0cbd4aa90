"""The map of a project: what it shows first, and that its budget is kept."""

from __future__ import annotations

import pytest
from drawing import build_graph, names, node

from isg.graph.errors import NotFound
from isg.graph.model import SymbolKind
from isg.graph.queries.importance import importance
from isg.graph.queries.project_map import project_map
from isg.graph.queries.tokens import estimate
from isg.graph.queries.within import files_within

SYMBOLS = """
app/__init__.py module app
app/core.py class Engine
app/core.py method Engine.start
app/core.py method Engine._spin private
app/core.py function helper
app/core.py function unused
app/_compat.py function shim
app/_compat.py class Shown
app/_compat.py method Shown.act
app/cli.py function main
app/cli.py function main.inner
tests/test_core.py function test_start test
"""
EDGES = """
app IMPORTS app._compat.Shown
app.cli.main CALLS app.core.Engine
app.cli.main CALLS app.core.Engine.start
app.core.Engine.start CALLS app.core.Engine._spin
app.core.Engine.start CALLS app.core.helper
app.cli.main CALLS app._compat.shim
app.core.helper CALLS app._compat.shim
tests.test_core.test_start CALLS app.core.Engine.start
"""


@pytest.fixture(scope="module")
def graph():
    return build_graph(SYMBOLS, EDGES)


def test_what_much_rests_on_comes_first_and_private_things_last(graph):
    found = names(project_map(graph, budget=2000).results)
    public = ["app.core.Engine", "app.core.Engine.start", "app.core.helper", "app.core.unused"]
    assert [name for name in found if name in public] == public
    assert set(found[-2:]) == {"app.core.Engine._spin", "app._compat.shim"}


def test_an_internal_file_is_public_as_far_as_a_package_shows_it(graph):
    found = names(project_map(graph, budget=2000).results)
    private = found.index("app.core.Engine._spin")
    assert found.index("app._compat.Shown") < private
    assert found.index("app._compat.Shown.act") < private


def test_a_type_has_what_its_members_earn(graph):
    scores = importance(graph)
    assert scores[node(graph, "app.core.Engine")] > scores[node(graph, "app.core.Engine.start")] > 0
    assert max(scores) == 1.0


def test_being_shown_by_a_package_counts():
    plain = "app/__init__.py module app\napp/a.py function one\napp/a.py function two"
    scores = importance(graph := build_graph(plain, "app IMPORTS app.a.two"))
    assert scores[node(graph, "app.a.two")] > scores[node(graph, "app.a.one")]


def test_tests_are_left_out_unless_asked_for_and_functions_in_functions_always(graph):
    assert "tests.test_core.test_start" not in names(project_map(graph, budget=2000).results)
    found = names(project_map(graph, budget=2000, tests=True).results)
    assert "tests.test_core.test_start" in found
    assert "app.cli.main.inner" not in found


def test_a_signature_stands_below_its_type_and_its_file(graph):
    document = project_map(graph, budget=2000, kinds={SymbolKind.METHOD}).document
    assert "## app/core.py\n    def Engine()\n        def start()\n        def _spin()\n" in document
    assert "left out" not in document


def test_the_budget_is_kept_whatever_it_is(graph):
    everything = project_map(graph, budget=2000)
    assert everything.left_out == 0
    for budget in range(1, everything.tokens + 40):
        found = project_map(graph, budget=budget)
        assert estimate(found.document) == found.tokens <= budget
        assert len(found.results) + found.left_out == len(everything.results)
        assert names(found.results) == names(everything.results)[: len(found.results)]
        assert bool(found.results) != bool(found.warnings)
        if found.results and found.left_out:
            assert f"{found.left_out} more left out; --budget {2 * budget}" in found.document


def test_a_long_signature_is_cut_and_control_characters_do_not_show():
    graph = build_graph(f"a.py function f takes={'x' * 400}\na.py function g takes=\x1b[31m")
    document = project_map(graph, budget=2000).document
    assert "x …\n" in document
    assert "\x1b" not in document
    assert max(map(len, document.splitlines())) < 200


def test_nothing_to_show_says_so():
    found = project_map(build_graph("a.py module a"), budget=99)
    assert (found.document, [notice.code for notice in found.warnings]) == ("", ["none"])
    assert project_map(build_graph(""), budget=99).document == ""


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("app", {"app/__init__.py", "app/core.py", "app/_compat.py", "app/cli.py"}),
        ("./app/", {"app/__init__.py", "app/core.py", "app/_compat.py", "app/cli.py"}),
        ("app/core.py", {"app/core.py"}),
        ("test_*.py", {"tests/test_core.py"}),
        ("!app", {"tests/test_core.py"}),
        ("/c*.py", None),
    ],
)
def test_a_pattern_names_files_and_folders(graph, pattern, expected):
    if expected is None:
        with pytest.raises(NotFound):
            files_within(graph, pattern)
    else:
        assert {graph.files[index].path for index in files_within(graph, pattern)} == expected


def test_only_the_files_asked_for_are_shown(graph):
    found = project_map(graph, budget=2000, files=files_within(graph, "app/cli.py"))
    assert names(found.results) == ["app.cli.main"]
