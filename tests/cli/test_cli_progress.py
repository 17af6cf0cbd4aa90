"""Progress: one line, on terminals only, for work that lasts, and gone when it is over."""

from __future__ import annotations

import io
import sys

import pytest

from isg.cli import progress as module
from isg.cli.progress import progress
from isg.store.report import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on by a second each time one looks."""
    times = iter(range(1000))
    monkeypatch.setattr(module.time, "monotonic", lambda: next(times))


def shown(monkeypatch, stream: io.StringIO, quiet: bool = False) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    with progress(quiet=quiet) as tell:
        tell(Progress("parse", 1, 1200))
        tell(Progress("link"))
    return stream.getvalue()


def test_a_terminal_sees_the_stage_and_how_far_it_is(monkeypatch, clock) -> None:
    text = shown(monkeypatch, Terminal())
    assert "isg: parse 1/1,200" in text and "isg: link" in text
    assert text.endswith("\r\x1b[K"), "the line is wiped at the end"
    assert "\n" not in text


def test_nobody_else_sees_it(monkeypatch, clock) -> None:
    assert shown(monkeypatch, io.StringIO()) == ""
    assert shown(monkeypatch, Terminal(), quiet=True) == ""


def test_quick_work_shows_nothing(monkeypatch) -> None:
    monkeypatch.setattr(module.time, "monotonic", lambda: 0.0)
    assert shown(monkeypatch, Terminal()) == ""
