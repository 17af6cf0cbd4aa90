"""Choosing symbols: what a user typed to the node it stands for, or an error that helps.

A selector is a key, a qualified name (with ``.``, ``::`` or ``/``) or any end of it, a bare name, a place
(``path:line[:column]``) or a file. A name under which a module re-exports a symbol
(``django.db.models.Field``) stands for that symbol too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from isg.graph.codes import IMPL, IMPORTS, symbol_codes
from isg.graph.errors import AmbiguousSymbol, NotFound
from isg.graph.graph import Graph
from isg.graph.model import CALLABLE_KINDS, TYPE_KINDS, Confidence, SymbolKind
from isg.graph.names import nearest_names
from isg.graph.qualified import parts_of
from isg.parsers.languages import language_of

_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::(?P<column>\d+))?", re.DOTALL)
_LANGUAGE = re.compile(r"(?P<language>[a-z][a-z0-9_+#-]*):(?!:)(?P<name>.+)", re.DOTALL)
_DISCRIMINATOR = re.compile(r"~\d+")

_MODULES = symbol_codes({SymbolKind.MODULE, SymbolKind.PACKAGE})
_CONTAINERS = symbol_codes(
    TYPE_KINDS | CALLABLE_KINDS | {SymbolKind.MODULE, SymbolKind.NAMESPACE, SymbolKind.IMPL_BLOCK}
)


def select(graph: Graph, selector: str, *, all: bool = False) -> tuple[int, ...]:
    """The node that a selector stands for; with ``all`` every one it may stand for, best first.

    Raises NotFound with the nearest names, and AmbiguousSymbol with the candidates, best first.
    """
    found = candidates(graph, selector)
    if not found:
        raise _not_found(graph, selector)
    if len(found) > 1 and not all:
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
    return _by_dotted_name(graph, selector)


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


# Names


def _by_dotted_name(graph: Graph, selector: str) -> list[int]:
    language, name = None, selector
    prefixed = _LANGUAGE.fullmatch(selector)
    if prefixed is not None:
        language, name = prefixed["language"], prefixed["name"]
    wanted = parts_of(name)
    if not wanted:
        return []
    found = _by_suffix(graph, wanted) or reexported(graph, wanted)
    if language is not None:
        found = [node for node in found if graph.symbol(node).key.startswith(f"{language}:")]
    return rank(graph, _prefer(graph, found, wanted))


def _by_suffix(graph: Graph, wanted: Sequence[str]) -> list[int]:
    nodes = graph.by_name(_DISCRIMINATOR.sub("", wanted[-1]))
    if len(wanted) == 1 and "~" not in wanted[0]:
        return list(nodes)
    return [node for node in nodes if _ends_with(key_parts(graph.symbol(node).key), wanted)]


def key_parts(key: str) -> list[str]:
    """The qualified name that a key holds, in parts."""
    prefixed = _LANGUAGE.fullmatch(key)
    return parts_of(key if prefixed is None else prefixed["name"])


def _ends_with(parts: Sequence[str], wanted: Sequence[str]) -> bool:
    tail = parts[-len(wanted) :]
    return len(tail) == len(wanted) and all(
        have == want or ("~" not in want and _DISCRIMINATOR.sub("", have) == want)
        for have, want in zip(tail, wanted, strict=True)
    )


def _prefer(graph: Graph, nodes: Sequence[int], wanted: Sequence[str]) -> list[int]:
    """The project's own before externals, a whole name before a suffix, the first of namesakes in a scope."""
    own = [node for node in nodes if not graph.is_external(node)] or list(nodes)
    if len(own) == 1:
        return own
    whole = [node for node in own if len(key_parts(graph.symbol(node).key)) == len(wanted)]
    chosen = whole or own
    bare = {_DISCRIMINATOR.sub("", graph.symbol(node).key) for node in chosen}
    if len(bare) == 1:
        first = graph.by_key(bare.pop())
        return chosen if first is None else [first]
    return chosen


def reexported(graph: Graph, wanted: Sequence[str]) -> list[int]:
    """What a dotted name stands for by way of the imports of the module that it begins with."""
    found: set[int] = set()
    for cut in range(len(wanted) - 1, 0, -1):
        modules = [node for node in _by_suffix(graph, wanted[:cut]) if graph.node_kind[node] in _MODULES]
        for module in modules:
            found |= _walk(graph, module, wanted[cut:])
        if found:
            break
    return sorted(found)


def _walk(graph: Graph, module: int, names: Sequence[str]) -> set[int]:
    """The nodes reached from a module by a chain of names: one that it imports, then members."""
    here = set(_imported_name(graph, module, names[0]))
    for name in names[1:]:
        here = {member for node in here for member in members_named(graph, node, name)}
    return here


def _imported_name(graph: Graph, module: int, name: str) -> Sequence[int]:
    """What a module's imports bind a name to; also those of the modules that it imports as a whole (`*`)."""
    seen, waiting = {module}, [module]
    for owner in waiting:
        found: Sequence[int] = members_named(graph, owner, name) if owner != module else ()
        found = found or [node for node in graph.targets(owner, IMPORTS) if _is_named(graph, node, name)]
        if found:
            return found
        whole = [node for node in _imported_whole(graph, owner) if node not in seen]
        seen.update(whole)
        waiting += whole
    return ()


def _imported_whole(graph: Graph, module: int) -> list[int]:
    """The modules that a module imports without naming anything in them."""
    arcs = [arc for arc in graph.outgoing(module, IMPORTS) if not graph.is_external(graph.arc_target[arc])]
    at_place = Counter(place for arc in arcs for place in graph.packed_sites(arc))
    return [
        graph.arc_target[arc]
        for arc in arcs
        if graph.node_kind[graph.arc_target[arc]] in _MODULES
        and any(at_place[place] == 1 for place in graph.packed_sites(arc))
    ]


def members_named(graph: Graph, node: int, name: str) -> Sequence[int]:
    """The members of a module or type that bear a name; of a type also the inherited ones, nearest first."""
    by_owner = graph.members_by_name(name)
    if not by_owner:
        return ()
    seen, waiting = {node}, [node]
    for owner in waiting:
        if owner in by_owner:
            return by_owner[owner]
        for base in graph.targets(owner, IMPL, Confidence.INFERRED):
            if base not in seen:
                seen.add(base)
                waiting.append(base)
    return ()


def _is_named(graph: Graph, node: int, name: str) -> bool:
    if graph.node_kind[node] in _MODULES:
        return key_parts(graph.symbol(node).key)[-1] == name
    return graph.symbol(node).name == name


# Not found


def _not_found(graph: Graph, selector: str) -> NotFound:
    place = _PLACE.fullmatch(selector)
    path = selector if place is None else place["path"]
    nearest = [graph.symbol(node) for node in _nearest(graph, selector)]
    if "\\" in path or ("/" in path and (place is not None or not nearest or language_of(path, bytes))):
        return NotFound(f"no indexed file matches {path}", hint="paths are relative to the project's root")
    hint = "nearest: " + ", ".join(symbol.key for symbol in nearest) if nearest else None
    return NotFound(f'no symbol is named "{selector}"', hint=hint, candidates=nearest)


def _nearest(graph: Graph, selector: str, limit: int = 5) -> list[int]:
    """The symbols whose names come nearest to what was asked: inherited members first."""
    prefixed = _LANGUAGE.fullmatch(selector)
    wanted = parts_of(selector if prefixed is None else prefixed["name"])
    if not wanted:
        return []
    owners = _by_suffix(graph, wanted[:-1]) if len(wanted) > 1 else []
    inherited = [member for owner in owners[:20] for member in members_named(graph, owner, wanted[-1])]
    if inherited:
        return rank(graph, inherited)[:limit]
    nodes: list[int] = []
    for name in nearest_names(graph, wanted[-1], limit):
        nodes += rank(graph, graph.by_name(name))[: 2 if len(wanted) == 1 else None]
    owned = set(owners)
    return sorted(nodes, key=lambda node: graph.owner(node) not in owned)[:limit]
