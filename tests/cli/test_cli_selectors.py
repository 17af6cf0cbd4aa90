"""Choosing symbols on the command line and on standard input."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "selector",
    [
        "python:shop.storage.MemoryStorage.load",
        "shop.storage.MemoryStorage.load",
        "MemoryStorage.load",
        "MemoryStorage::load",
        "shop/storage.py:28",
        "./shop/storage.py:28",
        "storage.py:27",
    ],
)
def test_selectors_of_one_symbol(isg, shop, selector: str) -> None:
    (result,) = isg("show", selector, "--json").json["results"]
    assert result["key"] == "python:shop.storage.MemoryStorage.load"


@pytest.mark.parametrize("place", ["a.py:3", "a.py:4", "a.py:6", "a.py:9"])
def test_each_signature_of_an_overload_set_is_a_place_of_it(isg, tree, place: str) -> None:
    tree(
        "--- a.py\nfrom typing import overload\n\n"
        "@overload\ndef f(x: int) -> int: ...\n"
        "@overload\ndef f(x: str) -> str: ...\n"
        "\ndef f(x):\n    return x\n"
    )
    (result,) = isg("show", place, "--json").json["results"]
    assert result["key"] == "python:a.f"


def test_a_file_stands_for_its_module(isg, shop) -> None:
    (result,) = isg("show", "shop/storage.py", "--json").json["results"]
    assert (result["kind"], result["name"], result["line"]) == ("module", "<module>", 1)


def test_paths_are_those_of_the_folder_one_is_in(isg, shop, monkeypatch) -> None:
    monkeypatch.chdir(shop / "shop")
    (result,) = isg("show", "storage.py", "--json").json["results"]
    assert result["file"] == "shop/storage.py"


def test_absolute_paths(isg, shop) -> None:
    (result,) = isg("show", f"{shop}/shop/storage.py:28", "--json").json["results"]
    assert result["key"] == "python:shop.storage.MemoryStorage.load"


def test_a_project_elsewhere(isg, shop, tmp_path, monkeypatch) -> None:
    here = isg("callers", "log", "--json").out
    monkeypatch.chdir(tmp_path)
    assert isg("callers", "log", "--json", "-C", str(shop)).out == here
    assert isg("callers", "log", "--json", "--project", str(shop / "shop")).out == here
    assert not list(tmp_path.iterdir())


def test_an_ambiguous_name_is_an_answer_of_its_own(isg, shop) -> None:
    outcome = isg("callers", "total", "--json")
    assert outcome.status == 3
    keys = [candidate["key"] for candidate in outcome.json["error"]["candidates"]]
    assert sorted(keys) == ["python:shop.orders.Item.total", "python:shop.orders.Order.total"]
    assert all(key in outcome.err for key in keys)
    assert len(isg("show", "total", "--all", "--json").json["results"]) == 2


def test_an_unknown_name_is_never_answered_for_another(isg, shop) -> None:
    outcome = isg("callers", "chekout", "--json")
    assert outcome.status == 4
    assert outcome.json["error"]["candidates"][0]["name"] == "checkout"
    assert outcome.err.splitlines()[1].startswith("hint: ")
    assert "checkout" in outcome.err


def test_an_unknown_name_among_several_stops_all(isg, shop) -> None:
    outcome = isg("callers", "log", "nowhere", "--json")
    assert outcome.status == 4
    assert "results" not in outcome.json


def test_several_symbols_are_one_question(isg, shop) -> None:
    names = {result["name"] for result in isg("callers", "log", "receipt", "--json").json["results"]}
    assert names == {"save", "close", "checkout"}


def test_selectors_from_standard_input_are_answered_one_by_one(isg, shop) -> None:
    outcome = isg("callers", "-", "--format", "jsonl", stdin="log\nnowhere\n\nreceipt\n")
    assert outcome.status == 0
    first, unknown, second = outcome.lines
    assert first["query"]["symbols"] == ["log"] and second["query"]["symbols"] == ["receipt"]
    assert unknown["error"]["exit"] == 4
    assert "nowhere" in outcome.err


def test_all_selectors_unknown_is_an_error(isg, shop) -> None:
    outcome = isg("callers", "-", "--format", "jsonl", stdin="nowhere\nnothing\n")
    assert outcome.status == 4
    assert len(outcome.lines) == 2


def test_together_makes_one_question(isg, shop) -> None:
    outcome = isg("callers", "-", "--together", "--json", stdin="log\nreceipt\n")
    assert outcome.json["query"]["symbols"] == ["log", "receipt"]
    assert outcome.json["results"] == isg("callers", "log", "receipt", "--json").json["results"]


def test_text_from_standard_input_shows_each_answer(isg, shop) -> None:
    outcome = isg("callers", "-", stdin="log\nreceipt\n")
    assert "function log (shop/storage.py:" in outcome.out
    assert "function receipt (shop/report.py:" in outcome.out


def test_standard_input_stands_alone(isg, shop) -> None:
    assert isg("callers", "log", "-", stdin="receipt\n").status == 2


def test_zero_results_say_why(isg, shop) -> None:
    (warning,) = isg("callers", "daily", "--json").json["warnings"]
    assert warning["code"] == "none"
    assert "note: " in isg("callers", "daily").out


def test_too_high_a_confidence_is_named_as_the_reason(isg, shop) -> None:
    outcome = isg("who-implements", "Closable", "--min-confidence", "exact", "--json")
    assert outcome.json["results"] == []
    assert outcome.json["warnings"][0]["code"] == "below_confidence"


def test_further_formats_hold_every_answer(isg, shop, tmp_path) -> None:
    lines = tmp_path / "all.jsonl"
    outcome = isg("callers", "-", "--output", f"jsonl:{lines}", stdin="log\nnowhere\nreceipt\n")
    assert outcome.status == 0
    assert len(lines.read_text().splitlines()) == 2


def test_nothing_on_standard_input_says_so(isg, shop) -> None:
    outcome = isg("callers", "-", "--format", "jsonl", stdin="\n")
    assert (outcome.status, outcome.out) == (0, "")
    assert "no selectors" in outcome.err


MONOREPO = """--- package.json
{"name": "root", "workspaces": ["client"]}
--- client/package.json
{"name": "@depot/client", "exports": {".": "./src/index.ts", "./rates": "./src/rates/index.ts"}}
--- client/src/index.ts
export { total } from "./total";
--- client/src/total.ts
export function total(): number { return 1 }
--- client/src/total.spec.ts
import { half } from "client";
--- client/src/rates/index.ts
export * from "./rates";
--- client/src/rates/rates.ts
export interface Rate { of(x: number): number }
export const Rate = { of: (x: number) => x };
export function half(rate: Rate): number { return rate.of(2) }
"""


@pytest.mark.parametrize(
    ("selector", "name"),
    [
        ("total", "total.total"),
        ("@depot/client.total", "total.total"),
        ("client.total", "total.total"),
        ("client/src/total", "total"),
        ("@depot/client", "index"),
        ("client/rates", "rates/index"),
        ("@depot/client/rates.half", "rates/rates.half"),
        ("rates/half", "rates/rates.half"),
    ],
)
def test_names_as_importers_of_typescript_write_them(isg, tree, selector: str, name: str) -> None:
    tree(MONOREPO)
    outcome = isg("show", selector, "--json")
    assert outcome.status == 0, outcome.err
    assert [result["key"] for result in outcome.json["results"]] == [f"typescript:@depot/client/src/{name}"]


def test_a_type_and_a_value_of_one_name_are_one_thing(isg, tree) -> None:
    tree(MONOREPO)
    kinds = [result["kind"] for result in isg("show", "Rate", "--json").json["results"]]
    assert kinds == ["interface", "constant"]


CRATE = """--- Cargo.toml
[package]
name = "search"
--- src/lib.rs
#[macro_use]
mod macros;
pub mod bytes;
mod text;
pub use crate::text::Matcher;
--- src/bytes.rs
pub struct Matcher;
impl Matcher { pub fn find(&self) {} }
--- src/text.rs
pub struct Matcher;
impl Matcher { pub fn find(&self) {} }
--- src/macros.rs
#[macro_export]
macro_rules! matcher { () => {}; }
macro_rules! local { () => {}; }
--- src/search/mod.rs
pub struct Matcher;
"""


@pytest.mark.parametrize(
    ("selector", "key"),
    [
        ("search::Matcher", "search::text::Matcher"),
        ("search::Matcher::find", "search::text::Matcher::find"),
        ("search::bytes::Matcher", "search::bytes::Matcher"),
        ("bytes::Matcher::find", "search::bytes::Matcher::find"),
        ("search::matcher", "search::macros::matcher"),
        ("search::matcher!", "search::macros::matcher"),
        ("local!", "search::macros::local"),
    ],
)
def test_a_path_from_the_root_of_a_crate_wins_over_the_end_of_another(
    isg, tree, selector: str, key: str
) -> None:
    tree(CRATE)
    outcome = isg("show", selector, "--json")
    assert outcome.status == 0, outcome.err
    assert [result["key"] for result in outcome.json["results"]] == [f"rust:{key}"]
