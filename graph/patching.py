"""A graph after an update: what unchanged files state comes from the graph before, renumbered.

The outcome equals packing all edges anew; where that could not be told from the old graph alone,
:class:`CannotPatch` is raised, and everything has to be packed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from isg.graph.codes import HOW_CODE
from isg.graph.graph import Graph
from isg.graph.model import Edge, How, Symbol
from isg.graph.packing import NO_FILE, FileRow, Statements, move_site, pack_graph, site_file
from isg.graph.splicing import OF_THE_INNER, CannotPatch, splice_graph

__all__ = ["CannotPatch", "patch_graph"]

_STRUCTURAL = HOW_CODE[How.STRUCTURAL]
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
    files = [_GONE if row.path in replaced else statements.file_of.get(row.path, _GONE) for row in base.files]
    shifted = any(new != old and new != _GONE for old, new in enumerate(files))
    kinds, hows, sure = base.arc_kind, base.arc_how, base.arc_confidence
    starts, sites = base.site_columns()
    for arc, (source, target) in enumerate(zip(base.arc_source, base.arc_target, strict=True)):
        start, end = starts[arc], starts[arc + 1]
        if start == end:
            owner = _owner(base, kinds[arc], source, target)
            if owner == NO_FILE or files[owner] == _GONE or hows[arc] == _STRUCTURAL:
                continue
            here: list[int] = []
        else:
            first, last = site_file(sites[start]), site_file(sites[end - 1])
            if first == last and files[first] == _GONE:
                continue
            if first != last and any(files[site_file(site)] == _GONE for site in sites[start:end]):
                raise CannotPatch  # who said it with how much confidence is not kept apart
            here = sites[start:end].tolist()
            if shifted:
                here = [move_site(site, files) for site in here]
        if nodes[source] == _GONE or nodes[target] == _GONE:
            raise CannotPatch
        statements.add(nodes[source], kinds[arc], nodes[target], hows[arc], sure[arc], here)


def _owner(base: Graph, kind: int, source: int, target: int) -> int:
    """The file that states an edge without a site."""
    return base.node_file[target if kind in OF_THE_INNER else source]
