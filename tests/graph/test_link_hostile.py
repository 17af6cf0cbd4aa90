"""Whatever sources say, they are linked: no exception, and no more work than their size explains."""

from __future__ import annotations

import pytest
from annotated import link_sources, project_of

from isg.graph.linking.update import link_all

LONG = "a" * 300 + "b"  # more than a file may be called


@pytest.mark.parametrize("name", [LONG, "../python/library/builtins", "..", "std", "a\\u0000b"])
@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("a.py", "import {0}\nfrom {0} import x\n\nx()\n{0}.y()\n"),
        ("a.ts", "import x from '{0}'\nimport * as y from 'node:{0}'\n\nx(y.z)\n"),
        ("src/lib.rs", "use {0}::x;\nuse r#{0}::y;\nfn f() {{ {0}::z(); x(); }}\n"),
    ],
    ids=["python", "typescript", "rust"],
)
def test_what_is_imported_is_a_name_and_no_file_of_ours(path: str, source: str, name: str) -> None:
    linked = link_sources({path: source.format(name)})
    assert linked[path].symbols


def test_a_build_script_without_a_crate_beside_it() -> None:
    linked = link_sources({"build.rs": "fn main() {}\n", "tests/a.rs": "fn f() { check!(g()); }\n"})
    assert list(linked) == ["build.rs", "tests/a.rs"]


@pytest.mark.parametrize(
    "files",
    [
        {"p/__init__.py": "from p import x\n" * 3 + "x()\n"},
        {
            "p/a.py": "from p.b import x\n" * 3 + "x()\n",
            "p/b.py": "from p.a import x\nif x:\n    from p.a import x\n" * 3,
        },
        {"a.js": "exports.x = require('./b').x\n" * 4, "b.js": "exports.x = require('./a').x\n" * 4},
        {
            "a.js": "module.exports = require('./b')\n",
            "b.js": "module.exports = require('./a')\n",
            "c.js": "import { x } from './a'\n/** @type {x} */\nvar y = x\nx.f()\n",
        },
        {"a.js": "module.exports = 1\nmodule.exports = require('./a')\n", "b.js": "require('./a').x.y(1)\n"},
        {"a.ts": "export { x } from './b'\n" * 4, "b.ts": "export { x } from './a'\n" * 4},
        {
            "src/lib.rs": "mod a;\nmod b;\n",
            "src/a.rs": "pub use crate::b::x;\npub use crate::b::*;\n" * 4,
            "src/b.rs": "pub use crate::a::x;\npub use crate::a::*;\n" * 4,
        },
    ],
    ids=["python itself", "python", "javascript", "modules", "a module itself", "typescript", "rust"],
)
def test_names_that_are_imported_in_circles_several_times(files: dict[str, str]) -> None:
    """The ways round grow without an end, and the bindings on them do not; nor does what look-ups found."""
    linked, kept = link_all(project_of(files))
    assert {file.path for file in linked} == files.keys()
    assert kept()


@pytest.mark.parametrize(
    "source",
    [
        "import a = a.b\nlet x: a = a.c()\n",
        "import a = b.c\nimport b = a.c\nlet x: a.d = b()\n",
        "namespace N { export import a = N.b; export import b = N.a; let x: a = b() }\n",
        "namespace N { export { b as a }; export { a as b }; let x: a = b() }\n",
        "import a = a.b\n" * 40,
    ],
)
def test_names_that_stand_for_themselves(source: str) -> None:
    """An alias may lead back to itself, also in a file that nobody imports."""
    linked = link_sources({"a.ts": source, "b.ts": "import { a } from './a'\na()\n"})
    assert list(linked) == ["a.ts", "b.ts"]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", "def a(): return a()"),
        ("a.py", "for a in a: a"),
        ("a.py", "if a: a = a.b()"),
        ("a.ts", "function a() { return a() }"),
        ("a.ts", "export interface a { a(): a }"),
        ("a.ts", "declare global { interface a {} }"),
        ("a.js", "export const a = a.b"),
        ("src/lib.rs", "fn a() { a() }"),
        ("src/lib.rs", "pub use a::{a, b};"),
        ("src/lib.rs", "struct a; impl a { fn a(&self) -> a { self.a() } }"),
        ("src/lib.rs", "struct a; impl Clone for a { fn clone(&self) -> a { self.clone() } }"),
    ],
)
def test_a_line_that_is_repeated_costs_its_size(path: str, line: str) -> None:
    """Whatever is defined over and over: what each line means is bounded, whatever there is besides."""
    edges = [len(link_sources({path: f"{line}\n" * times})[path].edges) for times in (100, 200)]
    assert edges[1] < 2.2 * edges[0] + 20
