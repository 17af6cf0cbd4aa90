"""A command in a process of its own, nothing changed, against Python that imports two libraries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from floors import start_of_interpreter
from measuring import Figure, arguments_of, best, report, run
from trees import DJANGO, tree_of

COMMANDS = {
    "who-implements Field": ("who-implements", "django.db.models.fields.Field"),
    "blast-radius --depth 3 QuerySet._clone": ("blast-radius", "--depth", "3", "QuerySet._clone"),
    "callers Model.save": ("callers", "django.db.models.base.Model.save"),
}
SLOWER = {  # what looks at more than a neighbourhood: no bar of its own
    "context QuerySet.filter": ("context", "django.db.models.query.QuerySet.filter", "--budget", "4000"),
    "find-cycles": ("find-cycles",),
    "hotspots": ("hotspots",),
}


def main() -> None:
    given = arguments_of(__doc__, times=9)
    report(figures(given.tree, given.times))


def figures(given: Path | None, times: int) -> Iterator[Figure]:
    floor = start_of_interpreter().seconds
    yield Figure("import typer, rustworkx", floor, "s")
    with tree_of(given, DJANGO) as tree:
        run("index", cwd=tree)
        for name, command in (COMMANDS | SLOWER).items():
            seconds = best(times, *command, cwd=tree).seconds
            yield Figure(name, seconds, "s", floor, 4.0 if name in COMMANDS else None)


if __name__ == "__main__":
    main()
