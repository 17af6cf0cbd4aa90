"""The shortest ways from one symbol to another over dependencies.

One way is found by searching from both ends at once, level by level; further ones by Yen's algorithm
("Finding the k shortest loopless paths in a network", 1971): the next shortest way leaves one of the known
ones somewhere, and, as Lawler saw (1972), not before the place where that one left its own. All that a way
may begin at counts as one symbol, and all that it may end at as another: ways differ in what lies between.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from isg.graph.codes import CALLS, DEPENDENCIES, EDGE_CODE
from isg.graph.dispatch import dispatched_callees, dispatched_callers
from isg.graph.graph import Graph
from isg.graph.model import Confidence, EdgeKind, How, Symbol
from isg.graph.queries.bound import Bound, Notice, bound_of, empty_notices, may_be_weaker
from isg.graph.queries.members import CALLABLES, with_members


class Step(msgspec.Struct, frozen=True):
    """One hop of a way, and where it stands in the source."""

    kind: EdgeKind
    how: How
    confidence: Confidence
    file: str | None
    line: int


class Path(msgspec.Struct, frozen=True):
    """A way: its symbols, and the steps between them."""

    symbols: tuple[Symbol, ...]
    steps: tuple[Step, ...]
    confidence: Confidence  # the weakest


class Paths(msgspec.Struct, frozen=True):
    results: tuple[Path, ...]
    bound: Bound
    warnings: tuple[Notice, ...] = ()


class _Hop(NamedTuple):
    """An arc taken from ``source`` to ``target``; by dispatch the target is an override of the arc's."""

    source: int
    target: int
    arc: int
    confidence: int


class _Rules(NamedTuple):
    kinds: frozenset[int]
    floor: int


class _Between(NamedTuple):
    """What ways lead between; ``merged`` has the number under which each of it counts as one."""

    starts: frozenset[int]
    ends: frozenset[int]
    merged: Mapping[int, int]

    @classmethod
    def of(cls, starts: frozenset[int], ends: frozenset[int]) -> _Between:
        return cls(starts, ends, {**dict.fromkeys(starts, _BEGIN), **dict.fromkeys(ends, _END)})

    def merge(self, hop: _Hop) -> tuple[int, int]:
        """The two ends of a hop, by their numbers."""
        return self.merged.get(hop.source, hop.source), self.merged.get(hop.target, hop.target)


_BEGIN, _END = -1, -2


class _Banned(NamedTuple):
    nodes: frozenset[int] = frozenset()
    pairs: frozenset[tuple[int, int]] = frozenset()  # merged


def paths(
    graph: Graph,
    sources: Sequence[int],
    targets: Sequence[int],
    *,
    k: int = 1,
    kinds: Collection[EdgeKind] | None = None,
    min_confidence: Confidence = Confidence.DISPATCH,
) -> Paths:
    """The ``k`` shortest ways from any source, or member of one, to any target, or member of one."""
    codes = DEPENDENCIES if kinds is None else frozenset(EDGE_CODE[kind] for kind in kinds) & DEPENDENCIES
    rules = _Rules(codes, min_confidence)
    starts, ends = frozenset(with_members(graph, sources)), frozenset(with_members(graph, targets))
    between = _Between.of(starts - ends, ends)
    found = _shortest_ways(graph, between, rules, k)
    results = tuple(_path(graph, way) for way in found)
    weaker = 0
    if not results and may_be_weaker(graph, min_confidence):
        weaker = len(_shortest_ways(graph, between, rules._replace(floor=0), 1))
    return Paths(
        results,
        bound_of((path.confidence for path in results), graph, targets),
        empty_notices(len(results), weaker, min_confidence, "no way leads from the one to the other"),
    )


def _shortest_ways(graph: Graph, between: _Between, rules: _Rules, k: int) -> list[tuple[_Hop, ...]]:
    first = _search(graph, between.starts, between, rules, _Banned())
    if first is None:
        return []
    ways, left = [first], 0
    waiting: dict[tuple[_Hop, ...], int] = {}  # and after how many hops each leaves the way it came from
    while len(ways) < k:
        for spur in range(left, len(ways[-1])):
            way = _deviate(graph, ways, spur, between, rules)
            if way is not None:
                waiting.setdefault(way, spur)
        if not waiting:
            break
        best = min(waiting, key=_cost)
        left = waiting.pop(best)
        ways.append(best)
    return ways


def _deviate(
    graph: Graph, ways: Sequence[tuple[_Hop, ...]], spur: int, between: _Between, rules: _Rules
) -> tuple[_Hop, ...] | None:
    """The shortest way that shares the first ``spur`` hops with the last one found and then leaves all."""
    root = ways[-1][:spur]
    taken = frozenset(between.merge(way[spur]) for way in ways if way[:spur] == root)
    if not root:
        return _search(graph, between.starts, between, rules, _Banned(pairs=taken))
    passed = between.starts.union(hop.source for hop in root)
    rest = _search(graph, frozenset({root[-1].target}), between, rules, _Banned(passed, taken))
    return None if rest is None else root + rest


def _cost(way: tuple[_Hop, ...]) -> tuple[int, int, tuple[int, ...]]:
    """Shorter first, then surer, then by node."""
    doubt = sum(Confidence.EXACT - hop.confidence for hop in way)
    return len(way), doubt, tuple(hop.target for hop in way)


def _search(
    graph: Graph, starts: frozenset[int], between: _Between, rules: _Rules, banned: _Banned
) -> tuple[_Hop, ...] | None:
    """One shortest way, by breadth-first search from both ends, the smaller frontier first."""
    ahead: dict[int, _Hop | None] = dict.fromkeys(sorted(starts - banned.nodes))
    behind: dict[int, _Hop | None] = dict.fromkeys(sorted(between.ends - banned.nodes))
    front, back = list(ahead), list(behind)
    while front and back:
        forward = len(front) <= len(back)
        if forward:
            front = _grow(graph, front, ahead, rules, banned, between, forward=True)
        else:
            back = _grow(graph, back, behind, rules, banned, between, forward=False)
        met = [node for node in (front if forward else back) if node in (behind if forward else ahead)]
        if met:
            return min((_join(node, ahead, behind) for node in met), key=_cost)
    return None


def _grow(
    graph: Graph,
    level: Sequence[int],
    seen: dict[int, _Hop | None],
    rules: _Rules,
    banned: _Banned,
    between: _Between,
    *,
    forward: bool,
) -> list[int]:
    """The next level of a search; where several hops lead to a node, the surest is kept."""
    best: dict[int, _Hop] = {}
    for node in level:
        for hop in _hops(graph, node, rules, forward, seen):
            end = hop.target if forward else hop.source
            known = best.get(end)
            if known is not None and hop.confidence <= known.confidence:
                continue
            if end not in banned.nodes and not (banned.pairs and between.merge(hop) in banned.pairs):
                best[end] = hop
    seen.update(best)
    return sorted(best)


def _hops(graph: Graph, node: int, rules: _Rules, forward: bool, seen: Container[int]) -> Iterator[_Hop]:
    """The hops from a node, or backwards to it, whose other end was not seen yet."""
    kinds, sure, wanted, floor = graph.arc_kind, graph.arc_confidence, rules.kinds, rules.floor
    ends = graph.arc_target if forward else graph.arc_source
    for arc in graph.outgoing(node) if forward else graph.incoming(node):
        end = ends[arc]
        if end not in seen and kinds[arc] in wanted and sure[arc] >= floor:
            yield _Hop(node, end, arc, sure[arc]) if forward else _Hop(end, node, arc, sure[arc])
    if floor > Confidence.DISPATCH or CALLS not in wanted or graph.node_kind[node] not in CALLABLES:
        return
    candidates = dispatched_callees if forward else dispatched_callers
    for found in candidates(graph, node, floor):
        if (found.target if forward else found.source) not in seen:
            confidence = min(int(Confidence.DISPATCH), sure[found.arc])
            yield _Hop(found.source, found.target, found.arc, confidence)


def _join(middle: int, ahead: dict[int, _Hop | None], behind: dict[int, _Hop | None]) -> tuple[_Hop, ...]:
    before: list[_Hop] = []
    hop = ahead[middle]
    while hop is not None:
        before.append(hop)
        hop = ahead[hop.source]
    after: list[_Hop] = []
    hop = behind[middle]
    while hop is not None:
        after.append(hop)
        hop = behind[hop.target]
    return (*reversed(before), *after)


def _path(graph: Graph, way: tuple[_Hop, ...]) -> Path:
    steps = []
    for hop in way:
        places = graph.places(hop.arc)
        derived = hop.target != graph.arc_target[hop.arc]
        steps.append(
            Step(
                graph.edge_kind(hop.arc),
                How.NONE if derived else graph.how(hop.arc),
                Confidence(hop.confidence),
                places[0][0] if places else graph.path(hop.source),
                places[0][1].line if places else graph.node_line[hop.source],
            )
        )
    nodes = [way[0].source, *(hop.target for hop in way)]
    return Path(
        tuple(graph.symbol(node) for node in nodes),
        tuple(steps),
        min(step.confidence for step in steps),
    )
