"""Callables that are declared alike: one interface that stands in several places, though nothing says so.

A synchronous and an asynchronous client, or a class and the functions that wrap it, repeat a name with its
parameters. No rule of a language ties them, but people change them together: on the cases of history, of the
callers of a namesake in the same folder with the same parameters two thirds changed in the same commit, and
of those of other namesakes one in twenty (`tests/benchmarks/history/fit_blast.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from isg.graph.codes import HOW_CODE, IMPL, SYMBOL_CODE, USES, symbol_codes
from isg.graph.graph import Graph
from isg.graph.model import How, SymbolKind
from isg.graph.signatures.parameters import taken_by

_ALIKE = 0.75  # the share of their parameters' names that twins have in common, at least
_PARAMETERS = 2  # with fewer, what is declared alike is so by chance
_KINDS = symbol_codes({SymbolKind.FUNCTION, SymbolKind.METHOD})
_METHOD, _TYPE = SYMBOL_CODE[SymbolKind.METHOD], HOW_CODE[How.TYPE]
_FUNCTION, _EXTERNAL = SYMBOL_CODE[SymbolKind.FUNCTION], SYMBOL_CODE[SymbolKind.EXTERNAL]
_FEW = 4  # callables of one name, of which an unresolved mention may be any
_MANY = 200  # namesakes; a name that more bear tells nothing


def twins(graph: Graph, node: int) -> Iterator[tuple[int, float, bool]]:
    """(twin, likeness in [0, 1], whether it is of the same folder) of a function or method; no tests."""
    return (found for found in namesakes(graph, node) if found[1] >= _ALIKE)


def namesakes(graph: Graph, node: int) -> Iterator[tuple[int, float, bool]]:
    """All that bear the name of a callable with several parameters, with how alike their parameters are."""
    if graph.node_kind[node] not in _KINDS:
        return
    symbol = graph.symbol(node)
    mine = {each.name for each in taken_by(symbol)}
    named = graph.by_name(symbol.name)
    if len(mine) < _PARAMETERS or len(named) > _MANY:
        return
    for other in named:
        if other != node and graph.node_kind[other] in _KINDS and not graph.is_test(other):
            theirs = {each.name for each in taken_by(graph.symbol(other))}
            likeness = len(mine & theirs) / len(mine | theirs)
            yield other, likeness, _folder(graph, other) == _folder(graph, node)


def implemented(graph: Graph, node: int) -> Iterator[int]:
    """What a callable is an implementation of, beside the methods of the project that it overrides.

    A function that is declared to be of the type of a method of its name, as of
    ``const patch: Options['patch']``; and a method, of its namesakes in bases outside the project.
    """
    symbol = graph.symbol(node)
    if graph.node_kind[node] == _FUNCTION:
        for arc in graph.outgoing(node, USES):
            target = graph.arc_target[arc]
            if graph.arc_how[arc] == _TYPE and graph.symbol(target).name == symbol.name:
                yield target
    elif graph.node_kind[node] == _METHOD:
        for base in _outside_bases(graph, graph.owner(node)):
            found = graph.by_key(f"{graph.symbol(base).key}.{symbol.name}")
            if found is not None:
                yield found


def _outside_bases(graph: Graph, owner: int) -> list[int]:
    """The ancestors of a type that are not of the project."""
    found, waiting = list[int](), [owner] if owner >= 0 else []
    for node in waiting:
        if graph.is_external(node):
            found.append(node)
        waiting += [base for base in graph.targets(node, IMPL) if base not in waiting]
    return found


def is_rarely_named(graph: Graph, node: int) -> bool:
    """Whether few bear the name of a function or method, so that an unresolved mention may well be of it.

    A parameter is called like a function that is handed on, not like a method; what is called on a receiver
    that is not known may be a method from outside the project as well.
    """
    kind = graph.node_kind[node]
    if kind not in _KINDS:
        return False
    alike = frozenset({kind}) if kind == _FUNCTION else frozenset({kind, _EXTERNAL})
    namesakes = (each for each in graph.by_name(graph.symbol(node).name) if not graph.is_test(each))
    return sum(graph.node_kind[each] in alike for each in namesakes) <= _FEW


def _folder(graph: Graph, node: int) -> str:
    return (graph.path(node) or "").rpartition("/")[0]
