"""What the documents say holds: commands are documented, examples run, the README's output is real."""

from __future__ import annotations

import difflib
import os
import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
SHOP = ROOT / "examples" / "shop"
ISG = Path(sys.executable).parent / "isg"
CONSOLE = re.compile(r"^(```+)console\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
SECONDS = re.compile(r"\b\d+\.\d\d s\b")  # the one thing in an output that differs from run to run
UPDATE = os.environ.get("ISG_UPDATE") == "1"  # rewrite the README's output instead of comparing it


def isg(*arguments: str, cwd: Path = ROOT, codes: tuple[int, ...] = (0,)) -> str:
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "120", "LC_ALL": "C.UTF-8"}
    environment.pop("FORCE_COLOR", None)
    done = subprocess.run(
        [ISG, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode in codes, done.stderr
    return done.stdout


@cache
def commands() -> list[str]:
    listed = isg("--help").partition("Commands:")[2]
    return re.findall(r"^  ([a-z-]+)  ", listed, re.MULTILINE)


@cache
def help_of(command: str) -> str:
    return isg(command, "--help")


def test_there_are_commands() -> None:
    assert {"index", "who-implements", "blast-radius", "find-cycles", "context", "hotspots"} <= set(
        commands()
    )


@pytest.mark.parametrize("command", commands())
class TestEveryCommand:
    def test_is_in_the_readme(self, command: str) -> None:
        assert f"`isg {command}" in README.read_text("utf-8") or f"$ isg {command}" in README.read_text(
            "utf-8"
        )

    def test_has_help_with_an_example_of_itself(self, command: str) -> None:
        examples = help_of(command).partition("Examples:")[2]
        assert f"isg {command}" in examples

    def test_explains_every_option(self, command: str) -> None:
        options = help_of(command).partition("Options:")[2]
        for block in re.split(r"\n(?=  -)", options):
            if block.strip().startswith("-"):
                assert re.search(r"\S  +\S|\n {6,}\S", block.strip("\n")), f"{command}: {block}"


def test_the_readme_shows_real_output(tmp_path: Path) -> None:
    """Every `console` block is run on examples/shop; ISG_UPDATE=1 writes what comes out."""
    shop = tmp_path / "shop"
    shutil.copytree(SHOP, shop, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    text = README.read_text("utf-8")
    real = CONSOLE.sub(lambda block: f"{block[1]}console\n{_replayed(block[2], shop)}{block[1]}", text)
    if UPDATE:
        README.write_text(real, "utf-8")
    difference = difflib.unified_diff(
        text.splitlines(), real.splitlines(), "README.md", "as isg prints it", lineterm=""
    )
    assert real == text or UPDATE, "\n".join(difference)


def _replayed(block: str, shop: Path) -> str:
    """A block with the output that its commands give now."""
    shown = []
    for line in block.splitlines():
        if line.startswith("$ "):
            assert line.startswith("$ isg "), line
            output = isg(*shlex.split(line[6:]), cwd=shop, codes=(0, 1))
            shown += [line, *SECONDS.sub("0.10 s", output).splitlines()]
    return "\n".join(shown) + "\n"


def test_the_readme_says_how_to_run_and_how_to_test() -> None:
    text = README.read_text("utf-8")
    for name in ("run", "test"):
        blocks = re.findall(rf"^```sh {name}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        assert len(blocks) == 1, f"one block is marked `sh {name}`"
        assert len(blocks[0].strip().splitlines()) == 1, "it is one command"


def test_links_between_documents_lead_somewhere() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "examples").rglob("*.md"), *(ROOT / "tests").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
