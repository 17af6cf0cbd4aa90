"""Choosing symbols: what a user typed to the node it stands for, or an error that helps.

A selector is a key, a name as :mod:`isg.graph.spelling` reads it, a place (``path:line[:column]``) or a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from isg.graph.codes import symbol_codes
from isg.graph.errors import AmbiguousSymbol, NotFound
from isg.graph.graph import Graph
from isg.graph.model import CALLABLE_KINDS, TYPE_KINDS, SymbolKind
from isg.graph.names import nearest_names
from isg.graph.qualified import parts_of
from isg.graph.spelling import are_merged, by_suffix, by_written_name, members_named, split_language
from isg.parsers.languages import language_of, read_languages, unread_language_of

_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::(?P<column>\d+))?", re.DOTALL)

_NO_FILE = "no-such-file"

_MODULES = symbol_codes({SymbolKind.MODULE, SymbolKind.PACKAGE})
_CONTAINERS = symbol_codes(
    TYPE_KINDS
    | CALLABLE_KINDS
    | {SymbolKind.MODULE, SymbolKind.PACKAGE, SymbolKind.NAMESPACE, SymbolKind.IMPL_BLOCK}
)


def select(graph: Graph, selector: str, *, all: bool = False) -> tuple[int, ...]:
    """The node that a selector stands for, or those that one name merges; with ``all`` every one it may.

    Raises NotFound with the nearest names, and AmbiguousSymbol with the candidates, best first.
    """
    found = candidates(graph, selector)
    if not found:
        raise _not_found(graph, selector)
    if not all and not are_merged(graph, found):
        raise AmbiguousSymbol(
            f'"{selector}" may mean {len(found)} symbols',
            hint="give more of the name, or a place (file:line); --all takes all",
            candidates=(graph.symbol(node) for node in found),
        )
    return tuple(found)


def candidates(graph: Graph, selector: str) -> list[int]:
    """Every node that a selector may stand for, best first; empty where there is none."""
    selector = selector.strip()
    exact = graph.by_key(selector)
    if exact is not None:
        return [exact]
    place = _PLACE.fullmatch(selector)
    if place is not None:
        files = _files(graph, place["path"])
        if files:
            line, column = int(place["line"]), place["column"]
            at = (node_at(graph, file, line, int(column) if column else None) for file in files)
            return rank(graph, (node for node in at if node is not None))
    modules = [node for file in _files(graph, selector) for node in graph.in_file(file)[:1]]
    if modules:
        return rank(graph, modules)
    return rank(graph, by_written_name(graph, selector))


def rank(graph: Graph, nodes: Iterable[int]) -> list[int]:
    """Nodes with the likeliest meant first: of the project, no test, public, much used, short."""

    def order(node: int) -> tuple[bool, bool, bool, int, int, str]:
        key = graph.symbol(node).key
        hidden = not graph.is_public(node)
        return (
            graph.is_external(node),
            graph.is_test(node),
            hidden,
            -graph.in_degree(node),
            len(key),
            key,
        )

    return sorted(set(nodes), key=order)


# Places


def node_at(graph: Graph, path: str, line: int, column: int | None = None) -> int | None:
    """The innermost definition at a place of a file.

    A field or variable is meant only where it stands directly in its class or module; inside a function
    (`self.x = 1`) the function is.
    """
    nodes = graph.in_file(path)
    if column is not None:
        for node in nodes:
            if graph.node_line[node] == line and _covers(graph, node, column):
                return node
    around = [node for node in nodes if graph.node_start[node] <= line <= graph.node_end[node]]
    spans = {
        node: graph.node_end[node] - graph.node_start[node]
        for node in around
        if graph.node_kind[node] in _CONTAINERS
    }
    spans |= {node: span for node in nodes if (span := _redeclared(graph, node, line)) is not None}
    if not spans:
        return nodes[0] if nodes else None
    innermost = min(spans, key=lambda node: (spans[node], -node))
    if graph.node_line[innermost] == line and graph.node_kind[innermost] not in _MODULES:
        return innermost
    members = [
        node
        for node in around
        if graph.parent[node] == innermost and graph.node_kind[node] not in _CONTAINERS
    ]
    return members[-1] if members else innermost


def _redeclared(graph: Graph, node: int, line: int) -> int | None:
    """How many lines follow the first in the further declaration of a symbol that is at a line."""
    if not graph.is_redeclared(node):
        return None
    spans = ((each.start_line, each.end_line) for each in graph.symbol(node).declarations)
    return next((end - start for start, end in spans if start <= line <= end), None)


def _covers(graph: Graph, node: int, column: int) -> bool:
    symbol = graph.symbol(node)
    return symbol.kind is not SymbolKind.MODULE and symbol.column <= column < symbol.column + len(
        symbol.name.encode()
    )


def _files(graph: Graph, path: str) -> list[str]:
    """The indexed files that a path, or the end of one, stands for."""
    path = path.replace("\\", "/").removeprefix("./")
    if graph.has_file(path):
        return [path]
    if not path or ("/" not in path and "." not in path):
        return []
    return [row.path for row in graph.files if row.path.endswith("/" + path)]


# Not found


def _not_found(graph: Graph, selector: str) -> NotFound:
    place = _PLACE.fullmatch(selector)
    path = selector if place is None else place["path"]
    nearest = [graph.symbol(node) for node in _nearest(graph, selector)]
    unread = unread_language_of(path)
    if unread is not None and ("/" in path or place is not None):
        return NotFound(
            f"isg does not read {unread}: {path}", hint=f"it reads {read_languages()}", code=_NO_FILE
        )
    if "\\" in path or ("/" in path and (place is not None or not nearest or language_of(path, bytes))):
        return NotFound(
            f"no indexed file matches {path}", hint="paths are relative to the project's root", code=_NO_FILE
        )
    hint = "nearest: " + ", ".join(symbol.key for symbol in nearest) if nearest else None
    return NotFound(f'no symbol is named "{selector}"', hint=hint, candidates=nearest)


def _nearest(graph: Graph, selector: str, limit: int = 5) -> list[int]:
    """The symbols whose names come nearest to what was asked: inherited members first."""
    wanted = parts_of(split_language(selector)[1])
    if not wanted:
        return []
    owners = by_suffix(graph, wanted[:-1]) if len(wanted) > 1 else []
    inherited = [member for owner in owners[:20] for member in members_named(graph, owner, wanted[-1])]
    if inherited:
        return rank(graph, inherited)[:limit]
    nodes: list[int] = []
    for name in nearest_names(graph, wanted[-1], limit):
        nodes += rank(graph, graph.by_name(name))[: 2 if len(wanted) == 1 else None]
    owned = set(owners)
    return sorted(nodes, key=lambda node: graph.owner(node) not in owned)[:limit]
