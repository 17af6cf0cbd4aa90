"""The pipelines in examples/ run as they stand, on the example project in a clone of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
PIPELINES = EXAMPLES / "pipelines"

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or shutil.which("sh") is None,
    reason="the pipelines are shell scripts about a clone",
)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The example project, committed once."""
    root = tmp_path / "shop"
    shutil.copytree(EXAMPLES / "shop", root, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "The shop opens")
    return root


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@shop.example", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True)


def pipeline(root: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a script with the isg of this environment first on its path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = ["sh", str(PIPELINES / script), *arguments]
    return subprocess.run(
        command, cwd=root, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text("utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), "utf-8")


def test_the_shop_works(shop: Path) -> None:
    """An example that does not run would teach the wrong thing."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(command, cwd=shop, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_explain_asks_and_gives_the_source(shop: Path) -> None:
    done = pipeline(shop, "explain.sh", "Order.total", "800")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Explain what Order.total is for")
    assert "return self.subtotal() - discount(self)" in done.stdout


def test_changed_says_what_an_edit_can_break(shop: Path) -> None:
    edit(shop, "shop/pricing.py", "BULK = 10", "BULK = 12")
    done = pipeline(shop, "changed.sh")
    assert done.returncode == 0, done.stderr
    assert "Order.total" in done.stdout


def test_changed_tests_names_the_tests_to_run(shop: Path) -> None:
    edit(shop, "shop/pricing.py", "BULK = 10", "BULK = 12")
    done = pipeline(shop, "changed-tests.sh")
    assert done.returncode == 0, done.stderr
    assert "tests/test_pricing.py" in done.stdout.splitlines()


def test_only_a_new_cycle_fails_the_gate(shop: Path) -> None:
    subprocess.run(
        [
            Path(sys.executable).parent / "isg",
            "find-cycles",
            "--baseline",
            "cycles.json",
            "--write-baseline",
            "-q",
        ],
        cwd=shop,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    known = pipeline(shop, "gate-cycles.sh")
    assert known.returncode == 0, known.stderr
    edit(shop, "shop/money.py", "ZERO = Money(0)", "from shop import reports\n\nZERO = Money(0)")
    new = pipeline(shop, "gate-cycles.sh")
    assert new.returncode == 1, new.stderr
    assert "::" in new.stdout
    assert "shop/money.py" in new.stdout


def test_hotspots_are_reported_twice(shop: Path) -> None:
    done = pipeline(shop, "report-hotspots.sh", "found.sarif")
    assert done.returncode == 0, done.stderr
    assert "discount" in done.stdout
    sarif = json.loads((shop / "found.sarif").read_text("utf-8"))
    assert sarif["version"] == "2.1.0"
    assert "discount" in json.dumps(sarif["runs"][0]["results"][0])
