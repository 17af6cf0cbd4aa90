"""The bound of an answer: how much of it is certain, and what could be missing from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from isg.graph.model import Confidence, SymbolKind

if TYPE_CHECKING:  # an answer without a graph is the sooner for it
    from isg.graph.graph import Graph


class Bound(msgspec.Struct, frozen=True):
    """How far an answer can be trusted.

    ``certain`` results rest on exact or inferred edges, ``possible`` ones only on weaker ones;
    ``unresolved`` counts the sites in the project that mention an asked name and resolve to nothing known.
    """

    certain: int
    possible: int
    unresolved: int = 0
    why: tuple[str, ...] = ()


class Notice(msgspec.Struct, frozen=True):
    """Something the reader of an answer must know: a code for scripts, a sentence for people."""

    code: str  # none, below_confidence, no_history, language_gap …
    message: str


def bound_of(confidences: Iterable[Confidence], graph: Graph, asked: Iterable[int] = ()) -> Bound:
    """The bound of results of these confidences, for a question about the asked nodes."""
    sure = [confidence >= Confidence.INFERRED for confidence in confidences]
    certain = sum(sure)
    unresolved, why = unresolved_sites(graph, asked)
    return Bound(certain, len(sure) - certain, unresolved, why)


def unresolved_sites(graph: Graph, asked: Iterable[int]) -> tuple[int, tuple[str, ...]]:
    """How many sites mention one of the asked names without being resolved, and that said by name."""
    counts = {name: graph.unresolved.get(name, 0) for name in asked_names(graph, asked)}
    mentioned = sorted(((-count, name) for name, count in counts.items() if count))
    why = tuple(
        f'{-count} {"site" if count == -1 else "sites"} named "{name}" could not be resolved'
        for count, name in mentioned
    )
    return sum(counts.values()), why


def asked_names(graph: Graph, nodes: Iterable[int]) -> set[str]:
    """The bare names under which these nodes are mentioned; modules are mentioned by import only."""
    from isg.graph.packing import index_names

    names: set[str] = set()
    for node in nodes:
        if graph.kind(node) not in (SymbolKind.MODULE, SymbolKind.PACKAGE):
            names |= index_names(graph.symbol(node))
    return names


def may_be_weaker(graph: Graph, floor: Confidence) -> bool:
    """Whether anything at all lies below a floor: guesses, and below a higher one what dispatch adds."""
    if floor > Confidence.DISPATCH:
        return True
    return floor > Confidence.GUESS and bool(graph.meta.by_confidence.get(Confidence.GUESS.label))


def empty_notices(found: int, weaker: int, floor: Confidence, what: str) -> tuple[Notice, ...]:
    """Why an answer is empty; nothing where it is not. ``weaker`` counts what lies below the floor."""
    if found:
        return ()
    if weaker:
        return (
            Notice(
                "below_confidence",
                f"none at confidence {floor.label} or above, but {weaker} below it:"
                " --min-confidence guess shows them",
            ),
        )
    return (Notice("none", f"looked, and there is none: {what}"),)
