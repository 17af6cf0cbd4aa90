"""The same tree gives the same bytes: in another folder, with other workers, under another hash seed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ISG = [sys.executable, "-m", "isg.cli.main"]
QUESTIONS = (
    "export --format jsonl",
    "export --what symbols --format jsonl",
    "blast-radius Storage.save --json",
    "who-implements Storage --methods --near --json",
    "find-cycles --json",
    "context Order.store --json",
    "hotspots --json",
    "map",
    "coverage --json",
    "stats --json",
)


def answers(root: Path, seed: str, jobs: str) -> list[str]:
    environment = os.environ | {"PYTHONHASHSEED": seed}

    def isg(*arguments: str) -> str:
        done = subprocess.run([*ISG, *arguments], cwd=root, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    isg("index", "--jobs", jobs)
    return [isg(*question.split()) for question in QUESTIONS]


def test_same_bytes_everywhere(own_shop: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "another" / "place"
    shutil.copytree(own_shop, elsewhere)
    assert answers(own_shop, "1", "1") == answers(elsewhere, "2", "2")


EDITS = {
    "shop/report.py": "def weekly(order) -> int:\n    return order.total()\n",
    "shop/storage.py": "class Other:\n    def save(self) -> None: ...\n",
    "shop/new.py": "from shop.storage import Storage\n\n\nclass New(Storage):\n    pass\n",
}


@pytest.mark.parametrize("path", EDITS)
def test_an_update_equals_a_rebuild(isg, own_shop: Path, path: str) -> None:
    assert isg("index", "--jobs", "1").status == 0
    (own_shop / path).write_text(EDITS[path])
    outcome = isg("index", "--jobs", "1", "--verify", "--json")
    assert outcome.status == 0
    assert outcome.json["verified"] is True
