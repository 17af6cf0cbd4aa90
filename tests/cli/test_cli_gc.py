"""``isg gc``: says what it would free, frees it, says what it freed."""

from __future__ import annotations


def edit(isg, root) -> None:
    file = root / "shop" / "orders.py"
    for number in range(3):
        file.write_text(f"{file.read_text()}\n\ndef added_{number}() -> int:\n    return {number}\n")
        isg("index")


def test_it_says_what_goes(isg, own_shop) -> None:
    assert isg("gc").status == 5
    isg("index")
    edit(isg, own_shop)
    would = isg("gc", "--dry-run")
    assert would.out.startswith("would free about ") and "3 earlier contents of files" in would.out
    assert isg("gc", "--dry-run", "--json").json["results"][0]["versions"] == 3
    done = isg("gc")
    assert done.status == 0 and done.out.startswith("freed ")
    (again,) = isg("gc", "--json").json["results"]
    assert (again["versions"], again["files"], again["freed"]) == (0, [], 0)
    assert isg("verify").status == 0
