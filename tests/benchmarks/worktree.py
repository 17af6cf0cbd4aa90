"""A tree that follows the history of a git repository, without a word written into the repository."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path


class WorkTree:
    """A folder that holds what one commit after the other holds; only what differs is written."""

    def __init__(self, repository: Path, folder: Path) -> None:
        self.root = folder / repository_name(repository)
        self.root.mkdir(parents=True)
        self._repository = repository.resolve()
        self._environment = {**os.environ, "GIT_INDEX_FILE": str(folder / "git-index")}

    def commits(self, last: str, count: int) -> list[str]:
        """The hashes of a commit and its first parents, oldest first."""
        found = self._git("rev-list", "--first-parent", f"--max-count={count}", last).split()
        if len(found) < count:
            print(f"the history has only {len(found)} commits", file=sys.stderr)
        return found[::-1]

    def check_out(self, commit: str) -> None:
        self._git("read-tree", "--reset", "-u", commit)

    def _git(self, *arguments: str) -> str:
        places = (f"--git-dir={git_folder(self._repository)}", f"--work-tree={self.root}")
        done = subprocess.run(
            ["git", *places, *arguments], env=self._environment, cwd=self.root, capture_output=True, text=True
        )
        if done.returncode:
            sys.exit(f"git {arguments[0]} {arguments[-1]}: {done.stderr.strip()}")
        return done.stdout


def to_replay(description: str | None) -> argparse.Namespace:
    """Which commits of which repository to follow, and how often to compare."""
    arguments = argparse.ArgumentParser(description=description)
    arguments.add_argument("repository", type=Path)
    arguments.add_argument("--commits", type=int, default=300, help="how many to replay (default: 300)")
    arguments.add_argument("--every", type=int, default=10, help="compare after so many (default: 10)")
    arguments.add_argument("--last", default="HEAD", help="the last commit of them (default: HEAD)")
    return arguments.parse_args()


def git_folder(repository: Path) -> Path:
    """Where git keeps a repository, bare or not."""
    inner = repository / ".git"
    return inner if inner.exists() else repository


def repository_name(repository: Path) -> str:
    return repository.resolve().name.removesuffix(".git")
