"""Whatever sources say, they are linked: no exception, and no more work than their size explains."""

from __future__ import annotations

import pytest
from annotated import link_sources

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
        {"a.ts": "export { x } from './b'\n" * 4, "b.ts": "export { x } from './a'\n" * 4},
        {
            "src/lib.rs": "mod a;\nmod b;\n",
            "src/a.rs": "pub use crate::b::x;\npub use crate::b::*;\n" * 4,
            "src/b.rs": "pub use crate::a::x;\npub use crate::a::*;\n" * 4,
        },
    ],
    ids=["python itself", "python", "javascript", "typescript", "rust"],
)
def test_names_that_are_imported_in_circles_several_times(files: dict[str, str]) -> None:
    """The ways round grow without an end, and the bindings on them do not."""
    assert link_sources(files).keys() == files.keys()
