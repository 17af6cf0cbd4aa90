"""The life of a server: one for each project, and nothing of it is in the way when it is over."""

from __future__ import annotations

import _socket
import asyncio
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest
from serving import ISG, PATIENCE, Served, asked, environment, requests

from isg.cli import client
from isg.cli.server import endpoint, wire
from isg.cli.server.connections import close
from isg.cli.server.lifecycle import Server, Settings
from isg.cli.server.presence import Presence
from isg.cli.server.service import Service
from isg.graph.errors import WorkFailed
from isg.migrations import upgrade
from isg.store.location import locate
from isg.store.resident.project import Resident


def leftovers(root: Path) -> set[str]:
    return {path.name for path in (root / ".isg").iterdir()} & {"server", "server.sock", "server.token"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly(own_shop: Path, number: signal.Signals) -> None:
    server = Served(own_shop)
    assert leftovers(own_shop) == {"server", "server.sock"}
    server.process.send_signal(number)
    out, err = server.process.communicate(timeout=PATIENCE)
    assert (server.process.returncode, out, err) == (0, "", "")
    assert leftovers(own_shop) == set()


def test_stop_and_status(own_shop: Path) -> None:
    assert asked(own_shop, "serve", "--status")[1] == b"no server runs for this project\n"
    assert asked(own_shop, "serve", "--stop")[1] == b"no server runs for this project\n"
    server = Served(own_shop, "--json")
    (said,) = json.loads(asked(own_shop, "serve", "--status", "--json")[1])["results"]
    assert said["running"] is True
    assert said["pid"] == json.loads(server.said)["pid"] == server.process.pid
    assert asked(own_shop, "serve", "--stop")[1] == b"the server has ended\n"
    assert server.process.wait(PATIENCE) == 0
    assert asked(own_shop, "serve", "--stop", "--status")[0] == 2


def test_a_second_one_says_that_there_is_one(own_shop: Path) -> None:
    server = Served(own_shop)
    status, out, err = asked(own_shop, "serve")
    assert (status, out) == (6, b"")
    assert b"already running for this project (process %d)" % server.process.pid in err
    assert requests(own_shop) == 0, "the first goes on"
    assert server.end()[0] == 0


def test_what_a_killed_server_leaves_is_in_nobodys_way(own_shop: Path) -> None:
    server = Served(own_shop)
    expected = asked(own_shop, "callers", "log")
    server.process.kill()
    server.process.wait()
    assert leftovers(own_shop) == {"server", "server.sock"}
    assert asked(own_shop, "callers", "log") == expected
    (own_shop / "shop/fresh.py").write_text("def fresh(): ...\n")
    assert asked(own_shop, "show", "fresh")[0] == 0
    assert asked(own_shop, "serve", "--status")[1] == b"no server runs for this project\n"
    another = Served(own_shop)
    assert asked(own_shop, "show", "fresh")[0] == 0
    assert requests(own_shop) == 1
    assert another.end()[0] == 0


def test_a_server_that_is_stopped_in_its_tracks_is_not_waited_for(own_shop: Path) -> None:
    server = Served(own_shop)
    expected = asked(own_shop, "callers", "log")
    server.process.send_signal(signal.SIGSTOP)
    try:
        assert asked(own_shop, "callers", "log") == expected
    finally:
        server.process.send_signal(signal.SIGCONT)
    assert server.end()[0] == 0


@contextmanager
def service_of(root: Path) -> Iterator[tuple[Service, Presence]]:
    """What serves a project, in this process."""
    location = locate(root)
    location.prepare()
    service = Service(Resident(root, location, upgrade))
    presence = Presence(location)
    with presence.claimed():
        yield service, presence
    service.close()


def test_it_ends_when_nobody_asks(own_shop: Path) -> None:
    with service_of(own_shop) as (service, presence):
        asyncio.run(Server(service, presence, Settings(idle_exit=0.1, watch=False)).run(lambda: None))
    assert leftovers(own_shop) == set()


def test_a_port_and_a_secret_where_there_are_no_unix_sockets(own_shop: Path, monkeypatch, capfd) -> None:
    """As on Windows: anybody on the machine can connect to a port, so only who reads the file is served."""
    expected = asked(own_shop, "callers", "log")
    statuses: list[int | None] = []

    def ask() -> None:
        command = ["callers", "log", "-C", str(own_shop)]
        statuses.append(client.forwarded(command))
        endpoint_file = own_shop / ".isg/server"
        endpoint_file.write_text(re.sub("secret .*", "secret wrong", endpoint_file.read_text()))
        statuses.append(client.forwarded(command))

    async def serve() -> None:
        monkeypatch.delattr(socket, "AF_UNIX")
        monkeypatch.delattr(_socket, "AF_UNIX")
        server = Server(service, presence, Settings(idle_exit=0.5, watch=False))
        await server.run(threading.Thread(target=ask).start)

    with service_of(own_shop) as (service, presence):
        asyncio.run(serve())
    assert statuses == [0, None]
    assert capfd.readouterr().out.encode() == expected[1]


@pytest.mark.parametrize("replaced", [False, True])
def test_it_ends_when_its_folder_is_gone(own_shop: Path, replaced: bool) -> None:
    server = Served(own_shop)
    gone = own_shop.with_name("gone")  # moved, which happens at once: the server may be writing
    if replaced:
        (own_shop / ".isg").rename(gone)
        assert asked(own_shop, "callers", "log")[0] == 0
    else:
        own_shop.rename(gone)
    assert server.process.wait(PATIENCE) == 0


def test_only_its_user_can_connect(own_shop: Path) -> None:
    server = Served(own_shop)
    for name in ("server", "server.sock"):
        assert stat.S_IMODE((own_shop / ".isg" / name).stat().st_mode) == 0o600
    assert server.end()[0] == 0


def test_a_path_that_is_too_long_for_a_socket(own_shop: Path, tmp_path: Path, monkeypatch) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    shutil.copytree(own_shop, deep)
    runtime = tmp_path / "run"
    runtime.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    server = Served(deep)
    assert asked(deep, "callers", "log") == asked(deep, "callers", "log", ISG_NO_SERVER="1")
    assert requests(deep) == 1
    (folder,) = runtime.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert server.end()[0] == 0
    assert list(folder.iterdir()) == []


def test_no_socket_is_made_where_others_could_reach_it(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / f"isg-{os.getuid()}").mkdir(mode=0o777)
    (tmp_path / f"isg-{os.getuid()}").chmod(0o777)
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    with pytest.raises(WorkFailed, match="not this user's alone"):
        Presence(locate(deep)).listen()


def bound(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    return listener


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 400 No\r\n\r\n", b"\0" * 64, wire.frame(wire.OUT, b"lies"), wire.frame(b"?")]
)
def test_garbage_from_the_socket_is_no_answer(own_shop: Path, said: bytes) -> None:
    expected = asked(own_shop, "callers", "log")
    (own_shop / ".isg/server").write_text(f"pid 1\nisg {endpoint.identity()}\n")
    with bound(own_shop / ".isg/server.sock") as listener:

        def lie() -> None:
            connection, _ = listener.accept()
            connection.sendall(said)
            connection.close()

        threading.Thread(target=lie, daemon=True).start()
        assert asked(own_shop, "callers", "log") == expected


def test_another_isg_is_not_asked(own_shop: Path) -> None:
    expected = asked(own_shop, "callers", "log")
    (own_shop / ".isg/server").write_text("pid 1\nisg 3.99.0 /elsewhere /elsewhere/cli\n")
    with bound(own_shop / ".isg/server.sock") as listener:
        listener.setblocking(False)
        assert asked(own_shop, "callers", "log") == expected
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_input_is_not_lost_when_the_server_dies_of_it(own_shop: Path) -> None:
    """The server asks for standard input, and is gone before it answers."""
    expected = asked(own_shop, "callers", "-", stdin=b"log\n")
    (own_shop / ".isg/server").write_text(f"pid 1\nisg {endpoint.identity()}\n")
    with bound(own_shop / ".isg/server.sock") as listener:

        def die() -> None:
            connection, _ = listener.accept()
            connection.sendall(wire.frame(wire.INPUT))
            connection.recv(1 << 16)
            time.sleep(0.2)
            connection.close()

        threading.Thread(target=die, daemon=True).start()
        assert asked(own_shop, "callers", "-", stdin=b"log\n") == expected


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\0",
        wire.MAGIC,
        wire.MAGIC + b"\xff\xff\xff\xff",
        wire.MAGIC + b"\0\0\0\4????",
        wire.encode_request([("isg", endpoint.identity().encode()), ("arg", b"stats")]),
        wire.encode_request([("control", b"explode")]),
    ],
)
def test_garbage_to_the_socket_disturbs_nobody(own_shop: Path, said: bytes) -> None:
    server = Served(own_shop)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(own_shop / ".isg/server.sock"))
        connection.sendall(said)
        assert asked(own_shop, "callers", "log")[0] == 0
    assert requests(own_shop) == 1
    assert server.end() == (0, "")


def test_callers_that_go_away_before_their_answer(own_shop: Path) -> None:
    """What they were not told is freed without anybody waiting for it."""
    server = Served(own_shop)
    fields = [("isg", endpoint.identity().encode()), ("folder", os.fsencode(own_shop)), ("out", b"0")]
    fields += [("err", b"0"), ("encoding", b"utf-8"), ("arg", b"export"), ("arg", b"--format=jsonl")]
    for _ in range(20):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(own_shop / ".isg/server.sock"))
            connection.sendall(wire.encode_request(fields))
    before = requests(own_shop)
    assert asked(own_shop, "callers", "log")[0] == 0
    assert requests(own_shop) > before
    assert server.end() == (0, "")


def test_many_at_once(own_shop: Path) -> None:
    server = Served(own_shop)
    expected = asked(own_shop, "callers", "log")[1]
    many = [
        subprocess.Popen([*ISG, "callers", "log"], cwd=own_shop, stdout=subprocess.PIPE, env=environment())
        for _ in range(20)
    ]
    assert {each.communicate(timeout=PATIENCE)[0] for each in many} == {expected}
    assert server.end() == (0, "")


def test_a_server_may_end_while_a_connection_is_closed() -> None:
    """A task that counts as cancelled would be reported with a traceback."""

    class Lingering:
        def close(self) -> None: ...

        async def wait_closed(self) -> None:
            await asyncio.sleep(60)

    async def ended() -> bool:
        task = asyncio.create_task(close(cast("asyncio.StreamWriter", Lingering())))
        await asyncio.sleep(0)
        task.cancel()
        await task
        return task.cancelled()

    assert not asyncio.run(ended())
