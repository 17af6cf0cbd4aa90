"""Cycles between modules, packages, classes or functions: where they close, and how to open them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec
from blake3 import blake3

from isg.graph.graph import Graph
from isg.graph.model import Confidence, EdgeKind, Site, Symbol
from isg.graph.queries.bound import Bound, Notice, empty_notices
from isg.graph.queries.feedback import Arc, feedback_arcs, shortest_cycle
from isg.graph.queries.projection import COMPILED, Level, Projected, When, folders, project, uses_at_import
from isg.parsers.languages import FAMILIES

_RUNS_AT_IMPORT = frozenset({When.RUNTIME, When.REEXPORT})
_LOOK_NAMES_UP = frozenset({"python"})  # in which an import fails where the name is not there yet
_ORDER = (When.COMPILE_TIME, When.RUNTIME, When.REEXPORT, When.LAZY, When.TYPE_ONLY)


class CycleEdge(msgspec.Struct, frozen=True):
    """A dependency inside a cycle, and where the source states it."""

    source: Symbol
    target: Symbol
    kind: EdgeKind
    when: When  # the most immediate of its statements
    confidence: Confidence  # the best of them
    places: tuple[tuple[str, Site], ...]  # one a line


class Cycle(msgspec.Struct, frozen=True):
    """A strongly connected component: everything in it depends on everything else in it.

    ``members`` begins with a shortest cycle, in its order; ``edges`` closes that cycle. Removing the
    edges of ``break_`` leaves no cycle at all; ``fewest`` tells whether that is proved to be the least.
    """

    level: Level
    members: tuple[Symbol, ...]
    edges: tuple[CycleEdge, ...]
    size: int
    break_: tuple[CycleEdge, ...]
    fewest: bool
    breaks_import: bool | None  # can fail at import; None where the level knows no imports
    fingerprint: str
    folders: tuple[str, ...] = ()  # of packages: the folder of each member


class Cycles(msgspec.Struct, frozen=True):
    results: tuple[Cycle, ...]
    bound: Bound
    warnings: tuple[Notice, ...] = ()


def find_cycles(
    graph: Graph,
    *,
    level: Level | str = Level.MODULE,
    include_type_only: bool = True,
    include_lazy: bool = True,
    min_confidence: Confidence = Confidence.DISPATCH,
) -> Cycles:
    """All cycles of a level, the largest first. A symbol that depends on itself alone is none."""
    level = Level(level)
    left_out = {
        when for when, kept in ((When.TYPE_ONLY, include_type_only), (When.LAZY, include_lazy)) if not kept
    }
    found = [one for one in project(graph, level, min_confidence) if one.when not in left_out]
    where = folders(graph) if level is Level.PACKAGE else {}
    cycles = sorted(
        (_cycle(graph, level, inside, where) for inside in _insides(found)),
        key=lambda cycle: (-cycle.size, sorted(member.key for member in cycle.members)),
    )
    certain = sum(_is_certain(cycle) for cycle in cycles)
    return Cycles(
        tuple(cycles),
        Bound(certain, len(cycles) - certain),
        empty_notices(len(cycles), 0, min_confidence, f"no cycle between {_plural(level)}"),
    )


def new_cycles(cycles: Iterable[Cycle], baseline: Collection[str]) -> tuple[Cycle, ...]:
    """The cycles whose fingerprints a baseline does not hold."""
    return tuple(cycle for cycle in cycles if cycle.fingerprint not in baseline)


def fingerprint_of(level: Level, keys: Iterable[str]) -> str:
    """What names a cycle as long as it has the same members, wherever their lines move."""
    text = "\0".join([str(level), *sorted(keys)])
    return blake3(text.encode("utf-8", "surrogatepass")).hexdigest(16)


def components(arcs: Collection[Arc]) -> list[list[int]]:
    """The strongly connected components of more than one node, each sorted."""
    import rustworkx

    nodes = sorted({end for pair in arcs for end in pair})
    index = {node: at for at, node in enumerate(nodes)}
    projected: rustworkx.PyDiGraph[int, None] = rustworkx.PyDiGraph()
    projected.add_nodes_from(nodes)
    projected.add_edges_from_no_data([(index[source], index[target]) for source, target in arcs])
    found = rustworkx.strongly_connected_components(projected)
    return sorted(sorted(nodes[at] for at in component) for component in found if len(component) > 1)


class _Inside(NamedTuple):
    """A component: its members and the arcs between them."""

    members: Sequence[int]
    arcs: Mapping[Arc, Sequence[Projected]]
    successors: Mapping[int, Sequence[int]]


def _insides(stated: Sequence[Projected]) -> list[_Inside]:
    """The components of what some dependencies make, each with its own arcs: few lie in a cycle."""
    found = components({(one.source, one.target) for one in stated})
    where = {node: at for at, members in enumerate(found) for node in members}
    own: list[dict[Arc, list[Projected]]] = [{} for _ in found]
    for one in stated:
        at = where.get(one.source)
        if at is not None and where.get(one.target) == at:
            own[at].setdefault((one.source, one.target), []).append(one)
    return [_Inside(members, inside, _successors(inside)) for members, inside in zip(found, own, strict=True)]


def _successors(arcs: Iterable[Arc]) -> dict[int, list[int]]:
    successors: dict[int, list[int]] = {}
    for source, target in sorted(arcs):
        successors.setdefault(source, []).append(target)
    return successors


def _cycle(graph: Graph, level: Level, inside: _Inside, where: Mapping[int, str]) -> Cycle:
    members = inside.members
    cut, fewest = feedback_arcs(inside.arcs)
    shown = _representative(inside)
    edges = [_edge(graph, inside.arcs[pair]) for pair in zip(shown, [*shown[1:], shown[0]], strict=True)]
    rest = sorted(set(members) - set(shown), key=lambda node: graph.symbol(node).key)
    ordered = [*shown, *rest]
    symbols = tuple(graph.symbol(node) for node in ordered)
    runs = level is Level.MODULE and _family(graph, shown[0]) not in COMPILED
    return Cycle(
        level=level,
        members=symbols,
        edges=tuple(edges),
        size=len(members),
        break_=tuple(_edge(graph, inside.arcs[pair]) for pair in cut),
        fewest=fewest,
        breaks_import=_breaks_import(graph, inside) if runs else None,
        fingerprint=fingerprint_of(level, (symbol.key for symbol in symbols)),
        folders=tuple(where[node] for node in ordered if node in where),
    )


def _representative(inside: _Inside) -> list[int]:
    """A shortest cycle, of edges that run at import if there is one of those."""
    running = _successors(_running(inside))
    return shortest_cycle(running, inside.members) or shortest_cycle(inside.successors, inside.members)


def _running(inside: _Inside) -> list[Arc]:
    return [pair for pair, found in inside.arcs.items() if any(one.when in _RUNS_AT_IMPORT for one in found)]


def _breaks_import(graph: Graph, inside: _Inside) -> bool:
    """Whether some cycle runs at import and asks for a name of a module that may be half done."""
    for members in components(_running(inside)):
        among = set(members)
        for pair, found in inside.arcs.items():
            if among.issuperset(pair) and _is_needed(graph, pair, found):
                return True
    return False


def _is_needed(graph: Graph, pair: Arc, found: Sequence[Projected]) -> bool:
    """Whether a module must find something inside the other one while it is imported itself."""
    running = [one for one in found if one.when in _RUNS_AT_IMPORT]
    if any(one.needs_name for one in running) and _family(graph, pair[0]) in _LOOK_NAMES_UP:
        return True
    return bool(running) and uses_at_import(graph, *pair)


def _family(graph: Graph, node: int) -> str:
    return FAMILIES[graph.symbol(node).language]


def _edge(graph: Graph, found: Sequence[Projected]) -> CycleEdge:
    first = min(found, key=lambda one: (_ORDER.index(one.when), one.arc))
    places = sorted({place for one in found for place in _places(graph, one)}, reverse=True)
    by_line = {(file, site.line): (file, site) for file, site in places}
    return CycleEdge(
        source=graph.symbol(first.source),
        target=graph.symbol(first.target),
        kind=graph.edge_kind(first.arc),
        when=first.when,
        confidence=max(graph.confidence(one.arc) for one in found),
        places=tuple(sorted(by_line.values())),
    )


def _places(graph: Graph, one: Projected) -> tuple[tuple[str, Site], ...]:
    return graph.places(one.arc) if one.site is None else (graph.place(one.site),)


def _is_certain(cycle: Cycle) -> bool:
    return all(edge.confidence >= Confidence.INFERRED for edge in cycle.edges)


def _plural(level: Level) -> str:
    return "classes" if level is Level.CLASS else f"{level}s"
