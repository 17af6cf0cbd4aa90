"""Fits the weights of ``context`` to what people changed together, and tests them where they were not fitted.

    fit_context.py CASES CLONES [--work FOLDER] [--repos a,b]

CASES holds a file of cases for each repository (NAME.jsonl: seed, others, snapshot); CLONES holds clones with
their history, as NAME, OWNER/NAME or OWNER+NAME/repo. Each snapshot is checked out alone into FOLDER, so that
nothing can look into its future, and indexed; what is there is used again.

Printed are, for each repository, the recall within the first 10 and 25 functions and the reciprocal rank of
the first hit, under the weights in force and under those that were fitted to the other repositories; then the
weights that fit all of them, for ``isg.graph.ranking.weights``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from snapshots import arguments_of, checked_out, clone_of

from isg.graph.graph import Graph
from isg.graph.history import History
from isg.graph.model import Confidence
from isg.graph.queries.members import CALLABLES
from isg.graph.ranking.rank import likeliest
from isg.graph.ranking.signals import measure, read
from isg.graph.ranking.weights import FITTED, Weights
from isg.graph.select import candidates
from isg.store.history.opening import open_history
from isg.store.location import locate
from isg.store.snapshot import load_state
from isg.store.source import SourceText

STEPS, RATE, PENALTY = 300, 0.05, 1e-3  # of Adam (Kingma and Ba 2014), and for large weights

Row = dict[str, object]
Matrix = npt.NDArray[np.float64]


class Case(NamedTuple):
    """The signs of all functions that may belong to a seed, and which of them its commit changed."""

    signs: Matrix
    hits: npt.NDArray[np.bool_]
    wanted: int  # functions that the commit changed, found or not


class Scores(NamedTuple):
    r10: float
    r25: float
    mrr: float


def main() -> None:
    given = arguments_of(__doc__)
    if not given.cases.is_dir() or not given.clones.is_dir():
        sys.exit("fit_context: no cases or no clones there: nothing to fit")
    with tempfile.TemporaryDirectory() as scratch:
        work = given.work or Path(scratch)
        sets = {
            path.stem: list(_cases(path, given.clones, work))
            for path in sorted(given.cases.glob("*.jsonl"))
            if not given.repos or path.stem in given.repos.split(",")
        }
    _report({name: cases for name, cases in sets.items() if cases})


# Cases


def _cases(path: Path, clones: Path, work: Path) -> Iterator[Case]:
    """The cases of a repository; none where there is no clone of it."""
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    clone = clone_of(clones, path.stem)
    if clone is None:
        print(f"{path.stem}: no clone, left out", file=sys.stderr)
        return
    for snapshot in dict.fromkeys(str(row["snapshot"]) for row in rows):
        root = checked_out(clone, snapshot, work / f"{path.stem}@{snapshot[:12]}")
        location = locate(root)
        state = load_state(location)
        assert state is not None
        history = open_history(root, location, state)
        source = SourceText(root, state.head)
        for row in rows:
            if row["snapshot"] == snapshot:
                yield _measured(state.graph, history, source, row)


def _measured(graph: Graph, history: History | None, source: SourceText, row: Row) -> Case:
    """The signs of a case; tests and what is no function are left out, as the history does not count them."""
    (seed, *_) = candidates(graph, _place(row["seed"]))
    others = row["others"]
    assert isinstance(others, list)
    changed = {candidates(graph, _place(other))[0] for other in others}
    measured = measure(graph, [seed], Confidence.DISPATCH, history)
    first = likeliest(graph, measured, FITTED)
    texts = read(graph, [seed], [measured.nodes[at] for at in first], source.of)
    columns = dict(measured.columns)
    for name, values in texts.items():
        columns[name] = [0.0] * len(measured.nodes)
        for at, value in zip(first, values, strict=True):
            columns[name][at] = value
    kept = [
        at
        for at, node in enumerate(measured.nodes)
        if graph.node_kind[node] in CALLABLES and not graph.is_test(node)
    ]
    signs = np.array([[columns[name][at] for name in Weights._fields] for at in kept])
    hits = np.array([measured.nodes[at] in changed for at in kept], dtype=bool)
    return Case(signs, hits, len(others))


def _place(place: object) -> str:
    assert isinstance(place, dict)
    return f"{place['file']}:{place['line']}"


# Fitting


def fit(sets: Sequence[Sequence[Case]]) -> Weights:
    """The weights under which what changed is likeliest, each case by a softmax over all its functions.

    Each repository counts the same, whatever the number of its cases.
    """
    weights = np.zeros(len(Weights._fields))
    mean, spread = np.zeros(len(weights)), np.zeros(len(weights))
    found = [
        (case.signs, case.hits / case.hits.sum(), 1 / len(cases) / len(sets))
        for cases in sets
        for case in cases
        if case.hits.any()
    ]
    for step in range(1, STEPS + 1):
        slope = PENALTY * weights
        for signs, wanted, counts in found:
            scores = signs @ weights
            chances = np.exp(scores - scores.max())
            slope += counts * (signs.T @ (chances / chances.sum() - wanted))
        mean = 0.9 * mean + 0.1 * slope
        spread = 0.99 * spread + 0.01 * slope**2
        weights = weights - RATE * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.99**step)) + 1e-8)
    return Weights(*(round(float(weight), 3) for weight in weights))


def score(cases: Sequence[Case], weights: Weights) -> Scores:
    """The means over cases."""
    found = []
    for case in cases:
        hits = case.hits[np.argsort(-(case.signs @ np.array(weights)), kind="stable")]
        first = 1 / (1 + int(hits.argmax())) if hits.any() else 0.0
        found.append((hits[:10].sum() / case.wanted, hits[:25].sum() / case.wanted, first))
    return Scores(*(float(mean) for mean in np.mean(found, axis=0)))


def _report(sets: dict[str, list[Case]]) -> None:
    header = f"{'':12s}{'cases':>6s}{'in force':>24s}{'fitted to the others':>24s}"
    print(header + "   (r@10 r@25 mrr)")
    columns: tuple[list[Scores], list[Scores]] = ([], [])
    for name, cases in sets.items():
        others = [theirs for other, theirs in sets.items() if other != name]
        columns[0].append(score(cases, FITTED))
        columns[1].append(score(cases, fit(others) if others else FITTED))
        print(f"{name:12s}{len(cases):6d}" + "".join(_cells(column[-1]) for column in columns), flush=True)
    means = [Scores(*(float(mean) for mean in np.mean(column, axis=0))) for column in columns]
    print(f"{'mean':18s}" + "".join(map(_cells, means)))
    print(f"\nFITTED = {fit(list(sets.values()))}")


def _cells(scores: Scores) -> str:
    return "      " + "".join(f"{value:6.3f}" for value in scores)


if __name__ == "__main__":
    main()
