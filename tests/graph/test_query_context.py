"""context: relevance, roles, and a budget that is never exceeded."""

from __future__ import annotations

import pytest
from drawing import build_graph, names, node
from hypothesis import given, settings
from hypothesis import strategies as st

from isg.graph.model import Confidence
from isg.graph.queries.context import Manner, Role, context
from isg.graph.queries.forms import MARKDOWN, TEXTS
from isg.graph.queries.tokens import at_least, estimate
from isg.graph.ranking.rank import rank
from isg.graph.ranking.relevance import relevance

SYMBOLS = """
m.py class Base
m.py method Base.save
m.py class Repo
m.py method Repo.save
m.py method Repo.load
m.py class Row
u.py function main
u.py function helper
u.py function far
t.py function test_save test
- external json.dumps
"""
EDGES = """
m.Repo IMPL/extends m.Base
m.Repo.save OVERRIDES m.Base.save
m.Repo.save CALLS u.helper
m.Repo.save CALLS json.dumps
m.Repo.save USES/type m.Row
u.main CALLS m.Repo.save inferred
t.test_save CALLS m.Repo.save
u.far CALLS u.main
"""


def text_of(symbol):
    return f"def {symbol.name}(self):\n    value = compute(self)\n    return value\n"


def ask(graph, *asked, budget=2000, source=text_of):
    return context(graph, [node(graph, name) for name in asked], budget=budget, source=source)


def roles(answer):
    return {result.symbol.key.removeprefix("python:"): result.role for result in answer.results}


def test_neighbours_have_roles_and_the_seed_comes_first():
    answer = ask(build_graph(SYMBOLS, EDGES), "m.Repo.save")
    assert names(answer.results)[0] == "m.Repo.save"
    found = roles(answer)
    assert found["m.Repo.save"] is Role.SEED
    assert found["m.Base.save"] is Role.BASE
    assert found["u.helper"] is Role.CALLEE
    assert found["u.main"] is Role.CALLER
    assert found["m.Row"] is Role.TYPE
    assert found["m.Repo.load"] is Role.SIBLING
    assert found["t.test_save"] is Role.TEST
    assert "json.dumps" not in found
    assert "u" not in found


def test_what_is_nearer_ranks_higher():
    graph = build_graph(SYMBOLS, EDGES)
    order = names(ask(graph, "m.Repo.save").results)
    assert order.index("u.main") < order.index("u.far")
    scores = [result.score for result in ask(graph, "m.Repo.save").results]
    assert scores == sorted(scores, reverse=True)


def test_the_document_holds_what_the_results_say():
    answer = ask(build_graph(SYMBOLS, EDGES), "m.Repo.save")
    for result in answer.results:
        assert result.text in answer.document
    assert answer.tokens == estimate(answer.document)
    assert "Repo.save (seed)" in answer.document


def test_with_less_room_sources_give_way_to_signatures_and_names():
    graph = build_graph(SYMBOLS, EDGES)
    rich, poor = ask(graph, "m.Repo.save", budget=2000), ask(graph, "m.Repo.save", budget=110)
    assert [result.symbol.qualified for result in rich.results if result.detail != "full"] == ["Repo", "Base"]
    assert poor.results[0].detail == "full"
    assert {"signature", "name"} <= {result.detail for result in poor.results}
    assert rich.left_out == 0
    assert poor.left_out > 0
    assert "left out" in poor.document


def test_a_seed_that_is_too_large_is_cut_after_a_line_and_marked():
    graph = build_graph(SYMBOLS, EDGES)
    long = "def save(self):\n" + "    call(self, value)\n" * 500
    answer = ask(graph, "m.Repo.save", budget=300, source=lambda symbol: long)
    seed = answer.results[0]
    assert seed.cut
    *lines, mark = seed.text.splitlines()
    assert set(lines[1:]) == {"    call(self, value)"}
    assert mark == f"… (cut: {501 - len(lines)} more lines)"
    assert [notice.code for notice in answer.warnings] == ["budget"]
    assert answer.tokens <= 300


def test_without_a_text_the_signature_is_shown():
    answer = ask(build_graph(SYMBOLS, EDGES), "m.Repo.save", source=lambda symbol: None)
    assert {result.detail for result in answer.results} == {"signature"}


def test_what_stands_inside_something_shown_whole_is_not_printed_again():
    answer = ask(build_graph(SYMBOLS, EDGES), "m.Repo")
    (inside,) = [result for result in answer.results if result.symbol.key == "python:m.Repo.save"]
    assert (inside.detail, inside.text, inside.tokens) == ("full", "", 0)
    assert "Repo.save" not in answer.document


def test_a_function_shown_whole_holds_the_functions_inside_it():
    graph = build_graph(
        "m.py function outer lines=9\nm.py function outer.inner\nm.py function user",
        "m.user CALLS m.outer\nm.outer CALLS m.outer.inner",
    )
    answer = ask(graph, "m.user")
    assert {result.symbol.qualified: result.detail for result in answer.results} == {
        "user": "full",
        "outer": "full",
        "outer.inner": "full",
    }
    assert "inner" not in answer.document


def test_names_of_one_owner_stand_together():
    graph = build_graph("m.py class Repo\nm.py method Repo.load\nm.py method Repo.save\nm.py function main")
    symbols = [graph.symbol(node(graph, name)) for name in ("m.Repo.load", "m.main", "m.Repo.save")]
    assert MARKDOWN.names(symbols) == "- also Repo.{load, save}, main\n"
    assert MARKDOWN.names(symbols[:2]) == "- also Repo.load, main\n"


@pytest.mark.parametrize("budget", [40, 110, 300, 2000])
def test_where_only_texts_count_they_are_within_the_budget_one_by_one(budget):
    graph = build_graph(SYMBOLS, EDGES)
    seeds = [node(graph, "m.Repo.save")]
    answer = context(graph, seeds, budget=budget, source=text_of, manner=Manner(form=TEXTS))
    assert sum(estimate(result.text) for result in answer.results) <= answer.tokens <= budget
    assert len(answer.results) >= len(ask(graph, "m.Repo.save", budget=budget).results)


def test_several_seeds_share_one_budget():
    graph = build_graph(SYMBOLS, EDGES)
    answer = ask(graph, "m.Repo.save", "u.far", budget=400)
    assert names(answer.results)[:2] == ["m.Repo.save", "u.far"]
    assert answer.tokens <= 400


def test_a_fence_is_longer_than_any_in_the_source():
    text = 'def f():\n    """\n    ```\n    ````\n    """\n'
    answer = ask(build_graph(SYMBOLS, EDGES), "u.far", source=lambda symbol: text)
    assert "\n`````python\n" in answer.document


SOURCES = st.text(alphabet=st.sampled_from("abcXYZ_09 \n\t(){}[]:=.`#\"'é漢🙂"), max_size=400)


@settings(max_examples=80)
@given(st.integers(0, 600), SOURCES, st.sampled_from([["m.Repo.save"], ["m"], ["u.far", "m.Base", "t"]]))
def test_the_budget_is_never_exceeded_and_no_seed_is_dropped(budget, text, asked):
    graph = build_graph(SYMBOLS, EDGES)
    answer = ask(graph, *asked, budget=budget, source=lambda symbol: text)
    assert answer.tokens == estimate(answer.document) <= budget
    assert sum(estimate(result.text) for result in answer.results) <= budget
    assert names(answer.results)[: len(asked)] == asked


# Relevance


def test_shares_sum_to_one_at_most_and_the_seed_has_the_most():
    graph = build_graph(SYMBOLS, EDGES)
    seed = node(graph, "m.Repo.save")
    share = relevance(graph, [seed], precision=1e-6)
    assert max(share, key=share.__getitem__) == seed
    assert 0.9 < sum(share.values()) <= 1.0 + 1e-9


def test_a_symbol_without_edges_is_all_there_is():
    graph = build_graph("m.py module -")
    assert relevance(graph, [0]) == {0: 1.0}


# Tokens


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("", 0),
        ("def", 1),
        ("get_queryset", 3),
        ("HTTPServer", 3),
        ("f(x)", 4),
        ("漢字", 2),
        ("1234", 2),
        ("ZodMini extends _ZodType<core.$ZodAny> {}\n", 17),
        ("    0,  3,  3,  3,  1,  2,  1,  2,  # ACV\n    0,  3,  3,  3,  3,  3,  3,  3,  # ACO\n", 74),
    ],
)
def test_an_estimate_is_never_less_than_what_tokenizers_need(text, least):
    assert estimate(text) >= least


def test_the_estimate_is_tight_on_plain_code():
    line = "        return self.filter(name=value)\n"
    assert estimate(line) <= len(line) / 2


@given(SOURCES, SOURCES)
def test_an_estimate_of_lines_is_no_less_than_that_of_the_whole(one, other):
    assert estimate(one + "\n" + other) <= estimate(one + "\n") + estimate(other)


@given(SOURCES)
def test_the_lower_bound_is_one(text):
    assert at_least(text) <= estimate(text)


# Ranking


def order(graph, *asked):
    found = rank(graph, [node(graph, name) for name in asked], Confidence.DISPATCH)
    return [graph.symbol(at).key.removeprefix("python:") for at, _ in found]


def test_who_mentions_the_same_rare_things_ranks_before_who_mentions_common_ones():
    graph = build_graph(
        "a.py function seed\nb.py function alike\nc.py function other\nd.py function rare\n"
        "d.py function common\n" + "\n".join(f"e.py function user{at}" for at in range(9)),
        "a.seed CALLS d.rare\nb.alike CALLS d.rare\na.seed CALLS d.common\nc.other CALLS d.common\n"
        + "\n".join(f"e.user{at} CALLS d.common" for at in range(9)),
    )
    found = order(graph, "a.seed")
    assert found.index("b.alike") < found.index("c.other")


def test_what_stands_close_or_bears_the_same_name_is_a_candidate_without_any_edge():
    graph = build_graph(
        "a.py function send\na.py function near\n"
        + "\n".join(f"a.py function far{at} lines=40" for at in range(2))
        + "\nz.py class Async\nz.py method Async.send\nz.py function unrelated"
    )
    found = order(graph, "a.send")
    assert found[0] == "a.send"
    assert found.index("a.near") < found.index("a.far1")
    assert "z.Async.send" in found
    assert "z.unrelated" not in found


def test_tests_rank_below_code_that_is_as_near():
    graph = build_graph(
        "m.py function f\nu.py function caller\nt.py function test_f test",
        "u.caller CALLS m.f\nt.test_f CALLS m.f",
    )
    assert order(graph, "m.f") == ["m.f", "u.caller", "t.test_f"]


def test_all_of_the_budget_is_spent_where_there_is_something_to_show():
    graph = build_graph(SYMBOLS, EDGES)
    whole = ask(graph, "m.Repo.save", budget=5000)
    assert {result.detail for result in whole.results if result.symbol.name not in ("Base", "Repo")} == {
        "full"
    }
    for budget in range(150, whole.tokens, 50):
        assert ask(graph, "m.Repo.save", budget=budget).tokens > budget * 0.7


@pytest.mark.parametrize("limit", [0, 1, 2, 4, 100])
def test_a_limit_cuts_the_ranking_and_changes_nothing_else(limit):
    graph = build_graph(SYMBOLS, EDGES)
    seeds = [node(graph, "m.Repo.save"), node(graph, "u.main")]
    assert rank(graph, seeds, Confidence.DISPATCH, limit) == rank(graph, seeds, Confidence.DISPATCH)[:limit]
