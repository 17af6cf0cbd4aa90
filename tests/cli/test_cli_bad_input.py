"""Bad input: every kind gives a clear message and loses nothing."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ISG = [sys.executable, "-m", "isg.cli.main"]
GOOD = "--- good.py\ndef good() -> None:\n    pass\n"


def names(isg) -> set[str]:
    return {line["name"] for line in isg("export", "--what", "symbols", "--format", "jsonl").lines}


def error_of(outcome, status: int) -> str:
    assert outcome.status == status, outcome.err
    assert "Traceback" not in outcome.err
    (line,) = [line for line in outcome.err.splitlines() if line.startswith("isg: error: ")]
    return line


def test_not_a_directory(isg, tree) -> None:
    tree(GOOD)
    assert "not a folder: good.py" in error_of(isg("index", "good.py"), 2)
    assert "no such folder: nowhere" in error_of(isg("index", "nowhere"), 4)
    assert "no such folder: nowhere" in error_of(isg("callers", "x", "-C", "nowhere"), 4)


def test_an_empty_tree(isg, tree) -> None:
    root = tree("")
    assert "no source files" in error_of(isg("index"), 6)
    assert "no source files" in error_of(isg("callers", "x"), 6)
    assert not list(root.iterdir()), "nothing is made where there is nothing to index"


def test_no_permission(isg, tree, monkeypatch) -> None:
    """Root may read everything, so the refusal is played."""
    tree(GOOD + "--- closed.py\ndef closed() -> None: ...\n")

    def refuse(self: Path, *arguments: object, **options: object) -> object:
        if self.name == "closed.py":
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return whole(self, *arguments, **options)

    whole = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", refuse)
    outcome = isg("index", "--jobs", "1", "--json")
    assert outcome.status == 0
    assert ["closed.py", "unreadable"] in outcome.json["results"][0]["skipped"]
    assert "good" in names(isg) and "closed" not in names(isg)


def test_not_utf8(isg, tree) -> None:
    root = tree(GOOD)
    (root / "latin.py").write_bytes(
        b"# -*- coding: latin-1 -*-\ndef caf\xe9() -> None: ...\ndef plain(): ...\n"
    )
    (root / "odd.py").write_bytes(b"def before(): ...\n\xff\xfe\xfd\ndef after(): ...\n")
    assert isg("index").status == 0
    assert {"good", "plain", "before", "after"} <= names(isg)


def test_a_file_name_that_is_no_utf8(isg, tree) -> None:
    root = tree(GOOD)
    try:
        Path(os.fsdecode(os.fsencode(root) + b"/odd\xff.py")).write_text("def odd(): ...\n")
    except OSError:
        pytest.skip("this file system takes no such name")
    assert isg("index").status == 0
    assert "good" in names(isg)
    assert isg("export", "--format", "jsonl").status == 0


def test_the_rest_of_a_file_with_syntax_errors_counts(isg, tree) -> None:
    tree(
        GOOD
        + "--- broken.py\ndef before():\n    return 1\n\ndef oops(:\n    pass\n\ndef after():\n    return 2\n"
    )
    outcome = isg("index", "--json")
    assert outcome.status == 0
    assert any(found["path"] == "broken.py" for found in outcome.json["results"][0]["diagnostics"])
    assert {"good", "before", "after"} <= names(isg)


def test_a_generated_file_of_50_megabytes(isg, tree) -> None:
    root = tree(GOOD)
    with (root / "big.py").open("w") as file:
        file.write("x = 1\n")
        file.seek(50_000_000)
        file.write("\n")
    outcome = isg("index", "--json")
    assert outcome.status == 0
    assert outcome.json["results"][0]["files"]["skipped"] == 1
    assert "good" in names(isg)


@pytest.mark.parametrize("bracket", ["()", "[]", "{}"])
def test_ten_thousand_nested_brackets(isg, tree, bracket: str) -> None:
    deep = bracket[0] * 10_000 + bracket[1] * 10_000
    tree(GOOD + f"--- deep.py\ndef before(): ...\nx = {deep}\ndef after(): ...\n")
    assert isg("index").status == 0
    assert "good" in names(isg)


def test_a_name_with_spaces_and_newlines(isg, tree) -> None:
    root = tree(GOOD)
    (root / "a b\nc.py").write_text("def odd():\n    pass\n")
    assert isg("index").status == 0
    outcome = isg("symbols", "odd")
    assert outcome.status == 0
    assert "a b\\nc.py" in outcome.out, "a newline in a name must not break the line"
    (result,) = isg("symbols", "odd", "--json").json["results"]
    assert result["file"] == "a b\nc.py"
    assert len(isg("export", "--what", "symbols", "--format", "jsonl").lines) == 4


def test_a_loop_of_symbolic_links(isg, tree) -> None:
    root = tree(GOOD)
    (root / "loop").symlink_to(root)
    (root / "self").symlink_to(root / "self")
    assert isg("index", "--json").json["results"][0]["files"]["total"] == 1


def test_a_full_disk(isg, tree, monkeypatch) -> None:
    """The disk fills while the store is written: what was indexed before is still there."""
    root = tree(GOOD)
    assert isg("index").status == 0
    (root / "good.py").write_text("def better(): ...\n")
    import isg.cli.composition as composition

    def full(*arguments: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(composition.Workspace, "refresh", full)
        assert "the disk is full" in error_of(isg("index"), 6)
    assert {
        line["name"]
        for line in isg("export", "--what", "symbols", "--format", "jsonl", "--stale", "ignore").lines
    } >= {"good"}
    assert "better" in names(isg)


def test_a_read_only_project(isg, tree, tmp_path, monkeypatch) -> None:
    """Then the index can be kept elsewhere, and the error says so."""
    root = tree(GOOD)
    make = Path.mkdir

    def refuse(self: Path, *arguments: object, **options: object) -> None:
        if self.is_relative_to(root):
            raise OSError(errno.EROFS, "Read-only file system", str(self))
        make(self, *arguments, **options)

    monkeypatch.setattr(Path, "mkdir", refuse)
    outcome = isg("index")
    assert "Read-only" in error_of(outcome, 6)
    assert "--db" in outcome.err
    assert isg("show", "good.good", "--db", str(tmp_path / "elsewhere")).status == 0
    assert not (root / ".isg").exists()


def test_an_index_elsewhere(isg, tree, tmp_path) -> None:
    root = tree(GOOD)
    elsewhere = str(tmp_path / "elsewhere" / "isg.db")
    assert isg("index", "--db", elsewhere).status == 0
    assert isg("show", "good", "--db", elsewhere).status == 0
    assert not (root / ".isg").exists()


def test_a_corrupted_store_is_rebuilt_and_said(isg, tree) -> None:
    root = tree(GOOD)
    assert isg("index").status == 0
    for path in (root / ".isg").rglob("*"):
        if path.is_file() and path.name != ".gitignore":
            path.write_bytes(b"garbage" * 100)
    outcome = isg("show", "good.good", "--json")
    assert outcome.status == 0
    assert "made again" in outcome.err
    assert outcome.json["results"][0]["name"] == "good"


def test_a_damaged_image_is_made_again(isg, tree) -> None:
    """Only a checksum tells: name, size and time are as they were."""
    root = tree(GOOD)
    assert isg("index").status == 0
    (image,) = (root / ".isg").glob("*.image")
    data = bytearray(image.read_bytes())
    data[-9] ^= 0xFF
    image.write_bytes(bytes(data))
    outcome = isg("show", "good.good", "--json")
    assert outcome.status == 0
    assert outcome.json["results"][0]["name"] == "good"
    assert "made again" in outcome.err


def test_a_store_from_a_newer_version_is_refused(isg, tree) -> None:
    root = tree(GOOD)
    assert isg("index").status == 0
    with sqlite3.connect(root / ".isg" / "store.sqlite") as database:
        database.execute("PRAGMA user_version = 999")
    (root / "good.py").write_text("def better(): ...\n")
    outcome = isg("index")
    assert "newer isg" in error_of(outcome, 6)
    assert "upgrade" in outcome.err


def test_ctrl_c_in_the_middle(isg, tree) -> None:
    """An interrupted index loses nothing and the next one goes on."""
    root = tree(GOOD)
    for number in range(300):
        body = "\n".join(f"def f{number}_{i}(x):\n    return f{number}_{i}(x)\n" for i in range(40))
        (root / f"m{number}.py").write_text(body)
    process = subprocess.Popen(
        [*ISG, "index"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root
    )
    deadline = time.monotonic() + 30
    while not (root / ".isg").exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode in (130, 0)  # it may have been quicker than we
    assert "Traceback" not in error
    if process.returncode == 130:
        assert error.startswith("isg: error: interrupted")
    assert isg("index", "--json").json["results"][0]["files"]["total"] == 301
    assert isg("show", "f7_7").status == 0
