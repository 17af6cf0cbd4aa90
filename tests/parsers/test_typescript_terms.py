"""Expressions and types become terms that keep what can matter to names, and nothing else."""

from __future__ import annotations

import pytest
from typescript_facts import declared_as, facts_of, shown, signature, value_of


@pytest.mark.parametrize(
    ("expression", "term"),
    [
        ("a.b.c(x)?.d()", "a.b.c(x).d()"),
        ("f<A, B>(x)", "f[Tuple(A, B)](x)"),
        ("new A<B>(x)", "New A[B](x)"),
        ("new A", "New A()"),
        ("f(...a, b)", "f(Star(a), b)"),
        ("tag`x${a}`", "tag(?, a)"),
        ("a['b']", "a.b"),
        ("a[0]", "a[0]"),
        ("a || b", "Union(Non_null(a), b)"),
        ("a ?? b", "Union(Non_null(a), b)"),
        ("a && b", "b"),
        ("a ? b : c", "Union(b, c)"),
        ("a = b", "b"),
        ("(a, b)", "b"),
        ("a + b", "Operate(+, a, b)"),
        ("a * b", "<number>"),
        ("a < b", "<boolean>"),
        ("!a", "<boolean>"),
        ("typeof a", "<string>"),
        ("a as B", "Annotation(B)"),
        ("a as const", "a"),
        ("<B>a", "Annotation(B)"),
        ("a satisfies B", "a"),
        ("a!", "Non_null(a)"),
        ("[a, ...b]", "List(a, Star(b))"),
        ("[[a, b], [c]]", "List(Tuple(a, b), List(c))"),
        ("{a, b: 1, 'c': d, ...e, [f]: g}", "{a: a, b: 1, c: d, ...: e, []: g}"),
        ("{m() { return this }}", "{m: Symbol(m)}"),
        ("'text'", "'text'"),
        ("`plain`", "'plain'"),
        ("`a${b}`", "<string>"),
        ("12", "12"),
        ("1.5", "<number>"),
        ("1n", "<bigint>"),
        ("true", "<true>"),
        ("null", "<null>"),
        ("undefined", "<undefined>"),
        ("/x/", "Annotation(RegExp)"),
        ("(x => x.a)", "Lambda(Use(x).a)"),
        ("(function () { return a })", "Lambda(a)"),
        ("(() => a)()", "Lambda(a)()"),
        ("import('m')", "Annotation(Promise[Typeof(Import(m))])"),
        ("require('m')", "Import(m)"),
        ("require(m)", "require(m)"),
    ],
)
def test_an_expression(expression: str, term: str) -> None:
    assert value_of(f"const it = {expression}\n") == term


@pytest.mark.parametrize(
    ("type", "term"),
    [
        ("A.B<C>", "A.B[C]"),
        ("A[]", "Array[A]"),
        ("readonly A[]", "ReadonlyArray[A]"),
        ("[A, B][]", "Array[Tuple(Tuple(A, B))]"),
        ("readonly [A, B][]", "ReadonlyArray[Tuple(Tuple(A, B))]"),
        ("A<[B, C]>", "A[Tuple(Tuple(B, C))]"),
        ("A | B | null", "Union(A, B, <null>)"),
        ("A & B", "Intersection(A, B)"),
        ("string", "<string>"),
        ("never", "<never>"),
        ("'a' | 1", "Union('a', 1)"),
        ("[A, b?: B, ...C[]]", "Tuple(A, B, Star(Array[C]))"),
        ("(a: A, b?: B) => C", "Callable(A, B) -> C"),
        ("new (a: A) => B", "{new: Callable(A) -> B}"),
        ("{ a: A; m(): B; [k: string]: C; (): D }", "{a: A, m: Callable() -> B, []: C, (): Callable() -> D}"),
        ("typeof a.b", "Typeof(a.b)"),
        ("typeof import('m')", "Typeof(Import(m))"),
        ("import('m').A", "Import(m).A"),
        ("import('m').A<B>", "Import(m).A[B]"),
        ("keyof A", "Keys(A)"),
        ("A['b']", "Typeof(Annotation(A).b)"),
        ("A[B]", "Typeof(Annotation(A)[Annotation(B)])"),
        ("A extends (infer U)[] ? U : B", "Conditional(A, Array[U], U, B)"),
        ("{ [K in keyof A]?: A[K] }", "Mapped(Keys(A), Typeof(Annotation(A)[Annotation(K)]))"),
        ("`a${B}`", "<string>"),
        ("unique symbol", "<symbol>"),
        ("(x: any) => x is A", "Callable(?) -> Narrow(Parameter(x), A)"),
        ("(x: any) => asserts x is A", "Callable(?) -> Narrow(Parameter(x), A)"),
    ],
)
def test_a_type(type: str, term: str) -> None:
    assert declared_as(f"declare const it: {type}\n") == term


@pytest.mark.parametrize(
    ("statement", "term"),
    [
        ("const {it} = y", "y.it"),
        ("const {a: it} = y", "y.a"),
        ("const {a: {b: [, it]}} = y", "Item(y.a.b, 1)"),
        ("const {it = z} = y", "Union(Non_null(y.it), z)"),
        ("const {a, ...it} = y", "{...: y}"),
        ("const [a, it] = y", "Item(y, 1)"),
        ("const [a, ...it] = y", "Rest(y)"),
        ("for (const it of y) {}", "Iter(y)"),
        ("for await (const [it] of y) {}", "Item(Aiter(y), 0)"),
        ("for (const it in y) {}", "<string>"),
        ("let it; it = y", "y"),
        ("let it; [it] = y", "Item(y, 0)"),
        ("function f({ it }: P) {}", "Annotation(P).it"),
        ("function f({ it }) {}", "Parameter().it"),
        ("function it() {}", "Symbol(it)"),
        ("class it {}", "Symbol(it)"),
        ("import it from 'm'", "Import(m:default)"),
        ("import { a as it } from 'm'", "Import(m:a)"),
        ("import * as it from 'm'", "Import(m)"),
        ("import it = require('m')", "Import(m)"),
        ("import it = a.b", "a.b"),
        ("type it = A", "A"),
    ],
)
def test_a_binding(statement: str, term: str) -> None:
    assert value_of(f"{statement}\n") == term


def _expected(source: str) -> list[str]:
    facts = facts_of(source)
    return [shown(facts, each.expected) for each in facts.signatures if each.expected]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("f(x => x)", ["Expected(f(Lambda(Use(x))), 0)"]),
        ("new A(1, x => 2)", ["Expected(New A(1, Lambda(2)), 1)"]),
        ("const a: T = x => 1", ["T"]),
        ("const a = (x => 1) as T", ["T"]),
        ("const a = { b: x => 1 } satisfies T", ["Typeof(Annotation(T).b)"]),
        ("const a: T = [x => 1]", ["Typeof(Item(Annotation(T), 0))"]),
        ("function f(): T { return x => 1 }", ["T"]),
        ("async function f(): T { return x => 1 }", ["Typeof(Await(Annotation(T)))"]),
        ("const a: T = x => y => 1", ["T", "Typeof(Annotation(T)())"]),
        ("class A { b: T = x => 1 }", ["T"]),
        ("const a: T = { m(x) {} }", ["Typeof(Annotation(T).m)"]),
    ],
)
def test_what_is_expected_of_a_function(source: str, expected: list[str]) -> None:
    assert _expected(f"{source}\n") == expected


def test_this_is_what_the_function_stands_in() -> None:
    facts = facts_of(
        """
        class A { m() { return this } static s() { return this } f = () => this }
        const o = { m() { return this.a }, a: () => this }
        function it(this: B, a: C) { return this }
        """
    )
    found = [shown(facts, term) for each in facts.signatures for term in each.returned]
    assert found == [
        "Receiver(A)",
        "Symbol(A)",
        "Receiver(A)",
        "Use({m: Symbol(m), a: Symbol(a)}).a",
        "?",
        "Annotation(B)",
    ]
    own = signature(facts, "it").parameters
    assert [(each.name, each.kind.name) for each in own] == [("a", "POSITIONAL"), ("this", "KEYWORD_ONLY")]
