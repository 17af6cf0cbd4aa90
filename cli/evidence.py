"""Why an edge is believed: the lines of the source that lead from its site to its target.

A site alone proves little where a type had to be followed. What stands around it in the graph tells the
rest: where the receiver's type is named, what the called function gives, which class inherits the member.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from isg.graph.codes import CALLS, IMPL, IMPORTS, USES
from isg.graph.graph import Graph
from isg.graph.model import Confidence, SymbolKind
from isg.graph.queries.members import CALLABLES, TYPES, enclosing

_HOLDERS = frozenset({SymbolKind.FIELD, SymbolKind.VARIABLE, SymbolKind.CONSTANT, SymbolKind.PROPERTY})
_FAMILY = 10_000  # subtypes looked at, at most


class Step(NamedTuple):
    """One line of a proof."""

    step: str  # site, attribute, returns, type, self, inherits, import, overrides, definition
    file: str | None
    line: int
    column: int = 0
    note: str = ""  # in place of the line's text


def steps(graph: Graph, arc: int) -> list[Step]:
    """The proof of an arc: its sites, how the type was found where one was followed, and the imports."""
    source, target = graph.arc_source[arc], graph.arc_target[arc]
    places = graph.places(arc)
    proof = [Step("site", file, site.line, site.column) for file, site in places]
    if graph.arc_confidence[arc] < Confidence.EXACT:
        proof += _typing(graph, source, target, {(file, site.line) for file, site in places})
    return list(dict.fromkeys([*proof, *_imports(graph, source, target)]))


def _typing(graph: Graph, source: int, target: int, lines: set[tuple[str, int]]) -> Iterator[Step]:
    """Where the type that has the target as a member comes from."""
    owner = graph.owner(target)
    if owner < 0 or graph.node_kind[owner] not in TYPES:
        return
    family = _family(graph, owner)
    used = [arc for arc in graph.outgoing(source) if graph.arc_kind[arc] in (CALLS, USES)]
    beside = [arc for arc in used if _on_lines(graph, arc, lines)]
    found: dict[int, None] = {}
    yield from _mentions(graph, source, family, "type", found)
    if not found:
        yield from _returns(graph, _ends(graph, beside, target), family, found)
    held = [] if found else [end for end in _ends(graph, beside, target) if graph.kind(end) in _HOLDERS]
    yield from (Step("attribute", graph.path(end), graph.node_line[end]) for end in held)
    if not found and not held:
        yield from _returns(graph, _ends(graph, used, target), family, found)
    mine = enclosing(graph, source, TYPES)
    if mine in family and not found and not held:
        found[mine] = None
        yield Step("self", graph.path(mine), graph.node_line[mine])
    for start in found:
        yield from _inheritance(graph, start, owner)


def _family(graph: Graph, owner: int) -> set[int]:
    """A type and its subtypes."""
    family, waiting = {owner}, [owner]
    for node in waiting:
        for end in graph.sources(node, IMPL, Confidence.INFERRED):
            if end not in family and len(family) < _FAMILY:
                family.add(end)
                waiting.append(end)
    return family


def _on_lines(graph: Graph, arc: int, lines: set[tuple[str, int]]) -> bool:
    return any((file, site.line) in lines for file, site in graph.places(arc))


def _ends(graph: Graph, arcs: Iterable[int], but: int) -> list[int]:
    return [end for end in dict.fromkeys(graph.arc_target[arc] for arc in arcs) if end != but]


def _returns(graph: Graph, nodes: Iterable[int], family: set[int], found: dict[int, None]) -> Iterator[Step]:
    """The lines on which functions that are called name one of the types."""
    for node in nodes:
        if graph.node_kind[node] in CALLABLES:
            yield from _mentions(graph, node, family, "returns", found)


def _mentions(graph: Graph, node: int, family: set[int], step: str, found: dict[int, None]) -> Iterator[Step]:
    """The lines on which a function names one of the types."""
    for arc in graph.outgoing(node):
        end = graph.arc_target[arc]
        if graph.arc_kind[arc] in (CALLS, USES) and end in family:
            found[end] = None
            for file, site in graph.places(arc):
                yield Step(step, file, site.line, site.column)


def _inheritance(graph: Graph, start: int, owner: int) -> Iterator[Step]:
    """The class heads by which a type inherits from the owner of a member, nearest first."""
    before: dict[int, int] = {}
    waiting = [start]
    for node in waiting:
        if node == owner:
            break
        for arc in graph.outgoing(node):
            end = graph.arc_target[arc]
            if graph.arc_kind[arc] == IMPL and end not in before and end != start:
                before[end] = arc
                waiting.append(end)
    chain = []
    node = owner
    while node != start and node in before:
        chain.append(before[node])
        node = graph.arc_source[before[node]]
    for arc in reversed(chain):
        for file, site in graph.places(arc)[:1]:
            yield Step("inherits", file, site.line, site.column)


def _imports(graph: Graph, source: int, target: int) -> Iterator[Step]:
    """The import lines of the source's file that name the target, else what it stands in."""
    file = graph.path(source)
    here = graph.in_file(file) if file else ()
    for node in _around(graph, target):
        places = _import_places(graph, here, node)
        if places:
            yield from (Step("import", path, line) for path, line in sorted(places))
            return


def _import_places(graph: Graph, nodes: Iterable[int], wanted: int) -> set[tuple[str, int]]:
    return {
        (path, site.line)
        for node in nodes
        for arc in graph.outgoing(node)
        if graph.arc_kind[arc] == IMPORTS and graph.arc_target[arc] == wanted
        for path, site in graph.places(arc)
    }


def _around(graph: Graph, node: int) -> Iterator[int]:
    while node >= 0:
        yield node
        node = graph.parent[node]
