"""A server under mixed load for some minutes: everything is answered rightly, and its memory does not grow.

Beside each other: commands over the socket, REST, JSON-RPC batches, an editor that changes files, and clients
that send garbage, no token, another site's Host, too much, too slowly, or go away. Memory is compared with
that after the first third, when all that is loaded late has been loaded.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from measuring import ISG, Figure, report, run
from trees import OF_10_000_LINES, tree_of

from isg.cli.server import endpoint, wire
from isg.cli.server.http import MAX_BODY

_SAMPLE = 5.0  # seconds between two looks at the memory
_GROWTH = 1.05  # of the memory after the first third
_EDIT = 0.5  # seconds between two edits
_PATIENCE = 60.0


@dataclass(frozen=True)
class Target:
    """A server to load, and the names that it can be asked about."""

    root: Path
    pid: int
    port: int
    token: str
    names: tuple[str, ...]


class Load:
    """Clients at work until the time is over; counts what was answered, keeps what was wrong."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.over = threading.Event()
        self.answered: Counter[str] = Counter()
        self.wrong: list[str] = []

    def start(self) -> list[threading.Thread]:
        clients: list[Callable[[random.Random], None]] = [
            self.command, self.command, self.rest, self.rest, self.batch, self.edit, self.nonsense
        ]  # fmt: skip
        threads = [
            threading.Thread(target=self._repeat, args=(client, random.Random(number)), daemon=True)
            for number, client in enumerate(clients)
        ]
        for thread in threads:
            thread.start()
        return threads

    def _repeat(self, client: Callable[[random.Random], None], chance: random.Random) -> None:
        while not self.over.is_set():
            try:
                client(chance)
                self.answered[client.__name__] += 1
            except Exception as error:
                self.wrong.append(f"{client.__name__}: {type(error).__name__}: {error}")

    def command(self, chance: random.Random) -> None:
        """A command as the client sends it; every hundredth caller goes away before the answer."""
        arguments = chance.choice(
            (
                ["callers", self._name(chance), "--all"],
                ["symbols", "get", "--json"],
                ["find-cycles"],
                ["stats"],
            )
        )
        fields = [("isg", os.fsencode(endpoint.identity())), ("folder", os.fsencode(self.target.root))]
        fields += [("out", b"0"), ("err", b"0"), ("encoding", b"utf-8")]
        fields += [("arg", argument.encode()) for argument in arguments]
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_PATIENCE)
            connection.connect(endpoint.socket_path(str(self.target.root / ".isg")))
            connection.sendall(wire.encode_request(fields))
            if chance.random() < 0.01:
                return
            stream = connection.makefile("rb")
            kind = wire.WORKING
            while kind in (wire.WORKING, wire.OUT, wire.ERR):
                kind, length = wire.HEAD.unpack(stream.read(wire.HEAD.size))
                data = stream.read(length)
            assert (kind, data) in ((wire.STATUS, b"0"), (wire.STATUS, b"4")), (arguments, kind, data)

    def rest(self, chance: random.Random) -> None:
        name = self._name(chance)
        path = chance.choice(
            (
                f"/v1/callers?symbols={name}&all=1",
                f"/v1/blast-radius?symbols={name}&all=1&limit=20",
                "/v1/symbols?text=session",
                "/v1/hotspots?limit=5",
                "/v1/export?format=jsonl",
                "/openapi.json",
            )
        )
        status, _ = self._http("GET", path)
        assert status in (200, 404), (path, status)

    def batch(self, chance: random.Random) -> None:
        calls = [
            {
                "jsonrpc": "2.0",
                "id": n,
                "method": "show",
                "params": {"symbols": self._name(chance), "all": True},
            }
            for n in range(20)
        ]
        status, body = self._http("POST", "/rpc", json.dumps(calls).encode())
        assert status == 200 and [each["id"] for each in json.loads(body)] == list(range(20)), body[:200]

    def edit(self, chance: random.Random) -> None:
        """A function comes, is found, and goes."""
        time.sleep(_EDIT)
        name = f"edited_{chance.randrange(10**9)}"
        file = self.target.root / f"load_{chance.randrange(3)}.py"
        file.write_text(f"def {name}():\n    return {name}\n", "utf-8")
        status, body = self._http("GET", f"/v1/show?symbols={name}")
        assert status == 200, (name, body)

    def nonsense(self, chance: random.Random) -> None:
        kind = chance.choice((self._garbage, self._no_token, self._rebound, self._too_large, self._half))
        kind(chance)
        time.sleep(0.02)

    def _garbage(self, chance: random.Random) -> None:
        with self._connected() as connection:
            connection.sendall(chance.randbytes(500) + b"\r\n\r\n")
            assert connection.recv(100).startswith((b"HTTP/1.1 4", b""))

    def _no_token(self, chance: random.Random) -> None:
        assert self._http("GET", "/v1/stats", Authorization="Bearer no")[0] == 401

    def _rebound(self, chance: random.Random) -> None:
        assert self._http("GET", "/v1/stats", Host="evil.example")[0] == 403
        assert self._http("GET", "/v1/stats", Origin="http://evil.example")[0] == 403

    def _too_large(self, chance: random.Random) -> None:
        assert self._http("POST", "/rpc", b" " * (MAX_BODY + 1))[0] == 413

    def _half(self, chance: random.Random) -> None:
        """One who begins, and goes away later."""
        with self._connected() as connection:
            connection.sendall(b"POST /rpc HTTP/1.1\r\nHost: x\r\n")
            time.sleep(chance.random() / 5)

    def _name(self, chance: random.Random) -> str:
        return chance.choice(self.target.names)

    def _connected(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.target.port), _PATIENCE)

    def _http(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.target.port, timeout=_PATIENCE)
        given = {
            "Authorization": f"Bearer {self.target.token}",
            "Content-Type": "application/json",
            **headers,
        }
        try:
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tree", nargs="?", type=Path, help="what to serve (default: a published package)")
    parser.add_argument("--minutes", type=float, default=5)
    given = parser.parse_args()
    report(figures(given.tree, given.minutes * 60))


def figures(given: Path | None, seconds: float) -> Iterator[Figure]:
    with tree_of(given, OF_10_000_LINES) as tree, _server(tree) as target:
        load = Load(target)
        threads = load.start()
        memory = _samples(target.pid, seconds)
        load.over.set()
        for thread in threads:
            thread.join(_PATIENCE)
        third = len(memory) // 3
        settled, end = statistics.median(memory[third : 2 * third]), statistics.median(memory[2 * third :])
        yield Figure("wrong answers", len(load.wrong), "", bar=0, note="; ".join(load.wrong[:3]))
        counts = ", ".join(f"{name} {count:,}" for name, count in sorted(load.answered.items()))
        yield Figure("rounds of clients", sum(load.answered.values()), "", note=counts)
        yield Figure("memory after a third", settled, "MB", note=f"at first {memory[0]:.0f} MB")
        yield Figure("memory in the last third", end, "MB", settled, _GROWTH, f"highest {max(memory):.0f} MB")


def _samples(pid: int, seconds: float) -> list[float]:
    """The memory of a process in MB, now and then, as long as that."""
    deadline = time.monotonic() + seconds
    found = []
    while time.monotonic() < deadline:
        time.sleep(min(_SAMPLE, seconds / 30))
        said = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=True, text=True
        )
        found.append(int(said.stdout) / 1024)
    return found


@contextmanager
def _server(tree: Path) -> Iterator[Target]:
    run("index", cwd=tree)
    symbols = run("export", "--what", "symbols", "--format", "jsonl", "--limit", "2000", cwd=tree).output
    names = sorted({json.loads(line)["name"] for line in symbols.splitlines()} - {"<module>"})
    process = subprocess.Popen(
        [*ISG, "serve", "--http", "0", "--json"], cwd=tree, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = json.loads(process.stdout.readline())
    port, token = int(said["http"].rpartition(":")[2]), Path(said["token"]).read_text("utf-8").strip()
    try:
        yield Target(tree.resolve(), said["pid"], port, token, tuple(filter(str.isidentifier, names)))
    finally:
        process.terminate()
        if process.wait(_PATIENCE) != 0:
            print("the server did not end cleanly", file=sys.stderr)


if __name__ == "__main__":
    main()
