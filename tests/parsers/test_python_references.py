"""Uses of names: one reference a site, with its role, its form, and the definition that it stands in."""

from __future__ import annotations

import pytest
from python_facts import facts_of, place, references, shown, value_of

EXPLICIT = ("READ", "CALL", "WRITE", "TYPE", "INHERIT", "DECORATE")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("f(x)", ["CALL NAME f @ <module>", "READ NAME x @ <module>"]),
        ("a.b.c", ["READ NAME a @ <module>", "READ ATTRIBUTE a.b @ <module>", "READ CHAIN a.b.c @ <module>"]),
        ("a.b()", ["READ NAME a @ <module>", "CALL ATTRIBUTE a.b @ <module>"]),
        ("f()()", ["CALL NAME f @ <module>", "CALL OTHER f() @ <module>"]),
        ("f().g()", ["CALL NAME f @ <module>", "CALL CHAIN f().g @ <module>"]),
        ("x = 1\nx = 2", ["WRITE NAME Use(x:2) @ <module>"]),
        ("a.x = 1", ["READ NAME a @ <module>", "WRITE ATTRIBUTE a.x @ <module>"]),
        ("a.x += 1", ["READ NAME a @ <module>", "WRITE ATTRIBUTE a.x @ <module>"]),
        ("del a.x", ["READ NAME a @ <module>", "WRITE ATTRIBUTE a.x @ <module>"]),
        ("def f(x):\n y = x\n return y", []),
        ("def f(x):\n x()", ["CALL NAME Use(x) @ f"]),
        ("def f(x): x.y()", ["CALL ATTRIBUTE Use(x).y @ f"]),
        ("def f():\n def g(): pass\n g", ["READ NAME Use(g) @ f"]),
        ("def f():\n import g\n g", ["READ NAME Use(g) @ f"]),
        ("def f(x):\n def g(): return x", []),
        ("def f(x):\n def g(): return x()", ["CALL NAME x @ g"]),
        ("lambda x: x.y(z)", ["CALL ATTRIBUTE Use(x).y @ <module>", "READ NAME z @ <module>"]),
        ("def f(): return [g(x) for x in y]", ["CALL NAME g @ f", "READ NAME y @ f"]),
        (
            "@d\n@e.f\n@g(h)\ndef k(a: A = b) -> 'R': pass",
            [
                "DECORATE NAME d @ <module>",
                "READ NAME e @ <module>",
                "DECORATE ATTRIBUTE e.f @ <module>",
                "CALL NAME g @ <module>",
                "READ NAME h @ <module>",
                "TYPE NAME A @ k",
                "READ NAME b @ k",
                "TYPE NAME R @ k",
            ],
        ),
        (
            "class C(a.B[D], E, metaclass=M):\n x = f()",
            [
                "READ NAME a @ C",
                "INHERIT ATTRIBUTE a.B @ C",
                "TYPE NAME D @ C",
                "INHERIT NAME E @ C",
                "READ NAME M @ C",
                "CALL NAME f @ C",
            ],
        ),
        ("class C(base(A)): pass", ["CALL NAME base @ C", "READ NAME A @ C"]),
        ("x: 'list[A]' = 1", ["TYPE NAME list @ <module>", "TYPE NAME A @ <module>"]),
        ("x: Literal['A']", ["TYPE NAME Literal @ <module>"]),
        (
            "f'{a.b!r:>{c}}'",
            ["READ NAME a @ <module>", "READ ATTRIBUTE a.b @ <module>", "READ NAME c @ <module>"],
        ),
        ("raise A from b", ["READ NAME A @ <module>", "READ NAME b @ <module>"]),
        (
            "match a:\n case b.C(d=1): pass",
            [
                "READ NAME a @ <module>",
                "READ NAME b @ <module>",
                "READ ATTRIBUTE b.C @ <module>",
                "READ CHAIN Narrow(a, b.C).d @ <module>",
            ],
        ),
        ("print(a[b:c])", ["CALL NAME print @ <module>", *[f"READ NAME {n} @ <module>" for n in "abc"]]),
        ("type X[T: B] = list[T]", ["TYPE NAME B @ <module>", "TYPE NAME list @ <module>"]),
    ],
)
def test_the_references_of(source: str, expected: list[str]) -> None:
    assert references(source + "\n", *EXPLICIT) == expected


def test_the_first_parameter_of_a_method_makes_form_self_also_in_closures() -> None:
    source = """
    class A:
        def f(this, other):
            this.x = 1
            this.g()
            other.g()
            lambda: this.h
            this.x.y
        @classmethod
        def c(cls): cls.d()
        @staticmethod
        def s(self): self.d()
        def u(self): super().u()
    """
    assert references(source, *EXPLICIT) == [
        "CALL SELF Use(this).g @ f",
        "CALL ATTRIBUTE Use(other).g @ f",
        "READ SELF this.h @ f",
        "READ SELF Use(this).x @ f",
        "READ CHAIN Use(x).y @ f",
        "DECORATE NAME classmethod @ A",
        "CALL SELF Use(cls).d @ c",
        "DECORATE NAME staticmethod @ A",
        "CALL ATTRIBUTE Use(self).d @ s",
        "CALL NAME super @ u",
        "CALL SUPER Super(A, self).u @ u",
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a + b", ["a.__add__"]),
        ("a += b", ["a.__iadd__"]),
        ("a < b < c", ["a.__lt__", "b.__lt__"]),
        ("a in b", ["b.__contains__"]),
        ("a not in b", ["b.__contains__"]),
        ("a is b", []),
        ("-a", ["a.__neg__"]),
        ("a[0]", ["a.__getitem__"]),
        ("a[0] = 1", ["a.__setitem__"]),
        ("del a[0]", ["a.__delitem__"]),
        ("for x in a: pass", ["a.__iter__"]),
        ("[x for x in a]", ["a.__iter__"]),
        ("with a: pass", ["a.__enter__", "a.__exit__"]),
        ("async def f():\n async with a: pass", ["a.__aenter__", "a.__aexit__"]),
        ("async def f():\n async for x in a: pass", ["a.__aiter__"]),
        ("async def f():\n await a", ["a.__await__"]),
        ("def f():\n yield from a", ["a.__iter__"]),
        ("1 + a", []),
        ("'%s' % a", []),
        ("for x in [a]: pass", []),
        ("{}[a]", []),
    ],
)
def test_what_operators_imply(source: str, expected: list[str]) -> None:
    found = [line.split()[2] for line in references(source + "\n", "IMPLICIT")]
    assert sorted(found) == sorted(expected)


def test_a_reference_stands_at_its_identifier() -> None:
    facts = facts_of("é = 1\nx: 'list[B]'\n@d\ndef f():\n    return a. b(c)\n")
    found = {each.name: place(facts, each) for each in facts.references}
    assert found["B"] == (2, 10)
    assert found["d"] == (3, 2)
    assert found["a"] == (5, 12)
    assert found["b"] == (5, 15)


def test_columns_count_utf8_bytes() -> None:
    facts = facts_of("x = 'é', a\n")
    assert [place(facts, each) for each in facts.references] == [(1, 11)]


def test_calls_say_how_they_are_made() -> None:
    facts = facts_of("async def f():\n    await g(1, a=2)\n    h(*b, **c)\n\n\n@d(1)\ndef k(): pass\n")
    calls = {each.name: each for each in facts.references if each.role.name == "CALL"}
    assert (calls["g"].arguments, int(calls["g"].flags)) == (2, 1)  # AWAITED
    assert (calls["h"].arguments, int(calls["h"].flags)) == (0, 8)  # STARRED
    assert (calls["d"].arguments, int(calls["d"].flags)) == (1, 16)  # DECORATOR
    assert shown(facts, calls["g"].call) == "g(1, a=2)"


def test_references_say_who_reads_them() -> None:
    facts = facts_of("if TYPE_CHECKING:\n    a\nelse:\n    b\nx: 'C'\n")
    flags = {each.name: int(each.flags) for each in facts.references}
    assert flags == {"TYPE_CHECKING": 0, "a": 2, "b": 0, "C": 4}


def test_behind_type_checking_its_branch_alone_holds() -> None:
    source = """
    if TYPE_CHECKING:
        from a import X
    else:
        X = object
    it = X
    """
    assert value_of(source) == "Use(X:1)"
    facts = facts_of("if not t.TYPE_CHECKING:\n    a\nelse:\n    import m\n    b\nc\n")
    flags = {each.name: int(each.flags) for each in facts.references if each.name in "abc"}
    assert flags == {"a": 0, "b": 2, "c": 0}
    assert int(facts.imports[0].flags) == 1


def test_a_known_chain_is_a_value_but_its_reference_names_the_attribute() -> None:
    source = """
    class A:
        def f(self):
            self.x = B()
            self.x.g()
    """
    assert references(source, "READ", "CALL")[1:] == [
        "READ SELF Use(self).x @ f",
        "CALL CHAIN Use(x).g @ f",
    ]
