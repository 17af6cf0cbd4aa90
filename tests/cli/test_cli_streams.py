"""Streams: standard output is the answer and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

ISG = [sys.executable, "-m", "isg.cli.main"]


def test_no_colour_in_a_pipe(isg, shop) -> None:
    assert "\x1b" not in isg("callers", "log").out


def test_colour_on_a_terminal(isg, shop) -> None:
    assert "\x1b[1m" in isg("callers", "log", terminal=True).out


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colour_is_refused_by_the_environment(isg, shop, monkeypatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert "\x1b" not in isg("callers", "log", terminal=True).out


def test_colour_by_option_beats_the_environment(isg, shop, monkeypatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1m" in isg("callers", "log", "--color", "always").out
    assert "\x1b" not in isg("callers", "log", "--color", "never", terminal=True).out


def test_json_is_indented_on_a_terminal_only(isg, shop) -> None:
    piped, seen = isg("callers", "log", "--json"), isg("callers", "log", "--json", terminal=True)
    assert piped.out.count("\n") == 1 < seen.out.count("\n")
    assert piped.json == seen.json


def test_nothing_on_standard_error_when_all_is_well(isg, shop) -> None:
    assert isg("callers", "log").err == ""


def test_warnings_of_machine_formats_go_to_standard_error(isg, shop) -> None:
    outcome = isg("callers", "daily", "--json")
    assert outcome.json["warnings"][0]["code"] == "none"
    assert "isg: warning: " in outcome.err
    assert isg("callers", "daily", "--json", "--quiet").err == ""


def test_a_closed_pipe_ends_quietly(shop) -> None:
    """The reader leaves before the answer is written."""
    process = subprocess.Popen(
        [*ISG, "export", "--format", "jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    error = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert error == b""


def test_output_writes_further_formats(isg, shop, tmp_path) -> None:
    graph, lines = tmp_path / "graph.dot", tmp_path / "lines.jsonl"
    outcome = isg("blast-radius", "log", "--output", f"dot:{graph}", "--output", f"jsonl:{lines}")
    assert outcome.out == isg("blast-radius", "log").out
    assert graph.read_text() == isg("blast-radius", "log", "--format", "dot").out
    assert lines.read_text() == isg("blast-radius", "log", "--format", "jsonl").out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graph.dot", "lines.jsonl"]


def test_output_to_no_such_folder(isg, shop, tmp_path) -> None:
    outcome = isg("callers", "log", "--output", f"json:{tmp_path / 'no' / 'such'}")
    assert outcome.status == 6
    assert outcome.err.startswith("isg: error: ")


@pytest.mark.parametrize("command", ["callers log", "stats", "find-cycles", "symbols total", "export"])
def test_the_envelope_holds_what_the_contract_says(isg, shop, command: str) -> None:
    envelope = isg(*command.split(), "--json").json
    assert list(envelope)[:4] == ["isg", "command", "query", "project"]
    assert {"results", "bound", "truncated", "warnings"} <= set(envelope)
    assert envelope["isg"] == 1 and envelope["command"] == command.split()[0]
    assert set(envelope["project"]) == {"name", "state", "files", "symbols", "edges"}
    assert set(envelope["bound"]) == {"certain", "possible", "unresolved", "why"}
    assert str(shop) not in json.dumps(envelope), "no absolute path in an answer"


def test_a_symbol_has_the_fields_of_the_contract(isg, shop) -> None:
    (symbol,) = isg("symbols", "MemoryStorage", "--json", "--limit", "1").json["results"]
    names = [
        "key",
        "kind",
        "name",
        "qualified",
        "file",
        "line",
        "end_line",
        "signature",
        "external",
        "language",
    ]
    assert list(symbol)[: len(names)] == names
    assert symbol["key"] == "python:shop.storage.MemoryStorage"
    assert symbol["file"] == "shop/storage.py" and symbol["external"] is False


def test_limit_cuts_every_format(isg, shop) -> None:
    whole = isg("symbols", "o", "--json").json
    cut = isg("symbols", "o", "--json", "--limit", "2").json
    assert cut["results"] == whole["results"][:2]
    assert cut["truncated"] and not whole["truncated"]
    assert len(isg("symbols", "o", "--format", "jsonl", "--limit", "2").lines) == 2
    text = isg("symbols", "o", "--limit", "2").out
    assert f"… {len(whole['results']) - 2} more (--limit 0 shows all {len(whole['results'])})" in text


@pytest.mark.parametrize(
    ("question", "paths"),
    [
        ("blast-radius Order.total --tests", ["tests/test_orders.py"]),
        ("who-implements Storage", ["shop/storage.py"]),
        ("find-cycles", ["shop/orders.py", "shop/report.py"]),
        ("refs Order --kinds imports", ["shop/__init__.py", "shop/report.py", "tests/test_orders.py"]),
        ("callers daily", []),
    ],
)
def test_paths_only_is_for_xargs(isg, shop, question: str, paths: list[str]) -> None:
    assert isg(*question.split(), "--paths-only").out.splitlines() == paths


def test_paths_only_takes_no_format(isg, shop) -> None:
    assert isg("callers", "log", "--paths-only", "--json").status == 2


@pytest.mark.parametrize(("question", "status"), [("callers log", 0), ("callers nosuch", 4)])
def test_streams_that_are_closed_from_the_start_end_quietly(shop, question: str, status: int) -> None:
    command = ["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *ISG, *question.split()]
    assert subprocess.run(command, timeout=60, check=False).returncode == status
