"""``isg verify``: one line a check, the root, the exit status, and what --repair says it did."""

from __future__ import annotations

import sqlite3


def change(root) -> None:
    with sqlite3.connect(root / ".isg" / "store.sqlite") as database:
        database.execute("UPDATE symbols SET name = 'other'")
    database.close()


def test_no_index_is_said(isg, own_shop) -> None:
    outcome = isg("verify")
    assert outcome.status == 5 and "isg index makes one" in outcome.err


def test_a_whole_index(isg, own_shop) -> None:
    isg("index")
    outcome = isg("verify")
    assert outcome.status == 0 and "WRONG" not in outcome.out
    assert f"root  {isg('verify', '--json').json['root']}" in outcome.out
    listed = isg("verify", "--files", "--json").json["files"]
    assert "shop/orders.py" in listed
    assert f"{listed['shop/orders.py']}  shop/orders.py" in isg("verify", "--files").out


def test_damage_fails_until_it_is_repaired(isg, own_shop) -> None:
    isg("index")
    root = isg("verify", "--json").json["root"]
    change(own_shop)
    outcome = isg("verify", "--json")
    assert outcome.status == 1 and outcome.json["whole"] is False
    failed = {
        result["check"]: result["problems"] for result in outcome.json["results"] if not result["holds"]
    }
    assert set(failed) == {"record", "image"} and all(failed.values())
    repaired = isg("verify", "--repair", "--json")
    assert repaired.status == 0
    assert (repaired.json["whole"], repaired.json["root"]) == (True, root)
    assert "from the sources" in repaired.json["repaired"][0]
    assert "repaired" not in isg("verify", "--repair", "--json").json


def test_a_lost_image_is_made_of_the_record(isg, own_shop) -> None:
    isg("index")
    for image in (own_shop / ".isg").glob("*.image"):
        image.unlink()
    assert isg("verify").status == 1
    assert "from the record" in isg("verify", "--repair").out
