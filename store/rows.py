"""Rows of the tables to values of the model and back; nobody else knows the order of columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from operator import add, attrgetter, itemgetter
from typing import Any, TypeAlias

import msgspec
from blake3 import blake3

from isg.graph.codes import EDGE_KINDS, HOWS
from isg.graph.model import (
    Confidence,
    Declaration,
    Edge,
    EdgeKind,
    How,
    LinkedFile,
    LinkedImport,
    Site,
    Symbol,
    SymbolKind,
)
from isg.graph.stated import CODES, StatedEdges, kind_and_how

Row: TypeAlias = tuple[Any, ...]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "projects": ("id", "name", "state"),
    "languages": ("name",),
    "project_languages": ("project_id", "language", "files"),
    "files": ("id", "project_id", "path", "language", "version_id", "size"),
    "file_versions": (
        *("id", "content_hash", "language", "extractor_version", "grammar_version", "git_commit", "lines"),
        *("facts", "facts_hash", "diagnostics"),
    ),
    "symbols": (
        *("id", "file_id", "key", "kind", "name", "qualified", "language", "line", "column", "start_line"),
        *("end_line", "parent_id", "signature", "doc", "visibility", "modifiers", "complexity", "statements"),
        *("is_test", "signature_hash", "body_hash", "declarations"),
    ),
    "edges": ("file_id", "ordinal", "kind", "how", "confidence", "source_id", "target_id", "sites"),
    "references": (
        *("file_id", "ordinal", "source_id", "target_id", "name", "line", "column", "role", "form"),
        *("arguments", "outcome", "confidence", "is_recursive", "is_async"),
    ),
    "imports": (
        *("file_id", "ordinal", "source_id", "target_id", "module", "name", "alias", "line", "when"),
        *("is_conditional", "is_reexport"),
    ),
    "analysis_cache": ("project_id", "key", "value"),
}
"""The columns of each table in the order of the values of a row, as `tables` declares them."""

_source = attrgetter("source")
_reference_source = itemgetter(0)
_encode = msgspec.msgpack.Encoder().encode
_decode_sites = msgspec.msgpack.Decoder(tuple[Site, ...]).decode
_decode_declarations = msgspec.msgpack.Decoder(tuple[Declaration, ...]).decode
_KINDS = {str(kind): kind for kind in EdgeKind}
_HOWS = {str(how): how for how in How}
_SYMBOL_KINDS = {str(kind): kind for kind in SymbolKind}
_CONFIDENCE = tuple(Confidence)


def content_id(*parts: str | bytes) -> int:
    """The id of a row that these parts identify: the first 63 bits of their BLAKE3."""
    hasher = blake3()
    for part in parts:
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        hasher.update(len(data).to_bytes(4, "big") + data)
    return int.from_bytes(hasher.digest(8), "big") >> 1


def project_id(name: str) -> int:
    return content_id("project", name)


def file_id(project: str, path: str) -> int:
    return content_id("file", project, path)


def version_id(content_hash: bytes, language: str, extractor: int, grammar: str) -> int:
    """The id of what one content gives in one language, read by one version of the extractor and grammar."""
    return content_id("version", content_hash, language, str(extractor), grammar)


def facts_hash(version: int, lines: int, facts: bytes, diagnostics: bytes | None) -> bytes:
    """What tells that stored facts, and what stands beside them, are as they were written."""
    return blake3(b"%d %d %d " % (version, lines, len(facts)) + facts + (diagnostics or b"")).digest(8)


def symbol_row(symbol: Symbol, owner: int | None) -> Row:
    return (
        symbol.id,
        owner,
        symbol.key,
        str(symbol.kind),
        symbol.name,
        symbol.qualified,
        symbol.language,
        symbol.line,
        symbol.column,
        symbol.start_line,
        symbol.end_line,
        symbol.parent,
        symbol.signature,
        symbol.doc,
        symbol.visibility,
        " ".join(symbol.modifiers),
        symbol.complexity,
        symbol.statements,
        +symbol.is_test,
        symbol.signature_hash,
        symbol.body_hash,
        _encode(symbol.declarations) if symbol.declarations else None,
    )


def symbol_of(row: Sequence[Any], file: str | None) -> Symbol:
    """The inverse of :func:`symbol_row`; ``file`` is the path of its owner."""
    return Symbol(
        id=row[0],
        key=row[2],
        kind=_SYMBOL_KINDS[row[3]],
        name=row[4],
        qualified=row[5],
        language=row[6],
        file=file,
        line=row[7],
        column=row[8],
        start_line=row[9],
        end_line=row[10],
        parent=row[11],
        signature=row[12],
        doc=row[13],
        visibility=row[14],
        modifiers=tuple(row[15].split()),
        complexity=row[16],
        statements=row[17],
        is_test=bool(row[18]),
        signature_hash=row[19],
        body_hash=row[20],
        declarations=_decode_declarations(row[21]) if row[21] else (),
    )


_ROOM = 64  # ordinals: those of each source begin at a multiple of this


def _ordinals(sources: Iterable[int]) -> list[int]:
    """The ordinals of what a file states, of which these are the sources, those of each together.

    Each source has room to grow: an edit within a function leaves the ordinals of all others as they are,
    and with them what the indexes say of their rows.
    """
    found: list[int] = []
    start = 0
    for count in Counter(sources).values():
        found += range(start, start + count)
        start = -(-(start + count) // _ROOM) * _ROOM
    return found


def edge_row(edge: Edge, owner: int, ordinal: int) -> Row:
    return (
        owner,
        ordinal,
        str(edge.kind),
        str(edge.how),
        int(edge.confidence),
        edge.source,
        edge.target,
        _encode(edge.sites),
    )


def edge_of(row: Sequence[Any], file: str) -> Edge:
    """The inverse of :func:`edge_row`; ``file`` is the path of its owner."""
    return Edge(
        _KINDS[row[2]], _HOWS[row[3]], _CONFIDENCE[row[4]], row[5], row[6], file, _decode_sites(row[7])
    )


def edge_rows(linked: LinkedRows, owner: int) -> Iterator[Row]:
    """The rows of the edges of one file; what :func:`edge_row` makes of each."""
    edges = linked.edges
    sources, targets = edges.ends()
    kinds, hows = map(_KIND_OF.__getitem__, edges.codes), map(_HOW_OF.__getitem__, edges.codes)
    ordinals, sites = _ordinals(sources), linked.sites
    return zip(repeat(owner), ordinals, kinds, hows, edges.confidence, sources, targets, sites)


_KIND_OF = [str(EDGE_KINDS[kind]) for kind, _ in map(kind_and_how, range(CODES))]
_HOW_OF = [str(HOWS[how]) if how < len(HOWS) else "" for _, how in map(kind_and_how, range(CODES))]


# The fields of a LinkedReference, in the order of the columns that hold them.
ReferenceFields: TypeAlias = tuple[int, int | None, str, int, int, str, str, int, str, int, bool, bool]


def reference_rows(references: Iterable[ReferenceFields], owner: int) -> Iterator[Row]:
    """The rows of the references of one file."""
    ordered = sorted(references, key=_reference_source)
    ordinals = _ordinals(map(_reference_source, ordered))
    return map(add, zip(repeat(owner), ordinals), ordered)


def import_rows(imports: Sequence[LinkedImport], owner: int) -> Iterator[Row]:
    for ordinal, i in enumerate(imports):
        yield (
            owner,
            ordinal,
            i.source,
            i.target,
            i.module,
            i.name,
            i.alias,
            i.line,
            i.when,
            +i.conditional,
            +i.reexport,
        )


class LinkedRows(msgspec.Struct, frozen=True, array_like=True):
    """A linked file on its way into the record: what is many stays encoded until it is a row."""

    path: str
    symbols: msgspec.Raw  # of tuple[Symbol, …]
    externals: tuple[Symbol, ...]
    references: tuple[ReferenceFields, ...]
    imports: tuple[LinkedImport, ...]
    edges: StatedEdges  # those of each source together
    sites: tuple[bytes, ...]  # of each edge, as its row has them

    def unresolved_names(self) -> Iterator[str]:
        """The name of every site of the file that was not resolved."""
        return (r[2] for r in self.references if r[8] == "unresolved")


def fields_of(linked: LinkedFile) -> tuple[object, ...]:
    """The fields of LinkedRows, not encoded yet."""
    edges = sorted(linked.edges, key=_source)
    sites = [_encode(edge.sites) for edge in edges]
    rest = linked.path, linked.symbols, linked.externals, linked.references, linked.imports
    return (*rest, StatedEdges.of(edges), sites)


def on_its_way(linked: LinkedFile | LinkedRows) -> LinkedRows:
    """A linked file as the record takes it."""
    return linked if isinstance(linked, LinkedRows) else _decode_linked(_encode(fields_of(linked)))


_decode_linked = msgspec.msgpack.Decoder(LinkedRows).decode
