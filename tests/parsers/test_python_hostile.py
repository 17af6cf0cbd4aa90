"""Any bytes give facts; what could not be understood is said, and the rest still counts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_facts import facts_of, symbols

from isg.parsers.facts import MOST_MEANINGS, decode, encode
from isg.parsers.parse import grammar_version, parse
from isg.parsers.terms import Op


@pytest.mark.parametrize(
    "source",
    [
        "(" * 10_000 + ")" * 10_000,
        "[" * 10_000 + "]" * 10_000,
        "{" * 10_000,
        ")" * 10_000,
        "f(" * 10_000 + ")" * 10_000,
        "a" + ".b" * 10_000,
        "a" + "()" * 10_000,
        "a" + "[0]" * 10_000,
        "a" + " + b" * 10_000,
        "a" + " and b" * 10_000,
        "not " * 10_000 + "a",
        "-" * 10_000 + "a",
        "lambda: " * 3_000 + "a",
        "a if b else " * 5_000 + "c",
        "a = " * 5_000 + "b",
        "x: " + "A[" * 3_000 + "B" + "]" * 3_000,
        "(" * 3_000 + "a" + ",)" * 3_000 + " = b",
        "match a:\n case " + "[" * 3_000 + "x" + "]" * 3_000 + ": pass",
        "\n".join(" " * n + "if a:" for n in range(700)) + "\n" + " " * 700 + "pass",
        "\n".join(" " * n + "def f():" for n in range(700)) + "\n" + " " * 700 + "pass",
        "if a: pass\n" + "elif b: pass\n" * 3_000,
    ],
    ids=lambda source: source[:12],
)
def test_nesting_never_overflows(source: str) -> None:
    facts = parse("python", f"{source}\nlast = 1\n".encode())
    assert decode(encode(facts)) == facts
    assert facts.symbols[0].name == "<module>"


def test_too_deep_is_said_and_what_follows_is_read() -> None:
    facts = facts_of("x = " + "[" * 2_000 + "]" * 2_000 + "\ny = f()\n")
    assert [(each.code, each.line) for each in facts.diagnostics] == [("too-deep", 1)]
    assert [each.name for each in facts.references] == ["f"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(:\n  pass\n\ndef g(): pass\n", ["function g"]),
        ("x = = 1\nclass A:\n    def f(self): pass\n", ["class A", "method A.f"]),
        (
            "class A:\n    def f(self): pass\n    def g(self) return 1\n    def h(self): pass\n",
            ["method A.f", "method A.h"],
        ),
        ("print 'old'\ndef f(): pass\n", ["function f"]),
    ],
)
def test_the_rest_of_a_broken_file_counts(source: str, expected: list[str]) -> None:
    assert set(expected) <= set(symbols(source))


def test_syntax_errors_have_spans_and_a_limit() -> None:
    facts = facts_of("x = 1\ny = (((\n")
    assert [each.code for each in facts.diagnostics] == ["syntax-error"]
    many = facts_of("x = = 1\n" * 100)
    assert 0 < len(many.diagnostics) <= 20


@pytest.mark.parametrize(
    ("source", "name", "codes"),
    [
        ("é = 1\n".encode(), "é", []),
        (b"\xef\xbb\xbfx = 1\n", "x", []),
        ("# coding: latin-1\né = 1\n".encode("latin-1"), "é", []),
        ("#!/usr/bin/python\n# -*- coding: cp1252 -*-\né = '€'\n".encode("cp1252"), "é", []),
        (b"x = '\xff'\n", "x", ["encoding"]),
        (b"# coding: none-such\nx = 1\n", "x", ["encoding"]),
        (b"# coding: rot13\nx = 1\n", "x", ["encoding"]),
        (b"x = 1\r\ny = 2\r\n", "y", []),
    ],
)
def test_encodings(source: bytes, name: str, codes: list[str]) -> None:
    facts = parse("python", source)
    assert [each.code for each in facts.diagnostics] == codes
    assert facts.symbols[-1].name == name


def test_an_empty_file_is_a_module() -> None:
    facts = parse("python", b"")
    assert (facts.lines, [each.kind for each in facts.symbols], facts.references) == (0, ["module"], ())


_PIECES = st.sampled_from(
    [
        "def",
        "class",
        "if",
        "elif",
        "else:",
        "try:",
        "except",
        "finally:",
        "with",
        "as",
        "match",
        "case",
        "lambda",
        "async",
        "await",
        "yield",
        "return",
        "global",
        "nonlocal",
        "del",
        "import",
        "from",
        "x",
        "y",
        "self",
        ".",
        ",",
        ":",
        "=",
        ":=",
        "==",
        "+",
        "*",
        "**",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "'",
        '"""',
        "f'{",
        "@",
        "#",
        "\\",
        "\n",
        "for",
        "in",
        "not",
        "and",
        "or",
        "is",
        "None",
        "1",
        "->",
        ";",
        "~",
        "é",
        "\n    ",
        "\n        ",
        " ",
        "\n",
        "\t",
        "\x00",
        "\r",
    ]
)


@given(st.lists(_PIECES, max_size=60).map(" ".join))
@settings(max_examples=150)
def test_any_tokens(source: str) -> None:
    facts = parse("python", source.encode())
    assert decode(encode(facts)) == facts


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_any_bytes(source: bytes) -> None:
    facts = parse("python", source)
    assert decode(encode(facts)) == facts
    assert parse("python", source) == facts


def test_only_known_languages() -> None:
    with pytest.raises(KeyError):
        parse("cobol", b"")
    with pytest.raises(KeyError):
        grammar_version("cobol")
    assert "tree_sitter" in grammar_version("python")


def test_of_very_many_bindings_of_a_name_the_first_and_the_last_count() -> None:
    """What declares an attribute is among them, however often instances set it."""
    methods = "".join(f"    def m{n}(self): self.x = {n}\n" for n in range(40))
    facts = facts_of(f"class A:\n    x: int = 0\n{methods}" + "if a: y = 1\n" * 40 + "y()\n")
    scopes = {facts.symbols[scope.symbol].name: scope.names for scope in reversed(facts.scopes)}
    attribute, variable = scopes["A"]["x"], scopes["<module>"]["y"]
    assert (len(attribute), len(variable)) == (MOST_MEANINGS + 1, MOST_MEANINGS)
    assert facts.bindings[attribute[0]].declared
    assert variable[-1] == max(n for n, each in enumerate(facts.bindings) if each.name == "y")
    assert max(len(term) for term in facts.terms if term[0] == Op.USE) == MOST_MEANINGS + 1
