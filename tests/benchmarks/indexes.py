"""Two indexes of one tree side by side: the record's rows, the image's bytes, what is exported."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from measuring import run
from sqlalchemy import select

from isg.migrations import upgrade
from isg.store.database import reading
from isg.store.head import read_head
from isg.store.location import locate
from isg.store.refresh import IndexReport, RefreshOptions, refresh
from isg.store.tables import metadata

EXPORTS = ("symbols", "edges")
_SHOWN = 5
_REMEMBERED = frozenset({"file_versions", "analysis_cache", "languages"})
"""Tables that no answer comes from: facts kept for switching back, what the linker remembers."""


def index(tree: Path) -> IndexReport:
    """Bring the index of a tree up to date in this process, as ``isg index --jobs 1`` does."""
    return refresh(tree, locate(tree, None), RefreshOptions(jobs=1), lambda step: None, upgrade)


def against_rebuild(tree: Path) -> list[str]:
    """What an index says otherwise than one from nothing, made by a process of its own; empty if nothing."""
    with tempfile.TemporaryDirectory(prefix="isg-rebuilt-") as folder:
        rebuilt = Path(folder) / tree.name  # a project without a declared name is called as its folder
        shutil.copytree(tree, rebuilt, symlinks=True, ignore=shutil.ignore_patterns(".isg"))
        run("index", cwd=rebuilt)
        return list(_differences(tree, rebuilt))


def _differences(tree: Path, rebuilt: Path) -> Iterator[str]:
    for what in EXPORTS:
        yield from _unlike(what, *(_exported(each, what) for each in (tree, rebuilt)))
    for table in metadata.tables:
        if table not in _REMEMBERED:
            yield from _unlike(f"rows of {table}", *(_rows(each, table) for each in (tree, rebuilt)))
    if _image(tree) != _image(rebuilt):
        yield "the images are not the same bytes"


def _unlike(what: str, updated: list[str], rebuilt: list[str]) -> Iterator[str]:
    if updated == rebuilt:
        return
    too_many, missing = Counter(updated) - Counter(rebuilt), Counter(rebuilt) - Counter(updated)
    yield f"{what}: {too_many.total()} too many, {missing.total()} missing of {len(rebuilt)}"
    yield from _first("too many", too_many)
    yield from _first("missing", missing)


def _first(how: str, lines: Iterable[str]) -> Iterator[str]:
    return (f"  {how}: {line}" for line in sorted(lines)[:_SHOWN])


def _exported(tree: Path, what: str) -> list[str]:
    exported = run("export", "--what", what, "--format", "jsonl", cwd=tree)
    return exported.output.decode().splitlines()


def _rows(tree: Path, table: str) -> list[str]:
    """The rows of a table, whatever order they were written in."""
    with reading(locate(tree, None)) as connection:
        return sorted(repr(tuple(row)) for row in connection.execute(select(metadata.tables[table])))


def _image(tree: Path) -> bytes:
    location = locate(tree, None)
    head = read_head(location.head)
    assert head is not None, "the tree was indexed"
    return (location.folder / head.image.name).read_bytes()
