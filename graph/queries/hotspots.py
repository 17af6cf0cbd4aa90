"""Where trouble is likeliest: large code that changes often, and much of it lately."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from isg.graph.codes import DEPENDENCIES
from isg.graph.graph import Graph
from isg.graph.history import History
from isg.graph.linking.shapes import parameters_of
from isg.graph.model import Confidence, Symbol
from isg.graph.queries.bound import Bound, Notice
from isg.graph.queries.extents import Extents
from isg.graph.queries.members import CALLABLES, MODULES, TYPES, with_members
from isg.graph.queries.risk import FILE, FUNCTION, Exponents, Parts, formula, freshness, risk

if TYPE_CHECKING:
    import rustworkx

TEST_REACH = 3  # steps from a test within which it is taken to exercise a symbol
_BRACKETS = {"python": ("([{", ")]}")}
_WITH_ANGLES = ("([{<", ")]}>")


class Level(StrEnum):
    FUNCTION = "function"
    CLASS = "class"
    FILE = "file"


class Hotspot(msgspec.Struct, frozen=True):
    """A place and what is known about it; of a function without the functions inside of it."""

    symbol: Symbol  # of a file its module
    score: float
    complexity: int
    churn: int | None  # commits that changed it; None without history
    recent: float | None  # the same, each by how fresh it was
    fan_in: int  # symbols outside that depend on it
    fan_out: int  # symbols outside that it depends on
    centrality: float  # 0 … 1
    lines: int
    parameters: int
    references: int  # sites in it that lead outside
    longest: int  # lines of the longest function in it
    file_authors: float | None  # people who changed its file, each by how fresh the newest change was
    fixes: int | None  # commits that changed it and say that they mend a fault
    tested: bool  # whether a test reaches it, within TEST_REACH steps


class Hotspots(msgspec.Struct, frozen=True):
    results: tuple[Hotspot, ...]
    formula: str
    bound: Bound
    warnings: tuple[Notice, ...] = ()


def hotspots(
    graph: Graph,
    *,
    level: Level | str = Level.FUNCTION,
    history: History | None = None,
    since: int = 0,
    per_line: bool = False,
    include_tests: bool = False,
    min_confidence: Confidence = Confidence.DISPATCH,
) -> Hotspots:
    """All functions, classes or files, the riskiest first; ``per_line`` those with most risk in few lines.

    ``history`` is None where there is none; only its commits from ``since`` on count (seconds since 1970).
    """
    level = Level(level)
    survey = _Survey(graph, level, history, since, min_confidence)
    exponents = FILE if level is Level.FILE else FUNCTION
    found = [
        survey.hotspot(node, exponents, per_line)
        for node in _nodes(graph, level)
        if include_tests or not graph.is_test(node)
    ]
    results = sorted((spot for spot in found if spot.lines), key=lambda spot: (-spot.score, spot.symbol.key))
    warnings = []
    if history is None:
        warnings.append(Notice("no_history", "no git history: ranked without what changed how often"))
    if not results:
        warnings.append(Notice("none", f"looked, and there is no {level} with any lines"))
    return Hotspots(
        tuple(results),
        formula(exponents, per_line=per_line, history=history is not None),
        Bound(len(results), 0),
        tuple(warnings),
    )


def centrality(graph: Graph, floor: Confidence) -> Sequence[float]:
    """PageRank of each node over dependencies inside the project, as a share of the highest."""
    import rustworkx

    dependencies: rustworkx.PyDiGraph[int, None] = rustworkx.PyDiGraph(node_count_hint=len(graph))
    dependencies.add_nodes_from(range(len(graph)))
    external = [graph.is_external(node) for node in range(len(graph))]
    dependencies.add_edges_from_no_data(
        [
            (source, target)
            for source, target, kind, sure in zip(
                graph.arc_source, graph.arc_target, graph.arc_kind, graph.arc_confidence, strict=True
            )
            if kind in DEPENDENCIES and sure >= floor and not external[target]
        ]
    )
    if not len(graph):
        return ()
    found = rustworkx.pagerank(dependencies)
    highest = max((found[node] for node in range(len(graph)) if not external[node]), default=0.0) or 1.0
    return [0.0 if external[node] else found[node] / highest for node in range(len(graph))]


def tested(graph: Graph, floor: Confidence) -> AbstractSet[int]:
    """The symbols that a test reaches over dependencies, within TEST_REACH steps."""
    reached = {node for node in range(len(graph)) if graph.is_test(node)}
    front: Iterable[int] = tuple(reached)
    for _ in range(TEST_REACH):
        ahead = {
            graph.arc_target[arc]
            for node in front
            for arc in graph.outgoing(node)
            if graph.arc_kind[arc] in DEPENDENCIES and graph.arc_confidence[arc] >= floor
        }
        front = ahead - reached
        reached |= ahead
    return reached


def _nodes(graph: Graph, level: Level) -> list[int]:
    wanted = {Level.FUNCTION: CALLABLES, Level.CLASS: TYPES, Level.FILE: MODULES}[level]
    return [node for node in range(len(graph)) if graph.node_kind[node] in wanted]


class _Survey:
    """What all places of a project are measured by."""

    def __init__(
        self, graph: Graph, level: Level, history: History | None, since: int, floor: Confidence
    ) -> None:
        self._graph = graph
        self._level = level
        self._history = history
        self._since = since
        self._floor = floor
        self._ids = {node: symbol for symbol, node in graph.ids()}
        self._central = centrality(graph, floor)
        self._tested = tested(graph, floor)
        self._extents = Extents(graph)
        self._authors_of_files: dict[int, float] = {}

    def hotspot(self, node: int, exponents: Exponents, per_line: bool) -> Hotspot:
        graph, symbol = self._graph, self._graph.symbol(node)
        places = [node] if self._level is Level.FUNCTION else with_members(graph, [node])
        complexity = sum(graph.node_complexity[place] for place in places)
        fan_in, fan_out, references = self._fan(places)
        commits = self._commits(node)
        parts = Parts(
            self._lines(node),
            complexity,
            self._recent(commits),
            self._authors_of_file(graph.node_file[node]),
            self._fixes(commits),
            self._parameters(symbol),
            references,
            self._extents.longest_function(places),
            self._tested.isdisjoint(places),
        )
        known = self._history is not None
        return Hotspot(
            symbol=symbol,
            score=round(risk(parts, exponents, per_line=per_line), 4),
            complexity=complexity,
            churn=len(commits) if known else None,
            recent=round(parts.recent, 2) if known else None,
            fan_in=fan_in,
            fan_out=fan_out,
            centrality=min(1.0, round(sum(self._central[place] for place in places), 6)),
            lines=parts.lines,
            parameters=parts.parameters,
            references=parts.references,
            file_authors=round(parts.file_authors, 2) if known else None,
            fixes=parts.fixes if known else None,
            longest=parts.longest,
            tested=not parts.untested,
        )

    def _commits(self, node: int) -> Sequence[int]:
        """The commits that changed a place, and not only functions inside of it."""
        history = self._history
        if history is None:
            return ()
        lines = history.changes(self._ids[node])
        for inner in self._extents.inside(node):
            for commit, count in history.changes(self._ids[inner]).items():
                if commit in lines:
                    lines[commit] -= count
        return [
            commit for commit, count in lines.items() if count > 0 and history.times[commit] >= self._since
        ]

    def _recent(self, commits: Iterable[int]) -> float:
        history = self._history
        if history is None:
            return 0.0
        return sum(freshness(history.newest - history.times[commit]) for commit in commits)

    def _fixes(self, commits: Iterable[int]) -> int:
        return 0 if self._history is None else sum(self._history.mends[commit] for commit in commits)

    def _authors_of_file(self, file: int) -> float:
        """How many people changed a file, all that stands in it, each by how fresh the newest change was."""
        if file not in self._authors_of_files:
            module = next(iter(self._graph.in_file(self._graph.files[file].path)))
            self._authors_of_files[file] = self._authors(self._commits(module))
        return self._authors_of_files[file]

    def _authors(self, commits: Iterable[int]) -> float:
        history = self._history
        if history is None:
            return 0.0
        newest: dict[int, int] = {}
        for commit in commits:
            author = history.authors[commit]
            newest[author] = max(newest.get(author, 0), history.times[commit])
        return sum(freshness(history.newest - time) for time in newest.values())

    def _parameters(self, symbol: Symbol) -> int:
        if self._level is not Level.FUNCTION:
            return 0
        return len(parameters_of(symbol.signature, _BRACKETS.get(symbol.language, _WITH_ANGLES)))

    def _fan(self, places: Collection[int]) -> tuple[int, int, int]:
        """How many symbols outside depend on these, on how many they depend, and in how many sites."""
        graph, floor = self._graph, self._floor
        kinds, sure = graph.arc_kind, graph.arc_confidence
        inside = set(places)
        sources: set[int] = set()
        targets: set[int] = set()
        references = 0
        for place in places:
            for arc in graph.incoming(place):
                if kinds[arc] in DEPENDENCIES and sure[arc] >= floor:
                    sources.add(graph.arc_source[arc])
            for arc in graph.outgoing(place):
                if kinds[arc] in DEPENDENCIES and sure[arc] >= floor:
                    targets.add(graph.arc_target[arc])
                    references += graph.site_count(arc) if graph.arc_target[arc] not in inside else 0
        return len(sources - inside), len(targets - inside), references

    def _lines(self, node: int) -> int:
        lines = {
            Level.FILE: self._extents.of_file,
            Level.CLASS: self._extents.of_type,
            Level.FUNCTION: self._extents.of_function,
        }
        return lines[self._level](node)
