"""The promise as a command: an index compared with one made from nothing, in the words of ``isg export``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

import msgspec

from isg.cli.render.encoding import encode
from isg.cli.render.exported import edge_lines, symbol_lines
from isg.graph.errors import RecordMoved, WorkFailed

if TYPE_CHECKING:
    from isg.graph.graph import Graph
    from isg.store.location import StoreLocation
    from isg.store.snapshot import Snapshot

Index = Callable[["StoreLocation"], object]
_SHOWN = 10
_TRIES = 3


class Difference(msgspec.Struct, frozen=True):
    """Something that only one of two indexes holds, as a line of JSON."""

    stored: bool  # in which one: the index that was there, or the one made from nothing
    what: str  # symbol, edge, row, image
    line: bytes


def compare(location: StoreLocation, index: Index) -> tuple[Difference, ...]:
    """The first differences of an index from one made from nothing; none where they are the same bytes.

    ``index`` brings the index at a place up to date. Raises WorkFailed where the files change all the time.
    """
    from isg.store.rebuild import rebuilt
    from isg.store.snapshot import load_state

    for _ in range(_TRIES):
        with rebuilt(location, index) as clean:
            stored, made = load_state(location), load_state(clean)
            if stored is not None and made is not None and _same_tree(stored, made):
                try:
                    return _differences(location, stored, clean, made)
                except RecordMoved:
                    pass
        index(location)
    raise WorkFailed("the files keep changing while the index is compared", hint="run it again later")


def _same_tree(stored: Snapshot, made: Snapshot) -> bool:
    """Whether both are of the same contents."""
    builds = [{path: each.hash for path, each in of.head.build.items()} for of in (stored, made)]
    return stored.head.state == made.head.state and builds[0] == builds[1]


def _differences(
    location: StoreLocation, stored: Snapshot, clean: StoreLocation, made: Snapshot
) -> tuple[Difference, ...]:
    """Those of the graphs, else of what else is on record."""
    same = stored.head.image == made.head.image
    graphs = () if same else tuple(islice(_of_graphs(stored.graph, made.graph), _SHOWN))
    return graphs or tuple(islice(_of_rows(location, stored, clean, made), _SHOWN))


def _of_graphs(stored: Graph, made: Graph) -> Iterator[Difference]:
    """What an export of only one of them prints; else the sections of the image that differ."""
    found = chain(
        _of_lines("symbol", symbol_lines, stored, made),
        _of_lines("edge", edge_lines, stored, made),
    )
    first = next(found, None)
    if first is not None:
        yield first
        yield from found
        return
    for name in sorted(stored.sections.keys() | made.sections.keys()):
        if stored.sections.get(name) != made.sections.get(name):
            yield Difference(True, "image", encode({"section": name}))


def _of_lines(
    what: str, lines: Callable[[Graph], Iterator[bytes]], stored: Graph, made: Graph
) -> Iterator[Difference]:
    """The lines that only one of two graphs gives; few are kept, as there may be millions."""
    for here, there in ((stored, made), (made, stored)):
        known = set(map(hash, lines(there)))
        for line in lines(here):
            if hash(line) not in known:
                yield Difference(here is stored, what, line.rstrip())


def _of_rows(
    location: StoreLocation, stored: Snapshot, clean: StoreLocation, made: Snapshot
) -> Iterator[Difference]:
    from isg.store.database import reading
    from isg.store.rebuild import differing_rows

    with reading(location, stored.head) as ours, reading(clean, made.head) as theirs:
        for row in differing_rows(ours, theirs):
            yield Difference(row.stored, "row", encode({"table": row.table, **row.values}))
