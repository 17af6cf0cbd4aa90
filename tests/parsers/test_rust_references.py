"""References of Rust: which mentions count, as what, and from where."""

# ruff: noqa: E501  (tables of sources: one case a line)

from __future__ import annotations

import pytest
from rust_facts import facts_of, imports, place, references, shown

from isg.parsers.facts import ParameterKind


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("fn f() { g(); }", ["CALL NAME g @ f"]),
        ("fn f(a: u8) { a(); a }", ["CALL NAME Use(a) @ f"]),
        ("impl A { fn f(self) { self.g(); } }", ["TYPE NAME A @ A", "CALL SELF Use(self).g @ f"]),
        ("fn f(a: u8) { a.g(); a.b.g(); }", ["CALL ATTRIBUTE Use(a).g @ f", "READ ATTRIBUTE Use(a)..b @ f", "CALL CHAIN Use(a)..b.g @ f"]),
        ("fn f() { A::g(); m::A::g(); }", ["TYPE NAME A @ f", "CALL ATTRIBUTE A.g @ f", "TYPE CHAIN m.A @ f", "CALL CHAIN m.A.g @ f"]),
        ("fn f() { Self::g(); }", ["CALL SELF Self.g @ f"]),
        ("fn f(a: u8) { a.b = 1; a.b += 1; a.0 = 2; }", ["WRITE ATTRIBUTE Use(a)..b @ f", "WRITE ATTRIBUTE Use(a)..b @ f", "IMPLICIT CHAIN Use(a)..b.add_assign @ f"]),
        ("fn f() { A { x: 1, ..B }; }", ["TYPE NAME A @ f", "WRITE CHAIN New A(x=<int>, ..=B)..x @ f", "READ NAME B @ f"]),
        ("fn f(x: u8) { A { x }; }", ["TYPE NAME A @ f", "WRITE CHAIN New A(x=Use(x))..x @ f"]),
        ("fn f() { C; m::C; }", ["READ NAME C @ f", "TYPE NAME m @ f", "READ ATTRIBUTE m.C @ f"]),
        ("fn f() -> A<m::B> {}", ["TYPE NAME A @ f", "TYPE ATTRIBUTE m.B @ f"]),
        ("struct A { x: B }", ["TYPE NAME B @ A"]),
        ("enum A { X(B), Y { z: C } }", ["TYPE NAME B @ A", "TYPE NAME C @ A"]),
        ("trait A: B { type C: D; }", ["INHERIT NAME B @ A", "TYPE NAME D @ C"]),
        ("impl<T: X> A<T> for m::B<T> where T: Y {}", ["TYPE NAME X @ B", "IMPLEMENT NAME A @ B", "TYPE NAME T @ B", "TYPE ATTRIBUTE m.B @ B", "TYPE NAME T @ B", "TYPE NAME T @ B", "TYPE NAME Y @ B"]),
        ("impl !A for B {}", ["TYPE NAME A @ B", "TYPE NAME B @ B"]),
        ("#[derive(A, m::B)] struct C;", ["IMPLEMENT NAME A @ C", "IMPLEMENT CHAIN m.B @ C"]),
        ("const C: A = g();", ["TYPE NAME A @ C", "CALL NAME g @ C"]),
        ("fn f(a: u8) { match a { N => 1, E::V(x) => 2, S { y, .. } => 3, 0..=M => 4, _ => 5 }; }", ["READ NAME N @ f", "TYPE NAME E @ f", "READ ATTRIBUTE E.V @ f", "TYPE NAME S @ f", "READ CHAIN Payload(Use(a), S, y) @ f", "READ NAME M @ f"]),
        ("fn f(a: u8) { a == b; a[0]; !a; for x in a {} }", ["IMPLICIT CHAIN Use(a).eq @ f", "READ NAME b @ f", "IMPLICIT CHAIN Use(a).index @ f", "IMPLICIT CHAIN Use(a).not @ f", "IMPLICIT CHAIN Use(a).into_iter @ f"]),
        ("fn f(a: u8) { 1 + a; 1 == 2; for x in 0..9 {} }", []),
        ("fn f() { || g(); }", ["CALL NAME g @ f"]),
        ("fn f() { fn h() { g() } }", ["CALL NAME g @ h"]),
        ("mod m { fn f() { g() } }", ["CALL NAME g @ f"]),
    ],
)  # fmt: skip
def test_references_of(source: str, expected: list[str]) -> None:
    assert references(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('fn f(a: A) { println!("{}", a.b(c())); }', ["CALL NAME println! @ f", "CALL ATTRIBUTE Use(a).b @ f", "CALL NAME c @ f"]),
        ("fn f(a: A) { vec![g(); 3]; }", ["CALL NAME vec! @ f", "CALL NAME g @ f"]),
        ("fn f(a: A) { m::x! { a.g() } }", ["CALL CHAIN m::x! @ f", "CALL ATTRIBUTE Use(a).g @ f"]),
        ("fn f(a: A) { assert!(matches!(a.g(), Some(x) if x.h())); }", ["CALL NAME assert! @ f", "CALL NAME matches! @ f", "CALL ATTRIBUTE Use(a).g @ f", "CALL ATTRIBUTE Use(x).h @ f"]),
        ("fn f(a: A) { x!(a => g(a), b => { h() }); }", ["CALL NAME x! @ f", "CALL NAME g @ f", "CALL NAME h @ f"]),
        ("fn f() { x!(fn y(z) -> ; g()); }", ["CALL NAME x! @ f", "CALL NAME g @ f"]),
        ("fn f() { quote! { g() } }", ["CALL NAME quote! @ f"]),
        ("x!(g());", ["CALL NAME x! @ <module>", "CALL NAME g @ <module>"]),
        ("x! { fn f() { g() } }", ["CALL NAME x! @ <module>", "CALL NAME g @ f"]),
        ("macro_rules! m { ($a:expr) => { g($a, B::c()) } }", []),
        ("macro_rules! m { () => { fn f() { g() } } }", ["CALL NAME g @ f"]),
    ],
)  # fmt: skip
def test_what_macros_are_given_is_searched_for_calls(source: str, expected: list[str]) -> None:
    assert references(source, "CALL") == expected


def test_places_in_macros_are_those_of_the_file() -> None:
    facts = facts_of('fn f(a: A) {\n    x!("é", a.b(\n        g(),\n    ));\n}\n')
    assert {each.name: place(facts, each) for each in facts.references if each.role.name == "CALL"} == {
        "x": (2, 5),
        "b": (2, 16),
        "g": (3, 9),
    }


def test_a_call_knows_its_arguments_without_the_receiver() -> None:
    facts = facts_of("fn f(a: A) { a.g(1, 2); B::h(a); }")
    assert {each.name: each.arguments for each in facts.references if each.role.name == "CALL"} == {
        "g": 2,
        "h": 1,
    }


def test_a_function_says_where_it_calls_a_parameter() -> None:
    facts = facts_of("fn f<F: Fn()>(a: u8, g: F) {\n    g();\n}\n")
    assert [each.called for each in facts.signatures if each.symbol == 1] == [((1, 1, 5),)]


@pytest.mark.parametrize(
    ("matcher", "expected"),
    [
        ("()", []),
        ("($a:expr)", ["$a"]),
        ("($a:expr, $b:ty $(,)?)", ["$a", "$b"]),
        ("($a:expr; $b:expr => $c:tt)", ["$a", "$b", "$c"]),
        ("($($a:tt)*)", ["$a", "*"]),
        ("(@inner $a:expr)", ["$a", "*@"]),
        ("($a:expr $b:expr)", ["$a", "$b", "*"]),
    ],
)
def test_what_a_rule_takes_besides_expressions_is_variadic(matcher: str, expected: list[str]) -> None:
    facts = facts_of(f"macro_rules! it {{ {matcher} => {{ 1 }} }}")
    (signature,) = facts.signatures
    found = [("*" if p.kind is ParameterKind.VARIADIC else "") + p.name for p in signature.parameters]
    assert found == expected


def test_a_rule_that_gives_an_expression_is_like_a_function() -> None:
    facts = facts_of(
        """
        macro_rules! it {
            ($e:expr) => { match $e { Ok(v) => v, Err(e) => return Err(e) } };
            ($($x:tt)*) => { impl A for $($x)* {} };
        }
        """
    )
    macro = facts.symbols[1]
    assert [[each.name for each in facts.signatures[number].parameters] for number in macro.signatures] == [
        ["$e"],
        ["$x", ""],
    ]
    assert facts.signatures[macro.signatures[1]].returned == ()
    (term,) = facts.signatures[macro.signatures[0]].returned
    (binding,) = facts.terms[term][1:]
    assert shown(facts, facts.bindings[int(binding)].term) == "Payload(Use($e), Ok, 0)"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("use a::b;", ["a | b |  | "]),
        ("use a;", [" | a |  | "]),
        ("use a::b as c;", ["a | b | c | "]),
        ("use a::B as _;", ["a | B | _ | "]),
        ("use a::{b, c::{self, d as e}, f::*, *};", ["a | b |  | ", "a | c |  | ", "a::c | d | e | ", "a::f | * |  | ", "a | * |  | "]),
        ("use a::b::{self as c};", ["a | b | c | "]),
        ("use {a, b::c};", [" | a |  | ", "b | c |  | "]),
        ("use ::a::b; use ::{c};", ["::a | b |  | ", ":: | c |  | "]),
        ("use self::a; use super::super::b; use crate::c;", ["self | a |  | ", "super::super | b |  | ", "crate | c |  | "]),
        ("pub use a::b; pub(crate) use c::*;", ["a | b |  | REEXPORT", "c | * |  | REEXPORT"]),
        ("#[cfg(x)] use a::b;", ["a | b |  | CONDITIONAL"]),
        ("fn f() { use a::b; }", ["a | b |  | LAZY"]),
        ("extern crate a; extern crate b as c;", ["a |  |  | ", "b |  | c | "]),
        ("mod a; pub mod b;", [" | a |  | DECLARES", " | b |  | REEXPORT DECLARES"]),
        ('#[path = "x/y.rs"] mod a;', ["x/y.rs | a |  | DECLARES"]),
        ('#[cfg_attr(c, path = "x.rs")] mod a;', [" | a |  | DECLARES", "x.rs | a |  | CONDITIONAL DECLARES"]),
        ("crate_root!();", ["crate_root! | * |  | REEXPORT"]),
    ],
)  # fmt: skip
def test_imports(source: str, expected: list[str]) -> None:
    assert imports(source) == expected


def test_an_import_is_bound_where_it_stands() -> None:
    facts = facts_of("use a::b; mod m { use c::d as e; use x::*; use y::Z as _; } fn f() { use g::h; }")
    assert [list(each.names) for each in facts.scopes if each.names] == [["b", "m", "f"], ["e"], ["h"]]
