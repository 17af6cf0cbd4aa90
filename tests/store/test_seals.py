"""The seal of a record: the same for what is committed, wherever SQLite keeps it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isg.graph.errors import RecordDamaged
from isg.store.database import reading
from isg.store.head import read_head
from isg.store.seals import UNKNOWN, seal, seal_again, written
from isg.store.ticks import TICK
from isg.store.wal import log_of

_IDS = st.integers(0, 20)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("INSERT INTO t VALUES (?, zeroblob(?))"), _IDS, st.integers(0, 90_000)),
        st.tuples(
            st.just("UPDATE t SET data = zeroblob(?2 + 1) WHERE id = ?1"), st.integers(0, 20), st.just(5)
        ),
        st.tuples(st.just("DELETE FROM t WHERE id >= ? OR id = ?"), _IDS, _IDS),
        st.tuples(st.just("VACUUM")),
        st.tuples(st.just("PRAGMA wal_checkpoint(PASSIVE)")),
        st.tuples(st.just("PRAGMA wal_checkpoint(RESTART)")),
    ),
    max_size=12,
)


def opened(database: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    return connection


@contextmanager
def held(database: Path) -> Iterator[None]:
    """A reader that keeps the log of a database from being written back."""
    with closing(opened(database)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM sqlite_schema").fetchall()
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seals")


@given(steps=_STEPS, pinned=st.integers(0, 12), ahead=st.booleans())
def test_writing_the_log_back_changes_nothing(folder: Path, steps, pinned: int, ahead: bool) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    database = folder / "record.sqlite"
    with closing(opened(database)) as writer, closing(opened(database)) as reader:
        reader.execute("PRAGMA busy_timeout = 0")
        writer.execute("PRAGMA busy_timeout = 0")
        writer.execute("CREATE TABLE t (id INTEGER, data BLOB)")
        kept = seal(database)
        for number, (statement, *values) in enumerate(steps):
            if number == pinned:
                reader.execute("BEGIN")
                reader.execute("SELECT count(*) FROM t").fetchall()
            writer.execute(statement, values).fetchall()
            kept = seal_again(database, kept, written(database))
            assert kept.hashes == seal(database).hashes, "what the log does not hold has not changed"
        if ahead:
            writer.execute("PRAGMA cache_size = 1")  # what is not committed goes to the log as well
            writer.execute("BEGIN IMMEDIATE")
            writer.executemany("INSERT INTO t VALUES (1, zeroblob(?))", [(5000,)] * 20)
        before = seal(database).hashes
        if ahead:
            writer.execute("ROLLBACK")
            assert seal(database).hashes == before
    assert not log_of(database).exists(), "the last one to leave writes it back"
    assert seal(database).hashes == before


def test_a_log_that_is_damaged_or_cut_is_another_record(tmp_path: Path) -> None:
    database = tmp_path / "record.sqlite"
    with closing(opened(database)) as writer:
        writer.execute("CREATE TABLE t (id INTEGER)")
        writer.execute("INSERT INTO t VALUES (1)")
        whole, data = seal(database).hashes, log_of(database).read_bytes()
        for end in (0, 10, 40, 32 + 24 + 4096, len(data) - 1):
            log_of(database).write_bytes(data[:end])
            assert seal(database).hashes != whole, end
        for at in (1, 16, 33, len(data) - 4096 - 24, len(data) - 4096, len(data) - 1):
            log_of(database).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
            assert seal(database).hashes != whole, at
        log_of(database).write_bytes(data)
        assert seal(database).hashes == whole


class TestALook:
    """A record whose files look as they did is not read, and no write can be missed so."""

    @pytest.fixture
    def database(self, tmp_path: Path) -> Path:
        """One that was written long ago, as far as its times tell."""
        database = tmp_path / "record.sqlite"
        with closing(opened(database)) as writer:
            writer.execute("CREATE TABLE t (data BLOB)")
            writer.execute("INSERT INTO t VALUES (zeroblob(100000))")
        time.sleep(2 * TICK / 1e9)
        return database

    def test_tells_the_seal(self, database: Path) -> None:
        known = msgspec.structs.replace(seal(database), hashes=b"not read")
        assert known.look
        assert seal(database, known) == known

    def test_tells_it_to_whoever_reads_beside_an_empty_log(self, database: Path) -> None:
        known = seal(database)
        with held(database):
            assert log_of(database).exists()
            assert seal(database, known) is known
        assert seal(database, known) is known

    def test_is_none_of_what_was_just_written(self, database: Path) -> None:
        database.touch()
        assert not seal(database).look

    def test_is_another_after_a_byte_was_changed_whatever_the_times_of_the_file(self, database: Path) -> None:
        known, stat, data = seal(database), database.stat(), bytearray(database.read_bytes())
        data[-1] ^= 1
        database.write_bytes(data)
        os.utime(database, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        assert seal(database, known).denies(known)

    def test_is_another_with_a_log(self, database: Path) -> None:
        known = seal(database)
        with closing(opened(database)) as writer:
            writer.execute("INSERT INTO t VALUES (1)")
            assert seal(database, known).denies(known)

    def test_of_nothing_known_tells_nothing(self, database: Path) -> None:
        assert seal(database, UNKNOWN)
        assert not UNKNOWN.denies(seal(database)) and not seal(database).denies(UNKNOWN)

    def test_of_a_record_is_had_as_soon_as_it_is_written(self, database: Path) -> None:
        before = seal(database)
        for number in range(20):  # many of them within a tick of the clock
            with closing(opened(database)) as writer:
                writer.execute(f"INSERT INTO t VALUES ({number})")
                pages = written(database)
            again = seal_again(database, before, pages)
            assert again.look and seal(database, again) is again
            assert seal(database, before).denies(before), "each write gives the file another time"
            before = again

    def test_of_a_record_with_a_log_too(self, database: Path) -> None:
        with held(database), closing(opened(database)) as writer:
            writer.execute("INSERT INTO t VALUES (2)")
            pages = written(database)
            again = seal_again(database, seal(database), pages)
            assert again.look and seal(database, again) is again
            writer.execute("INSERT INTO t VALUES (3)")
            assert seal(database, again).denies(again)

    def test_tells_nothing_yet_where_the_file_system_keeps_other_times(self, database, monkeypatch) -> None:
        real = os.utime
        monkeypatch.setattr(
            os, "utime", lambda path, ns: real(path, ns=tuple(t // 10**7 * 10**7 for t in ns))
        )
        assert not seal_again(database, UNKNOWN, ()).look

    def test_tells_nothing_yet_where_the_file_is_another_users(self, database, monkeypatch) -> None:
        def refused(path: Path, ns: tuple[int, int]) -> None:
            raise PermissionError

        database.touch()
        monkeypatch.setattr(os, "utime", refused)
        again = seal_again(database, UNKNOWN, ())
        assert again and not again.look


class TestAnIndexWithALog:
    def test_is_read_as_it_was_left(self, shop) -> None:
        self.leave_a_log(shop)
        head = read_head(shop.location.head)
        with reading(shop.location, head):
            assert log_of(shop.location.database).stat().st_size
        with reading(shop.location, head):  # written back meanwhile
            pass
        assert not shop.index().warnings

    def test_is_found_damaged_and_made_again(self, shop) -> None:
        """Also a byte that no checksum of the database system covers."""
        self.leave_a_log(shop)
        data = bytearray(shop.location.database.read_bytes())
        data[-1] ^= 1
        shop.location.database.write_bytes(data)
        with pytest.raises(RecordDamaged), reading(shop.location, read_head(shop.location.head)):
            pass
        shop.write({"shop/cart.py": "x = 2\n"})
        assert shop.index().warnings
        assert not shop.index().warnings

    def leave_a_log(self, shop) -> None:
        """As a reader does that is killed."""
        shop.index()
        shop.write({"shop/cart.py": "x = 1\n"})
        database, log = shop.location.database, log_of(shop.location.database)
        with held(database):
            shop.index()
            kept = [(path, path.read_bytes()) for path in (database, log)]
        for path, data in kept:
            path.write_bytes(data)
