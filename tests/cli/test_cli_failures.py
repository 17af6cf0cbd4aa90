"""Failures: one line that says what happened, a hint, the contract's exit status, never a traceback."""

from __future__ import annotations

import errno

import pytest

from isg.cli import failures
from isg.cli.composition import Workspace
from isg.graph.errors import (
    AmbiguousSymbol,
    IsgError,
    LockTimeout,
    NewerStore,
    NotFound,
    StaleIndex,
    UsageError,
)


def one_error(outcome, status: int) -> str:
    """The error line of a failed run, whose form is checked."""
    assert outcome.status == status
    lines = outcome.err.splitlines()
    assert lines[0].startswith("isg: error: ")
    assert "Traceback" not in outcome.err
    return lines[0].removeprefix("isg: error: ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nope"], "no such command: nope"),
        (["callers"], "missing argument 'SYMBOL...'"),
        (["callers", "x", "--bogus"], "no such option: --bogus"),
        (["callers", "x", "--limit", "many"], "'many' is not a whole number"),
        (["callers", "x", "--limit", "-1"], "--limit cannot be negative"),
        (["callers", "x", "--format", "yaml"], "no such format: yaml"),
        (["callers", "x", "--format", "sarif"], "isg callers has no format sarif"),
        (["callers", "x", "--json", "--format", "text"], "contradict each other"),
        (["callers", "x", "--stale", "maybe"], "--stale cannot be 'maybe'"),
        (["callers", "x", "--color", "blue"], "--color cannot be 'blue'"),
        (["callers", "x", "--min-confidence", "sure"], "--min-confidence cannot be 'sure'"),
        (["find-cycles", "--level", "planet"], "--level cannot be 'planet'"),
        (["hotspots", "--level", "planet"], "--level cannot be 'planet'"),
        (["blast-radius", "x", "--direction", "up"], "--direction cannot be 'up'"),
        (["blast-radius", "x", "--kinds", "LIKES"], "--kinds cannot be 'LIKES'"),
        (["blast-radius", "x", "--depth", "0"], "--depth must be 1 or more"),
        (["refs", "x", "--kinds", "LIKES"], "--kinds cannot be 'LIKES'"),
        (["paths", "x", "y", "--k", "0"], "--k must be 1 or more"),
        (["map", "--budget", "0"], "--budget must be 1 or more"),
        (["symbols", "x", "--kind", "thing"], "--kind cannot be 'thing'"),
        (["export", "--what", "all"], "--what cannot be 'all'"),
        (["context", "x", "--budget", "0"], "--budget must be 1 or more"),
        (["index", "--jobs", "0"], "--jobs must be 1 or more"),
        (["callers", "x", "--output", "out.json"], "--output takes FORMAT:FILE"),
        (["callers", "x", "--output", "sarif:out"], "isg callers has no format sarif"),
    ],
)
def test_wrong_usage(isg, tmp_path, monkeypatch, arguments: list[str], said: str) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = isg(*arguments)
    message = one_error(outcome, 2)
    assert said.lower() in message.lower()
    assert outcome.out == "" or "--json" in arguments
    assert not list(tmp_path.iterdir()), "a wrong command line must leave nothing behind"


def test_a_mistyped_command_is_guessed(isg) -> None:
    assert isg("caller", "x").err.splitlines()[1] == "hint: did you mean callers?"


@pytest.mark.parametrize("form", [["--json"], ["--format", "json"], ["--format=jsonl"]])
def test_programs_read_errors_on_standard_output(isg, form: list[str]) -> None:
    outcome = isg("callers", *form)
    assert outcome.status == 2
    assert outcome.json["isg"] == 1
    assert outcome.json["error"]["code"] == "usage"
    assert outcome.json["error"]["exit"] == 2


def fail(monkeypatch, error: BaseException) -> None:
    def explode(*arguments: object) -> None:
        raise error

    monkeypatch.setattr(Workspace, "__init__", explode)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UsageError("x"), 2),
        (AmbiguousSymbol("x"), 3),
        (NotFound("x"), 4),
        (StaleIndex("x"), 5),
        (NewerStore("x"), 6),
        (LockTimeout("x"), 6),
        (OSError(errno.ENOSPC, "No space left on device"), 6),
        (PermissionError(errno.EACCES, "Permission denied", "some/file"), 6),
        (RuntimeError("surprise"), 70),
        (RecursionError("deep"), 70),
    ],
)
def test_exit_statuses(isg, monkeypatch, error: Exception, status: int) -> None:
    fail(monkeypatch, error)
    one_error(isg("callers", "x"), status)


def test_a_bug_says_how_to_report_it(isg, monkeypatch) -> None:
    fail(monkeypatch, RuntimeError("surprise\nin two lines"))
    outcome = isg("callers", "x")
    assert (
        outcome.err.splitlines()[0] == "isg: error: this is a bug in isg: RuntimeError: surprise in two lines"
    )
    assert "ISG_DEBUG=1" in outcome.err.splitlines()[1]


def test_debugging_shows_the_traceback(isg, monkeypatch) -> None:
    monkeypatch.setenv("ISG_DEBUG", "1")
    fail(monkeypatch, RuntimeError("surprise"))
    assert "Traceback" in isg("callers", "x").err


def test_a_full_disk_is_named(isg, monkeypatch) -> None:
    fail(monkeypatch, OSError(errno.ENOSPC, "No space left on device"))
    assert one_error(isg("callers", "x"), 6) == "the disk is full"


@pytest.mark.parametrize("command", ["index", "callers"])
def test_interrupt_ends_with_130(isg, monkeypatch, command: str) -> None:
    fail(monkeypatch, KeyboardInterrupt())
    outcome = isg(command, "x")
    assert one_error(outcome, 130) == "interrupted"


def test_every_error_has_its_envelope(monkeypatch) -> None:
    import json

    error = IsgError("what", hint="next", code="some-code")
    assert json.loads(failures.error_envelope(error)) == {
        "isg": 1,
        "error": {"code": "some-code", "exit": 6, "message": "what", "hint": "next"},
    }
