"""``isg watch`` as a process: a line for each change, and a clean end."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PATIENCE = 60


def started(root: Path, *options: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "isg.cli.main", "watch", str(root), *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "100"},
    )  # fmt: skip
    atexit.register(process.kill)  # where a test fails before its end
    assert process.stderr is not None
    assert process.stderr.readline().startswith("isg: watching")
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_line_a_change_until_it_is_told_to_stop(own_shop: Path, number: signal.Signals) -> None:
    process = started(own_shop)
    assert process.stdout is not None
    (own_shop / "shop/fresh.py").write_text("def fresh(): ...\n")
    assert "added shop/fresh.py  (" in process.stdout.readline()
    (own_shop / "shop/fresh.py").rename(own_shop / "shop/moved.py")
    line = process.stdout.readline()
    assert "moved.py" in line or "fresh.py" in line
    process.send_signal(number)
    _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (0, "")


def test_as_json(own_shop: Path) -> None:
    process = started(own_shop, "--json", "--poll", "1")
    assert process.stdout is not None
    (own_shop / "shop/fresh.py").write_text("def fresh(): ...\n")
    told = json.loads(process.stdout.readline())
    assert (told["added"], told["modified"], told["removed"]) == (["shop/fresh.py"], [], [])
    assert told["linked"] > 0 and told["symbols"] > 0
    process.terminate()
    assert process.wait(PATIENCE) == 0


def test_a_reader_that_has_had_enough(own_shop: Path) -> None:
    process = started(own_shop)
    assert process.stdout is not None
    process.stdout.close()
    (own_shop / "shop/fresh.py").write_text("def fresh(): ...\n")
    assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize(
    ("options", "what"), [(["--poll", "0"], "1 or more"), (["--output", "json:x"], "has no end")]
)
def test_wrong_use(isg, own_shop: Path, options: list[str], what: str) -> None:
    outcome = isg("watch", *options)
    assert outcome.status == 2
    assert what in outcome.err
