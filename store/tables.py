"""The tables of the record, declared once. Rows turn into values of :mod:`isg.graph.model` in `rows`.

A file owns its symbols, references, imports and outgoing edges: they go when it goes. What they point *to*
has no foreign key: it may be in a file that is not linked again yet, or in a project that is not indexed.
Ids are made from content, so that two machines that index the same tree make the same rows; what a file
states in order is known by its ``ordinal`` in it.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Kind: TypeAlias = "TypeEngine[Any]"

Id: Kind = BigInteger().with_variant(Integer(), "sqlite")


def _key(name: str, kind: Kind = Id) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=False)


def _owner(name: str, target: str, *, key: bool = False, needed: bool = True) -> Column[Any]:
    owner = ForeignKey(target, ondelete="CASCADE")
    return Column(name, Id, owner, primary_key=key, nullable=not (needed or key), autoincrement=False)


def _needed(name: str, kind: Kind) -> Column[Any]:
    return Column(name, kind, nullable=False)


def _owned(name: str, *columns: Column[Any] | Index) -> Table:
    """A table of what a file states, in its order. Clustered by file, as it is replaced by file."""
    owner = _owner("file_id", "files.id", key=True)
    return Table(name, metadata, owner, _key("ordinal", Integer()), *columns, sqlite_with_rowid=False)


projects = Table(
    "projects",
    metadata,
    _key("id"),
    _needed("name", Text()),  # the declared distribution, else the name of the root folder
    _needed("state", String(64)),  # BLAKE3 over the sorted (path, content hash) pairs, in hex
)

languages = Table("languages", metadata, _key("name", String(32)))

project_languages = Table(
    "project_languages",
    metadata,
    _owner("project_id", "projects.id", key=True),
    Column("language", String(32), ForeignKey("languages.name"), primary_key=True),
    _needed("files", Integer()),
)

# The facts of a content, kept when no file has it any more: switching back to a branch parses nothing.
file_versions = Table(
    "file_versions",
    metadata,
    _key("id"),
    _needed("content_hash", LargeBinary(32)),
    _needed("language", String(32)),
    _needed("extractor_version", Integer()),
    _needed("grammar_version", String(128)),
    Column("git_commit", String(64)),  # checked out when this content was first seen
    _needed("lines", Integer()),
    _needed("facts", LargeBinary()),
    _needed("facts_hash", LargeBinary(8)),  # BLAKE3: facts are trusted as if they were parsed now
    Column("diagnostics", LargeBinary()),  # MessagePack: [[code, message, line], …]; null: nothing wrong
    Index(None, "content_hash"),
)

files = Table(
    "files",
    metadata,
    _key("id"),
    _owner("project_id", "projects.id"),
    _needed("path", Text()),  # relative to the root, with `/`
    Column("language", String(32), ForeignKey("languages.name"), nullable=False),
    Column("version_id", Id, ForeignKey("file_versions.id"), nullable=False),
    _needed("size", BigInteger()),
    Index(None, "project_id", "path", unique=True),
    Index(None, "version_id"),
)

# Definitions of the project; and what it refers to outside, which no file owns (file_id null).
symbols = Table(
    "symbols",
    metadata,
    _key("id"),
    _owner("file_id", "files.id", needed=False),
    _needed("key", Text()),
    _needed("kind", String(16)),
    _needed("name", Text()),
    _needed("qualified", Text()),
    _needed("language", String(32)),
    _needed("line", Integer()),
    _needed("column", Integer()),
    _needed("start_line", Integer()),
    _needed("end_line", Integer()),
    Column("parent_id", Id),
    _needed("signature", Text()),
    _needed("doc", Text()),
    _needed("visibility", String(16)),
    _needed("modifiers", Text()),  # separated by spaces
    _needed("complexity", Integer()),
    _needed("statements", Integer()),
    _needed("is_test", Boolean()),
    _needed("signature_hash", LargeBinary(8)),
    _needed("body_hash", LargeBinary(8)),
    Column("declarations", LargeBinary()),  # MessagePack: [[line, column, start, end], …]; null: it has one
    Index(None, "file_id"),
    Index(None, "name"),
)

# Ordinals below zero: edges that follow from the project as a whole (structural satisfaction).
edges = _owned(
    "edges",
    _needed("kind", String(16)),
    _needed("how", String(16)),
    _needed("confidence", SmallInteger()),
    _needed("source_id", Id),
    _needed("target_id", Id),
    _needed("sites", LargeBinary()),  # MessagePack: [[line, column], …]
    Index(None, "target_id"),
)

references = _owned(
    "references",
    _needed("source_id", Id),
    Column("target_id", Id),
    _needed("name", Text()),
    _needed("line", Integer()),
    _needed("column", Integer()),
    _needed("role", String(16)),
    _needed("form", String(16)),
    _needed("arguments", Integer()),
    _needed("outcome", String(16)),
    _needed("confidence", SmallInteger()),
    _needed("is_recursive", Boolean()),
    _needed("is_async", Boolean()),
)
Index(None, references.c.target_id)
Index(None, references.c.source_id)
Index(
    "ix_references_unresolved",
    references.c.name,
    sqlite_where=references.c.target_id.is_(None),
)

imports = _owned(
    "imports",
    _needed("source_id", Id),
    Column("target_id", Id),
    _needed("module", Text()),
    _needed("name", Text()),
    _needed("alias", Text()),
    _needed("line", Integer()),
    _needed("when", String(16)),
    _needed("is_conditional", Boolean()),
    _needed("is_reexport", Boolean()),
    Index(None, "target_id"),
)

# What one run leaves for the next: the memory of linking, the build facts, diagnostics.
analysis_cache = Table(
    "analysis_cache",
    metadata,
    _owner("project_id", "projects.id", key=True),
    _key("key", String(64)),
    _needed("value", LargeBinary()),
)
