"""What a callable takes, what a call gives, and whether the one fits the other."""

from __future__ import annotations

import pytest

from isg.graph.errors import UsageError
from isg.graph.signatures.arguments import Given, given_by
from isg.graph.signatures.binding import may_fit, misfit
from isg.graph.signatures.parameters import taken_by_text


@pytest.mark.parametrize(
    ("text", "family", "given"),
    [
        ("(a, b)", "python", Given(2)),
        ("()", "python", Given(0)),
        ("(a, key=1, *rest, **more)", "python", Given(1, ("key",), open=True)),
        ("(a == b, f(x, y), [1, 2])", "python", Given(3)),
        ('("a, (b", \'c)\', """d,\n""")', "python", Given(3)),
        ("(\n    a,  # one, two\n    b,\n)", "python", Given(2)),
        (" = f", "python", None),
        ("(never closed", "python", None),
        ("<string>(a, `${b}, c`, ...rest)", "typescript", Given(2, (), open=True)),
        ("?.(a /* b, c */)", "typescript", Given(1)),
        ("::<u8>(&a, 'x', \"y,\")", "rust", Given(3)),
        ("!(a, b)", "rust", Given(2)),
    ],
)
def test_the_arguments_of_a_call_are_read_from_its_text(text, family, given):
    assert given_by(text, family) == given


@pytest.mark.parametrize(
    ("signature", "call", "why"),
    [
        ("f(a, b)", "(1, 2)", ""),
        ("f(a, b)", "(1, b=2)", ""),
        ("f(a, b)", "(1)", "no argument for `b`"),
        ("f(a)", "(1, 2)", "takes 1 by position, is given 2"),
        ("f(a, *, b)", "(1, 2)", "takes 1 by position, is given 2"),
        ("f(a, *, b)", "(1, b=2)", ""),
        ("f(a, *, b=None)", "(1)", ""),
        ("f(a, /)", "(a=1)", "takes no `a`"),
        ("f(a)", "(1, c=2)", "takes no `c`"),
        ("f(a, **options)", "(1, c=2)", ""),
        ("f(a)", "(1, a=2)", "`a` is given twice"),
        ("f(a, b)", "(*both)", ""),
        ("f(*all)", "(1, 2, 3)", ""),
        ("f(self, a)", "(1)", ""),
    ],
)
def test_a_call_fits_a_signature_by_the_rules_of_python(signature, call, why):
    given = given_by(call, "python")
    assert given is not None
    assert misfit(given, taken_by_text(signature, "python")) == why


@pytest.mark.parametrize(
    ("signature", "call", "fits"),
    [
        ("f(a: number, b?: string)", "(1)", True),
        ("f(a: number, b?: string)", "()", False),
        ("f({ a, b }: Props)", "(props)", True),
        ("f(a: () => void, ...rest: number[])", "(f, 1, 2, 3)", True),
        ("f(a = 1)", "(1, 2)", False),
    ],
)
def test_a_call_fits_a_signature_by_the_rules_of_typescript(signature, call, fits):
    given = given_by(call, "typescript")
    assert given is not None
    assert (misfit(given, taken_by_text(signature, "typescript")) == "") is fits


def test_a_count_of_arguments_alone_may_fit():
    taken = taken_by_text("f(a, b=1, *, c=2)", "python")
    assert [count for count in range(6) if may_fit(count, taken)] == [1, 2, 3]
    assert may_fit(9, taken_by_text("f(*args)", "python"))


def test_a_text_without_parameters_is_an_error():
    with pytest.raises(UsageError, match="no parameter list"):
        taken_by_text("f", "python")
