"""A first index: seconds, against tree-sitter's parse alone of the same files (P)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from floors import parse_alone
from measuring import Figure, Run, arguments_of, median_of, report, run
from trees import DJANGO, OF_10_000_LINES, OF_100_000_LINES, tree_of


def main() -> None:
    given = arguments_of(__doc__, times=3)
    report(figures(given.tree, given.times))


def figures(given: Path | None, times: int) -> Iterator[Figure]:
    """Of the given tree, or of Django and the two smaller projects."""
    with tree_of(given, DJANGO) as tree:
        yield from _of_tree(tree, times, bar=3.0)
    if given is None:
        for requirement, bar in ((OF_10_000_LINES, 1), (OF_100_000_LINES, 10)):
            with tree_of(None, requirement) as tree:
                yield from _of_project(tree, times, bar)


def _of_tree(tree: Path, times: int, bar: float) -> Iterator[Figure]:
    alone = parse_alone(tree)
    note = f"{alone.files} files, {alone.lines} lines"
    yield Figure(f"{tree.name}: parse alone (P)", alone.seconds, "s", note=note)
    done = median_of(times, lambda: _index_from_nothing(tree))
    yield Figure(f"{tree.name}: index", done.seconds, "s", alone.seconds, bar)


def _of_project(tree: Path, times: int, bar: float) -> Iterator[Figure]:
    alone = parse_alone(tree)
    done = median_of(times, lambda: _index_from_nothing(tree))
    note = f"{alone.lines} lines, {done.seconds / alone.seconds:.1f} P"
    yield Figure(f"{tree.name}: index", done.seconds, "s", bar=bar, note=note)


def _index_from_nothing(tree: Path) -> Run:
    """A first index: ``--full`` would link again, but parse nothing that is known already."""
    shutil.rmtree(tree / ".isg", ignore_errors=True)
    return run("index", cwd=tree)


if __name__ == "__main__":
    main()
