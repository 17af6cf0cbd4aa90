"""The cyclomatic complexity of a function is radon's figure."""

from __future__ import annotations

from textwrap import dedent

import pytest
from python_facts import facts_of, place, symbol

CASES = [
    ("pass", 1),
    ("if a: pass", 2),
    ("if a: pass\nelif b: pass\nelse: pass", 3),
    ("for a in b: pass", 2),
    ("for a in b: pass\nelse: pass", 3),
    ("while a: pass\nelse: pass", 3),
    ("try: pass\nexcept A: pass\nexcept B: pass\nelse: pass\nfinally: pass", 4),
    ("try: pass\nfinally: pass", 1),
    ("try: pass\nexcept* A: pass", 1),
    ("with a as b: pass", 1),
    ("a and b and c or d", 4),
    ("x = a if b else c", 2),
    ("[a for a in b if c if d for e in f]", 5),
    ("{a: b for a in b}", 2),
    ("any(a for a in b)", 2),
    ("assert a and b or [c for c in d]", 2),
    ("lambda: a", 1),
    ("lambda: a or b", 2),
    ("match a:\n    case 1: pass\n    case 2: pass", 3),
    ("match a:\n    case 1: pass\n    case _: pass", 2),
    ("match a:\n    case b: pass", 1),
    ("match a:\n    case 1 | 2 if b: pass\n    case [c]: pass", 3),
    ("def inner(x=a or b):\n    if c: pass", 1),
    ("class Inner:\n    def method(self):\n        if c: pass", 1),
    ("@d(a and b)\ndef inner(): pass", 1),
    ("async def inner():\n    async for a in b: pass", 1),
    ("return a or (yield b)", 2),
    ("f'{a or b}'", 2),
    ("x: 'A' = a and b", 2),
    ("del a[b or c]", 2),
]


def source_of(body: str) -> str:
    return "def it(self, z=p or q):\n" + "\n".join(f"    {line}" for line in body.split("\n")) + "\n"


@pytest.mark.parametrize(("body", "expected"), CASES)
def test_the_complexity_of(body: str, expected: int) -> None:
    assert symbol(facts_of(source_of(body)), "it").complexity == expected


def test_a_closure_and_a_method_have_their_own() -> None:
    source = """
    class A:
        x = a or b
        def f(self):
            if a: pass
            def g():
                for b in c: pass
                while d: pass
    """
    facts = facts_of(source)
    assert {each.name: each.complexity for each in facts.symbols if each.complexity} == {"f": 2, "g": 3}


def test_the_table_is_what_radon_says() -> None:
    visitors = pytest.importorskip("radon.visitors")
    for body, expected in CASES:
        code = source_of(body)
        functions = visitors.ComplexityVisitor.from_code(dedent(code)).functions
        assert (body, functions[0].complexity) == (body, expected)
        facts = facts_of(code)
        assert place(facts, symbol(facts, "it"))[0] == functions[0].lineno
