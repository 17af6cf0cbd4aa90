"""Which bindings reach a read, and what tests tell about it."""

from __future__ import annotations

import pytest
from python_facts import facts_of, returned, shown, signature, value_of


def reads(body: str) -> str:
    """What ``it`` is bound to at the end of a function with parameters x, y and z."""
    lines = "\n".join(f"    {line}" for line in body.strip("\n").split("\n"))
    return value_of(f"def f(x, y, z):\n{lines}\n")


@pytest.mark.parametrize(
    ("body", "term"),
    [
        pytest.param("it = x", "Use(x)", id="a parameter"),
        pytest.param("x = 1\nit = x", "Use(x:2)", id="an assignment kills"),
        pytest.param("if y:\n    x = 1\nit = x", "Use(x:1, x:2)", id="branches merge"),
        pytest.param("if y:\n    x = 1\nelse:\n    x = 2\nit = x", "Use(x:2, x:3)", id="both branches bind"),
        pytest.param(
            "if y:\n    x = 1\n    return\nit = x", "Use(x:1)", id="a branch that returns adds nothing"
        ),
        pytest.param("if y:\n    x = 1\n    raise y\nit = x", "Use(x:1)", id="a branch that raises"),
        pytest.param(
            "for x in y:\n    if x:\n        x = 1\n        continue\n    it = x", "Use(x:2)", id="continue"
        ),
        pytest.param("while y:\n    it = x\n    x = 1", "Use(x:1, x:2)", id="a loop's end reaches its start"),
        pytest.param("while y:\n    x = 1\nit = x", "Use(x:1, x:2)", id="a loop may not run"),
        pytest.param(
            "while True:\n    x = 1\n    break\nit = x", "Use(x:2)", id="an endless loop ends by break"
        ),
        pytest.param("for x in y: pass\nelse:\n    x = 1\nit = x", "Use(x:3)", id="else of a loop"),
        pytest.param(
            "for a in y:\n    x = 1\n    break\nelse:\n    x = 2\nit = x",
            "Use(x:2, x:3)",
            id="break skips else",
        ),
        pytest.param(
            "try:\n    x = f()\nexcept E:\n    it = x", "Use(x:1, x:2)", id="what a try binds may reach"
        ),
        pytest.param(
            "try:\n    x = 1\nexcept E:\n    x = 2\nelse:\n    x = 3\nit = x",
            "Use(x:3, x:4)",
            id="else of a try",
        ),
        pytest.param(
            "try:\n    x = 1\nexcept E:\n    return\nit = x", "Use(x:2)", id="a handler that leaves"
        ),
        pytest.param("try:\n    pass\nfinally:\n    x = 1\nit = x", "Use(x:2)", id="finally always runs"),
        pytest.param(
            "try:\n    x = 1\nfinally:\n    pass\nit = x", "Use(x:2)", id="behind finally all went well"
        ),
        pytest.param("with y as x:\n    pass\nit = x", "Use(x:2)", id="with"),
        pytest.param("if (x := y):\n    it = x", "Use(x:2)", id="walrus"),
        pytest.param("[x := a for a in y]\nit = x", "Use(x:2)", id="a walrus leaves a comprehension"),
        pytest.param("del x\nit = x", "Use(x)", id="deleted: all that is known of the name"),
        pytest.param("def x(): pass\nit = x", "Use(x:2)", id="a definition"),
        pytest.param("import x\nit = x", "Use(x:2)", id="an import"),
        pytest.param("x += 1\nit = x", "Use(x:2)", id="augmented"),
        pytest.param("match y:\n    case [x]: pass\n    case _: x = 1\nit = x", "Use(x:2, x:3)", id="match"),
        pytest.param("match y:\n    case [x]: pass\nit = x", "Use(x:1, x:2)", id="no case may match"),
        pytest.param("it = [x for x in x]", "Collect(Use(x))", id="a comprehension has its own names"),
        pytest.param("x = 1\nit = [x for a in y]", "Collect(Use(x:2))", id="a comprehension runs at once"),
        pytest.param("x = 1\nit = lambda: x", "Lambda(x)", id="a lambda runs later"),
        pytest.param("it = w\nw = 1", "Use(w)", id="bound later only"),
    ],
)
def test_what_reaches(body: str, term: str) -> None:
    assert reads(body) == term


A, NOT_A = "Use(Narrow(Use(x), A))", "Use(Exclude(Use(x), A))"


@pytest.mark.parametrize(
    ("body", "term"),
    [
        pytest.param("if isinstance(x, A):\n    it = x", A, id="the true branch"),
        pytest.param("if isinstance(x, A): pass\nelse:\n    it = x", NOT_A, id="the false branch"),
        pytest.param("if not isinstance(x, A): return\nit = x", A, id="guard"),
        pytest.param("if isinstance(x, A): return\nit = x", NOT_A, id="negative guard"),
        pytest.param(
            "if isinstance(x, A): pass\nit = x",
            "Use(Narrow(Use(x), Rejoined(Use(Narrow(Use(x), A)))))",
            id="both ways: what it is on one, where nothing else is known",
        ),
        pytest.param(
            "if isinstance(x, (A, B)):\n    it = x", "Use(Narrow(Use(x), Tuple(A, B)))", id="several classes"
        ),
        pytest.param(
            "if isinstance(x, A) or isinstance(x, B):\n    it = x",
            "Use(Narrow(Use(x), Tuple(A, B)))",
            id="or",
        ),
        pytest.param(
            "if isinstance(x, A) or isinstance(x, B) or isinstance(x, C):\n    it = x",
            "Use(Narrow(Use(x), Tuple(A, B, C)))",
            id="one of three",
        ),
        pytest.param("if isinstance(x, A) and x.y and z:\n    pass\nit = x", "Use(x)", id="three, both ways"),
        pytest.param(
            "if isinstance(x, A) and isinstance(x, B):\n    pass\nit = x", "Use(x)", id="two tests, both ways"
        ),
        pytest.param(
            "y and (x := z()) and (it := x)", "Use(x:2)", id="what an operand binds holds behind it"
        ),
        pytest.param(
            "y and (x := z()) and z\nit = x", "Use(x:1, x:2)", id="but an operand may not be reached"
        ),
        pytest.param("if y and isinstance(x, A):\n    it = x", A, id="and"),
        pytest.param("if y or isinstance(x, A): pass\nelse:\n    it = x", NOT_A, id="neither"),
        pytest.param("it = isinstance(x, A) and x", f"Union(<CALL>, {A})", id="in an expression"),
        pytest.param("it = x if isinstance(x, A) else y", f"Union({A}, Use(y))", id="conditional expression"),
        pytest.param("it = y if isinstance(x, A) else x", f"Union(Use(y), {NOT_A})", id="its other side"),
        pytest.param("assert isinstance(x, A)\nit = x", A, id="assert"),
        pytest.param(
            "while not isinstance(x, A):\n    x = x.y\nit = x", "Use(Narrow(Use(x:1, x:2), A))", id="while"
        ),
        pytest.param("if issubclass(x, A):\n    it = x", "Use(Subtype(Use(x), A))", id="issubclass"),
        pytest.param("if type(x) is A:\n    it = x", A, id="type is"),
        pytest.param("if type(x) is not A: return\nit = x", A, id="type is not"),
        pytest.param("match x:\n    case A():\n        it = x", A, id="match"),
        pytest.param("match x:\n    case A(): pass\n    case _:\n        it = x", NOT_A, id="a later case"),
        pytest.param(
            "if isinstance(x, A):\n    x = y\nit = x", "Use(x:2, Exclude(Use(x:1), A))", id="rebound"
        ),
        pytest.param("if isinstance(x.y, A):\n    it = x.y", "Use(Narrow(Use(x).y, A))", id="a chain"),
        pytest.param(
            "if isinstance(x.y, A):\n    x = y\n    it = x.y", "Use(x:2).y", id="a chain's base is rebound"
        ),
        pytest.param("if isinstance(x.y, A): pass\nit = x.y", "Use(x).y", id="a chain both ways"),
        pytest.param("if isinstance(g, A):\n    it = g", "Use(Narrow(g, A))", id="an outer variable"),
        pytest.param("if isinstance(g, A): pass\nit = g", "g", id="an outer variable both ways"),
        pytest.param("if isinstance(w := y(), A):\n    it = w", "Use(Narrow(Use(w), A))", id="a walrus"),
        pytest.param("x.y = z\nit = x.y.a", "Use(Use(z)).a", id="an assigned chain"),
        pytest.param("x.y = z\nx.y += 1\nit = x.y", "Use(x).y", id="an augmented chain is no longer known"),
        pytest.param(
            "x.y = z\nwhile z:\n    it = x.y\n    x.y = 1", "Use(x).y", id="a chain bound in the loop"
        ),
    ],
)
def test_what_a_test_tells(body: str, term: str) -> None:
    assert reads(body).replace("isinstance(Use(x), A)", "<CALL>") == term


def test_a_comprehension_knows_what_its_condition_tells() -> None:
    assert value_of("it = [x.a for x in y if isinstance(x, A)]\n") == "Collect(Use(Narrow(Use(x), A)).a)"


def test_an_attribute_set_in_a_method_is_read_back_as_its_binding() -> None:
    source = """
    class A:
        def f(self, x):
            self.a = x
            return self.a
        def g(self):
            return self.a
    """
    facts = facts_of(source)
    assert returned(facts, signature(facts, "f")) == ["Use(a)"]
    assert returned(facts, signature(facts, "g")) == ["Use(self).a"]


def test_module_and_class_bodies_read_their_own_names_and_functions_look_outwards() -> None:
    source = """
    x = 1
    it = x
    class A:
        x = 2
        y = x
        z = it
        def f(self):
            return x
    """
    facts = facts_of(source)
    terms = {each.name: shown(facts, each.term) for each in facts.bindings}
    assert terms["it"] == "Use(x)"
    assert terms["y"] == "Use(x)"
    assert terms["z"] == "it"
    assert returned(facts, signature(facts, "f")) == ["x"]


def test_global_and_nonlocal_names_belong_to_their_own_scopes() -> None:
    source = """
    def f():
        global a
        a = 1
        b = 1
        def g():
            nonlocal b
            b = 2
            return a, b
        return b
    """
    facts = facts_of(source)
    assert [facts.scopes[each.scope].kind.name for each in facts.bindings if each.name == "a"] == ["MODULE"]
    assert len({each.scope for each in facts.bindings if each.name == "b"}) == 1
    assert returned(facts, signature(facts, "g")) == ["Tuple(a, b)"]
    assert [each.name for each in facts.symbols if each.kind == "variable"] == ["a"]


def test_type_parameters_have_a_scope_of_their_own() -> None:
    facts = facts_of("def f[T: A](x: T) -> T: pass\n")
    scope = next(each for each in facts.scopes if each.kind.name == "TYPE_PARAMETERS")
    assert list(scope.names) == ["T"]
    binding = facts.bindings[scope.names["T"][0]]
    assert shown(facts, binding.declared) == "A"
    assert shown(facts, signature(facts, "f").returns) == "Use(T)"


def test_many_tests_of_a_variable_cost_no_more_than_their_number() -> None:
    tests = [f"isinstance(x, C{number})" for number in range(500)]
    alternatives = facts_of(f"def f(x):\n    if {' or '.join(tests)}:\n        return x\n")
    guards = facts_of("def f(x):\n" + "".join(f"    if {test}: return x\n" for test in tests))
    assert len(alternatives.bindings) < 500
    assert len(guards.bindings) < 3 * 500
    assert not alternatives.diagnostics
