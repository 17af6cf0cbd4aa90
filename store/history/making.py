"""Making a history: commits from the journal or from git, followed to the symbols of a graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from isg.graph.codes import SYMBOL_CODE, symbol_codes
from isg.graph.graph import Graph
from isg.graph.history import CommitRow, HistoryMeta, Touched, pack_history
from isg.graph.model import SymbolKind
from isg.graph.queries.members import CALLABLES, TYPES, members
from isg.store.history.journal import complete, keep_blobs, read_journal, write_journal
from isg.store.history.log import (
    SOURCES,
    Change,
    Commit,
    Hunk,
    Tip,
    changes_of,
    commits_before,
    ignored_revisions,
)
from isg.store.history.traces import Traces
from isg.store.history.tracing import Span, Trail, along_renames, trails
from isg.store.history.uncommitted import committed_blobs, local_hunks
from isg.store.snapshot import Snapshot

_LAST_LINE = 1 << 30  # a module reaches as far as its file did at any time
_MODULE = SYMBOL_CODE[SymbolKind.MODULE]
_VALUES = symbol_codes({SymbolKind.CONSTANT, SymbolKind.VARIABLE, SymbolKind.TYPE_ALIAS})


def make_history(
    root: Path, folder: Path, snapshot: Snapshot, newest: Tip, limit: str, made_from: str
) -> bytes:
    """The bytes of a history, for :class:`History`; raises GitFailed."""
    graph, head = snapshot
    commits = commits_before(root, newest, limit)
    journal = read_journal(folder, "\0".join((newest.prefix, *SOURCES)))
    known = len(journal.blobs)
    committed = committed_blobs(root, newest.id)
    contents = {path: stamp.hash for path, stamp in head.files.items() if stamp.hash and not stamp.skip}
    local = local_hunks(root, committed, contents, journal.blobs)
    read = complete(journal, [commit.id for commit in commits], lambda missing: changes_of(root, missing))
    if read or len(journal.blobs) != known:
        keep_blobs(journal, contents.values())
        write_journal(folder, journal)
    ignored = ignored_revisions(root, newest)
    history = [_counted(journal.commits[commit.id], commit.id in ignored) for commit in commits]
    ids = {node: id for id, node in graph.ids()}
    names = [f"!{commit.id}" if commit.id in ignored else commit.id for commit in commits]
    traces = Traces(folder)
    touched = list(_touched(graph, ids, trails(history), names, local, traces))
    traces.keep()
    return pack_history(
        HistoryMeta(made_from),
        _rows(commits),
        touched,
        frozenset(id for node, id in ids.items() if not _is_unit(graph, node)),
    )


def _rows(commits: Sequence[Commit]) -> list[CommitRow]:
    """The commits with a number for each author, in the order that they are met."""
    numbers: dict[bytes, int] = {}
    return [
        CommitRow(commit.time, numbers.setdefault(commit.author, len(numbers)), commit.mends)
        for commit in commits
    ]


def _counted(changes: Sequence[Change], ignored: bool) -> Sequence[Change]:
    """The changes of a commit; of one that the project wants ignored, nothing counts."""
    if not ignored:
        return changes
    return [
        Change(change.path, change.before, tuple(hunk._replace(counts=False) for hunk in change.hunks))
        for change in changes
    ]


def _touched(
    graph: Graph,
    ids: Mapping[int, int],
    paths: Mapping[str, list[Trail]],
    names: Sequence[str],
    local: Mapping[str, Sequence[Hunk]],
    traces: Traces,
) -> Iterator[Touched]:
    for file in graph.files:
        if file.path in paths:
            spans = [span for node in graph.in_file(file.path) for span in _spans(graph, node, ids[node])]
            steps = list(along_renames(paths, file.path))
            commits = [names[step.commit] for step in steps]
            yield from traces.touches(file.path, steps, commits, spans, local.get(file.path, ()))


def _spans(graph: Graph, node: int, symbol: int) -> Iterator[Span]:
    """The lines of a symbol, wherever it is declared."""
    if graph.node_kind[node] == _MODULE:
        yield Span(0, _LAST_LINE, symbol)  # with the gaps before the first line and after the last
        return
    yield Span(graph.node_start[node], graph.node_end[node], symbol)
    if graph.is_redeclared(node):
        for place in graph.symbol(node).declarations:
            yield Span(place.start_line, place.end_line, symbol)


def _is_unit(graph: Graph, node: int) -> bool:
    """Whether a symbol is one that commits are about, not a part of one nor what is around several.

    Functions are, types without any, and what else stands in a module by itself.
    """
    kind = graph.node_kind[node]
    if kind in CALLABLES:
        return True
    if kind in TYPES:
        return not any(graph.node_kind[inner] in CALLABLES for inner in members(graph, node))
    return kind in _VALUES and graph.parent[node] >= 0 and graph.node_kind[graph.parent[node]] == _MODULE
