"""Expressions, patterns and types of Rust become terms that keep what can matter to names."""

from __future__ import annotations

import pytest
from rust_facts import facts_of, returned, shown, signature, symbol, value_of


@pytest.mark.parametrize(
    ("expression", "term"),
    [
        ("a.b(c).d()", "Use(a).b(Use(c)).d()"),
        ("a.b::<T>(c)", "Use(a).b[T](Use(c))"),
        ("a.b", "Use(a)..b"),
        ("a.0.b", "Use(a)..0..b"),
        ("(a.b)(c)", "Use(a)..b(Use(c))"),
        ("d(a)(b)", "d(Use(a))(Use(b))"),
        ("D::new(a)", "D.new(Use(a))"),
        ("x::y::d(a)", "x.y.d(Use(a))"),
        ("Vec::<T>::new()", "Vec[T].new()"),
        ("<T as X<Y>>::d(a)", "Qualified(T, X[Y], d)(Use(a))"),
        ("<T as X>::N::d()", "Qualified(T, X, N).d()"),
        ("<[u8]>::len(a)", "[][<u8>].len(Use(a))"),
        ("crate::d()", "crate.d()"),
        ("super::super::d()", "super.super.d()"),
        ("::x::d()", "::x.d()"),
        ("D", "D"),
        ("D::E", "D.E"),
        ("d::<T>", "d[T]"),
        ("D { x: a, b, ..c }", "New D(x=Use(a), b=Use(b), ..=Use(c))"),
        ("D::E { x: a }", "New D.E(x=Use(a))"),
        ("D::<T> {}", "New D[T]()"),
        ("a?", "Try(Use(a))"),
        ("a.await?", "Try(Await(Use(a)))"),
        ("*a", "Deref(Use(a))"),
        ("&mut a", "Use(a)"),
        ("(a)", "Use(a)"),
        ("-a", "Unary(neg, Use(a))"),
        ("!a", "Unary(not, Use(a))"),
        ("a + b", "Operate(add, Use(a), Use(b))"),
        ("a == b", "<bool>"),
        ("a && b", "<bool>"),
        ("a..b", "Operate(.., Use(a), Use(b))"),
        ("a..=b", "Operate(..=, Use(a), Use(b))"),
        ("..b", "Operate(.., ?, Use(b))"),
        ("a[0]", "Use(a)[<int>]"),
        ("a as D", "Annotation(D)"),
        ("(a, b)", "Tuple(Use(a), Use(b))"),
        ("()", "<unit>"),
        ("[a, b]", "List(Use(a), Use(b))"),
        ("[a; 3]", "List(Use(a))"),
        ("1", "<int>"),
        ("1u8", "<u8>"),
        ("0xffu16", "<u16>"),
        ("1.5", "<float>"),
        ("1f32", "<f32>"),
        ('"x"', "<str>"),
        ('r#"x"#', "<str>"),
        ('b"x"', "Annotation([][<u8>])"),
        ("'x'", "<char>"),
        ("b'x'", "<u8>"),
        ("true", "<bool>"),
        ("{ d(); a }", "Use(a)"),
        ("{ d(); }", "<unit>"),
        ("unsafe { a }", "Use(a)"),
        ("if d { a } else { b }", "Union(Use(a), Use(b))"),
        ("if d { a } else { return }", "Use(a)"),
        ("if d { a }", "<unit>"),
        ("match d { X => a, _ => b }", "Union(Use(a), Use(b))"),
        ("match d { X => a, _ => panic!() }", "Use(a)"),
        ("loop { break a; }", "Use(a)"),
        ("'x: loop { loop { break 'x a; } }", "Use(a)"),
        ("'x: { if d { break 'x a; } b }", "Union(Use(b), Use(a))"),
        ("while d {}", "<unit>"),
        ("|x| x.y()", "Lambda(Use(x).y())"),
        ("move || a", "Lambda(Use(a))"),
        ("async { a }", "Lambda(Use(a))()"),
        ("d!(a, b.c())", "d!(Use(a), Use(b).c())"),
        ("vec![a; 3]", "vec!(Use(a), <int>)"),
        ("x::d!(a, n = b)", "x::d!(Use(a), n=Use(b))"),
        ("return a", "<never>"),
        ("d(/* why */ a // and\n)", "d(Use(a))"),
        ("a\n // why\n .b()", "Use(a).b()"),
        ("r#type()", "type()"),
    ],
)  # fmt: skip
def test_an_expression(expression: str, term: str) -> None:
    assert value_of(f"let it = {expression};") == term


@pytest.mark.parametrize(
    ("statements", "term"),
    [
        ("let (it, x) = a;", "Item(Use(a), 0)"),
        ("let (x, .., it) = a;", "Item(Use(a), -1)"),
        ("let (_, it) = a;", "Item(Use(a), 1)"),
        ("let &(ref it, _) = a;", "Item(Use(a), 0)"),
        ("let [it, ..] = a;", "Iter(Use(a))"),
        ("let [_, it @ ..] = a;", "Use(a)"),
        ("let D { it, .. } = a;", "Payload(Use(a), D, it)"),
        ("let D { x: (_, it) } = a;", "Item(Payload(Use(a), D, x), 1)"),
        ("let D(_, it) = a;", "Payload(Use(a), D, 1)"),
        ("let D(.., it) = a;", "Payload(Use(a), D, -1)"),
        ("let Some(it) = a else { return };", "Payload(Use(a), Some, 0)"),
        ("if let Some(it) = a {}", "Payload(Use(a), Some, 0)"),
        ("while let Some(ref mut it) = a.next() {}", "Payload(Use(a).next(), Some, 0)"),
        ("match a { x::D::E(it) => {} _ => {} }", "Payload(Use(a), x.D.E, 0)"),
        ("match a { it @ D(_) => {} }", "Use(a)"),
        ("match a { X(it) | Y(it) => {} }", "Payload(Use(a), Y, 0)"),
        ("for it in a {}", "Iter(Use(a))"),
        ("for (_, it) in a.iter() {}", "Item(Iter(Use(a).iter()), 1)"),
        ("let (x, it): (X, Y) = a;", "Item(Annotation(Tuple(X, Y)), 1)"),
        ("let it; it = a;", "Use(a)"),
    ],
)
def test_what_a_pattern_binds(statements: str, term: str) -> None:
    assert value_of(statements) == term


def test_alternatives_of_a_pattern_bind_one_variable() -> None:
    facts = facts_of("fn it(a: A) { match a { X(x) | Y(x) => x.f() } }")
    call = next(each for each in facts.references if each.name == "f")
    binding = facts.bindings[int(facts.terms[int(facts.terms[call.term][1])][1])]
    assert shown(facts, binding.term) == "Union(Payload(Use(a), X, 0), Payload(Use(a), Y, 0))"


@pytest.mark.parametrize(
    ("body", "term"),
    [
        ("let x = a; let x = x.f(); x", "Use(x:2)"),
        ("let x = a; { let x = b; } x", "Use(x:1)"),
        ("let x = a; if let Some(x) = b {} x", "Use(x:1)"),
        ("let x = a; for x in b {} x", "Use(x:1)"),
        ("let x = a; c(|x| x); x", "Use(x)"),
        ("let f = a; { fn f() {} f }", "f"),
        ("let f = a; { fn f() {} } f", "Use(f)"),
        ("use z::f; f", "f"),
    ],
)
def test_a_name_means_the_binding_that_is_visible(body: str, term: str) -> None:
    facts = facts_of(f"fn it(a: A, b: B) -> C {{ {body} }}")
    assert returned(facts, signature(facts, "it")) == [term]


def test_a_function_in_a_function_sees_no_variables() -> None:
    facts = facts_of("fn f(a: A) { fn it() -> A { a } }")
    assert returned(facts, signature(facts, "it")) == ["a"]


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("A", "A"),
        ("a::b::A", "a.b.A"),
        ("A<B>", "A[B]"),
        ("A<B, 'a, C>", "A[Tuple(B, C)]"),
        ("A<'a>", "A"),
        ("A<B, X = C>", "A[Tuple(B, {X: C})]"),
        ("A<X: B>", "A[{X: B}]"),
        ("A<3>", "A[<int>]"),
        ("&'a mut A", "A"),
        ("*const A", "A"),
        ("[A; 3]", "[][A]"),
        ("[A]", "[][A]"),
        ("(A, B)", "Tuple(A, B)"),
        ("()", "<unit>"),
        ("!", "?"),
        ("u8", "<u8>"),
        ("str", "<str>"),
        ("dyn A + Send + 'static", "Intersection(A, Send)"),
        ("impl A<X = B>", "A[{X: B}]"),
        ("Box<dyn Fn(A, &B) -> C>", "Box[Callable(A, B) -> C]"),
        ("fn(a: A)", "Callable(A) -> <unit>"),
        ("for<'a> fn(&'a A)", "Callable(A) -> <unit>"),
        ("Self", "Self"),
        ("T::Item", "T.Item"),
        ("Self::Item", "Self.Item"),
        ("<T as A<B>>::Item", "Qualified(T, A[B], Item)"),
        ("::a::B", "::a.B"),
    ],
)
def test_a_type(written: str, term: str) -> None:
    facts = facts_of(f"fn it() -> {written} {{}}")
    assert shown(facts, signature(facts, "it").returns) == term


def test_no_return_type_is_unit() -> None:
    facts = facts_of("fn it() {}")
    assert shown(facts, signature(facts, "it").returns) == "<unit>"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("&self, a: A", ["self: Self", "a: A"]),
        ("mut self: Box<Self>", ["self: Box[Self]"]),
        ("(a, b): (A, B), _: C", ["_: Tuple(A, B)", "_: C"]),
        ("#[x] mut a: A, b: impl B", ["a: A", "b: B"]),
        ("a: u8, ...", ["a: <u8>", ": ?"]),
    ],
)
def test_parameters(parameters: str, expected: list[str]) -> None:
    facts = facts_of(f"fn it({parameters}) {{}}")
    found = [f"{each.name}: {shown(facts, each.annotation)}" for each in signature(facts, "it").parameters]
    assert found == expected


@pytest.mark.parametrize(
    ("head", "bindings"),
    [
        ("fn it<T>()", ["T: ?"]),
        ("fn it<'a, T: A + B<T> + 'a>()", ["T: Intersection(A, B[T])"]),
        ("fn it<T: A>() where T: B, T: ?Sized + C", ["T: Intersection(A, B, C)"]),
        ("fn it<const N: usize>()", ["N: <usize>"]),
        ("fn it<I>() where I: A, I::Item: B", ["I: A", "I::Item: B"]),
        ("fn it() where Self: Sized", ["Self: Sized"]),
        ("fn it<T>() where for<'a> &'a T: A", ["T: A"]),
        ("fn it<F: Fn(A) -> B>()", ["F: Callable(A) -> B"]),
    ],
)
def test_bounds_of_type_parameters(head: str, bindings: list[str]) -> None:
    facts = facts_of(f"{head} {{}}")
    scope = facts.scopes[signature(facts, "it").type_parameters]
    found = [facts.bindings[number] for numbers in scope.names.values() for number in numbers]
    assert [f"{each.name}: {shown(facts, each.declared)}" for each in found] == bindings
    assert facts.scopes[signature(facts, "it").scope].parent == signature(facts, "it").type_parameters


def test_type_parameters_without_lifetimes() -> None:
    assert symbol(facts_of("struct it<'a, T = u8, const N: usize = 3>(&'a T);"), "it").type_parameters == (
        "T",
        "N",
    )


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("let r = d(a, |x| x);", "Expected(d(Use(a), Lambda(Use(x))), 1)"),
        ("let r = a.map(|x| x);", "Expected(Use(a).map(Lambda(Use(x))), 0)"),
        ("let r: D = |x| x;", "D"),
        ("let r = d!(|x| x);", "Expected(d!(Lambda(Use(x))), 0)"),
        ("return |x| x;", "R"),
    ],
)
def test_a_closure_knows_where_it_stands(expression: str, expected: str) -> None:
    facts = facts_of(f"fn f(a: A) -> R {{ {expression} }}")
    closure = next(each for each in facts.signatures if [one.name for one in each.parameters] == ["x"])
    assert shown(facts, closure.expected) == expected


def test_members_of_a_struct() -> None:
    facts = facts_of("struct it { a: A, pub b: B<C> }")
    scope = facts.scopes[symbol(facts, "it").scope]
    found = [facts.bindings[number] for numbers in scope.names.values() for number in numbers]
    assert [(each.name, shown(facts, each.declared), each.instance) for each in found] == [
        ("a", "A", True),
        ("b", "B[C]", True),
    ]


def test_fields_of_tuples_and_variants_are_named_by_position() -> None:
    facts = facts_of("enum A { it(B, C) }")
    scope = facts.scopes[symbol(facts, "it").scope]
    assert list(scope.names) == ["0", "1"]


def test_an_alias_is_bound_to_what_it_stands_for() -> None:
    facts = facts_of("type it<T> = A<T>; trait X { type it: B + C = D; }")
    found = [each for each in facts.bindings if each.name == "it"]
    assert [(shown(facts, each.term), shown(facts, each.declared)) for each in found] == [
        ("A[T]", "?"),
        ("D", "Intersection(B, C)"),
    ]
