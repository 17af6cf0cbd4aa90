"""A graph patched after an edit is the one packed of all that is said then, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import msgspec
from drawing import draw
from hypothesis import given
from hypothesis import strategies as st

from isg.graph.graph import Graph
from isg.graph.model import Confidence, Edge, EdgeKind, How, Site, Symbol
from isg.graph.packing import FileRow
from isg.graph.patching import CannotPatch, Edited, patch_graph

_FILES = ("a.py", "b.py", "c.py")
_DRAWN = draw(
    "\n".join(f"{file} function f{at}" for file in _FILES for at in range(4)) + "\n- external out.side", ""
)
_SYMBOLS = list(_DRAWN.symbols.values())
_ROWS = [FileRow(file, "python", 9) for file in _FILES]
_EDITED = "b.py"


@st.composite
def stated(draw: st.DrawFn, file: str) -> list[Edge]:
    """Edges that a file states: between its symbols and any, or as it passes on what others call."""
    own = [symbol.id for symbol in _SYMBOLS if symbol.file == file]
    found: dict[tuple[object, ...], Edge] = {}
    for _ in range(draw(st.integers(0, 12))):
        callback = draw(st.booleans())
        source = draw(st.sampled_from([symbol.id for symbol in _SYMBOLS if symbol.file] if callback else own))
        target = draw(st.sampled_from(_SYMBOLS)).id
        kind = EdgeKind.CALLS if callback else draw(st.sampled_from([EdgeKind.CALLS, EdgeKind.USES]))
        how = How.CALLBACK if callback else How.NONE
        sure = draw(st.sampled_from([Confidence.EXACT, Confidence.DISPATCH]))
        places = draw(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=3))
        sites = tuple(Site(*place) for place in sorted(set(places)))
        found[kind, how, source, target] = Edge(kind, how, sure, source, target, file, sites)
    return list(found.values())


def lowered(symbols: list[Symbol], lines: int) -> Iterator[Symbol]:
    for each in symbols:
        yield msgspec.structs.replace(each, line=each.line + lines, end_line=each.end_line + lines)


@given(st.fixed_dictionaries({file: stated(file) for file in _FILES}), stated(_EDITED), st.integers(0, 2))
def test_a_patched_graph_is_the_packed_one(
    before: dict[str, list[Edge]], after: list[Edge], lines: int
) -> None:
    drawn = list(_DRAWN.edges)
    base = Graph(
        Graph.pack("p", "s", _SYMBOLS, [*drawn, *chain.from_iterable(before.values())], {"x": 1}, _ROWS)
    )
    own = list(lowered([symbol for symbol in _SYMBOLS if symbol.file == _EDITED], lines))
    edges = [edge for edge in drawn if edge.file == _EDITED] + after
    edited = Edited({_EDITED}, own, externals=[], left=frozenset(), edges=edges)
    try:
        patched = patch_graph(base, edited, "t", {"y": 2}, _ROWS)
    except CannotPatch:  # two files state one of the arcs
        return
    symbols = [symbol for symbol in _SYMBOLS if symbol.file != _EDITED] + own
    now = [*drawn, *chain.from_iterable((before | {_EDITED: after}).values())]
    assert patched.joined() == Graph.pack("p", "t", symbols, now, {"y": 2}, _ROWS)
