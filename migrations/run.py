"""Running Alembic from inside the installed package: no configuration file, no folder of the user's."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine

from isg.store.dialect import write_version


def run(engine: Engine, direction: Literal["upgrade", "downgrade"], revision: str) -> None:
    """Run the revisions between the present one and another, all or none."""
    with engine.connect().execution_options(isg_writes=True) as connection, connection.begin():
        settings = configuration(connection)
        (command.upgrade if direction == "upgrade" else command.downgrade)(settings, revision)
        write_version(connection, current(connection))


def configuration(connection: Connection) -> Config:
    """The settings of Alembic for a connection."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def current(connection: Connection) -> int:
    """The number of the revision that a database is at; 0 before the first."""
    return int(MigrationContext.configure(connection).get_current_revision() or 0)
