"""Every claim in fixtures/resolution holds: names resolve as their language says, and to nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from annotated import Claim, Linked, fixture_name, fixtures, read_fixture


@cache
def linked(path: Path) -> Linked:
    return Linked(read_fixture(path))


def cases() -> list[object]:
    found = []
    for path in fixtures():
        for claim in read_fixture(path).claims:
            marks = [pytest.mark.xfail(reason=claim.gap, strict=True)] if claim.gap else []
            found.append(pytest.param(path, claim, id=f"{fixture_name(path)}:{claim}", marks=marks))
    return found


@pytest.mark.parametrize(("path", "claim"), cases())
def test_a_name_resolves(path: Path, claim: Claim) -> None:
    why_not = linked(path).verdict(claim)
    assert why_not is None, f"{fixture_name(path)}:{claim}: {why_not}"
