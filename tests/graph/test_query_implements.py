"""who-implements: declared, structural and transitive implementers, overrides, members, near misses."""

from __future__ import annotations

import pytest
from drawing import build_graph, names, node

from isg.graph.model import Confidence
from isg.graph.queries.bound import Bound
from isg.graph.queries.who_implements import MemberSupply, who_implements


def ask(graph, *asked, **options):
    return who_implements(graph, [node(graph, name) for name in asked], **options)


CLASSES = """
m.py class A
m.py class B
m.py class C
m.py class D
m.py class E
"""


def test_direct_ones_come_first_and_transitive_ones_say_by_way_of_what():
    graph = build_graph(CLASSES, "m.B IMPL/extends m.A\nm.C IMPL/extends m.B\nm.D IMPL/implements m.C")
    answer = ask(graph, "m.A")
    assert names(answer.results) == ["m.B", "m.C", "m.D"]
    assert [found.direct for found in answer.results] == [True, False, False]
    assert [found.via for found in answer.results] == [
        (),
        ("python:m.B",),
        ("python:m.B", "python:m.C"),
    ]
    assert answer.results[2].how == "implements"
    assert names(ask(graph, "m.A", direct=True).results) == ["m.B"]


def test_a_diamond_is_answered_once_by_the_surer_way():
    graph = build_graph(
        CLASSES,
        """
        m.B IMPL/extends m.A exact
        m.C IMPL/structural m.A dispatch
        m.D IMPL/extends m.C exact
        m.D IMPL/extends m.B exact
        """,
    )
    answer = ask(graph, "m.A")
    assert names(answer.results) == ["m.B", "m.C", "m.D"]
    last = answer.results[-1]
    assert (last.via, last.confidence) == (("python:m.B",), Confidence.EXACT)
    assert answer.bound == Bound(certain=2, possible=1)


def test_the_confidence_is_the_weakest_on_the_way():
    graph = build_graph(CLASSES, "m.B IMPL/structural m.A dispatch\nm.C IMPL/extends m.B exact")
    assert [found.confidence for found in ask(graph, "m.A").results] == [Confidence.DISPATCH] * 2
    assert ask(graph, "m.A", min_confidence=Confidence.INFERRED).results == ()


def test_a_cycle_of_bases_ends():
    graph = build_graph(
        CLASSES, "m.A IMPL/extends m.B\nm.B IMPL/extends m.A\nm.A IMPL/extends m.A\nm.C IMPL/extends m.B"
    )
    assert names(ask(graph, "m.A").results) == ["m.B", "m.C"]


def test_of_a_method_every_override_is_found():
    graph = build_graph(
        """
        m.py class A
        m.py method A.run
        m.py class B
        m.py method B.run
        m.py class C
        m.py method C.run
        """,
        "m.B.run OVERRIDES m.A.run\nm.C.run OVERRIDES m.B.run",
    )
    answer = ask(graph, "m.A.run")
    assert names(answer.results) == ["m.B.run", "m.C.run"]
    assert {found.how for found in answer.results} == {"overrides"}
    assert answer.results[1].via == ("python:m.B.run",)


PROTOCOL = """
m.py protocol Reader
m.py method Reader.read
m.py method Reader.close
m.py method Reader.tell
m.py class File
m.py method File.read
m.py method File.close
m.py method File.tell
m.py class Buffered
m.py method Buffered.read
m.py class Half
m.py method Half.read
m.py method Half.close
m.py class Other
m.py method Other.read
"""
PROTOCOL_EDGES = "m.File IMPL/structural m.Reader dispatch\nm.Buffered IMPL/extends m.File"


def test_methods_tell_who_supplies_each_member():
    graph = build_graph(PROTOCOL, PROTOCOL_EDGES)
    answer = ask(graph, "m.Reader", methods=True)
    assert names(answer.results) == ["m.File", "m.Buffered"]
    assert answer.results[1].implements == (
        MemberSupply("read", "python:m.Buffered.read", "python:m.Buffered"),
        MemberSupply("close", "python:m.File.close", "python:m.File"),
        MemberSupply("tell", "python:m.File.tell", "python:m.File"),
    )


def test_a_member_that_stays_abstract_is_missing_and_a_default_is_supplied():
    graph = build_graph(
        """
        m.py class Base
        m.py method Base.must abstract
        m.py method Base.may
        m.py class Child
        """,
        "m.Child IMPL/extends m.Base",
    )
    assert ask(graph, "m.Base", methods=True).results[0].implements == (
        MemberSupply("must", None, None),
        MemberSupply("may", "python:m.Base.may", "python:m.Base"),
    )


def test_near_misses_say_what_they_lack():
    graph = build_graph(PROTOCOL, PROTOCOL_EDGES)
    answer = ask(graph, "m.Reader", near=True)
    assert names(answer.near) == ["m.Half"]
    assert answer.near[0].lacks == ("tell",)
    assert answer.near[0].has == ("read", "close")
    assert ask(graph, "m.Reader").near == ()


def test_a_type_whose_member_cannot_be_called_the_same_way_is_near():
    graph = build_graph(
        PROTOCOL + "m.py class Odd\nm.py method Odd.read takes=self,size\nm.py method Odd.close"
    )
    near = {miss.symbol.name: miss for miss in ask(graph, "m.Reader", near=True).near}
    assert (near["Odd"].lacks, near["Odd"].differs, near["Odd"].has) == (("tell",), ("read",), ("close",))


def test_of_a_class_only_what_it_leaves_abstract_is_asked_of_strangers():
    graph = build_graph(
        """
        m.py class Base
        m.py method Base.a abstract
        m.py method Base.b abstract
        m.py method Base.c
        m.py class Near
        m.py method Near.a
        m.py class Alike
        m.py method Alike.c
        """
    )
    assert names(ask(graph, "m.Base", near=True).near) == ["m.Near"]


def test_an_empty_answer_says_why():
    graph = build_graph(CLASSES, "m.B IMPL/structural m.A guess", {"A": 4})
    answer = ask(graph, "m.A")
    assert [notice.code for notice in answer.warnings] == ["below_confidence"]
    assert answer.bound == Bound(0, 0, 4, ('4 sites named "A" could not be resolved',))
    assert [notice.code for notice in ask(graph, "m.E").warnings] == ["none"]


@pytest.mark.parametrize("asked", [("m.A", "m.B"), ("m.B", "m.A"), ("m.A", "m.A", "m.B")])
def test_several_types_are_one_question(asked):
    graph = build_graph(CLASSES, "m.B IMPL/extends m.A\nm.C IMPL/extends m.B\nm.D IMPL/extends m.A")
    assert names(ask(graph, *asked).results) == ["m.C", "m.D"]
