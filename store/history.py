"""How often files changed, from git's own log; works without git by saying that there is none."""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import msgspec

_TIMEOUT = 60.0  # seconds; the log of a very long history
_COMMIT = b"\x01"
_COUNTS = re.compile(rb"(?:(\d+)|-)\t(?:(\d+)|-)\t(.*)", re.DOTALL)


class FileChurn(msgspec.Struct, frozen=True, gc=False):
    """How much a file changed; files that were renamed keep their history."""

    commits: int
    lines: int  # added and deleted; 0 for binary content


def churn(root: Path, since: date | None = None) -> Mapping[str, int] | None:
    """How many commits changed each present file, by path below ``root``; None where there is no history."""
    found = file_churn(root, since)
    return None if found is None else {path: each.commits for path, each in found.items()}


def file_churn(root: Path, since: date | None = None) -> Mapping[str, FileChurn] | None:
    """Commits and lines by file that exists now, by path below ``root``; None where there is no history.

    Merges count only by what they merge.
    """
    arguments = ["log", "--no-merges", "-z", "--numstat", "-M", "--relative", "--format=%x01"]
    if since is not None:
        arguments.append(f"--since={since.isoformat()}T00:00:00")
    output = git(root, *arguments, "--", ".")
    if output is None:
        return None
    commits: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    renamed: dict[str, str] = {}
    for path, before, changed in _changes(output):
        now = renamed.get(path, path)
        commits[now] += 1
        lines[now] += changed
        if before:
            renamed[before] = now
    return {
        path: FileChurn(commits[path], lines[path]) for path in sorted(commits) if (root / path).is_file()
    }


def _changes(output: bytes) -> Iterator[tuple[str, str, int]]:
    """(path, path before, lines changed) for each file of each commit, newest first."""
    fields = iter(output.split(b"\0"))
    for item in fields:
        counted = _COUNTS.fullmatch(item.lstrip(_COMMIT + b"\n"))
        if counted is None:
            continue
        added, deleted, path = counted.groups()
        before = b""
        if not path:  # a rename: the old and the new path follow
            before, path = next(fields, b""), next(fields, b"")
        yield os.fsdecode(path), os.fsdecode(before), int(added or 0) + int(deleted or 0)


def git(root: Path, *arguments: str) -> bytes | None:
    """What git prints about a folder; None without git, outside a repository, or where it fails.

    No hook, pager, prompt or file-system monitor of the project is run.
    """
    command = ["git", "-c", "core.quotepath=off", "-c", "core.fsmonitor=false", "-C", str(root), "--no-pager"]
    environment = os.environ | {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            [*command, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
