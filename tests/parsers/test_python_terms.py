"""Expressions become terms that keep what can matter to names, and nothing else."""

from __future__ import annotations

import pytest
from python_facts import declared_as, facts_of, returned, shown, signature, value_of


@pytest.mark.parametrize(
    ("expression", "term"),
    [
        ("self.repo.find(x).save()", "self.repo.find(x).save()"),
        ("f(a, *b, c=d, **e)", "f(a, Star(b), c=d)"),
        ("a[0]", "a[0]"),
        ("a[1, b]", "a[Tuple(1, b)]"),
        ("a[1:2]", "a[<slice>]"),
        ("a or b or c", "Union(a, b, c)"),
        ("a and a", "a"),
        ("a if b else c", "Union(a, c)"),
        ("not a", "<bool>"),
        ("a < b", "<bool>"),
        ("a + b", "Operate(__add__, a, b)"),
        ("a @ b ** c", "Operate(__matmul__, a, Operate(__pow__, b, c))"),
        ("-a", "Unary(__neg__, a)"),
        ("[a, *b]", "List(a, Star(b))"),
        ("(a, b)", "Tuple(a, b)"),
        ("a, b", "Tuple(a, b)"),
        ("()", "Tuple()"),
        ("{a, b}", "Set(a, b)"),
        ("{a: b, **c}", "Dict(a, b, ?, c)"),
        ("(a)", "a"),
        ("'text'", "'text'"),
        ("'two\\nlines'", "<str>"),
        ("r'raw'", "<str>"),
        ("b'bytes'", "<bytes>"),
        ("f'{a}'", "<str>"),
        ("'a' 'b'", "<str>"),
        ("12", "12"),
        ("0xff", "<int>"),
        ("1.5", "<float>"),
        ("1j", "<complex>"),
        ("True", "<bool>"),
        ("None", "<None>"),
        ("...", "<ellipsis>"),
        ("[f(x) for x in y]", "Collect(f(Use(x)))"),
        ("{x for x in y}", "Set(Use(x))"),
        ("{k: v for k, v in y}", "Dict(Use(k), Use(v))"),
        ("f(x for x in y)", "f(Generator(Use(x)))"),
        ("lambda a, b=1: a.c", "Lambda(Use(a).c)"),
        ("(y := f())", "Use(y)"),
        ("Optional['A']", "Optional[A]"),
        ("t.Union[A, list['B']]", "t.Union[Tuple(A, list[B])]"),
        ("Literal['A']", "Literal['A']"),
        ("table['A']", "table['A']"),
        ("a.b. c", "a.b.c"),
    ],
)
def test_an_expression(expression: str, term: str) -> None:
    assert value_of(f"it = {expression}\n") == term


@pytest.mark.parametrize(
    ("statement", "term"),
    [
        ("for it in y: pass", "Iter(y)"),
        ("for a, it in y: pass", "Item(Iter(y), 1)"),
        ("for (a, (b, it)) in y: pass", "Item(Item(Iter(y), 1), 1)"),
        ("a, *it, b = y", "Rest(y)"),
        ("a, *b, it = y", "Item(y, -1)"),
        ("[a, it] = y", "Item(y, 1)"),
        ("a = it = y", "y"),
        ("with y as it: pass", "Enter(y)"),
        ("with a, y() as (b, it): pass", "Item(Enter(y()), 1)"),
        ("with (a as b, y as it): pass", "Enter(y)"),
        ("try: pass\nexcept (A, B) as it: pass", "Caught(Tuple(A, B))"),
        ("it = 1\nit += y", "Operate(__iadd__, Use(it:1), y)"),
        ("import it", "Import(it)"),
        ("import it.b.c", "Import(it.b.c)"),
        ("import a.b as it", "Import(a.b)"),
        ("from a.b import it", "Import(a.b:it)"),
        ("from ..a import b as it", "Import(..a:b)"),
        ("from . import it", "Import(.:it)"),
        ("def it(): pass", "Symbol(it)"),
        ("@d\ndef it(): pass", "Decorate(d, Symbol(it))"),
        ("@d(1)\n@e.f\nclass it: pass", "Decorate(d(1), Decorate(e.f, Symbol(it)))"),
        ("type it[T] = list[T]", "list[Use(T)]"),
        ("it: TypeAlias = 'A | None'", "Union(A, <None>)"),
        ("match y:\n case {'k': it}: pass", "y['k']"),
        ("match y:\n case [_, it]: pass", "Item(y, 1)"),
        ("match y:\n case [_, *it]: pass", "Rest(y)"),
        ("match y:\n case C(a=it): pass", "Narrow(y, C).a"),
        ("match y:\n case C(it): pass", "?"),
        ("match y:\n case C() | D() as it: pass", "Union(Narrow(y, C), Narrow(y, D))"),
        ("match y:\n case {**it}: pass", "<dict>"),
        ("match y:\n case it: pass", "y"),
        ("match x, y:\n case [_, it]: pass", "Item(Tuple(x, y), 1)"),
    ],
)
def test_a_binding(statement: str, term: str) -> None:
    assert value_of(f"{statement}\n") == term


@pytest.mark.parametrize(
    ("statement", "term"),
    [
        ("async for it in y: pass", "Aiter(y)"),
        ("async with y as it: pass", "Aenter(y)"),
        ("it = await y()", "Await(y())"),
        ("it = [a async for a in y]", "Collect(Use(a))"),
    ],
)
def test_a_binding_in_a_coroutine(statement: str, term: str) -> None:
    assert value_of(f"async def f():\n {statement}\n") == term


@pytest.mark.parametrize(
    ("annotation", "term"),
    [
        ("A", "A"),
        ("a.b.C", "a.b.C"),
        ("list[A]", "list[A]"),
        ("a.B[C, D]", "a.B[Tuple(C, D)]"),
        ("A | None", "Union(A, <None>)"),
        ("Callable[[A], B]", "Callable[Tuple(List(A), B)]"),
        ("Callable[..., B]", "Callable[Tuple(<ellipsis>, B)]"),
        ("tuple[A, ...]", "tuple[Tuple(A, <ellipsis>)]"),
        ("'A'", "A"),
        ("'list[A] | None'", "Union(list[A], <None>)"),
        ("list['A']", "list[A]"),
        ("\"dict[str, 'A']\"", "dict[Tuple(str, A)]"),
        ("'''\n A\n'''", "A"),
        ("Literal['A']", "Literal['A']"),
        ("Annotated['A', 'B']", "Annotated[Tuple(A, 'B')]"),
        ("Optional[Union[A, 'B']]", "Optional[Union[Tuple(A, B)]]"),
    ],
)
def test_a_type_expression(annotation: str, term: str) -> None:
    assert declared_as(f"def f(it: {annotation}): pass\n") == term


@pytest.mark.parametrize(
    ("call", "term"),
    [
        ("cast('list[A]', x)", "cast(list[A], x)"),
        ("typing.cast(A, x)", "typing.cast(A, x)"),
        ("TypeVar('T', bound='A')", "TypeVar('T', bound=A)"),
        ("TypeVar('T', A, 'B')", "TypeVar('T', A, B)"),
    ],
)
def test_arguments_that_are_types(call: str, term: str) -> None:
    assert value_of(f"it = {call}\n") == term


def test_super_knows_its_class_and_first_parameter_also_in_closures() -> None:
    source = """
    class A(B):
        def f(me):
            def inner():
                return super().g()
            return super().f()
        @staticmethod
        def h(x):
            return super().f()
    """
    facts = facts_of(source)
    assert returned(facts, signature(facts, "f")) == ["Super(A, me).f()"]
    assert returned(facts, signature(facts, "inner")) == ["Super(A, me).g()"]
    assert returned(facts, signature(facts, "h")) == ["super().f()"]


def test_super_with_arguments_or_rebound_is_an_ordinary_call() -> None:
    source = """
    class A(B):
        def f(self):
            return super(A, self).f()
    """
    facts = facts_of(source)
    assert returned(facts, signature(facts, "f")) == ["super(A, Use(self)).f()"]


def test_a_union_keeps_at_most_sixteen_members() -> None:
    term = value_of("it = " + " or ".join(f"a{n}" for n in range(40)) + "\n")
    assert term == "Union(" + ", ".join(f"a{n}" for n in range(16)) + ")"


def test_terms_stand_once_each() -> None:
    facts = facts_of("a.b(c)\na.b(c)\nx = a.b(c)\n")
    assert len(set(facts.terms)) == len(facts.terms)
    assert facts.terms[0] == (0,)


def test_a_signature_has_what_is_returned_and_yielded() -> None:
    source = """
    async def f(a: int, /, b, *c: str, d=1, **e) -> "R":
        if a: return b
        yield c
        yield
        return b
    def g():
        yield from h()
        return None
    """
    facts = facts_of(source)
    first, second = signature(facts, "f"), signature(facts, "g")
    assert [(p.name, p.kind.name, p.has_default) for p in first.parameters] == [
        ("a", "POSITIONAL_ONLY", False),
        ("b", "POSITIONAL", False),
        ("c", "VARIADIC", False),
        ("d", "KEYWORD_ONLY", True),
        ("e", "KEYWORDS", False),
    ]
    assert shown(facts, first.returns) == "R"
    assert returned(facts, first) == ["Use(b)"]
    assert [shown(facts, term) for term in first.yielded] == ["Use(c)", "<None>"]
    assert first.flags == 3  # ASYNC | GENERATOR
    assert [shown(facts, term) for term in second.yielded] == ["Iter(h())"]
    assert returned(facts, second) == ["<None>"]


def test_a_signature_says_which_parameters_it_calls() -> None:
    source = """
    def f(a, b, c):
        a(1)
        [b(x) for x in c]
        k = lambda y: c(y)
        def inner(): a()
    class A:
        @classmethod
        def make(cls): return cls()
    """
    facts = facts_of(source)
    assert [(number, line, column) for number, line, column in signature(facts, "f").called] == [
        (0, 1, 5),
        (1, 2, 6),
        (2, 3, 19),
    ]
    assert signature(facts, "make").called == ()
    assert signature(facts, "inner").called == ()


@pytest.mark.parametrize(
    "body", ["...", "pass", "'''Doc.'''", "'''Doc.'''\n    ...", "raise NotImplementedError(1)"]
)
def test_a_body_that_states_only_an_interface(body: str) -> None:
    facts = facts_of(f"def f(self):\n    {body}\n")
    assert signature(facts, "f").flags == 4  # ABSTRACT_BODY
    assert signature(facts_of("def f(self):\n    return 1\n"), "f").flags == 0
