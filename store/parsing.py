"""Facts for every file of a tree: those that are kept, and the rest parsed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from isg.graph.graph import Graph
from isg.parsers.discovery import SourceFile
from isg.parsers.facts import FileFacts, Reference, decode_definitions, decode_references
from isg.parsers.parse import grammar_version
from isg.parsers.version import EXTRACTOR_VERSION
from isg.store import rows
from isg.store.contents import StoredFile, lines_of, read_all_facts, read_facts, stored_versions
from isg.store.diagnosing import NOT_PARSED, encode_diagnostics
from isg.store.driver import Connection
from isg.store.report import Progress
from isg.store.scan import Scan
from isg.store.spool import Spool, Spooled

if TYPE_CHECKING:
    from isg.parsers.pool import ParsedFile

_TELL_EVERY = 50


class Version(msgspec.Struct):
    """A content and its language: what facts depend on."""

    id: int
    hash: bytes
    language: str
    size: int
    lines: int = 0
    facts: Spooled | None = None  # encoded, where they are not to be had of the record
    diagnostics: bytes | None = None  # encoded, likewise
    augments: bool | None = None  # whether the facts say so; None: they were not parsed now

    def row(self) -> rows.Row:
        """Its row in ``file_versions``."""
        grammar = grammar_version(self.language)
        made_by = (EXTRACTOR_VERSION, grammar, None)
        facts = self.facts.read() if self.facts is not None else b""
        sealed = rows.facts_hash(self.id, self.lines, facts, self.diagnostics)
        content = (self.lines, facts, sealed, self.diagnostics)
        return (self.id, self.hash, self.language, *made_by, *content)


class Parsed(msgspec.Struct):
    """The files of a tree that can be linked, and why the others cannot."""

    versions: dict[str, Version] = msgspec.field(default_factory=dict)
    hashes: dict[str, bytes] = msgspec.field(default_factory=dict)
    skips: dict[str, str] = msgspec.field(default_factory=dict)
    parsed: int = 0


class Kept:
    """The contents whose facts are in the record."""

    def __init__(self, connection: Connection, stored: Mapping[str, StoredFile], base: Graph | None) -> None:
        """``stored`` are its files; ``base`` is the graph of the same state, where that is at hand."""
        self._connection = connection
        self._all = stored_versions(connection) if base is None else None
        rows_ = () if base is None else base.files
        self._lines = {row.path: row.lines for row in rows_ if row.path in stored}
        self._stored = stored

    def __bool__(self) -> bool:
        return bool(self._lines or self._all)

    def standing(self, file: SourceFile, digest: bytes) -> Version | None:
        """The content of a file that is as it was, where the graph before tells that of it."""
        lines = self._lines.get(file.path)
        if lines is None or self._stored[file.path].language != file.language:
            return None
        return Version(self._stored[file.path].version, digest, file.language, file.size, lines)

    def version(self, file: SourceFile, digest: bytes) -> Version | None:
        """The content of a file, where its facts are kept."""
        version = _version(file.language, digest, file.size)
        lines = lines_of(self._connection, version.id) if self._all is None else self._all.get(version.id)
        if lines is None:
            return None
        version.lines = lines
        return version


def parse_tree(
    scan: Scan, kept: Kept, jobs: int | None, progress: Callable[[Progress], None], spool: Spool
) -> Parsed:
    """See that there are facts for every file: those that are new are in the spool then."""
    result = Parsed()
    missing: list[SourceFile] = []
    for file in scan.discovery.files:
        if not kept and scan.difference is None:
            missing.append(file)  # its hash comes with its facts
            continue
        digest = scan.hash_of(file.path)
        version = kept.standing(file, digest) if scan.stands(file.path, digest) else None
        skip = scan.skip_of(file.path)
        if version is None and digest:
            version = kept.version(file, digest)
        if version is not None:
            result.versions[file.path], result.hashes[file.path] = version, digest
        elif skip:
            result.hashes[file.path], result.skips[file.path] = digest, skip
        else:
            missing.append(file)
    for done, parsed in enumerate(_parse(scan, missing, jobs), 1):
        _take(result, parsed, spool)
        if done % _TELL_EVERY == 0 or done == len(missing):
            progress(Progress("parse", done, len(missing)))
    return result


def _parse(scan: Scan, missing: list[SourceFile], jobs: int | None) -> Iterator[ParsedFile]:
    if not missing:
        return
    from isg.parsers.pool import ParseRequest, make_executor, parse_files

    requests = [
        ParseRequest(file.path, str(scan.root / file.path), file.language, file.size) for file in missing
    ]
    executor = make_executor(jobs, sum(file.size for file in missing))
    if executor is None:
        yield from parse_files(requests)
        return
    try:
        yield from parse_files(requests, executor)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _take(result: Parsed, parsed: ParsedFile, spool: Spool) -> None:
    path = parsed.path
    result.hashes[path] = parsed.hash
    if parsed.skip is not None:
        result.skips[path] = str(parsed.skip)
    elif parsed.error is not None:
        result.skips[path] = NOT_PARSED + parsed.error
    else:
        version = _version(parsed.language, parsed.hash, parsed.size)
        version.lines, version.facts = parsed.lines, spool.put(parsed.facts)
        version.augments = parsed.augments
        result.versions[path] = version
        result.parsed += 1
        version.diagnostics = encode_diagnostics(parsed)


def _version(language: str, digest: bytes, size: int) -> Version:
    id_ = rows.version_id(digest, language, EXTRACTOR_VERSION, grammar_version(language))
    return Version(id_, digest, language, size)


class FactsLoader:
    """The facts of a file by its path, without their references: from this run, else from the record."""

    def __init__(self, connection: Connection, parsed: Parsed, spool: Spool) -> None:
        self._connection = connection
        self._parsed = parsed
        self._spool = spool

    def __call__(self, path: str) -> FileFacts:
        """Raises KeyError for a file without facts, msgspec.DecodeError for damaged ones."""
        return decode_definitions(self._encoded(path))

    def references(self, path: str) -> tuple[Reference, ...]:
        """The references of a file; raises as loading its facts does."""
        return decode_references(self._encoded(path))

    def _encoded(self, path: str) -> bytes:
        version = self._parsed.versions[path]
        return version.facts.read() if version.facts else read_facts(self._connection, version.id)

    def prefetch(self) -> None:
        """Bring all facts into the spool: a process forked from here has them without the record."""
        absent = {v.id: v for v in self._parsed.versions.values() if v.facts is None}
        for id_, facts in read_all_facts(self._connection) if absent else ():
            if id_ in absent:
                absent[id_].facts = self._spool.put(facts)
