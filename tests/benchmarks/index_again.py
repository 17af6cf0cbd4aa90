"""An index that is there already: nothing changed, and one function changed, against parsing all (P)."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

from floors import parse_alone
from measuring import Figure, Run, arguments_of, best, median_of, report, run
from trees import DJANGO, tree_of

EDITED = "django/db/models/query.py"
BEFORE, AFTER = "\n        clone = self._chain()\n", "\n        clone = self._chain()\n        str(clone)\n"


def main() -> None:
    given = arguments_of(__doc__, times=5)
    report(figures(given.tree, given.times))


def figures(given: Path | None, times: int) -> Iterator[Figure]:
    with tree_of(given, DJANGO) as tree:
        alone = parse_alone(tree).seconds
        yield Figure("parse alone (P)", alone, "s")
        run("index", cwd=tree)
        same = best(times, "index", cwd=tree)
        yield Figure("index, nothing changed", same.seconds, "s", alone, 0.12)
        turns = itertools.count()
        edited = median_of(times, lambda: _edit(tree, next(turns)))
        yield Figure("index, one file changed", edited.seconds, "s", alone, 0.20)


def _edit(tree: Path, turn: int) -> Run:
    """An index after the body of one function changed."""
    file = tree / EDITED
    text = file.read_text("utf-8")
    old, new = (AFTER, BEFORE) if turn % 2 else (BEFORE, AFTER)
    if old not in text:
        sys.exit(f"{EDITED} is not as expected")
    file.write_text(text.replace(old, new), "utf-8")
    return run("index", cwd=tree)


if __name__ == "__main__":
    main()
