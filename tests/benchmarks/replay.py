"""Whether an index that followed the history of a real repository equals one made from nothing.

Consecutive commits, along first parents, are checked out one after the other into a folder of their own;
after each the index is brought up to date, and every so many it is compared with an index from nothing: all
that is exported, all rows, the bytes of the image. The repository, bare or not, is only read.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from indexes import against_rebuild, index
from worktree import WorkTree, to_replay

from isg.store.report import IndexReport


@dataclass
class Tally:
    """What was done along the way."""

    seconds: list[float] = field(default_factory=list)
    parsed: int = 0
    linked: int = 0
    compared: int = 0
    different: int = 0

    def add(self, seconds: float, report: IndexReport) -> None:
        self.seconds.append(seconds)
        self.parsed += report.files.parsed
        self.linked += report.linked

    def __str__(self) -> str:
        first, *later = self.seconds
        return (
            f"{len(self.seconds)} commits: first index {first:.2f} s,"
            f" an update {statistics.median(later):.3f} s (median),"
            f" {self.parsed:,} files parsed, {self.linked:,} linked;"
            f" {self.compared} comparisons, {self.different} different"
        )


def main() -> None:
    given = to_replay(__doc__)
    with tempfile.TemporaryDirectory(prefix="isg-replay-") as folder:
        tree = WorkTree(given.repository, Path(folder))
        tally = _replay(tree, tree.commits(given.last, given.commits), given.every)
    print(f"{given.repository}: {tally}")
    if tally.different:
        sys.exit(1)


def _replay(tree: WorkTree, commits: list[str], every: int) -> Tally:
    tally = Tally()
    for number, commit in enumerate(commits, 1):
        tree.check_out(commit)
        started = time.perf_counter()
        report = index(tree.root)
        tally.add(time.perf_counter() - started, report)
        if number % every and number != len(commits):
            continue
        differences = against_rebuild(tree.root)
        tally.compared += 1
        tally.different += bool(differences)
        found = "\n".join(["DIFFERENT", *differences]) if differences else "the same"
        print(f"{number:4} {commit[:12]} {report.symbols:,} symbols: {found}", flush=True)
    return tally


if __name__ == "__main__":
    main()
