"""A graph after an update: what unchanged files state comes from the graph before, renumbered.

The outcome equals packing all edges anew; where that could not be told from the old graph alone,
:class:`CannotPatch` is raised, and everything has to be packed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from isg.graph.graph import Graph
from isg.graph.model import Edge, Symbol
from isg.graph.packing import FileRow, Statements, move_site, pack_graph
from isg.graph.splicing import CannotPatch, splice_graph, stated_before

__all__ = ["CannotPatch", "patch_graph"]

_GONE = -1


def patch_graph(
    base: Graph,
    replaced: AbstractSet[str],
    state: str,
    symbols: Sequence[Symbol],
    edges: Sequence[Edge],
    unresolved: Mapping[str, int],
    files: Sequence[FileRow],
) -> bytes:
    """The graph that follows ``base`` when the files of ``replaced`` state ``edges`` instead.

    ``symbols``, ``unresolved`` and ``files`` are those of the whole project; ``edges`` holds every
    structural edge as well. Raises CannotPatch.
    """
    if base.meta.dangling:
        raise CannotPatch
    spliced = splice_graph(base, replaced, state, symbols, edges, unresolved, files)
    if spliced is not None:
        return spliced

    def state_edges(statements: Statements) -> None:
        _keep_standing(base, replaced, statements)
        statements.gather(edges)

    return pack_graph(base.project, state, symbols, state_edges, unresolved, files)


def _keep_standing(base: Graph, replaced: AbstractSet[str], statements: Statements) -> None:
    """Add what files that were not replaced state."""
    nodes = [_GONE] * len(base)
    for id_, node in base.ids():
        nodes[node] = statements.node_of.get(id_, _GONE)
    files = [statements.file_of.get(row.path, _GONE) for row in base.files]
    moved = any(new not in (old, _GONE) for old, new in enumerate(files))
    gone = stated_before(base, {file for file, row in enumerate(base.files) if row.path in replaced})
    kinds, hows, sure = base.arc_kind, base.arc_how, base.arc_confidence
    for arc, (source, target) in enumerate(zip(base.arc_source, base.arc_target, strict=True)):
        if arc in gone:
            continue
        if nodes[source] == _GONE or nodes[target] == _GONE:
            raise CannotPatch
        here = base.packed_sites(arc)
        sites = [move_site(site, files) for site in here] if moved else list(here)
        statements.add(nodes[source], kinds[arc], nodes[target], hows[arc], sure[arc], sites)
