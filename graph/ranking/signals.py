"""The signs that a symbol belongs to the seeds, measured for all that may: a column for each sign.

share      the logarithm of its share in personalised PageRank: edges by kind and confidence
mentions   how much it calls, uses or extends what the seeds do, rare things counting more
close      that it stands close to a seed in the same file
words      the words that its name shares with that of a seed
together   that it changed together with a seed, by rank among what did; nothing without a history
beside     that it changed together with anything in the file of a seed, likewise
order      its rank by the words that its source shares with that of the seeds (BM25), among what was read
rarest     the rarest word that both have
cosine     the same words as a cosine: a short source that says only that
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import log
from typing import NamedTuple, TypeAlias

from isg.graph.codes import CALLS, IMPL, USES, NodeFlag
from isg.graph.graph import Graph
from isg.graph.history import History
from isg.graph.model import Confidence, Symbol
from isg.graph.queries.members import MODULES
from isg.graph.ranking.named import common_words
from isg.graph.ranking.relevance import relevance
from isg.graph.ranking.texts import likeness, words_in

Columns: TypeAlias = dict[str, list[float]]
Source: TypeAlias = Callable[[Symbol], str | None]

READ = 100  # symbols whose sources are read: the first ones by all other signs
LONG = 6000  # characters of a source that are read
RECENT = 200  # commits: how far the history of a file is looked at
_COMMON = 300  # what so many symbols mention ties none of them together
_LINES = 20  # at this distance closeness is half
_LEAST = 1e-5  # a share below this is none
_EXTERNAL = NodeFlag.EXTERNAL.value
_LAST = 1000  # a rank beyond this says nothing


class Measured(NamedTuple):
    """The symbols that may belong to the seeds, and what their place in the graph and history says."""

    nodes: list[int]
    columns: Columns


def measure(graph: Graph, seeds: Sequence[int], floor: Confidence, history: History | None) -> Measured:
    """All signs but those of the sources; modules, externals and the seeds themselves are left out."""
    share = relevance(graph, seeds, min_confidence=floor)
    mentions = shared_mentions(graph, seeds, floor)
    together, beside = _changed(graph, seeds, history)
    nodes = sorted(_candidates(graph, seeds, share, mentions, together, beside).difference(seeds))
    columns: Columns = {
        "share": [log((_LEAST + share.get(node, 0.0)) / _LEAST) for node in nodes],
        "mentions": [mentions.get(node, 0.0) for node in nodes],
        "together": _by_rank(nodes, together),
        "beside": _by_rank(nodes, beside),
        "close": _closeness(graph, nodes, seeds),
        "words": common_words(graph, nodes, seeds),
    }
    return Measured(nodes, columns)


def read(graph: Graph, seeds: Sequence[int], nodes: Sequence[int], source: Source) -> Columns:
    """What the sources of a few symbols say, the likeliest ones."""
    texts = [words_in((source(graph.symbol(node)) or "")[:LONG]) for node in nodes]
    asked = words_in("\n".join((source(graph.symbol(seed)) or "")[:LONG] for seed in seeds))
    found = likeness(asked, texts)
    return {
        "order": _ranks(found.overlap, len(nodes)),
        "rarest": found.rarest,
        "cosine": found.cosine,
    }


def _ranks(values: Sequence[float], last: int) -> list[float]:
    """The logarithm of how far each value is from being the last of so many; 0 for what is nothing."""
    falling = sorted(-round(value, 9) for value in values)
    return [
        max(0.0, log((2 + last) / (2 + bisect_left(falling, -round(value, 9))))) if value > 0 else 0.0
        for value in values
    ]


def _by_rank(nodes: Sequence[int], weights: Mapping[int, float]) -> list[float]:
    if not weights:
        return [0.0] * len(nodes)
    ranks = dict(zip(weights, _ranks(list(weights.values()), _LAST), strict=True))
    return [ranks.get(node, 0.0) for node in nodes]


# What changed together


def _changed(
    graph: Graph, seeds: Iterable[int], history: History | None
) -> tuple[dict[int, float], dict[int, float]]:
    """How much each symbol changed together with the seeds, and with what else is in their files."""
    if history is None:
        return {}, {}
    of_seeds = history.weights(*(graph.symbol(seed).id for seed in seeds))
    files = dict.fromkeys(path for seed in seeds if (path := graph.path(seed)) is not None)
    around = (graph.symbol(node).id for path in files for node in graph.in_file(path))
    of_files = history.weights(*around, newest=RECENT)
    return _by_node(graph, of_seeds), _by_node(graph, of_files)


def _by_node(graph: Graph, weights: Mapping[int, float]) -> dict[int, float]:
    return {node: weight for id_, weight in weights.items() if (node := graph.node_of(id_)) is not None}


# What they mention


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
    found = set[int]().union(*scored)
    for seed in seeds:
        path = graph.path(seed)
        if path is not None:
            found.update(graph.in_file(path))
        if graph.node_kind[seed] not in MODULES:
            found.update(graph.by_name(graph.symbol(seed).name))
    kinds, flags = graph.node_kind, graph.node_flags
    return {node for node in found if kinds[node] not in MODULES and not flags[node] & _EXTERNAL}


# Where they stand


def _closeness(graph: Graph, nodes: Sequence[int], seeds: Sequence[int]) -> list[float]:
    """How near each symbol is to the nearest seed of its file; nothing in other files."""
    files, lines = graph.node_file, graph.node_line
    at: dict[int, list[int]] = {}
    for seed in seeds:
        at.setdefault(files[seed], []).append(lines[seed])
    return [
        1 / (1 + min(abs(lines[node] - line) for line in at[file]) / _LINES)
        if (file := files[node]) in at
        else 0.0
        for node in nodes
    ]
