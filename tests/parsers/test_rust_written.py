"""Items that a macro of the same file writes: which there are, where they stand, and what is said of them."""

# ruff: noqa: E501  (tables of sources: one case a line)

from __future__ import annotations

import pytest
from rust_facts import facts_of, place, references, symbols

from isg.parsers.rust.effort import Effort
from isg.parsers.rust.expanded import Expanded
from isg.parsers.rust.lexing import tokens_of
from isg.parsers.rust.rules import rules_of
from isg.parsers.rust.transcribing import transcribed


def written(rules: str, given: str) -> str:
    """What a macro of these rules makes of some tokens, white space made one blank."""
    macro = rules_of(tokens_of(rules, 0, len(rules)))
    tokens = tokens_of(given, 0, len(given), int)
    return " ".join(Expanded(transcribed(macro, tokens, Effort(10_000))).text.split())


@pytest.mark.parametrize(
    ("rules", "given", "expected"),
    [
        ("($a:ident) => { struct $a; }", "A", "struct A;"),
        ("($($a:ident),* $(,)?) => { $(struct $a;)* }", "A, B,", "struct A; struct B;"),
        ("($($a:ident: $b:ty),+) => { $(type $a = $b;)+ }", "A: Vec<B, C>, D: &'a mut [u8]", "type A = Vec<B, C>; type D = &'a mut [u8];"),
        ("($a:ty => $b:expr) => { const C: $a = $b; }", "fn(u8) -> A + B => f::<A, B>(1, 2)", "const C: fn(u8) -> A + B = f::<A, B>(1, 2);"),
        ("($v:vis $a:ident) => { $v struct $a; }", "pub(crate) A", "pub(crate) struct A;"),
        ("($v:vis struct $a:ident) => { $v enum $a {} }", "struct A", "enum A {}"),
        ("($(#[$m:meta])* $a:ident) => { $(#[$m])* struct $a; }", "/// Says.\n#[cfg(x)] A", '#[doc = " Says."] #[cfg(x)] struct A;'),
        ("($($i:item)*) => { mod a { $($i)* } }", "fn f() {} const A: u8 = {1}; struct B(u8);", "mod a { fn f() {} const A: u8 = {1}; struct B(u8); }"),
        ("(a) => { struct A; }; ($a:tt) => { struct B; };", "(b c)", "struct B;"),
        ("($a:lifetime $b:literal $c:path) => { impl<$a> C<$b> for $c {} }", "'x -1 ::a::B<'x>", "impl<'x> C<-1> for ::a::B<'x> {}"),
        ("($($a:ident { $($b:ident)* })*) => { $(enum $a { $($b,)* })* }", "A { B C } D {}", "enum A { B, C, } enum D { }"),
        ("($a:ident) => { impl $crate::T for $a { fn f() -> u8 { $a } fn g(x: fn() -> u8); } }", "A", "impl crate::T for A { fn f() -> u8 { } fn g(x: fn() -> u8); }"),
        ("($a:ty) => { impl A for $a {} }", "<B as C<D>>::E", "impl A for <B as C<D>>::E {}"),
        ("($a:block $b:pat => $c:tt) => { $c }", "{ x } Some(y) | None => [z]", "[z]"),
    ],
)  # fmt: skip
def test_the_first_rule_that_takes_the_tokens_says_what_is_written(
    rules: str, given: str, expected: str
) -> None:
    assert written(rules, given) == expected


def test_what_two_uses_write_under_one_name_is_there_once() -> None:
    """Only one of them is in a build: they stand under different `cfg`s."""
    source = """
        macro_rules! m { ($a:ident: $b:ident) => { /// It.
            trait $a: $b {} impl $b for u8 {} fn $a() {} } }
        #[cfg(x)] m!(A: B);
        #[cfg(not(x))] m!(A: C);
        mod other { m!(A: B); }
    """
    here = ["trait A", "function A", "impl u8", "impl u8", "namespace other"]
    there = ["trait other.A", "function other.A", "impl other.u8"]
    assert sorted(symbols(source)[1:]) == sorted([*here, *there])


@pytest.mark.parametrize(
    ("macro", "expected"),
    [
        ("($($t:ty)*) => { $(impl X for $t { fn m(&self) -> u8 { 1 } })* }", ["impl A", "method A.m", "impl B", "method B.m"]),
        ("($a:ident $b:ident) => { struct $a { x: u8 } enum $b { One } }", ["struct A", "field A.x", "enum B", "constant B.One"]),
        ("($($t:ident)*) => { inner!($($t),*); } ", []),  # no macro of this file
        ("($a:ident) => { struct $a; }", []),  # takes no two
        ("($a:ident $b:ident) => { $a + $b }", []),
    ],
)  # fmt: skip
def test_a_macro_writes_items_where_it_is_used(macro: str, expected: list[str]) -> None:
    assert symbols(f"macro_rules! m {{ {macro} }}\nm!(A B);")[1:] == expected


def test_macros_write_uses_of_macros() -> None:
    source = "macro_rules! one { ($t:ident) => { struct $t; } } macro_rules! all { ($($t:ident)*) => { $(one!($t);)* } } all!(A B);"
    assert symbols(source) == ["macro one", "macro all", "struct A", "struct B"]


def test_members_are_written_where_the_macro_is_used() -> None:
    source = "macro_rules! m { ($n:ident) => { fn $n(&self) {} } } struct A; impl A { m!(f); fn g() {} }"
    assert symbols(source) == ["macro m", "struct A", "impl A", "method A.f", "method A.g"]


def test_what_is_named_in_the_use_stands_there_and_all_else_at_the_use() -> None:
    source = """\
        macro_rules! m { ($($t:ident)*) => { $(pub struct $t; impl $t { fn go(&self) -> $t { $t } })* struct Extra; } }

        m! {
            A
            B
        }
    """
    facts = facts_of(source)
    assert [symbol.line for symbol in facts.symbols if symbol.name == "go"] == [1, 2]
    names = {name: next(each for each in facts.symbols if each.name == name) for name in ("A", "B", "Extra")}
    assert [place(facts, each) for each in names.values()] == [(4, 5), (5, 5), (3, 1)]
    extra, one = names["Extra"], names["B"]
    assert [
        (facts.units[each.unit] + each.start, facts.units[each.unit] + each.end) for each in (extra, one)
    ] == [(3, 6), (5, 5)]
    assert {each.signature for each in facts.symbols if each.kind == "method"} == {
        "fn go(&self) -> A",
        "fn go(&self) -> B",
    }


def test_what_a_use_names_is_referred_to_once_and_as_what_it_is_written_for() -> None:
    source = "macro_rules! m { ($($t:ident)*) => { $(impl X for $t { fn m(&self) -> Y { f() } } impl Z for $t {})* } } m!(A);"
    assert references(source, "TYPE", "IMPLEMENT", "READ", "CALL") == [
        "CALL NAME m! @ <module>",
        "IMPLEMENT NAME X @ A",
        "TYPE NAME A @ A",
        "IMPLEMENT NAME Z @ A",
    ]


def test_nothing_in_a_macro_that_a_macro_writes_is_a_reference() -> None:
    source = "macro_rules! m { ($n:ident) => { macro_rules! $n { ($x:expr) => { f($x) }; } } } m!(other);"
    assert references(source, "CALL", "READ") == ["CALL NAME m! @ <module>"]
    assert symbols(source) == ["macro m", "macro other"]
