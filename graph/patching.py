"""A graph after an update: what unchanged files state comes from the graph before, renumbered.

The outcome equals packing all edges anew; where that could not be told from the old graph alone,
:class:`CannotPatch` is raised, and everything has to be packed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

import msgspec

from isg.graph.graph import Graph
from isg.graph.model import Edge, Symbol
from isg.graph.packing import FileRow, Packed, Statements, pack_graph
from isg.graph.restating import CannotPatch, stated_before
from isg.graph.sites import move_site
from isg.graph.splicing import splice_graph

__all__ = ["CannotPatch", "Edited", "patch_graph"]

_GONE = -1


class Edited(msgspec.Struct, frozen=True):
    """What some files say after an edit."""

    files: AbstractSet[str]
    """Their paths, also of those that are gone."""
    symbols: Sequence[Symbol]
    """What they define."""
    externals: Sequence[Symbol]
    """What they speak of outside the project."""
    left: AbstractSet[int]
    """The ids of what nobody speaks of any more outside the project."""
    edges: Sequence[Edge]
    """What they state, and every structural edge of the project."""


def patch_graph(
    base: Graph, edited: Edited, state: str, unresolved: Mapping[str, int], files: Sequence[FileRow]
) -> Packed:
    """The graph that follows ``base`` after an edit.

    ``unresolved`` and ``files`` are those of the whole project. Raises CannotPatch.
    """
    if base.meta.dangling:
        raise CannotPatch
    if not edited.left and all(base.node_of(symbol.id) is not None for symbol in edited.externals):
        spliced = splice_graph(base, edited.files, state, edited.symbols, edited.edges, unresolved, files)
        if spliced is not None:
            return spliced

    def state_edges(statements: Statements) -> None:
        _keep_standing(base, edited.files, statements)
        statements.gather(edited.edges)

    return pack_graph(base.project, state, _symbols_after(base, edited), state_edges, unresolved, files)


def symbols_beside(base: Graph, edited: AbstractSet[str]) -> Iterator[Symbol]:
    """What the files define that were not edited."""
    return (s for s in base.symbols() if s.file is not None and s.file not in edited)


def _symbols_after(base: Graph, edited: Edited) -> Iterator[Symbol]:
    """The symbols of the project, and those outside that it speaks of."""
    yield from symbols_beside(base, edited.files)
    yield from edited.symbols
    outside = (base.read_symbol(node) for node in base.externals())
    yield from (symbol for symbol in outside if symbol.id not in edited.left)
    yield from (symbol for symbol in edited.externals if base.node_of(symbol.id) is None)


def _keep_standing(base: Graph, edited: AbstractSet[str], statements: Statements) -> None:
    """Add what files that were not edited state."""
    nodes = [_GONE] * len(base)
    for id_, node in base.ids():
        nodes[node] = statements.node_of.get(id_, _GONE)
    files = [statements.file_of.get(row.path, _GONE) for row in base.files]
    moved = any(new not in (old, _GONE) for old, new in enumerate(files))
    gone = stated_before(base, {file for file, row in enumerate(base.files) if row.path in edited})
    kinds, hows, sure = base.arc_kind, base.arc_how, base.arc_confidence
    for arc, (source, target) in enumerate(zip(base.arc_source, base.arc_target, strict=True)):
        if arc in gone:
            continue
        if nodes[source] == _GONE or nodes[target] == _GONE:
            raise CannotPatch
        here = base.packed_sites(arc)
        sites = [move_site(site, files) for site in here] if moved else list(here)
        statements.add(nodes[source], kinds[arc], nodes[target], hows[arc], sure[arc], sites)
