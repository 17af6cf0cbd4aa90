"""What the name of a receiver tells of its type."""

from __future__ import annotations

import pytest
from drawing import build_graph, node

from isg.graph.model import Confidence
from isg.graph.queries.changes import Change, blast_radius_of_change
from isg.graph.queries.guesses import Mention
from isg.graph.queries.receivers import Rivals, has_rivals, receiver_before


@pytest.mark.parametrize(
    ("line", "receiver"),
    [
        ("    self.downloader.fetch(request)", "downloader"),
        ("downloader.fetch(request)", "downloader"),
        ("this.engine?.fetch(request)", "engine"),
        ("this.engine!.fetch(request)", "engine"),
        ("super(Mine, self).fetch(request)", "super"),
        ("super().fetch(request)", "super"),
        ("super.fetch(request)", "super"),
        ("engine_of(it).fetch(request)", ""),
        ("engines[0].fetch(request)", ""),
        ("    .fetch(request)", ""),
        ("fetch(request)", ""),
    ],
)
def test_the_receiver_is_the_name_before_the_dot(line, receiver):
    assert receiver_before(line, line.index("fetch") + 1) == receiver


ENGINES = """
m.py class Shell
m.py method Shell.fetch
m.py class BaseEngine
m.py method BaseEngine.fetch
m.py class SearchEngine
m.py method Shell.only
- external lib.Downloader.fetch
t.py class FakeShell test
t.py method FakeShell.fetch test
"""
ENGINE_EDGES = "m.SearchEngine IMPL/extends m.BaseEngine"


@pytest.mark.parametrize(
    ("receiver", "method", "of_a_rival"),
    [
        ("shell", "m.Shell.fetch", False),
        ("shell", "m.BaseEngine.fetch", True),
        ("my_shell", "m.BaseEngine.fetch", True),
        ("engine", "m.Shell.fetch", True),
        ("engine", "m.BaseEngine.fetch", False),
        ("searchEngine", "m.BaseEngine.fetch", False),  # a type that inherits the method
        ("searchEngine", "m.Shell.fetch", True),
        ("downloader", "m.Shell.fetch", True),  # of a type outside the project
        ("it", "m.Shell.fetch", False),
        ("_", "m.Shell.fetch", False),
        ("super", "m.Shell.fetch", True),
    ],
)
def test_a_call_is_of_the_method_whose_type_the_receiver_is_called_like(receiver, method, of_a_rival):
    graph = build_graph(ENGINES, ENGINE_EDGES)
    assert Rivals(graph).has(node(graph, method), receiver) is of_a_rival


def test_methods_of_tests_are_no_rivals():
    graph = build_graph(ENGINES, ENGINE_EDGES)
    assert has_rivals(graph, "fetch") and not has_rivals(graph, "only")
    assert not Rivals(graph).has(node(graph, "m.Shell.fetch"), "fakeShell")


def test_a_changed_signature_is_not_guessed_to_break_calls_of_a_rival():
    graph = build_graph(f"{ENGINES}\nu.py function asks\nu.py function runs", ENGINE_EDGES)
    sites = [
        Mention("fetch", "call", False, 0, node(graph, "u.asks"), "shell"),
        Mention("fetch", "call", False, 0, node(graph, "u.runs"), "engine"),
    ]
    method = node(graph, "m.Shell.fetch")
    found = blast_radius_of_change(graph, [method], Change.SIGNATURE, depth=1, mentions=sites)
    assert [impact.symbol.key for impact in found.results] == ["python:u.asks"]
    assert found.results[0].confidence is Confidence.GUESS
