"""Which mentions are references: their role, form, term, and the symbol that makes them."""

# ruff: noqa: E501  (tables of sources: one case a line)

from __future__ import annotations

import pytest
from typescript_facts import exports, facts_of, imports, place, references

from isg.parsers.facts import ReferenceFlag


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("f(); a.b(); a.b().c(); f()()", ["f", "a.b", "a.b", "a.b().c", "f", "f()"]),
        ("function g(p) { p(); p.m() }", ["Use(p)", "Use(p).m"]),
        ("new A(); new a.B<C>()", ["A", "a.B"]),
        ("f<T>(x)", ["f"]),
        ("a?.b?.(c)", ["a.b"]),
        ("a!.b!()", ["Non_null(a).b"]),
        ("tag`${f()}`", ["tag", "f"]),
        ("class A extends B { constructor() { super(); super.m() } }", ["Super(A, -1)", "Super(A, -1).m"]),
        ("@d() class A { @e() m() {} }", ["d", "e"]),
        ("import('m'); require('m')", []),
    ],
)
def test_calls(source: str, expected: list[str]) -> None:
    found = references(source, "CALL")
    assert sorted(each.split(" ", 2)[2].partition(" @")[0] for each in found) == sorted(expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<Foo a={b}><Bar.Baz/><div/></Foo>", ["CALL NAME Foo @ <module>", "READ NAME b @ <module>", "READ NAME Bar @ <module>", "CALL ATTRIBUTE Bar.Baz @ <module>"]),
        ("<></>", []),
        ("<Foo<A> {...b}/>", ["CALL NAME Foo @ <module>", "TYPE NAME A @ <module>", "READ NAME b @ <module>"]),
    ],
)  # fmt: skip
def test_elements(source: str, expected: list[str]) -> None:
    assert references(source + "\n", language="tsx") == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("class A extends B<C> implements D.E, F {}", ["INHERIT NAME B @ A", "TYPE NAME C @ A", "TYPE NAME D @ A", "IMPLEMENT ATTRIBUTE D.E @ A", "IMPLEMENT NAME F @ A"]),
        ("interface A extends B, C.D<E> {}", ["INHERIT NAME B @ A", "TYPE NAME C @ A", "INHERIT ATTRIBUTE C.D @ A", "TYPE NAME E @ A"]),
        ("class A extends m(B) {}", ["CALL NAME m @ A", "READ NAME B @ A"]),
        ("function f<T extends A>(a: B, b: T): C {}", ["TYPE NAME A @ f", "TYPE NAME B @ f", "TYPE NAME C @ f"]),
        ("type X = A & { m(): B }", ["TYPE NAME A @ X", "TYPE NAME B @ m"]),
        ("interface I { a: A; m(): B; f: () => C }", ["TYPE NAME A @ I", "TYPE NAME B @ m", "TYPE NAME C @ I"]),
        ("const f = (a: A) => g(a)", ["TYPE NAME A @ f", "CALL NAME g @ f"]),
        ("const o = { m() { g() } }", ["CALL NAME g @ m"]),
        ("f(() => { g() })", ["CALL NAME f @ <module>", "CALL NAME g @ <module>"]),
        ("function f() { let a = 1; a = 2; return a }", []),
        ("let a = 1; a = 2; a++", ["WRITE NAME Use(a:2) @ <module>", "WRITE NAME Use(a:3) @ <module>"]),
        ("@d class A { @e x }", ["DECORATE NAME d @ <module>", "DECORATE NAME e @ A"]),
        ("let x: typeof a.b", ["READ NAME a @ <module>", "TYPE ATTRIBUTE a.b @ <module>"]),
        ("namespace N { f() }", ["CALL NAME f @ N"]),
        ("await !f<T>(a)", ["CALL NAME f @ <module>", "TYPE NAME T @ <module>", "READ NAME a @ <module>"]),
        ("a + f<T>()", ["READ NAME a @ <module>", "CALL NAME f @ <module>", "TYPE NAME T @ <module>"]),
        ("await a.f<T>().g()", ["READ NAME a @ <module>", "CALL ATTRIBUTE a.f @ <module>", "TYPE NAME T @ <module>", "CALL CHAIN a.f[T]().g @ <module>"]),
        ("const { a } = b", ["READ CHAIN b.a @ <module>", "READ NAME b @ <module>"]),
    ],
)  # fmt: skip
def test_mentions(source: str, expected: list[str]) -> None:
    assert references(source + "\n") == expected


def test_a_site_is_where_the_name_stands() -> None:
    facts = facts_of("x\n  .é\n  .run()\n")
    assert [(each.name, place(facts, each)) for each in facts.references] == [
        ("x", (1, 1)),
        ("é", (2, 4)),
        ("run", (3, 4)),
    ]


def test_what_a_call_is_given() -> None:
    (one, other) = facts_of("f(1, ...a)\n@g() class A {}\n").references[1:]
    assert (one.arguments, one.flags) == (1, ReferenceFlag.STARRED)
    assert (other.arguments, other.flags) == (0, ReferenceFlag.DECORATOR)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a, { b as c, type D, default as e } from 'm'", ["m default as a", "m b as c", "m D [1]", "m default as e"]),
        ("import * as n from './m'; import './s'", ["./m () as n", "./s ()"]),
        ("import type { A } from 'm'", ["m A [1]"]),
        ("import x = require('m')", ["m () as x"]),
        ("export * from 'm'; export * as n from 'm'; export { a as b, default } from 'm'", ["m * [16]", "m () as n [16]", "m a as b [16]", "m default [16]"]),
        ("export type * from 'm'; export type * as n from 'm'", ["m * [16]", "m () as n [16]"]),
        ("function f() { return import('m') }", ["m () [2]"]),
        ("const { a } = require('m')", ["m ()"]),
        ("let a: import('m').A", ["m () [1]"]),
    ],
)  # fmt: skip
def test_imports(source: str, expected: list[str]) -> None:
    assert imports(source + "\n") == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("export const a = 1, { b, c: [d] } = e", {"a": "a", "b": "b", "d": "d"}),
        ("export function f() {}\nexport class C {}\nexport type T = A\nexport enum E {}\nexport namespace N {}", {"f": "f", "C": "C", "T": "T", "E": "E", "N": "N"}),
        ("export { a as b, c as default }", {"b": "a", "default": "c"}),
        ("export { a } from 'm'; export * as n from 'm'", {"a": "Import(m:a)", "n": "Import(m)"}),
        ("export default class A {}", {"default": "A"}),
        ("export default f()", {"default": "f()"}),
        ("export default () => 1", {"default": "Lambda(1)"}),
        ("export = a", {"export=": "a"}),
        ("export import a = b.c", {"a": "a"}),
        ("module.exports = { a: b }", {"export=": "{a: b}"}),
        ("exports.a = b; module.exports.c = d", {"a": "b", "c": "d"}),
        ("exports = module.exports = f", {"export=": "f"}),
        ("exports.f = function () {}", {"f": "Symbol(f)"}),
        ("const exports = {}; exports.a = 1", {}),
    ],
)  # fmt: skip
def test_exports(source: str, expected: dict[str, str]) -> None:
    assert exports(source + "\n") == expected


def test_calls_of_a_parameter_are_said_by_its_function() -> None:
    facts = facts_of("function f(a, b) { b(); g(() => a()); function h() { b() } }\n")
    assert [(number, line) for number, line, _ in facts.signatures[0].called] == [(1, 0), (0, 0)]
