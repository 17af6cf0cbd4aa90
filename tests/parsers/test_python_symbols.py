"""Definitions: which there are, and what is said of each."""

# ruff: noqa: E501  (tables of sources: one case a line)

from __future__ import annotations

import pytest
from python_facts import declared_at, facts_of, place, shown, symbol, symbols


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(): pass", ["function f"]),
        ("class A: pass", ["class A"]),
        ("class A(Enum): pass", ["enum A"]),
        ("class A(enum.IntFlag): pass", ["enum A"]),
        ("class A(Protocol[T]): pass", ["protocol A"]),
        ("class A:\n def f(self): pass", ["class A", "method A.f"]),
        ("class A:\n def __init__(self): pass", ["class A", "constructor A.__init__"]),
        ("class A:\n @property\n def p(self): pass", ["class A", "property A.p"]),
        ("class A:\n @functools.cached_property\n def p(self): pass", ["class A", "property A.p"]),
        (
            "class A:\n @property\n def p(self): pass\n @p.setter\n def p(self, v): pass\n"
            " @p.deleter\n def p(self): pass",
            ["class A", "property A.p"],
        ),
        ("@overload\ndef f(a): ...\n@typing.overload\ndef f(b): ...\ndef f(c): pass", ["function f"]),
        ("@overload\ndef f(a): ...\n@overload\ndef f(b): ...", ["function f"]),
        ("def f(): pass\ndef f(): pass", ["function f", "function f"]),
        ("if a:\n def f(): pass\nelse:\n def f(): pass", ["function f", "function f"]),
        (
            "def f():\n def g(): pass\n class B: x = 1",
            ["function f", "function f.g", "class f.B", "field f.B.x"],
        ),
        ("def f():\n x = 1\n for y in z: pass", ["function f"]),
        ("f = lambda x: [y for y in x]", ["variable f"]),
        ("x = 1\nx = 2\nx += 3", ["variable x"]),
        ("A_B = 1", ["constant A_B"]),
        ("x: Final = 1", ["constant x"]),
        ("x: typing.Final[int] = 1", ["constant x"]),
        ("x: int", ["variable x"]),
        ("a, (b, *c) = d", ["variable a", "variable b", "variable c"]),
        ("for x in y: pass", ["variable x"]),
        ("with y as x: pass", ["variable x"]),
        ("try: pass\nexcept E as e: pass", []),
        ("import a\nfrom b import c", []),
        ("type X = int", ["type_alias X"]),
        ("X: TypeAlias = int", ["type_alias X"]),
        ("def f():\n global x\n x = 1", ["function f", "variable x"]),
        ("class A:\n x = 1\n Y: int\n", ["class A", "field A.x", "field A.Y"]),
        (
            "class A:\n def f(self):\n  self.x = 1\n  self.x = 2\n  self.y: int = 3",
            ["class A", "method A.f", "field A.x", "field A.y"],
        ),
        ("class A:\n def f(self):\n  self.x = 1\n x = 2", ["class A", "method A.f", "field A.x"]),
        ("class A:\n @classmethod\n def f(c):\n  c.x = 1", ["class A", "method A.f", "field A.x"]),
        ("class A:\n @staticmethod\n def f(s):\n  s.x = 1", ["class A", "method A.f"]),
        ("class A:\n def f(self, o):\n  o.x = 1\n  self.y.z = 1", ["class A", "method A.f"]),
        (
            "class A:\n def f(self):\n  def g():\n   self.x = 1",
            ["class A", "method A.f", "function A.f.g", "field A.x"],
        ),
    ],
)
def test_the_symbols_of(source: str, expected: list[str]) -> None:
    assert symbols(source + "\n") == expected


@pytest.mark.parametrize(
    ("source", "signature"),
    [
        ("def it(a: int = 0, *, b) -> str: pass", "def it(a: int = 0, *, b) -> str"),
        ("def it(\n    a,  # first\n    b,\n): pass", "def it(a, b)"),
        ("async def it(): pass", "async def it()"),
        ("@d\nclass it(B, metaclass=M): pass", "class it(B, metaclass=M)"),
        ("def it[T](a: T) -> T: pass", "def it[T](a: T) -> T"),
        ("def it(a={1: 2}): pass", "def it(a={1: 2})"),
        ("it: int = 3", "it: int = 3"),
        ("it = 'text'", "it = 'text'"),
        ("it = ('a', 1)", "it = ('a', 1)"),
        ("it: list[int]", "it: list[int]"),
        ("it = f()", "it = …"),
        ("it = '" + "x" * 50 + "'", "it = …"),
        ("type it = int | None", "type it = int | None"),
    ],
)
def test_a_signature_is_one_clean_line(source: str, signature: str) -> None:
    assert symbol(facts_of(source + "\n"), "it").signature == signature


SAMPLE = '''\
"""Module doc.

More of it.
"""
# comment


@dataclass
class A(B, metaclass=M):
    """Class doc
    on two lines.

    More."""

    @classmethod
    @other
    async def make(cls): return 1

    @property
    def p(self): pass

    @p.setter
    def p(self, value): pass


def _f(): pass
def __g(): pass
'''


def test_places_and_spans_are_absolute_lines_over_units() -> None:
    facts = facts_of(SAMPLE)
    cls, make = symbol(facts, "A"), symbol(facts, "make")
    assert facts.units == (1, 8, 26, 27)
    assert place(facts, cls) == (9, 7)
    assert (facts.units[cls.unit] + cls.start, facts.units[cls.unit] + cls.end) == (8, 23)
    assert place(facts, make) == (17, 15)
    assert (facts.units[make.unit] + make.start, facts.units[make.unit] + make.end) == (15, 17)


def test_a_line_above_moves_only_the_units() -> None:
    facts, moved = facts_of(SAMPLE), facts_of("\n" + SAMPLE)
    assert moved.units == (1, *(line + 1 for line in facts.units[1:]))
    assert moved.symbols[1:] == facts.symbols[1:]
    assert moved.references == facts.references


def test_docs_modifiers_and_visibility() -> None:
    facts = facts_of(SAMPLE)
    assert facts.symbols[0].doc == "Module doc."
    assert symbol(facts, "A").doc == "Class doc on two lines."
    assert symbol(facts, "A").modifiers == ("dataclass",)
    assert symbol(facts, "make").modifiers == ("async", "class")
    assert symbol(facts, "p").modifiers == ("property", "setter")
    assert [symbol(facts, name).visibility for name in ("A", "_f", "__g")] == [
        "public",
        "protected",
        "private",
    ]
    assert [shown(facts, term) for term in symbol(facts, "make").decorators] == ["classmethod", "other"]
    assert [shown(facts, term) for term in symbol(facts, "A").bases] == ["B"]
    assert [(name, shown(facts, term)) for name, term in symbol(facts, "A").keywords] == [("metaclass", "M")]


def test_an_overload_set_stands_at_its_implementation() -> None:
    facts = facts_of(
        "@overload\ndef f(a: int) -> int: ...\n@overload\ndef f(a: str) -> str: ...\ndef f(a):\n    return a\n"
    )
    it = symbol(facts, "f")
    assert place(facts, it) == (5, 5)
    assert it.signature == "def f(a)"
    assert [shown(facts, facts.signatures[number].returns) for number in it.signatures] == ["int", "str", "?"]


def test_without_an_implementation_it_stands_at_the_first_signature() -> None:
    facts = facts_of("@overload\ndef f(a: int) -> int: ...\n@overload\ndef f(a: str) -> str: ...\n")
    assert place(facts, symbol(facts, "f")) == (2, 5)
    assert symbol(facts, "f").signature == "def f(a: int) -> int"


def test_further_declarations_are_places_of_the_symbol() -> None:
    overloads = "@overload\ndef f(a: int): ...\n@overload\ndef f(\n  a: str): ...\n\ndef f(a): ...\n"
    facts = facts_of(overloads)
    assert declared_at(facts, symbol(facts, "f")) == [(2, 5, 1, 2), (4, 5, 3, 5)]
    facts = facts_of(
        "class A:\n @property\n def p(self): ...\n @p.setter\n def p(self, v): ...\ndef f(): ...\n"
    )
    assert declared_at(facts, symbol(facts, "p")) == [(5, 6, 4, 5)]
    assert declared_at(facts, symbol(facts, "f")) == []


def test_the_group_of_a_property_is_bound_once_to_its_getter() -> None:
    facts = facts_of(SAMPLE)
    binding = [each for each in facts.bindings if each.name == "p"]
    assert [shown(facts, each.term) for each in binding] == ["Decorate(property, Symbol(p))"]


BODY = "def f(a):\n    if a:\n        return a + 1\n    return g(a, 'x  y')\n"


@pytest.mark.parametrize(
    "same",
    [
        "def f(a):\n\n    # comment\n    if a:\n        return a+1  # another 'one'\n    return g(a,\n             'x  y')\n",
        "def f(a):\n  if a:\n    return a + \\\n       1\n\n  return g( a, 'x  y' )\n",
        "def f(a):\n\tif a :\n\t\treturn a + 1\n\treturn g(a, 'x  y')\n",
        "class A:\n    pass\n" + BODY,
    ],
)
def test_formatting_and_comments_do_not_change_a_body(same: str) -> None:
    assert symbol(facts_of(same), "f").body_hash == symbol(facts_of(BODY), "f").body_hash


@pytest.mark.parametrize(
    "other",
    [
        "def f(a):\n    if a:\n        return a + 1\n    return g(a, 'x y')\n",
        "def f(a):\n    if a:\n        return a + 1\n        return g(a, 'x  y')\n",
        "def f(a):\n    if a:\n        return a + 2\n    return g(a, 'x  y')\n",
        "def f(a):\n    if a:\n        return a + 1\n    return g(a, '#x  y')\n",
    ],
)
def test_tokens_strings_and_nesting_change_a_body(other: str) -> None:
    assert symbol(facts_of(other), "f").body_hash != symbol(facts_of(BODY), "f").body_hash


def test_a_signature_hash_covers_overloads_and_nothing_of_the_body() -> None:
    one = symbol(facts_of("def f(a: int): return 1\n"), "f")
    two = symbol(facts_of("def f( a : int ):\n    return 2\n"), "f")
    assert one.signature_hash == two.signature_hash
    first = "@overload\ndef f(a: {}): ...\ndef f(a): ...\n"
    assert (
        symbol(facts_of(first.format("int")), "f").signature_hash
        != symbol(facts_of(first.format("str")), "f").signature_hash
    )


@pytest.mark.parametrize(
    ("source", "exports", "modules"),
    [
        ("__all__ = ['a', \"b\"]", ("a", "b"), []),
        ("__all__ = ('a',)\n__all__ += ['b']", ("a", "b"), []),
        ("__all__ = ['a']\n__all__.extend(('b',))\n__all__.append('c')\n__all__.remove('a')", ("b", "c"), []),
        ("import m\n__all__ = ['a'] + m.__all__", ("a",), ["Use(m)"]),
        ("import m\n__all__ = [*m.__all__, 'a']", ("a",), ["Use(m)"]),
        ("import m\n__all__ = []\n__all__ += m.__all__", (), ["Use(m)"]),
        ("__all__ = [n for n in dir()]", None, []),
        ("x = 1", None, []),
    ],
)
def test_exports(source: str, exports: tuple[str, ...] | None, modules: list[str]) -> None:
    facts = facts_of(source + "\n")
    assert facts.exports == exports
    assert [shown(facts, term) for term in facts.exports_of] == modules


def test_imports_say_when_they_run() -> None:
    source = """
    import a
    from typing import TYPE_CHECKING
    if TYPE_CHECKING:
        import b
    try:
        import c
    except ImportError:
        import d
    if x:
        from e import *
    def f():
        import g
        if x:
            from ..h import i as j
    """
    facts = facts_of(source)
    assert [(each.module, each.level, each.name, each.alias, int(each.flags)) for each in facts.imports] == [
        ("a", 0, "", "", 0),
        ("typing", 0, "TYPE_CHECKING", "", 0),
        ("b", 0, "", "", 1),
        ("c", 0, "", "", 8),
        ("d", 0, "", "", 8),
        ("e", 0, "*", "", 4),
        ("g", 0, "", "", 2),
        ("h", 2, "i", "j", 6),
    ]
    assert [facts.symbols[each.symbol].name for each in facts.imports[-2:]] == ["f", "f"]
