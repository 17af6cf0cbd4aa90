"""Dispatch, callers and callees, paths, export, stats and bounds."""

from __future__ import annotations

import pytest
from drawing import build_graph, names, node
from hypothesis import given, settings
from hypothesis import strategies as st

from isg.graph.dispatch import dispatched_callees, dispatched_callers, overridden, overriders
from isg.graph.model import Confidence, EdgeKind, How, Site
from isg.graph.queries.bound import bound_of
from isg.graph.queries.calls import callees, callers
from isg.graph.queries.export import export_edges, export_symbols
from isg.graph.queries.paths import paths
from isg.graph.queries.stats import stats

SYMBOLS = """
m.py class A complexity=0
m.py method A.run complexity=4
m.py class B
m.py method B.run complexity=9
m.py class C
m.py method C.run complexity=2
m.py method C.__init__
u.py function by_type complexity=1
u.py function by_name complexity=3
u.py function maker
- external json.dumps
"""
EDGES = """
m.B.run OVERRIDES m.A.run
m.C.run OVERRIDES m.B.run
m.B.run CALLS m.A.run inferred 3:9
u.by_type CALLS m.A.run inferred 2:5 4:5
u.by_name CALLS m.A.run exact 3:5
u.maker CALLS m.C exact 9:5
u.maker CALLS/construct m.C.__init__ inferred 9:5
u.maker CALLS json.dumps 10:5
u.maker CALLS u.by_type 11:5
"""


@pytest.fixture
def graph():
    return build_graph(SYMBOLS, EDGES, {"run": 2})


# Dispatch


def test_overrides_are_followed_all_the_way(graph):
    base, last = node(graph, "m.A.run"), node(graph, "m.C.run")
    assert set(overriders(graph, base)) == {node(graph, "m.B.run"), last}
    assert list(overridden(graph, last)) == [node(graph, "m.B.run"), base]


def test_only_a_call_through_a_type_may_run_an_override(graph):
    found = list(dispatched_callers(graph, node(graph, "m.C.run")))
    assert [(call.source, call.base) for call in found] == [
        (node(graph, "u.by_type"), node(graph, "m.A.run"))
    ]
    assert {call.target for call in dispatched_callees(graph, node(graph, "u.by_type"))} == {
        node(graph, "m.B.run"),
        node(graph, "m.C.run"),
    }
    for exact_or_super in ("u.by_name", "m.B.run", "u.maker"):
        assert list(dispatched_callees(graph, node(graph, exact_or_super))) == []


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=8),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=8),
)
def test_dispatch_is_the_same_seen_from_either_end(overrides, calls):
    methods = "\n".join(f"m.py method K.f{at}" for at in range(6))
    lines = [f"m.K.f{a} OVERRIDES m.K.f{b}" for a, b in overrides]
    lines += [f"m.K.f{a} CALLS m.K.f{b} inferred" for a, b in calls]
    graph = build_graph("m.py class K\n" + methods, "\n".join(lines))
    every = range(len(graph))
    forward = {tuple(call) for at in every for call in dispatched_callees(graph, at)}
    backward = {tuple(call) for at in every for call in dispatched_callers(graph, at)}
    assert forward == backward


# Callers and callees


def test_callers_of_an_override_include_those_of_what_it_overrides(graph):
    answer = callers(graph, [node(graph, "m.C.run")])
    assert names(answer.results) == ["u.by_type"]
    (call,) = answer.results
    assert call.confidence is Confidence.DISPATCH
    assert call.via == "python:m.A.run"
    assert call.sites == (("u.py", Site(2, 5)), ("u.py", Site(4, 5)))
    assert answer.bound.unresolved == 2
    assert callers(graph, [node(graph, "m.C.run")], min_confidence=Confidence.EXACT).results == ()


def test_callers_come_surest_first(graph):
    answer = callers(graph, [node(graph, "m.A.run")])
    assert names(answer.results) == ["u.by_name", "m.B.run", "u.by_type"]
    assert (answer.bound.certain, answer.bound.possible) == (3, 0)


def test_callees_include_externals_constructors_and_overrides(graph):
    assert sorted(names(callees(graph, [node(graph, "u.maker")]).results)) == [
        "json.dumps",
        "m.C",
        "m.C.__init__",
        "u.by_type",
    ]
    found = callees(graph, [node(graph, "u.by_type")])
    assert names(found.results) == ["m.A.run", "m.B.run", "m.C.run"]
    assert (found.bound.certain, found.bound.possible) == (1, 2)


def test_no_callers_says_why(graph):
    assert [notice.code for notice in callers(graph, [node(graph, "u.maker")]).warnings] == ["none"]


# Paths


def steps(answer):
    return [[symbol.key.removeprefix("python:") for symbol in path.symbols] for path in answer.results]


def ask_paths(graph, source, target, **options):
    return paths(graph, [node(graph, source)], [node(graph, target)], **options)


def test_the_shortest_way_with_its_lines(graph):
    answer = ask_paths(graph, "u.maker", "m.A.run")
    assert steps(answer) == [["u.maker", "u.by_type", "m.A.run"]]
    (path,) = answer.results
    assert [(step.kind, step.line) for step in path.steps] == [(EdgeKind.CALLS, 11), (EdgeKind.CALLS, 2)]
    assert path.confidence is Confidence.INFERRED


def test_a_way_may_lead_through_dispatch(graph):
    (path,) = ask_paths(graph, "u.by_type", "m.C.run").results
    assert (len(path.steps), path.confidence) == (1, Confidence.DISPATCH)
    assert ask_paths(graph, "u.by_type", "m.C.run", min_confidence=Confidence.INFERRED).results == ()


def test_a_class_is_reached_through_its_members(graph):
    assert steps(ask_paths(graph, "u.by_name", "m.A")) == [["u.by_name", "m.A.run"]]
    assert steps(ask_paths(graph, "m.B", "m.A")) == [["m.B.run", "m.A.run"]]


def test_no_way_and_the_way_to_itself_are_empty(graph):
    assert ask_paths(graph, "m.A.run", "u.maker").results == ()
    assert ask_paths(graph, "u.maker", "u.maker").results == ()


def test_k_shortest_ways_differ_and_get_longer():
    graph = build_graph(
        "\n".join(f"m.py function f{at}" for at in range(6)),
        """
        m.f0 CALLS m.f1
        m.f0 CALLS m.f2
        m.f1 CALLS m.f5
        m.f2 CALLS m.f5 inferred
        m.f2 CALLS m.f3
        m.f3 CALLS m.f5
        m.f5 CALLS m.f0
        """,
    )
    assert steps(ask_paths(graph, "m.f0", "m.f5", k=9)) == [
        ["m.f0", "m.f1", "m.f5"],
        ["m.f0", "m.f2", "m.f5"],
        ["m.f0", "m.f2", "m.f3", "m.f5"],
    ]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=16), st.integers(1, 4))
def test_ways_are_the_shortest_there_are(arcs, k):
    symbols = "\n".join(f"m.py function f{at}" for at in range(7))
    graph = build_graph(symbols, "\n".join(f"m.f{a} CALLS m.f{b}" for a, b in arcs))
    found = [tuple(way) for way in steps(ask_paths(graph, "m.f0", "m.f6", k=k))]
    every = sorted(len(way) for way in simple_ways(set(arcs), (0,)))
    assert [len(way) for way in found] == every[:k]
    assert len(set(found)) == len(found)
    assert all(len(set(way)) == len(way) for way in found)


MEMBERS = {0: "A.x", 1: "A.y", 5: "B.x", 6: "B.y"} | {at: f"f{at}" for at in (2, 3, 4)}
MERGED = {1: 0, 5: 6}


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=16), st.integers(1, 4))
def test_ways_between_types_differ_in_what_lies_between(arcs, k):
    symbols = "m.py class A\nm.py class B\n" + "\n".join(
        f"m.py {'method' if '.' in name else 'function'} {name}" for name in MEMBERS.values()
    )
    graph = build_graph(symbols, "\n".join(f"m.{MEMBERS[a]} CALLS m.{MEMBERS[b]}" for a, b in arcs))
    found = steps(ask_paths(graph, "m.A", "m.B", k=k))
    merged = {(MERGED.get(a, a), MERGED.get(b, b)) for a, b in arcs}
    assert [len(way) for way in found] == sorted(len(way) for way in simple_ways(merged, (0,)))[:k]
    assert len({tuple(way[1:-1]) for way in found}) == len(found)
    assert all(way[0].startswith("m.A") and way[-1].startswith("m.B") for way in found)


def simple_ways(arcs, way):
    if way[-1] == 6:
        yield way
        return
    for source, target in arcs:
        if source == way[-1] and target not in way:
            yield from simple_ways(arcs, (*way, target))


# Export


def test_edges_are_sorted_as_promised_and_dispatch_is_among_them(graph):
    rows = list(export_edges(graph))
    order = [
        (
            row.source.file,
            row.source.line,
            row.kind.value,
            row.target.file is None,
            row.target.file or "",
            row.target.line,
        )
        for row in rows
    ]
    assert order == sorted(order)
    derived = [
        (row.source.name, row.target.qualified, row.sites)
        for row in rows
        if row.confidence is Confidence.DISPATCH
    ]
    assert derived == [
        ("by_type", "B.run", (Site(2, 5), Site(4, 5))),
        ("by_type", "C.run", (Site(2, 5), Site(4, 5))),
    ]


def test_no_edge_is_printed_twice(graph):
    rows = [(row.kind, row.how, row.source.key, row.target.key) for row in export_edges(graph)]
    assert len(rows) == len(set(rows)) == graph.edge_count + 2


def test_a_floor_leaves_out_what_is_below_it(graph):
    rows = list(export_edges(graph, Confidence.INFERRED))
    assert len(rows) == graph.edge_count
    assert {row.confidence for row in export_edges(graph, Confidence.EXACT)} == {Confidence.EXACT}
    assert any(row.how is How.CONSTRUCT for row in rows)


def test_symbols_are_sorted_and_externals_on_demand(graph):
    rows = list(export_symbols(graph))
    assert [(row.file, row.line) for row in rows] == sorted((row.file, row.line) for row in rows)
    assert len(list(export_symbols(graph, externals=True))) == len(rows) + 1


# Stats


def test_stats_count_by_kind_and_spread_complexity(graph):
    found = stats(graph)
    assert found.nodes == {
        "class": 3,
        "external": 1,
        "function": 3,
        "method": 4,
        "module": 2,
    }
    assert found.edges["CALLS"] == 7
    assert (found.files, found.lines, found.languages) == (2, 200, {"python": 2})
    assert (found.complexity.functions, found.complexity.highest, found.complexity.median) == (5, 9, 3)
    assert sum(band.functions for band in found.complexity.bands) == 5
    assert [symbol.qualified for symbol in found.complexity.most][:2] == ["B.run", "A.run"]


def test_stats_of_nothing():
    assert stats(build_graph("")).complexity.functions == 0


# Bound


def test_a_bound_counts_what_is_sure_and_names_what_is_not_resolved(graph):
    found = bound_of(
        [Confidence.EXACT, Confidence.INFERRED, Confidence.DISPATCH, Confidence.GUESS],
        graph,
        [node(graph, "m.A.run"), node(graph, "m.B.run"), node(graph, "m")],
    )
    assert (found.certain, found.possible, found.unresolved) == (2, 2, 2)
    assert found.why == ('2 sites named "run" could not be resolved',)
