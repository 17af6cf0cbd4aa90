"""The revisions and the tables that the code knows are the same thing, whichever way one comes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from isg.graph.errors import NewerStore
from isg.migrations import downgrade, upgrade
from isg.migrations.run import configuration
from isg.store import dialect, rows
from isg.store.database import open_store
from isg.store.tables import metadata
from isg.store.versions import SCHEMA_VERSION


def test_rows_are_in_the_order_of_the_columns() -> None:
    assert {table.name: tuple(table.columns.keys()) for table in metadata.sorted_tables} == rows.COLUMNS


def tables(engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def schema(engine) -> list[tuple[str, str]]:
    """What SQLite itself says was declared, blanks aside."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return sorted((name, " ".join(sql.split())) for name, sql in rows)


def test_no_drift_between_tables_and_revisions(tmp_path: Path) -> None:
    engine = open_store(tmp_path / "store.sqlite", upgrade)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_draft_has_the_tables_that_all_revisions_make(tmp_path: Path) -> None:
    """Also what Alembic does not compare: rowids, cascades, partial indexes."""
    migrated = open_store(tmp_path / "migrated.sqlite", upgrade)
    created = open_store(tmp_path / "created.sqlite", upgrade, draft=True)
    declared, made = schema(migrated), schema(created)
    assert [name for name, _ in declared] == [name for name, _ in made]
    for (name, one), (_, other) in zip(declared, made, strict=True):
        assert sorted(re.findall(r"\w+", one)) == sorted(re.findall(r"\w+", other)), name


def test_a_draft_stands_where_the_revisions_lead(tmp_path: Path) -> None:
    engine = open_store(tmp_path / "store.sqlite", upgrade, draft=True)
    made = schema(engine)
    upgrade(engine)
    assert schema(engine) == made
    downgrade(engine, "base")
    assert tables(engine) <= {"alembic_version"}


def test_the_newest_revision_is_the_version_that_the_code_asks_for(tmp_path: Path) -> None:
    engine = open_store(tmp_path / "store.sqlite", upgrade)
    with engine.connect() as connection:
        script = ScriptDirectory.from_config(configuration(connection))
        assert int(script.get_current_head() or 0) == SCHEMA_VERSION
        assert dialect.read_version(connection) == SCHEMA_VERSION


def test_each_revision_can_be_taken_back(tmp_path: Path) -> None:
    engine = open_store(tmp_path / "store.sqlite", upgrade)
    whole = schema(engine)
    downgrade(engine, "base")
    assert tables(engine) <= {"alembic_version"}
    with engine.connect() as connection:
        assert dialect.read_version(connection) == 0
    upgrade(engine)
    assert schema(engine) == whole


def test_an_older_store_upgrades_itself_on_open(tmp_path: Path) -> None:
    whole = schema(open_store(tmp_path / "whole.sqlite", upgrade))
    for revision in range(SCHEMA_VERSION):
        file = tmp_path / f"{revision}.sqlite"
        downgrade(open_store(file, upgrade), f"{revision:04}" if revision else "base")
        assert schema(open_store(file, upgrade)) == whole


def test_a_store_of_this_version_is_opened_without_migrating(tmp_path: Path) -> None:
    open_store(tmp_path / "store.sqlite", upgrade).dispose()

    def never(engine) -> None:
        raise AssertionError("migrated")

    open_store(tmp_path / "store.sqlite", never).dispose()


def test_a_newer_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    engine = open_store(tmp_path / "store.sqlite", upgrade)
    with engine.connect() as connection, connection.begin():
        dialect.write_version(connection, SCHEMA_VERSION + 1)
    engine.dispose()
    with pytest.raises(NewerStore, match="newer isg"):
        open_store(tmp_path / "store.sqlite", upgrade)


def test_a_failing_revision_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = dialect.connect(tmp_path / "store.sqlite")
    monkeypatch.setattr("alembic.op.create_index", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        upgrade(engine)
    assert tables(engine) == set()
