"""A project held in memory moves on with its files to what an index from nothing would be."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from indexed_tree import Tree
from saying import said

from isg.graph.change import CannotOverlay
from isg.graph.linking.linker import Linker
from isg.parsers.discovery import discover
from isg.store.resident.live import CannotAdvance, Live
from isg.store.snapshot import Snapshot, load_state


@dataclass(frozen=True)
class Project:
    """Files that stand, and a template for each of some others with what may stand in its places."""

    standing: dict[str, str]
    templates: dict[str, str]
    bodies: tuple[str, ...]
    parameters: tuple[str, ...]
    more: tuple[str, ...] = ("",)
    """Definitions beside."""


PYTHON = Project(
    {
        "pkg/__init__.py": "from pkg.a import A\n",
        "pkg/use.py": "from pkg import A\nfrom pkg.b import B, each\n\n\ndef use(a: A, b: B):\n"
        "    a.run().walk()\n    b.run()\n    each(b.walk)\n    print(a)\n",
        "pkg/runs.py": "from typing import Protocol\n\n\nclass Runs(Protocol):\n    def run(self, x): ...\n",
    },
    {
        "pkg/a.py": "from pkg import b\nKEPT = b.B()\n\n\n{more}\n\n"
        "class A:\n    def run(self{parameters}):\n        {body}\n\n"
        "    def walk(self):\n        {other}\n\n"
        "    def test_it(self):\n        len('x')\n        {inner}\n        len('y')\n\n"
        "    def prepare(self):\n        kept = len('x')\n        {given}\n        self.held = kept\n\n"
        "    def last(self):\n        self.kept.run()\n        self.held.run()\n",
        "pkg/b.py": "from pkg.a import A\n\n\nclass B(A):\n    def walk(self{parameters}):\n"
        "        {body}\n\n"
        "def each(function):\n    {other}\n    return function()\n{more}",
    },
    (
        "return self",
        "return b.B()",
        "return A().walk()",
        "each(A().run)",
        "print(len('x'))",
        "return super().run()",
        "'a docstring'\n",
        "if len('x'): return self.run()",
        "import os; os.getcwd()",
        "self.kept = B()",
        "self.kept = A()",
        "kept = B(); kept.run(); return kept.nothing()",
        "kept = A()",
        "kept = self.nothing(); kept.walk(); return kept",
        "global KEPT; KEPT = A()",
        "KEPT.run()",
        "return lambda: KEPT.walk()",
        "def inner(): return self.run()\n        return inner()",
        "each(self.test_it)",
        "class Kept(B):\n            walk = len\n            @each\n            def run(self): return A()\n"
        "        Kept().run()",
        "class Kept(A):\n            walk = len\n            @b.each\n            def run(self): return B()\n"
        "        Kept().walk()",
        "return (",
    ),
    ("", ", x=1", ", x", ", *rest"),
    (
        "",
        "def more(): ...\n",
        "def more(): ...\n\ndef most(): more()\n",
        "def most(): ...\n\ndef more(): most()\n",
        "LIMIT = 1\n",
        "class More:\n    def go(self): return LIMIT\n\nLIMIT = 2\n",
        "import json\nLIMIT = json.loads('1')\n",
    ),
)
TYPESCRIPT = Project(
    {
        "package.json": '{"name": "kit"}',
        "use.ts": "import { A } from './a'\nimport { B, each } from './b'\n\nfunction use(a: A, b: B) {\n"
        "  a.run().walk()\n  b.walk()\n  each(() => b.run())\n}\n",
        "runs.ts": "export interface Runs { run(x: number): unknown }\n",
    },
    {
        "a.ts": "import { B } from './b'\n\nexport class A {\n  run({parameters}) { {body} }\n"
        "  walk() { {other} }\n}\n",
        "b.ts": "import { A } from './a'\n\nexport class B extends A {\n  walk({parameters}) { {body} }\n}\n"
        "export function each(it: () => void) { {other}; it() }\n{more}",
    },
    ("return this", "return new B()", "return new A().walk()", "console.log(1)", "B.name.trim()", "return ("),
    ("", "x = 1", "x: number", "...rest: A[]"),
    (
        "",
        "function more() {}\n",
        "function more() { most() }\nfunction most() { console.warn() }\n",
        "function most() {}\nfunction more() { most() }\n",
        "type Key = string\n",
    ),
)
RUST = Project(
    {
        "Cargo.toml": '[package]\nname = "kit"\nversion = "0.1.0"\n',
        "src/lib.rs": "pub mod a;\npub mod b;\n\npub fn use_it(t: a::T) { t.run(); b::each(|| t.walk()); }\n",
    },
    {
        "src/a.rs": "use crate::b;\npub struct T;\nimpl T {\n"
        "    pub fn run(&self{parameters}) -> T { {body} }\n"
        "    pub fn walk(&self) -> T { {other} }\n}\n",
        "src/b.rs": "use crate::a::T;\nimpl Clone for T { fn clone(&self{parameters}) -> T { {body} } }\n"
        "pub fn each(f: impl Fn() -> T) -> T { {other}; f() }\n{more}",
    },
    ("T", "T.run()", "T.walk().clone()", "b::each(T::walk)", "String::new(); T", "T.run("),
    ("", ", _x: u8", ", _x: &T"),
    (
        "",
        "fn more() {}\n",
        "fn more() { most() }\nfn most() { println!() }\n",
        "fn most() {}\nfn more() { most() }\n",
        "pub struct More;\n",
    ),
)


NO_INTERFACES = replace(
    PYTHON, standing={path: text for path, text in PYTHON.standing.items() if path != "pkg/runs.py"}
)


@pytest.mark.parametrize(
    "project",
    [PYTHON, NO_INTERFACES, TYPESCRIPT, RUST],
    ids=["python", "python without interfaces", "typescript", "rust"],
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_edits_in_memory_give_what_a_rebuild_gives(
    tmp_path_factory, project: Project, data: st.DataObject
) -> None:
    """Also where some edits had to go by way of the record in between."""
    folder = tmp_path_factory.mktemp("live")
    root = folder / "project"
    root.mkdir()
    choices = st.fixed_dictionaries(
        {
            "body": st.sampled_from(project.bodies),
            "other": st.sampled_from(project.bodies),
            "parameters": st.sampled_from(project.parameters),
            "more": st.sampled_from(project.more),
            "inner": st.sampled_from(project.bodies),
            "given": st.sampled_from(project.bodies),
        }
    )
    tree = Tree(root).write(project.standing)
    chosen = {path: data.draw(choices) for path in project.templates}
    tree.write({path: _filled(template, chosen[path]) for path, template in project.templates.items()})
    tree.index()
    state, live = _opened(tree)
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(sorted(project.templates)))
        other = data.draw(choices)
        places = data.draw(st.sets(st.sampled_from(sorted(other)), min_size=1, max_size=2))
        chosen[path] = {**chosen[path], **{place: other[place] for place in places}}
        text = _filled(project.templates[path], chosen[path])
        said(state.graph)  # what is worked out of one state is not that of the next
        try:
            state = _edited(tree, live, path, text)
        except (CannotAdvance, CannotOverlay):
            tree.index()
            state, live = _opened(tree)
    rebuilt, _ = _opened(tree.rebuilt(folder / "other"))
    assert said(state.graph) == said(rebuilt.graph)
    assert state.head.summary == rebuilt.head.summary


def test_what_others_in_its_file_pass_to_an_edited_function_stands(tmp_path) -> None:
    """Its calls of what it is given are stated where that is given."""
    text = "def each(function):\n    return function()\n\ndef one(): ...\n\ndef use():\n    each(one)\n"
    tree = Tree(tmp_path / "project").write({"a.py": text})
    tree.index()
    _, live = _opened(tree)
    live.keep_texts()
    state = _edited(tree, live, "a.py", text.replace("    return", "    print()\n    return"))
    rebuilt, _ = _opened(tree.rebuilt(tmp_path / "other"))
    assert said(state.graph) == said(rebuilt.graph)


def test_a_reader_keeps_the_state_that_it_has(tmp_path) -> None:
    tree = Tree(tmp_path).write(PYTHON.standing)
    tree.write({"pkg/b.py": "class B: ...\ndef each(function): ...\n"})
    tree.write(
        {"pkg/a.py": "class A:\n    def run(self):\n        return self.walk()\n    def walk(self): ...\n"}
    )
    tree.index()
    pinned, live = _opened(tree)
    before = said(pinned.graph)
    first = _edited(tree, live, "pkg/b.py", "class B: ...\n\ndef each(f): ...\n")
    at_first = said(first.graph)
    _edited(tree, live, "pkg/b.py", "class B: ...\n\n\ndef each(f): f()\n")
    assert (said(pinned.graph), said(first.graph)) == (before, at_first)
    assert at_first != before


@pytest.mark.parametrize(
    "text",
    [
        "class B:\n    def run(self, x): ...\ndef each(function): ...\n",
        "class B: ...\nclass C: ...\ndef each(function): ...\n",
        "class B: ...\n\0",
    ],
    ids=["a member that an interface asks for", "a type comes", "it is no source any more"],
)
def test_what_memory_alone_cannot_tell_is_refused(tmp_path, text: str) -> None:
    tree = Tree(tmp_path).write(PYTHON.standing)
    tree.write({"pkg/a.py": "class A: ...\n", "pkg/b.py": "class B: ...\ndef each(function): ...\n"}).index()
    _, live = _opened(tree)
    with pytest.raises((CannotAdvance, CannotOverlay)):
        _edited(tree, live, "pkg/b.py", text)


@pytest.mark.parametrize(
    ("before", "after", "alone"),
    [
        ("        b.each(1)\n", "        kept = b.B()\n        b.each(kept)\n", True),
        ("        b.each(1)\n", "        self.kept = b.B()\n", False),
        ("        kept = 1\n", "        kept = b.B()\n", False),
        ("        b.each(1)\n", "        self.run().kept = b.B()\n", True),
        ("        b.each(1)\n", "        from pkg.b import each\n", False),
        ("    def test(self):\n", "    def test(self, more):\n", True),
        ("    def run(self):\n", "    def run(self, more):\n", False),
        ("    def run(self):\n", "    def ran(self):\n", False),
    ],
    ids=[
        "variables",
        "an attribute",
        "what an attribute is given",
        "of another object",
        "an import",
        "a head",
        "one that is spoken of",
        "another name",
    ],
)
def test_an_edit_that_concerns_one_function_alone_links_no_other(
    tmp_path, monkeypatch, before: str, after: str, alone: bool
) -> None:
    text = (
        "from pkg import b\n\n\nclass A:\n    def run(self):\n        return self.kept\n\n"
        "    def test(self):\n        len('x')\n        b.each(1)\n        self.run()\n\n"
        "    def prepare(self):\n        kept = 1\n        self.kept = kept\n"
    )
    tree = Tree(tmp_path).write({"pkg/__init__.py": "", "pkg/a.py": text})
    tree.write({"pkg/b.py": "class B: ...\ndef each(it): ...\n"}).index()
    _, live = _opened(tree)
    linked = list[str]()
    link = Linker.link
    monkeypatch.setattr(Linker, "link", lambda linker, path: linked.append(path) or link(linker, path))
    _edited(tree, live, "pkg/a.py", text.replace(before, after))
    assert linked == ([] if alone else ["pkg/a.py"])


def _filled(template: str, choice: dict[str, str]) -> str:
    for name, text in choice.items():
        template = template.replace("{" + name + "}", text)
    return template


def _opened(tree: Tree) -> tuple[Snapshot, Live]:
    state = load_state(tree.location)
    assert state is not None
    live = Live.load(tree.root, tree.location, state)
    live.keep_texts()
    return state, live


def _edited(tree: Tree, live: Live, path: str, text: str) -> Snapshot:
    """The state in memory after a file got another content."""
    tree.write({path: text})
    (file,) = (each for each in discover(tree.root).files if each.path == path)
    return live.advance([file])
