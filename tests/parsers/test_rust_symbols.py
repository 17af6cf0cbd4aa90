"""Definitions of Rust: which there are, and what is said of each."""

# ruff: noqa: E501  (tables of sources: one case a line)

from __future__ import annotations

import pytest
from rust_facts import facts_of, place, shown, symbol, symbols


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("fn f() {}", ["function f"]),
        ("struct A;", ["struct A"]),
        ("struct A { x: u8, pub y: B }", ["struct A", "field A.x", "field A.y"]),
        ("struct A(u8, pub B);", ["struct A"]),
        ("union A { x: u8 }", ["union A", "field A.x"]),
        (
            "enum A { B, C(u8), D { x: u8 }, E = 3 }",
            ["enum A", "constant A.B", "constant A.C", "constant A.D", "field A.D.x", "constant A.E"],
        ),
        (
            "trait A { type B; const C: u8; fn f(&self); fn g() {} }",
            ["trait A", "type_alias A.B", "constant A.C", "method A.f", "method A.g"],
        ),
        ("impl A { const C: u8 = 1; fn f() {} }", ["impl A", "constant A.C", "method A.f"]),
        ("impl<T> B<T> for a::A<T> { type X = T; }", ["impl A", "type_alias A.X"]),
        ("impl<T: X> A for T {}", ["impl T"]),
        ("impl A for &mut [u8] {}", ["impl []"]),
        ("impl A for Box<dyn B> {}", ["impl Box"]),
        ("impl A for dyn B + Send {}", ["impl B"]),
        ("impl A for (B, C) {}", ["impl ()"]),
        ("impl A for fn() {}", ["impl fn"]),
        ("impl A for *const u8 {}", ["impl u8"]),
        ("type A<T> = B<T>;", ["type_alias A"]),
        ("const A: u8 = 1; static mut B: u8 = 2;", ["constant A", "variable B"]),
        ("const _: () = ();", ["constant _"]),
        ("mod a { fn f() {} mod b { struct C; } }", ["namespace a", "function a.f", "namespace a.b", "struct a.b.C"]),
        ("mod a;", []),
        ("use a::b; extern crate c;", []),
        ("macro_rules! m { () => { fn f() {} }; ($a:expr) => { g($a) } }", ["macro m"]),
        ("macro_rules! m { () => { fn f() {} mod a; } }", ["macro m", "function m.f"]),
        ('extern "C" { fn f(); static X: u8; }', ["function f", "variable X"]),
        ("fn f() { fn g() {} struct A; impl A { fn h() {} } const B: u8 = { fn k() {} 1 }; }", ["function f", "function f.g", "struct f.A", "impl f.A", "method f.A.h", "constant f.B", "function f.B.k"]),
        ("fn f() { let x = 1; for y in z {} }", ["function f"]),
        ("#[cfg(a)] fn f() {}\n#[cfg(not(a))] fn f() {}", ["function f", "function f"]),
        ("cfg_rt! { pub fn f() {} impl A {} }", ["function f", "impl A"]),
        ("cfg_rt! { #![all(a)] mod b; pub fn f() {} other! { struct A; } }", ["function f", "struct A"]),
        ("cfg_rt! { cfg_fs! { struct A; } }", ["struct A"]),
        ("cfg_if! { if #[cfg(a)] { fn f() {} } else { fn g() {} } }", ["function f", "function g"]),
        ("m! { f() }\nm!(a => b);", []),
        ("fn r#type() {}", ["function type"]),
        ("async fn f() {} unsafe fn g() {} const fn h() {}", ["function f", "function g", "function h"]),
    ],
)  # fmt: skip
def test_the_symbols_of(source: str, expected: list[str]) -> None:
    assert symbols(source + "\n") == expected


@pytest.mark.parametrize(
    ("source", "signature"),
    [
        ("pub fn it<T>(a: &T, mut b: u8) -> Vec<T> where T: A { }", "pub fn it<T>(a: &T, mut b: u8) -> Vec<T> where T: A"),
        ("fn it(\n    a: u8, // first\n    b: Vec<\n        u8,\n    >,\n) -> u8 {}", "fn it(a: u8, b: Vec<u8>) -> u8"),
        ("trait A { fn it(&self) -> u8; }", "fn it(&self) -> u8"),
        ("#[derive(A)]\npub(crate) struct it<T> { a: T }", "pub(crate) struct it<T>"),
        ("struct it(pub u8, T);", "struct it(pub u8, T)"),
        ("struct it;", "struct it"),
        ("pub enum it { A }", "pub enum it"),
        ("enum A { it { a: u8, b: u8 } }", "it { a: u8, b: u8 }"),
        ("struct A { /// doc\n pub it: Vec<u8> }", "pub it: Vec<u8>"),
        ("pub unsafe trait it: A + B {}", "pub unsafe trait it: A + B"),
        ("type it<T> = Vec<T>;", "type it<T> = Vec<T>"),
        ("trait A { type it: B; }", "type it: B"),
        ("const it: u8 = 3;", "const it: u8 = 3"),
        ("const it: &str = \"text\";", 'const it: &str = "text"'),
        ("static it: A = A::new();", "static it: A = …"),
        ("pub mod it {}", "pub mod it"),
        ("macro_rules! it { () => {} }", "macro_rules! it"),
        ("impl<T> A<T> for it<T>\nwhere\n    T: B,\n{}", "impl<T> A<T> for it<T> where T: B"),
    ],
)  # fmt: skip
def test_a_signature_is_one_clean_line(source: str, signature: str) -> None:
    assert symbol(facts_of(source), "it").signature == signature


@pytest.mark.parametrize(
    ("source", "visibility"),
    [
        ("pub fn it() {}", "public"),
        ("fn it() {}", "private"),
        ("pub(crate) fn it() {}", "protected"),
        ("pub(in a::b) fn it() {}", "protected"),
        ("pub(self) fn it() {}", "private"),
        ("trait A { fn it(); }", "public"),
        ("impl A { fn it() {} }", "private"),
        ("impl A { pub fn it() {} }", "public"),
        ("impl A for B { fn it() {} }", "public"),
        ("struct A { it: u8 }", "private"),
        ("enum A { B { it: u8 } }", "public"),
        ("enum A { it }", "public"),
        ("macro_rules! it { () => {} }", "private"),
        ("#[macro_export]\nmacro_rules! it { () => {} }", "public"),
        ("pub mod it {}", "public"),
    ],
)
def test_visibility(source: str, visibility: str) -> None:
    assert symbol(facts_of(source), "it").visibility == visibility


@pytest.mark.parametrize(
    ("source", "modifiers"),
    [
        ("fn it() {}", ()),
        ('pub const unsafe extern "C" fn it() {}', ("const", "unsafe", "extern")),
        ("async fn it() {}", ("async",)),
        ("#[test]\nfn it() {}", ("test",)),
        ('#[tokio::test(flavor = "x")]\nasync fn it() {}', ("test", "async")),
        ("#[cfg(test)]\nmod it {}", ("conditional", "test")),
        ('#[cfg(all(test, feature = "x"))]\nmod it {}', ("conditional", "test")),
        ("#[cfg(not(test))]\nmod it {}", ("conditional",)),
        ('#[cfg(feature = "test")]\nmod it {}', ("conditional",)),
        ("#[cfg_attr(a, test)]\nfn it() {}", ("test",)),
        ("#[deprecated]\n#[must_use]\nfn it() {}", ("deprecated", "must_use")),
        ("trait A { fn it(); }", ("abstract",)),
        ("trait A { type it; }", ("abstract",)),
        ("trait A { const it: u8; }", ("abstract",)),
        ("trait A { const it: u8 = 1; }", ()),
        ("unsafe trait it {}", ("unsafe",)),
        ("unsafe impl A for it {}", ("unsafe",)),
        ("impl !A for it {}", ("negative",)),
        ("enum A { it }", ("variant",)),
        ('extern "C" { fn it(); }', ("extern",)),
        ("/// Says.\n///\n/// ```\n/// it();\n/// ```\nfn it() {}", ("doctest",)),
        ("/// ```rust,no_run\n/// it();\n/// ```\nfn it() {}", ("doctest",)),
        ("/// ```text\n/// it\n/// ```\nfn it() {}", ()),
        ("/// ```ignore\n/// it\n/// ```\nfn it() {}", ()),
    ],
)
def test_modifiers(source: str, modifiers: tuple[str, ...]) -> None:
    assert symbol(facts_of(source), "it").modifiers == modifiers


@pytest.mark.parametrize(
    ("source", "doc"),
    [
        ("/// One\n/// line.\n///\n/// More.\nfn it() {}", "One line."),
        ("/** Says this.\n * And that.\n */\nfn it() {}", "Says this. And that."),
        ('#[doc = "Said"]\nfn it() {}', "Said"),
        ("/// Before\n#[inline]\n/// and after.\nfn it() {}", "Before and after."),
        ("// no doc\n//// nor this\n/*** nor this */\nfn it() {}", ""),
        ("mod it {\n    //! Inside.\n}", "Inside."),
        ("struct A {\n /// Field.\n it: u8 }", "Field."),
        ("enum A {\n /// Variant.\n it }", "Variant."),
        ("impl A {\n /// Method.\n fn it() {} }", "Method."),
    ],
)
def test_documentation(source: str, doc: str) -> None:
    assert symbol(facts_of(source), "it").doc == doc


def test_a_file_is_documented_by_its_inner_comments() -> None:
    assert facts_of("#![no_std]\n//! The crate.\n//!\n//! More.\nfn f() {}\n").symbols[0].doc == "The crate."


def test_places_are_those_of_names_and_count_bytes() -> None:
    facts = facts_of("/* é */ mod a {\n    /// doc\n    #[inline]\n    pub fn it() {\n    }\n}\n")
    fact = symbol(facts, "it")
    assert place(facts, fact) == (4, 12)
    assert (facts.units[fact.unit] + fact.start, facts.units[fact.unit] + fact.end) == (2, 5)
    assert place(facts, symbol(facts, "a")) == (1, 14)


def test_a_unit_begins_with_what_stands_before_the_item() -> None:
    facts = facts_of("use a;\n\n/// doc\n#[b]\nfn f() {}\n// none\nfn g() {}\n")
    assert facts.units == (1, 1, 3, 7)


def test_a_line_above_moves_units_only() -> None:
    source = "/// doc\nfn f() { g() }\nstruct A { x: u8 }\n"
    before, after = facts_of(source), facts_of("\n" + source)
    assert before.symbols[1:] == after.symbols[1:]
    assert before.references == after.references


@pytest.mark.parametrize(
    ("source", "heads"),
    [
        ("trait it: A<B> + c::D + ?Sized + 'static {}", ["A[B]", "c.D"]),
        ("trait it {}", []),
    ],
)
def test_supertraits(source: str, heads: list[str]) -> None:
    facts = facts_of(source)
    assert [shown(facts, term) for term in symbol(facts, "it").bases] == heads


@pytest.mark.parametrize(
    ("source", "keywords"),
    [
        ("impl it {}", ["self it"]),
        ("impl<T> a::B<T> for it<T> {}", ["self it[T]", "trait a.B[T]"]),
        ("impl !B for it {}", ["self it"]),
        ("#[derive(Debug, serde::Serialize)] struct it;", ["implements Debug", "implements serde.Serialize"]),
        ("#[cfg_attr(a, derive(Clone))] #[derive(Eq,)] enum it {}", ["implements Clone", "implements Eq"]),
    ],
)
def test_what_a_head_implements(source: str, keywords: list[str]) -> None:
    facts = facts_of(source)
    assert [f"{word} {shown(facts, term)}" for word, term in symbol(facts, "it").keywords] == keywords


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("fn it() { a(b) }", "fn it() {\n    a( b ) // says\n}", True),
        ("fn it() { a(b) }", "fn it() { a(/* x */ b) }", True),
        ("fn it() { a(b) }", "fn it() { a(c) }", False),
        ('fn it() { a("x  y") }', 'fn it() { a("x y") }', False),
        ('fn it() { a("// x") }', 'fn it() { a("// y") }', False),
        ("fn it() { a(' ') }", "fn it() { a('') }", False),
        ("fn it<'a>(x: &'a u8) { b }", "fn it<'a>(x: &'a u8) { b\n }", True),
        ('fn it() { r#"a " b"# }', 'fn it() { r#"a "  b"# }', False),
    ],
)
def test_a_body_hash_is_of_code(one: str, other: str, same: bool) -> None:
    first, second = symbol(facts_of(one), "it"), symbol(facts_of(other), "it")
    assert (first.body_hash == second.body_hash) is same


def test_a_signature_hash_is_of_the_head() -> None:
    one, other, changed = (
        symbol(facts_of(source), "it")
        for source in ("fn it(a: u8) { b }", "fn it(\n    a: u8,\n) { c }", "fn it(a: u16) { b }")
    )
    assert one.signature_hash == other.signature_hash != changed.signature_hash


@pytest.mark.parametrize(
    "source",
    [
        "fn f() { a(str![[1]]); }",
        "fn f(a: &(dyn 'a + Tr), b: Box<dyn 'static + Fn() + Send>) -> impl 'a + Tr {}",
        "unsafe auto trait S {}",
        "fn f() { if p(T![~]) {} }",
        'fn f() { g("\'r#"); }\nfn h() {}',
        "thread_local! { static A: u8 = const { 1 } }",
    ],
)
def test_what_the_grammar_does_not_know_is_read_nevertheless(source: str) -> None:
    assert facts_of(source).diagnostics == ()
