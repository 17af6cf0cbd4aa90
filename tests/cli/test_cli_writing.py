"""Files that a user names are written as a whole; what is no file stays what it is."""

from __future__ import annotations

import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from isg.cli.writing import write_whole


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_bytes(b"what was there before")
    write_whole(path, b"{}")
    assert path.read_bytes() == b"{}"
    assert [each.name for each in tmp_path.iterdir()] == ["out.json"]


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        write_whole(tmp_path, b"{}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="has no named pipes in folders")
def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    """As ``/dev/null`` has to, which root could replace by a file for every program of the machine."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_whole(pipe, b"{}")
    reader.join(10)
    assert read == [b"{}"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
