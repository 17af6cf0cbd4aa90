"""The cyclomatic complexity of functions, and the number of their statements."""

from __future__ import annotations

import pytest
from rust_facts import facts_of, symbol


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ("", 1),
        ("a;", 1),
        ("if a {}", 2),
        ("if a {} else {}", 2),
        ("if a {} else if b {} else {}", 3),
        ("if a && b || c {}", 4),
        ("if let Some(x) = a && let Some(y) = b {}", 3),
        ("while a {}", 2),
        ("for x in a {}", 2),
        ("loop { break; }", 2),
        ("match a { A => 1, B => 2, _ => 3 }", 3),
        ("match a { A if b => 1, _ => 3 }", 3),
        ("match a { A => 1 }", 1),
        ("a?; b?", 3),
        ("let Some(x) = a else { return };", 2),
        ("a.map(|x| if x { 1 } else { 2 })", 2),
        ("fn g() { if a {} }", 1),
        ("assert!(a && b)", 2),
    ],
)
def test_complexity(body: str, number: int) -> None:
    assert symbol(facts_of(f"fn it() {{ {body} }}"), "it").complexity == number


@pytest.mark.parametrize(
    ("body", "number"),
    [("", 0), ("a; b", 2), ("let x = 1; if a { b; c }", 4), ("fn g() { a; b }", 2), ("use a; a()", 1)],
)
def test_statements(body: str, number: int) -> None:
    assert symbol(facts_of(f"fn it() {{ {body} }}"), "it").statements == number
