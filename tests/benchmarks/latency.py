"""How long after an edit a resident project answers from the new graph: 200 edits, seeded.

From the moment that the edited file is closed to the end of a query (callers of the edited function) on the
graph that holds the edit: told which file it was, by a look at all files, and through the watcher. Of four
edits three are in a body, one changes what a signature says; also where one of eight adds a function.
"""

from __future__ import annotations

import ast
import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from measuring import Figure, arguments_of, report, run
from trees import DJANGO, tree_of

from isg.graph.model import Confidence
from isg.graph.queries.calls import callers
from isg.migrations import upgrade
from isg.parsers.hashing import content_hash
from isg.store.location import locate
from isg.store.resident.project import Resident
from isg.store.watching import hints

EDITS = 200
_PAUSE = 0.03  # seconds between edits: people are slower, and a watcher groups what comes at once


@dataclass(frozen=True)
class Edit:
    """One edit of a file: its text after it, and the line of the function that was edited."""

    path: str
    text: str
    line: int


def main() -> None:
    given = arguments_of(__doc__, times=EDITS)
    report(figures(given.tree, given.times))


def figures(given: Path | None, times: int) -> Iterator[Figure]:
    with tree_of(given, DJANGO) as tree:
        run("index", cwd=tree)
        resident = Resident(tree, locate(tree), upgrade, record=lambda: None)
        resident.warm_up()
        try:
            yield from _told("told the file", _timed(resident, times, _by_name), 12, 40)
            adding = _timed(resident, times, _by_name, adding=True)
            yield from _told("told the file, some add a function", adding)
            yield from _told("by a look at all files", _timed(resident, times, _by_look))
            with _watched(resident):
                yield from _told("through the watcher", _timed(resident, times, _wait), 60)
        finally:
            resident.close()


def _told(
    how: str, seconds: list[float], bar: float | None = None, bar95: float | None = None
) -> Iterator[Figure]:
    ranked = sorted(seconds)
    p50, p95 = statistics.median(ranked), ranked[int(len(ranked) * 0.95)]
    note = f"{len(ranked)} edits, the longest {ranked[-1] * 1000:.0f} ms"
    yield Figure(f"edit to answer, {how}, p50", p50 * 1000, "ms", bar=bar, note=note)
    yield Figure(f"edit to answer, {how}, p95", p95 * 1000, "ms", bar=bar95)


def _timed(
    resident: Resident, times: int, taken_in: Callable[[Resident, Edit], None], *, adding: bool = False
) -> list[float]:
    chance = random.Random(5)
    resident.refresh()
    seconds = []
    for edit in _edits(resident.root, times, chance, adding):
        time.sleep(_PAUSE)
        (resident.root / edit.path).write_text(edit.text, "utf-8")
        started = time.perf_counter()
        taken_in(resident, edit)
        _ask(resident, edit)
        seconds.append(time.perf_counter() - started)
    return seconds


def _by_name(resident: Resident, edit: Edit) -> None:
    resident.refresh({edit.path})


def _by_look(resident: Resident, edit: Edit) -> None:
    resident.refresh()


def _wait(resident: Resident, edit: Edit) -> None:
    """Until the watcher has brought it in."""
    wanted = content_hash(edit.text.encode())
    while resident.snapshot is None or resident.snapshot.head.files[edit.path].hash != wanted:
        time.sleep(0.0005)


class _watched:
    """A watcher at work beside."""

    def __init__(self, resident: Resident) -> None:
        self._resident, self._stop, self._ready = resident, threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def _follow(self) -> None:
        for hint in hints(self._resident.root, self._stop, print):
            self._resident.refresh(hint)
            self._ready.set()

    def __enter__(self) -> None:
        self._thread.start()
        self._ready.wait()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def _ask(resident: Resident, edit: Edit) -> None:
    assert resident.snapshot is not None
    graph = resident.snapshot.graph
    nodes = [node for node in graph.in_file(edit.path) if graph.node_line[node] == edit.line]
    assert nodes, edit
    callers(graph, nodes, min_confidence=Confidence.DISPATCH)


def _edits(root: Path, count: int, chance: random.Random, adding: bool) -> Iterator[Edit]:
    """Edits of random functions of random files, each of the tree as the last one left it."""
    paths = sorted(path for path in root.rglob("*.py") if ".isg" not in path.parts)
    for number in range(count):
        edit = None
        while edit is None:
            edit = _edit_of(root, chance.choice(paths), number, chance, adding)
        yield edit


def _edit_of(root: Path, path: Path, number: int, chance: random.Random, adding: bool) -> Edit | None:
    text = path.read_text("utf-8", "replace")
    try:
        functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    except SyntaxError:
        return None
    if not functions:
        return None
    function = chance.choice(functions)
    lines = text.splitlines(keepends=True)
    head, body = function.lineno - 1, function.body[0]
    if adding and number % 8 == 5:
        lines += ["\n", "\n", f"def added_{number}():\n", f"    return str({number})\n"]
        return Edit(path.relative_to(root).as_posix(), "".join(lines), len(lines) - 1)
    if number % 4 == 3 and lines[head].rstrip().endswith("):"):
        lines[head] = lines[head].rstrip()[:-1] + f" -> {chance.choice(['int', 'str', 'list[str]'])}:\n"
    elif body.lineno > function.lineno:
        lines.insert(body.lineno - 1, " " * body.col_offset + f"str({number})\n")
    else:
        return None
    return Edit(path.relative_to(root).as_posix(), "".join(lines), function.lineno)


if __name__ == "__main__":
    main()
