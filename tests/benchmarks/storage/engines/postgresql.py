"""PostgreSQL: a private cluster in the folder, behind a Unix socket, as a user that is not root."""

from __future__ import annotations

import contextlib
import getpass
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from ..engine import Engine, nothing
from ..memory import family
from ..sql import EDGES, INDEXES, SYMBOLS, SqlPatterns, Statements
from ..workload import Change, Workload

_STATEMENTS = Statements.of(lambda name: f"%({name})s")
# A commit may be lost with the machine, as in the other engines, but never half of one.
_SETTINGS = {
    "listen_addresses": "''",
    "shared_buffers": "256MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "synchronous_commit": "off",
}
_REAPED = 60  # seconds until the system has forgotten a killed process: a new server looks for the old one
_INDEXES = (*INDEXES, "CREATE INDEX ix_edges_file ON edges (file)")


class Postgresql(Engine):
    name = "PostgreSQL"
    distributions = ("psycopg[binary]",)
    modules = ("psycopg",)

    def missing(self) -> str | None:
        if _program("initdb") is None:
            return "apt install postgresql"
        return super().missing()

    def versions(self) -> str:
        server = subprocess.check_output([_program("initdb") or "initdb", "--version"], text=True)
        return f"{server.split()[2]} {super().versions()}"

    def start(self) -> None:
        if not self._data.exists():
            self._share_folder()
            _run(self._user, "initdb", "-D", str(self._data), "-A", "trust", "-E", "UTF8", "--locale=C")
            lines = [f"{name} = {value}\n" for name, value in _SETTINGS.items()]
            with (self._data / "postgresql.auto.conf").open("a") as settings:
                settings.writelines([*lines, f"unix_socket_directories = '{self._data}'\n"])
        log = str(self._data / "log")
        _run(self._user, "pg_ctl", "-D", str(self._data), "-l", log, "-w", "-t", "120", "start")

    def stop(self) -> None:
        _run(self._user, "pg_ctl", "-D", str(self._data), "-m", "fast", "-w", "stop")

    def kill(self) -> None:
        """Kill the postmaster and its children at once."""
        server = self.server()
        processes = [] if server is None else family(server)
        for pid in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + _REAPED
        while any(Path(f"/proc/{pid}").exists() for pid in processes) and time.monotonic() < deadline:
            time.sleep(0.01)  # they are no children of ours that could be waited for

    def server(self) -> int | None:
        with contextlib.suppress(OSError):
            return int((self._data / "postmaster.pid").read_text().split()[0])
        return None

    def load(self, workload: Workload) -> None:
        with self.connect() as connection:
            connection.execute(SYMBOLS.format(key="PRIMARY KEY"))
            connection.execute(EDGES.format(key=""))
            _copy(connection, "symbols", workload.symbol_rows())
            _copy(connection, "edges", workload.edge_rows())
            for index in _INDEXES:
                connection.execute(index)
        with self.connect() as connection:
            connection.autocommit = True
            connection.execute("VACUUM ANALYZE")

    def open(self) -> PostgresqlSession:
        return PostgresqlSession(self)

    def connect(self) -> Any:
        import psycopg

        return psycopg.connect(host=str(self._data), user=self._user, dbname="postgres")

    @property
    def _data(self) -> Path:
        return self.folder / "cluster"

    @property
    def _user(self) -> str:
        """Whom the cluster belongs to: PostgreSQL refuses to be run by root."""
        return "postgres" if os.geteuid() == 0 else getpass.getuser()

    def _share_folder(self) -> None:
        if os.geteuid() == 0:
            owner = pwd.getpwnam(self._user)
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)


class PostgresqlSession(SqlPatterns):
    def __init__(self, engine: Postgresql) -> None:
        self._engine = engine
        self._connection = engine.connect()
        self._connection.autocommit = True
        super().__init__(self._connection.execute, _STATEMENTS)

    def replace(self, change: Change, midway: Callable[[], None] = nothing) -> None:
        with self._connection.transaction():
            for delete in _STATEMENTS.deletes:
                self._connection.execute(delete, {"file": change.file})
            _copy(self._connection, "symbols", change.symbol_rows)
            midway()
            _copy(self._connection, "edges", change.edge_rows)

    def beside(self) -> PostgresqlSession:
        return PostgresqlSession(self._engine)

    def close(self) -> None:
        self._connection.close()


def _copy(connection: Any, table: str, rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _program(name: str) -> str | None:
    """A program of PostgreSQL's, which Debian keeps out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(found[-1]) if found else None)


def _run(user: str, program: str, *arguments: str) -> None:
    as_user = {"user": user, "group": pwd.getpwnam(user).pw_gid} if os.geteuid() == 0 else {}
    command = [_program(program) or program, *arguments]
    subprocess.run(
        command,
        check=True,
        cwd="/",  # which every user may read
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # what the server has to say is in its log
        **as_user,  # type: ignore[call-overload]
    )
