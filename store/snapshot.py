"""The graph of an index, as its image holds it: opened without a database."""

from __future__ import annotations

from typing import NamedTuple

from isg.graph.graph import Graph
from isg.store.head import Head, read_head
from isg.store.image import DamagedImage, map_image
from isg.store.location import StoreLocation

_TRIES = 3


class Snapshot(NamedTuple):
    """One state of an index: its graph, and the head that names it."""

    graph: Graph
    head: Head


def load_state(location: StoreLocation) -> Snapshot | None:
    """The present state of an index; None where there is none that is whole."""
    for _ in range(_TRIES):
        head = read_head(location.head)
        if head is None:
            return None
        try:
            return Snapshot(Graph(map_image(location.folder, head.image)), head)
        except (DamagedImage, ValueError):
            if read_head(location.head) == head:
                return None  # not replaced in between: it is damaged
    return None


def load_graph(location: StoreLocation) -> Graph | None:
    """The graph of an index; None likewise."""
    state = load_state(location)
    return None if state is None else state.graph
