"""JSDoc in JavaScript: which comments give types, and what cannot be read costs nothing but itself."""

from __future__ import annotations

import pytest
from typescript_facts import facts_of, references, symbols

from isg.parsers.facts import ImportFlag


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("/** @param {A} a */\nfunction f(a) {}", ["TYPE NAME A @ f"]),
        ("/** @returns {A | B} x */\nexport const f = () => 1", ["TYPE NAME A @ f", "TYPE NAME B @ f"]),
        ("/** @type {import('m').A} */\nlet x", ["TYPE ATTRIBUTE Import(m).A @ <module>"]),
        ("/** @param {A} */\n\nf(1)", ["CALL NAME f @ <module>"]),
        ("/* @type {A} */\nlet x", []),
        ("const s = `/** @typedef {A} B */`", []),
        ("class C {\n  /** @type {A} */\n  x\n}", ["TYPE NAME A @ C"]),
    ],
)
def test_types_in_comments_are_references(source: str, expected: list[str]) -> None:
    assert references(source + "\n", language="javascript") == expected


def test_other_languages_are_not_asked() -> None:
    assert references("/** @param {A} a */\nfunction f(a) {}\n", language="typescript") == []


@pytest.mark.parametrize(
    "broken",
    [
        "{",
        "{}",
        "{<}",
        "{a b}",
        "{{a: }",
        "{function(string): void}",
        "{?}",
        "{Array.<}",
        "{import(}",
        "{'}'",
    ],
)
def test_what_is_no_type_spoils_no_other(broken: str) -> None:
    source = f"/** @typedef {broken} One */\n/** @typedef {{A}} Two */\n"
    source += "/** @param {Two} b */\nfunction f(b) {}\n"
    assert "TYPE NAME Two @ f" in references(source, language="javascript")
    assert facts_of(source, "javascript").diagnostics == ()


@pytest.mark.parametrize(
    "comment",
    [
        '@import { A } @param {Two} b from "m"',  # an import that does not end
        '@import {@import {A} from "m"',
        "@type{A}@type{B}@type{C}",
        "@type {A @type {B} } @type {C}",
        "@param{A}a@returns{B}",
    ],
)
def test_tags_that_run_into_each_other_are_read_one_by_one(comment: str) -> None:
    source = f"/** {comment} */\n/** @param {{Two}} b */\nfunction f(b) {{}}\n"
    assert "TYPE NAME Two @ f" in references(source, language="javascript")


def test_what_is_imported_is_there_for_the_type_checker_only() -> None:
    source = '/** @import A, { B } from "m" */\n/** @typedef {import("n").C} C */\n'
    flags = [each.flags for each in facts_of(source, "javascript").imports]
    assert flags == [ImportFlag.TYPE_CHECKING] * 3


def test_types_that_are_named_are_symbols() -> None:
    source = "/**\n * @typedef {object} A\n * @property {B=} b\n */\n/** @callback C\n * @param {A} a */\n"
    assert symbols(source, "javascript") == ["type_alias A", "field A.b", "type_alias C"]
    places = {(each.name, each.line, each.column) for each in facts_of(source, "javascript").symbols[1:]}
    assert places == {("A", 1, 22), ("C", 4, 15), ("b", 2, 19)}
