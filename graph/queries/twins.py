"""Callables that are declared alike: one interface that stands in several places, though nothing says so.

A synchronous and an asynchronous client, or a class and the functions that wrap it, repeat a name with its
parameters. No rule of a language ties them, but people change them together: on the cases of history, of
the callers of a namesake in the same folder with the same parameters two thirds changed in the same commit,
and of those of any other namesake one in a thousand (`tests/benchmarks/history/fit_blast.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from isg.graph.codes import symbol_codes
from isg.graph.graph import Graph
from isg.graph.model import SymbolKind
from isg.graph.signatures.parameters import taken_by

_ALIKE = 0.75  # the share of their parameters' names that twins have in common, at least
_PARAMETERS = 2  # with fewer, what is declared alike is so by chance
_KINDS = symbol_codes({SymbolKind.FUNCTION, SymbolKind.METHOD})
_CALLABLE = _KINDS | symbol_codes({SymbolKind.EXTERNAL})
_FEW = 4  # callables of one name, of which an unresolved mention may be any
_MANY = 200  # namesakes; a name that more bear tells nothing


def twins(graph: Graph, node: int) -> Iterator[tuple[int, float, bool]]:
    """(twin, likeness in [0, 1], whether it is of the same folder) of a function or method; no tests."""
    if graph.node_kind[node] not in _KINDS:
        return
    symbol = graph.symbol(node)
    mine = {each.name for each in taken_by(symbol)}
    namesakes = graph.by_name(symbol.name)
    if len(mine) < _PARAMETERS or len(namesakes) > _MANY:
        return
    for other in namesakes:
        if other == node or graph.node_kind[other] not in _KINDS or graph.is_test(other):
            continue
        theirs = {each.name for each in taken_by(graph.symbol(other))}
        likeness = len(mine & theirs) / len(mine | theirs)
        if likeness >= _ALIKE:
            yield other, likeness, _folder(graph, other) == _folder(graph, node)


def is_rarely_named(graph: Graph, node: int) -> bool:
    """Whether few callables, outside the project as well, bear the name of a function or method.

    Then a mention of the name that is not resolved may well be of this one.
    """
    if graph.node_kind[node] not in _KINDS:
        return False
    namesakes = [each for each in graph.by_name(graph.symbol(node).name) if not graph.is_test(each)]
    return sum(graph.node_kind[each] in _CALLABLE for each in namesakes) <= _FEW


def _folder(graph: Graph, node: int) -> str:
    return (graph.path(node) or "").rpartition("/")[0]
