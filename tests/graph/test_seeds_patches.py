"""Patches: what they say of files, and which symbols of the tree they touch."""

from __future__ import annotations

from drawing import build_graph
from hypothesis import given
from hypothesis import strategies as st

from isg.graph.seeds.patches import read_patch
from isg.graph.seeds.touched import touched

PATCH = """\
From 1234 Mon Sep 17 00:00:00 2001
Subject: [PATCH] one
---
 a.py | 2 +-

diff --git a/a.py b/a.py
index 1..2 100644
--- a/a.py
+++ b/a.py
@@ -2,3 +2,4 @@ def f():
 b
-c
+C
+--- not a header
 d
diff --git a/old name.py b/new name.py
similarity index 100%
rename from old name.py
rename to new name.py
diff --git a/gone.py b/gone.py
deleted file mode 100644
--- a/gone.py
+++ /dev/null
@@ -1 +0,0 @@
-x
\\ No newline at end of file
diff --git "a/\\303\\251.py" "b/\\303\\251.py"
new file mode 100644
--- /dev/null
+++ "b/\\303\\251.py"
@@ -0,0 +1,2 @@
+x
+y
diff --git a/icon.png b/icon.png
Binary files a/icon.png and b/icon.png differ
"""


def test_files_of_a_git_patch():
    found = read_patch(PATCH)
    assert [(each.old, each.new, len(each.hunks)) for each in found] == [
        ("a.py", "a.py", 1),
        ("old name.py", "new name.py", 0),
        ("gone.py", None, 1),
        (None, "é.py", 1),
        ("icon.png", "icon.png", 0),
    ]


def test_lines_of_both_sides_are_numbered():
    hunk = read_patch(PATCH)[0].hunks[0]
    assert list(hunk.numbered("-")) == [(2, "b", False), (3, "c", True), (4, "d", False)]
    assert [number for number, _, alone in hunk.numbered("+") if alone] == [3, 4]


def test_patches_without_git_and_without_prefixes():
    plain = "--- lib/a.py\t2020-01-01 00:00:00\n+++ lib/a.py\t2020-01-02\n@@ -1 +1 @@\n-x\n+y\n"
    twice = plain + plain.replace("a.py", "b.py").replace("\n", "\r\n")
    assert [each.new for each in read_patch(twice)] == ["lib/a.py", "lib/b.py"]


@given(
    st.lists(st.sampled_from([*PATCH.split("\n"), "@@ -1,9 +1,9 @@", "", '--- "', '+++ "a\\']), max_size=30)
)
def test_no_text_is_an_error(lines):
    read_patch("\n".join(lines))


TREE = """
a.py function first lines=3
a.py function second lines=3
b.py function other lines=3
"""


def symbols_of(patch, text):
    graph = build_graph(TREE, "")
    lines = text.split("\n")
    found = touched(graph, read_patch(patch), lambda path, at: lines[at - 1] if at <= len(lines) else None)
    return [graph.symbol(node).name for node in found.symbols(graph)], found.unseen


def drawn_line(name):
    graph = build_graph(TREE, "")
    return graph.node_line[graph.by_name(name)[0]]


def test_a_patch_is_placed_on_the_side_that_the_tree_has():
    at = drawn_line("second")
    text = "\n" * (at - 1) + "head\nnew\n"
    moved = f"--- a/a.py\n+++ b/a.py\n@@ -90,2 +{at},2 @@\n head\n-old\n+new\n"
    assert symbols_of(moved, text)[0] == ["second"]
    backwards = f"--- a/a.py\n+++ b/a.py\n@@ -{at},2 +90,2 @@\n head\n-new\n+old\n"
    assert symbols_of(backwards, text)[0] == ["second"]


def test_what_is_only_removed_touches_what_it_stood_in():
    at = drawn_line("first")
    patch = f"--- a/a.py\n+++ b/a.py\n@@ -{at},3 +{at},2 @@\n head\n-gone\n tail\n"
    assert symbols_of(patch, "\n" * (at - 1) + "head\ntail\n")[0] == ["first"]


def test_files_that_the_graph_has_not_are_named():
    patch = "--- a/Makefile\n+++ b/Makefile\n@@ -1 +1 @@\n-x\n+y\n"
    assert symbols_of(patch, "") == ([], ("Makefile",))
