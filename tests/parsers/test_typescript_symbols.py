"""Definitions of TypeScript and JavaScript: which there are, and what is said of each."""

# ruff: noqa: E501  (tables of sources: one case a line)

from __future__ import annotations

import pytest
from typescript_facts import declared_at, facts_of, place, shown, symbol, symbols


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("function f() {}", ["function f"]),
        ("function* f() {}", ["function f"]),
        ("const f = () => 1", ["function f"]),
        ("const f = function g() {}", ["function f"]),
        ("let a = 1, B = 2", ["variable a", "variable B"]),
        ("const a = 1, {b, c: [d], ...e} = f()", ["constant a", "constant b", "constant d", "constant e"]),
        ("if (a) { const b = 1; var c = 2; function d() {} }", ["variable c", "function d"]),
        ("function f() { const a = 1; const g = () => a }", ["function f", "function f.g"]),
        ("class A {}", ["class A"]),
        ("const A = class B {}", ["class A"]),
        ("f(class {})", ["class <class>"]),
        (
            "class A { x = 1; static y; #z; m() {} f = () => 1; get p() {} set p(v) {} constructor(private q) {} }",
            [
                "class A",
                "field A.x",
                "field A.y",
                "field A.#z",
                "method A.m",
                "method A.f",
                "property A.p",
                "constructor A.constructor",
                "field A.q",
            ],
        ),
        (
            "class A { static m() {} m() {} [Symbol.iterator]() {} 'a-b'() {} ['c']() {} }",
            ["class A", "method A.m", "method A.m", "method A.[Symbol.iterator]", "method A.a-b", "method A.c"],
        ),
        ("abstract class A { abstract m(): void }", ["class A", "method A.m"]),
        (
            "interface I { a: A; m(): void; f: () => B; get g(): C; (): D; new (): E; [k: string]: F }",
            ["interface I", "field I.a", "method I.m", "method I.f", "property I.g"],
        ),
        ("interface I {} interface I {}", ["interface I", "interface I"]),
        ("type T = A | B", ["type_alias T"]),
        ("type T = { a: A; m(): void }", ["type_alias T", "field T.a", "method T.m"]),
        ("type T = { [K in A]: B }", ["type_alias T"]),
        ("enum E { A, B = 1, 'c' }", ["enum E", "constant E.A", "constant E.B", "constant E.c"]),
        ("namespace N { export const a = 1; function f() {} }", ["namespace N", "constant N.a", "function N.f"]),
        ("namespace A.B { class C {} }", ["namespace A", "namespace A.B", "class A.B.C"]),
        ("declare module 'm' { function f(): void }", ["namespace 'm'", "function 'm'.f"]),
        ("declare global { interface I {} }", ["interface I"]),
        ("declare const a: A; declare function f(): B; declare class C {}", ["constant a", "function f", "class C"]),
        ("const o = { a: 1, m() {}, f: () => 1, get g() { return 1 }, set g(v) {} }", ["constant o", "field o.a", "method o.m", "method o.f", "property o.g"]),
        ("f({ m() {} })", ["method m"]),
        ("export default function () {}", []),
        ("export default class {}", ["class default"]),
        ("export default () => 1", []),
        ("return_(function f() {})", []),
        ("try {} catch (e) {}\nfor (const x of y) {}", []),
        ("import a, { b } from 'm'", []),
        ("function f(a: A): A;\nfunction f(a: B): B;\nfunction f(a: any) {}", ["function f"]),
        ("declare function f(a: A): A;\ndeclare function f(a: B): B;", ["function f"]),
        ("class A { m(a: A): A; m(a: B): B; m(a: any) {} }", ["class A", "method A.m"]),
        ("function F() { this.a = 1 }\nF.prototype.m = function () { this.b = 2 }\nF.s = () => 1", ["function F", "field F.a", "method F.m", "field F.b", "method F.s"]),
        ("class A { constructor() { this.x = 1; this.f = () => 2 } }", ["class A", "constructor A.constructor", "method A.constructor.f"]),
        ("class A { x; m() { this.x = 1 } }", ["class A", "field A.x", "method A.m"]),
        ("a.b.run = () => 1", ["method run"]),
        ("exports.f = function () {}", ["function f"]),
        ("module.exports = function make() {}", ["function make"]),
    ],
)  # fmt: skip
def test_the_symbols_of(source: str, expected: list[str]) -> None:
    assert symbols(source + "\n") == expected


def test_in_javascript_assignments_declare_fields() -> None:
    source = "class A { constructor() { this.x = 1; this.x = 2; this.f = () => 3 } }\n"
    expected = ["class A", "constructor A.constructor", "field A.x", "method A.f"]
    assert symbols(source, "javascript") == expected


@pytest.mark.parametrize(
    ("source", "signature"),
    [
        ("const it: T = /* @__PURE__ */ f()", "const it: T = …"),
        ("function it(a: number = 0, ...b: B[]): string {}", "function it(a: number = 0, ...b: B[]): string"),
        ("function it(\n  a, // first\n  b /* second */,\n) {}", "function it(a, b)"),
        ("export async function it<T extends A>(a: T) {}", "async function it<T extends A>(a: T)"),
        ("const it = <T>(a: T): a is B => c", "const it = <T>(a: T): a is B"),
        ("const it = async a => a", "const it = async a"),
        ("@d() class it<T> extends A<T> implements B {}", "class it<T> extends A<T> implements B"),
        ("export abstract class it {}", "abstract class it"),
        ("interface it<T> extends A, B<T> {}", "interface it<T> extends A, B<T>"),
        ("type it<T> = A<T> | null", "type it<T> = A<T> | null"),
        ("type it = '" + "x" * 200 + "'", "type it = …"),
        ("enum it { A }", "enum it"),
        ("const it: number = 3", "const it: number = 3"),
        ("let it = [1, 'a']", "let it = [1, 'a']"),
        ("const it = f()", "const it = …"),
        ("class A { private static it?: B }", "private static it?: B"),
        ("class A { @d get it(): B {} }", "get it(): B"),
        ("class A { static it = (a: B) => c }", "static it = (a: B)"),
        ("interface A { readonly it?: (a: B) => C }", "readonly it?: (a: B) => C"),
        ("const o = { async it(a) {} }", "async it(a)"),
    ],
)
def test_a_signature_is_one_clean_line(source: str, signature: str) -> None:
    assert symbol(facts_of(source + "\n"), "it").signature == signature


@pytest.mark.parametrize(
    ("source", "visibility", "modifiers"),
    [
        ("export function it() {}", "public", ("export",)),
        ("function it() {}\nexport { it as other }", "public", ("export",)),
        ("function it() {}\nexport {}", "private", ()),
        ("function it() {}", "public", ()),
        ("export default class it {}", "public", ("export", "default")),
        ("export async function* it() {}", "public", ("export", "async", "generator")),
        ("class A { private it() {} }", "private", ()),
        ("class A { protected static readonly it = 1 }", "protected", ("static", "readonly")),
        ("class A { #it = 1 }", "public", ()),
        ("abstract class A { abstract override it(): void }", "public", ("abstract", "override")),
        ("export function f() { function it() {} }", "private", ()),
        ("interface A { readonly it?: B }", "public", ("readonly", "optional")),
        ("class A { readonly it?: B }", "public", ("readonly", "optional")),
        ("abstract class A { protected it?(): B }", "protected", ("optional",)),
        ("function it() {}\nmodule.exports = { it }", "private", ()),
    ],
)
def test_visibility_and_modifiers(source: str, visibility: str, modifiers: tuple[str, ...]) -> None:
    name = "#it" if "#it" in source else "it"
    found = symbol(facts_of(source + "\n"), name)
    assert found.modifiers == modifiers
    assert found.visibility == ("private" if name == "#it" else visibility)


SAMPLE = """\
/** Module's own. */

/**
 * What it makes,
 * in two lines.
 *
 * More of it.
 * @param a nothing
 */
@decorated
export class A extends B<C> implements D, E<F> {
  /** Doc of m. */
  @one @two(3)
  async m<T extends G = H>(a: T) { if (a) { return a } return a && b ? c : d }

  // plain comment
  é() {}
}
"""


def test_what_is_said_of_a_class() -> None:
    facts = facts_of(SAMPLE)
    found = symbol(facts, "A")
    assert found.doc == "What it makes, in two lines."
    assert (place(facts, found), facts.units[found.unit] + found.end) == ((11, 14), 18)
    assert [shown(facts, term) for term in found.bases] == ["B[C]"]
    assert [(word, shown(facts, term)) for word, term in found.keywords] == [
        ("implements", "D"),
        ("implements", "E[F]"),
    ]
    assert [shown(facts, term) for term in found.decorators] == ["decorated"]


def test_what_is_said_of_a_method() -> None:
    facts = facts_of(SAMPLE)
    found = symbol(facts, "m")
    assert (found.doc, found.type_parameters, found.complexity) == ("Doc of m.", ("T",), 4)
    assert [shown(facts, term) for term in found.decorators] == ["one", "two(3)"]
    assert symbol(facts, "é").doc == ""
    assert place(facts, symbol(facts, "é")) == (17, 3)


def test_columns_count_bytes() -> None:
    facts = facts_of("/* é */ const it = 1\n")
    assert place(facts, symbol(facts, "it")) == (1, 16)


def test_an_overload_set_stands_at_its_implementation() -> None:
    facts = facts_of("function f(a: A): B;\n\n\n\nfunction f(a: any) {}\n")
    found = symbol(facts, "f")
    assert place(facts, found) == (5, 10)
    assert [shown(facts, facts.signatures[each].returns) for each in found.signatures] == ["B", "?"]


@pytest.mark.parametrize(
    ("source", "places"),
    [
        ("function f(a: A): B;\n\nfunction f(\n): C;\nfunction f(a: any) {}", [(1, 10, 1, 1), (3, 10, 3, 4)]),
        ("class C {\n f(): A;\n f(a?: B) {}\n}", [(2, 2, 2, 2)]),
        ("class C {\n get f() {}\n set f(v) {}\n}", [(3, 6, 3, 3)]),
        ("interface I {\n f(): A;\n f(a: B): C;\n}", [(3, 2, 3, 3)]),
        ("function f() {}", []),
        ("class C { get f() {} }", []),
    ],
)
def test_further_declarations_are_places_of_the_symbol(
    source: str, places: list[tuple[int, int, int, int]]
) -> None:
    facts = facts_of(source)
    assert declared_at(facts, symbol(facts, "f")) == places


def _hashes(source: str) -> tuple[bytes, bytes]:
    found = symbol(facts_of(source), "it")
    return found.signature_hash, found.body_hash


def test_formatting_and_comments_change_no_hash() -> None:
    one = "function it(a, b) { return f(a, 'x  y') }\n"
    other = "// new\nfunction it(\n  a, /* why */ b\n) {\n  // because\n  return f(a,\n 'x  y')\n}\n"
    assert _hashes(one) == _hashes(other)


def test_code_changes_the_body_hash_only() -> None:
    one, other = _hashes("function it(a) { return 'x y' }\n"), _hashes("function it(a) { return 'xy' }\n")
    assert one[0] == other[0]
    assert one[1] != other[1]
    assert _hashes("function it(b) { return 'x y' }\n")[0] != one[0]


@pytest.mark.parametrize(
    ("source", "name", "lines"),
    [
        ("a()\n\nif (a) {\n  var b = 1\n}", "b", (4, 4, 4)),
        ("a()\n\nif (a) {\n  var b = {\n  }\n}", "b", (4, 4, 5)),
        ("a()\n\nfor (var i = 0; ; ) {}", "i", (3, 3, 3)),
        ("if (a) {\n  var b = 1\n}\nvar b = {\n}", "b", (4, 4, 5)),
        ("a()\n\nwhile (a) {\n  var f = function () {\n  }\n}", "f", (4, 4, 5)),
    ],
)
def test_what_a_block_declares_for_the_module_ends_where_it_does(source, name, lines):
    facts = facts_of(source, "javascript")
    found = symbol(facts, name)
    first = facts.units[found.unit]
    assert (first + found.start, first + found.line, first + found.end) == lines
