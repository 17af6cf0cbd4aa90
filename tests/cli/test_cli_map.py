"""``isg map`` as it is used: which part it shows, in which form, and what it says where there is nothing."""

from __future__ import annotations

from pathlib import Path


def test_a_part_of_the_project(isg, shop: Path) -> None:
    found = isg("map", "--path", "shop/orders.py", "--json").json
    assert {result["file"] for result in found["results"]} == {"shop/orders.py"}
    assert found["query"]["within"] == "shop/orders.py"
    assert isg("map", "--path", "shop/orders.py", "--paths-only").out == "shop/orders.py\n"


def test_a_pattern_that_names_nothing_is_no_such_file(isg, shop: Path) -> None:
    outcome = isg("map", "--path", "nowhere/")
    assert outcome.status == 4
    assert "no indexed file matches nowhere/" in outcome.err


def test_only_some_kinds(isg, shop: Path) -> None:
    found = isg("map", "--kind", "class,protocol", "--json").json
    assert {result["kind"] for result in found["results"]} <= {"class", "protocol"}
    assert isg("map", "--kind", "planet").status == 2


def test_tests_are_shown_on_demand(isg, tree) -> None:
    tree(
        "--- a.py\ndef one() -> None: ...\n"
        "--- test_a.py\nfrom a import one\ndef test_one() -> None:\n    one()\n"
    )
    assert "test_one" not in isg("map").out
    assert "test_one" in isg("map", "--tests").out


def test_a_limit_holds_in_every_format(isg, shop: Path) -> None:
    assert len(isg("map", "--limit", "2", "--format", "jsonl").lines) == 2
    found = isg("map", "--limit", "2", "--json").json
    assert len(found["results"]) == 2
    assert f"{found['left_out']} more left out" in isg("map", "--limit", "2").out


def test_a_budget_for_nothing_says_so(isg, shop: Path) -> None:
    outcome = isg("map", "--budget", "3")
    assert (outcome.status, outcome.out.strip()) == (0, "")
    assert "too small" in outcome.err
