"""What every command answers about the shop, in every format, and about the depot: byte for byte.

``ISG_UPDATE=1 pytest tests/cli/test_cli_golden.py`` writes the files anew: read the difference before you
commit it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"

QUESTIONS = {
    "who-implements": "who-implements Storage",
    "who-implements-methods": "who-implements Closable --methods --near",
    "who-implements-override": "who-implements Storage.save",
    "who-implements-direct": "who-implements Storage --direct",
    "who-implements-none": "who-implements Order",
    "blast-radius": "blast-radius Storage.save",
    "blast-radius-out": "blast-radius checkout --direction out --depth 1",
    "blast-radius-tests": "blast-radius Order.total --tests",
    "blast-radius-signature": "blast-radius Storage.save --change signature",
    "blast-radius-rename": "blast-radius log --change rename",
    "blast-radius-to": "blast-radius log --to log(message,*,level)",
    "blast-radius-body": "blast-radius AuditedStorage.save --change body",
    "blast-radius-kinds": "blast-radius shop/storage.py --kinds imports",
    "find-cycles": "find-cycles",
    "find-cycles-runtime": "find-cycles --no-lazy --no-type-only",
    "find-cycles-function": "find-cycles --level function",
    "context": "context log --budget 100",
    "map": "map --budget 120",
    "hotspots": "hotspots",
    "hotspots-file": "hotspots --level file",
    "symbols": "symbols total",
    "symbols-kind": "symbols storage --kind class",
    "symbols-none": "symbols qqqq",
    "show": "show MemoryStorage.save",
    "callers": "callers log",
    "callers-dispatch": "callers AuditedStorage.save",
    "callees": "callees checkout",
    "refs": "refs Order",
    "refs-kinds": "refs Order --kinds imports",
    "refs-unresolved": "refs --unresolved close_account",
    "paths": "paths daily log",
    "paths-several": "paths checkout MemoryStorage --k 3",
    "paths-none": "paths log daily",
    "why": "why checkout Order.store",
    "why-dispatch": "why Order.store AuditedStorage.save",
    "why-inherited": "why AuditedStorage.save MemoryStorage.save",
    "why-unresolved": "why daily Account.close_account",
    "why-not": "why receipt Item.total",
    "stats": "stats",
    "coverage": "coverage",
    "export-edges": "export",
    "export-symbols": "export --what symbols",
}
FORMATS = {
    "blast-radius": ("json", "jsonl", "md", "dot", "mermaid"),
    "blast-radius-tests": ("json",),
    "blast-radius-to": ("json",),
    "who-implements": ("json", "jsonl"),
    "find-cycles": ("json", "jsonl", "md", "dot", "mermaid", "sarif", "github"),
    "context": ("text", "json"),
    "map": ("text", "json"),
    "hotspots": ("json", "md", "sarif", "github"),
    "symbols": ("json",),
    "show": ("json",),
    "callers": ("json", "jsonl"),
    "callees": ("json",),
    "refs": ("json",),
    "refs-unresolved": ("json",),
    "paths": ("json", "dot", "mermaid"),
    "why": ("json",),
    "why-not": ("json",),
    "stats": ("json",),
    "coverage": ("json",),
    "export-edges": ("jsonl", "json", "dot", "mermaid", "graphml"),
    "export-symbols": ("jsonl",),
}
CASES = [(name, "") for name in QUESTIONS] + [
    (name, form) for name, forms in FORMATS.items() for form in forms
]


@pytest.mark.parametrize(("name", "form"), CASES)
def test_golden(isg, shop: Path, name: str, form: str) -> None:
    arguments = QUESTIONS[name].split() + (["--format", form] if form else [])
    outcome = isg(*arguments)
    assert outcome.status == 0, outcome.err
    if not form:
        assert len(outcome.out.splitlines()) <= 45, "text answers are short"
    compare(GOLDEN / f"{name}.{form or 'txt'}", outcome.out)


DEPOT = {
    "who-implements-trait": "who-implements Tariff --methods",
    "who-implements-trait-method": "who-implements Tariff::price",
    "who-implements-interface": "who-implements Transport --methods --near",
    "find-cycles": "find-cycles",
    "find-cycles-class": "find-cycles --level class",
    "stats": "stats",
    "coverage": "coverage",
    "paths": "paths App Money",
    "context": "context Route::price --budget 300",
    "context-tsx": "context App --budget 400",
    "map": "map --budget 400 --path core",
    "blast-radius": "blast-radius Money.plus",
    "blast-radius-trait": "blast-radius Tariff::price",
    "blast-radius-to-rust": "blast-radius Tariff::price --to price(&self)",
    "blast-radius-tests-rust": "blast-radius Tariff::price --tests",
    "blast-radius-tests-typescript": "blast-radius Money.plus --tests",
    "symbols": "symbols price",
    "show-rust": "show Network::route",
    "show-typescript": "show Client.quote",
    "show-test": "show every_leg_is_paid_for",
    "hotspots": "hotspots --limit 12",
    "hotspots-class": "hotspots --level class",
    "callers": "callers Tariff::price",
    "callees": "callees Client.quote",
    "refs": "refs Leg",
    "why": "why Basket.add Client.quote",
    "why-rust": "why depot_quote::quote Tariff::name",
    "export-symbols": "export --what symbols --limit 0 --format jsonl",
}
DEPOT_JSON = (
    "who-implements-trait",
    "find-cycles",
    "blast-radius",
    "context",
    "show-rust",
    "show-typescript",
)
DEPOT_CASES = [(name, "") for name in DEPOT] + [(name, "json") for name in DEPOT_JSON]


@pytest.mark.parametrize(("name", "form"), DEPOT_CASES)
def test_golden_of_three_languages(isg, depot: Path, name: str, form: str) -> None:
    arguments = DEPOT[name].split() + (["--format", form] if form else [])
    outcome = isg(*arguments)
    assert outcome.status == 0, outcome.err
    compare(GOLDEN / "depot" / f"{name}.{form or 'txt'}", outcome.out)


def test_index_report(isg, own_shop: Path) -> None:
    text = isg("index", "--jobs", "1", "--stats").out
    compare(GOLDEN / "index.txt", re.sub(r"\d+\.\d\d", "0.00", text))


def compare(golden: Path, text: str) -> None:
    if os.environ.get("ISG_UPDATE") == "1":
        golden.parent.mkdir(exist_ok=True, parents=True)
        golden.write_text(text, encoding="utf-8")
    assert golden.exists(), f"no golden: ISG_UPDATE=1 writes {golden.name}"
    assert text == golden.read_text(encoding="utf-8")
