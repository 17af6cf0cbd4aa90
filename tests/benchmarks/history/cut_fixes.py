"""Cuts cases for ``fit_hotspots.py`` out of clones: which files the bug fixes after a day changed.

    cut_fixes.py OUT CLONES NAME@DATE ...

For each repository and date OUT/NAME.jsonl gets a case of the last commit before that day. Its truth are the
files of that commit which were changed in the ``MONTHS`` after it by commits that say so in their subject
(words for a fix, none for what is no fault of the code) and change few files; renames are followed back.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from snapshots import clone_of

MONTHS = 18
MOST_FILES = 15  # that a fix changes
FIX = re.compile(r"\b(fix(es|ed|ing)?|bug(fix)?(es|s)?|regression|crash)\b", re.IGNORECASE)
NO_FAULT = re.compile(
    r"typo|spelling|docs?\b|readme|changelog|tests?\b|\bci\b|build|release|bump|lint|format|type hint|mypy",
    re.IGNORECASE,
)
ASIDE = {"docs", "doc", "examples", "example", "tests", "test", "benchmarks", "benchmark", "scripts", "tools"}


def main() -> None:
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    out, clones = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    for asked in sys.argv[3:]:
        name, _, day = asked.partition("@")
        clone = clone_of(clones, name)
        if clone is None:
            sys.exit(f"cut_fixes: no clone of {name}")
        case = _case(clone, name, date.fromisoformat(day))
        with (out / f"{name}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(case) + "\n")
        print(f"{asked}: {len(case['truth'])} files")


def _case(clone: Path, name: str, day: date) -> dict[str, object]:
    snapshot = _git(clone, "rev-list", "-1", "--first-parent", f"--before={day}", "HEAD").strip()
    fixed: Counter[str] = Counter()
    for subject, files in _commits(clone, snapshot, day):
        if FIX.search(subject) and not NO_FAULT.search(subject) and len(files) <= MOST_FILES:
            fixed.update(file for file in files if ASIDE.isdisjoint(file.split("/")[:-1]))
    there = set(_git(clone, "ls-tree", "-r", "--name-only", snapshot).splitlines())
    truth = [{"file": file, "weight": fixed[file]} for file in sorted(there.intersection(fixed))]
    return {"repo": name, "snapshot": snapshot, "level": "file", "truth": truth}


def _commits(clone: Path, snapshot: str, day: date) -> Iterator[tuple[str, set[str]]]:
    """The subjects of later commits, oldest first, and what each changed by its path in the snapshot."""
    until = day + timedelta(days=MONTHS * 365 // 12)
    span = (f"--since={day}", f"--until={until}", f"{snapshot}..HEAD")
    log = _git(clone, "log", "--reverse", "--no-merges", "-M", "--name-status", "--format=%x01%s", *span)
    before: dict[str, str] = {}  # by a later path
    for commit in log.split("\1")[1:]:
        subject, *rows = commit.splitlines()
        files = set[str]()
        for status, *paths in (row.split("\t") for row in rows if "\t" in row):
            first = before.get(paths[0], paths[0])
            if status != "A":
                files.add(first)
            before[paths[-1]] = first
        yield subject, files


def _git(clone: Path, *arguments: str) -> str:
    command = ["git", "-C", str(clone), "-c", "core.quotePath=false", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, errors="replace").stdout


if __name__ == "__main__":
    main()
