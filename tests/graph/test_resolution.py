"""Every claim in fixtures/resolution holds: names resolve as Python resolves them, and to nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from annotated import Claim, Linked, read_fixture

FIXTURES = Path(__file__).parent.parent / "fixtures" / "resolution"


@cache
def linked(path: Path) -> Linked:
    return Linked(read_fixture(path))


def cases() -> list[object]:
    found = []
    for path in sorted(FIXTURES.glob("*.py")):
        for claim in read_fixture(path).claims:
            marks = [pytest.mark.xfail(reason=claim.gap, strict=True)] if claim.gap else []
            found.append(pytest.param(path, claim, id=f"{path.name}:{claim}", marks=marks))
    return found


@pytest.mark.parametrize(("path", "claim"), cases())
def test_a_name_resolves(path: Path, claim: Claim) -> None:
    why_not = linked(path).verdict(claim)
    assert why_not is None, f"{path.name}:{claim}: {why_not}"
