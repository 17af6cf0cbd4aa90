"""The words of all symbols of an index, for searching: SQLite's full-text index, in a file of its own.

It is derived from the graph and kept in step with it file by file, at the first search that finds it behind.
Its file is written once, under a name made of the state that it is of and of its content: whoever reads has
a whole one, and one that was damaged does not count. Made with the module ``sqlite3`` alone, since a search
should not wait for more to be imported.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

from blake3 import blake3

from isg.graph.codes import SYMBOL_CODE
from isg.graph.graph import Graph
from isg.graph.model import Symbol, SymbolKind
from isg.graph.search.found import FirstOf
from isg.graph.search.ranking import MOST
from isg.graph.search.words import asked, spoken
from isg.store.snapshot import Snapshot

_FORMAT = 2  # raise it whenever the same symbols give another index
_SUFFIX = ".words"
_DRAFT = ".words-draft"
_ABANDONED = 3600  # seconds after which nobody makes a draft any more
_WEIGHTS = "10, 4, 2, 1"  # of names, the names around, signatures and documentation
_SCHEMA = """
CREATE VIRTUAL TABLE words USING fts5(
    name, around, signature, doc, kind UNINDEXED, language UNINDEXED, path UNINDEXED,
    tokenize = 'porter unicode61'
);
CREATE TABLE files (path TEXT PRIMARY KEY, digest BLOB NOT NULL, ids BLOB NOT NULL);
"""
_VOCABULARY = "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, row)"
_TELLING = 1_000  # symbols that a word may stand for, to count where any word will do
_LEAST_LIKE = 0.75  # how much of a mistyped word has to be right
_NOT_FOUND = SYMBOL_CODE[SymbolKind.IMPL_BLOCK]


Opened: TypeAlias = Callable[[], AbstractContextManager[sqlite3.Connection]]


class Filters(NamedTuple):
    """What a search is restricted to, where anything is given."""

    kinds: Collection[str] = ()
    language: str = ""
    paths: Collection[str] = ()


class Found(NamedTuple):
    """The ids of the symbols that match, the most relevant first, each with its relevance."""

    symbols: Sequence[tuple[int, float]]
    words: tuple[str, ...]  # that were looked for, mistyped ones as they are written


def search(folder: Path, snapshot: Snapshot, text: str, filters: Filters) -> Found:
    """The symbols that match all words of a text or, where none does, any; the last may be a beginning."""
    opened = partial(_index_of, folder, snapshot)
    with opened() as connection:
        words = asked(text)
        found = _matching(connection, " AND ", words, filters, opened)
        if not found.symbols:
            found = _matching(connection, " OR ", _telling(connection, words), filters, opened)
        if not found.symbols:
            connection.execute(_VOCABULARY)
            written = tuple(filter(None, (_nearest(connection, word) for word in words)))
            found = _matching(connection, " OR ", written, filters, opened)
        return found


def _telling(connection: sqlite3.Connection, words: Sequence[str]) -> tuple[str, ...]:
    """The words without those that so many symbols bear that they tell nothing, but for the rarest."""
    counted = {
        word: connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", [f'"{word}"']).fetchone()[
            0
        ]
        for word in words
    }
    rarest = min((count for count in counted.values() if count), default=0)
    return tuple(word for word, count in counted.items() if count <= max(_TELLING, rarest))


def _matching(
    connection: sqlite3.Connection, joint: str, words: Sequence[str], filters: Filters, opened: Opened
) -> Found:
    """Those that match; only the most relevant are put in order, as tens of thousands may bear a word."""
    if not words:
        return Found([], ())
    wanted = [f'"{word}"' for word in words]
    wanted[-1] += "*"
    condition, values = _condition(filters)
    values = [joint.join(wanted), *values]
    matching = f"FROM words WHERE words MATCH ? {condition}"
    in_order = f"SELECT rowid, -bm25(words, {_WEIGHTS}) {matching} ORDER BY 2 DESC, rowid"
    first = connection.execute(f"{in_order} LIMIT {MOST}", values).fetchall()
    if len(first) < MOST:
        return Found(first, tuple(words))
    (total,) = connection.execute(f"SELECT count(*) {matching}", values).fetchone()

    def others() -> list[tuple[int, float]]:
        with opened() as again:
            return again.execute(f"{in_order} LIMIT -1 OFFSET {MOST}", values).fetchall()

    return Found(FirstOf(first, total, others), tuple(words))


def _condition(filters: Filters) -> tuple[str, list[object]]:
    """The filters as a condition of SQL, and its values."""
    parts, values = list[str](), list[object]()
    if filters.language:
        parts.append("AND language = ?")
        values.append(filters.language)
    for column, wanted in (("kind", filters.kinds), ("path", filters.paths)):
        if wanted:
            parts.append(f"AND {column} IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(sorted(wanted)))
    return " ".join(parts), values


def _nearest(connection: sqlite3.Connection, word: str) -> str | None:
    """The word of the index that a mistyped one is most like; None where there is none."""
    like = connection.execute(
        "SELECT term FROM vocabulary WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?",
        (word[0], chr(ord(word[0]) + 1), len(word) - 2, len(word) + 2),
    )
    return next(iter(get_close_matches(word, [row[0] for row in like], 1, _LEAST_LIKE)), None)


# the index


@contextmanager
def _index_of(folder: Path, snapshot: Snapshot) -> Iterator[sqlite3.Connection]:
    """The index of the words of a state, made or brought up to date where it is not there."""
    state = blake3(snapshot.head.image.checksum + snapshot.graph.state.encode()).hexdigest()[:16]
    stamp = f"{_FORMAT}.{state}"
    path = next(_whole(folder, f"words-{stamp}-*"), None)
    try:
        path = path or _made(folder, stamp, snapshot.graph)
        opened = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    except (OSError, sqlite3.Error):  # nothing can be written: then this search alone has it
        opened = sqlite3.connect(":memory:")
        _bring_up_to_date(opened, snapshot.graph)
    with closing(opened) as connection:
        yield connection


def _made(folder: Path, stamp: str, graph: Graph) -> Path:
    """Make the index of a state, from that of another where there is one, and put it in its place."""
    draft = folder / f"words-{os.getpid()}-{time.monotonic_ns()}{_DRAFT}"
    before = next(_whole(folder, f"words-{_FORMAT}.*"), None)
    try:
        if before is not None:
            shutil.copyfile(before, draft)
        with closing(sqlite3.connect(draft)) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            _bring_up_to_date(connection, graph)
        place = folder / f"words-{stamp}-{_seal(draft)}{_SUFFIX}"
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)
    _remove_others(folder, place)
    return place


def _bring_up_to_date(connection: sqlite3.Connection, graph: Graph) -> None:
    """Have the index hold the symbols of all files as they are now."""
    if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        connection.executescript(_SCHEMA)
    known = {path: (digest, ids) for path, digest, ids in connection.execute("SELECT * FROM files")}
    for row in graph.files:
        digest = blake3(graph.encoded_symbols(row.path)).digest(16)
        before = known.pop(row.path, None)
        if before is None or before[0] != digest:
            _forget(connection, row.path, b"" if before is None else before[1])
            _add(connection, graph, row.path, digest)
    for path, (_, ids) in known.items():
        _forget(connection, path, ids)
    connection.commit()


def _add(connection: sqlite3.Connection, graph: Graph, path: str, digest: bytes) -> None:
    nodes = [node for node in graph.in_file(path) if graph.node_kind[node] != _NOT_FOUND]
    symbols = [graph.symbol(node) for node in nodes]
    ids = array("q", [symbol.id for symbol in symbols])
    connection.execute("INSERT INTO files VALUES (?, ?, ?)", (path, digest, ids.tobytes()))
    connection.executemany(
        "INSERT INTO words (rowid, name, around, signature, doc, kind, language, path) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        map(_row, symbols),
    )


def _row(symbol: Symbol) -> tuple[object, ...]:
    looks = (spoken([symbol.name]), spoken([symbol.qualified]), symbol.signature, symbol.doc)
    return (symbol.id, *looks, str(symbol.kind), symbol.language, symbol.file)


def _forget(connection: sqlite3.Connection, path: str, ids: bytes) -> None:
    connection.execute("DELETE FROM files WHERE path = ?", (path,))
    connection.executemany("DELETE FROM words WHERE rowid = ?", [(id_,) for id_ in array("q", ids)])


# its file


def _whole(folder: Path, pattern: str) -> Iterator[Path]:
    """The indexes of a name that are as they were written."""
    for path in sorted(folder.glob(f"{pattern}{_SUFFIX}")):
        with suppress(OSError):
            if _identity(path) in _checked or path.stem.endswith(_seal(path)):
                _checked.add(_identity(path))
                yield path


_checked: set[tuple[str, int, int]] = set()  # files that this process has found to be whole


def _identity(path: Path) -> tuple[str, int, int]:
    stat = path.stat()
    return path.name, stat.st_ino, stat.st_ctime_ns


def _seal(path: Path) -> str:
    return blake3(path.read_bytes()).hexdigest()[:16]


def _remove_others(folder: Path, keep: Path) -> None:
    """Delete the indexes of other states, and drafts that were left behind, as far as the system lets us."""
    for path in folder.glob(f"words-*{_SUFFIX}*"):
        with suppress(OSError):
            draft = path.name.endswith(_DRAFT)
            if path != keep and (not draft or time.time() - path.stat().st_mtime > _ABANDONED):
                path.unlink()
