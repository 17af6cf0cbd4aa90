"""find-cycles: components, shortest cycles, when edges run, what to cut, fingerprints."""

from __future__ import annotations

from itertools import combinations

import pytest
from drawing import build_graph
from hypothesis import given, settings
from hypothesis import strategies as st

from isg.graph.queries.feedback import feedback_arcs, greedy_feedback, shortest_cycle
from isg.graph.queries.find_cycles import components, find_cycles, new_cycles
from isg.graph.queries.projection import Level, When, project

MODULES = """
a.py function fa
b.py function fb
c.py function fc
d.py function fd
"""


def members(cycle):
    return [symbol.key.removeprefix("python:") for symbol in cycle.members]


def pairs(edges):
    return [(edge.source.qualified, edge.target.qualified) for edge in edges]


def test_modules_that_import_each_other_are_a_cycle_with_its_lines():
    graph = build_graph(MODULES, "a IMPORTS b 1:1\nb IMPORTS a 2:1\nc IMPORTS a 1:1\na IMPORTS a 9:1")
    (cycle,) = find_cycles(graph).results
    assert members(cycle) == ["a", "b"]
    assert pairs(cycle.edges) == [("a", "b"), ("b", "a")]
    assert [(file, site.line) for edge in cycle.edges for file, site in edge.places] == [
        ("a.py", 1),
        ("b.py", 2),
    ]
    assert (cycle.size, len(cycle.break_), cycle.fewest) == (2, 1, True)


def test_several_names_imported_on_one_line_are_one_place():
    graph = build_graph(
        "a.py module -\nb.py function f\nb.py function g",
        "a IMPORTS b.f 1:15\na IMPORTS b.g 1:18\nb IMPORTS a 2:8",
    )
    (cycle,) = find_cycles(graph).results
    assert [(site.line, site.column) for _, site in cycle.edges[0].places] == [(1, 15)]


def test_an_import_of_a_symbol_counts_for_its_module_and_can_break_an_import():
    by_name = build_graph(MODULES, "a IMPORTS b.fb 1:1\nb IMPORTS a.fa 1:1")
    by_module = build_graph(MODULES, "a IMPORTS b 1:1\nb IMPORTS a 1:1")
    assert find_cycles(by_name).results[0].breaks_import is True
    assert find_cycles(by_module).results[0].breaks_import is False


@pytest.mark.parametrize(
    ("edge", "breaks"),
    [
        ("a CALLS b.fb", True),
        ("a.Child IMPL/extends b.Base", True),
        ("a.Child USES/type b.Base", False),
        ("a.fa CALLS b.fb", False),
        ("a USES/read b", False),
    ],
)
def test_a_module_used_by_code_that_runs_at_import_can_break_it(edge, breaks):
    graph = build_graph(MODULES + "a.py class Child\nb.py class Base", f"a IMPORTS b\nb IMPORTS a\n{edge}")
    assert find_cycles(graph).results[0].breaks_import is breaks


def test_lazy_and_type_only_imports_are_marked_and_can_be_left_out():
    graph = build_graph(
        MODULES, "a IMPORTS b.fb\nb IMPORTS/lazy a.fa\nb IMPORTS c.fc\nc IMPORTS/type-only b.fb"
    )
    (cycle,) = find_cycles(graph).results
    assert cycle.size == 3
    assert cycle.breaks_import is False
    assert {edge.when for edge in cycle.edges} == {When.RUNTIME, When.LAZY}
    (left,) = find_cycles(graph, include_lazy=False).results
    assert members(left) == ["b", "c"]
    answer = find_cycles(graph, include_lazy=False, include_type_only=False)
    assert answer.results == ()
    assert [notice.code for notice in answer.warnings] == ["none"]


def test_a_module_imported_lazily_and_at_once_runs_at_once():
    graph = build_graph(MODULES, "a IMPORTS b\na IMPORTS/lazy b.fb\nb IMPORTS a")
    (cycle,) = find_cycles(graph).results
    assert {edge.when for edge in cycle.edges} == {When.RUNTIME}


def test_a_package_that_imports_from_its_own_modules_re_exports():
    graph = build_graph(
        "p/__init__.py module -\np/core.py function run", "p IMPORTS p.core.run\np.core IMPORTS p"
    )
    (cycle,) = find_cycles(graph).results
    assert [edge.when for edge in cycle.edges] == [When.REEXPORT, When.RUNTIME]


def test_the_shortest_cycle_stands_first_and_the_rest_of_the_component_after_it():
    graph = build_graph(MODULES, "a IMPORTS b\nb IMPORTS c\nc IMPORTS d\nd IMPORTS a\nd IMPORTS c")
    (cycle,) = find_cycles(graph).results
    assert members(cycle) == ["c", "d", "a", "b"]
    assert pairs(cycle.edges) == [("c", "d"), ("d", "c")]
    assert pairs(cycle.break_) == [("c", "d")]


def test_packages_are_the_folders():
    graph = build_graph(
        "p/__init__.py module -\np/one.py module -\nq/__init__.py module -\nq/two.py module -",
        "p.one IMPORTS q.two\nq.two IMPORTS p\np.one IMPORTS p",
    )
    assert find_cycles(graph).results == ()
    (cycle,) = find_cycles(graph, level="package").results
    assert members(cycle) == ["p", "q"]


def test_classes_depend_on_each_other_through_their_methods():
    graph = build_graph(
        "m.py class A\nm.py method A.f\nm.py class B\nm.py method B.g\nm.py function free",
        "m.A.f CALLS m.B\nm.B.g USES/read m.A.f\nm.free CALLS m.A\nm.A.f CALLS m.free",
    )
    (cycle,) = find_cycles(graph, level="class").results
    assert members(cycle) == ["m.A", "m.B"]
    assert cycle.breaks_import is None


def test_functions_that_call_each_other_are_a_cycle_and_one_that_calls_itself_is_none():
    graph = build_graph(MODULES, "a.fa CALLS b.fb\nb.fb CALLS a.fa\nc.fc CALLS c.fc")
    (cycle,) = find_cycles(graph, level="function").results
    assert members(cycle) == ["a.fa", "b.fb"]


def test_the_largest_component_comes_first():
    graph = build_graph(
        "a.py module -\nb.py module -\nc.py module -\nd.py module -\ne.py module -",
        "a IMPORTS b\nb IMPORTS a\nc IMPORTS d\nd IMPORTS e\ne IMPORTS c",
    )
    assert [cycle.size for cycle in find_cycles(graph).results] == [3, 2]


def test_a_fingerprint_survives_moved_lines_and_changes_with_the_members():
    before = build_graph(MODULES, "a IMPORTS b 1:1\nb IMPORTS a 1:1")
    moved = build_graph(MODULES, "a IMPORTS b 7:1\nb IMPORTS/lazy a.fa 9:1")
    grown = build_graph(MODULES, "a IMPORTS b\nb IMPORTS c\nc IMPORTS a")
    (first,) = find_cycles(before).results
    (second,) = find_cycles(moved).results
    (third,) = find_cycles(grown).results
    assert first.fingerprint == second.fingerprint != third.fingerprint
    assert new_cycles([second, third], {first.fingerprint}) == (third,)


def test_an_empty_graph_has_no_cycles():
    assert find_cycles(build_graph("")).results == ()


# The algorithms, against brute force

ARCS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=14, unique=True)


def reachable(arcs, start):
    seen, waiting = set(), [start]
    while waiting:
        node = waiting.pop()
        for source, target in arcs:
            if source == node and target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


def has_cycle(arcs):
    return any(source in reachable(arcs, source) for source, _ in arcs)


@given(ARCS)
def test_components_are_the_sets_of_mutually_reachable_nodes(arcs):
    nodes = {end for pair in arcs for end in pair}
    expected = {
        frozenset(other for other in nodes if other in reachable(arcs, one) and one in reachable(arcs, other))
        for one in nodes
    }
    assert sorted(map(frozenset, components(arcs)), key=sorted) == sorted(
        (group for group in expected if len(group) > 1), key=sorted
    )


@given(ARCS)
def test_cut_arcs_open_every_cycle_and_none_of_them_is_needless(arcs):
    proper = [arc for arc in arcs if arc[0] != arc[1]]
    for cut in (feedback_arcs(arcs)[0], greedy_feedback(sorted(proper))):
        left = [arc for arc in proper if arc not in cut]
        assert not has_cycle(left)
        for arc in cut:
            assert has_cycle([*left, arc])


@settings(max_examples=40)
@given(ARCS)
def test_the_cut_is_the_smallest_there_is(arcs):
    proper = [arc for arc in arcs if arc[0] != arc[1]]
    cut, proved = feedback_arcs(proper)
    assert proved
    for size in range(len(cut)):
        for fewer in combinations(proper, size):
            assert has_cycle([arc for arc in proper if arc not in fewer])


@given(ARCS)
def test_a_shortest_cycle_is_one_and_there_is_none_shorter(arcs):
    proper = sorted(arc for arc in arcs if arc[0] != arc[1])
    successors = {}
    for source, target in proper:
        successors.setdefault(source, []).append(target)
    cycle = shortest_cycle(successors, range(6))
    if not cycle:
        assert not has_cycle(proper)
        return
    assert cycle[0] == min(cycle)
    assert all(pair in proper for pair in zip(cycle, [*cycle[1:], cycle[0]], strict=True))
    assert len(cycle) == min(
        length for length in range(2, 7) for start in range(6) if returns(proper, start, length)
    )


def returns(arcs, start, length):
    level = {start}
    for _ in range(length):
        level = {target for source, target in arcs if source in level}
    return start in level


@pytest.mark.parametrize("size", [40, 120])
def test_a_large_component_is_opened_too(size):
    arcs = [(at, (at * 7 + step) % size) for at in range(size) for step in range(1, 6)]
    cut, _ = feedback_arcs(arcs)
    left = {arc for arc in arcs if arc not in set(cut) and arc[0] != arc[1]}
    assert components(left) == []


# What one import statement depends on: the module it names, and the name in it, stand at one place


def targets(graph, source="u"):
    return {
        graph.symbol(found.target).qualified: found.needs_name
        for found in project(graph, Level.MODULE)
        if graph.symbol(found.source).qualified == source
    }


def test_a_name_that_a_package_re_exports_depends_on_the_package_alone():
    graph = build_graph(
        "p/__init__.py module -\np/core.py function run\nu.py module -",
        "u IMPORTS p 1:15\nu IMPORTS p.core.run 1:15",
    )
    assert targets(graph) == {"p": True}


def test_a_module_imported_from_its_package_depends_on_the_module_alone():
    graph = build_graph(
        "p/__init__.py module -\np/core.py module -\nu.py module -",
        "u IMPORTS p 1:15\nu IMPORTS p.core 1:15",
    )
    assert targets(graph) == {"p.core": False}


def test_a_module_that_a_module_re_exports_depends_on_that_module():
    graph = build_graph(
        "compat.py module -\nvendor.py module -\nu.py module -",
        "u IMPORTS compat 1:20\nu IMPORTS vendor 1:20\ncompat IMPORTS vendor 1:8",
    )
    assert targets(graph) == {"compat": False}
