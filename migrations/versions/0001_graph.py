"""The tables of the graph: projects, files and their facts, symbols, edges, references, imports."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def column(name: str, kind: TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def key(name: str, kind: TypeEngine[Any] = ID) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, autoincrement=False)


def primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def foreign(table: str, name: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    referred = target.partition(".")[0]
    return sa.ForeignKeyConstraint(
        [name], [target], name=op.f(f"fk_{table}_{name}_{referred}"), ondelete=ondelete
    )


def create_owned(table: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        key("file_id"),
        key("ordinal", sa.Integer()),
        *columns,
        primary(table, "file_id", "ordinal"),
        foreign(table, "file_id", "files.id", "CASCADE"),
        sqlite_with_rowid=False,
    )


def create_index(table: str, *columns: str, unique: bool = False) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns), unique=unique)


def upgrade() -> None:
    create_files()
    create_symbols()
    create_edges()
    create_references()
    create_imports()
    op.create_table(
        "analysis_cache",
        key("project_id"),
        key("key", sa.String(64)),
        column("value", sa.LargeBinary()),
        primary("analysis_cache", "project_id", "key"),
        foreign("analysis_cache", "project_id", "projects.id", "CASCADE"),
    )


def create_files() -> None:
    op.create_table(
        "projects",
        key("id"),
        column("name", sa.Text()),
        column("state", sa.String(64)),
        primary("projects", "id"),
    )
    op.create_table("languages", key("name", sa.String(32)), primary("languages", "name"))
    op.create_table(
        "project_languages",
        key("project_id"),
        key("language", sa.String(32)),
        column("files", sa.Integer()),
        primary("project_languages", "project_id", "language"),
        foreign("project_languages", "project_id", "projects.id", "CASCADE"),
        foreign("project_languages", "language", "languages.name"),
    )
    op.create_table(
        "file_versions",
        key("id"),
        column("content_hash", sa.LargeBinary(32)),
        column("language", sa.String(32)),
        column("extractor_version", sa.Integer()),
        column("grammar_version", sa.String(128)),
        sa.Column("git_commit", sa.String(64)),
        column("lines", sa.Integer()),
        column("facts", sa.LargeBinary()),
        column("facts_hash", sa.LargeBinary(8)),
        sa.Column("diagnostics", sa.LargeBinary()),
        primary("file_versions", "id"),
    )
    create_index("file_versions", "content_hash")
    op.create_table(
        "files",
        key("id"),
        column("project_id", ID),
        column("path", sa.Text()),
        column("language", sa.String(32)),
        column("version_id", ID),
        column("size", sa.BigInteger()),
        primary("files", "id"),
        foreign("files", "project_id", "projects.id", "CASCADE"),
        foreign("files", "language", "languages.name"),
        foreign("files", "version_id", "file_versions.id"),
    )
    create_index("files", "project_id", "path", unique=True)
    create_index("files", "version_id")


def create_symbols() -> None:
    op.create_table(
        "symbols",
        key("id"),
        sa.Column("file_id", ID),
        column("key", sa.Text()),
        column("kind", sa.String(16)),
        column("name", sa.Text()),
        column("qualified", sa.Text()),
        column("language", sa.String(32)),
        column("line", sa.Integer()),
        column("column", sa.Integer()),
        column("start_line", sa.Integer()),
        column("end_line", sa.Integer()),
        sa.Column("parent_id", ID),
        column("signature", sa.Text()),
        column("doc", sa.Text()),
        column("visibility", sa.String(16)),
        column("modifiers", sa.Text()),
        column("complexity", sa.Integer()),
        column("statements", sa.Integer()),
        column("is_test", sa.Boolean()),
        column("signature_hash", sa.LargeBinary(8)),
        column("body_hash", sa.LargeBinary(8)),
        primary("symbols", "id"),
        foreign("symbols", "file_id", "files.id", "CASCADE"),
    )
    create_index("symbols", "file_id")
    create_index("symbols", "name")


def create_edges() -> None:
    create_owned(
        "edges",
        column("kind", sa.String(16)),
        column("how", sa.String(16)),
        column("confidence", sa.SmallInteger()),
        column("source_id", ID),
        column("target_id", ID),
        column("sites", sa.LargeBinary()),
    )
    create_index("edges", "target_id")


def create_references() -> None:
    create_owned(
        "references",
        column("source_id", ID),
        sa.Column("target_id", ID),
        column("name", sa.Text()),
        column("line", sa.Integer()),
        column("column", sa.Integer()),
        column("role", sa.String(16)),
        column("form", sa.String(16)),
        column("arguments", sa.Integer()),
        column("outcome", sa.String(16)),
        column("confidence", sa.SmallInteger()),
        column("is_recursive", sa.Boolean()),
        column("is_async", sa.Boolean()),
    )
    create_index("references", "target_id")
    create_index("references", "source_id")
    op.create_index(
        op.f("ix_references_unresolved"),
        "references",
        ["name"],
        sqlite_where=sa.text("target_id IS NULL"),
        postgresql_where=sa.text("target_id IS NULL"),
    )


def create_imports() -> None:
    create_owned(
        "imports",
        column("source_id", ID),
        sa.Column("target_id", ID),
        column("module", sa.Text()),
        column("name", sa.Text()),
        column("alias", sa.Text()),
        column("line", sa.Integer()),
        column("when", sa.String(16)),
        column("is_conditional", sa.Boolean()),
        column("is_reexport", sa.Boolean()),
    )
    create_index("imports", "target_id")


def downgrade() -> None:
    for table in (
        "analysis_cache",
        "imports",
        "references",
        "edges",
        "symbols",
        "files",
        "file_versions",
        "project_languages",
        "languages",
        "projects",
    ):
        op.drop_table(table)
