"""Which tests a change calls for: those with a way to it, likeliest first.

A way is a chain of calls and uses from a test to what changed, or, where none is known, one of imports. As
most tests of a small project import most of it, a way by imports alone tells little: of all tests, ranked
by how likely they have to change or fail, ways count in the first part only (:data:`SHARE`). What is ranked
at the very top is selected without a way as well: tests that run the code by another process, or by a name
in a configuration, still name it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from posixpath import basename
from typing import Literal, NamedTuple

import msgspec

from isg.graph.graph import Graph
from isg.graph.model import Confidence, EdgeKind, Symbol
from isg.graph.queries.bound import Bound, Notice, bound_of
from isg.graph.queries.cases import Case, test_cases
from isg.graph.queries.chances import FAR, alikeness, chances
from isg.graph.queries.members import module_of
from isg.graph.queries.ways import RUNS, Way, chain, import_ways, ways_to
from isg.parsers.languages import FAMILIES

SHARE = 0.5  # of all tests: those ranked below it need more than a way by imports or a long one
_CLOSE = 3  # hops of a way by calls that counts whatever the rank
_FEW = 20  # tests that are not worth choosing from
_NAMED = 0.1  # of all tests: those ranked above it need no way at all


WayKind = Literal["calls", "imports", "names", "fixture", "unseen"]


class Selected(msgspec.Struct, frozen=True):
    """A test that a change calls for."""

    symbol: Symbol  # the function, or what the block stands in
    line: int
    end_line: int
    title: str  # of a block; empty for a function
    score: float  # in (0, 1], higher is likelier
    depth: int  # hops of the way; 0 where there is none
    way: WayKind
    via: EdgeKind | None  # the edge of the way's first hop
    path: tuple[int, ...]  # the nodes of the way, from the test's side to what changed
    confidence: Confidence


class _Ways(NamedTuple):
    """All that can lead from tests to a change."""

    runs: Mapping[int, Way]
    imports: Mapping[int, Way]
    fixtures: tuple[str, ...]  # folders


class Selection(msgspec.Struct, frozen=True):
    results: tuple[Selected, ...]
    tests: int  # of the project
    left_out: int  # tests with a way that are ranked too low
    bound: Bound
    warnings: tuple[Notice, ...] = ()


def select_tests(
    graph: Graph,
    changed: Sequence[int],
    line_of: Callable[[str, int], str | None],
    *,
    floor: Confidence = Confidence.DISPATCH,
    share: float = SHARE,
    together: Mapping[int, float] | None = None,
    everything: str = "",
) -> Selection:
    """The tests that a change of these symbols calls for, likeliest first.

    ``together`` weighs how often nodes changed with the changed ones. ``everything`` says why all tests are
    selected, ranked nevertheless.
    """
    cases = test_cases(graph, line_of)
    ways = _Ways(ways_to(graph, changed, floor), import_ways(graph, changed), _fixtures(graph, changed))
    nearest = [nearest_of(case, ways.runs) for case in cases]
    hops = [FAR if near < 0 else ways.runs[near].depth + 1 for near in nearest]
    alike = alikeness(graph, cases, changed)
    likely = chances(graph, cases, alike, hops, together or {})
    order = sorted(range(len(cases)), key=lambda at: (-likely[at], at))
    most, named = max(share * len(cases), _FEW), _NAMED * len(cases)
    families = {_family(graph, node) for node in changed}
    results: list[Selected] = []
    left_out = 0
    for rank, at in enumerate(order):
        kind, path, confidence = _way(graph, cases[at], nearest[at], ways)
        named_like = rank < named and alike[at] and _family(graph, cases[at].node) in families
        if kind == "names" and not named_like:
            kind = "unseen"
        close = kind == "fixture" or (kind == "calls" and hops[at] <= _CLOSE)
        if not everything and (kind == "unseen" or (rank >= most and not close)):
            left_out += kind != "unseen"
            continue
        results.append(_selected(graph, cases[at], likely[at], kind, path, Confidence(confidence)))
    return Selection(
        tuple(results),
        len(cases),
        left_out,
        bound_of((found.confidence for found in results), graph, changed),
        tuple(_notices(results, len(cases), left_out, everything)),
    )


def _family(graph: Graph, node: int) -> str:
    """The languages whose code can name a symbol's."""
    return FAMILIES[graph.symbol(node).language]


def nearest_of(case: Case, ways: Mapping[int, Way]) -> int:
    """Which of what a test is and mentions is nearest to what changed; -1 where nothing has a way."""
    own = case.targets if case.title else (case.node, *case.targets)
    return min(
        (target for target in own if target in ways),
        key=lambda target: (ways[target].depth, -ways[target].confidence, target),
        default=-1,
    )


def _way(graph: Graph, case: Case, nearest: int, ways: _Ways) -> tuple[WayKind, tuple[int, ...], int]:
    """The shortest way of a test, as nodes from what it mentions to what changed, and how sure it is."""
    if nearest >= 0:
        return "calls", tuple(chain(nearest, ways.runs)), ways.runs[nearest].confidence
    module = module_of(graph, case.node)
    if module is not None and module in ways.imports:
        return "imports", tuple(chain(module, ways.imports)), Confidence.DISPATCH
    if (graph.path(case.node) or "").startswith(ways.fixtures):
        return "fixture", (), Confidence.DISPATCH
    return "names", (), Confidence.GUESS


def _fixtures(graph: Graph, changed: Iterable[int]) -> tuple[str, ...]:
    """The folders whose tests may be given what a changed `conftest.py` defines, though none names it."""
    paths = {graph.path(node) or "" for node in changed}
    return tuple(path.removesuffix("conftest.py") for path in paths if basename(path) == "conftest.py")


def _selected(
    graph: Graph, case: Case, score: float, way: WayKind, path: tuple[int, ...], confidence: Confidence
) -> Selected:
    return Selected(
        graph.symbol(case.node),
        case.line,
        case.end,
        case.title,
        round(score, 6),
        len(path),
        way,
        EdgeKind.IMPORTS if way == "imports" else _first_edge(graph, case, path),
        path,
        confidence,
    )


def _first_edge(graph: Graph, case: Case, path: Sequence[int]) -> EdgeKind | None:
    kinds = [
        graph.edge_kind(arc)
        for node in (case.node, *graph.in_file(graph.path(case.node) or ""))
        if path and graph.node_start[case.node] <= graph.node_line[node] <= graph.node_end[case.node]
        for arc in graph.outgoing(node)
        if graph.arc_target[arc] == path[0] and graph.arc_kind[arc] in RUNS
    ]
    return kinds[0] if kinds else None


def _notices(results: Sequence[Selected], tests: int, left_out: int, everything: str) -> Iterator[Notice]:
    if everything:
        yield Notice("everything", f"all {tests:,} tests: {everything}")
    elif not results:
        yield Notice("none", "looked, and there is none: no test reaches it")
    elif left_out:
        message = f"{left_out:,} less likely tests have a way to it too: --share 100 takes all"
        yield Notice("less_likely", message)
