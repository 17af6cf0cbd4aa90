"""Opening the record: at the right version, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from isg.graph.errors import RecordDamaged, RecordMoved
from isg.store import dialect
from isg.store.contents import mark_of
from isg.store.head import Head, read_head
from isg.store.location import StoreLocation
from isg.store.opening import refuse_newer
from isg.store.seals import UNKNOWN, Seal, seal, seal_of
from isg.store.versions import SCHEMA_VERSION

Migrate = Callable[[Engine], None]


def open_store(database: Path, migrate: Migrate, *, draft: bool = False) -> Engine:
    """An engine on a record of the present version; an older one is migrated, a draft gets its tables.

    Raises NewerStore for one that a newer isg made.
    """
    engine = dialect.connect(database, draft=draft)
    try:
        version = _version(engine)
        refuse_newer(version, database)
        if draft and version == 0:
            _create(engine)
        elif version < SCHEMA_VERSION:
            migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(location: StoreLocation, head: Head | None = None) -> Iterator[Connection]:
    """A connection that sees one whole state of the record: that of ``head``, where one is given.

    Raises RecordDamaged where that cannot be read, RecordMoved where there is another one by now.
    """
    if not location.database.is_file():  # else SQLite would make one
        raise _damaged(location, "there is none")
    # Before SQLite opens the file: to close another handle on it ends the locks that the process has on it.
    sealed = sealed_as(location, head) if head is not None else UNKNOWN
    engine = dialect.connect(location.database)
    try:
        with engine.connect() as connection:
            refuse_newer(dialect.read_version(connection), location.database)
            if head is not None:
                _require(connection, location, head, sealed)
            yield connection
    except (DBAPIError, UnicodeDecodeError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if not dialect.is_damage(error) and not isinstance(error, OperationalError):
            raise
        raise _damaged(location, cause) from error
    finally:
        engine.dispose()


def sealed_as(location: StoreLocation, head: Head | None = None) -> Seal:
    """The seal that the record bears now: known from a head, or hashed; raises RecordDamaged."""
    try:
        return seal(location.database) if head is None else seal_of(location.database, head.record)
    except OSError as error:
        raise _damaged(location, error) from error


def _damaged(location: StoreLocation, cause: object) -> RecordDamaged:
    return RecordDamaged(f"cannot read {location.database}: {cause}", hint="isg index --full makes it again")


def _require(connection: Connection, location: StoreLocation, head: Head, sealed: Seal) -> None:
    """See that the record is the one that a head speaks of, byte for byte where its seal can be told."""
    if mark_of(connection) != head.mark:
        raise RecordMoved("the index was brought up to date meanwhile", hint="ask again")
    if head.record.denies(sealed):
        if read_head(location.head) != head:
            raise RecordMoved("the index was brought up to date meanwhile", hint="ask again")
        raise _damaged(location, "it is not as it was written")


def _create(engine: Engine) -> None:
    """Make all tables at once, noted as if every revision had run; a test holds that this comes to the same.

    Alembic takes longer to import than a small project takes to index.
    """
    from isg.store.tables import metadata

    revision = f"{SCHEMA_VERSION:04}"
    with engine.connect().execution_options(isg_writes=True) as connection, connection.begin():
        metadata.create_all(connection)
        connection.exec_driver_sql(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
            "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{revision}')")
        dialect.write_version(connection, SCHEMA_VERSION)


def _version(engine: Engine) -> int:
    with engine.connect() as connection:
        return dialect.read_version(connection)
