"""Which language a file is in, and that its content is asked for only where its name says nothing."""

from __future__ import annotations

import pytest

from isg.parsers.languages import LANGUAGES, language_of, language_of_head


def unread() -> bytes:
    raise AssertionError("the name decides")


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("a.py", "python"),
        ("deep/er/stub.pyi", "python"),
        ("window.pyw", "python"),
        ("LOUD.PY", "python"),
        ("two.tests.py", "python"),
        ("SConstruct", "python"),
        ("build/wscript", "python"),
        ("notes.txt", None),
        ("py", ""),
        ("folder.py/readme", ""),
        (".py", None),
        (".profile", None),
        ("a.pyc", None),
    ],
)
def test_names_decide_where_they_can(path: str, language: str | None) -> None:
    head = (lambda: b"") if language == "" else unread
    assert language_of(path, head) == (language or None)


@pytest.mark.parametrize(
    "head",
    [
        b"#!/usr/bin/python\n",
        b"#!/usr/bin/python3.11 -u\n",
        b"#! /usr/local/bin/pypy3\n",
        b"#!/usr/bin/env python3\nimport this",
        b"#!/usr/bin/env -S python3 -X dev\n",
        b"#!/usr/bin/env PYTHONPATH=lib python\n",
        b"#!python\n",
    ],
)
def test_python_is_named_by_a_first_line(head: bytes) -> None:
    assert language_of_head(head) == "python"


@pytest.mark.parametrize(
    "head", [b"", b"#!", b"#!/bin/sh\n# python", b"python\n", b"#!/usr/bin/env perl\n", b"\xff\xfe#!python"]
)
def test_other_heads_name_no_language(head: bytes) -> None:
    assert language_of_head(head) is None


def test_no_two_languages_claim_the_same_file() -> None:
    for claims in ("extensions", "names", "interpreters"):
        claimed = [each for language in LANGUAGES for each in getattr(language, claims)]
        assert len(claimed) == len(set(claimed))
