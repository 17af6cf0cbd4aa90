"""Running isg in this process, on small trees, as a shell would."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from isg.cli.main import run

HERE = Path(__file__).parent
EXAMPLES = HERE.parent.parent / "examples"


@dataclass(frozen=True)
class Outcome:
    """What a run left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


class _Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


class Shell:
    """Runs command lines of isg with streams of their own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def __call__(self, *arguments: str, stdin: str = "", terminal: bool = False) -> Outcome:
        streams = [_Terminal() if terminal else io.BytesIO() for _ in range(2)]
        with self.monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
            for name, stream in zip(("stdout", "stderr"), streams, strict=True):
                wrapper = io.TextIOWrapper(stream, "utf-8", write_through=True)
                patch.setattr(sys, name, wrapper)
            status = run(list(arguments))
            sys.stdout.flush()
            sys.stderr.flush()
            out, err = (stream.getvalue().decode("utf-8", "surrogateescape") for stream in streams)
        return Outcome(status, out, err)


def grow(root: Path, drawing: str) -> Path:
    """Makes the files of a drawing: ``--- path`` lines, each followed by its text."""
    for part in drawing.split("--- ")[1:]:
        path, _, text = part.partition("\n")
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def isg(monkeypatch: pytest.MonkeyPatch) -> Shell:
    for name in ("NO_COLOR", "FORCE_COLOR", "ISG_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    return Shell(monkeypatch)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Makes a small project and goes there."""

    def make(drawing: str) -> Path:
        root = grow(tmp_path / "project", drawing)
        root.mkdir(exist_ok=True)
        monkeypatch.chdir(root)
        return root

    return make


@pytest.fixture(scope="session")
def _shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = grow(tmp_path_factory.mktemp("shop") / "shop", (HERE / "shop.tree").read_text(encoding="utf-8"))
    assert run(["index", str(root), "--quiet", "--jobs", "1"]) == 0
    yield root
    shutil.rmtree(root)


@pytest.fixture
def shop(_shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shop, indexed; not to be written to."""
    monkeypatch.chdir(_shop)
    return _shop


@pytest.fixture(scope="session")
def _depot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("depot") / "depot"
    shutil.copytree(EXAMPLES / "depot", root, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    assert run(["index", str(root), "--quiet", "--jobs", "1"]) == 0
    yield root
    shutil.rmtree(root)


@pytest.fixture
def depot(_depot: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example project of three languages, indexed; not to be written to."""
    monkeypatch.chdir(_depot)
    return _depot


@pytest.fixture
def own_shop(_shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop of one's own, not indexed, to be written to."""
    root = tmp_path / "shop"
    shutil.copytree(_shop, root, ignore=shutil.ignore_patterns(".isg"))
    monkeypatch.chdir(root)
    return root
