"""Sites that are resolved to no symbol, and may well be of one because few bear its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from isg.graph.codes import CALLS, HOW_CODE, SYMBOL_CODE, USES
from isg.graph.graph import Graph
from isg.graph.model import Confidence, How, SymbolKind
from isg.graph.queries.reach import Reach
from isg.graph.queries.receivers import Rivals
from isg.graph.queries.twins import is_rarely_named
from isg.graph.signatures.binding import may_fit
from isg.graph.signatures.parameters import taken_by

_FUNCTION, _READ = SYMBOL_CODE[SymbolKind.FUNCTION], HOW_CODE[How.READ]
_CHANCE = 0.3  # that such a site breaks


class Mention(msgspec.Struct, frozen=True):
    """A site that bears a name and is resolved to no symbol."""

    name: str
    role: str  # call, read …
    local: bool  # whether it names a local or a parameter
    arguments: int  # of a call; -1 otherwise
    source: int  # the node around it
    receiver: str = ""  # the name of what a method is called on, where it is known and has one


def names_of_guesses(graph: Graph, nodes: Iterable[int]) -> set[str]:
    """The names of symbols whose sites without a target can be of them."""
    rare = [node for node in nodes if is_rarely_named(graph, node)]
    return {name for node in rare if _may_be_open(graph, node, name := graph.symbol(node).name)}


def _may_be_open(graph: Graph, node: int, name: str) -> bool:
    """Whether there can be such a site: for a function, only where it is handed on as a value."""
    if graph.node_kind[node] != _FUNCTION:
        return name in graph.unresolved
    return any(graph.arc_how[arc] == _READ for arc in graph.incoming(node, USES))


def guesses(
    graph: Graph, changed: Iterable[int], calls_only: bool, mentions: Iterable[Mention]
) -> Iterator[tuple[int, Reach]]:
    """Sites of the name of a changed symbol that may be of it, where the arguments fit.

    Of a method: on a receiver that is not known, unless it is called like the type of another method of the
    name (:mod:`isg.graph.queries.receivers`). Of a function: a parameter or local of its name, which is
    what a function is called that is handed on.
    """
    named = {graph.symbol(node).name: node for node in changed if is_rarely_named(graph, node)}
    rivals = Rivals(graph)
    for mention in mentions:
        node = named.get(mention.name)
        if node is None or mention.local is not (graph.node_kind[node] == _FUNCTION):
            continue
        if mention.receiver and rivals.has(node, mention.receiver):
            continue
        called = mention.role == "call" and may_fit(mention.arguments, taken_by(graph.symbol(node)))
        if called or (not calls_only and mention.role != "call"):
            kind = CALLS if mention.role == "call" else USES
            yield mention.source, Reach(_CHANCE, Confidence.GUESS, kind, node, 1, False)
