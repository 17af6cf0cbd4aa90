"""A few rounds of what damage.py, kill.py and company.py do for hours: each of them can find a fault."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import company
import damage
import kill
import pytest
from trial import EXAMPLES, Project, project

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="each command runs in a fork")


@pytest.fixture
def shop() -> Iterator[Project]:
    with project(3, [EXAMPLES / "shop"]) as made:
        yield made


def test_damage_is_mended_or_said(shop: Project) -> None:
    became = []
    for _, struck, outcome, faults in damage.rounds(shop, range(10), seed=1):
        assert not faults, struck
        became.append(outcome)
    assert "mended" in became and "FAULT" not in became


def test_a_killed_index_answers_as_a_rebuild(shop: Project) -> None:
    killed = 0
    for _, running, wrong in kill.rounds(shop, kill.Victim(("index",), stays=False), 8, seed=1):
        assert not wrong
        killed += running
    assert killed


def test_readers_beside_writers_see_one_state(shop: Project) -> None:
    counts, faults = company.company(shop, readers=2, steps=5, seed=1)
    assert not faults and counts["answers"]


def test_a_wrong_answer_would_be_found(shop: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where damage to the image goes unseen, the rounds say so."""
    from isg.store import image

    def unchecked(folder: Path, stamp: image.ImageStamp) -> memoryview:
        return memoryview((folder / stamp.name).read_bytes())[image._HEADER.size :]

    monkeypatch.setattr("isg.store.snapshot.map_image", unchecked)
    assert any(faults for *_, faults in damage.rounds(shop, range(30), seed=2))
