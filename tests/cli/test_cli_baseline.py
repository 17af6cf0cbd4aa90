"""Gates: cycles that fail a build, and those that a project has accepted."""

from __future__ import annotations

import json

ADDED = "\n\ndef more() -> None:\n    from shop.orders import Order\n\n    print(Order)\n"


def test_fail_on_any(isg, shop) -> None:
    assert isg("find-cycles").status == 0
    assert isg("find-cycles", "--fail-on", "any").status == 1
    assert isg("find-cycles", "--fail-on", "any", "--level", "class").status == 0


def test_a_baseline_passes_what_it_knows(isg, own_shop) -> None:
    baseline = own_shop / "cycles.json"
    written = isg("find-cycles", "--baseline", str(baseline), "--write-baseline")
    assert written.status == 0
    held = json.loads(baseline.read_text())
    assert held["isg"] == 1 and len(held["cycles"]) == 1
    again = isg("find-cycles", "--baseline", str(baseline), "--json")
    assert again.status == 0
    assert again.json["results"] == [] and again.json["known"] == 1


def test_a_new_cycle_fails(isg, own_shop) -> None:
    baseline = own_shop / "cycles.json"
    isg("find-cycles", "--baseline", str(baseline), "--write-baseline")
    storage = own_shop / "shop" / "storage.py"
    storage.write_text(storage.read_text() + ADDED)
    outcome = isg("find-cycles", "--baseline", str(baseline), "--json")
    assert outcome.status == 1
    assert len(outcome.json["results"]) == 1
    assert len(outcome.json["gone"]) == 1, "the old cycle has grown into another"


def test_moved_lines_make_no_new_cycle(isg, own_shop) -> None:
    baseline = own_shop / "cycles.json"
    isg("find-cycles", "--baseline", str(baseline), "--write-baseline")
    for path in ("shop/orders.py", "shop/report.py"):
        file = own_shop / path
        file.write_text("# one\n# two\n" + file.read_text())
    assert isg("find-cycles", "--baseline", str(baseline), "--fail-on", "new").status == 0


def test_wrong_uses_of_a_baseline(isg, own_shop) -> None:
    assert isg("find-cycles", "--fail-on", "new").status == 2
    assert isg("find-cycles", "--write-baseline").status == 2
    assert isg("find-cycles", "--fail-on", "some").status == 2
    assert isg("find-cycles", "--baseline", "none.json").status == 4
    (own_shop / "odd.json").write_text("[]")
    assert isg("find-cycles", "--baseline", "odd.json").status == 2
