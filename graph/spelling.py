"""Names as people write them, and the symbols that they stand for.

A name is a qualified one (with ``.``, ``::`` or ``/``), any end of it, or a bare one. One under which a
module re-exports a symbol (``django.db.models.Field``, ``serde::Serialize``) stands for that symbol too, and
where it begins with a whole module it is preferred to what only ends like it. In TypeScript, where modules
are files, names may be written as importers spell them: without the ``src`` of a package and the ``index``
of a folder.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from isg.graph.codes import IMPL, IMPORTS, symbol_codes
from isg.graph.graph import Graph
from isg.graph.model import TYPE_KINDS, Confidence, SymbolKind
from isg.graph.qualified import parts_of
from isg.parsers.languages import FAMILIES

_LANGUAGE = re.compile(r"(?P<language>[a-z][a-z0-9_+#-]*):(?!:)(?P<name>.+)", re.DOTALL)
_DISCRIMINATOR = re.compile(r"~\d+")

_MODULES = symbol_codes({SymbolKind.MODULE, SymbolKind.PACKAGE})
_OPEN = symbol_codes(TYPE_KINDS | {SymbolKind.NAMESPACE})  # what other declarations may add to
_FIELDS = symbol_codes({SymbolKind.FIELD})

_FILES_ARE_MODULES = "typescript"  # the family that imports files by their paths
_SOURCES = "src"  # the folder that a package's exports hide
_OF_FOLDER = "index"  # the module that is imported by its folder's path
_EXPORTED = "export"  # the modifier of a macro with #[macro_export]
_CALLED = "!"  # after the name of a macro where it is used


def by_written_name(graph: Graph, text: str) -> list[int]:
    """The symbols that a name may stand for; empty where there are none."""
    language, name = split_language(text)
    wanted = parts_of(name if name == _CALLED else name.removesuffix(_CALLED))
    if not wanted:
        return []
    found = _named(graph, wanted)
    if language is not None:
        found = [node for node in found if graph.symbol(node).key.startswith(f"{language}:")]
    return _prefer(graph, found)


def are_merged(graph: Graph, nodes: Sequence[int]) -> bool:
    """Whether these are one thing to its users: one definition, or those that share a scope and a name."""
    return len(nodes) == 1 or len({_bare(graph, node) for node in nodes}) == 1


def split_language(text: str) -> tuple[str | None, str]:
    """The language that a key begins with, and the name after it."""
    prefixed = _LANGUAGE.fullmatch(text)
    return (None, text) if prefixed is None else (prefixed["language"], prefixed["name"])


def by_suffix(graph: Graph, wanted: Sequence[str]) -> list[int]:
    """The symbols whose qualified names end in these parts."""
    nodes = graph.by_name(_DISCRIMINATOR.sub("", wanted[-1]))
    if len(wanted) == 1 and "~" not in wanted[0]:
        return list(nodes)
    return [node for node in nodes if _ends_with(_parts(graph, node), wanted)]


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


def _named(graph: Graph, wanted: Sequence[str]) -> Sequence[int]:
    """What a name stands for in the first of the ways to read it that gives anything."""
    ending = by_suffix(graph, wanted)
    own = [node for node in ending if not graph.is_external(node)]
    whole = [node for node in own if len(_parts(graph, node)) == len(wanted)]
    if any(graph.node_kind[node] not in _MODULES for node in whole):
        return whole
    return (
        [*whole, *_reexported(graph, wanted, _whole_modules)]
        or _with_what_they_lend(graph, own, wanted)
        or _folder(graph, wanted)
        or _reexported(graph, wanted, _modules)
        or _as_imported(graph, wanted)
        or _exported_macros(graph, wanted)
        or ending
    )


def _with_what_they_lend(graph: Graph, nodes: Sequence[int], wanted: Sequence[str]) -> Sequence[int]:
    """The nodes; where all are modules, also what the modules around them re-export under the same name."""
    if any(graph.node_kind[node] not in _MODULES for node in nodes):
        return nodes
    return [*nodes, *_reexported(graph, wanted, _modules)] if nodes else ()


def _prefer(graph: Graph, nodes: Sequence[int]) -> list[int]:
    """The project's own before externals, definitions before modules, the first of namesakes in a scope."""
    own = [node for node in dict.fromkeys(nodes) if not graph.is_external(node)] or nodes
    around = {graph.parent[node] for node in own}
    defined = [
        node
        for node in own
        if graph.node_kind[node] not in _MODULES or (node not in around and not _is_typescript(graph, node))
    ]
    return _without_namesakes(graph, defined or own)


def _without_namesakes(graph: Graph, nodes: Sequence[int]) -> list[int]:
    """The nodes but for those that another one of the same scope and name stands for."""
    groups: dict[str, list[int]] = {}
    for node in nodes:
        groups.setdefault(_bare(graph, node), []).append(node)
    return [node for group in groups.values() for node in _meant(graph, sorted(group))]


def _meant(graph: Graph, namesakes: Sequence[int]) -> Sequence[int]:
    """What a name means of its definitions in one scope: the first, but of a field and a method the method.

    In TypeScript it means a type as well as a value; in Rust, where only paths are written like that, no
    path leads to a field.
    """
    kinds = {graph.node_kind[node] for node in namesakes}
    if _is_typescript(graph, namesakes[0]) and not _OPEN.isdisjoint(kinds):
        return namesakes
    return ([node for node in namesakes if graph.node_kind[node] not in _FIELDS] or namesakes)[:1]


def _bare(graph: Graph, node: int) -> str:
    return _DISCRIMINATOR.sub("", graph.symbol(node).key)


def _parts(graph: Graph, node: int) -> list[str]:
    """The qualified name that a symbol's key holds, in parts."""
    return parts_of(split_language(graph.symbol(node).key)[1])


def _ends_with(parts: Sequence[str], wanted: Sequence[str]) -> bool:
    tail = parts[-len(wanted) :]
    return len(tail) == len(wanted) and all(
        have == want or ("~" not in want and _DISCRIMINATOR.sub("", have) == want)
        for have, want in zip(tail, wanted, strict=True)
    )


def _is_typescript(graph: Graph, node: int) -> bool:
    return FAMILIES.get(graph.symbol(node).language) == _FILES_ARE_MODULES


# Names that modules lend


def _whole_modules(graph: Graph, wanted: Sequence[str]) -> list[int]:
    return [module for module in _modules(graph, wanted) if len(_parts(graph, module)) == len(wanted)]


def _modules(graph: Graph, wanted: Sequence[str]) -> list[int]:
    """The modules that a name, or the end of one, stands for."""
    found = {*by_suffix(graph, wanted), *_as_imported(graph, wanted)}
    return [node for node in sorted(found) if graph.node_kind[node] in _MODULES]


def _as_imported(graph: Graph, wanted: Sequence[str]) -> list[int]:
    """What TypeScript's importers mean by a name: that of a package's sources or of a folder's index."""
    nodes = {*graph.by_name(wanted[-1]), *graph.by_name(_OF_FOLDER)}
    return [
        node
        for node in sorted(nodes)
        if _is_typescript(graph, node) and _ends_with(_imported_parts(graph, node), wanted)
    ]


def _folder(graph: Graph, wanted: Sequence[str]) -> list[int]:
    """The module that stands for a folder of this name."""
    return [node for node in _as_imported(graph, wanted) if _is_index(graph, node)]


def _exported_macros(graph: Graph, wanted: Sequence[str]) -> list[int]:
    """The macros that Rust puts at the root of their crate, wherever they are defined."""
    if len(wanted) != 2:
        return []
    macros = [node for node in graph.by_name(wanted[1]) if graph.kind(node) is SymbolKind.MACRO]
    return [
        node
        for node in macros
        if _parts(graph, node)[0] == wanted[0] and _EXPORTED in graph.symbol(node).modifiers
    ]


def _is_index(graph: Graph, node: int) -> bool:
    return graph.node_kind[node] in _MODULES and _parts(graph, node)[-1] == _OF_FOLDER


def _imported_parts(graph: Graph, node: int) -> list[str]:
    parts = [part for part in _parts(graph, node) if part != _SOURCES]
    return parts[:-1] if _is_index(graph, node) else parts


def _reexported(
    graph: Graph, wanted: Sequence[str], modules_of: Callable[[Graph, Sequence[str]], list[int]]
) -> list[int]:
    """What a name stands for by way of the imports of the module that it begins with."""
    for cut in range(len(wanted) - 1, 0, -1):
        modules = modules_of(graph, wanted[:cut])
        found = {node for module in modules for node in _walk(graph, module, wanted[cut:])}
        if found:
            return sorted(found)
    return []


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


def _is_named(graph: Graph, node: int, name: str) -> bool:
    if graph.node_kind[node] in _MODULES:
        return _parts(graph, node)[-1] == name
    return graph.symbol(node).name == name
