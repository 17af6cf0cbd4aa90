"""Opening the record: at the right version, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from isg.graph.errors import NewerStore, WorkFailed
from isg.store import dialect
from isg.store.location import StoreLocation
from isg.store.versions import SCHEMA_VERSION

Migrate = Callable[[Engine], None]


def open_store(database: Path, migrate: Migrate, *, draft: bool = False) -> Engine:
    """An engine on a record of the present version; an older or empty one is migrated.

    Raises NewerStore for one that a newer isg made.
    """
    engine = dialect.connect(database, draft=draft)
    try:
        version = _version(engine)
        refuse_newer(version, database)
        if version < SCHEMA_VERSION:
            migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(location: StoreLocation) -> Iterator[Connection]:
    """A connection that sees one whole state of the record; raises WorkFailed where that cannot be."""
    engine = dialect.connect(location.database)
    try:
        with engine.connect() as connection:
            refuse_newer(dialect.read_version(connection), location.database)
            yield connection
    except DBAPIError as error:
        if not dialect.is_damage(error) and not isinstance(error, OperationalError):
            raise
        raise WorkFailed(
            f"cannot read {location.database}: {error.orig}", hint="isg index --full makes it again"
        ) from error
    finally:
        engine.dispose()


def refuse_newer(version: int, database: Path) -> None:
    if version > SCHEMA_VERSION:
        raise NewerStore(
            f"the index in {database.parent} was made by a newer isg (format {version}, this one knows "
            f"{SCHEMA_VERSION})",
            hint="upgrade isg, or delete that folder",
        )


def _version(engine: Engine) -> int:
    with engine.connect() as connection:
        return dialect.read_version(connection)
