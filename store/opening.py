"""Opening the record to write it: at the present version, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from isg.graph.errors import NewerStore
from isg.store.driver import DRAFT, SHARED, Direct, read_version
from isg.store.versions import SCHEMA_VERSION

if TYPE_CHECKING:
    from isg.store.database import Migrate


def open_record(database: Path, migrate: Migrate, *, draft: bool = False) -> Direct:
    """A connection to a record of the present version; an older one is migrated, a draft gets its tables.

    What makes tables is imported only for that. Raises NewerStore for one that a newer isg made.
    """
    if draft:
        _bring_up(database, migrate, draft=True)
        return Direct(database, DRAFT)
    connection = Direct(database, SHARED)
    try:
        version = read_version(connection)
        refuse_newer(version, database)
    except BaseException:
        connection.close()
        raise
    if version == SCHEMA_VERSION:
        return connection
    connection.close()
    _bring_up(database, migrate, draft=False)
    return Direct(database, SHARED)


def _bring_up(database: Path, migrate: Migrate, draft: bool) -> None:
    """Give a record the tables of the present version; raises what the driver does."""
    from sqlalchemy.exc import DBAPIError

    from isg.store.database import open_store

    try:
        open_store(database, migrate, draft=draft).dispose()
    except DBAPIError as error:
        raise (error.orig or error) from error


def refuse_newer(version: int, database: Path) -> None:
    """Raises NewerStore where a record is of a version that this isg does not know."""
    if version > SCHEMA_VERSION:
        raise NewerStore(
            f"the index in {database.parent} was made by a newer isg (format {version}, this one knows "
            f"{SCHEMA_VERSION})",
            hint="upgrade isg, or delete that folder",
        )
