"""``isg index`` and ``isg status``, and what queries do about files that have changed."""

from __future__ import annotations

import subprocess
import sys

from isg.cli import composition

HOLD = """
import sys
from pathlib import Path
from isg.store.location import locate
from isg.store.lock import writing

with writing(locate(Path(sys.argv[1])), 0.0):
    print("held", flush=True)
    sys.stdin.read()
"""
CHANGE = "\n\ndef added() -> int:\n    return checkout(Order(3))\n"


def change(root) -> None:
    file = root / "shop" / "orders.py"
    file.write_text(file.read_text() + CHANGE)


def test_the_report(isg, own_shop) -> None:
    outcome = isg("index", "--jobs", "1", "--json")
    (report,) = outcome.json["results"]
    assert report["files"] == {"total": 5, "parsed": 5, "unchanged": 0, "removed": 0, "skipped": 0}
    assert set(report["seconds"]) == {"discover", "parse", "link", "store"}
    assert report["languages"] == {"python": 5}
    assert report["symbols"] == outcome.json["project"]["symbols"]
    assert sum(report["edges"].values()) == sum(report["confidence"].values())
    assert report["diagnostics"] == []
    assert outcome.err == ""


def test_files_that_gave_nothing_are_named(isg, own_shop) -> None:
    (own_shop / "shop" / "noise.py").write_text(")]}" * 200)
    outcome = isg("index", "--json")
    assert any("shop/noise.py" in warning["message"] for warning in outcome.json["warnings"])
    assert "shop/noise.py" in outcome.err
    assert "note: " in isg("index").out


def test_again_parses_nothing(isg, own_shop) -> None:
    isg("index")
    (report,) = isg("index", "--json").json["results"]
    assert (report["files"]["parsed"], report["files"]["unchanged"]) == (0, 5)


def test_one_changed_file_is_parsed_alone(isg, own_shop) -> None:
    isg("index")
    change(own_shop)
    (report,) = isg("index", "--json").json["results"]
    assert (report["files"]["parsed"], report["files"]["unchanged"]) == (1, 4)


def test_a_dry_run_does_nothing(isg, own_shop) -> None:
    outcome = isg("index", "--dry-run", "--json")
    assert outcome.json["results"][0]["files"]["parsed"] == 5
    assert not (own_shop / ".isg").exists()


def test_nothing_is_written_but_the_index(isg, own_shop) -> None:
    before = {path: path.read_bytes() for path in own_shop.rglob("*") if path.is_file()}
    isg("index")
    isg("callers", "log")
    after = {
        path: path.read_bytes() for path in own_shop.rglob("*") if path.is_file() and ".isg" not in path.parts
    }
    assert after == before
    assert (own_shop / ".isg" / ".gitignore").read_text() == "*\n"


def test_a_query_brings_the_index_up_to_date(isg, own_shop) -> None:
    assert isg("callers", "checkout", "--json").json["results"], "there was no index at all"
    change(own_shop)
    names = {result["name"] for result in isg("callers", "checkout", "--json").json["results"]}
    assert "added" in names


def test_stale_policies(isg, own_shop) -> None:
    isg("index")
    change(own_shop)
    assert isg("callers", "checkout", "--stale", "error").status == 5
    warned = isg("callers", "checkout", "--stale", "warn", "--json")
    assert warned.json["warnings"][0]["code"] == "stale"
    ignored = isg("callers", "checkout", "--stale", "ignore", "--json")
    assert ignored.json["warnings"] == []
    for outcome in (warned, ignored):
        assert "added" not in {result["name"] for result in outcome.json["results"]}


def test_no_index_and_no_leave_to_make_one(isg, own_shop) -> None:
    for policy in ("warn", "error", "ignore"):
        outcome = isg("callers", "checkout", "--stale", policy)
        assert outcome.status == 5
        assert "isg index" in outcome.err
    assert not (own_shop / ".isg").exists()


def test_a_query_does_not_wait_for_another_index(isg, own_shop, monkeypatch) -> None:
    """It answers from the index that there is, and says that it is old."""
    monkeypatch.setattr(composition, "QUERY_PATIENCE", 0.0)
    isg("index")
    change(own_shop)
    holder = [sys.executable, "-c", HOLD, str(own_shop)]
    with subprocess.Popen(holder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdin is not None
        assert process.stdout.readline() == b"held\n"
        outcome = isg("callers", "checkout", "--json")
        process.stdin.close()
    assert outcome.status == 0
    assert [warning["code"] for warning in outcome.json["warnings"]] == ["stale"]
    assert isg("callers", "checkout", "--json").json["warnings"] == []


def test_status(isg, own_shop) -> None:
    assert isg("status", "--json").json["results"][0]["exists"] is False
    isg("index")
    (now,) = isg("status", "--json").json["results"]
    assert now["fresh"] is True and now["files"] == 5
    change(own_shop)
    (later,) = isg("status", "--json").json["results"]
    assert later["fresh"] is False and later["changed"] == ["shop/orders.py"]
    assert "changed:   shop/orders.py" in isg("status").out
    assert isg("status", "--json").json["results"][0]["fresh"] is False, "status changes nothing"
