"""Selectors: what may stand for a symbol, and what the user is told when nothing or too much does."""

from __future__ import annotations

import pytest
from drawing import build_graph, node

from isg.graph.errors import AmbiguousSymbol, NotFound
from isg.graph.model import SymbolKind
from isg.graph.names import find_symbols, nearest_names, words_of
from isg.graph.select import node_at, select

SYMBOLS = """
app/models/__init__.py module -
app/models/fields.py class Field
app/models/fields.py method Field.clean lines=4
app/models/fields.py field Field.name
app/models/query.py class QuerySet
app/models/query.py method QuerySet.filter
app/models/query.py method QuerySet._clone private
app/views.py function filter
app/views.py function get_queryset
tests/test_views.py function filter test
- external requests.get
"""
EDGES = """
app.models IMPORTS app.models.fields 1:21
app.models IMPORTS app.models.fields.Field 1:21
app.models IMPORTS app.models.query 2:20
app.views.get_queryset CALLS app.models.query.QuerySet.filter
"""


@pytest.fixture
def graph():
    return build_graph(SYMBOLS, EDGES)


def chosen(graph, selector, **options):
    return [graph.symbol(at).key.removeprefix("python:") for at in select(graph, selector, **options)]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("python:app.models.query.QuerySet.filter", "app.models.query.QuerySet.filter"),
        ("app.models.query.QuerySet.filter", "app.models.query.QuerySet.filter"),
        ("app::models::query::QuerySet::filter", "app.models.query.QuerySet.filter"),
        ("QuerySet.filter", "app.models.query.QuerySet.filter"),
        ("_clone", "app.models.query.QuerySet._clone"),
        ("QuerySet", "app.models.query.QuerySet"),
        ("models.query", "app.models.query"),
        ("app/views.py", "app.views"),
        ("./app/views.py", "app.views"),
        ("models/query.py", "app.models.query"),
        ("requests.get", "requests.get"),
        ("  QuerySet ", "app.models.query.QuerySet"),
    ],
)
def test_a_selector_stands_for_one_symbol(graph, selector, expected):
    assert chosen(graph, selector) == [expected]


@pytest.mark.parametrize("selector", ["app.models.Field", "models.Field"])
def test_a_name_that_a_module_re_exports_stands_for_the_symbol(graph, selector):
    assert chosen(graph, selector) == ["app.models.fields.Field"]


def test_a_module_that_a_name_is_imported_from_lends_no_other_names(graph):
    with pytest.raises(NotFound):
        select(graph, "app.models.clean")
    graph = build_graph(
        "a.py function f\na.py function g\nb.py module -", "b IMPORTS a 1:15\nb IMPORTS a.f 1:15"
    )
    assert chosen(graph, "b.f") == ["a.f"]
    with pytest.raises(NotFound):
        select(graph, "b.g")


def test_what_bears_the_whole_name_is_meant_whatever_its_module_lends():
    """The module imports another as a whole that has a definition of the same name."""
    graph = build_graph("a.py class F\nb.py class F\na.py module -", "a IMPORTS b 1:8")
    assert chosen(graph, "a.F") == ["a.F"]


def test_a_member_is_found_through_a_re_export(graph):
    assert chosen(graph, "app.models.Field.clean") == ["app.models.fields.Field.clean"]


def test_a_name_is_found_through_a_star_import(graph):
    assert chosen(graph, "app.models.QuerySet") == ["app.models.query.QuerySet"]


def test_an_ambiguous_name_offers_the_likeliest_first(graph):
    with pytest.raises(AmbiguousSymbol) as error:
        select(graph, "filter")
    assert [symbol.key for symbol in error.value.candidates] == [
        "python:app.models.query.QuerySet.filter",  # it is used
        "python:app.views.filter",
        "python:tests.test_views.filter",  # a test
    ]
    assert error.value.exit_code == 3
    assert len(select(graph, "filter", all=True)) == 3


def test_an_unknown_name_is_never_answered_for_another_one(graph):
    with pytest.raises(NotFound) as error:
        select(graph, "QuerySet.fliter")
    assert error.value.exit_code == 4
    assert any(symbol.qualified == "QuerySet.filter" for symbol in error.value.candidates)


def test_an_inherited_member_is_offered_not_taken():
    graph = build_graph(
        "m.py class Base\nm.py method Base.save\nm.py class Child",
        "m.Child IMPL/extends m.Base",
    )
    with pytest.raises(NotFound) as error:
        select(graph, "Child.save")
    assert [symbol.key for symbol in error.value.candidates] == ["python:m.Base.save"]


@pytest.mark.parametrize(
    "selector", ["app/nothing.py", "app/nothing.py:3", "", "..", ":", "python:", "a:b:c"]
)
def test_nonsense_is_not_found(graph, selector):
    with pytest.raises(NotFound):
        select(graph, selector)


def test_own_symbols_come_before_externals_of_the_same_name():
    graph = build_graph("m.py function get\n- external requests.get")
    assert chosen(graph, "get") == ["m.get"]


def test_of_definitions_that_share_a_name_in_one_scope_the_bare_key_is_the_first():
    graph = build_graph("m.py function f\nm.py function f~2")
    assert chosen(graph, "m.f") == ["m.f"]
    assert chosen(graph, "m.f~2") == ["m.f~2"]


def test_of_a_field_and_a_method_of_one_name_the_method_is_meant():
    graph = build_graph("m.py class A\nm.py field A.long\nm.py method A.long~2")
    assert chosen(graph, "A.long") == ["m.A.long~2"]
    assert chosen(graph, "python:m.A.long") == ["m.A.long"]


def test_a_module_gives_way_to_what_it_holds_and_a_class_does_not():
    graph = build_graph("lib/clock.py function clock\na.py class Node\na.py class Node.Node")
    assert chosen(graph, "clock") == ["lib.clock.clock"]
    assert chosen(graph, "lib.clock") == ["lib.clock"]
    with pytest.raises(AmbiguousSymbol):
        select(graph, "Node")


def test_a_whole_name_wins_over_the_end_of_another():
    graph = build_graph("requests.py function x\ntests/requests.py function y")
    assert chosen(graph, "requests") == ["requests"]


# Places. fields.py: module 1, Field 2-9, Field.clean 4-7, Field.name 8-9


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (1, "app.models.fields"),
        (2, "Field"),
        (4, "Field.clean"),
        (6, "Field.clean"),
        (8, "Field.name"),
        (10, "app.models.fields"),
        (99, "app.models.fields"),
    ],
)
def test_a_place_is_the_innermost_definition_there(graph, line, expected):
    at = node_at(graph, "app/models/fields.py", line)
    assert at is not None
    assert graph.symbol(at).qualified == expected
    assert select(graph, f"app/models/fields.py:{line}") == (at,)


def test_a_column_on_a_name_chooses_what_bears_it(graph):
    assert chosen(graph, "app/models/fields.py:2:7") == ["app.models.fields.Field"]
    assert chosen(graph, "app/models/fields.py:5:1") == ["app.models.fields.Field.clean"]


def test_a_variable_of_a_package_is_found_at_its_line():
    graph = build_graph("app/__init__.py variable __all__")
    (at,) = select(graph, "app/__init__.py:2")
    assert graph.symbol(at).key == "python:app.__all__"


def test_an_attribute_set_in_a_method_is_the_method():
    graph = build_graph("m.py class A\nm.py method A.__init__ lines=5\nm.py field A.x")
    init, attribute = node(graph, "m.A.__init__"), node(graph, "m.A.x")
    assert node_at(graph, "m.py", graph.node_line[init] + 2) == init
    assert node_at(graph, "m.py", graph.node_line[attribute]) == attribute


# Fuzzy names


def test_finding_ranks_the_very_name_then_beginnings_then_parts(graph):
    found = find_symbols(graph, "filter")
    assert found.total == 3
    assert found.results[0].score == 1.0
    found = find_symbols(graph, "quer")
    assert [match.symbol.qualified for match in found.results] == [
        "app.models.query",
        "QuerySet",
        "get_queryset",
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [("gq", "get_queryset"), ("QS", "QuerySet"), ("quryset", "QuerySet"), ("Field.cle", "clean")],
)
def test_finding_forgives(graph, text, name):
    assert find_symbols(graph, text).results[0].symbol.name == name


def test_finding_can_be_limited_and_filtered(graph):
    found = find_symbols(graph, "e", limit=2)
    assert len(found.results) == 2
    assert found.total > 2
    only = find_symbols(graph, "e", limit=0, kinds={SymbolKind.CLASS})
    assert {match.symbol.kind for match in only.results} == {SymbolKind.CLASS}
    assert find_symbols(graph, "  ").total == 0


def test_nearest_names_are_near(graph):
    assert nearest_names(graph, "Querset")[0] == "QuerySet"
    assert nearest_names(graph, "zzzzzz") == []


def test_words_of_names():
    assert words_of("HTTPServerError2_x") == ["http", "server", "error", "2", "x"]
