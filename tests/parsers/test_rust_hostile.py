"""Any bytes give facts; what could not be understood is said, and the rest still counts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rust_facts import facts_of, symbols

from isg.parsers.facts import decode, encode
from isg.parsers.parse import parse


@pytest.mark.parametrize(
    "source",
    [
        "fn f() {" + "(" * 10_000 + ")" * 10_000 + "}",
        "const X: u8 = " + "[" * 10_000 + "]" * 10_000 + ";",
        "fn f() " + "{" * 10_000 + "}" * 10_000,
        "{" * 10_000,
        ")" * 10_000,
        "fn f() {" + "f(" * 10_000 + ")" * 10_000 + "}",
        "fn f() { a" + ".b()" * 10_000 + "}",
        "fn f() { a" + "?" * 10_000 + "}",
        "fn f() { a" + "[0]" * 10_000 + "}",
        "fn f() { a" + " + b" * 10_000 + "}",
        "fn f() {" + "&" * 10_000 + "a }",
        "fn f() {" + "|x| " * 3_000 + "a }",
        "fn f() { if a {} " + "else if b {} " * 3_000 + "}",
        "fn f() { match a { " * 1_000 + "}}" * 1_000,
        "fn f() { let " + "(" * 3_000 + "x" + ",)" * 3_000 + " = a; }",
        "type A = " + "Vec<" * 3_000 + "u8" + ">" * 3_000 + ";",
        "type A = a" + "::b" * 10_000 + ";",
        "use " + "a::{" * 3_000 + "b" + "}" * 3_000 + ";",
        "mod a {" * 3_000 + "}" * 3_000,
        "impl A { fn f() {" * 1_000 + "}}" * 1_000,
        "fn f() {" + "m!(" * 3_000 + ")" * 3_000 + "}",
        "m! {" * 3_000 + "}" * 3_000,
        "macro_rules! m { () => {" * 300 + "}}" * 300,
        "#[cfg_attr(a, " * 1_000 + ")]" * 1_000 + " fn f() {}",
        "/*" * 10_000,
        'r#"' * 20_000,
        'r##" "# ' * 20_000,
        '"' * 10_001,
        "fn f() {" + "m!(" + "a b " * 50_000 + ") }",
        "macro_rules! m { ($($x:tt)*) => { m!($($x)* $($x)*); m!($($x)* $($x)*); } } m!(a);",
        "macro_rules! m { ($x:tt $($y:tt)*) => { struct A; m!($($y)*); } } m!(" + "a " * 20_000 + ");",
        "macro_rules! m {" + "(a $($x:tt)* b) => {};" * 2_000 + "} " + "m!(a a a a);" * 2_000,
        "macro_rules! m { " + "(" * 10_000 + ")" * 10_000 + " => {} } m!();",
        "macro_rules! m { (" + "$(" * 3_000 + "$x:tt" + ")*" * 3_000 + ") => { struct A; } } m!(a b);",
        "macro_rules! m { ($x:ty) => { impl A for $x {} } } m!(" + "fn() -> " * 20_000 + "u8);",
        "macro_rules! m { ($x:ty) => { impl A for $x {} } } m!(" + "A<" * 20_000 + "u8" + ">" * 20_000 + ");",
        "macro_rules! m {" + "($x:ty ;) => {};" * 2_000 + "} m!(" + "A<" * 20_000 + ");",
        "macro_rules! m { ($x:item) => { $x } } m!(" + "#[a] " * 20_000 + "struct A;);",
    ],
    ids=lambda source: source[:16],
)
def test_nesting_and_repetition_never_overflow(source: str) -> None:
    facts = parse("rust", f"{source}\nfn last() {{}}\n".encode())
    assert decode(encode(facts)) == facts
    assert facts.symbols[0].name == "<module>"


def test_what_the_macros_of_a_file_give_is_bounded() -> None:
    """Beyond some tokens for each byte of the file they are as unread as those of other files."""
    rule = "($($x:ident)*) => { " + "$(struct $x; impl A for $x {})*" * 300 + " }"
    facts = facts_of(f"macro_rules! m {{ {rule} }} {'m!(' + 'a ' * 300 + ');'}\nstruct Last;\n")
    assert len(facts.symbols) < 20_000
    assert facts.symbols[-1].name == "Last"


def test_too_deep_is_said_and_what_follows_is_read() -> None:
    facts = facts_of("fn f() { " + "(" * 2_000 + ")" * 2_000 + " }\nfn g() { h() }\n")
    assert [(each.code, each.line) for each in facts.diagnostics] == [("too-deep", 1)]
    assert [each.name for each in facts.references] == ["h"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("fn f( {\n}\n\nfn g() {}\n", ["function g"]),
        ("struct A { x: }\nfn f() {}\n", ["function f"]),
        ("impl A { fn f(&self) {} fn g( }\nfn h() {}\n", ["impl A", "method A.f"]),
        ("let = 3;\nmod a { fn f() {} }\n", ["namespace a", "function a.f"]),
    ],
)
def test_the_rest_of_a_broken_file_counts(source: str, expected: list[str]) -> None:
    assert set(expected) <= set(symbols(source))


def test_a_file_of_more_macros_than_are_read_has_its_items() -> None:
    rules = "macro_rules! m {\n" + "    (a b c, $x:tt) => { f($x) };\n" * 3_000 + "}\n"
    facts = facts_of(f"fn before() {{ g() }}\n{rules}fn after() {{ h() }}\n")
    assert [(each.code, each.line > 1) for each in facts.diagnostics] == [("macros", True)]
    assert {"before", "m", "after"} <= {each.name for each in facts.symbols}
    assert {"g", "h"} <= {each.name for each in facts.references}


def test_syntax_errors_have_spans_and_a_limit() -> None:
    assert {each.code for each in facts_of("fn f() { let = ; }\n").diagnostics} == {"syntax-error"}
    assert 0 < len(facts_of("fn ) {\n" * 100).diagnostics) <= 20


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ("// é\nfn é() {}\n".encode(), []),
        ("\ufefffn é() {}\n".encode(), []),
        ("#!/usr/bin/env rust-script\nfn é() {}\n".encode(), []),
        ("// \nfn é() {}\r\n".encode(), []),
        (b"// \xff\nfn \xc3\xa9() {}\n", ["encoding"]),
    ],
)
def test_encodings(source: bytes, codes: list[str]) -> None:
    facts = parse("rust", source)
    assert [each.code for each in facts.diagnostics] == codes
    assert facts.symbols[-1].name == "é"


def test_an_empty_file_is_a_module() -> None:
    facts = parse("rust", b"")
    assert (facts.lines, [each.kind for each in facts.symbols], facts.references) == (0, ["module"], ())


_WORDS = """
fn struct enum union trait impl for mod use extern crate macro_rules! type const static let if else match
while loop return break continue where unsafe async await move ref mut dyn self Self super pub in as x y A B
T 'a 1 "s" ( ) [ ] { } < > :: : ; , . .. ..= = == => -> + - * / & && | || ! ? @ # $ $x _ #[a] #[derive(A)]
#[cfg(b)] /// //! /* */ r#" \\ m!( vec![ é
"""
_PIECES = st.sampled_from([*_WORDS.split(), "\n", "\0", "\r"])


@given(st.lists(_PIECES, max_size=60).map(" ".join))
@settings(max_examples=150)
def test_any_tokens(source: str) -> None:
    facts = parse("rust", source.encode())
    assert decode(encode(facts)) == facts


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_any_bytes(source: bytes) -> None:
    facts = parse("rust", source)
    assert decode(encode(facts)) == facts
    assert parse("rust", source) == facts
