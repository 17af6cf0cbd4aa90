"""What it costs to switch between two commits whose trees were both indexed before.

The repository (bare or not) is only read. The first index of the older commit is the measure; then the tree
goes to the newer one and back, several times. No file may be parsed, and a switch may take at most 0.3 of the
first index; both are processor time of this process, so that other work on the machine does not count.

At last the tree goes to the newer commit with an edit on top (a line at the end of a source of median size):
no state that was seen before, but near to one.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from indexes import against_rebuild, index
from worktree import WorkTree

from isg.store.head import read_head
from isg.store.location import locate, size_of

BAR = 0.3  # of the first index


class Run(NamedTuple):
    """What an update of an index took: processor seconds, and files."""

    seconds: float
    parsed: int
    linked: int


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
        first = _indexed(tree, older)
        print(f"first index: {first.seconds:.2f} s, {first.parsed:,} files parsed")
        _indexed(tree, newer)
        switches = [_indexed(tree, commit) for _ in range(given.times) for commit in (older, newer)]
        differences = against_rebuild(tree.root)
        edited = _edited(tree, older, newer)
        differences += against_rebuild(tree.root)
        location = locate(tree.root, None)
        print(
            f"on disk: {size_of(location.folder) / 1e6:.1f} MB,"
            f" {size_of(location.states) / 1e6:.1f} MB of it states to go back to"
        )
    part = statistics.median(switch.seconds for switch in switches) / first.seconds
    parsed = sum(switch.parsed for switch in switches)
    print(f"with an edit of one file: {edited.seconds / first.seconds:.2f}, {edited.linked:,} linked")
    print(
        f"{len(switches)} switches over {given.apart} commits: {part:.2f} of the first (median; bar: {BAR});"
        f" {parsed:,} files parsed (bar: 0), at most {max(switch.linked for switch in switches):,} linked;"
        f" {'DIFFERENT from' if differences else 'the same as'} an index from nothing"
    )
    if parsed or differences or part > BAR:
        sys.exit(1)


def _edited(tree: WorkTree, older: str, newer: str) -> Run:
    """Bring the index from the older commit to the newer one and an edit."""
    _indexed(tree, older)
    tree.check_out(newer)
    head = read_head(locate(tree.root, None).head)
    assert head is not None, "the tree was indexed"
    sources = [path for path in map(tree.root.joinpath, sorted(head.files)) if path.is_file()]
    with sorted(sources, key=lambda path: path.stat().st_size)[len(sources) // 2].open("ab") as file:
        file.write(b"\n")
    return _measured(tree)


def _indexed(tree: WorkTree, commit: str) -> Run:
    """Bring the index to a commit."""
    tree.check_out(commit)
    return _measured(tree)


def _measured(tree: WorkTree) -> Run:
    started = time.process_time()
    report = index(tree.root)
    return Run(time.process_time() - started, report.files.parsed, report.linked)


if __name__ == "__main__":
    main()
