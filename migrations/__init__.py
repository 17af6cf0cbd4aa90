"""Bringing a record to another version of its tables. Alembic is imported only when there is work to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring a record, perhaps an empty one, up to a revision in one transaction."""
    from isg.migrations.run import run

    run(engine, "upgrade", revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take a record back to an older revision; ``base`` is before the first."""
    from isg.migrations.run import run

    run(engine, "downgrade", revision)
