"""What to read before one touches a symbol, in order of relevance and within a budget of tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from functools import cache, partial
from typing import NamedTuple

import msgspec

from isg.graph.codes import CALLS, CONTAINS, DEFINES, HOW_CODE, IMPL, OVERRIDES, USES
from isg.graph.graph import Graph
from isg.graph.history import History
from isg.graph.model import Confidence, How, Symbol
from isg.graph.queries.assembly import assemble
from isg.graph.queries.bound import Bound, Notice, bound_of
from isg.graph.queries.forms import MARKDOWN, Form
from isg.graph.queries.members import TYPES
from isg.graph.queries.parts import Candidate, Detail
from isg.graph.queries.shortening import numbered
from isg.graph.queries.tokens import estimate
from isg.graph.ranking.rank import rank
from isg.graph.ranking.signals import Source


class Role(StrEnum):
    """What a symbol is to the seeds."""

    SEED = "seed"
    CALLEE = "callee"
    CALLER = "caller"
    BASE = "base"
    IMPLEMENTATION = "implementation"
    TYPE = "type"
    SIBLING = "sibling"
    TEST = "test"
    MEMBER = "member"
    USED = "used"
    USER = "user"
    OWNER = "owner"  # the type or module that a seed is a member of
    RELATED = "related"


class Piece(msgspec.Struct, frozen=True):
    """A symbol of the answer, and as much of its text as the budget allows."""

    symbol: Symbol
    role: Role
    score: float
    detail: Detail
    text: str
    tokens: int
    cut: bool = False  # a seed that did not fit as a whole


class Context(msgspec.Struct, frozen=True):
    """Pieces in rank order; ``document`` is the Markdown of all of them, ``tokens`` its estimate."""

    results: tuple[Piece, ...]
    budget: int
    tokens: int
    document: str
    left_out: int  # relevant symbols that did not fit
    bound: Bound
    warnings: tuple[Notice, ...] = ()


_NAMED = 3  # symbols that a warning names


class Manner(NamedTuple):
    """How the answer is written, and its tokens counted."""

    sources: bool = True
    line_numbers: bool = False
    form: Form = MARKDOWN
    count: Callable[[str], int] = estimate


_ROLE_OUT = {CALLS: Role.CALLEE, IMPL: Role.BASE, OVERRIDES: Role.BASE}
_ROLE_IN = {
    CALLS: Role.CALLER,
    IMPL: Role.IMPLEMENTATION,
    OVERRIDES: Role.IMPLEMENTATION,
    CONTAINS: Role.OWNER,
    DEFINES: Role.OWNER,
}
_PREFERENCE = (
    Role.SEED,
    Role.BASE,
    Role.IMPLEMENTATION,
    Role.CALLEE,
    Role.CALLER,
    Role.OWNER,
    Role.TYPE,
    Role.MEMBER,
    Role.USED,
    Role.USER,
    Role.SIBLING,
)


def context(
    graph: Graph,
    nodes: Sequence[int],
    *,
    budget: int,
    source: Source,
    history: History | None = None,
    min_confidence: Confidence = Confidence.DISPATCH,
    limit: int = 400,
    manner: Manner = Manner(),  # noqa: B008 - it is a value
) -> Context:
    """The seeds, and around them what is most relevant: whole, by signature or by name, within the budget.

    ``source`` gives the text of a symbol (its lines from ``start_line`` to ``end_line``), None where
    there is none; ``history`` tells what changed together. ``limit`` bounds how many symbols are considered.
    """
    seeds = list(dict.fromkeys(nodes))
    ranked = rank(graph, seeds, min_confidence, limit, source=source, history=history)
    roles = roles_of(graph, seeds, min_confidence)
    owners = {graph.owner(seed) for seed in seeds} - {-1}
    around = cache(partial(_around, graph))  # many stand in the same
    candidates = [
        Candidate(
            graph.symbol(node),
            _role(graph, node, roles, owners),
            score,
            node in seeds,
            around(graph.parent[node]),
            node,
        )
        for node, score in ranked
    ]
    shown = numbered(source) if manner.line_numbers else source
    made = assemble(candidates, budget, shown if manner.sources else None, manner.form, manner.count)
    pieces = tuple(
        Piece(
            part.candidate.symbol,
            Role(part.candidate.role),
            part.candidate.score,
            part.detail,
            part.text,
            part.tokens,
            part.cut,
        )
        for part in made.parts
    )
    sure = (_confidence(graph, part.candidate.node, seeds) for part in made.parts)
    return Context(
        pieces,
        budget,
        made.tokens,
        made.document,
        made.left_out,
        bound_of(sure, graph, seeds),
        _warnings(pieces, made.left_out, budget),
    )


def roles_of(graph: Graph, seeds: Sequence[int], floor: Confidence) -> dict[int, Role]:
    """What each neighbour of the seeds is to them; the role that tells most where there are several."""
    roles: dict[int, Role] = {}

    def offer(node: int, role: Role) -> None:
        known = roles.get(node)
        if known is None or _PREFERENCE.index(role) < _PREFERENCE.index(known):
            roles[node] = role

    for seed in seeds:
        offer(seed, Role.SEED)
        for arc in graph.outgoing(seed):
            if graph.arc_confidence[arc] >= floor:
                offer(graph.arc_target[arc], _forward_role(graph, arc))
        for arc in graph.incoming(seed):
            if graph.arc_confidence[arc] >= floor:
                offer(graph.arc_source[arc], _ROLE_IN.get(graph.arc_kind[arc], Role.USER))
    return roles


def _forward_role(graph: Graph, arc: int) -> Role:
    kind = graph.arc_kind[arc]
    if kind in _ROLE_OUT:
        return _ROLE_OUT[kind]
    if kind == USES:
        typed = graph.arc_how[arc] == HOW_CODE[How.TYPE] or graph.node_kind[graph.arc_target[arc]] in TYPES
        return Role.TYPE if typed else Role.USED
    return Role.MEMBER


def _role(graph: Graph, node: int, roles: Mapping[int, Role], owners: AbstractSet[int]) -> Role:
    """What a symbol is to the seeds, which have these owners."""
    role = roles.get(node)
    if role is Role.SEED:
        return role
    if graph.is_test(node):
        return Role.TEST
    if role in (None, Role.USER, Role.USED) and graph.owner(node) in owners:
        return Role.SIBLING
    return role or Role.RELATED


def _around(graph: Graph, node: int) -> frozenset[int]:
    """A node, or none (-1), and all that it stands in."""
    found = set()
    while node >= 0:
        found.add(node)
        node = graph.parent[node]
    return frozenset(found)


def _confidence(graph: Graph, node: int, seeds: Sequence[int]) -> Confidence:
    """How sure it is that a symbol belongs here: the best edge between it and a seed, else inferred."""
    if node in seeds:
        return Confidence.EXACT
    among = set(seeds)
    sure = [graph.arc_confidence[arc] for arc in graph.outgoing(node) if graph.arc_target[arc] in among]
    sure += [graph.arc_confidence[arc] for arc in graph.incoming(node) if graph.arc_source[arc] in among]
    return Confidence(max(sure, default=Confidence.INFERRED))


def _warnings(pieces: Sequence[Piece], left_out: int, budget: int) -> tuple[Notice, ...]:
    cut = [piece.symbol.qualified for piece in pieces if piece.cut]
    if cut:
        names = ", ".join(cut[:_NAMED]) + (f" and {len(cut) - _NAMED} more" if len(cut) > _NAMED else "")
        message = f"a budget of {budget} tokens is too small for the whole of {names}: cut"
        return (Notice("budget", message),)
    if left_out and len(pieces) <= 1:
        message = f"a budget of {budget} tokens leaves room for little: {left_out} relevant symbols left out"
        return (Notice("budget", message),)
    return ()
