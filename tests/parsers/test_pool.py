"""Parsing many files: the outcome does not depend on the workers, and no file can spoil it for another."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from isg.parsers import pool
from isg.parsers.content import unfit
from isg.parsers.facts import FileFacts, decode
from isg.parsers.hashing import content_hash
from isg.parsers.pool import ParsedFile, ParseRequest, make_executor, parse_files

forks = pytest.mark.skipif(
    sys.platform != "linux", reason="only a forked worker has the stand-in for the parser"
)


def stand_in(language: str, source: bytes) -> FileFacts:
    """A parser that does what its input says."""
    if source == b"raise":
        raise ValueError("no\nway")
    if source == b"die":
        os._exit(1)
    empty: tuple[()] = ()
    lines = source.count(b"\n")
    return FileFacts(language, lines, (1,), *[empty] * 7, None, *[empty] * 2)


@pytest.fixture(autouse=True)
def parser(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("isg.parsers.parse")
    module.parse = stand_in  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "isg.parsers.parse", module)


@pytest.fixture
def executor() -> Iterator[Executor]:
    made = make_executor(2)
    assert made is not None
    with made:
        yield made


def requests(root: Path, *contents: bytes) -> list[ParseRequest]:
    made = []
    for number, content in enumerate(contents):
        place = root / f"{number:03}.py"
        place.write_bytes(content)
        made.append(ParseRequest(place.name, str(place), "python", len(content)))
    return made


def outcome(file: ParsedFile) -> str:
    return file.error or file.skip or f"{decode(file.facts).lines} lines"


def test_a_file_becomes_facts(tmp_path: Path) -> None:
    (file,) = parse_files(requests(tmp_path, b"a\nb\n"))
    assert (file.path, file.language, file.size, file.lines) == ("000.py", "python", 4, 2)
    assert file.hash == content_hash(b"a\nb\n")
    assert decode(file.facts).language == "python"
    assert (file.error, file.skip) == (None, None)


def test_what_goes_wrong_with_a_file_is_said_there(tmp_path: Path) -> None:
    asked = requests(tmp_path, b"", b"raise", b"\n")
    assert [outcome(file) for file in parse_files(asked)] == ["0 lines", "ValueError: no way", "1 lines"]


def test_a_file_that_cannot_be_read_is_a_skip(tmp_path: Path) -> None:
    folder = ParseRequest("x", str(tmp_path), "python")
    absent = ParseRequest("y", str(tmp_path / "y"), "python")
    assert [file.skip for file in parse_files([folder, absent])] == ["unreadable", "vanished"]


def test_an_unfit_file_is_hashed_and_not_parsed(tmp_path: Path) -> None:
    (file,) = parse_files(requests(tmp_path, b"die\0"))
    assert (file.skip, file.facts, file.hash) == ("binary", b"", content_hash(b"die\0"))


@forks
def test_workers_make_no_difference(
    tmp_path: Path, executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "TASK_SIZE", 40)
    asked = requests(tmp_path, *[b"\n" * (n * 7 % 23) for n in range(100)], b"raise", b"\0")
    assert list(parse_files(asked, executor)) == list(parse_files(asked))


@forks
def test_a_worker_that_dies_costs_only_its_file(
    tmp_path: Path, executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "TASK_SIZE", 6)
    monkeypatch.setattr(pool, "_start_method", lambda: multiprocessing.get_context("fork"))
    asked = requests(tmp_path, b"\n\n", b"\n", b"die", b"\n\n\n", b"", b"raise", b"\n\n\n\n\n\n\n\n")
    assert [outcome(file) for file in parse_files(asked, executor)] == [
        "2 lines",
        "1 lines",
        "the parser died of it",
        "3 lines",
        "0 lines",
        "ValueError: no way",
        "8 lines",
    ]


def test_any_executor_will_do(tmp_path: Path) -> None:
    asked = requests(tmp_path, b"\n", b"raise")
    with ThreadPoolExecutor(1) as threads:
        assert list(parse_files(asked, threads)) == list(parse_files(asked))


def test_tasks_are_handed_out_as_results_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory of waiting results is bounded, however many files there are."""
    monkeypatch.setattr(pool, "TASK_SIZE", 1)
    monkeypatch.setattr(pool, "_AHEAD", 3)
    asked = requests(tmp_path, *[b"\n"] * 20)
    taken = []
    with ThreadPoolExecutor(1) as threads:
        parsed = parse_files((taken.append(each) or each for each in asked), threads)
        next(parsed)
        assert len(taken) == 3
        parsed.close()
    assert len(taken) == 3


def test_few_bytes_and_one_job_need_no_pool() -> None:
    assert make_executor(1) is None
    assert make_executor(8, size=10_000) is None
    with make_executor(2, size=10_000_000) or ThreadPoolExecutor() as made:
        assert isinstance(made, ProcessPoolExecutor)


@forks
def test_an_interrupt_is_the_coordinators_alone(executor: Executor) -> None:
    assert executor.submit(signal.getsignal, signal.SIGINT).result() == signal.SIG_IGN


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"", None),
        (b"x = 1\n" * 10_000, None),
        (b"#!python\0", "binary"),
        (b"x" * 9000 + b"\0", None),
        (b"x = 1;" * 5_000, "minified"),
        (b"x" * 2_000, None),
        (b"# @generated by a tool\nx = 1\n", None),
        (b"# Generated by protoc. DO NOT EDIT!\n" + b"x = 1\n" * 50_000, None),
    ],
)
def test_content_that_is_not_worth_reading(source: bytes, reason: str | None) -> None:
    assert unfit(source) == reason
