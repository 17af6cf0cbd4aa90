"""Small git repositories whose commits have fixed dates, made on the fly."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from indexed_tree import Tree

from isg.graph.history import History
from isg.store.history.opening import open_history
from isg.store.snapshot import Snapshot, load_state

_WHO = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


class Repository(Tree):
    """A project under version control; each commit is a day younger than the one before."""

    def __init__(self, root: Path, below: str = "") -> None:
        super().__init__(root / below)
        self.top = root
        self._days = 0
        self.root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        date = f"2024-01-{self._days + 1:02}T12:00:00Z"
        environment = os.environ | {"GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date}
        command = ["git", *_WHO, "-C", str(self.top), *arguments]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        return done.stdout.strip()

    def commit(self, files: Mapping[str, str | None]) -> str:
        """Write files, below the project's root, or delete them; the id of the commit."""
        for path, content in files.items():
            if content is None:
                (self.root / path).unlink()
            else:
                self.write({path: content})
        self._days += 1
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", f"day {self._days}")
        return self.git("rev-parse", "HEAD")

    def snapshot(self) -> Snapshot:
        self.index()
        found = load_state(self.location)
        assert found is not None
        return found

    def history(self, since: int = 0) -> History | None:
        return open_history(self.root, self.location, self.snapshot(), since)

    def commits(self) -> dict[str, int]:
        """How many commits changed each symbol, by its key without the language."""
        history, graph = self.history(), self.snapshot().graph
        assert history is not None
        return {
            symbol.key.partition(":")[2]: history.churn(symbol.id).commits
            for symbol in graph.symbols()
            if symbol.file is not None
        }
