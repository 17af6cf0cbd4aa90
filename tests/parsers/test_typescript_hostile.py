"""Any bytes give facts; what could not be understood is said, and the rest still counts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typescript_facts import facts_of, symbols

from isg.parsers.facts import decode, encode
from isg.parsers.grammar import Effort, Grammar, TooBroken
from isg.parsers.parse import parse

DEEP = 10_000


@pytest.mark.parametrize("language", ["typescript", "tsx"])
@pytest.mark.parametrize(
    "source",
    [
        "(" * DEEP + ")" * DEEP,
        "[" * DEEP + "]" * DEEP,
        "{" * DEEP,
        ")" * DEEP,
        "f(" * DEEP + ")" * DEEP,
        "a" + ".b" * DEEP,
        "a" + "()" * DEEP,
        "a" + "[0]" * DEEP,
        "a" + " + b" * DEEP,
        "a" + " && b" * DEEP,
        "!" * DEEP + "a",
        "x => " * 3_000 + "a",
        "a ? b : " * 5_000 + "c",
        "a = " * 20_000 + "b",
        "x = " + "{a:" * 3_000 + "1" + "}" * 3_000,
        "const " + "[" * 3_000 + "a" + "]" * 3_000 + " = b",
        "type X = " + "A<" * 3_000 + "B" + ">" * 3_000,
        "type X = " + "A | " * DEEP + "B",
        "type X = " + "A extends B ? C : " * 3_000 + "D",
        "if (a) {}" + " else if (b) {}" * 3_000,
        "if (a) {" * 3_000 + "}" * 3_000,
        "function f() {" * 2_000 + "}" * 2_000,
        "class A { m() {" * 1_000 + "}}" * 1_000,
        "namespace A {" * 2_000 + "}" * 2_000,
        "x = " + "<A>" * 2_000 + "</A>" * 2_000,
        "`${" * 1_500 + "a" + "}`" * 1_500,
        "/*" * 50_000,
        "`" * 50_001,
        "'" * 50_001,
    ],
    ids=lambda source: source[:12],
)
def test_nesting_never_overflows(language: str, source: str) -> None:
    facts = parse(language, f"{source}\nlast = 1\n".encode())
    assert decode(encode(facts)) == facts
    assert facts.symbols[0].name == "<module>"


def test_too_deep_is_said_and_what_follows_is_read() -> None:
    facts = facts_of("x = " + "[" * 2_000 + "]" * 2_000 + "\nf()\n")
    assert [(each.code, each.line) for each in facts.diagnostics] == [("too-deep", 1)]
    assert "f" in [each.name for each in facts.references]


def test_too_many_errors_end_the_parse_and_that_is_said() -> None:
    """What follows the errors is not read: getting over each costs as much as all before it."""
    facts = facts_of("f()\nva" + "->" * 20_000 + "\n")
    assert [(each.code, each.line, each.end_line) for each in facts.diagnostics] == [("too-broken", 1, 2)]
    assert ([each.kind for each in facts.symbols], facts.references, facts.lines) == (["module"], (), 2)


def test_a_parser_that_comes_no_further_is_stopped_and_begins_anew() -> None:
    """Each empty line doubles the ways to get over this error, long before all means are used up."""
    source = b"(e={}" + b"\n" * 40 + b"}\n"
    parser, effort = Grammar("tsx").parser(), Effort(100_000)
    with pytest.raises(TooBroken):
        effort.parse(parser, source)
    assert not effort.parse(parser, b"let a = 1\n").root_node.has_error


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = = 1\nfunction g() {}\n", ["function g"]),
        ("class A { m() {} ? n() {} }\n", ["class A", "method A.m"]),
        ("if a {}\nfunction f() {}\n", ["function f"]),
    ],
)
def test_the_rest_of_a_broken_file_counts(source: str, expected: list[str]) -> None:
    assert set(expected) <= set(symbols(source))


def test_syntax_errors_have_spans_and_a_limit() -> None:
    assert [each.code for each in facts_of("const a = 1\nlet b = (((\n").diagnostics][:1] == ["syntax-error"]
    assert 0 < len(facts_of("let = = 1 ]\n" * 100).diagnostics) <= 20


@pytest.mark.parametrize(
    "source",
    [
        "interface A<in out T, out U extends B = C> extends D<T> { m(): E }",
        'interface A { a: import("m").B<C>; b: D }',
        "interface A {\n  <T>(a: T): B\n  <T, U>(a: T): C<U>\n}",
        "class A { m: {\n  <T>(a: T): B\n  <T>(a: U): C<T>\n} = f(\n  1,\n  <T>(a: T) => a\n) }",
        'class A { m = f<typeof import("m")>("m",) }',
        'interface A { a: import("m").B[]; b: C<import("m").D>; c(): Promise<import("m").E.F[]> }',
    ],
)
def test_what_the_grammar_cannot_parse_is_repaired(source: str) -> None:
    """Valid TypeScript that the grammar does not know must not cost the definitions around it."""
    facts = facts_of(f"{source}\nclass Last {{}}\n")
    assert facts.diagnostics == ()
    assert [each.name for each in facts.symbols if each.parent == 0] == ["A", "Last"]


@pytest.mark.parametrize(
    ("source", "name", "codes"),
    [
        ("const é = 1\n".encode(), "é", []),
        (b"\xef\xbb\xbfconst x = 1\n", "x", []),
        ("\ufeffconst é = 1\n".encode("utf-16-le"), "é", []),
        (b"const x = '\xff'\n", "x", ["encoding"]),
        (b"const x = 1\r\nconst y = 2\r\n", "y", []),
        (b"#!/usr/bin/env node\nconst x = 1\n", "x", []),
    ],
)
def test_encodings(source: bytes, name: str, codes: list[str]) -> None:
    facts = parse("typescript", source)
    assert [each.code for each in facts.diagnostics] == codes
    assert facts.symbols[-1].name == name


def test_an_empty_file_is_a_module() -> None:
    facts = parse("javascript", b"")
    assert (facts.lines, [each.kind for each in facts.symbols], facts.references) == (0, ["module"], ())


_WORDS = """
function class interface type enum namespace declare module global abstract extends implements const let var
if else for of in while do switch case default break continue return throw try catch finally new this super
import export from as async await yield static get set readonly private keyof typeof infer is asserts
instanceof satisfies delete void null undefined true false x y A B prototype exports require constructor
"""
_SIGNS = ". , : ; = => == + ++ - * ** / // /* */ ( ) [ ] { } < > ' \" ` ${ @ # ? ?. ?? ! && || | & ... ~"
_PIECES = st.sampled_from([*_WORDS.split(), *_SIGNS.split(" "), "é", "1", "\n", "\r", "\x00"])


@given(st.lists(_PIECES, max_size=60).map(" ".join), st.sampled_from(["typescript", "tsx", "javascript"]))
@settings(max_examples=300)
def test_any_tokens(source: str, language: str) -> None:
    facts = parse(language, source.encode())
    assert decode(encode(facts)) == facts


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_any_bytes(source: bytes) -> None:
    facts = parse("typescript", source)
    assert decode(encode(facts)) == facts
    assert parse("typescript", source) == facts
