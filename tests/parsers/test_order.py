"""What was read before a file says nothing of it: readers are used again."""

from __future__ import annotations

from itertools import permutations

import pytest

from isg.parsers.parse import parse

# Each leaves something open: a list of exports, overloads without an end, members given from outside …
SOURCES = {
    "python": (
        b"__all__ = ['f']\ndef f(): ...\n",
        b"from typing import overload\n@overload\ndef f(x: int) -> int: ...\n",
        b"def f(x):\n    return [y := x]\nclass C(\n",
        b"__all__ += ['g']\ndef f(x, y): return lambda: x\n",
    ),
    "typescript": (
        b"function f(x: number): void;\nfunction f(x: string): void;\n",
        b"function f(x: any) { return x }\nf.made = 1;\n",
        b"class C { m() {} }\nC.prototype.n = function () {};\nouter: for (;;) break outer;\n",
        b"outer: { f() }\nfor (const x of []) { break }\nfunction f(\n",
    ),
    "rust": (
        b"bitflags! { struct A; }\nfn f() {}\n",
        b"fn g() {}\nbitflags! { struct B; }\n",
        b"macro_rules! m { () => { fn h() {} } }\nm!();\n",
        b"mod a { m!(); }\nfn f( {\n",
    ),
}


@pytest.mark.parametrize("language", sorted(SOURCES))
def test_facts_do_not_depend_on_what_was_read_before(language: str) -> None:
    known = {source: parse(language, source) for source in SOURCES[language]}
    for order in permutations(SOURCES[language]):
        assert [parse(language, source) for source in order] == [known[source] for source in order]
