"""isg on isg: the first project that it has to be right about is its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("cli", "graph", "migrations", "parsers", "store")
ISG = Path(sys.executable).parent / "isg"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages, indexed."""
    root = tmp_path_factory.mktemp("self") / "isg"
    for room in ROOMS:
        shutil.copytree(ROOT / room, root / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    subprocess.run([ISG, "index", "--quiet"], cwd=root, check=True, stdout=subprocess.DEVNULL)
    return root


def ask(tree: Path, *question: str) -> dict[str, object]:
    done = subprocess.run([ISG, *question, "--json"], cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_packages_are_called_as_the_build_calls_them(tree: Path) -> None:
    (shown,) = ask(tree, "show", "graph/graph.py")["results"]
    assert shown["key"] == "python:isg.graph.graph"


def test_no_module_of_ours_imports_itself_in_a_circle(tree: Path) -> None:
    found = ask(tree, "find-cycles", "--no-type-only", "--no-lazy")["results"]
    assert [[member["key"] for member in cycle["members"]] for cycle in found] == []


def test_every_command_is_reached_from_its_answer(tree: Path) -> None:
    """Types flow through the whole of it: whoever changes the shape of an answer sees all commands."""
    found = ask(tree, "blast-radius", "isg.cli.answer.Answer", "--depth", "2", "--limit", "0")["results"]
    files = {result["file"] for result in found}
    commands = {f"cli/commands/{path.name}" for path in (ROOT / "cli" / "commands").glob("[!_]*.py")}
    assert commands - files == set()


def test_nothing_of_ours_is_external(tree: Path) -> None:
    done = subprocess.run(
        [ISG, "export", "--what", "symbols", "--format", "jsonl"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=True,
    )
    symbols = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(symbols) > 1000
    assert [s["key"] for s in symbols if s["external"] and s["key"].startswith("python:isg.")] == []
