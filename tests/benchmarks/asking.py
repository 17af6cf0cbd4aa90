"""Asking an open graph many questions in this process, about symbols that were drawn by a seed."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from measuring import ISG

from isg.graph.graph import Graph
from isg.graph.queries.members import CALLABLES, TYPES
from isg.store.location import locate
from isg.store.snapshot import load_graph

T = TypeVar("T")
SEED = 20_260_101


def graph_of(tree: Path) -> Graph:
    """The graph of a tree, indexed by a process of its own."""
    subprocess.run([*ISG, "index", "--quiet"], cwd=tree, check=True, stdout=subprocess.DEVNULL)
    graph = load_graph(locate(tree))
    assert graph is not None
    return graph


class Symbols(NamedTuple):
    """Nodes of the project, in an order that chance has made."""

    any: Sequence[int]
    functions: Sequence[int]
    types: Sequence[int]

    @classmethod
    def of(cls, graph: Graph) -> Symbols:
        nodes = [node for node in range(len(graph)) if not graph.is_external(node)]
        random.Random(SEED).shuffle(nodes)
        return cls(
            nodes,
            [node for node in nodes if graph.node_kind[node] in CALLABLES],
            [node for node in nodes if graph.node_kind[node] in TYPES],
        )


class Asked(NamedTuple, Generic[T]):
    """The seconds and the answer of one question."""

    seconds: float
    answer: T


def ask_all(ask: Callable[[int], T], nodes: Sequence[int]) -> list[Asked[T]]:
    """Each question once, after another one has warmed the code; what is decoded for it counts."""
    ask(nodes[-1])
    found = []
    for node in nodes:
        started = time.perf_counter()
        answer = ask(node)
        found.append(Asked(time.perf_counter() - started, answer))
    return found
