"""``isg export``: what scorers and scripts read, line by line."""

from __future__ import annotations

END = {"file", "line", "name", "key", "kind"}


def test_one_symbol_a_line(isg, shop) -> None:
    lines = isg("export", "--what", "symbols", "--format", "jsonl").lines
    assert all(line["file"] for line in lines)
    modules = [line for line in lines if line["kind"] == "module"]
    assert {(line["name"], line["line"]) for line in modules} == {("<module>", 1)}
    assert [(line["file"], line["line"]) for line in lines] == sorted(
        (li["file"], li["line"]) for li in lines
    )
    (save,) = [line for line in lines if line["key"] == "python:shop.storage.AuditedStorage.save"]
    assert (save["file"], save["name"], save["qualified"]) == (
        "shop/storage.py",
        "save",
        "AuditedStorage.save",
    )


def test_one_edge_a_line(isg, shop) -> None:
    lines = isg("export", "--format", "jsonl").lines
    for line in lines:
        assert list(line) == ["kind", "confidence", "how", "count", "src", "dst", "sites"]
        assert set(line["src"]) == set(line["dst"]) == END
        assert line["count"] == len(line["sites"])


def order(line) -> tuple:
    target = line["dst"]
    return (
        line["src"]["file"],
        line["src"]["line"],
        line["kind"],
        (target["file"] is None, target["file"] or "", target["line"]),
    )


def test_edges_are_sorted_as_the_contract_says(isg, shop) -> None:
    lines = isg("export", "--format", "jsonl").lines
    assert [order(line) for line in lines] == sorted(map(order, lines))


def test_a_module_is_the_source_of_what_stands_in_it(isg, shop) -> None:
    lines = isg("export", "--format", "jsonl").lines
    imports = [line for line in lines if line["kind"] == "IMPORTS" and line["src"]["name"] == "<module>"]
    assert imports and all(line["src"]["line"] == 1 for line in imports)


def test_externals_go_by_their_whole_name(isg, shop) -> None:
    lines = isg("export", "--format", "jsonl").lines
    externals = {line["dst"]["name"]: line["dst"] for line in lines if line["dst"]["kind"] == "external"}
    assert externals["json.dumps"]["file"] is None


def test_dispatch_is_there_unless_asked_away(isg, shop) -> None:
    def calls(*options: str) -> set[tuple[str, str, str]]:
        lines = isg("export", "--format", "jsonl", *options).lines
        return {
            (line["src"]["name"], line["dst"]["key"].rpartition("shop.")[2], line["confidence"])
            for line in lines
            if line["kind"] == "CALLS"
        }

    derived = ("store", "storage.AuditedStorage.save", "dispatch")
    assert derived in calls()
    assert derived not in calls("--min-confidence", "inferred")
    assert ("store", "storage.Storage.save", "inferred") in calls("--min-confidence", "inferred")


def test_streamed_lines_equal_collected_ones(isg, shop) -> None:
    """The fast way and the slow way make the same lines."""
    for what in ("symbols", "edges"):
        streamed = isg("export", "--what", what, "--format", "jsonl").lines
        assert streamed == isg("export", "--what", what, "--format", "json").json["results"]
        limited = isg("export", "--what", what, "--format", "jsonl", "--limit", "5").lines
        assert limited == streamed[:5]


def test_same_bytes_each_time(isg, shop) -> None:
    assert isg("export", "--format", "jsonl").out == isg("export", "--format", "jsonl").out


OVERLOADS = """--- a.py
from typing import overload

class A: ...
class B: ...

@overload
def f(x: A) -> B: ...
@overload
def f(x: B) -> A: ...
def g() -> A: ...
def f(x): return g()
"""


def test_an_edge_of_an_overload_set_stands_at_the_signature_that_states_it(isg, tree) -> None:
    tree(OVERLOADS)
    found = [line for line in isg("export", "--format", "jsonl").lines if line["src"]["name"] == "f"]
    assert {line["src"]["key"] for line in found} == {"python:a.f"}
    assert [(line["src"]["line"], line["dst"]["name"], line["sites"]) for line in found] == [
        (7, "A", [[7, 10]]),
        (7, "B", [[7, 16]]),
        (9, "A", [[9, 16]]),
        (9, "B", [[9, 10]]),
        (11, "g", [[11, 18]]),
    ]
