"""What a symbol is part of and what is part of it, read off the graph's containment arcs."""

from __future__ import annotations

from collections.abc import Iterable

from isg.graph.codes import CONTAINMENT, symbol_codes
from isg.graph.graph import Graph
from isg.graph.model import CALLABLE_KINDS, TYPE_KINDS, SymbolKind

MODULES = symbol_codes({SymbolKind.MODULE, SymbolKind.PACKAGE})
TYPES = symbol_codes(TYPE_KINDS)
CALLABLES = symbol_codes(CALLABLE_KINDS)


def members(graph: Graph, node: int) -> list[int]:
    """The direct members of a module, package or type, in source order."""
    return sorted(graph.arc_target[arc] for arc in graph.outgoing(node) if graph.arc_kind[arc] in CONTAINMENT)


def with_members(graph: Graph, nodes: Iterable[int]) -> list[int]:
    """The nodes and all that they contain, each once.

    A package that has a file of its own stands for that file, not for the modules beside it.
    """
    found = list(dict.fromkeys(nodes))
    seen = set(found)
    for node in found:
        alone = graph.node_kind[node] in MODULES and graph.node_file[node] >= 0
        for member in members(graph, node):
            if member not in seen and not (alone and graph.node_kind[member] in MODULES):
                seen.add(member)
                found.append(member)
    return found


def module_of(graph: Graph, node: int) -> int | None:
    """The module that a node is in, or is; None for externals and packages without a module."""
    while node >= 0 and graph.node_kind[node] not in MODULES:
        node = graph.parent[node]
    return node if node >= 0 else None


def enclosing(graph: Graph, node: int, kinds: frozenset[int]) -> int | None:
    """The innermost type or function, of these kinds, that a node belongs to, itself included."""
    current = node
    while current >= 0:
        if graph.node_kind[current] in kinds:
            return current
        current = graph.owner(current)
    return None
