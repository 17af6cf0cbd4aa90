"""From places and names as a text gives them to the symbols of a project that they mean."""

from __future__ import annotations

from collections.abc import Iterable

from isg.graph.graph import Graph
from isg.graph.queries.members import CALLABLES, MODULES
from isg.graph.seeds.traces import Frame
from isg.graph.select import node_at


def symbols_at(graph: Graph, frames: Iterable[Frame]) -> tuple[int, ...]:
    """The symbols of the project at the places, in their order; other places are passed over.

    Where the symbol at a line has another name than the frame says, the file has changed since: then the
    nearest symbol of that name in the file is meant.
    """
    found = (_symbol_at(graph, frame) for frame in frames)
    return tuple(dict.fromkeys(node for node in found if node is not None))


def file_of(graph: Graph, path: str) -> str | None:
    """The indexed file that a path of any machine means: the longest end of it that is one.

    A bare file name (of Java) means the only file of that name.
    """
    parts = path.replace("\\", "/").removeprefix("file://").split("/")
    for start in range(len(parts)):
        end = "/".join(parts[start:])
        if graph.has_file(end) and (start == 0 or len(parts) - start > 1 or len(parts) == 1):
            return end
    named = [row.path for row in graph.files if row.path.rpartition("/")[2] == path]
    return named[0] if len(named) == 1 else None


def _symbol_at(graph: Graph, frame: Frame) -> int | None:
    path = file_of(graph, frame.path)
    if path is None:
        return None
    at = node_at(graph, path, frame.line)
    if not frame.name or (at is not None and graph.symbol(at).name == frame.name):
        return at
    named = [
        node
        for node in graph.in_file(path)
        if graph.node_kind[node] in CALLABLES and graph.symbol(node).name == frame.name
    ]
    if named:
        return min(named, key=lambda node: abs(graph.node_line[node] - frame.line))
    return None if at is not None and graph.node_kind[at] in MODULES else at
