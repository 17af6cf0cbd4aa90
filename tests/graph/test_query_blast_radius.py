"""blast-radius: what a hop is, what costs none, how overrides and modules count, and the ranking."""

from __future__ import annotations

import pytest
from drawing import build_graph, names, node
from hypothesis import given, settings
from hypothesis import strategies as st

from isg.graph.model import Confidence, EdgeKind
from isg.graph.queries.blast_radius import blast_radius


def ask(graph, *asked, **options):
    return blast_radius(graph, [node(graph, name) for name in asked], **options)


def depths(answer):
    return {impact.symbol.key.removeprefix("python:"): impact.depth for impact in answer.results}


CHAIN = """
m.py function a
m.py function b
m.py function c
m.py function d
m.py function e
"""
CHAIN_EDGES = "m.b CALLS m.a\nm.c CALLS m.b\nm.d USES/read m.c\nm.e CALLS m.d\nm.a CALLS m.a"


def test_depth_counts_hops_and_the_changed_symbol_is_no_result():
    graph = build_graph(CHAIN, CHAIN_EDGES)
    assert depths(ask(graph, "m.a")) == {"m.b": 1, "m.c": 2, "m.d": 3}
    assert depths(ask(graph, "m.a", depth=1)) == {"m.b": 1}
    assert depths(ask(graph, "m.a", depth=9)) == {"m.b": 1, "m.c": 2, "m.d": 3, "m.e": 4}
    assert ask(graph, "m.a", depth=0).results == ()


def test_each_result_says_how_it_was_reached():
    first, second, third = ask(build_graph(CHAIN, CHAIN_EDGES), "m.a").results
    assert (first.via.kind, first.via.key) == (EdgeKind.CALLS, "python:m.a")
    assert (third.via.kind, third.via.key) == (EdgeKind.USES, "python:m.c")
    assert first.score > second.score > third.score


def test_outwards_it_is_what_the_symbol_depends_on():
    graph = build_graph(CHAIN, CHAIN_EDGES)
    assert depths(ask(graph, "m.c", direction="out")) == {"m.b": 1, "m.a": 2}


def test_the_confidence_is_the_weakest_on_the_best_way():
    graph = build_graph(
        CHAIN,
        """
        m.b CALLS m.a dispatch
        m.c CALLS m.a exact
        m.d CALLS m.b exact
        m.d CALLS m.c inferred
        """,
    )
    found = dict(zip(*_named(ask(graph, "m.a")), strict=True))
    assert found["m.b"].confidence is Confidence.DISPATCH
    assert found["m.d"].confidence is Confidence.INFERRED
    assert found["m.d"].via.key == "python:m.c"
    assert names(ask(graph, "m.a").results) == ["m.c", "m.b", "m.d"]
    assert depths(ask(graph, "m.a", min_confidence=Confidence.EXACT)) == {"m.c": 1}


def _named(answer):
    return names(answer.results), answer.results


def test_kinds_choose_the_edges():
    graph = build_graph(CHAIN, CHAIN_EDGES)
    assert depths(ask(graph, "m.a", kinds={EdgeKind.CALLS}, depth=9)) == {"m.b": 1, "m.c": 2}
    assert depths(ask(graph, "m.c", kinds={EdgeKind.USES})) == {"m.d": 1}


METHODS = """
m.py class A
m.py method A.run
m.py method A.__init__
m.py class B
m.py method B.run
m.py class C
m.py method C.run
u.py function typed_a
u.py function typed_b
u.py function maker
u.py function far
"""
METHOD_EDGES = """
m.B IMPL/extends m.A
m.C IMPL/extends m.B
m.B.run OVERRIDES m.A.run
m.C.run OVERRIDES m.B.run
u.typed_a CALLS m.A.run inferred
u.typed_b CALLS m.B.run inferred
u.maker CALLS m.A
u.maker CALLS/construct m.A.__init__
u.far CALLS u.typed_a
"""


def test_overrides_stand_at_depth_two_right_after_depth_one():
    answer = ask(build_graph(METHODS, METHOD_EDGES), "m.A.run")
    assert names(answer.results)[:3] == ["u.typed_a", "m.B.run", "m.C.run"]
    assert depths(answer) == {"u.typed_a": 1, "m.B.run": 2, "m.C.run": 2, "u.far": 2, "u.typed_b": 3}
    assert answer.results[1].via.kind is EdgeKind.OVERRIDES
    assert depths(ask(build_graph(METHODS, METHOD_EDGES), "m.A.run", depth=1)) == {"u.typed_a": 1}


def test_a_changed_override_touches_the_callers_of_what_it_overrides():
    graph = build_graph(METHODS, METHOD_EDGES)
    answer = ask(graph, "m.C.run", depth=1)
    assert depths(answer) == {"u.typed_a": 1, "u.typed_b": 1}
    assert {impact.confidence for impact in answer.results} == {Confidence.DISPATCH}
    assert ask(graph, "m.C.run", min_confidence=Confidence.INFERRED).results == ()


def test_a_super_call_and_an_exact_call_run_no_override():
    graph = build_graph(
        METHODS,
        """
        m.B.run OVERRIDES m.A.run
        m.C.run OVERRIDES m.A.run
        m.B.run CALLS m.A.run inferred
        u.typed_a CALLS m.A.run exact
        """,
    )
    assert ask(graph, "m.C.run").results == ()


def test_a_changed_class_includes_its_members_and_touches_users_and_subclasses():
    graph = build_graph(METHODS, METHOD_EDGES)
    assert depths(ask(graph, "m.A", depth=1)) == {"m.B": 1, "u.maker": 1, "u.typed_a": 1}


def test_a_constructor_touches_whoever_makes_the_class():
    graph = build_graph(METHODS, METHOD_EDGES)
    assert depths(ask(graph, "m.A.__init__", depth=1)) == {"u.maker": 1}


def test_a_class_that_mentions_its_own_member_does_not_pass_it_to_its_users():
    graph = build_graph(METHODS, METHOD_EDGES + "m.A USES/write m.A.run\nm.B USES/read m.A.run")
    assert depths(ask(graph, "m.A.run", kinds={EdgeKind.USES, EdgeKind.IMPL})) == {"m.B": 1, "m.C": 2}


def test_a_nested_function_touches_the_function_around_it():
    graph = build_graph(
        "m.py function changed\nm.py function outer\nm.py function outer.inner\nm.py function user",
        "m.outer.inner CALLS m.changed\nm.user CALLS m.outer",
    )
    assert depths(ask(graph, "m.changed")) == {"m.outer": 1, "m.outer.inner": 1, "m.user": 2}


MODULES = """
a.py function f
b.py function g
c.py function h
d.py function i
"""
MODULE_EDGES = """
b IMPORTS a
c IMPORTS b
b.g CALLS a.f
d IMPORTS a.f
c IMPORTS d
"""


def test_a_changed_module_touches_its_importers_and_theirs_and_its_members_users():
    assert depths(ask(build_graph(MODULES, MODULE_EDGES), "a")) == {"b": 1, "b.g": 1, "d": 1, "c": 2}


def test_a_module_that_mentions_a_changed_function_does_not_pass_it_to_all_its_importers():
    assert depths(ask(build_graph(MODULES, MODULE_EDGES), "a.f")) == {"b.g": 1, "d": 1}


def test_a_package_with_a_file_stands_for_that_file():
    graph = build_graph(
        "p/__init__.py function f\np/core.py function g\nu.py function h",
        "p CONTAINS p.core\nu.h CALLS p.core.g\nu IMPORTS p",
    )
    assert depths(ask(graph, "p")) == {"u": 1}
    assert depths(ask(graph, "p.core")) == {"u.h": 1}


def test_files_are_summed_up_nearest_first():
    answer = ask(build_graph(METHODS, METHOD_EDGES), "m.A.run")
    assert [(file.file, file.symbols, file.depth) for file in answer.files] == [
        ("u.py", 3, 1),
        ("m.py", 2, 2),
    ]


def test_an_empty_answer_says_what_lies_below_the_confidence():
    graph = build_graph(CHAIN, "m.b CALLS m.a guess")
    assert [notice.code for notice in ask(graph, "m.a").warnings] == ["below_confidence"]
    assert [notice.code for notice in ask(graph, "m.e").warnings] == ["none"]


EDGE = st.tuples(
    st.integers(0, 7),
    st.sampled_from(["CALLS", "USES/read", "OVERRIDES", "IMPL/extends"]),
    st.integers(0, 7),
    st.sampled_from(["exact", "inferred", "dispatch"]),
)


@settings(max_examples=60)
@given(st.lists(EDGE, max_size=25))
def test_a_greater_depth_only_adds(edges):
    symbols = "m.py class K\n" + "\n".join(f"m.py method K.f{at}" for at in range(8))
    graph = build_graph(symbols, "\n".join(f"m.K.f{a} {kind} m.K.f{b} {sure}" for a, kind, b, sure in edges))
    smaller = {}
    for depth in range(1, 5):
        answer = ask(graph, "m.K.f0", depth=depth)
        found = depths(answer)
        assert smaller.items() <= found.items()
        scores = [impact.score for impact in answer.results]
        assert scores == sorted(scores, reverse=True)
        smaller = found


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_order_of_seeds_does_not_matter(depth):
    graph = build_graph(METHODS, METHOD_EDGES)
    assert ask(graph, "m.A", "m.B", depth=depth) == ask(graph, "m.B", "m.A", depth=depth)
