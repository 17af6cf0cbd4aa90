"""What can break when a symbol changes, ranked.

The search is :mod:`isg.graph.queries.reach`; where it is known what about the symbol changes, it begins as
:mod:`isg.graph.queries.changes` says. The score of a symbol halves with each hop; within a depth it follows
the kinds and confidences of the edges on the best way to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Literal

import msgspec

from isg.graph.codes import DEPENDENCIES, EDGE_CODE, OVERRIDES
from isg.graph.graph import Graph
from isg.graph.model import Confidence, EdgeKind, Symbol
from isg.graph.queries.bound import Bound, Notice, bound_of, empty_notices, may_be_weaker
from isg.graph.queries.reach import TWIN, Reach, Rules, reach

Direction = Literal["in", "out"]

_TEST = 0.8  # how much less a test counts than other code


class Via(msgspec.Struct, frozen=True):
    """The last hop to a symbol: the kind of the edge, and the key of what it was reached through."""

    kind: EdgeKind | Literal["TWIN"]  # TWIN: no edge, but declared alike
    key: str


class Impact(msgspec.Struct, frozen=True):
    """A symbol that a change can reach."""

    symbol: Symbol
    depth: int
    score: float  # in (0, 1], higher is likelier to break
    via: Via
    confidence: Confidence  # the weakest on the best way
    is_test: bool


class FileImpact(msgspec.Struct, frozen=True):
    """What a change can reach in one file."""

    file: str
    symbols: int
    depth: int  # the nearest
    score: float  # the highest
    is_test: bool


class BlastRadius(msgspec.Struct, frozen=True):
    results: tuple[Impact, ...]
    files: tuple[FileImpact, ...]
    bound: Bound
    warnings: tuple[Notice, ...] = ()


def blast_radius(
    graph: Graph,
    nodes: Sequence[int],
    *,
    depth: int = 3,
    direction: Direction = "in",
    kinds: Collection[EdgeKind] | None = None,
    min_confidence: Confidence = Confidence.DISPATCH,
) -> BlastRadius:
    """Everything within ``depth`` hops that depends on the nodes (``out``: that they depend on), ranked."""
    codes = DEPENDENCIES if kinds is None else frozenset(EDGE_CODE[kind] for kind in kinds)
    rules = Rules(
        direction == "in",
        codes & DEPENDENCIES,
        min_confidence,
        kinds is None or EdgeKind.OVERRIDES in kinds,
    )
    reached = reach(graph, nodes, depth, rules)
    weaker = 0
    if not reached and may_be_weaker(graph, min_confidence):
        weaker = len(reach(graph, nodes, depth, rules._replace(floor=0)))
    what = "nothing in the project depends on it" if rules.incoming else "it depends on nothing that is known"
    return ranked(graph, reached, nodes if rules.incoming else (), min_confidence, weaker, what)


def ranked(
    graph: Graph, reached: dict[int, Reach], asked: Sequence[int], floor: Confidence, weaker: int, what: str
) -> BlastRadius:
    """What a search reached, as an answer; ``weaker`` counts what is below the floor, where it is empty."""
    results = _rank(graph, reached)
    return BlastRadius(
        results,
        _by_file(results),
        bound_of((found.confidence for found in results), graph, asked),
        empty_notices(len(results), weaker, floor, what),
    )


def _score(way: Reach, is_test: bool) -> float:
    """A number in a band of its own for each depth, so that the order by score is the order by depth.

    Among equals code comes before its tests; an override is first of its band either way.
    """
    chance = way.chance * (_TEST if is_test and way.kind != OVERRIDES else 1.0)
    return round(0.5 ** (way.depth - 1) * (0.5 + 0.5 * chance), 6)


def _rank(graph: Graph, reached: dict[int, Reach]) -> tuple[Impact, ...]:
    found = [
        Impact(
            symbol=graph.symbol(node),
            depth=way.depth,
            score=_score(way, graph.is_test(node)),
            via=Via(_kind(way.kind), graph.symbol(way.before).key),
            confidence=Confidence(way.confidence),
            is_test=graph.is_test(node),
        )
        for node, way in reached.items()
    ]
    found.sort(
        key=lambda impact: (
            impact.depth,
            impact.via.kind is not EdgeKind.OVERRIDES,
            -impact.score,
            impact.is_test,
            impact.symbol.key,
        )
    )
    return tuple(found)


_EDGE_KIND = {code: kind for kind, code in EDGE_CODE.items()}


def _kind(code: int) -> EdgeKind | Literal["TWIN"]:
    return "TWIN" if code == TWIN else _EDGE_KIND[code]


def _by_file(results: Iterable[Impact]) -> tuple[FileImpact, ...]:
    groups: dict[str, list[Impact]] = {}
    for impact in results:
        if impact.symbol.file is not None:
            groups.setdefault(impact.symbol.file, []).append(impact)
    files = [
        FileImpact(
            file,
            len(found),
            min(impact.depth for impact in found),
            max(impact.score for impact in found),
            all(impact.is_test for impact in found),
        )
        for file, found in groups.items()
    ]
    return tuple(sorted(files, key=lambda file: (file.depth, -file.score, -file.symbols, file.file)))
