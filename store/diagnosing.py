"""What is wrong with the files of a tree: what their facts say, in the record, and why some have none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from isg.parsers.facts import Diagnostic
from isg.store.driver import Connection
from isg.store.report import IndexDiagnostic

if TYPE_CHECKING:
    from collections.abc import Collection

    from isg.parsers.pool import ParsedFile

NOT_PARSED = "error: "  # how the reason to skip a file begins that an error of ours stands behind
_MODULE_ONLY = 1  # symbols in the facts of a file that defines nothing
_NOT_UNDERSTOOD = frozenset({"no-symbols", "not-parsed"})

Diagnosed: TypeAlias = dict[str, tuple[IndexDiagnostic, ...]]
"""What is wrong with each file that anything is wrong with, in the order of their paths."""


def encode_diagnostics(parsed: ParsedFile) -> bytes | None:
    """What is wrong with a content, for the record; None where nothing is."""
    found = wrong_with(parsed.diagnostics, parsed.symbols)
    return msgspec.msgpack.encode(found) if found else None


def wrong_with(diagnostics: Iterable[Diagnostic], symbols: int) -> list[tuple[str, str, int]]:
    """What is wrong with a content, whose facts hold so many symbols: codes, messages and lines."""
    found = [(each.code, each.message, each.line) for each in diagnostics]
    if found and symbols <= _MODULE_ONLY:
        found.insert(0, ("no-symbols", "nothing in it could be understood", 0))
    return found


def diagnosed(
    connection: Connection,
    present: Mapping[str, int],
    changed: Collection[str],
    skips: Mapping[str, str],
    standing: Iterable[IndexDiagnostic] | None,
) -> Diagnosed:
    """What is wrong with the files of a tree, of which the record holds the contents that are ``present``.

    ``skips`` are files that turned out to be unfit. ``standing`` is what was wrong with all before some
    ``changed``; where that is not at hand, the record is asked about every file.
    """
    if standing is None:
        return dict(_diagnostics_of(_all_stored(connection), skips))
    fresh = {path: _stored(connection, present[path]) for path in changed}
    found = dict(_diagnostics_of({path: wrong for path, wrong in fresh.items() if wrong}, skips))
    for path, wrong in groupby(standing, attrgetter("path")):
        if path in present and path not in changed:
            found[path] = tuple(wrong)
    return dict(sorted(found.items()))


def understood_nothing(found: Diagnosed, files: int) -> bool:
    """Whether this is wrong with so many files that none of them could be understood."""
    silent = sum(any(each.code in _NOT_UNDERSTOOD for each in of_file) for of_file in found.values())
    return silent > 0 and silent == files


def _stored(connection: Connection, version: int) -> bytes | None:
    """What is wrong with a content; None where nothing is."""
    wrong = "SELECT diagnostics FROM file_versions WHERE id = ?"
    row = connection.exec_driver_sql(wrong, (version,)).fetchone()
    return None if row is None else row[0]


def _all_stored(connection: Connection) -> dict[str, bytes]:
    """The same of all files, by path."""
    wrong = (
        "SELECT files.path, file_versions.diagnostics FROM files JOIN file_versions "
        "ON files.version_id = file_versions.id WHERE file_versions.diagnostics IS NOT NULL"
    )
    return {row[0]: row[1] for row in connection.exec_driver_sql(wrong)}


def _diagnostics_of(
    found: Mapping[str, bytes], skips: Mapping[str, str]
) -> Iterator[tuple[str, tuple[IndexDiagnostic, ...]]]:
    """What is wrong with each file, by path; ``found`` as :func:`encode_diagnostics` encodes it."""
    for path in sorted(found.keys() | skips.keys()):
        if path in found:
            rows_ = _decode(found[path])
            yield path, tuple(IndexDiagnostic(path, code, message, line) for code, message, line in rows_)
        elif skips[path].startswith(NOT_PARSED):
            message = skips[path].removeprefix(NOT_PARSED)
            yield path, (IndexDiagnostic(path, "not-parsed", message),)


_decode = msgspec.msgpack.Decoder(tuple[tuple[str, str, int], ...]).decode
