"""The words of names, and the order of what a search has found."""

from __future__ import annotations

import pytest

from isg.graph.graph import Graph
from isg.graph.model import Confidence, Edge, EdgeKind, How, Symbol, SymbolKind, symbol_id
from isg.graph.search.ranking import MOST, Hit, rank
from isg.graph.search.words import asked, split


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("parse_url_path", ["parse", "url", "path"]),
        ("parseURLPath", ["parse", "url", "path"]),
        ("HTTP2Server", ["http", "2", "server"]),
        ("größe_ändern", ["größe", "ändern"]),
        ("<module>", ["module"]),
        ("", []),
    ],
)
def test_a_name_has_words(text: str, words: list[str]) -> None:
    assert split(text) == words


def test_a_question_is_about_its_telling_words() -> None:
    assert asked("Where is the retryPolicy of a retry?") == ("retry", "policy")


def test_a_question_of_idle_words_is_about_them() -> None:
    """``with`` may be what somebody looks for."""
    assert asked("with") == ("with",)


def _symbol(name: str, line: int, is_test: bool = False) -> Symbol:
    key = f"python:app.{name}"
    return Symbol(
        id=symbol_id("python", "app", key),
        key=key,
        kind=SymbolKind.FUNCTION,
        name=name,
        qualified=name,
        language="python",
        file="app.py",
        line=line,
        column=1,
        start_line=line,
        end_line=line,
        parent=None,
        is_test=is_test,
    )


def _graph(symbols: list[Symbol], calls: list[tuple[Symbol, Symbol]] = ()) -> Graph:  # type: ignore[assignment]
    edges = [Edge(EdgeKind.CALLS, How.NONE, Confidence.EXACT, a.id, b.id, "app.py") for a, b in calls]
    return Graph(Graph.pack("app", "state", symbols, edges))


def _names(graph: Graph, words: list[str], found: list[tuple[int, float]]) -> list[str]:
    return [_name(graph, hit) for hit in rank(graph, words, found)]


def _name(graph: Graph, hit: Hit) -> str:
    node = graph.node_of(hit.id)
    assert node is not None
    return graph.symbol(node).name


def test_the_very_name_comes_first_whatever_the_words_weigh() -> None:
    exact, longer = _symbol("save", 1), _symbol("save_all", 2)
    graph = _graph([exact, longer])
    assert _names(graph, ["save"], [(longer.id, 9.0), (exact.id, 5.0)]) == ["save", "save_all"]


def test_of_two_that_fit_alike_the_more_used_one_comes_first() -> None:
    quiet, busy, caller = _symbol("load_a", 1), _symbol("load_b", 2), _symbol("main", 3)
    graph = _graph([quiet, busy, caller], [(caller, busy)])
    assert _names(graph, ["load"], [(quiet.id, 1.0), (busy.id, 1.0)]) == ["load_b", "load_a"]


def test_tests_come_behind_what_they_test() -> None:
    code, test = _symbol("load_file", 1), _symbol("load_twice", 2, is_test=True)
    graph = _graph([code, test])
    assert _names(graph, ["load"], [(test.id, 1.1), (code.id, 1.0)]) == ["load_file", "load_twice"]


def test_what_is_beyond_the_closer_look_keeps_its_order_behind_it() -> None:
    symbols = [_symbol(f"load_{number:03}", number + 1) for number in range(MOST + 3)]
    graph = _graph(symbols)
    hits = rank(graph, ["load"], [(symbol.id, 1000.0 - place) for place, symbol in enumerate(symbols)])
    assert [_name(graph, hit) for hit in hits[MOST:]] == ["load_400", "load_401", "load_402"]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
