"""What is known of a variable at a point: assignments, tests, early exits, loops, closures."""

from __future__ import annotations

import pytest
from typescript_facts import facts_of, value_of


@pytest.mark.parametrize(
    ("body", "term"),
    [
        ("let x = a; x = b; it = x", "Use(x:2)"),
        ("let x = a; if (c) x = b; it = x", "Use(x:1, x:2)"),
        ("let x = a; if (c) { x = b; return } it = x", "Use(x:1)"),
        ("let x = a; if (c) { x = b } else { x = d } it = x", "Use(x:2, x:3)"),
        ("let x = a; while (c) { it = x; x = b }", "x"),
        ("let x = a; for (const y of z) { x = b } it = x", "x"),
        ("let x = a; try { x = b } catch { it = x }", "x"),
        ("const x = a; while (c) { it = x }", "Use(x)"),
        ("let x; switch (c) { case 1: x = a; break; default: x = b } it = x", "Use(x:2, x:3)"),
        ("var x = a; { var x = b } it = x", "Use(x:2)"),
        ("const x = a; { const x = b; it = x }", "Use(x)"),
        ("const x = a; f(() => { it = x })", "Use(x)"),
        ("let x = a; x = b; f(() => { it = x })", "x"),
        ("it = g(); function g() {}", "g()"),
        ("for (let i = 0; ; i++) { it = i }", "i"),
        ("out: for (;;) { let x = a; break out } it = a", "a"),
    ],
)
def test_what_reaches(body: str, term: str) -> None:
    assert value_of(f"let it\nfunction f() {{ {body} }}\n") == term


@pytest.mark.parametrize(
    ("body", "term"),
    [
        ("if (p instanceof A) it = p", "Use(Narrow(Use(p), A))"),
        ("if (!(p instanceof A)) return; it = p", "Use(Narrow(Use(p), A))"),
        ("if (p instanceof A) return; it = p", "Use(Exclude(Use(p), A))"),
        ("if (p instanceof A) f(); it = p", "Use(p)"),
        ("it = p instanceof A ? p : q", "Union(Use(Narrow(Use(p), A)), Use(q))"),
        ("it = p instanceof A && p", "Use(Narrow(Use(p), A))"),
        ("if (typeof p === 'string') it = p", "Use(Narrow(Use(p), <string>))"),
        ("if ('string' !== typeof p) it = p", "Use(Exclude(Use(p), <string>))"),
        ("if ('k' in p) it = p", "Use(Narrow(Use(p), {k: ?}))"),
        ("if (p.kind === 'a') it = p", "Use(Narrow(Use(p), {kind: 'a'}))"),
        ("if (p.kind !== 'a') return; it = p", "Use(Narrow(Use(p), {kind: 'a'}))"),
        ("if (p.ok) it = p", "Use(Narrow(Use(p), {ok: <true>}))"),
        ("if (!p.ok) it = p", "Use(Exclude(Use(p), {ok: <true>}))"),
        ("switch (p.kind) { case 'a': it = p }", "Use(Narrow(Use(p), {kind: 'a'}))"),
        ("if (g(p)) it = p", "Use(Narrow(Use(p), g(Use(p))))"),
        ("assertIsA(p); it = p", "Use(Narrow(Use(p), assertIsA(Use(p))))"),
        ("if (p.q instanceof A) it = p.q", "Use(Narrow(Use(p).q, A))"),
        ("if (p instanceof A || p instanceof B) it = p", "Use(Narrow(Use(p), Union(A, B)))"),
        (
            "if (p instanceof A || p instanceof B || p instanceof C) it = p",
            "Use(Narrow(Use(p), Union(A, B, C)))",
        ),
        ("if (p instanceof A && p instanceof B) f(); it = p", "Use(p)"),
        ("q && (p = g()) && (it = p)", "Use(p:2)"),
        ("q && (p = g()); it = p", "Use(p:1, p:2)"),
        ("it = p ?? q ?? r", "Union(Non_null(Use(p)), Non_null(Use(q)), r)"),
        ("if (p instanceof A) f(() => { it = p })", "Use(Narrow(Use(p), A))"),
        ("if (p instanceof A) { p = q; it = p }", "Use(p:2)"),
    ],
)
def test_what_tests_tell(body: str, term: str) -> None:
    assert value_of(f"let it\nfunction f(p, q) {{ {body} }}\n") == term


def test_many_tests_of_a_variable_cost_no_more_than_their_number() -> None:
    tests = [f"p.kind === {number}" for number in range(500)]
    alternatives = facts_of(f"function f(p: P) {{ if ({' || '.join(tests)}) return p }}")
    guards = facts_of("function f(p: P) {" + "".join(f"if ({test}) return p\n" for test in tests) + "}")
    assert len(alternatives.bindings) < 500
    assert len(guards.bindings) < 3 * 500
    assert not alternatives.diagnostics


def test_what_one_of_very_many_tests_tells_is_not_cut_short() -> None:
    """A union of more types than are kept would leave out some that hold."""
    tests = " || ".join(f"p instanceof A{number}" for number in range(100))
    assert value_of(f"let it\nfunction f(p: P) {{ if ({tests}) it = p }}") == "Use(p)"
