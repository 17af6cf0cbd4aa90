"""Facts on disk until they are in the record."""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from isg.store.spool import Spool, Spooled


def test_what_was_put_is_read_in_any_order(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        kept = [spool.put(data) for data in (b"one", b"", b"three")]
        assert [each.read() for each in reversed(kept)] == [b"three", b"", b"one"]
        assert spool.put(b"four").read() == b"four"  # reading moved nothing


def test_nothing_is_made_for_nothing_and_nothing_is_left(tmp_path: Path) -> None:
    with Spool(tmp_path):
        assert list(tmp_path.iterdir()) == []
    with Spool(tmp_path) as spool:
        spool.put(b"facts")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked elsewhere")
def test_processes_forked_since_read_it_without_disturbing_each_other(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    with Spool(tmp_path) as spool:
        kept = [spool.put(b"%d" % number) for number in range(50)]
        here, there = context.Pipe(duplex=False)
        child = context.Process(target=_read, args=(kept, there))
        child.start()
        assert [each.read() for each in reversed(kept)] == [b"%d" % number for number in reversed(range(50))]
        assert here.recv() == [b"%d" % number for number in range(50)]
        child.join()


def _read(kept: list[Spooled], answer: Connection) -> None:
    answer.send([each.read() for each in kept])
