"""The API over HTTP: what it answers, whom it lets in, and what cannot disturb it."""

from __future__ import annotations

import shutil
import socket
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from web import Web

from isg.cli.server import http
from isg.cli.server.parameters import parameters_of, served_commands
from isg.cli.server.web import Address
from isg.graph.errors import UsageError

QUESTIONS = [
    ("/v1/callers?symbols=Client.quote", "callers Client.quote"),
    ("/v1/callers?symbols=Client.quote&symbols=Basket.add&limit=1",
     "callers Client.quote Basket.add --limit=1"),
    ("/v1/who-implements?symbols=Pricing&direct=true", "who-implements Pricing --direct"),
    ("/v1/who_implements?symbols=Pricing", "who-implements Pricing"),
    ("/v1/blast-radius?symbols=Client.quote&depth=1", "blast-radius Client.quote --depth 1"),
    ("/v1/find-cycles?level=function", "find-cycles --level function"),
    ("/v1/context?symbols=Client.quote&budget=500", "context Client.quote --budget 500"),
    ("/v1/refs?symbols=then&unresolved", "refs then --unresolved"),
    ("/v1/hotspots?format=github", "hotspots --format github"),
    ("/v1/stats", "stats"),
    ("/v1/export?what=symbols&format=jsonl", "export --what symbols --format jsonl"),
]  # fmt: skip


@pytest.fixture(scope="module")
def web(_depot: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    root = tmp_path_factory.mktemp("web") / "depot"
    shutil.copytree(_depot, root, ignore=shutil.ignore_patterns(".isg"))
    found = Web(root)
    yield found
    found.close()


@pytest.mark.parametrize(("path", "command"), QUESTIONS)
def test_it_answers_what_the_command_answers(web: Web, isg, depot: Path, path: str, command: str) -> None:
    form = () if "--format" in command else ("--format", "json")
    told = web.get(path)
    assert told.status == 200, told.body
    assert told.body.decode() == isg(*command.split(), *form).out


def test_a_body_asks_like_an_address(web: Web) -> None:
    told = web.ask("POST", "/v1/callers", {"symbols": ["Client.quote"], "limit": 1})
    assert told.body == web.get("/v1/callers?symbols=Client.quote&limit=1").body
    assert web.ask("POST", "/v1/callers", {"symbols": "Client.quote", "limit": 1}).body == told.body


def test_it_is_never_about_yesterdays_files(web: Web) -> None:
    for number in range(3):
        (web.service.resident.root / "fresh.py").write_text(f"def fresh{number}(): ...\n")
        assert web.get(f"/v1/show?symbols=fresh{number}").status == 200
    (web.service.resident.root / "fresh.py").unlink()
    assert web.get("/v1/show?symbols=fresh2").status == 404


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/callers?symbols=nothing.like.it", 404, "not-found"),
        ("/v1/callers?symbols=quote", 409, "ambiguous-symbol"),
        ("/v1/callers", 400, "usage"),
        ("/v1/callers?symbols=-", 400, "usage"),
        ("/v1/callers?symbols=quote&depht=3", 400, "usage"),
        ("/v1/callers?symbols=quote&limit=many", 400, "usage"),
        ("/v1/callers?symbols=quote&limit=1&limit=2", 400, "usage"),
        ("/v1/callers?symbols=quote&limit=" + "9" * 5000, 400, "usage"),
        ("/v1/callers?symbols=quote&format=sarif", 400, "usage"),
        ("/v1/hotspots?fail_on=much", 400, "usage"),
        ("/v1/callers?symbols=quote&output=json:/tmp/x", 400, "usage"),
        ("/v1/callers?symbols=quote&project=/etc", 400, "usage"),
        ("/v1/find-cycles?baseline_file=/etc/passwd", 400, "usage"),
        ("/v1/callers?" + "&".join(f"a{n}=1" for n in range(1100)), 400, "usage"),
        ("/v1/index", 404, "no-such-address"),
        ("/v1/serve", 404, "no-such-address"),
        ("/v1/", 404, "no-such-address"),
        ("/", 404, "no-such-address"),
        ("/v1/../../etc/passwd", 404, "no-such-address"),
        ("/%00", 404, "no-such-address"),
        ("/rpc", 405, "no-such-method"),
    ],
)
def test_errors_are_those_of_the_command_line(web: Web, path: str, status: int, code: str) -> None:
    told = web.get(path)
    assert (told.status, told.json["error"]["code"]) == (status, code), told.body
    assert told.json["isg"] == 1
    if code == "ambiguous-symbol":
        assert len(told.json["error"]["candidates"]) > 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[1]", 400),
        (b"\xff", 400),
        (b"", 400),
        (b'{"symbols": 3}', 400),
        (b'{"symbols": []}', 400),
        (b'{"symbols": ["quote", 1]}', 400),
        (b'{"symbols": "quote", "limit": true}', 400),
        (b'{"symbols": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", 400),
    ],
)
def test_bad_bodies(web: Web, body: bytes, status: int) -> None:
    assert web.ask("POST", "/v1/callers", body).status == status


def test_a_body_has_to_be_json(web: Web) -> None:
    assert (
        web.ask("POST", "/v1/stats", b"a=1", Content_Type="application/x-www-form-urlencoded").status == 400
    )
    assert web.ask("POST", "/rpc", b"{}", Content_Type="text/plain").status == 415
    assert web.ask("POST", "/v1/stats", b"{}", Content_Type="application/json; charset=utf-8").status == 200


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods(web: Web, method: str) -> None:
    told = web.ask(method, "/v1/stats")
    assert (told.status, told.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Authorization": ""}, 401, "bad-token"),
        ({"Authorization": "Bearer wrong"}, 401, "bad-token"),
        ({"Authorization": "Basic dXNlcjpwYXNz"}, 401, "bad-token"),
        ({"Authorization": "Bearer \xff\xfe"}, 401, "bad-token"),
        ({"Host": "evil.example"}, 403, "bad-host"),
        ({"Host": "127.0.0.1"}, 403, "bad-host"),
        ({"Host": "127.0.0.1:1"}, 403, "bad-host"),
        ({"Host": ""}, 403, "bad-host"),
        ({"Origin": "http://evil.example"}, 403, "bad-origin"),
        ({"Origin": "null"}, 403, "bad-origin"),
        ({"Origin": "https://127.0.0.1"}, 403, "bad-origin"),
    ],
)
def test_who_is_not_let_in(web: Web, headers: dict[str, str], status: int, code: str) -> None:
    told = web.get("/v1/stats", **headers)
    assert (told.status, told.json["error"]["code"]) == (status, code)
    assert not [name for name in told.headers if name.startswith("access-control")]
    assert web.get("/v1/stats").status == 200


def test_its_own_names_are_let_in(web: Web) -> None:
    for host in (f"localhost:{web.port}", f"127.0.0.1:{web.port}", f"[::1]:{web.port}"):
        assert web.get("/v1/stats", Host=host).status == 200
        assert web.get("/v1/stats", Host=host, Origin=f"http://{host}").status == 200


def test_the_token_is_for_its_user_alone(web: Web) -> None:
    file = web.service.resident.location.folder / "server.token"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(web.token) >= 43


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"\0\1\2\3\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 20_000, 431),
        (b"POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"POST /rpc HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
    ],
)
def test_what_is_no_http(web: Web, said: bytes, status: int) -> None:
    assert web.raw(said).startswith(b"HTTP/1.1 %d " % status)
    assert web.get("/v1/stats").status == 200


def test_oversize_bodies(web: Web) -> None:
    declared = web.head("POST /rpc HTTP/1.1", "Content-Type: application/json", "Content-Length: 99999999")
    assert web.raw(declared + b"[" * 100).startswith(b"HTTP/1.1 413 ")
    chunked = web.head("POST /rpc HTTP/1.1", "Content-Type: application/json", "Transfer-Encoding: chunked")
    piece = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    assert web.raw(chunked + piece * 40).startswith(b"HTTP/1.1 413 ")
    assert web.get("/v1/stats").status == 200


def test_slow_clients_are_not_waited_for(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "REQUEST_TIMEOUT", 0.2)
    monkeypatch.setattr(http, "IDLE_TIMEOUT", 0.2)
    assert web.raw(b"GET / HT").startswith(b"HTTP/1.1 408 ")
    slow = web.head("POST /rpc HTTP/1.1", "Content-Type: application/json", "Content-Length: 10")
    assert web.raw(slow + b"[").startswith(b"HTTP/1.1 408 ")
    assert web.raw(b"") == b""
    assert web.get("/v1/stats").status == 200


def test_a_connection_is_used_again(web: Web) -> None:
    with web.connect() as connection:
        stream = connection.makefile("rb")
        for _ in range(3):
            connection.sendall(web.head("GET /v1/stats HTTP/1.1"))
            assert stream.readline() == b"HTTP/1.1 200 \r\n"
            headers = dict(line.split(b": ") for line in iter(stream.readline, b"\r\n"))
            assert stream.read(int(headers[b"Content-Length"])).startswith(b'{"isg":1')


def test_requests_that_come_together_are_answered_in_order(web: Web) -> None:
    both = web.head("GET /v1/stats HTTP/1.1") + web.head("GET /v1/coverage HTTP/1.1", "Connection: close")
    said = web.raw(both)
    assert said.index(b'"command":"stats"') < said.index(b'"command":"coverage"')


def test_a_client_that_asks_whether_it_may_go_on(web: Web) -> None:
    with web.connect() as connection:
        stream = connection.makefile("rb")
        lines = ("Content-Type: application/json", "Content-Length: 2", "Expect: 100-continue")
        connection.sendall(web.head("POST /v1/stats HTTP/1.1", *lines))
        assert stream.readline().startswith(b"HTTP/1.1 100")
        stream.readline()
        connection.sendall(b"{}")
        assert stream.readline() == b"HTTP/1.1 200 \r\n"


def test_200_connections_at_once(web: Web) -> None:
    expected = web.get("/v1/callers?symbols=Client.quote").body
    open_ = [web.connect() for _ in range(200)]
    for connection in open_:
        connection.sendall(web.head("GET /v1/callers?symbols=Client.quote HTTP/1.1", "Connection: close"))
    for connection in open_:
        said = b"".join(iter(lambda connection=connection: connection.recv(1 << 16), b""))
        assert said.startswith(b"HTTP/1.1 200 ") and said.endswith(expected)
        connection.close()


def test_too_many_connections_are_told_so(web: Web) -> None:
    idle = [web.connect() for _ in range(512)]
    deadline = time.monotonic() + 20
    told = 0
    while told != 503 and time.monotonic() < deadline:  # until all of them are counted
        with web.connect() as connection:
            connection.sendall(web.head("GET /v1/stats HTTP/1.1", "Connection: close"))
            told = int((connection.recv(1 << 16) or b"HTTP/1.1 0").split()[1])
    assert told == 503
    for connection in idle:
        connection.close()
    while web.get("/v1/stats").status != 200:
        assert time.monotonic() < deadline + 20


def test_clients_that_go_away_are_nobodys_loss(web: Web) -> None:
    for _ in range(20):
        with web.connect() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # reset
            connection.sendall(web.head("GET /v1/export HTTP/1.1"))
    assert web.get("/v1/stats").status == 200


RPC = [
    ('{"jsonrpc":"2.0","method":"stats","id":"1"', {"code": -32700, "id": None}),
    ("[", {"code": -32700, "id": None}),
    ("[]", {"code": -32600, "id": None}),
    ("1", {"code": -32600, "id": None}),
    ('{"jsonrpc":"2.0","method":1,"params":"bar"}', {"code": -32600, "id": None}),
    ('{"jsonrpc":"2.0","method":"stats","params":"bar","id":1}', {"code": -32600, "id": None}),
    ('{"jsonrpc":"2.0","method":"stats","id":{}}', {"code": -32600, "id": None}),
    ('{"method":"stats","id":1}', {"code": -32600, "id": None}),
    ('{"jsonrpc":"2.0","method":"foobar","id":"1"}', {"code": -32601, "id": "1"}),
    ('{"jsonrpc":"2.0","method":"index","id":7}', {"code": -32601, "id": 7}),
    ('{"jsonrpc":"2.0","method":"callers","id":7}', {"code": -32602, "id": 7}),
    ('{"jsonrpc":"2.0","method":"callers","params":{"symbol":"x"},"id":7}', {"code": -32602, "id": 7}),
    ('{"jsonrpc":"2.0","method":"callers","params":["x",1,1,1,1,1,1,1],"id":7}', {"code": -32602, "id": 7}),
    ('{"jsonrpc":"2.0","method":"stats","params":{"format":"text"},"id":7}', {"code": -32602, "id": 7}),
    ('{"jsonrpc":"2.0","method":"callers","params":["quote"],"id":null}', {"code": -32003, "id": None}),
    ('{"jsonrpc":"2.0","method":"callers","params":["no.such"],"id":1.5}', {"code": -32004, "id": 1.5}),
]  # fmt: skip


@pytest.mark.parametrize(("posted", "expected"), RPC)
def test_rpc_errors(web: Web, posted: str, expected: dict[str, object]) -> None:
    told = web.call(posted.encode())
    assert told.status == 200
    assert {"code": told.json["error"]["code"], "id": told.json["id"]} == expected
    assert told.json["jsonrpc"] == "2.0" and "result" not in told.json


def test_rpc_gives_the_envelope(web: Web) -> None:
    expected = web.get("/v1/callers?symbols=Client.quote").json
    for params in ({"symbols": "Client.quote"}, {"symbols": ["Client.quote"]}, ["Client.quote"]):
        told = web.call({"jsonrpc": "2.0", "method": "callers", "params": params, "id": "x"})
        assert told.json == {"jsonrpc": "2.0", "id": "x", "result": expected}


def test_rpc_batches(web: Web) -> None:
    """The batch of the specification's last example: answers for calls, none for notifications."""
    posted = [
        {"jsonrpc": "2.0", "method": "stats", "id": "1"},
        {"jsonrpc": "2.0", "method": "stats"},
        {"foo": "boo"},
        1,
        {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
        {"jsonrpc": "2.0", "method": "coverage", "id": "9"},
    ]
    said = web.call(posted).json
    assert [(each["id"], each.get("error", {}).get("code")) for each in said] == [
        ("1", None), (None, -32600), (None, -32600), ("5", -32601), ("9", None)
    ]  # fmt: skip


def test_rpc_notifications_are_not_answered(web: Web) -> None:
    notification = {"jsonrpc": "2.0", "method": "stats"}
    for posted in (notification, [notification, notification]):
        told = web.call(posted)
        assert (told.status, told.body) == (204, b"")


def test_rpc_batches_have_an_end(web: Web) -> None:
    call = {"jsonrpc": "2.0", "method": "nothing", "id": 1}
    assert len(web.call([call] * 1000).json) == 1000
    assert web.call([call] * 1001).json["error"]["code"] == -32600


def test_a_batch_is_of_one_state_each_and_in_order(web: Web) -> None:
    posted = [
        {"jsonrpc": "2.0", "method": "symbols", "params": {"text": "quote"}, "id": number}
        for number in range(60)
    ]
    said = web.call(posted).json
    assert [each["id"] for each in said] == list(range(60))
    assert len({str(each["result"]) for each in said}) == 1


def test_the_description_has_every_command_and_parameter(web: Web) -> None:
    described = web.get("/openapi.json").json
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {"/rpc", *(f"/v1/{one.name}" for one in served_commands())}
    for command in served_commands():
        page = described["paths"][f"/v1/{command.name}"]
        named = {each["name"]: each for each in page["get"]["parameters"]}
        assert set(named) == set(parameters_of(command)) >= {"format", "limit", "min_confidence"}
        assert set(page["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]) == set(
            named
        )
        assert all(each["description"] for each in named.values())
        assert page["get"]["summary"] == command.summary


def test_the_api_asks_no_more_than_the_project() -> None:
    names = {name for command in served_commands() for name in parameters_of(command)}
    assert not names & {
        "output",
        "project",
        "db",
        "path",
        "baseline_file",
        "write_baseline",
        "stale",
        "color",
    }


@pytest.mark.parametrize(
    ("text", "remote", "shown"),
    [
        ("8765", False, "http://127.0.0.1:8765"),
        ("localhost:0", False, "http://localhost:0"),
        ("127.0.0.2:80", False, "http://127.0.0.2:80"),
        ("[::1]:8765", False, "http://[::1]:8765"),
        ("0.0.0.0:8765", True, "http://0.0.0.0:8765"),
    ],
)
def test_addresses(text: str, remote: bool, shown: str) -> None:
    assert str(Address.parse(text, remote)) == shown


@pytest.mark.parametrize(
    "text", ["", "x", "host:", "127.0.0.1:70000", "0.0.0.0:80", "10.0.0.1:80", "evil.example:80", "[::]:80"]
)
def test_addresses_that_are_none_of_ours(text: str) -> None:
    with pytest.raises(UsageError):
        Address.parse(text, remote=False)


def test_without_its_library_it_says_what_to_install(
    own_shop: Path, isg, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("isg.cli.server.http", "isg.cli.server.api", "isg.cli.server.rpc"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "h11", None)
    told = isg("serve", "--http", "0", "--no-watch")
    assert (told.status, told.out) == (6, "")
    assert "needs the library h11" in told.err and "isg[live]" in told.err


@pytest.mark.parametrize(
    "options", [("--http", "evil.example:80"), ("--http", "0.0.0.0:80"), ("--idle-exit", "0")]
)
def test_wrong_use_is_told_before_any_work(own_shop: Path, isg, options: tuple[str, ...]) -> None:
    assert isg("serve", *options).status == 2
    assert not (own_shop / ".isg").exists()


def test_a_port_that_is_taken(own_shop: Path, isg) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = isg("serve", "--http", str(taken.getsockname()[1]), "--no-watch")
    assert told.status == 6 and "cannot listen at http://127.0.0.1:" in told.err
    assert not (own_shop / ".isg/server").exists()
