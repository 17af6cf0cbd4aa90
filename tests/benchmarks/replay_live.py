"""Whether a project in memory that followed the history of a real repository says what its index says.

Consecutive commits, along first parents, are written into a folder of their own, file by file; a file that
changed is linked in memory, and every so many commits the graph is compared with the index, which is brought
up to date then (``replay.py`` compares that with one from nothing). Where files come or go, and where memory
alone cannot tell, the project is opened anew. The repository, bare or not, is only read.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from indexes import index
from saying import said
from worktree import WorkTree, to_replay

from isg.graph.change import CannotOverlay
from isg.parsers.discovery import discover
from isg.store.location import locate
from isg.store.resident.live import CannotAdvance, Live
from isg.store.snapshot import Snapshot, load_state


@dataclass
class Tally:
    """What was done along the way."""

    seconds: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    compared: int = 0
    different: int = 0

    def __str__(self) -> str:
        ranked = sorted(self.seconds) or [0.0]
        median, p95 = statistics.median(ranked), ranked[int(len(ranked) * 0.95)]
        refused = ", ".join(f"{count} {why}" for why, count in sorted(self.refused.items())) or "none"
        return (
            f"{len(self.seconds)} files linked in memory, {1000 * median:.1f} ms of processor time (median),"
            f" {1000 * p95:.1f} ms (p95); refused: {refused};"
            f" {self.compared} comparisons, {self.different} different"
        )


class Followed:
    """A tree, and its project in memory."""

    def __init__(self, tree: WorkTree) -> None:
        self.tree = tree
        self.tally = Tally()
        self._open()

    def _open(self) -> None:
        index(self.tree.root)
        state = load_state(locate(self.tree.root))
        assert state is not None
        self.state: Snapshot = state
        self._live = Live.load(self.tree.root, locate(self.tree.root), state)
        self._live.keep_texts()

    def _text(self, path: str) -> bytes:
        return (self.tree.root / path).read_bytes()

    def follow(self, commit: str) -> None:
        """Take a commit in, each of its changed files by itself."""
        before = {path: self._text(path) for path in self.state.head.files}
        self.tree.check_out(commit)
        now = {file.path: file for file in discover(self.tree.root).files}
        changed = [path for path in before.keys() & now.keys() if self._text(path) != before[path]]
        try:
            for path in sorted(changed):
                started = time.process_time()
                self.state = self._live.advance([now[path]])
                self.tally.seconds.append(time.process_time() - started)
        except (CannotAdvance, CannotOverlay) as error:
            self.tally.refused[f"{type(error).__name__}: {error}"[:60]] += 1
            self._open()
            return
        if now.keys() != before.keys():
            self._open()

    def compare(self) -> bool:
        """Whether memory says what the index says, brought up to date."""
        memory = said(self.state.graph)
        index(self.tree.root)
        record = load_state(locate(self.tree.root))
        assert record is not None
        self.tally.compared += 1
        same = memory == said(record.graph)
        self.tally.different += not same
        return same


def main() -> None:
    given = to_replay(__doc__)
    with tempfile.TemporaryDirectory(prefix="isg-replay-") as folder:
        tree = WorkTree(given.repository, Path(folder))
        first, *commits = tree.commits(given.last, given.commits)
        tree.check_out(first)
        followed = Followed(tree)
        for number, commit in enumerate(commits, 1):
            followed.follow(commit)
            if number % given.every == 0 or number == len(commits):
                print(
                    f"{number:4} {commit[:12]} {'the same' if followed.compare() else 'DIFFERENT'}",
                    flush=True,
                )
    print(f"{given.repository}: {followed.tally}")
    if followed.tally.different:
        sys.exit(1)


if __name__ == "__main__":
    main()
