"""All that a graph says, to be compared."""

from __future__ import annotations

from isg.graph.codes import EDGE_KINDS
from isg.graph.graph import Graph
from isg.graph.overlay import Overlay


def said(graph: Graph) -> list[object]:
    """All that a graph says, by the numbers of its nodes."""
    over = graph if isinstance(graph, Overlay) else Overlay(graph)
    nodes, arcs = range(len(graph)), [graph.outgoing(node) for node in range(len(graph))]
    codes = range(len(EDGE_KINDS))
    return [
        graph.meta,
        graph.files,
        dict(graph.unresolved),
        list(graph.symbols()),
        [graph.symbol(node) for node in range(len(graph))],
        [
            list(column)
            for column in (
                graph.node_kind,
                graph.node_line,
                graph.node_start,
                graph.node_end,
                graph.node_flags,
            )
        ],
        [list(column) for column in (graph.node_complexity, graph.parent, graph.node_file)],
        [[(graph.arc_kind[arc], graph.arc_target[arc], graph.arc_how[arc]) for arc in row] for row in arcs],
        [[graph.arc_looks[arc] for arc in row] for row in arcs],
        [[(graph.arc_confidence[arc], list(graph.packed_sites(arc))) for arc in row] for row in arcs],
        [[(graph.arc_kind[arc], graph.arc_source[arc]) for arc in graph.incoming(node)] for node in nodes],
        [[graph.arc_source[arc] for arc in graph.incoming(node, kind)] for node in nodes for kind in codes],
        [[graph.arc_target[arc] for arc in graph.outgoing(node, kind)] for node in nodes for kind in codes],
        [(graph.in_degree(node), graph.out_degree(node), graph.degree(node)) for node in nodes],
        list(graph.degrees),
        graph.bare_names(nodes),
        list(graph.names),
        [list(graph.nodes_of_name(index)) for index in range(len(graph.names))],
        [graph.node_of(symbol.id) for symbol in graph.symbols()],
        [list(graph.nodes_of_key(symbol.key)) for symbol in graph.symbols()],
        sorted(graph.ids()),
        [(list(graph.in_file(row.path)), bytes(graph.encoded_symbols(row.path))) for row in graph.files],
        sorted((source, target) for source, target, _ in graph.ends()),
        {file: len(arcs) for file, arcs in over.elsewhere.items() if arcs},
    ]
