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
from functools import lru_cache
from math import exp, log
from operator import add
from typing import NamedTuple

from isg.graph.codes import CALLS, IMPL, SYMBOL_KINDS, USES, NodeFlag
from isg.graph.graph import Graph
from isg.graph.model import Confidence
from isg.graph.names import words_of
from isg.graph.packing import NO_FILE
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


def rank(
    graph: Graph, seeds: Sequence[int], floor: Confidence, limit: int | None = None
) -> list[tuple[int, float]]:
    """The seeds, then the symbols around them by falling score in (0, 1]; modules only as seeds.

    With a limit the first so many of them.
    """
    share = relevance(graph, seeds, min_confidence=floor)
    mentions = shared_mentions(graph, seeds, floor)
    nodes = sorted(_candidates(graph, seeds, share, mentions).difference(seeds))
    signs = [
        SHARE * log((_LEAST + share.get(node, 0.0)) / _LEAST) + MENTIONS * mentions.get(node, 0.0) + kind
        for node, kind in zip(nodes, _kinds(graph, nodes), strict=True)
    ]
    signs = list(map(add, signs, _likeness(graph, nodes, [_read(graph, seed) for seed in seeds])))
    highest = max(signs, default=0.0)
    rounded = [-round(sign, 9) for sign in signs]
    ordered = sorted(range(len(nodes)), key=rounded.__getitem__)
    scored = [(seed, 1.0) for seed in seeds]
    wanted = None if limit is None else max(0, limit - len(scored))
    scored += [(nodes[at], round(0.99 * exp(signs[at] - highest), 6)) for at in ordered[:wanted]]
    return scored[:limit]


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


def _kinds(graph: Graph, nodes: Iterable[int]) -> list[float]:
    """What the kind of each symbol says, and whether it is a test."""
    kinds, flags = graph.node_kind, graph.node_flags
    return [_KINDS[kinds[node]] + (TEST if flags[node] & _IS_TEST else 0.0) for node in nodes]


_KINDS = [0.0 if code in CALLABLES else TYPE if code in TYPES else VALUE for code in range(len(SYMBOL_KINDS))]
_IS_TEST = NodeFlag.TEST.value


def _likeness(graph: Graph, nodes: Sequence[int], seeds: Iterable[_Seed]) -> list[float]:
    """What place and name say about each symbol: how like it is to the seed that it is most like."""
    names = graph.bare_names(nodes)
    to_each = [list(map(add, _places(graph, nodes, seed), _named(names, seed))) for seed in seeds]
    return to_each[0] if len(to_each) == 1 else list(map(max, *to_each))


def _places(graph: Graph, nodes: Iterable[int], seed: _Seed) -> list[float]:
    """What the place of each symbol says about it and a seed."""
    files = graph.node_file
    beside = {file for file in {files[node] for node in nodes} if _folder(graph, file) == seed.folder}
    return [
        (SAME_FOLDER + (_closeness(graph, node, seed) if files[node] == seed.file else 0.0))
        if files[node] in beside
        else 0.0
        for node in nodes
    ]


def _closeness(graph: Graph, node: int, seed: _Seed) -> float:
    """What the place of a symbol in the file of the seed says."""
    close = CLOSE / (1 + abs(graph.node_line[node] - seed.line) / _LINES)
    return close + SAME_CLASS if graph.owner(node) == seed.parent else close


def _named(names: Iterable[str], seed: _Seed) -> list[float]:
    """What the name of each symbol says about it and a seed."""
    same_name = SAME_NAME / log(1 + max(1, seed.namesakes)) + WORDS
    of_words = [WORDS * common / max(1, len(seed.words)) for common in range(len(seed.words) + 1)]
    common = seed.words.intersection
    return [same_name if name == seed.name else of_words[len(common(_words(name)))] for name in names]


def _folder(graph: Graph, file: int) -> str:
    """The folder of a file; that of the root for what is in none."""
    return "" if file == NO_FILE else graph.files[file].path.rpartition("/")[0]


def _read(graph: Graph, seed: int) -> _Seed:
    (name,) = graph.bare_names([seed])
    return _Seed(
        graph.node_file[seed],
        _folder(graph, graph.node_file[seed]),
        graph.node_line[seed],
        graph.owner(seed),
        name,
        frozenset(words_of(name)),
        len(graph.by_name(name)),
    )


_words = lru_cache(maxsize=2**15)(words_of)
