"""How often the name of a receiver tells of which method a call is, where that is known.

    receivers.py TREE...

Each tree is an indexed project. Of calls of methods whose name few bear, on a receiver that has a name, it
counts those that `isg.graph.queries.receivers` would take to be of another method than the one that they are
resolved to, and how many of the other methods of the project it rules out.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from isg.graph.codes import CALLS, SYMBOL_CODE
from isg.graph.graph import Graph
from isg.graph.model import Confidence, SymbolKind
from isg.graph.queries.receivers import SUPER, Rivals, has_rivals, receiver_before
from isg.graph.queries.twins import is_rarely_named
from isg.store.location import locate
from isg.store.snapshot import load_state
from isg.store.source import SourceText

METHOD = SYMBOL_CODE[SymbolKind.METHOD]
KNOWN = {"self", "cls", "this", SUPER}  # receivers whose type is never in doubt


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for root in map(Path, sys.argv[1:]):
        snapshot = load_state(locate(root))
        if snapshot is None:
            sys.exit(f"receivers: {root} is not indexed")
        counts = _count(snapshot.graph, SourceText(root, snapshot.head))
        calls, others = counts["calls"] or 1, counts["others"] or 1
        print(
            f"{root.name}: {counts['calls']:,} calls, {counts['lost'] / calls:.1%} taken to be of another"
            f" method; {counts['ruled out'] / others:.0%} of {counts['others']:,} others ruled out"
        )


def _count(graph: Graph, text: SourceText) -> Counter[str]:
    counts: Counter[str] = Counter()
    rivals = Rivals(graph)
    for method, receiver in _calls(graph, text):
        counts["calls"] += 1
        counts["lost"] += rivals.has(method, receiver)
        for other in graph.by_name(graph.symbol(method).name):
            if other != method and graph.node_kind[other] == METHOD and not graph.is_test(other):
                counts["others"] += 1
                counts["ruled out"] += rivals.has(other, receiver)
    return counts


def _calls(graph: Graph, text: SourceText) -> Iterator[tuple[int, str]]:
    """The method and the receiver's name of each call that is resolved to one method."""
    for method in range(len(graph)):
        if graph.node_kind[method] != METHOD or not is_rarely_named(graph, method):
            continue
        if not has_rivals(graph, graph.symbol(method).name):
            continue
        for arc in graph.incoming(method, CALLS):
            for path, site in graph.places(arc) if graph.arc_confidence[arc] >= Confidence.INFERRED else ():
                receiver = receiver_before(text.line(path, site.line) or "", site.column)
                if receiver and receiver not in KNOWN:
                    yield method, receiver


if __name__ == "__main__":
    main()
