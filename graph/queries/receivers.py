"""What the name of a receiver tells of its type, where nothing else does.

Variables are mostly called like their types: ``self.downloader.fetch()`` is of a ``Downloader``, and
``crawler.engine.stop()`` of an ``ExecutionEngine``. Of several methods of a name, a call on a receiver of no
known type is so taken to be of those whose types it is called like, where there are such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from isg.graph.codes import IMPL, symbol_codes
from isg.graph.graph import Graph
from isg.graph.model import SymbolKind
from isg.graph.names import words_of
from isg.graph.qualified import parts_of

SUPER = "super"  # the receiver is the instance itself, as one of a base of its class
_BEFORE = re.compile(rf"(?:({SUPER})\([^()]*\)|([^\W\d]\w*))[?!]?\.$")
_METHODS = symbol_codes({SymbolKind.METHOD, SymbolKind.EXTERNAL})


def receiver_before(line: str, column: int) -> str:
    """The name that a member at the column (from 1) of a line is asked of; empty where it is no name."""
    found = _BEFORE.search(line[: column - 1])
    return (found[1] or found[2]) if found else ""


def has_rivals(graph: Graph, name: str) -> bool:
    """Whether several methods bear a name, inside of the project or not."""
    return len(_methods(graph, name)) > 1


def is_of_a_rival(graph: Graph, method: int, receiver: str) -> bool:
    """Whether a call on that receiver is of another method of the name rather than of this one.

    What is called by ``super()`` on a base that is not known is of no method of the project.
    """
    if receiver == SUPER:
        return True
    words = words_of(receiver)
    if not words or _is_called_like(graph, method, words):
        return False
    return any(_is_called_like(graph, rival, words) for rival in _methods(graph, graph.symbol(method).name))


def _methods(graph: Graph, name: str) -> list[int]:
    """The methods of a name that are no tests; of what is outside of the project, all that bears it."""
    return [
        node for node in graph.by_name(name) if graph.node_kind[node] in _METHODS and not graph.is_test(node)
    ]


def _is_called_like(graph: Graph, method: int, receiver: Sequence[str]) -> bool:
    """Whether the receiver's name ends in that of a type with the method, or the type's in the receiver's."""
    for name in _types_of(graph, method):
        words = words_of(name)
        shared = min(len(words), len(receiver))
        if shared and words[-shared:] == receiver[-shared:]:
            return True
    return False


def _types_of(graph: Graph, method: int) -> Iterator[str]:
    """The names of the type that a method is a member of and of those that inherit from it."""
    owner = graph.owner(method)
    if owner < 0:
        yield from parts_of(graph.symbol(method).key)[-2:-1]
        return
    waiting = [owner]
    for node in waiting:
        yield graph.symbol(node).name
        waiting += [heir for heir in graph.sources(node, IMPL) if heir not in waiting]
