"""The order in which symbols matter to a reader of the seeds: the graph, and what stands near in the text.

The score of a symbol is a sum of signs that it belongs to the seeds, each with a weight:
- the logarithm of its share in personalised PageRank (``relevance``);
- how much it mentions the same things as the seeds do, rare things counting more;
- that it stands close to a seed in the same file, in the same class, in the same folder;
- that its name is the same, or shares words.
The weights were fitted (listwise, by softmax) to which functions people changed together in 18 snapshots
of flask, httpx and scrapy, and each tested on the two others' fit; those of kinds that the history does not
count (tests, types, values) are set by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp, log
from typing import NamedTuple

from isg.graph.codes import CALLS, IMPL, USES
from isg.graph.graph import Graph
from isg.graph.model import Confidence
from isg.graph.names import words_of
from isg.graph.queries.members import CALLABLES, MODULES, TYPES
from isg.graph.queries.relevance import relevance

SHARE = 0.63
MENTIONS = 2.6
CLOSE = 1.14
SAME_CLASS = 0.36
SAME_FOLDER = 0.9
SAME_NAME = 0.35
WORDS = 0.72
TEST, TYPE, VALUE = -1.0, -0.3, -1.2  # what is no plain function counts less

_COMMON = 300  # what so many symbols mention ties none of them together
_LINES = 20  # at this distance closeness is half
_LEAST = 1e-5  # a share below this is none


class _Seed(NamedTuple):
    """What is compared with every candidate, read once."""

    file: int
    folder: str
    line: int
    parent: int
    name: str
    words: frozenset[str]
    namesakes: int


def rank(graph: Graph, seeds: Sequence[int], floor: Confidence) -> list[tuple[int, float]]:
    """The seeds, then the symbols around them by falling score in (0, 1]; modules only as seeds."""
    share = relevance(graph, seeds, min_confidence=floor)
    mentions = shared_mentions(graph, seeds, floor)
    read = [_read(graph, seed) for seed in seeds]
    chosen = set(seeds)
    signs = {
        node: _signs(graph, node, share.get(node, 0.0), mentions.get(node, 0.0), read)
        for node in _candidates(graph, seeds, share, mentions)
        if node not in chosen
    }
    highest = max(signs.values(), default=0.0)
    ordered = sorted(signs, key=lambda node: (-round(signs[node], 9), node))
    return [(seed, 1.0) for seed in seeds] + [
        (node, round(0.99 * exp(signs[node] - highest), 6)) for node in ordered
    ]


def shared_mentions(graph: Graph, seeds: Iterable[int], floor: Confidence) -> dict[int, float]:
    """How much each symbol calls, uses or extends what the seeds do, as a share of the highest."""
    found: dict[int, float] = {}
    for seed in seeds:
        for target in _mentioned(graph, seed, floor):
            weight = 1 / log(2 + graph.in_degree(target))
            for arc in graph.incoming(target):
                if graph.arc_kind[arc] in _MENTIONS and graph.arc_confidence[arc] >= floor:
                    source = graph.arc_source[arc]
                    found[source] = found.get(source, 0.0) + weight
    highest = max(found.values(), default=1.0)
    return {node: value / highest for node, value in found.items()}


_MENTIONS = frozenset({CALLS, USES, IMPL})


def _mentioned(graph: Graph, node: int, floor: Confidence) -> list[int]:
    """What a symbol mentions, once for each arc, unless everyone does."""
    return [
        graph.arc_target[arc]
        for arc in graph.outgoing(node)
        if graph.arc_kind[arc] in _MENTIONS
        and graph.arc_confidence[arc] >= floor
        and graph.in_degree(graph.arc_target[arc]) <= _COMMON
    ]


def _candidates(graph: Graph, seeds: Iterable[int], *scored: Iterable[int]) -> set[int]:
    found = {node for nodes in scored for node in nodes}
    for seed in seeds:
        path = graph.path(seed)
        if path is not None:
            found.update(graph.in_file(path))
        if graph.node_kind[seed] not in MODULES:
            found.update(graph.by_name(graph.symbol(seed).name))
    return {node for node in found if graph.node_kind[node] not in MODULES and not graph.is_external(node)}


def _read(graph: Graph, seed: int) -> _Seed:
    name = graph.symbol(seed).name
    return _Seed(
        graph.node_file[seed],
        _folder(graph, seed),
        graph.node_line[seed],
        graph.owner(seed),
        name,
        frozenset(words_of(name)),
        len(graph.by_name(name)),
    )


def _folder(graph: Graph, node: int) -> str:
    return (graph.path(node) or "").rpartition("/")[0]


def _signs(graph: Graph, node: int, share: float, mentions: float, seeds: Sequence[_Seed]) -> float:
    total = SHARE * log((_LEAST + share) / _LEAST) + MENTIONS * mentions + _kind(graph, node)
    return total + max(_likeness(graph, node, seed) for seed in seeds)


def _likeness(graph: Graph, node: int, seed: _Seed) -> float:
    """What place and name say about a symbol and one seed."""
    total = 0.0
    if graph.node_file[node] == seed.file:
        total += SAME_FOLDER + CLOSE / (1 + abs(graph.node_line[node] - seed.line) / _LINES)
        if graph.owner(node) == seed.parent:
            total += SAME_CLASS
    elif _folder(graph, node) == seed.folder:
        total += SAME_FOLDER
    name = graph.symbol(node).name
    if name == seed.name:
        total += SAME_NAME / log(1 + seed.namesakes) + WORDS
    elif seed.words:
        total += WORDS * len(seed.words.intersection(words_of(name))) / len(seed.words)
    return total


def _kind(graph: Graph, node: int) -> float:
    kind = graph.node_kind[node]
    total = 0.0 if kind in CALLABLES else TYPE if kind in TYPES else VALUE
    return total + TEST if graph.is_test(node) else total
