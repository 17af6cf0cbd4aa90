"""What it costs to switch between two commits whose trees were both indexed before.

The repository (bare or not) is only read. The first index of the older commit is the measure; then the tree
goes to the newer one and back, several times. No file may be parsed, and a switch may take at most 0.3 of the
first index; both are processor time of this process, so that other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from indexes import against_rebuild, index
from worktree import WorkTree

BAR = 0.3  # of the first index


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("repository", type=Path)
    arguments.add_argument("--apart", type=int, default=100, help="commits between the two (default: 100)")
    arguments.add_argument("--last", default="HEAD", help="the newer commit (default: HEAD)")
    arguments.add_argument("--times", type=int, default=5, help="switches there and back (default: 5)")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="isg-branches-") as folder:
        tree = WorkTree(given.repository, Path(folder))
        older, *_, newer = tree.commits(given.last, given.apart + 1)
        first, parsed, _ = _indexed(tree, older)
        print(f"first index: {first:.2f} s, {parsed:,} files parsed")
        _indexed(tree, newer)
        switches = [_indexed(tree, commit) for _ in range(given.times) for commit in (older, newer)]
        differences = against_rebuild(tree.root)
    seconds = statistics.median(spent for spent, _, _ in switches)
    parsed = sum(parsed for _, parsed, _ in switches)
    linked = max(linked for _, _, linked in switches)
    print(
        f"{len(switches)} switches over {given.apart} commits: {seconds:.2f} s (median),"
        f" {seconds / first:.2f} of the first (bar: {BAR});"
        f" {parsed:,} files parsed (bar: 0), at most {linked:,} linked;"
        f" {'DIFFERENT from' if differences else 'the same as'} an index from nothing"
    )
    if parsed or differences or seconds > BAR * first:
        sys.exit(1)


def _indexed(tree: WorkTree, commit: str) -> tuple[float, int, int]:
    """Processor seconds that an index of a commit takes, and how many files were parsed and linked."""
    tree.check_out(commit)
    started = time.process_time()
    report = index(tree.root)
    return time.process_time() - started, report.files.parsed, report.linked


if __name__ == "__main__":
    main()
