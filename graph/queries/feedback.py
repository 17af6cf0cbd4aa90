"""The fewest edges whose removal leaves no cycle: minimum feedback arc sets.

Small problems are solved exactly by branching on the edges of a shortest cycle, with edge-disjoint cycles
as the lower bound; large ones by the heuristic of Eades, Lin and Smyth (1993), made minimal afterwards.
Which of the two is taken depends on counted work, never on time, so the answer is always the same.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import TypeAlias

Arc: TypeAlias = tuple[int, int]
Successors: TypeAlias = Mapping[int, Collection[int]]

_EXACT_EDGES = 400  # above this many edges exactness is not tried
_MINIMAL_WORK = 5_000_000  # arc visits
_BUDGET = 60_000  # edge visits that the exact search may spend


class _OutOfBudget(Exception):
    """The exact search has used up its work."""


def feedback_arcs(arcs: Iterable[Arc]) -> tuple[tuple[Arc, ...], bool]:
    """Arcs that meet every cycle, sorted, and whether no smaller set does (as far as was proved)."""
    unique = sorted({arc for arc in arcs if arc[0] != arc[1]})
    rough = greedy_feedback(unique)
    if len(rough) <= 1:
        return rough, True
    if len(unique) <= _EXACT_EDGES:
        exact = _exact(unique, len(rough))
        if exact is not None:
            return exact, True
    return rough, False


def shortest_cycle(successors: Successors, nodes: Iterable[int], longest: int | None = None) -> list[int]:
    """The nodes of a shortest cycle, from its smallest node on; empty where there is none.

    Among equally short ones it is the one found from the smallest node.
    """
    best: list[int] = []
    limit = longest
    for start in nodes:
        found = _cycle_through(successors, start, limit)
        if found:
            best, limit = found, len(found) - 1
            if limit < 2:
                break
    if not best:
        return best
    first = best.index(min(best))
    return best[first:] + best[:first]


def _cycle_through(successors: Successors, start: int, longest: int | None) -> list[int]:
    """A shortest cycle through a node, no longer than asked."""
    before: dict[int, int] = {}
    level, length = [start], 0
    while level and (longest is None or length < longest):
        length += 1
        following = []
        for node in level:
            for end in successors.get(node, ()):
                if end == start:
                    return _trace(before, node, start)
                if end not in before:
                    before[end] = node
                    following.append(end)
        level = following
    return []


def _trace(before: Mapping[int, int], node: int, start: int) -> list[int]:
    way = [node]
    while way[-1] != start:
        way.append(before[way[-1]])
    return way[::-1]


# Exact


def _exact(arcs: Sequence[Arc], bound: int) -> tuple[Arc, ...] | None:
    """The smallest set, tried by size; None where the work runs out."""
    search = _ExactSearch(arcs)
    try:
        for size in range(search.lower_bound(), bound + 1):
            found = search.cut(size)
            if found is not None:
                return tuple(sorted(found))
    except _OutOfBudget:
        pass
    return None


class _ExactSearch:
    """Iterative deepening over the size of the set: one arc of every shortest cycle has to go."""

    def __init__(self, arcs: Sequence[Arc]) -> None:
        self.successors: dict[int, list[int]] = {}
        for source, target in arcs:
            self.successors.setdefault(source, []).append(target)
        self.nodes = sorted(self.successors)
        self.budget = _BUDGET

    def lower_bound(self) -> int:
        """How many cycles there are at least that share no arc."""
        removed: list[Arc] = []
        while True:
            cycle = self._some_cycle()
            if not cycle:
                break
            for arc in cycle:
                self._remove(arc)
                removed.append(arc)
            removed.append((-1, -1))
        count = removed.count((-1, -1))
        for arc in reversed(removed):
            if arc != (-1, -1):
                self._restore(arc)
        return count

    def cut(self, size: int) -> set[Arc] | None:
        """A set of at most that many arcs that opens every cycle, if there is one."""
        if size < self.lower_bound():
            return None
        cycle = self._some_cycle()
        if not cycle:
            return set()
        kept: list[Arc] = []
        for arc in cycle:
            self._remove(arc)
            rest = self.cut(size - 1) if size > 0 else None
            self._restore(arc)
            if rest is not None:
                return rest | {arc}
            kept.append(arc)
        return None

    def _some_cycle(self) -> list[Arc]:
        self.budget -= sum(map(len, self.successors.values()))
        if self.budget < 0:
            raise _OutOfBudget
        nodes = shortest_cycle(self.successors, self.nodes)
        return list(zip(nodes, nodes[1:] + nodes[:1], strict=True))

    def _remove(self, arc: Arc) -> None:
        self.successors[arc[0]].remove(arc[1])

    def _restore(self, arc: Arc) -> None:
        ends = self.successors[arc[0]]
        ends.append(arc[1])
        ends.sort()


# Greedy


def greedy_feedback(arcs: Sequence[Arc]) -> tuple[Arc, ...]:
    """A small feedback arc set: the arcs against a good linear order, none of them needlessly."""
    place = {node: at for at, node in enumerate(_linear_order(arcs))}
    against = [arc for arc in arcs if place[arc[0]] > place[arc[1]]]
    return _minimal(arcs, against)


def _linear_order(arcs: Sequence[Arc]) -> list[int]:
    """Nodes so that few arcs point backwards (Eades, Lin, Smyth 1993)."""
    out: dict[int, set[int]] = {}
    into: dict[int, set[int]] = {}
    for source, target in arcs:
        out.setdefault(source, set()).add(target)
        out.setdefault(target, set())
        into.setdefault(target, set()).add(source)
        into.setdefault(source, set())
    first: list[int] = []
    last: list[int] = []
    left = set(out)
    ends = deque(sorted(node for node in left if not out[node] or not into[node]))
    surplus = [(len(into[node]) - len(out[node]), node) for node in left]
    heapify(surplus)
    while left:
        while ends:
            node = ends.popleft()
            if node in left:
                (last if not out[node] else first).append(node)
                ends.extend(_take(node, left, out, into, surplus))
        if left:
            node = _pop(surplus, left, out, into)
            first.append(node)
            ends.extend(_take(node, left, out, into, surplus))
    return first + last[::-1]


def _pop(
    surplus: list[tuple[int, int]],
    left: Collection[int],
    out: Mapping[int, set[int]],
    into: Mapping[int, set[int]],
) -> int:
    """The node with the most arcs out and the fewest in; entries that are out of date are passed over."""
    while True:
        value, node = heappop(surplus)
        if node in left and value == len(into[node]) - len(out[node]):
            return node


def _take(
    node: int,
    left: set[int],
    out: Mapping[int, set[int]],
    into: Mapping[int, set[int]],
    surplus: list[tuple[int, int]],
) -> list[int]:
    """Removes a node; gives the neighbours that became sources or sinks."""
    left.discard(node)
    for end in out[node]:
        into[end].discard(node)
    for end in into[node]:
        out[end].discard(node)
    around = sorted((out[node] | into[node]) & left)
    for end in around:
        heappush(surplus, (len(into[end]) - len(out[end]), end))
    return [end for end in around if not out[end] or not into[end]]


def _minimal(arcs: Sequence[Arc], against: Sequence[Arc]) -> tuple[Arc, ...]:
    """Puts back every arc that closes no cycle with what is left, where that is not too much to try."""
    if len(arcs) * len(against) > _MINIMAL_WORK:
        return tuple(against)
    cut = set(against)
    successors: dict[int, set[int]] = {}
    for arc in arcs:
        if arc not in cut:
            successors.setdefault(arc[0], set()).add(arc[1])
    needed = []
    for source, target in against:
        if _leads(successors, target, source):
            needed.append((source, target))
        else:
            successors.setdefault(source, set()).add(target)
    return tuple(needed)


def _leads(successors: Successors, start: int, goal: int) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        node = waiting.pop()
        if node == goal:
            return True
        for end in successors.get(node, ()):
            if end not in seen:
                seen.add(end)
                waiting.append(end)
    return False
