"""Whole commands as a server answers them, in its process: search, context and blast-radius, p50 and p95.

What every question also costs, to see whether a file has changed, is measured apart: it is the floor. The
searches are names and words of the project, drawn by a seed: what it is full of, what is rare, beginnings,
several words, words of different symbols, and words with a letter too few.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from asking import SEED, Symbols, graph_of
from measuring import Figure, arguments_of, quantile, report
from trees import DJANGO, tree_of

from isg.cli.command import Command
from isg.cli.commands.blast_radius import COMMAND as BLAST_RADIUS
from isg.cli.commands.context import COMMAND as CONTEXT
from isg.cli.commands.search import COMMAND as SEARCH
from isg.cli.server.asking import ask
from isg.graph.graph import Graph
from isg.graph.search.words import split
from isg.migrations import upgrade
from isg.store.location import locate
from isg.store.resident.changes import Changes
from isg.store.resident.project import Outcome, Resident

_COMMON = 100  # words that most names have: what many people type first
_KINDS = 7  # of searches


def main() -> None:
    given = arguments_of(__doc__, times=300)
    report(figures(given.tree, given.times))


def figures(given: Path | None, questions: int) -> Iterator[Figure]:
    """So many questions of each command."""
    with tree_of(given, DJANGO) as tree:
        graph = graph_of(tree)
        resident = _Still(tree, locate(tree), upgrade)
        looks = [1e3 * seconds for seconds in (_seconds(resident.look) for _ in range(20))]
        floor = quantile(looks, 0.5)
        yield Figure("seeing that no file has changed", floor, "ms")
        symbols = Symbols.of(graph)
        keys = [{"symbols": [graph.symbol(node).key], "format": "text"} for node in symbols.any[:questions]]
        searches = _searches(graph, symbols.any, questions // _KINDS)
        for kind, texts in searches.items():
            yield from _timed(f"search, {kind}", resident, SEARCH, _asking(texts))
        mixed = chain.from_iterable(searches.values())
        yield from _timed("search, all of these", resident, SEARCH, _asking(mixed), 30)
        yield from _timed("context", resident, CONTEXT, keys, 30)
        yield from _timed("blast-radius", resident, BLAST_RADIUS, keys, 10)


class _Still(Resident):
    """A project where nothing changes, so that the command itself is what is measured."""

    def refresh(self, paths: object = None) -> Outcome:
        assert self.snapshot is not None
        return Outcome(self.snapshot, Changes())

    def look(self) -> None:
        """See whether a file has changed, as for a question to a server."""
        super().refresh()


def _searches(graph: Graph, nodes: Sequence[int], each: int) -> Mapping[str, list[str]]:
    """What people search for, by its kind; the same for the same graph."""
    chance = random.Random(SEED)
    names = [graph.symbol(node).name for node in nodes[: 20 * each]]
    counted = Counter(chain.from_iterable(split(name) for name in names))
    common = [word for word, _ in counted.most_common(_COMMON)]
    words = sorted(word for word in counted if len(word) > 4)
    several = [" ".join(split(name)) for name in names if len(split(name)) > 1]
    return {
        "names": names[:each],
        "common words": chance.choices(common, k=each),
        "words": chance.choices(words, k=each),
        "beginnings": [word[:4] for word in chance.choices(words, k=each)],
        "several words": chance.choices(several, k=each),
        "words of different symbols": [" ".join(chance.sample(words, 2)) for _ in range(each)],
        "mistyped words": [f"{word[:2]}{word[3:]}" for word in chance.choices(words, k=each)],
    }


def _asking(texts: Iterable[str]) -> list[Mapping[str, object]]:
    return [{"text": [text], "format": "text"} for text in texts]


def _timed(
    what: str,
    resident: Resident,
    command: Command,
    asked: Sequence[Mapping[str, object]],
    bar: float | None = None,
) -> list[Figure]:
    """p50 and p95 of the answers, after one that loads what is loaded late."""
    ask(resident, command, asked[-1])
    times = [1e3 * _seconds(partial(_answer, resident, command, values)) for values in asked]
    note = f"{len(times)} questions"
    p50, p95 = quantile(times, 0.5), quantile(times, 0.95)
    return [Figure(f"{what}, p50", p50, "ms"), Figure(f"{what}, p95", p95, "ms", bar=bar, note=note)]


def _answer(resident: Resident, command: Command, values: Mapping[str, object]) -> None:
    reply = ask(resident, command, values)
    assert reply.error is None, reply.error


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
