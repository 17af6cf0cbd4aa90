"""Whatever is done to a tree, its index is what an index from nothing is: rows and image, byte for byte.

What ``isg export`` prints is made of the image alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from indexed_tree import Tree


@dataclass(frozen=True)
class Language:
    """Files that always stand, those that come and go, and what may be in them."""

    standing: dict[str, str]
    paths: tuple[str, ...]
    pieces: tuple[str, ...]


PYTHON = Language(
    {"always.py": "from pkg.a import A\n\nA().run()\n"},
    ("pkg/__init__.py", "pkg/a.py", "pkg/b.py", "pkg/c.py", "pkg/sub/__init__.py", "d.py"),
    (
        "class A:\n    def run(self):\n        return 1\n",
        "class A:\n    def walk(self):\n        return self.run()\n",
        "from pkg.a import A\n\n\nclass B(A):\n    def run(self):\n        return super().run()\n",
        "from pkg.b import B\n\n\ndef go(thing: B):\n    return thing.run()\n",
        "from pkg.c import go as run\nfrom .a import *\n\nA().run()\n",
        "import os\nfrom pkg import a, b\n\nos.getcwd()\na.A().run()\n",
        "def broken(:\n",
        "",
    ),
)
TYPESCRIPT = Language(
    {"package.json": '{"name": "kit"}', "always.ts": "import { A } from './pkg'\n\nnew A().run()\n"},
    ("pkg/index.ts", "pkg/a.ts", "pkg/b.ts", "pkg/b.js", "pkg/sub/index.ts", "types.d.ts", "tsconfig.json"),
    (
        "export class A {\n  run(): number { return 1 }\n}\n",
        "export class A {\n  walk() { return this.run() }\n}\nexport default new A()\n",
        "import { A } from './a'\n\nexport class B extends A {\n  run() { return super.run() }\n}\n",
        "export * from './a'\nexport { B as A } from './b'\n",
        "export interface Runs { run(): number }\nexport const go = (it: Runs) => it.run()\n",
        "import it, { go } from '@/b'\nimport * as all from './sub'\n\ngo(it)\nall.go(new all.A())\n",
        "declare module './pkg/a' {\n  interface A { fly(): void }\n}\ndeclare function run(): void\n",
        "import { A } from './a'\n\ndeclare global {\n  interface Shared { hit(): A }\n"
        "  var shared: Shared\n}\n"
        "declare module './a' {\n  interface A { fly(): A }\n}\nshared.hit().run()\n",
        "import { A } from './a'\n\ndeclare global {\n  interface Shared { miss(): A }\n}\n"
        "export const go = (it: Shared, a: A) => { it.hit().fly(); it.miss(); a.fly(); shared.hit() }\n",
        "/** @typedef {import('./a').A} A */\n/** @param {A} a */\nexport function go(a) { a.run().fly() }\n",
        '{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["pkg/*"]}}}',
        "const a = require('./a')\nmodule.exports = { go: a.run, ...a }\n",
        "export function broken( {\n",
        "",
    ),
)
RUST = Language(
    {
        "Cargo.toml": '[package]\nname = "kit"\nversion = "0.1.0"\n',
        "src/lib.rs": "mod a;\nmod b;\npub mod c;\npub use a::*;\n",
        "tests/always.rs": "use kit::T;\n\n#[test]\nfn runs() {\n    T.run();\n}\n",
    },
    ("src/a.rs", "src/b.rs", "src/c.rs", "src/c/mod.rs", "src/c/d.rs"),
    (
        "pub struct T;\npub struct U;\npub trait Run { fn run(&self) -> u8 { 1 } }\n",
        "pub struct T;\nimpl T { pub fn run(&self) {} }\n",
        "use crate::a::T as X;\nimpl X { pub fn walk(&self) { self.run() } }\n",
        "use crate::a::U as X;\nimpl X { pub fn walk(&self) {} }\n",
        "use crate::a::*;\nimpl Run for T { fn run(&self) -> u8 { 2 } }\n",
        "use super::a::Run;\nimpl<A: Clone> Run for A {}\npub fn go<R: Run>(it: R) { it.run(); }\n",
        "mod d;\npub use d::go;\npub use crate::b::go as run;\n",
        "macro_rules! make { ($n:ident) => { pub struct $n; } }\nmake!(T);\npub fn go() { super::run(); }\n",
        "pub fn broken( {\n",
        "",
    ),
)


Sources = dict[str, str]
Edit = Callable[[Sources, Language, str, str, int], None]
BROKEN = "(((("  # nowhere else in the pieces
DEFINITION = re.compile(
    r"^(?=(?:export |pub )*(?:class|def|interface|const|struct|trait|impl|fn)\b)", re.MULTILINE
)
BASE = re.compile(r"(?<=class B\()\w+|(?<=extends )\w+|(?<=for )[TX]\b|(?<=\bas )[AX]\b")
EXPORT = re.compile(r"^(?:export |pub )|^__all__ = .*\n", re.MULTILINE)


def put(sources: Sources, language: Language, path: str, other: str, number: int) -> None:
    sources[path] = language.pieces[number % len(language.pieces)]


def delete(sources: Sources, language: Language, path: str, other: str, number: int) -> None:
    sources.pop(path, None)


def rename(sources: Sources, language: Language, path: str, other: str, number: int) -> None:
    if path in sources:
        sources[other] = sources.pop(path)


def move_a_definition(sources: Sources, language: Language, path: str, other: str, number: int) -> None:
    pieces = DEFINITION.split(sources.get(path, ""))
    moved = pieces.pop(number % len(pieces))
    sources[path] = "".join(pieces)
    sources[other] = sources.get(other, "") + moved


def change_a_base(sources: Sources, language: Language, path: str, other: str, number: int) -> None:
    name = ("A", "B", "T", "U", "Error")[number % 5]
    if path in sources:
        sources[path] = BASE.sub(name, sources[path], count=1)


def change_an_export(sources: Sources, language: Language, path: str, other: str, number: int) -> None:
    """One that is there goes; where there is none, one comes."""
    text = sources.get(path, "")
    without = EXPORT.sub("", text, count=1)
    if path.endswith(".py"):
        without = without if without != text else f"__all__ = ['A', 'run'][:{number % 3}]\n{text}"
    elif without == text:
        without = DEFINITION.sub("pub " if path.endswith(".rs") else "export ", text, count=1)
    sources[path] = without


def break_syntax(sources: Sources, language: Language, path: str, other: str, number: int) -> None:
    text = sources.get(path, "")
    at = number % (len(text) + 1)
    sources[path] = text[:at] + BROKEN + text[at:]


def mend_syntax(sources: Sources, language: Language, path: str, other: str, number: int) -> None:
    sources[path] = sources.get(path, "").replace(BROKEN, "")


def make_binary(sources: Sources, language: Language, path: str, other: str, number: int) -> None:
    sources[path] = sources.get(path, "") + "\0"


EDITS: list[Edit] = [
    *(put, put, put, delete, rename, move_a_definition, change_a_base, change_an_export),
    *(break_syntax, mend_syntax, make_binary),
]


@pytest.mark.parametrize("language", [PYTHON, TYPESCRIPT, RUST], ids=["python", "typescript", "rust"])
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_edits_give_what_a_rebuild_gives(
    tmp_path_factory, language: Language, data: st.DataObject
) -> None:
    paths = st.sampled_from(language.paths)
    edit = st.tuples(st.sampled_from(EDITS), paths, paths, st.integers(0, 40))
    folder = tmp_path_factory.mktemp("edits")
    root = folder / "project"
    root.mkdir()
    tree = Tree(root)
    first = st.dictionaries(paths, st.sampled_from(language.pieces), max_size=len(language.paths))
    sources = {**language.standing, **data.draw(first)}
    tree.write(sources).index()
    for step in data.draw(st.lists(st.lists(edit, min_size=1, max_size=3), min_size=1, max_size=4)):
        before = set(sources)
        for change, path, other, number in step:
            change(sources, language, path, other, number)
        for gone in before - set(sources):
            (root / gone).unlink()
        tree.write(sources).index()
    rebuilt = tree.rebuilt(folder / "other")
    assert (tree.rows(), tree.image()) == (rebuilt.rows(), rebuilt.image())


def test_a_member_goes_with_the_file_that_gives_it(tmp_path) -> None:
    """What an ``impl`` block says of a type of another file is said by the block's file."""
    root = tmp_path / "project"
    root.mkdir()
    block = "use crate::a::{} as X;\nimpl X {{ pub fn walk(&self) {{}} }}\n"
    tree = Tree(root).write(RUST.standing).write({"src/a.rs": "pub struct T;\npub struct U;\n"})
    for name in ("T", "U"):
        tree.write({"src/b.rs": block.format(name)}).index()
    rebuilt = tree.rebuilt(tmp_path / "other")
    assert (tree.rows(), tree.image()) == (rebuilt.rows(), rebuilt.image())


@pytest.mark.parametrize(
    ("files", "root", "text"),
    [
        (
            {**RUST.standing, "src/a.rs": "pub struct T;\nimpl T { pub fn run(&self) {} }\n"},
            "src/lib.rs",
            "mod a;",
        ),
        (
            {"package.json": '{"name": "kit", "main": "a.ts"}', "b.ts": "import { f } from 'kit'\n\nf()\n"},
            "a.ts",
            "export function f() {}",
        ),
        ({"kit/a.py": "class A: ...\n", "b.py": "from kit.a import A\n\nA()\n"}, "kit/__init__.py", "x = 1"),
    ],
    ids=["rust", "typescript", "python"],
)
def test_a_root_that_is_not_source_for_a_while(tmp_path, files, root: str, text: str) -> None:
    """A binary file is skipped: no crate begins with it, and no package stands for it."""
    project = tmp_path / "project"
    project.mkdir()
    tree = Tree(project).write(files)
    for end in ("\n", "\0\n", "\n"):
        tree.write({root: text + end}).index()
        rebuilt = tree.rebuilt(tmp_path / "other")
        assert (tree.rows(), tree.image()) == (rebuilt.rows(), rebuilt.image())


@pytest.mark.parametrize(
    ("standing", "edited"),
    [
        ({"a.py": "class E(OSError):\n    pass\n\n\nE()\n"}, "b.py"),
        ({"src/a.rs": "pub trait Run {}\nimpl Run for Vec<u8> {}\nimpl Run for String {}\n"}, "src/b.rs"),
        ({"a.ts": "const f = parseInt\nf('1')\nexport class E extends Error {}\nnew E()\n"}, "b.ts"),
    ],
    ids=["python", "rust", "typescript"],
)
def test_what_is_spoken_of_outside_stays_through_an_edit_elsewhere(tmp_path, standing, edited: str) -> None:
    root = tmp_path / "project"
    root.mkdir()
    tree = Tree(root).write(RUST.standing if edited.endswith(".rs") else {}).write(standing)
    for text in ("", "// 1\n" if edited.endswith((".rs", ".ts")) else "# 1\n"):
        tree.write({edited: text}).index()
    rebuilt = tree.rebuilt(tmp_path / "other")
    assert (tree.rows(), tree.image()) == (rebuilt.rows(), rebuilt.image())
