"""The graph seen at a coarser level: dependencies between modules, packages, classes or functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import PurePosixPath
from typing import NamedTuple

from isg.graph.codes import CALLS, HOW_CODE, IMPL, IMPORTS, SYMBOL_CODE, USES, symbol_codes
from isg.graph.graph import Graph
from isg.graph.model import Confidence, How, SymbolKind
from isg.graph.qualified import is_within
from isg.graph.queries.members import CALLABLES, MODULES, TYPES, enclosing, module_of, with_members
from isg.parsers.languages import FAMILIES


class Level(StrEnum):
    MODULE = "module"
    PACKAGE = "package"
    CLASS = "class"
    FUNCTION = "function"


class When(StrEnum):
    """When a dependency takes effect."""

    COMPILE_TIME = "compile-time"  # where nothing runs at an import
    RUNTIME = "runtime"
    REEXPORT = "re-export"  # a package that imports from its own modules
    LAZY = "lazy"  # inside a function
    TYPE_ONLY = "type-only"


_OF_THE_FOLDER = {
    "python": frozenset({"__init__"}),
    "typescript": frozenset({"index"}),
    "rust": frozenset({"mod", "lib", "main"}),
}
COMPILED = frozenset({"rust"})  # families in which nothing runs when a module is imported
_BESIDE_ITS_FOLDER = frozenset({"rust"})  # families in which a.rs has the modules in a/
_TOUCHES = frozenset({CALLS, USES, IMPL})
_IMPL_BLOCK = SYMBOL_CODE[SymbolKind.IMPL_BLOCK]
_RUN_AT_IMPORT = MODULES | TYPES - symbol_codes({SymbolKind.INTERFACE})
_ONLY_TYPES = frozenset({HOW_CODE[How.TYPE], HOW_CODE[How.IMPLEMENTS]})
_WHEN = {HOW_CODE[How.LAZY]: When.LAZY, HOW_CODE[How.TYPE_ONLY]: When.TYPE_ONLY}


class Projected(NamedTuple):
    """One dependency seen at the level: the two ends there, and the arc behind it."""

    source: int
    target: int
    arc: int
    when: When
    site: int | None = None  # the packed place of an import; None: all places of the arc
    needs_name: bool = False  # an import that asks for a name inside the module


def project(graph: Graph, level: Level, floor: Confidence = Confidence.DISPATCH) -> Iterator[Projected]:
    """All dependencies between different nodes of a level, in the order of arcs."""
    if level in (Level.MODULE, Level.PACKAGE):
        return _between_modules(graph, level, floor)
    return _between_definitions(graph, level, floor)


def _between_modules(graph: Graph, level: Level, floor: int) -> Iterator[Projected]:
    stands_for = _package_nodes(graph) if level is Level.PACKAGE else {}
    for statement in _imports(graph, floor):
        for found in _imported_modules(graph, statement):
            source = stands_for.get(found.source, found.source)
            target = stands_for.get(found.target, found.target)
            if source != target:
                yield found._replace(source=source, target=target)


def _imports(graph: Graph, floor: int) -> Iterator[list[tuple[int, int | None]]]:
    """The arcs of each imported name, as (arc, place); one place may state the module and the name in it."""
    by_place: dict[tuple[int, int], list[tuple[int, int | None]]] = {}
    for arc in _arcs(graph, frozenset({IMPORTS}), floor):
        places = graph.packed_sites(arc)
        if not places:
            yield [(arc, None)]
        for place in places:
            by_place.setdefault((graph.arc_source[arc], place), []).append((arc, place))
    yield from by_place.values()


def _imported_modules(graph: Graph, statement: list[tuple[int, int | None]]) -> Iterator[Projected]:
    """The modules that one imported name depends on.

    `from a import b` depends on a.b where that is a module, else on a, wherever b is finally defined.
    """
    named = [(arc, place) for arc, place in statement if graph.node_kind[graph.arc_target[arc]] in MODULES]
    needs_name = len(named) < len(statement)
    if len(named) > 1:
        named = _named_module(graph, named)
    for arc, place in named or statement:
        source, target = module_of(graph, graph.arc_source[arc]), module_of(graph, graph.arc_target[arc])
        if source is not None and target is not None and source != target:
            yield Projected(source, target, arc, _when(graph, arc, source, target), place, needs_name)


def _named_module(graph: Graph, named: list[tuple[int, int | None]]) -> list[tuple[int, int | None]]:
    """Of a package and a module at one place: the module if it is the package's own, else the package."""
    keys = {arc: graph.symbol(graph.arc_target[arc]).key for arc, _ in named}
    inner = [
        (arc, place)
        for arc, place in named
        if any(is_within(keys[arc], key) for other, key in keys.items() if other != arc)
    ]
    if inner:
        return inner
    targets = {graph.arc_target[arc] for arc, _ in named}
    outer = [
        (arc, place)
        for arc, place in named
        if not targets.isdisjoint(graph.targets(graph.arc_target[arc], IMPORTS))
    ]
    return outer or named


def _when(graph: Graph, arc: int, source: int, target: int) -> When:
    if FAMILIES[graph.files[graph.node_file[source]].language] in COMPILED:
        return When.COMPILE_TIME
    when = _WHEN.get(graph.arc_how[arc], When.RUNTIME)
    if when is When.RUNTIME and _is_below(graph, target, _own_folder(graph, source)):
        return When.REEXPORT
    return when


def _own_folder(graph: Graph, module: int) -> str | None:
    """The folder whose modules are parts of a module: in Rust also the one named like its file."""
    path = PurePosixPath(graph.path(module) or "")
    if stands_for_its_folder(graph, module):
        return str(path.parent)
    family = FAMILIES[graph.files[graph.node_file[module]].language]
    return str(path.with_suffix("")) if family in _BESIDE_ITS_FOLDER else None


def stands_for_its_folder(graph: Graph, module: int) -> bool:
    """Whether a module of a file is what one gets who asks for the folder (``__init__.py``, ``index.ts``)."""
    row = graph.files[graph.node_file[module]]
    return PurePosixPath(row.path).stem in _OF_THE_FOLDER[FAMILIES[row.language]]


def _is_below(graph: Graph, module: int, folder: str | None) -> bool:
    path = graph.path(module)
    return folder is not None and path is not None and (folder == "." or path.startswith(f"{folder}/"))


def folders(graph: Graph) -> dict[int, str]:
    """The folder that each module belongs to."""
    modules = {node: row.path for row in graph.files for node in graph.in_file(row.path)[:1]}
    plain = {module: str(PurePosixPath(path).parent) for module, path in modules.items()}
    known = set(plain.values())
    own = {module: _own_folder(graph, module) for module in modules}
    return {module: folder if (folder := own[module]) in known else plain[module] for module in modules}


def _package_nodes(graph: Graph) -> dict[int, int]:
    """For each module the node that stands for its folder: the one that is there for it, else the first."""
    inside: dict[str, list[int]] = {}
    for module, folder in folders(graph).items():
        inside.setdefault(folder, []).append(module)
    chosen: dict[int, int] = {}
    for folder, modules in inside.items():
        own = [module for module in modules if _own_folder(graph, module) == folder]
        for module in modules:
            chosen[module] = (own or modules)[0]
    return chosen


def _between_definitions(graph: Graph, level: Level, floor: int) -> Iterator[Projected]:
    around = TYPES if level is Level.CLASS else CALLABLES
    kinds = _TOUCHES if level is Level.CLASS else frozenset({CALLS})
    owner = _owners(graph, around)
    for arc in _arcs(graph, kinds, floor):
        source, target = owner[graph.arc_source[arc]], owner[graph.arc_target[arc]]
        if source >= 0 and target >= 0 and source != target:
            when = When.TYPE_ONLY if graph.arc_how[arc] == HOW_CODE[How.TYPE] else When.RUNTIME
            yield Projected(source, target, arc, when)


def _owners(graph: Graph, kinds: frozenset[int]) -> list[int]:
    """The innermost type or function, of these kinds, that each node belongs to; -1 for none."""
    node_kind, parent = graph.node_kind, graph.parent
    owners = [node if kind in kinds else -1 for node, kind in enumerate(node_kind)]
    for node, owner in enumerate(owners):
        around = parent[node]
        if owner >= 0 or around < 0:
            continue
        if around < node and node_kind[around] != _IMPL_BLOCK:
            owners[node] = owners[around]  # which is known: most stand behind what is around them
        else:
            found = enclosing(graph, node, kinds)
            owners[node] = -1 if found is None else found
    return owners


def _arcs(graph: Graph, kinds: frozenset[int], floor: int) -> Iterable[int]:
    sure = graph.arc_confidence
    return (arc for arc, kind in enumerate(graph.arc_kind) if kind in kinds and sure[arc] >= floor)


def uses_at_import(graph: Graph, source: int, target: int) -> bool:
    """Whether code that runs at import, a module's own or a class body's, uses a member of another module."""
    bodies = [node for node in with_members(graph, [source]) if graph.node_kind[node] in _RUN_AT_IMPORT]
    return any(
        graph.arc_kind[arc] in _TOUCHES
        and graph.arc_how[arc] not in _ONLY_TYPES
        and graph.arc_target[arc] != target
        and module_of(graph, graph.arc_target[arc]) == target
        for body in bodies
        for arc in graph.outgoing(body)
    )
