"""What another process works out is what this one would, and nothing is lost where that process is."""

from __future__ import annotations

import os
import signal
import sys
import threading
from functools import partial

import msgspec
import pytest
from indexed_tree import Tree

from isg.store import aside
from isg.store.aside import Aside

forks = pytest.mark.skipif(sys.platform != "linux", reason="only there is a process forked")


@pytest.fixture
def two_processors(monkeypatch) -> None:
    monkeypatch.setattr(aside, "processors", lambda: 2)
    monkeypatch.setattr(aside, "may_fork", lambda: sys.platform == "linux")


@forks
def test_another_process_works_it_out(two_processors) -> None:
    found = Aside(os.getpid, int)
    assert found.running
    assert found.result() != os.getpid()


@pytest.mark.parametrize("reason", ["not worth it", "one processor", "threads"])
def test_this_process_does_what_is_better_not_forked(two_processors, monkeypatch, reason) -> None:
    if reason == "one processor":
        monkeypatch.setattr(aside, "processors", lambda: 1)
    if reason == "threads":
        monkeypatch.undo()
        end = threading.Event()
        other = threading.Thread(target=end.wait)
        other.start()
    found = Aside(os.getpid, int, worth=reason != "not worth it")
    if reason == "threads":
        end.set()
        other.join()
    assert not found.running
    assert found.result() == os.getpid()


def test_an_error_is_raised_where_the_outcome_is_asked_for(two_processors) -> None:
    found: Aside[int] = Aside(lambda: 1 // 0, int)
    with pytest.raises(ZeroDivisionError):
        found.result()


@forks
def test_what_a_killed_process_leaves_undone_is_done_here(two_processors) -> None:
    here = os.getpid()

    def killed() -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return here

    assert Aside(killed, int).result() == here


@forks
def test_what_a_process_has_said_in_part_is_not_taken_for_all(two_processors, monkeypatch) -> None:
    whole = msgspec.msgpack.encode
    monkeypatch.setattr(msgspec.msgpack, "encode", lambda outcome: whole(outcome)[:-1])
    assert Aside(lambda: "all of it", str).result() == "all of it"


@forks
@pytest.mark.parametrize("handler", [signal.SIG_DFL, signal.SIG_IGN])  # the latter is inherited by programs
def test_ended_processes_do_not_pile_up(two_processors, request, handler) -> None:
    request.addfinalizer(partial(signal.signal, signal.SIGCHLD, signal.signal(signal.SIGCHLD, handler)))
    for _ in range(5):
        Aside(os.getpid, int).result()
    while aside._ending:
        aside._see_off()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@forks
def test_updates_with_other_processes_equal_a_rebuild(two_processors, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("isg.store.job._MANY", 0)
    monkeypatch.setattr("isg.store.imaging._LARGE", 0)
    (tmp_path / "shop").mkdir()
    tree = Tree(tmp_path / "shop").write({"cart.py": FULL, "till.py": "from cart import fill\n\nfill()\n"})
    tree.index()
    for number, text in enumerate((MORE, FULL, EMPTY, FULL)):
        tree.write({"cart.py": text})
        tree.index()
        rebuilt = tree.rebuilt(tmp_path / f"other{number}")
        assert (tree.rows(), tree.image()) == (rebuilt.rows(), rebuilt.image())


FULL = "import json\n\n\ndef fill() -> str:\n    return json.dumps(1)\n"
MORE = f"{FULL}\n\ndef clear() -> None:\n    print(fill())\n"
EMPTY = "def fill() -> str:\n    return ''\n"  # nobody speaks of json any more
