"""Fits the exponents of ``hotspots`` to where later bug fixes fell, and tests them where that was not seen.

    fit_hotspots.py CASES CLONES [--work FOLDER] [--repos a,b]

CASES holds a file of cases for each repository (NAME.jsonl: repo, snapshot, level, and as truth the places
that were fixed later, with how often); CLONES holds clones with their history, as NAME, OWNER/NAME or
OWNER+NAME/repo. Each snapshot is checked out alone into FOLDER, so that nothing can look into its future, and
indexed; what is there is used again.

Every exponent begins at a half. In each round the one step of a quarter that helps most is taken, while it
raises the mean over repositories of 3 AUC + recall by more than ``GAIN``: so exponents leave the half only
for a reason, and recall, of a few places, weighs less. Printed are, for each level, the scores of the
exponents in force, of those fitted to the other repositories, and those that fit all of them, for
``isg.graph.queries.risk``; then what each power of lines to divide by gives (Popt and the share of fixes in
the first fifth of the lines: Mende and Koschke 2009).
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from snapshots import arguments_of, checked_out, clone_of

from isg.graph.queries.hotspots import Hotspot, hotspots
from isg.graph.queries.risk import FILE, FUNCTION, PER_LINE, Exponents
from isg.store.history.opening import open_history
from isg.store.location import locate
from isg.store.snapshot import load_state

STEP, GAIN = 0.25, 0.004
FIRST = {"file": 20, "function": 50}  # places that recall looks at
PARTS = {
    "file": ("recent", "file_authors", "fixes", "longest", "untested"),
    "function": ("complexity", "recent", "file_authors", "parameters", "references", "untested"),
}
IN_FORCE = {"file": FILE, "function": FUNCTION}

Weights = tuple[float, ...]


class Place(NamedTuple):
    """The logarithms of the parts of a risk, and how often the place was fixed."""

    lines: float
    parts: Weights
    size: int
    fixes: int


class Case(NamedTuple):
    repo: str
    level: str
    places: tuple[Place, ...]


def main() -> None:
    given = arguments_of(__doc__)
    if not given.cases.is_dir() or not given.clones.is_dir():
        sys.exit("fit_hotspots: no cases or no clones there: nothing to fit")
    with tempfile.TemporaryDirectory() as scratch:
        cases = list(_cases(given, given.work or Path(scratch)))
    for level in FIRST:
        _report(level, [case for case in cases if case.level == level])


# Cases


def _cases(given: argparse.Namespace, work: Path) -> Iterator[Case]:
    for path in sorted(given.cases.glob("*.jsonl")):
        if given.repos and path.stem not in given.repos.split(","):
            continue
        clone = clone_of(given.clones, path.stem)
        if clone is None:
            print(f"{path.stem}: no clone, left out", file=sys.stderr)
            continue
        for line in path.read_text().splitlines():
            case = json.loads(line)
            root = checked_out(clone, case["snapshot"], work / f"{path.stem}@{case['snapshot'][:12]}")
            yield Case(case["repo"], case["level"], tuple(_places(root, case["level"], case["truth"])))


def _places(root: Path, level: str, truth: Sequence[Mapping[str, object]]) -> Iterator[Place]:
    snapshot = load_state(locate(root))
    assert snapshot is not None
    history = open_history(root, locate(root), snapshot)
    fixes = {(item["file"], item.get("name")): int(str(item["weight"])) for item in truth}
    top = {_top(str(item["file"])) for item in truth}
    for spot in hotspots(snapshot.graph, level=level, history=history).results:
        if _top(str(spot.symbol.file)) not in top:
            continue  # documents, examples: nobody looked for fixes there
        name = None if level == "file" else spot.symbol.qualified
        yield Place(
            math.log2(1 + spot.lines),
            tuple(_part(spot, part) for part in PARTS[level]),
            spot.lines,
            fixes.get((spot.symbol.file, name), 0),
        )


def _top(path: str) -> str:
    return path.partition("/")[0] if "/" in path else ""


def _part(spot: Hotspot, name: str) -> float:
    return float(not spot.tested) if name == "untested" else math.log2(1 + (getattr(spot, name) or 0))


# Scores


def _ranked(case: Case, weights: Weights, per_line: float = 0.0) -> list[Place]:
    def risk(place: Place) -> float:
        return (1 - per_line) * place.lines + sum(map(float.__mul__, weights, place.parts))

    return sorted(case.places, key=risk, reverse=True)


def _auc(ranked: Sequence[Place]) -> float:
    """The share of pairs of a fixed and another place that stand in this order."""
    before, inverted = 0, 0
    for place in ranked:
        if place.fixes:
            inverted += before
        else:
            before += 1
    return 1 - inverted / (max(1, before) * (len(ranked) - before))


def _recall(ranked: Sequence[Place], first: int) -> float:
    return sum(place.fixes > 0 for place in ranked[:first]) / sum(place.fixes > 0 for place in ranked)


def _effort(ranked: Sequence[Place]) -> tuple[float, float]:
    """Popt, and the share of the fixes in the first fifth of the lines."""
    best = sorted(ranked, key=lambda place: -place.fixes / place.size)
    worst_area, best_area = _area(best[::-1]), _area(best)
    lines, left, found = sum(place.size for place in ranked) / 5, 0, 0
    for place in ranked:
        left += place.size
        if left > lines:
            break
        found += place.fixes
    popt = 1 - (best_area - _area(ranked)) / (best_area - worst_area)
    return popt, found / sum(place.fixes for place in ranked)


def _area(ranked: Sequence[Place]) -> float:
    found, area = 0, 0.0
    for place in ranked:
        area += (found + place.fixes / 2) * place.size
        found += place.fixes
    return area / found / sum(place.size for place in ranked)


def _mean(cases: Sequence[Case], score: Callable[[Case], float]) -> float:
    """The mean over repositories of the means over their cases."""
    repos = {case.repo for case in cases}
    return fmean(fmean(score(case) for case in cases if case.repo == repo) for repo in sorted(repos))


# Fitting


def _fit(level: str, cases: Sequence[Case]) -> Weights:
    def value(weights: Weights) -> float:
        def score(case: Case) -> float:
            ranked = _ranked(case, weights)
            return 3 * _auc(ranked) + _recall(ranked, FIRST[level])

        return _mean(cases, score)

    weights: Weights = (0.5,) * len(PARTS[level])
    best = value(weights)
    while True:
        found, step = max((value(step), step) for step in _steps(weights))
        if found <= best + GAIN:
            return weights
        best, weights = found, step


def _steps(weights: Weights) -> Iterator[Weights]:
    for place, weight in enumerate(weights):
        for changed in (weight - STEP, weight + STEP):
            if 0 <= changed <= 1:
                yield (*weights[:place], changed, *weights[place + 1 :])


def _report(level: str, cases: Sequence[Case]) -> None:
    repos = sorted({case.repo for case in cases})
    if not repos:
        return
    others = {repo: _fit(level, [case for case in cases if case.repo != repo]) for repo in repos}
    force = _weights_of(IN_FORCE[level], level)
    print(f"\n{level}: {', '.join(PARTS[level])}")
    _scores("in force", level, cases, dict.fromkeys(repos, force))
    _scores("fitted to the others", level, cases, others)
    fitted = _fit(level, cases)
    _scores("fitted to all", level, cases, dict.fromkeys(repos, fitted))
    print("exponents that fit all:", fitted)
    for power in (1.0, 1.5, 2.0, 2.5):
        popt, found = (
            _mean(cases, lambda case, at=at, power=power: _effort(_ranked(case, force, power))[at])
            for at in (0, 1)
        )
        mark = " (in force)" if power == PER_LINE else ""
        print(f"divided by lines^{power:g}: popt {popt:.3f}, found in a fifth of the lines {found:.3f}{mark}")


def _weights_of(exponents: Exponents, level: str) -> Weights:
    return tuple(getattr(exponents, part) for part in PARTS[level])


def _scores(title: str, level: str, cases: Sequence[Case], weights: Mapping[str, Weights]) -> None:
    auc = _mean(cases, lambda case: _auc(_ranked(case, weights[case.repo])))
    recall = _mean(cases, lambda case: _recall(_ranked(case, weights[case.repo]), FIRST[level]))
    print(f"{title}: AUC {auc:.3f}, recall in the first {FIRST[level]} {recall:.3f}")


if __name__ == "__main__":
    main()
