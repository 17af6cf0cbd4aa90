"""blast-radius --tests: which tests a change calls for, by which way, and in which order."""

from __future__ import annotations

from drawing import build_graph, node

from isg.graph.queries.selection import select_tests

CODE = """
m.py function save_order
m.py function checkout
other.py function unrelated
tests/test_shop.py function test_save_order test
tests/test_shop.py function test_checkout test
tests/test_else.py function test_unrelated test
tests/test_shop.py function helper test
"""
EDGES = """
m.checkout CALLS m.save_order
tests.test_shop.test_save_order CALLS m.save_order
tests.test_shop.test_checkout CALLS m.checkout
tests.test_else.test_unrelated CALLS other.unrelated
tests.test_shop IMPORTS m.checkout
"""


def select(graph, *changed, **options):
    def no_source(path, line):
        return None

    return select_tests(graph, [node(graph, name) for name in changed], no_source, **options)


def found(answer):
    return [(one.title or one.symbol.name, one.way, one.depth) for one in answer.results]


def test_tests_come_with_the_shortest_way_and_the_nearest_first():
    graph = build_graph(CODE, EDGES)
    answer = select(graph, "m.save_order")
    assert found(answer) == [("test_save_order", "calls", 1), ("test_checkout", "calls", 2)]
    path = [graph.symbol(step).name for step in answer.results[1].path]
    assert path == ["checkout", "save_order"]
    assert answer.tests == 3


def test_a_way_by_imports_counts_where_there_is_no_other():
    graph = build_graph(CODE, "tests.test_shop IMPORTS m.checkout")
    ways = {way for _, way, _ in found(select(graph, "m.save_order"))}
    assert ways == {"imports"}


def test_no_test_is_an_answer_that_says_so():
    graph = build_graph(CODE, "")
    answer = select(graph, "other.unrelated", "m.checkout", share=0.01)
    assert {way for _, way, _ in found(answer)} <= {"names"}
    lonely = build_graph("m.py function f\ntests/test_g.py function test_g test", "")
    assert [notice.code for notice in select(lonely, "m.f").warnings] == ["none"]


def test_a_changed_fixture_calls_for_the_tests_of_its_folder():
    graph = build_graph(
        "tests/a/conftest.py function client test\ntests/a/test_x.py function test_y test\n"
        "tests/b/test_z.py function test_w test",
        "",
    )
    assert found(select(graph, "tests.a.conftest.client")) == [("test_y", "fixture", 0)]


def test_everything_is_all_tests_in_order_and_says_why():
    graph = build_graph(CODE, EDGES)
    answer = select(graph, "m.save_order", everything="pyproject.toml is not seen")
    assert [name for name, _, _ in found(answer)] == ["test_save_order", "test_checkout", "test_unrelated"]
    assert answer.warnings[0].message == "all 3 tests: pyproject.toml is not seen"


def test_a_changed_test_is_selected_itself():
    graph = build_graph(CODE, EDGES)
    assert found(select(graph, "tests.test_else.test_unrelated"))[0][0] == "test_unrelated"


MANY = "m.py function f\n" + "\n".join(
    f"tests/test_{number}.py function test_{number} test" for number in range(60)
)


def test_of_many_tests_with_a_way_by_imports_the_likelier_share_is_taken():
    imports = "\n".join(f"tests.test_{number} IMPORTS m.f" for number in range(60))
    answer = select(build_graph(MANY, imports), "m.f")
    assert len(answer.results) == 30 and answer.left_out == 30
    assert len(select(build_graph(MANY, imports), "m.f", share=1.0).results) == 60
    calls = "\n".join(f"tests.test_{number}.test_{number} CALLS m.f" for number in range(60))
    assert len(select(build_graph(MANY, calls), "m.f").results) == 60


def test_blocks_of_a_module_are_tests_with_titles():
    graph = build_graph(
        "m.py function parse\nm.py function show\ntests/spec.py function setup test lines=30\n"
        "- external vitest.test",
        "tests.spec.setup CALLS vitest.test exact 4:1 8:1\n"
        "tests.spec.setup CALLS m.parse exact 5:3\ntests.spec.setup CALLS m.show exact 9:3",
    )
    lines = {4: "test('parses well', () => {", 8: 'test("shows it", () => {'}
    answer = select_tests(graph, [node(graph, "m.parse")], lambda path, line: lines.get(line))
    assert answer.results[0].title == "parses well" and answer.results[0].line == 4
    assert answer.results[0].way == "calls" and answer.results[0].end_line == 7
