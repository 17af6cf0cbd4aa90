"""Tests as the arguments of their runners, one a line: for ``xargs`` and command substitution."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

Test: TypeAlias = Mapping[str, object]


def _files(tests: Sequence[Test]) -> Iterable[str]:
    return dict.fromkeys(str(test["file"]) for test in tests)


def _pytest(tests: Sequence[Test]) -> Iterable[str]:
    """Node ids: ``tests/test_x.py::TestCase::test_method``."""
    ids = ("::".join((str(test["file"]), *str(test["qualified"]).split("."))) for test in tests)
    return dict.fromkeys(ids)


def _by_title(tests: Sequence[Test]) -> Iterable[str]:
    """Files, and with ``-t`` a regular expression that the titles match: jest and vitest read both alike."""
    yield from _files(tests)
    titles = dict.fromkeys(str(test["name"]) for test in tests if test["way"] != "unseen")
    if titles:
        yield "-t"
        yield "|".join(re.escape(title).replace(r"\ ", " ") for title in titles)


def _cargo(tests: Sequence[Test]) -> Iterable[str]:
    """What ``cargo test`` takes: paths of tests below their crate."""
    yield "--"
    yield "--exact"
    yield from dict.fromkeys(str(test["key"]).partition(":")[2].partition("::")[2] for test in tests)


RUNNERS: dict[str, Callable[[Sequence[Test]], Iterable[str]]] = {
    "files": _files,
    "pytest": _pytest,
    "jest": _by_title,
    "vitest": _by_title,
    "cargo": _cargo,
}


def arguments(runner: str, tests: Sequence[Test]) -> str:
    """The tests as arguments of that runner, one a line; nothing where there are none."""
    lines = list(RUNNERS[runner](tests)) if tests else []
    return "".join(f"{line}\n" for line in lines)
