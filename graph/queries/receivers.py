"""What the name of a receiver tells of its type, where nothing else does.

Variables are mostly called like their types: ``self.downloader.fetch()`` is of a ``Downloader``, and
``crawler.engine.stop()`` of an ``ExecutionEngine``. Of several methods of a name, a call on a receiver of no
known type is so taken to be of those whose types it is called like, where there are such.

On calls whose receiver is known (`tests/benchmarks/receivers.py`, 6,000 of seven projects) this rules out two
fifths of the other methods, and one in eighty times the right one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from isg.graph.codes import IMPL, symbol_codes
from isg.graph.graph import Graph
from isg.graph.model import SymbolKind
from isg.graph.names import words_of
from isg.graph.qualified import parts_of

SUPER = "super"  # the receiver is the instance itself, as one of a base of its class
_BEFORE = re.compile(rf"(?:({SUPER})\([^()]*\)|([^\W\d]\w*))[?!]?\.$")
_HEIRS = 50  # types that inherit a method, at most: of more, what a receiver is called tells little
_METHODS = symbol_codes({SymbolKind.METHOD, SymbolKind.EXTERNAL})


def receiver_before(line: str, column: int) -> str:
    """The name that a member at the column (from 1) of a line is asked of; empty where it is no name."""
    found = _BEFORE.search(line[: column - 1])
    return (found[1] or found[2]) if found else ""


def has_rivals(graph: Graph, name: str) -> bool:
    """Whether several methods bear a name, inside of the project or not."""
    return len(_methods(graph, name)) > 1


class Rivals:
    """Whom a call of a method's name is of, by what its receiver is called; for one question."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._types: dict[int, _Names] = {}  # by method

    def has(self, method: int, receiver: str) -> bool:
        """Whether a call on that receiver is of another method of the name rather than of this one.

        What is called by ``super()`` on a base that is not known is of no method of the project.
        """
        if receiver == SUPER:
            return True
        words = tuple(words_of(receiver))
        if not words or self._is_called_like(method, words):
            return False
        name = self._graph.symbol(method).name
        return any(self._is_called_like(rival, words) for rival in _methods(self._graph, name))

    def _is_called_like(self, method: int, receiver: tuple[str, ...]) -> bool:
        """Whether the receiver's name is the end of that of a type with the method, or ends in one."""
        if method not in self._types:
            self._types[method] = _names(_types_of(self._graph, method))
        names = self._types[method]
        return receiver in names.ends or any(receiver[at:] in names.whole for at in range(len(receiver)))


class _Names(NamedTuple):
    """The names of some types, by their words, and what these end in."""

    whole: frozenset[tuple[str, ...]]
    ends: frozenset[tuple[str, ...]]


def _names(names: Iterable[str]) -> _Names:
    whole = frozenset(tuple(words) for name in names if (words := words_of(name)))
    return _Names(whole, frozenset(words[at:] for words in whole for at in range(len(words))))


def _methods(graph: Graph, name: str) -> list[int]:
    """The methods of a name that are no tests; of what is outside of the project, all that bears it."""
    return [
        node for node in graph.by_name(name) if graph.node_kind[node] in _METHODS and not graph.is_test(node)
    ]


def _types_of(graph: Graph, method: int) -> Iterator[str]:
    """The names of the type that a method is a member of and of the nearest that inherit from it."""
    owner = graph.owner(method)
    if owner < 0:
        yield from parts_of(graph.symbol(method).key)[-2:-1]
        return
    found = [owner]
    for node in found:
        yield graph.symbol(node).name
        heirs = (heir for heir in graph.sources(node, IMPL) if not graph.is_test(heir) and heir not in found)
        found += islice(heirs, 1 + _HEIRS - len(found))
