"""The same tree gives the same bytes; tests/benchmarks/determinism.py asks the same of large projects."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SHOP = Path(__file__).parent.parent / "examples" / "shop"
ISG = Path(sys.executable).parent / "isg"
QUESTIONS = (
    ("export", "--what", "symbols", "--format", "jsonl"),
    ("export", "--what", "edges", "--format", "jsonl"),
    ("find-cycles", "--format", "json"),
    ("context", "Checkout.place", "--budget", "900"),
)


def answers(root: Path, **environment: str) -> list[bytes]:
    """What isg says about a tree, byte for byte."""
    settings = {**os.environ, **environment}
    return [
        subprocess.run([ISG, *question], cwd=root, env=settings, capture_output=True, check=True).stdout
        for question in QUESTIONS
    ]


def copied(folder: Path) -> Path:
    shutil.copytree(SHOP, folder / "shop", ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return folder / "shop"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return copied(tmp_path / "one")


def test_neither_the_hash_seed_nor_the_folder_matters(tree: Path, tmp_path: Path) -> None:
    first = answers(tree, PYTHONHASHSEED="1")
    assert all(first)
    elsewhere = copied(tmp_path / "an other" / "place")
    assert answers(elsewhere, PYTHONHASHSEED="2") == first


def test_neither_an_edit_and_back_nor_a_rebuild_matters(tree: Path) -> None:
    first = answers(tree)
    pricing = tree / "shop" / "pricing.py"
    text = pricing.read_text("utf-8")
    pricing.write_text(text.partition("def vat")[0], "utf-8")
    assert answers(tree) != first
    pricing.write_text(text, "utf-8")
    assert answers(tree) == first
    subprocess.run(
        [ISG, "index", "--full", "--quiet", "--jobs", "2"], cwd=tree, check=True, stdout=subprocess.DEVNULL
    )
    assert answers(tree) == first
