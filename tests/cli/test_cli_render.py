"""Renderers: what goes into a format comes out of it whole, and cannot break it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree

from isg.cli.answer import Answer, Arrow, Diagram, Envelope, Finding, Node, Style
from isg.cli.render import FORMATS, renderer
from isg.cli.render.text import aligned, clean
from isg.graph.queries.bound import Bound, Notice

NASTY = 'a "b" <c>\n\x1b[31m|d\\'


def envelope(answer: Answer, shown=None, **changes) -> Envelope:
    values = {
        "command": "callers",
        "query": {"symbols": ["x"]},
        "project": None,
        "answer": answer,
        "shown": answer.results if shown is None else shown,
        "warnings": answer.warnings,
    }
    return Envelope(**{**values, **changes})


def rendered(name: str, answer: Answer, color: bool = False, **changes) -> str:
    return b"".join(renderer(name)(envelope(answer, **changes), Style(color=color))).decode()


def rows(*names: str, **changes) -> Answer:
    values = {
        "results": [{"name": name, "group": name[0]} for name in names],
        "title": "title",
        "bound": Bound(len(names), 0),
        "columns": ("name",),
        "cells": lambda result: (str(result["name"]),),
    }
    return Answer(**{**values, **changes})


def test_every_format_has_a_renderer() -> None:
    for name in FORMATS:
        assert callable(renderer(name))


def test_text_cannot_command_a_terminal() -> None:
    text = rendered("text", rows(NASTY))
    assert "\x1b" not in text
    assert text.count("\n") == 3  # title, the one row, the bound


def test_colours_only_where_asked() -> None:
    assert "\x1b[1m" in rendered("text", rows("a"), color=True)
    assert "\x1b" not in rendered("text", rows("a"))


def test_text_says_how_many_it_left_out() -> None:
    answer = rows("a", "b", "c")
    text = rendered("text", answer, shown=answer.results[:1])
    assert "… 2 more (--limit 0 shows all 3)" in text


def test_text_groups_by_heading() -> None:
    text = rendered("text", rows("ab", "ac", "bd", group=lambda result: f"group {result['group']}"))
    assert text.splitlines()[1:5] == ["group a", "  ab", "  ac", "group b"]


def test_bound_line_names_the_next_step() -> None:
    answer = rows("a", bound=Bound(1, 2, 3, ('3 sites named "save" could not be resolved',)))
    text = rendered("text", answer, next_step="isg refs --unresolved save")
    assert text.splitlines()[-1] == (
        '1 certain, 2 possible; 3 sites named "save" could not be resolved: isg refs --unresolved save'
    )


def test_warnings_stand_in_text_and_json() -> None:
    answer = rows(warnings=(Notice("below_confidence", "none above guess"),))
    assert "note: none above guess" in rendered("text", answer)
    assert json.loads(rendered("json", answer))["warnings"] == [
        {"code": "below_confidence", "message": "none above guess"}
    ]


def test_json_is_one_line_and_whole() -> None:
    text = rendered("json", rows(NASTY))
    assert text.count("\n") == 1
    assert json.loads(text)["results"][0]["name"] == NASTY


def test_json_survives_file_names_that_are_no_unicode() -> None:
    assert json.loads(rendered("json", rows("a\udcff")))["results"][0]["name"] == "a\ufffd"


def test_json_says_that_it_is_cut() -> None:
    answer = rows("a", "b")
    assert json.loads(rendered("json", answer, shown=answer.results[:1]))["truncated"] is True
    assert json.loads(rendered("json", answer))["truncated"] is False


def test_markdown_cells_cannot_break_the_table() -> None:
    line = rendered("md", rows(NASTY)).splitlines()[4]
    assert line.startswith("| a ") and line.endswith(" |")
    assert "\\|d" in line and "<c>" not in line


DIAGRAM = Diagram(
    (Node(NASTY, NASTY, "class", "a.py", 1, emphasis=True), Node("b", "b", "function")),
    (Arrow("b", NASTY, "CALLS", "callback", "dispatch"),),
)


def test_dot_quotes_what_it_is_given() -> None:
    lines = rendered("dot", rows(diagram=lambda shown: DIAGRAM)).splitlines()
    key = '"a \\"b\\" <c>\\n\\x1b[31m|d\\\\"'
    assert lines[3] == f'  {key} [label={key}, shape=box, tooltip="a.py:1", penwidth=2];'
    assert lines[5] == f'  "b" -> {key} [label="CALLS callback", style=dashed];'


def test_mermaid_quotes_what_it_is_given() -> None:
    lines = rendered("mermaid", rows(diagram=lambda shown: DIAGRAM)).splitlines()
    assert lines[1] == '  n0["a &quot;b&quot; &lt;c> \\x1b[31m|d\\"]'
    assert lines[2:4] == ['  n1(["b"])', "  n1 -.->|CALLS callback| n0"]


def test_graphml_is_well_formed() -> None:
    root = ElementTree.fromstring(rendered("graphml", rows(diagram=lambda shown: DIAGRAM)))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    nodes = {node.get("id") for node in root.iter(f"{space}node")}
    assert len(nodes) == 2
    for edge in root.iter(f"{space}edge"):
        assert {edge.get("source"), edge.get("target")} <= nodes


def finding(number: int = 0, file: str = "a b/c.py") -> Finding:
    related = (("d.py", 4, "there"),)
    return Finding("import-cycle", "error", "100 % bad\nreally", file, 3, f"print{number}", related)


def test_sarif_has_rule_place_and_fingerprint() -> None:
    run = json.loads(rendered("sarif", rows(findings=lambda shown: [finding()])))["runs"][0]
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "import-cycle"
    location = result["locations"][0]["physicalLocation"]
    assert location == {"artifactLocation": {"uri": "a%20b/c.py"}, "region": {"startLine": 3}}
    assert result["partialFingerprints"] == {"isg/v1": "print0"}
    assert result["relatedLocations"][0]["message"]["text"] == "there"


def test_github_annotates_ten_and_counts_the_rest() -> None:
    many = [finding(number, "a,b.py") for number in range(13)]
    lines = rendered("github", rows(findings=lambda shown: many)).splitlines()
    assert len(lines) == 11
    assert lines[0] == "::error file=a%2Cb.py,line=3,title=isg import-cycle::100 %25 bad%0Areally"
    assert "3 more" in lines[-1]


def test_columns_are_aligned() -> None:
    assert aligned([("a", "bb", "c"), ("aaa", "b", "c")]) == ["a    bb  c", "aaa  b   c"]


def test_clean_keeps_what_is_printable() -> None:
    assert clean("naïve — 名") == "naïve — 名"
    assert clean("a\nb\x07") == "a\\nb\\x07"
