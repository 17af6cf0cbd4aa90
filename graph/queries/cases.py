"""The tests of a project: what its runners would collect, found in the graph.

In Python and Rust a test is a function. In JavaScript and TypeScript it is a call of ``test`` or ``it``: the
sites of these calls say where each begins, and what stands from there to the next belongs to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from isg.graph.codes import CALLS, CONTAINMENT, DEPENDENCIES, SYMBOL_CODE, symbol_codes
from isg.graph.graph import Graph
from isg.graph.model import CALLABLE_KINDS, SymbolKind

_CALLABLES = symbol_codes(CALLABLE_KINDS)
_MODULES = symbol_codes({SymbolKind.MODULE, SymbolKind.PACKAGE})
_EXTERNAL = SYMBOL_CODE[SymbolKind.EXTERNAL]
_RUNNERS = ("test", "it", "each", "only", "skip", "concurrent", "todo", "failing", "fails")
_BLOCK = re.compile(r"(?:.*[.:])?(?:it|test)(?:\.(?:each|only|skip|concurrent|todo|failing|fails))*")
_TITLE = re.compile(r"\(\s*([\"'`])(?P<title>(?:\\.|(?!\1).)*)\1")


class Case(msgspec.Struct, frozen=True, gc=False):
    """A test: a function, or a block of lines in one or in a module."""

    node: int  # the function, or what the block stands in
    line: int
    end: int
    targets: tuple[int, ...]  # what it mentions
    title: str = ""  # of a block; a function has none


def test_cases(graph: Graph, line_of: Callable[[str, int], str | None]) -> tuple[Case, ...]:
    """All tests of a project, by file and line; titles of blocks are read from the source."""
    blocks = _block_lines(graph)
    found = [_function(graph, node) for node in _functions(graph) if graph.node_file[node] not in blocks]
    for file, lines in blocks.items():
        found += _blocks(graph, graph.files[file].path, sorted(lines), line_of)
    return tuple(sorted(found, key=lambda case: (graph.node_file[case.node], case.line)))


test_cases.__test__ = False  # type: ignore[attr-defined]


def _functions(graph: Graph) -> Iterator[int]:
    """Test functions: by the name that runners of Python collect, or marked as tests in Rust."""
    nodes = [
        node
        for node in range(len(graph))
        if graph.node_kind[node] in _CALLABLES and graph.is_test(node) and graph.node_file[node] >= 0
    ]
    for node, name in zip(nodes, graph.bare_names(nodes), strict=True):
        if name.startswith("test") or _is_marked(graph, node):
            yield node


def _is_marked(graph: Graph, node: int) -> bool:
    path = graph.path(node) or ""
    return path.endswith(".rs") and "test" in graph.symbol(node).modifiers


def _function(graph: Graph, node: int) -> Case:
    targets = dict.fromkeys(
        graph.arc_target[arc]
        for each in _with_nested(graph, node)
        for arc in graph.outgoing(each)
        if graph.arc_kind[arc] in DEPENDENCIES
    )
    return Case(node, graph.node_line[node], graph.node_end[node], tuple(targets))


def _with_nested(graph: Graph, node: int) -> list[int]:
    found = [node]
    for each in found:
        found += [graph.arc_target[arc] for arc in graph.outgoing(each) if graph.arc_kind[arc] in CONTAINMENT]
    return found


def _block_lines(graph: Graph) -> dict[int, set[int]]:
    """The lines on which `test(…)` and `it(…)` are called, by file."""
    found: dict[int, set[int]] = {}
    for name in _RUNNERS:
        for node in graph.by_name(name):
            if graph.node_kind[node] != _EXTERNAL or not _BLOCK.fullmatch(graph.symbol(node).key):
                continue
            for arc in graph.incoming(node, CALLS):
                source = graph.arc_source[arc]
                if graph.is_test(source):
                    lines = found.setdefault(graph.node_file[source], set())
                    lines |= {site.line for site in graph.sites(arc)}
    return found


def _blocks(
    graph: Graph, path: str, lines: list[int], line_of: Callable[[str, int], str | None]
) -> Iterator[Case]:
    nodes = graph.in_file(path)
    mentions = sorted(_mentions(graph, path))
    ends = [*(line - 1 for line in lines[1:]), graph.node_end[nodes[0]]]
    at = 0
    for line, end in zip(lines, ends, strict=True):
        targets: dict[int, None] = {}
        while at < len(mentions) and mentions[at][0] <= end:
            if mentions[at][0] >= line:
                targets[mentions[at][1]] = None
            at += 1
        text = f"{line_of(path, line) or ''} {(line_of(path, line + 1) or '').strip()}"
        title = _TITLE.search(text)
        yield Case(nodes[0], line, end, tuple(targets), title["title"] if title else f"line {line}")


def _mentions(graph: Graph, path: str) -> Iterator[tuple[int, int]]:
    """(line, target) of each site in a file."""
    for node in graph.in_file(path):
        for arc in graph.outgoing(node):
            if graph.arc_kind[arc] in DEPENDENCIES:
                for place, site in graph.places(arc):
                    if place == path:
                        yield site.line, graph.arc_target[arc]
