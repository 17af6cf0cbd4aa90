"""What about each symbol a patch changes: the file's facts on both sides, compared by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from isg.graph.graph import Graph
from isg.graph.model import CALLABLE_KINDS, Symbol
from isg.graph.queries.changes import Change
from isg.graph.signatures.parameters import Taken, taken_by
from isg.parsers.facts import FileFacts, SymbolFact


class Edit(msgspec.Struct, frozen=True):
    """A symbol, what about it changes, and what it takes from then on, where its signature does."""

    node: int
    change: Change | None  # None: anything
    taken: tuple[Taken, ...] | None = None


def edits_in(graph: Graph, nodes: Iterable[int], other: FileFacts, applied: bool) -> Iterator[Edit]:
    """The edits of the touched symbols of one file; none where only its form changed.

    ``other`` says what the file states on the side that the tree has not, ``applied`` whether that is the
    side before the patch.
    """
    before = dict(_by_name(other))
    for node in nodes:
        symbol = graph.symbol(node)
        fact = before.get(symbol.qualified)
        if symbol.kind not in CALLABLE_KINDS:
            yield Edit(node, None)
        elif fact is None:
            if not applied:
                yield Edit(node, Change.DELETE)
        elif fact.signature != symbol.signature:
            yield _signature(node, symbol, fact, applied)
        elif fact.body_hash != symbol.body_hash:
            yield Edit(node, Change.BODY)


def _signature(node: int, symbol: Symbol, fact: SymbolFact, applied: bool) -> Edit:
    mine = taken_by(symbol)
    theirs = taken_by(msgspec.structs.replace(symbol, signature=fact.signature))
    if mine == theirs:
        return Edit(node, Change.RETURN)
    return Edit(node, Change.SIGNATURE, mine if applied else theirs)


def gone(graph: Graph, path: str, other: FileFacts) -> list[str]:
    """The names of what only the other side defines."""
    present = {graph.symbol(node).qualified for node in graph.in_file(path)}
    return [name for name, fact in _by_name(other) if fact.kind in CALLABLE_KINDS and name not in present]


def _by_name(facts: FileFacts) -> Iterator[tuple[str, SymbolFact]]:
    """Each definition of a file by its dotted name within it; the first bears it."""
    seen: set[str] = set()
    for fact in facts.symbols[1:]:
        parts, parent = [fact.name], fact.parent
        while parent > 0:
            parts.append(facts.symbols[parent].name)
            parent = facts.symbols[parent].parent
        name = ".".join(reversed(parts))
        if name not in seen:
            seen.add(name)
            yield name, fact
