"""How a method can be called is read from its signature line, by the rules of its language."""

from __future__ import annotations

import pytest

from isg.graph.linking.shapes import Shape, callable_as, shape_of
from isg.graph.model import Symbol, SymbolKind


def method(language: str, signature: str, *modifiers: str) -> Symbol:
    place = ("a", 1, 1, 1, 1, None)
    return Symbol(1, "k", SymbolKind.METHOD, "f", "C.f", language, *place, signature, modifiers=modifiers)


@pytest.mark.parametrize(
    ("language", "signature", "shape"),
    [
        ("python", "def f(self, a: dict[str, int], b=1 < 2, /, *c)", Shape(1, 2, variadic=True)),
        (
            "python",
            "def f(self, *, a, b=1, **c)",
            Shape(0, 0, False, frozenset("ab"), frozenset("a"), open_keywords=True),
        ),
        ("typescript", "f(): void", Shape(0, 0, overlooks=True)),
        ("typescript", "f(a: X, b?: Y, c = 1): Z", Shape(1, 3, overlooks=True)),
        ("typescript", "f(a: (x: A, y: B) => C, ...rest: D[])", Shape(1, 1, True, overlooks=True)),
        (
            "typescript",
            "f<F extends (x: number) => void, G>(a: Map<F, G>, b: F)",
            Shape(2, 2, overlooks=True),
        ),
        ("typescript", "f(this: Window, {a, b}: {a: A; b: B}, [c, d]: C)", Shape(2, 2, overlooks=True)),
        ("tsx", "f(a?: () => void)", Shape(0, 1, overlooks=True)),
        ("javascript", "f(a, b)", Shape(2, 2, overlooks=True)),
        ("rust", "pub fn f<F: Fn(u8) -> u8, T>(&self, a: HashMap<T, F>, b: &mut F) -> u8", Shape(2, 2)),
        ("rust", "fn f(self: Box<Self>)", Shape(0, 0)),
        ("rust", "fn f(&'a mut self, selfish: u8)", Shape(1, 1)),
        ("rust", "fn f(a: fn(u8) -> u8)", Shape(1, 1)),
        ("rust", "fn f", Shape(0, 0)),
    ],
)
def test_a_shape_is_read_from_the_signature(language: str, signature: str, shape: Shape) -> None:
    assert shape_of(method(language, signature)) == shape


def test_a_static_method_has_no_receiver() -> None:
    assert shape_of(method("python", "def f(a, b)", "static")) == Shape(2, 2)


@pytest.mark.parametrize(
    ("offered", "wanted", "fits"),
    [
        ("f(a: X)", "f(a: X, b: Y)", True),  # what is not taken does no harm
        ("f(a: X, b: Y)", "f(a: X)", False),
        ("f(a: X, b?: Y)", "f(a: X)", True),
        ("f(a: X, b: Y)", "f(...all: X[])", True),
    ],
)
def test_what_stands_in_for_a_method_of_typescript(offered: str, wanted: str, fits: bool) -> None:
    shapes = (shape_of(method("typescript", signature)) for signature in (offered, wanted))
    assert callable_as(*shapes) is fits


@pytest.mark.parametrize(
    ("offered", "wanted", "fits"),
    [("def f(self, a)", "def f(self, a, b)", False), ("def f(self, *a)", "def f(self, a, b)", True)],
)
def test_what_stands_in_for_a_method_of_python(offered: str, wanted: str, fits: bool) -> None:
    shapes = (shape_of(method("python", signature)) for signature in (offered, wanted))
    assert callable_as(*shapes) is fits
