"""The seconds until the churn of every symbol is known: the first time, again, and after a commit.

    churn.py REPOSITORY [--commits 5000]

REPOSITORY is a working tree that isg has indexed; its history is read anew, into a folder that goes away.
Beside it stands the floor: what ``git diff-tree`` alone takes to print the same commits, in one process.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from isg.store.history import opening
from isg.store.history.log import SOURCES, commits_before, tip
from isg.store.location import StoreLocation, locate
from isg.store.snapshot import load_state


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", type=Path)
    parser.add_argument("--commits", type=int, default=opening.COMMITS)
    given = parser.parse_args()
    opening.COMMITS = given.commits
    root = given.repository.resolve()
    snapshot = load_state(locate(root))
    if snapshot is None:
        sys.exit(f"churn: {root} has no index: isg index makes one")
    print(f"git diff-tree alone: {_seconds(lambda: _floor(root, given.commits)):.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        place = StoreLocation(Path(folder))

        def read() -> None:
            if opening.open_history(root, place, snapshot) is None:
                sys.exit(f"churn: {root} has no history")

        print(f"first time: {_seconds(read):.2f} s")
        print(f"again: {_seconds(read):.2f} s")
        (place.folder / "history.image").unlink()
        print(f"after a commit or an edit: {_seconds(read):.2f} s")


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _floor(root: Path, count: int) -> None:
    commits = "".join(f"{commit.id}\n" for commit in commits_before(root, tip(root), f"--max-count={count}"))
    command = [
        "git",
        "-C",
        str(root),
        "diff-tree",
        "--stdin",
        "-r",
        "--root",
        "-p",
        "-U0",
        "-M",
        "--",
        *SOURCES,
    ]
    subprocess.run(command, input=commits.encode(), stdout=subprocess.PIPE, check=True)


if __name__ == "__main__":
    main()
