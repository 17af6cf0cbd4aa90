"""The law of incremental linking: after any edits, linking the changes gives what linking all gives."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from annotated import Sources, fixture_name, fixtures, project_of, read_fixture
from hypothesis import given, settings
from hypothesis import strategies as st

from isg.graph.linking.linker import Linker
from isg.graph.linking.parts import PartLinker
from isg.graph.linking.project import ProjectFiles
from isg.graph.linking.update import link_all, relink
from isg.graph.model import LinkedFile

FIXTURES = fixtures()


@dataclass
class Tree:
    """A project that is edited, and linked along with its edits."""

    sources: Sources
    linked: dict[str, LinkedFile] = field(default_factory=dict)
    kept: dict[str, bytes] = field(default_factory=dict)

    def project(self) -> ProjectFiles:
        return project_of(self.sources)

    def link(self) -> None:
        """Link everything, as the first time."""
        files, kept = link_all(self.project())
        self.linked = {file.path: file for file in files}
        self.kept = kept()

    def relink(self, before: Sources) -> None:
        """Link what an edit asks for: everything, where the build files say something else than before."""
        if project_of(before).build != self.project().build:
            self.link()
            return
        changed = {path for path, text in self.sources.items() if before.get(path) != text}
        removed = before.keys() - self.sources.keys()
        update = relink(self.project(), self.kept, changed, removed)
        after = {**self.kept, **update.kept()}
        self.kept = {path: data for path, data in after.items() if data is not None}
        kept = {path: file for path, file in self.linked.items() if path in self.sources}
        self.linked = {**kept, **{file.path: file for file in update.linked}}


DRAFTS = {
    "types.ts": "export type Draft<T> = T extends Map<infer K, infer V> ? Map<Draft<K>, Draft<V>>"
    " : T extends Set<infer V> ? Set<Draft<V>> : T extends (infer V)[] ? Draft<V>[] : T\n"
    "export declare function produce<B>(base: B, recipe: (draft: Draft<B>) => void): Draft<B>\n",
    "one.js": "import { produce } from './types'\n"
    "produce(given(), draft => { draft.set(1, draft.pop()) }).pop()\n",
    "two.js": "import { produce } from './types'\n"
    "produce(given().it, draft => { draft.it = produce(draft.it, it => { it.push(draft.pop()) }) }).has(1)\n",
}

BASES = {
    "types.ts": "export interface Kind { run(): void }\n"
    "export type Of<T> = T extends { kind: infer K } ? Held<K> : never\n"
    "export type Held<T> = T extends Kind ? T : never\n"
    "export class Base<T> { made(): Of<T> { throw 0 } }\n"
    "export class Made<T> extends Base<{ kind: T }> {}\n",
    "one.ts": "import { Kind, Made } from './types'\nfunction one(m: Made<Kind>) { m.made().run() }\n",
    "two.ts": "import { Kind, Made } from './types'\nfunction two(m: Made<Kind>) { m.made().run() }\n",
}
BLOCKS = {
    "Cargo.toml": '[package]\nname = "kit"\n',
    "src/lib.rs": "mod ext;\nmod one;\nmod two;\npub struct Part;\npub struct Other;\n",
    "src/ext.rs": "use crate::*;\npub trait Ext { fn go(&self) {} }\nimpl Ext for Vec<Other> {}\n",
    "src/one.rs": "use crate::*;\nuse crate::ext::Ext;\nfn one(x: &Vec<Part>) { x.go(); }\n",
    "src/two.rs": "use crate::*;\nuse crate::ext::Ext;\nfn two(x: &Vec<Part>) { x.go(); }\n",
}


@pytest.mark.parametrize(
    "sources",
    [*(read_fixture(path).sources for path in FIXTURES), DRAFTS, BASES, BLOCKS],
    ids=[*map(fixture_name, FIXTURES), "types of themselves", "bases with arguments", "impl blocks"],
)
def test_a_file_is_linked_alike_whoever_was_linked_before(sources: Sources) -> None:
    """What was found out before is not asked again; what a file rests on is recorded all the same."""

    def linked(backwards: bool) -> tuple[dict[str, LinkedFile], dict[str, set[tuple[str, ...]]]]:
        project = project_of(sources)
        linker, paths = PartLinker(project), sorted(project.languages, reverse=backwards)
        parts = {path: linker.link([path]) for path in paths}
        looked_up = {path: set[tuple[str, ...]]() for path in paths}
        for part in parts.values():
            for path, indexes in part.noted.consulted.items():
                looked_up[path] |= {part.noted.questions[index] for index in indexes}
        return {path: part.linked[0] for path, part in parts.items()}, looked_up

    assert linked(backwards=True) == linked(backwards=False)


DEFINITION = r"\b(?:def|class|interface|function|const|type|enum|namespace|fn|struct|trait|mod)"
Edit = Callable[[Sources, str, int], None]


def remove(sources: Sources, path: str, _: int) -> None:
    del sources[path]


def shift(sources: Sources, path: str, _: int) -> None:
    comment = "# a line more" if path.endswith((".py", ".toml")) else "// a line more"
    sources[path] = f"{comment}\n{sources[path]}"


def drop_block(sources: Sources, path: str, number: int) -> None:
    """A definition less (or an import, or half a class)."""
    blocks = re.split(r"\n{2,}", sources[path])
    del blocks[number % len(blocks)]
    sources[path] = "\n\n\n".join(blocks)


def move_block(sources: Sources, path: str, number: int) -> None:
    blocks = re.split(r"\n{2,}", sources[path])
    blocks.append(blocks.pop(number % len(blocks)))
    sources[path] = "\n\n\n".join(blocks)


def rename(sources: Sources, path: str, number: int) -> None:
    """A name of one file called otherwise, and nobody told."""
    names = sorted(set(re.findall(rf"{DEFINITION} (\w+)", sources[path])))
    if names:
        name = names[number % len(names)]
        sources[path] = re.sub(rf"\b{name}\b", f"{name}_too", sources[path])


def take_from(sources: Sources, path: str, number: int) -> None:
    """The content of another file, or a copy under a new name."""
    others = sorted(sources)
    other = others[number % len(others)]
    stem, dot, extension = path.rpartition(".")
    target = path if other != path else f"{stem}_copy{dot}{extension}"
    sources[target] = sources[other]


def move(sources: Sources, path: str, number: int) -> None:
    """A file elsewhere: into a folder, or out of it."""
    target = path.rpartition("/")[2] if "/" in path else f"inner/{path}"
    if target not in sources:
        sources[target] = sources.pop(path)


def retype(sources: Sources, path: str, number: int) -> None:
    """Another return type or base somewhere."""
    names = sorted(
        set(re.findall(r"\b(?:class|interface|struct|trait) (\w+)", "\n".join(sources.values())))
    ) or ["object"]
    name = names[number % len(names)]
    sources[path] = re.sub(r"(->|\):) \w+( ?[:{])", rf"\1 {name}\2", sources[path], count=1 + number % 3)


EDITS: list[Edit] = [remove, shift, drop_block, move_block, rename, take_from, move, retype]
edits = st.lists(
    st.tuples(st.sampled_from(EDITS), st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=5
)


@pytest.mark.parametrize("fixture", FIXTURES, ids=fixture_name)
@settings(max_examples=25)
@given(sequence=edits)
def test_an_update_gives_what_a_rebuild_gives(fixture: Path, sequence: list[tuple[Edit, int, int]]) -> None:
    tree = Tree(dict(read_fixture(fixture).sources))
    tree.link()
    for edit, which, number in sequence:
        before = dict(tree.sources)
        paths = sorted(tree.sources)
        if not paths:
            break
        edit(tree.sources, paths[which % len(paths)], number)
        tree.relink(before)
    rebuilt = Tree(dict(tree.sources))
    rebuilt.link()
    assert tree.linked.keys() == rebuilt.linked.keys()
    for path, file in rebuilt.linked.items():
        for part in ("symbols", "externals", "edges", "references", "imports"):
            assert getattr(tree.linked[path], part) == getattr(file, part), f"{path}: {part}"


@pytest.mark.parametrize("fixture", FIXTURES, ids=fixture_name)
def test_an_edit_of_a_comment_links_only_its_file(fixture: Path) -> None:
    sources = dict(read_fixture(fixture).sources)
    tree = Tree(sources)
    tree.link()
    path = max(tree.project().languages, key=lambda each: len(sources[each]))
    before = dict(sources)
    shift(sources, path, 0)
    changed = {each for each in sources if sources[each] != before[each]}
    update = relink(tree.project(), tree.kept, changed, set())
    assert [file.path for file in update.linked] == [path]


def assert_followed(states: list[Sources]) -> None:
    """A tree that goes from one state to the next is what linking each of them gives."""
    tree = Tree(dict(states[0]))
    tree.link()
    for state in states[1:]:
        before, tree.sources = tree.sources, dict(state)
        tree.relink(before)
        rebuilt = Tree(dict(state))
        rebuilt.link()
        assert tree.linked == rebuilt.linked


def test_a_stub_comes_beside_a_source_and_goes() -> None:
    """What it declares is what a file gets that asks the source, which did not change."""
    states: list[Sources] = [
        {
            "kept.py": "class Plugin:\n    def run(self): ...\n",
            "both.py": "def made(x):\n    return x\n",
            "user.py": "from both import made\n\nmade(1).run()\n",
        }
    ]
    declared = "from kept import Plugin\n\ndef made(x: int) -> Plugin: ...\n"
    states += [{**states[0], "both.pyi": declared}, states[0]]
    assert_followed(states)


def test_a_declaration_file_comes_changes_and_goes() -> None:
    """What it says is global is asked for by files that stood before it."""
    uses = "export function use(items: Item[]) { items.last(); track(); old(); }\nclass Item {}\n"
    main = f'import {{ old }} from "legacy";\n{uses}'
    declared = 'interface Array<T> { last(): T }\ndeclare module "legacy" { export function old(): void }\n'
    states: list[Sources] = [
        {"main.ts": main},
        {"main.ts": main, "types/a.d.ts": "declare function track(): void;\n"},
        {"main.ts": main, "types/a.d.ts": declared},
        {"main.ts": main, "types/a.d.ts": declared.replace("last", "first")},
        {"main.ts": main, "types/b.d.ts": declared},
        {"main.ts": main},
    ]
    assert_followed(states)


@pytest.mark.parametrize(
    ("standing", "path", "before", "after"),
    [
        (
            {
                "nx/__init__.py": "from nx.gone import *\nfrom nx.inner import *\n",
                "r.py": "import nx\nnx.D()\n",
            },
            "nx/inner.py",
            "from .missing import D\n",
            "",
        ),
        (
            {
                "nx/__init__.py": "from nx.inner import *\n",
                "nx/inner/d.py": "def f(): ...\n",
                "r.py": "from nx import d\n\nd.f()\n",
            },
            "nx/inner/__init__.py",
            "from . import d\n",
            "",
        ),
        (
            {
                "index.ts": "export * from 'gone'\nexport * from './inner'\n",
                "r.ts": "import { D } from '.'\nD()\n",
            },
            "inner.ts",
            "export { D } from './missing'\n",
            "",
        ),
        (
            {"r.ts": "import it from './inner'\nit.f()\n"},
            "inner.ts",
            "export function f() {}\nexport { it as default } from './missing'\n",
            "export function f() {}\n",
        ),
    ],
    ids=["an unresolved import", "a submodule", "an unresolved export", "an unresolved default"],
)
def test_what_leads_nowhere_is_not_what_is_not_there(
    standing: Sources, path: str, before: str, after: str
) -> None:
    """Star imports take the one and pass over the other."""
    for text, other in ((before, after), (after, before)):
        tree = Tree({**standing, path: text})
        tree.link()
        then = dict(tree.sources)
        tree.sources[path] = other
        tree.relink(then)
        rebuilt = Tree(dict(tree.sources))
        rebuilt.link()
        assert tree.linked == rebuilt.linked


@pytest.mark.parametrize("after", ["macro_rules! shout {", "#[macro_export]\nfn f() { macro_rules! shout {"])
def test_a_macro_is_exported_no_more(after: str) -> None:
    before = {
        "src/lib.rs": "",
        "src/loud.rs": "#[macro_export]\nmacro_rules! shout {",
        "src/user.rs": "use crate::shout;\n\nfn f() { shout!(); }\n",
    }
    for states in ((before, {**before, "src/loud.rs": after}), ({**before, "src/loud.rs": after}, before)):
        tree = Tree(dict(states[0]))
        tree.link()
        tree.sources = dict(states[1])
        tree.relink(states[0])
        rebuilt = Tree(dict(states[1]))
        rebuilt.link()
        assert tree.linked == rebuilt.linked


def test_an_impl_block_comes_to_be_for_a_type_that_several_files_asked_about() -> None:
    tree = Tree(dict(BLOCKS))
    tree.link()
    before = dict(tree.sources)
    tree.sources["src/ext.rs"] = before["src/ext.rs"].replace("Vec<Other>", "Vec<Part>")
    tree.relink(before)
    rebuilt = Tree(dict(tree.sources))
    rebuilt.link()
    assert tree.linked == rebuilt.linked


def test_a_path_of_2015_begins_at_what_the_root_says() -> None:
    """``use spawn::spawn`` begins there, and the root may begin and cease to have such a name."""
    standing = {"Cargo.toml": '[package]\nname = "kit"\n', "src/task.rs": "pub use spawn::spawn;\n"}
    plain = {**standing, "src/lib.rs": "", "src/task/spawn.rs": ""}
    named = {**standing, "src/lib.rs": "pub use task::spawn;\n", "src/task/spawn.rs": "pub fn spawn() {}\n"}
    tree = Tree(dict(plain))
    tree.link()
    for state in (named, plain, named):
        before, tree.sources = tree.sources, dict(state)
        tree.relink(before)
        rebuilt = Tree(dict(state))
        rebuilt.link()
        assert tree.linked == rebuilt.linked


CIRCLES: dict[str, Sources] = {
    "python, names outside": {
        "nx/__init__.py": "from nx.inner import *\nfrom nx.gone import *\n",
        "nx/inner/__init__.py": "from nx import *\nfrom nx.inner.lost import *\n",
        "a.py": "import nx\n\nnx.N()\n",
        "z.py": "from nx import inner\n\ninner.N()\n",
    },
    "python, names of the project": {
        "nx/__init__.py": "from nx.inner import *\nfrom nx.one import *\n",
        "nx/inner.py": "from nx import *\nfrom nx.two import *\n",
        "nx/one.py": "def N(): ...\n",
        "nx/two.py": "def N(): ...\n",
        "a.py": "import nx\n\nnx.N()\n",
        "z.py": "from nx import inner\n\ninner.N()\n",
    },
    "typescript, names outside": {
        "index.ts": "export * from './inner'\nexport * from 'gone'\n",
        "inner.ts": "export * from '.'\nexport * from 'lost'\n",
        "a.ts": "import { N } from '.'\n\nN()\n",
        "z.ts": "import { N } from './inner'\n\nN()\n",
    },
    "typescript, names of the project": {
        "index.ts": "export * from './inner'\nexport * from './one'\n",
        "inner.ts": "export * from '.'\nexport * from './two'\n",
        "one.ts": "export function N() {}\n",
        "two.ts": "export function N() {}\n",
        "a.ts": "import { N } from '.'\n\nN()\n",
        "z.ts": "import { N } from './inner'\n\nN()\n",
    },
}


@pytest.mark.parametrize("sources", CIRCLES.values(), ids=CIRCLES)
def test_a_circle_of_star_imports_gives_the_same_wherever_linking_begins(sources: Sources) -> None:
    paths = sorted(sources)
    forwards, backwards = Linker(project_of(sources)), Linker(project_of(sources))
    linked = {path: forwards.link(path) for path in paths}
    assert {path: backwards.link(path) for path in reversed(paths)} == linked


@pytest.mark.parametrize("sources", CIRCLES.values(), ids=CIRCLES)
@pytest.mark.parametrize("which", range(2))
def test_an_update_on_a_circle_of_star_imports(sources: Sources, which: int) -> None:
    """Each module on the circle without one of its lines, and with it again."""
    path = [each for each in sources if "*" in sources[each]][which]
    lines = sources[path].splitlines(keepends=True)
    tree = Tree(dict(sources))
    tree.link()
    for text in ("", lines[0], lines[-1], sources[path], lines[-1] + lines[0], sources[path]):
        before, tree.sources = dict(tree.sources), {**tree.sources, path: text}
        tree.relink(before)
        rebuilt = Tree(dict(tree.sources))
        rebuilt.link()
        assert tree.linked == rebuilt.linked


@pytest.mark.parametrize("path", FIXTURES, ids=fixture_name)
def test_a_file_brings_no_symbol_from_outside_that_it_does_not_speak_of(path: Path) -> None:
    """The store drops those at the next update: then it would not be what a rebuild is."""
    files, _ = link_all(project_of(dict(read_fixture(path).sources)))
    for file in files:
        spoken_of = {edge.target for edge in file.edges} | {edge.source for edge in file.edges}
        spoken_of |= {row.target for row in (*file.references, *file.imports) if row.target is not None}
        assert [each.key for each in file.externals if each.id not in spoken_of] == []
