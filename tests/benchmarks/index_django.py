"""How long and how much memory isg takes on Django, against tree-sitter's parse alone of the same files (P).

Without a tree, Django's source distribution is downloaded with pip (5.2.x).
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from measuring import Run, best, copy_of, run, table

REQUIREMENT = "Django==5.2.*"
EDITED = "django/db/models/query.py"
BEFORE, AFTER = "\n        clone = self._chain()\n", "\n        clone = self._chain()\n        str(clone)\n"
_GRAMMARS = {"javascript": "tsx"}  # those that are called otherwise than their language
QUERIES = {
    "who-implements Field": ("who-implements", "django.db.models.fields.Field"),
    "blast-radius QuerySet._clone": ("blast-radius", "QuerySet._clone"),
    "find-cycles": ("find-cycles",),
    "context QuerySet.filter": ("context", "django.db.models.query.QuerySet.filter", "--budget", "4000"),
    "hotspots": ("hotspots",),
    "callers Model.save": ("callers", "django.db.models.base.Model.save"),
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("tree", nargs="?", type=Path, help="an unpacked source distribution of Django")
    arguments.add_argument("--times", type=int, default=3, help="runs (default: 3)")
    given = arguments.parse_args()
    with _tree(given.tree) as tree, copy_of(tree) as copied:
        parse = _parse_alone(copied)
        rows = [["tree-sitter alone (P)", f"{parse:.2f} s", "1.0 P", ""]]
        for name, seconds, peak in _figures(copied, given.times):
            rows.append([name, f"{seconds:.2f} s", f"{seconds / parse:.1f} P", f"{peak / 2**20:.0f} MB"])
            print(rows[-1], file=sys.stderr)
    print(table(rows, ["what", "time", "ratio", "peak memory"]))


def _figures(tree: Path, times: int) -> Iterator[tuple[str, float, int]]:
    cold = [_from_nothing(tree) for _ in range(times)]
    yield "index", statistics.median(each.seconds for each in cold), max(each.peak for each in cold)
    same = best(times, "index", cwd=tree)
    yield "index, nothing changed", same.seconds, same.peak
    edited = [_edit(tree, turn) for turn in range(times)]
    yield "index, one file changed", statistics.median(e[0] for e in edited), max(e[1] for e in edited)
    for name, command in QUERIES.items():
        asked = best(times, *command, cwd=tree)
        yield name, asked.seconds, asked.peak


def _from_nothing(tree: Path) -> Run:
    """A first index: `--full` would link again, but parse nothing that is known already."""
    shutil.rmtree(tree / ".isg", ignore_errors=True)
    return run("index", cwd=tree)


def _edit(tree: Path, turn: int) -> tuple[float, int]:
    """The cost of an index after the body of one function changed."""
    file = tree / EDITED
    text = file.read_text("utf-8")
    place = AFTER if turn % 2 else BEFORE
    if place not in text:
        sys.exit(f"{EDITED} is not as expected")
    file.write_text(text.replace(AFTER, BEFORE) if turn % 2 else text.replace(BEFORE, AFTER), "utf-8")
    done = run("index", cwd=tree)
    return done.seconds, done.peak


def _parse_alone(tree: Path) -> float:
    """Seconds that tree-sitter alone takes for all files, one after the other: the median of five passes."""
    from isg.parsers.discovery import discover
    from isg.parsers.grammar import Grammar

    files = discover(tree).files
    parsers = {
        name: Grammar(_GRAMMARS.get(name, name)).parser() for name in {file.language for file in files}
    }
    sources = [(parsers[file.language].parse, (tree / file.path).read_bytes()) for file in files]
    passes = []
    for _ in range(5):
        started = time.perf_counter()
        for parse, source in sources:
            parse(source)
        passes.append(time.perf_counter() - started)
    lines = sum(source.count(b"\n") for _, source in sources)
    print(
        f"{len(sources)} files, {lines} lines, passes {[round(each, 2) for each in passes]}", file=sys.stderr
    )
    return statistics.median(passes)


@contextmanager
def _tree(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        subprocess.run([*download, "--dest", folder, REQUIREMENT], check=True)
        (archive,) = Path(folder).glob("*.tar.gz")
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        (tree,) = (each for each in Path(folder).iterdir() if each.is_dir())
        yield tree


if __name__ == "__main__":
    main()
