"""The packed graph: same bytes from any order, edges of several files merged, foreign bytes refused."""

from __future__ import annotations

import random
from array import array

import msgspec
import pytest
from drawing import build_graph, draw, node
from hypothesis import given
from hypothesis import strategies as st

from isg.graph.codes import CALLS, DEPENDENCIES, IMPL
from isg.graph.graph import Graph
from isg.graph.model import Confidence, EdgeKind, How, Site
from isg.graph.packing import FileRow, Statements, pack_graph
from isg.graph.sections import NotAnImage
from isg.graph.sites import pack_site, places_in, unpack_site
from isg.graph.stated import StatedEdges

SYMBOLS = """
app/models.py class Base
app/models.py method Base.save
app/models.py class Child
app/models.py method Child.save
app/views.py function show
- external requests.get
"""
EDGES = """
app.models.Child IMPL/extends app.models.Base 3:13
app.models.Child.save OVERRIDES app.models.Base.save
app.views.show CALLS app.models.Base.save inferred 4:5 2:9
app.views.show CALLS requests.get 5:5
app.views IMPORTS app.models 1:1
"""


def test_the_bytes_do_not_depend_on_the_order_of_what_is_packed():
    drawing = draw(SYMBOLS, EDGES)
    symbols, edges = list(drawing.symbols.values()), list(drawing.edges)
    first = Graph.pack("p", "s", symbols, edges, {"b": 1, "a": 2}, [FileRow("app/views.py", "python", 9)])
    for seed in range(5):
        random.Random(seed).shuffle(symbols)
        random.Random(seed).shuffle(edges)
        again = Graph.pack(
            "p", "s", symbols * 2, edges, {"a": 2, "b": 1}, [FileRow("app/views.py", "python", 9)]
        )
        assert again == first


def test_edges_as_columns_are_the_same_edges_and_pack_to_the_same_bytes():
    drawing = draw(SYMBOLS, EDGES)
    symbols, lost = list(drawing.symbols.values()), drawing.edges[-1]
    edges = [*drawing.edges, msgspec.structs.replace(lost, target=1)]  # which no symbol has for its id
    columns = {file: StatedEdges.of([e for e in edges if e.file == file]) for file in {e.file for e in edges}}

    def state_edges(statements: Statements) -> None:
        for file, stated in columns.items():
            statements.gather_columns(file, stated)

    assert sorted(
        edge for file, stated in columns.items() for edge in map(repr, stated.edges(file))
    ) == sorted(map(repr, edges))
    packed = pack_graph("p", "s", symbols, state_edges, {}, ())
    assert packed.meta.dangling == 1
    assert packed.joined() == Graph.pack("p", "s", symbols, edges)


def test_symbols_come_back_as_they_went_in():
    drawing = draw(SYMBOLS, EDGES)
    graph = Graph(Graph.pack("p", "s", drawing.symbols.values(), drawing.edges))
    assert {graph.symbol(at) for at in range(len(graph))} == set(drawing.symbols.values())
    assert set(graph.symbols()) == set(drawing.symbols.values())
    for symbol in drawing.symbols.values():
        at = graph.node_of(symbol.id)
        assert at is not None
        assert at == graph.by_key(symbol.key)
        assert graph.symbol(at) == symbol
    assert graph.node_of(1) is None
    assert graph.by_key("python:nothing") is None


def test_a_module_answers_to_the_last_part_of_its_name_and_an_external_to_its_own():
    graph = build_graph(SYMBOLS)
    assert list(graph.by_name("models")) == [node(graph, "app.models")]
    assert list(graph.by_name("get")) == [node(graph, "requests.get")]
    assert len(graph.by_name("save")) == 2
    assert list(graph.by_name("<module>")) == []


def test_the_nodes_of_a_file_start_with_its_module_and_follow_its_lines():
    graph = build_graph(SYMBOLS)
    nodes = graph.in_file("app/models.py")
    assert [graph.symbol(at).qualified for at in nodes] == [
        "app.models",
        "Base",
        "Base.save",
        "Child",
        "Child.save",
    ]
    assert list(graph.in_file("app/none.py")) == []


def test_arcs_are_found_from_both_ends_and_by_kind():
    graph = build_graph(SYMBOLS, EDGES)
    show, save = node(graph, "app.views.show"), node(graph, "app.models.Base.save")
    assert graph.targets(show, CALLS) == [save, node(graph, "requests.get")]
    assert graph.sources(save, CALLS) == [show]
    assert graph.sources(node(graph, "app.models.Base"), IMPL) == [node(graph, "app.models.Child")]
    assert graph.targets(show, CALLS, Confidence.EXACT) == [node(graph, "requests.get")]
    (arc,) = graph.incoming(save, CALLS)
    assert graph.sites(arc) == (Site(2, 9), Site(4, 5))
    assert graph.edge_kind(arc) is EdgeKind.CALLS
    assert graph.how(arc) is How.NONE


def test_edges_that_several_files_state_are_one_arc_with_the_best_confidence():
    graph = build_graph(
        "a.py function run\nb.py function task\nc.py function other",
        """
        a.run CALLS/callback b.task dispatch 3:1
        @c.py a.run CALLS/callback b.task inferred 1:2 1:2
        """,
    )
    (arc,) = graph.outgoing(node(graph, "a.run"))
    assert graph.confidence(arc) is Confidence.INFERRED
    assert graph.places(arc) == (("a.py", Site(3, 1)), ("c.py", Site(1, 2)))


def test_an_edge_to_nothing_known_is_counted_and_left_out():
    drawing = draw(SYMBOLS, EDGES)
    symbols = [symbol for symbol in drawing.symbols.values() if not symbol.external]
    graph = Graph(Graph.pack("p", "s", symbols, drawing.edges))
    assert graph.meta.dangling == 1
    assert graph.edge_count == len(drawing.edges) - 1


def test_an_empty_graph_opens():
    graph = Graph(Graph.pack("p", "s", [], []))
    assert len(graph) == 0
    assert list(graph.by_name("x")) == []
    assert graph.unresolved == {}
    assert graph.rx().num_nodes() == 0


def test_counts_stand_in_the_meta_data():
    graph = build_graph(SYMBOLS, EDGES, {"save": 3, "none": 0})
    assert (graph.symbol_count, graph.meta.externals, graph.file_count) == (7, 1, 2)
    assert graph.meta.by_kind["CALLS"] == 2
    assert graph.unresolved == {"save": 3}


@pytest.mark.parametrize("data", [b"", b"nonsense", b"ISGGRAPH" + b"\xff" * 40])
def test_foreign_bytes_are_no_image(data):
    with pytest.raises(NotAnImage):
        Graph(data)


def test_a_cut_image_is_no_image():
    data = Graph.pack("p", "s", draw(SYMBOLS).symbols.values(), [])
    for length in (10, 100, len(data) - 1):
        with pytest.raises(NotAnImage):
            Graph(data[:length])


def test_rustworkx_sees_the_same_arcs():
    graph = build_graph(SYMBOLS, EDGES)
    assert sorted(graph.rx().weighted_edge_list()) == sorted(
        (graph.arc_source[arc], graph.arc_target[arc], arc) for arc in range(graph.edge_count)
    )


@given(
    st.integers(0, 2**20 - 1),
    st.integers(0, 2**24 - 1),
    st.integers(0, 2**20 - 1),
)
def test_sites_survive_packing(file, line, column):
    assert unpack_site(pack_site(file, line, column)) == (file, Site(line, column))


@given(st.lists(st.integers(0, 40)), st.sets(st.integers(0, 40)))
def test_the_sites_of_files_are_found(files, wanted):
    sites = memoryview(array("Q", [pack_site(file, 2**24 - 1, 2**20 - 1) for file in files]))
    found = sorted(places_in(sites, wanted))
    assert found == [place for place, file in enumerate(files) if file in wanted]


def test_an_absurd_column_is_cut_and_stays_on_its_line():
    file, site = unpack_site(pack_site(7, 3, 10**9))
    assert (file, site.line) == (7, 3)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=40))
def test_both_directions_hold_the_same_arcs(pairs):
    symbols = "\n".join(f"m.py function f{at}" for at in range(10))
    graph = build_graph(symbols, "\n".join(f"m.f{a} CALLS m.f{b}" for a, b in pairs))
    forward = [arc for at in range(len(graph)) for arc in graph.outgoing(at)]
    backward = [arc for at in range(len(graph)) for arc in graph.incoming(at)]
    assert forward == sorted(backward) == list(range(graph.edge_count))
    for at in range(len(graph)):
        assert all(graph.arc_target[arc] == at for arc in graph.incoming(at))
        for kind in DEPENDENCIES:
            expected = [arc for arc in graph.incoming(at) if graph.arc_kind[arc] == kind]
            assert list(graph.incoming(at, kind)) == expected
            assert list(graph.outgoing(at, kind)) == [
                arc for arc in graph.outgoing(at) if graph.arc_kind[arc] == kind
            ]
