"""The highest memory of all processes together: of a first index and of queries, in three projects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from floors import start_of_interpreter
from measuring import MEGABYTE, Figure, arguments_of, best, report
from trees import DJANGO, OF_10_000_LINES, OF_100_000_LINES, tree_of

# The bars of index and query in MB, and a symbol that much depends on.
PROJECTS = (
    (DJANGO, 500, None, "django.db.models.query.QuerySet._clone"),
    (OF_10_000_LINES, None, 40, "requests.sessions.Session.request"),
    (OF_100_000_LINES, 150, None, "celery.app.task.Task.apply_async"),
)


def main() -> None:
    given = arguments_of(__doc__, times=3)
    report(figures(given.tree, given.times))


def figures(given: Path | None, times: int) -> Iterator[Figure]:
    """The given tree stands for Django's."""
    floor = start_of_interpreter().peak / MEGABYTE
    yield Figure("import typer, rustworkx", floor, "MB")
    for requirement, of_index, of_query, symbol in PROJECTS:
        with tree_of(given if requirement == DJANGO else None, requirement) as tree:
            made = best(1, "index", cwd=tree).peak / MEGABYTE
            yield Figure(
                f"{tree.name}: index", made, "MB", bar=of_index, note=f"{made / floor:.1f} x the floor"
            )
            for query in (("callers", symbol), ("blast-radius", symbol), ("hotspots",)):
                peak = best(times, *query, cwd=tree).peak / MEGABYTE
                note = f"{peak / floor:.1f} x the floor"
                yield Figure(f"{tree.name}: {query[0]}", peak, "MB", bar=of_query, note=note)


if __name__ == "__main__":
    main()
