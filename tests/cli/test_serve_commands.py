"""Commands give the same bytes whether a server answers or not, and a server is asked wherever one can be."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import ISG, PATIENCE, Served, asked, environment, requests

from isg.cli import app, client

COMMANDS = """
who-implements Pricing
who-implements nothing.of.that.name
blast-radius Client.quote
blast-radius Client.quote --json
find-cycles
find-cycles --level symbol --format sarif
context Client.quote --budget 800
context Client.quote --json
hotspots
hotspots --format github
map --budget 300
map --kind method --json
symbols quote
symbols quote --paths-only
show Client.quote
show quote
show quote --all
callers Client.quote
callers web/client/src/client.ts:28 --jsonl
callees Client.quote --color always
refs Client.quote
refs --unresolved then
paths Basket.add Client.quote
why Basket.add Client.quote
stats
coverage
export --format jsonl
export --what symbols --format graphml
callers
callers quote --limit -3
callers quote --min-confidence high
callers quote --format sarif
callers quote --stale error
callers quote --stale ignore
callers -C web Client.quote
callers -C nowhere Client.quote
callers --json nothing.of.that.name
callers --db .isg Client.quote
""".strip().splitlines()


@pytest.fixture(scope="module")
def served(_depot: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("served") / "depot"
    shutil.copytree(_depot, root, ignore=shutil.ignore_patterns(".isg"))
    server = Served(root)
    yield root
    assert server.end() == (0, "")


@pytest.mark.parametrize("command", COMMANDS)
def test_same_bytes_with_and_without(served: Path, command: str) -> None:
    arguments = command.split()
    with_server = asked(served, *arguments)
    assert with_server == asked(served, *arguments, ISG_NO_SERVER="1")


@pytest.mark.parametrize("options", [(), ("--json",), ("--format", "jsonl"), ("--together",)])
def test_selectors_from_standard_input(served: Path, options: tuple[str, ...]) -> None:
    stdin = b"Client.quote\nBasket.add\nnothing\n"
    with_server = asked(served, "callers", "-", *options, stdin=stdin)
    assert with_server == asked(served, "callers", "-", *options, stdin=stdin, ISG_NO_SERVER="1")


def test_from_a_folder_below(own_shop: Path) -> None:
    server = Served(own_shop)
    below = own_shop / "shop"
    with_server = asked(below, "callers", "./orders.py:12")
    assert requests(own_shop) == 1
    assert with_server == asked(below, "callers", "./orders.py:12", ISG_NO_SERVER="1")
    assert server.end()[0] == 0


def test_on_a_terminal_it_is_coloured(served: Path) -> None:
    def on_terminal(**env: str) -> bytes:
        ours, theirs = pty.openpty()
        done = subprocess.Popen(
            [*ISG, "symbols", "quote"], cwd=served, stdout=theirs, env=environment(**env), close_fds=True
        )
        assert done.wait(PATIENCE) == 0
        os.close(theirs)
        data = os.read(ours, 1 << 16)
        os.close(ours)
        return data

    assert on_terminal() == on_terminal(ISG_NO_SERVER="1")
    assert b"\x1b[" in on_terminal()
    assert on_terminal(NO_COLOR="1") == on_terminal(NO_COLOR="1", ISG_NO_SERVER="1")


def test_the_server_is_asked_unless_it_is_turned_off(own_shop: Path) -> None:
    server = Served(own_shop)
    asked(own_shop, "symbols", "log")
    assert requests(own_shop) == 1
    asked(own_shop, "symbols", "log", ISG_NO_SERVER="1")
    asked(own_shop, "symbols", "log", "--no-server")
    asked(own_shop, "symbols", "log", "--output", f"json:{own_shop.parent}/out.json")
    assert requests(own_shop) == 1
    assert server.end()[0] == 0


def test_an_answer_is_never_about_yesterdays_files(served: Path) -> None:
    for number in range(5):
        (served / "fresh.py").write_text(f"def fresh{number}(): ...\n")
        assert asked(served, "show", f"fresh{number}")[0] == 0
    (served / "fresh.py").unlink()
    assert asked(served, "show", "fresh4")[0] == 4


def test_a_reader_that_has_had_enough(served: Path) -> None:
    done = subprocess.run(
        f"{' '.join(ISG)} symbols o --limit 0 | head -n 1; exit ${{PIPESTATUS[0]}}",
        shell=True, executable="/bin/bash", cwd=served, capture_output=True, env=environment(),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"\n") == 1


def test_the_commands_that_are_served_are_those_that_ask_about_a_graph_and_give_no_stream() -> None:
    from importlib import import_module

    commands = {
        name: import_module(f"isg.cli.commands.{name.replace('-', '_')}").COMMAND for name in app.COMMANDS
    }
    asking = {name for name, one in commands.items() if one.needs_graph and one.streams is None}
    assert asking == client.SERVED
