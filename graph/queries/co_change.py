"""What changes together with a symbol, by the history of the project, beside what the graph says of the two.

Two symbols that many commits changed together, without an edge between them, depend on each other in a way
that no reference shows (logical coupling: Gall, Hajek, Jazayeri 1998).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from isg.graph.codes import DEPENDENCIES, OVERRIDES
from isg.graph.graph import Graph
from isg.graph.history import History, Partner
from isg.graph.model import Confidence, EdgeKind, Symbol
from isg.graph.queries.bound import Bound, Notice
from isg.graph.queries.members import with_members

_RELATIONS = DEPENDENCIES | {OVERRIDES}


class Relation(msgspec.Struct, frozen=True):
    """The surest edge between a symbol that was asked about and one that changes with it."""

    kind: EdgeKind
    outgoing: bool  # from the one that was asked about
    confidence: Confidence


class CoChange(msgspec.Struct, frozen=True):
    """A symbol that changed in the same commits."""

    symbol: Symbol
    support: int  # commits that changed both
    confidence: float  # their share of the commits that changed what was asked about
    weight: float  # the commits that changed both, each the less, the more symbols it changed
    last: int  # when both changed last, in seconds since 1970
    relation: Relation | None  # None: the graph has no edge between the two
    is_test: bool


class CoChanges(msgspec.Struct, frozen=True):
    results: tuple[CoChange, ...]
    commits: int  # that changed what was asked about
    bound: Bound
    warnings: tuple[Notice, ...] = ()


def co_change(
    graph: Graph,
    history: History | None,
    nodes: Sequence[int],
    *,
    min_support: int = 2,
    min_confidence: Confidence = Confidence.DISPATCH,
) -> CoChanges:
    """The symbols that at least ``min_support`` commits changed together with these, most often first.

    ``history`` is None where there is no git history: the answer is empty and says so.
    """
    if history is None:
        return CoChanges((), 0, Bound(0, 0), (Notice("no_history", "there is no git history"),))
    asked = {graph.symbol(node).id for node in nodes}
    inside = set(with_members(graph, nodes))
    commits = {commit for symbol in asked for commit in history.commits(symbol)}
    relations = _relations(graph, inside, min_confidence)
    results = []
    for partner in history.together(*sorted(asked)):
        node = graph.node_of(partner.symbol)
        if partner.support >= min_support and node is not None and node not in inside:
            results.append(_result(graph, node, partner, relations))
    results.sort(key=lambda one: (-one.weight, -one.support, one.symbol.key))
    unseen = sum(result.relation is None for result in results)
    return CoChanges(
        tuple(results),
        len(commits),
        Bound(len(results) - unseen, unseen),
        () if results else (_why_none(len(commits), min_support),),
    )


def _result(graph: Graph, node: int, partner: Partner, relations: Mapping[int, Relation]) -> CoChange:
    return CoChange(
        graph.symbol(node),
        partner.support,
        round(partner.confidence, 4),
        round(partner.weight, 4),
        partner.last,
        relations.get(node),
        graph.is_test(node),
    )


def _relations(graph: Graph, inside: Iterable[int], floor: Confidence) -> Mapping[int, Relation]:
    """The surest edge to or from each symbol that has one."""
    found: dict[int, Relation] = {}
    for node in inside:
        for outgoing, arcs in ((True, graph.outgoing(node)), (False, graph.incoming(node))):
            for arc in arcs:
                if graph.arc_kind[arc] in _RELATIONS and graph.arc_confidence[arc] >= floor:
                    other = graph.arc_target[arc] if outgoing else graph.arc_source[arc]
                    relation = Relation(graph.edge_kind(arc), outgoing, graph.confidence(arc))
                    if other not in found or found[other].confidence < relation.confidence:
                        found[other] = relation
    return found


def _why_none(commits: int, min_support: int) -> Notice:
    if not commits:
        return Notice("none", "looked, and no commit that was read changed it")
    times = "once" if commits == 1 else f"in {commits:,} commits"
    return Notice("none", f"looked: it changed {times}, with nothing else in {min_support} or more of them")
