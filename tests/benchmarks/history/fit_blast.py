"""Fits what ``blast-radius`` guesses to what people changed together, and tests it where it was not fitted.

    fit_blast.py TESTS CHANGES CLONES [--work FOLDER] [--repos a,b]

TESTS and CHANGES hold a file of cases for each repository (NAME.jsonl). A case of TESTS names what a commit
changed and the tests that it changed, one of CHANGES a function whose signature changed (seed) and the
callers that changed with it. CLONES holds clones with their history. Each snapshot is checked out alone into
FOLDER, so that nothing can look into its future, and indexed; what is there is used again.

Printed are, for each repository, the share of the changed tests within the first 5, 10 and 25 percent of all,
under the weights in force and under those fitted to the other repositories; then the weights that fit all of
them, for ``isg.graph.queries.chances``. The floor is the order by hops alone. For ``isg.graph.queries.twins``
it counts the callers of namesakes that changed, by folder and likeness.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from snapshots import checked_out, clone_of

from isg.graph.codes import CALLS
from isg.graph.graph import Graph
from isg.graph.model import Confidence
from isg.graph.queries.cases import Case, test_cases
from isg.graph.queries.chances import FAR, FITTED, Weights, alikeness, chances
from isg.graph.queries.selection import nearest_of
from isg.graph.queries.twins import namesakes
from isg.graph.queries.ways import ways_to
from isg.graph.select import candidates
from isg.store.history.opening import open_history
from isg.store.location import locate
from isg.store.snapshot import load_state
from isg.store.source import SourceText

OWN, NEAR, TOGETHER = (1.0, 2.0), (0.25, 0.5, 1.0), (0.15, 0.3)
PARTS = (0.05, 0.1, 0.25)
FLOOR = Weights(own=0.0, near=1.0, together=0.0)


class Question(NamedTuple):
    """What the likelihood of all tests is made of, and which of them the commit changed."""

    graph: Graph
    cases: Sequence[Case]
    alike: Mapping[float, Sequence[float]]  # by the weight of own names
    hops: Sequence[int]
    together: Mapping[int, float]
    hits: frozenset[int]
    wanted: int


def main() -> None:
    given = _arguments()
    if not given.tests.is_dir() or not given.changes.is_dir() or not given.clones.is_dir():
        sys.exit("fit_blast: no cases or no clones there: nothing to fit")
    with tempfile.TemporaryDirectory() as scratch:
        work = given.work or Path(scratch)
        repos = given.repos.split(",") if given.repos else [path.stem for path in given.tests.glob("*.jsonl")]
        sets = {repo: list(_questions(given.tests, given.clones, work, repo)) for repo in sorted(repos)}
        _report({repo: questions for repo, questions in sets.items() if questions})
        _report_twins(_twins(given.changes, given.clones, work, sorted(repos)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("tests", "changes", "clones"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--work", type=Path, help="where snapshots are kept [default: a temporary folder]")
    parser.add_argument("--repos", help="only these, separated by commas [default: all]")
    return parser.parse_args()


def _cases(folder: Path, clones: Path, work: Path, repo: str) -> Iterator[tuple[dict[str, Any], Path]]:
    """The cases of a repository, each with its snapshot; none where there is no clone."""
    clone = clone_of(clones, repo)
    for line in (folder / f"{repo}.jsonl").read_text().splitlines() if clone else ():
        case = json.loads(line)
        yield case, _snapshot(clone, case["snapshot"], work / f"{repo}@{case['snapshot'][:12]}")


@cache
def _snapshot(clone: Path, commit: str, root: Path) -> Path:
    return checked_out(clone, commit, root)


@cache
def _state(root: Path) -> Any:
    location = locate(root, None)
    snapshot = load_state(location)
    assert snapshot is not None
    cases = test_cases(snapshot.graph, SourceText(root, snapshot.head).line)
    return snapshot.graph, cases, open_history(root, location, snapshot, 0)


def _questions(folder: Path, clones: Path, work: Path, repo: str) -> Iterator[Question]:
    for case, root in _cases(folder, clones, work, repo):
        graph, cases, history = _state(root)
        changed = tuple(_nodes(graph, case["changed"]))
        ways = ways_to(graph, changed, Confidence.DISPATCH)
        nearest = [nearest_of(each, ways) for each in cases]
        together: Counter[int] = Counter()
        for node in changed if history is not None else ():
            for symbol, weight in history.weights(graph.symbol(node).id).items():
                together[graph.node_of(symbol) or 0] += weight
        yield Question(
            graph,
            cases,
            {own: alikeness(graph, cases, changed, Weights(own, 0.0, 0.0)) for own in {*OWN, FITTED.own}},
            [FAR if node < 0 else ways[node].depth + 1 for node in nearest],
            together,
            _hits(graph, cases, case["tests"]),
            len(case["tests"]),
        )


def _nodes(graph: Graph, places: Iterable[Mapping[str, Any]]) -> dict[int, None]:
    found = (candidates(graph, f"{place['file']}:{place['line']}")[:1] for place in places)
    return {node: None for nodes in found for node in nodes}


def _hits(graph: Graph, cases: Sequence[Case], places: Iterable[Mapping[str, Any]]) -> frozenset[int]:
    wanted = {(place["file"], place["line"]) for place in places}
    return frozenset(at for at, case in enumerate(cases) if (graph.path(case.node), case.line) in wanted)


def _scores(questions: Sequence[Question], weights: Weights) -> list[float]:
    """The mean share of the changed tests within each part."""
    found = [_shares(question, weights) for question in questions]
    return [sum(column) / len(found) for column in zip(*found, strict=True)]


def _shares(question: Question, weights: Weights) -> list[float]:
    alike = question.alike[weights.own] if weights.own else [0.0] * len(question.cases)
    likely = chances(question.graph, question.cases, alike, question.hops, question.together, weights)
    order = sorted(range(len(likely)), key=lambda at: (-likely[at], at))
    tops = (order[: max(1, round(part * len(order)))] for part in PARTS)
    return [len(question.hits.intersection(top)) / question.wanted for top in tops]


def _fit(tables: Iterable[Mapping[Weights, Sequence[float]]]) -> Weights:
    """The weights of the grid with the best mean over repositories; the first tenth counts twice."""
    tables = list(tables)

    def worth(weights: Weights) -> float:
        return sum(five + 2 * ten + quarter for five, ten, quarter in (table[weights] for table in tables))

    return max(_grid(), key=worth)


def _grid() -> list[Weights]:
    return [Weights(*each) for each in product(OWN, NEAR, TOGETHER)]


def _report(sets: Mapping[str, Sequence[Question]]) -> None:
    rows: list[list[float]] = []
    tables = {repo: {each: _scores(questions, each) for each in _grid()} for repo, questions in sets.items()}
    for repo, questions in sets.items():
        others = [table for name, table in tables.items() if name != repo]
        fitted = _fit(others) if others else FITTED
        in_force, floor = _scores(questions, FITTED), _scores(questions, FLOOR)
        rows.append([*in_force, *tables[repo].get(fitted, in_force), *floor])
        print(
            f"{repo:10s} in force {_line(in_force)}   left out {_line(rows[-1][3:6])}   hops {_line(floor)}"
        )
    means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    print(
        f"{'mean':10s} in force {_line(means[:3])}   left out {_line(means[3:6])}   hops {_line(means[6:])}"
    )
    print("fitted to all:", _fit(tables.values()))


def _line(scores: Iterable[float]) -> str:
    return " ".join(f"{score:.3f}" for score in scores)


class Twin(msgspec.Struct, frozen=True):
    """A namesake of a function whose signature changed, and its callers."""

    near: bool
    likeness: float
    callers: int
    changed: int


def _twins(folder: Path, clones: Path, work: Path, repos: Iterable[str]) -> Iterator[Twin]:
    for repo in repos:
        for case, root in _cases(folder, clones, work, repo):
            graph = _state(root)[0]
            callers = _nodes(graph, case["callers"])
            for node in _nodes(graph, [case["seed"]]):
                own = set(graph.sources(node, CALLS))
                for other, likeness, near in namesakes(graph, node):
                    others = {each for each in graph.sources(other, CALLS) if not graph.is_test(each)} - own
                    yield Twin(near, likeness, len(others), sum(each in callers for each in others))


def _report_twins(twins: Iterable[Twin]) -> None:
    callers: Counter[tuple[bool, float]] = Counter()
    changed: Counter[tuple[bool, float]] = Counter()
    for twin in twins:
        key = (twin.near, int(twin.likeness * 4) / 4)
        callers[key] += twin.callers
        changed[key] += twin.changed
    for near, likeness in sorted(callers):
        where = "same folder" if near else "elsewhere"
        count, hits = callers[near, likeness], changed[near, likeness]
        print(f"namesakes {where:11s} likeness {likeness:.2f}: {hits} of {count} callers changed")


if __name__ == "__main__":
    main()
