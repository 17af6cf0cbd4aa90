"""blast-radius --change: what a change of a kind breaks at once, and what follows."""

from __future__ import annotations

import pytest
from drawing import build_graph, names, node

from isg.graph.model import Confidence
from isg.graph.queries.changes import Change, blast_radius_of_change, names_to_look_up
from isg.graph.queries.guesses import Mention


def ask(graph, name, change, **options):
    return blast_radius_of_change(graph, [node(graph, name)], Change(change), **options)


def depths(answer):
    return {impact.symbol.key.removeprefix("python:"): impact.depth for impact in answer.results}


USES = """
m.py function f
m.py function g
m.py function passes
m.py function runs
m.py function far
u.py function mentions
"""
USE_EDGES = """
m.g CALLS m.f
m.runs CALLS/callback m.f dispatch
m.far CALLS m.g
u.mentions USES/read m.f
u IMPORTS m.f
"""


def test_a_signature_breaks_calls_and_what_only_mentions_it_follows():
    found = depths(ask(build_graph(USES, USE_EDGES), "m.f", "signature"))
    assert found == {"m.g": 1, "m.runs": 2, "u.mentions": 2, "u": 2, "m.far": 2}


@pytest.mark.parametrize("change", ["rename", "delete"])
def test_a_rename_or_deletion_breaks_every_mention(change):
    found = depths(ask(build_graph(USES, USE_EDGES), "m.f", change, depth=1))
    assert found == {"m.g": 1, "u.mentions": 1, "u": 1}


def test_a_rename_ends_at_the_mentions():
    assert "m.far" not in depths(ask(build_graph(USES, USE_EDGES), "m.f", "rename"))


METHODS = """
m.py class A
m.py method A.run
m.py class B
m.py method B.run
u.py function typed_a
u.py function typed_b
"""
METHOD_EDGES = """
m.B IMPL/extends m.A
m.B.run OVERRIDES m.A.run
u.typed_a CALLS m.A.run inferred
u.typed_b CALLS m.B.run inferred
"""


@pytest.mark.parametrize(
    ("change", "reached"),
    [
        ("body", {"u.typed_b": 1}),
        ("raises", {"u.typed_a": 1, "u.typed_b": 1}),
        ("return", {"u.typed_a": 1, "u.typed_b": 1, "m.A.run": 2}),
        ("signature", {"u.typed_a": 1, "u.typed_b": 1, "m.A.run": 2}),
    ],
)
def test_a_body_stops_at_the_interface_and_the_rest_does_not(change, reached):
    assert depths(ask(build_graph(METHODS, METHOD_EDGES), "m.B.run", change)) == reached


CLIENTS = """
net/sync.py class Client
net/sync.py method Client.send takes=self,request,timeout
net/later.py class AsyncClient
net/later.py method AsyncClient.send takes=self,request,timeout
other/post.py function send takes=request,timeout
net/sync.py function uses_sync
net/later.py function uses_async
other/post.py function posts
"""
CLIENT_EDGES = """
net.sync.uses_sync CALLS net.sync.Client.send inferred
net.later.uses_async CALLS net.later.AsyncClient.send inferred
other.post.posts CALLS other.post.send
"""


def test_twins_follow_a_signature_and_the_callers_of_near_ones_are_guessed_to_break():
    answer = ask(build_graph(CLIENTS, CLIENT_EDGES), "net.sync.Client.send", "signature")
    assert names(answer.results)[:2] == ["net.sync.uses_sync", "net.later.uses_async"]
    found = depths(answer)
    assert found["net.later.uses_async"] == 1 and found["net.later.AsyncClient.send"] == 2
    assert found["other.post.send"] == 2 and found.get("other.post.posts", 3) > 1
    sure = {impact.symbol.name: impact.confidence for impact in answer.results}
    assert sure["uses_async"] is Confidence.GUESS and sure["uses_sync"] is Confidence.INFERRED


def test_no_guess_is_shown_where_none_is_wanted():
    graph = build_graph(CLIENTS, CLIENT_EDGES)
    answer = ask(graph, "net.sync.Client.send", "signature", min_confidence=Confidence.DISPATCH)
    assert depths(answer) == {"net.sync.uses_sync": 1}


def test_a_call_of_a_rare_name_on_an_unknown_receiver_counts_where_its_arguments_fit():
    graph = build_graph(CLIENTS, "", {"send": 3})
    method = node(graph, "net.sync.Client.send")
    assert names_to_look_up(graph, [method], Change.SIGNATURE) == {"send"}
    assert names_to_look_up(graph, [method], Change.BODY) == set()
    assert names_to_look_up(build_graph(CLIENTS, ""), [method], Change.SIGNATURE) == set()
    sites = [
        Mention("send", "call", False, 2, node(graph, "other.post.posts")),
        Mention("send", "call", False, 3, node(graph, "net.later.uses_async")),
        Mention("send", "read", False, -1, node(graph, "net.sync.uses_sync")),
    ]
    found = depths(ask(graph, "net.sync.Client.send", "signature", depth=1, mentions=sites))
    assert found == {"other.post.posts": 1}


def test_a_site_in_the_value_of_a_variable_is_of_the_variable():
    graph = build_graph("m.py function f\nm.py constant visit lines=3", "m CALLS m.f exact 5:9")
    assert depths(ask(graph, "m.f", "signature", depth=1)) == {"m.visit": 1}
    graph = build_graph("m.py function f\nm.py constant visit lines=3", "m CALLS m.f exact 5:9 9:1")
    assert depths(ask(graph, "m.f", "signature", depth=1)) == {"m.visit": 1, "m": 1}


def test_calls_through_what_a_callable_implements_reach_it():
    graph = build_graph(
        "m.py class Mine\nm.py method Mine.send\n- external lib.Base\n- external lib.Base.send\n"
        "o.py class Options\no.py method Options.patch\np.py function patch\nu.py function uses\n"
        "u.py function runs",
        "m.Mine IMPL/extends lib.Base\nu.uses CALLS lib.Base.send inferred\n"
        "p.patch USES/type o.Options.patch\nu.runs CALLS/callback o.Options.patch inferred",
    )
    assert depths(ask(graph, "m.Mine.send", "signature", depth=1)) == {"u.uses": 1}
    assert depths(ask(graph, "p.patch", "signature", depth=1)) == {"u.runs": 1}
    assert depths(ask(graph, "p.patch", "body")) == {}


def test_a_call_of_a_parameter_named_like_a_function_that_is_handed_on_counts():
    graph = build_graph(USES, USE_EDGES)
    assert names_to_look_up(graph, [node(graph, "m.f")], Change.SIGNATURE) == {"f"}
    assert names_to_look_up(graph, [node(graph, "m.g")], Change.SIGNATURE) == set()
    sites = [
        Mention("f", "call", True, 0, node(graph, "m.passes")),
        Mention("f", "call", False, 0, node(graph, "m.far")),
    ]
    found = depths(ask(graph, "m.f", "signature", depth=1, mentions=sites))
    assert found == {"m.g": 1, "m.passes": 1}
