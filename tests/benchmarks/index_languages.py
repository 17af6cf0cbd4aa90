"""What a line costs to index in each language, against a line of Python, and in a tree that mixes them.

Give a tree of Python first, then trees of other languages, each large enough that the start of a process
does not matter (50,000 lines or more). The mixed tree is all of them side by side.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from measuring import run, table
from trees import IGNORED, copy_of

BAR = 1.5  # times the cost of a line of Python


@dataclass(frozen=True)
class Cost:
    """A first index of a tree."""

    name: str
    lines: int
    languages: str
    seconds: float
    peak: int

    @property
    def per_line(self) -> float:
        """Microseconds."""
        return 1e6 * self.seconds / self.lines


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("python", type=Path, help="a tree of Python, to compare with")
    arguments.add_argument("trees", nargs="+", type=Path, help="trees of other languages")
    arguments.add_argument(
        "--times", type=int, default=3, help="runs, of which the median counts (default: 3)"
    )
    given = arguments.parse_args()
    costs = [_cost_of_copy(tree, given.times) for tree in (given.python, *given.trees)]
    costs.append(_cost_of_mixture([given.python, *given.trees], given.times))
    print(
        table(
            [_row(cost, costs[0]) for cost in costs], ["tree", "lines", "index", "a line", "ratio", "memory"]
        )
    )


def _cost_of_copy(tree: Path, times: int) -> Cost:
    with copy_of(tree) as copied:
        return _cost(copied, times)


def _cost_of_mixture(trees: list[Path], times: int) -> Cost:
    with tempfile.TemporaryDirectory(prefix="isg-bench-") as folder:
        mixed = Path(folder) / "mixed"
        for at, tree in enumerate(trees):
            shutil.copytree(tree, mixed / f"{at}-{tree.resolve().name}", symlinks=True, ignore=IGNORED)
        return _cost(mixed, times)


def _cost(tree: Path, times: int) -> Cost:
    runs = []
    for _ in range(times):
        shutil.rmtree(tree / ".isg", ignore_errors=True)
        runs.append(run("index", "-C", str(tree), cwd=tree))
    (counts,) = json.loads(run("stats", "--json", "-C", str(tree), cwd=tree).output)["results"]
    languages = ", ".join(f"{name} {files}" for name, files in counts["languages"].items())
    seconds = statistics.median(each.seconds for each in runs)
    found = Cost(tree.name, counts["lines"], languages, seconds, max(each.peak for each in runs))
    print(f"{found.name}: {found.languages}: {found.seconds:.2f} s", file=sys.stderr)
    return found


def _row(cost: Cost, python: Cost) -> list[str]:
    ratio = cost.per_line / python.per_line
    return [
        cost.name,
        f"{cost.lines:,}",
        f"{cost.seconds:.2f} s",
        f"{cost.per_line:.1f} µs",
        f"{ratio:.2f}" + (" (over the bar)" if ratio > BAR else ""),
        f"{cost.peak / 2**20:.0f} MB",
    ]


if __name__ == "__main__":
    main()
