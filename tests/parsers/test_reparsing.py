"""An edited file gives the facts that its bytes give anywhere, whatever stood in it before."""

from __future__ import annotations

import gc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isg.parsers.parse import parse
from isg.parsers.reparsing import Earlier

SOURCES = {
    "python": 'import os\n\n\nclass A(B):\n    """Doc."""\n\n    def run(self, x: int = 1) -> "A":\n'
    "        if x:\n            return f'{self.run(x)!r}'\n        return [y for y in os.walk(x)]\n",
    "typescript": "import { a } from './a'\n\nexport class A<T> extends B {\n  run(x: number): Promise<T> {\n"
    "    return this.go<T>(`${x} ${a.b}`, (y) => y?.z)\n  }\n}\nexport interface I { n: string }\n",
    "javascript": "const a = require('./a')\nexport function run({ x, ...y }) {\n  return <A b={x} />\n}\n",
    "rust": "use a::b;\n\n/// Doc.\npub struct A<'a, T: Run> { pub x: &'a T }\n\nimpl<T: Run> A<'_, T> {\n"
    '    pub fn run(&self) -> u8 { println!("{}", self.x); match b::go()? { Some(x) => x, _ => 1 } }\n}\n',
}
PIECES = (
    "",
    " ",
    "\n",
    "\n\n    ",
    "x",
    "self",
    "(",
    ")",
    "{",
    "}",
    '"',
    "'''",
    "/*",
    "#",
    "é",
    "def f(): pass\n",
)


@pytest.mark.parametrize("language", SOURCES)
@settings(max_examples=60)
@given(data=st.data())
def test_any_edits_give_the_facts_of_the_bytes(language: str, data: st.DataObject) -> None:
    source, earlier = SOURCES[language].encode(), Earlier()
    parse(language, source, earlier)
    for _ in range(data.draw(st.integers(1, 3))):
        first, last = sorted(data.draw(st.lists(st.integers(0, len(source)), min_size=2, max_size=2)))
        last = min(last, first + data.draw(st.sampled_from([0, 0, 1, 5, 40])))
        source = source[:first] + data.draw(st.sampled_from(PIECES)).encode() + source[last:]
        assert parse(language, source, earlier) == parse(language, source)


def test_an_edit_is_parsed_from_the_tree_of_before() -> None:
    """Else an edit of a large file would cost what the file costs."""
    source, earlier = b"def f():\n    return 1\n" * 50, Earlier()
    parse("python", source, earlier)
    tree = earlier.edited(source.replace(b"1", b"2", 1))
    assert tree is not None
    assert [child.has_changes for child in tree.root_node.children] == [True, *[False] * 49]


@pytest.mark.parametrize("language", SOURCES)
def test_parsing_again_and_again_keeps_nothing(language: str) -> None:
    """Not even what tree-sitter has read: a server parses for days."""

    def views() -> int:
        gc.collect()
        return sum(isinstance(each, memoryview) for each in gc.get_objects())

    source = SOURCES[language].encode() * 50
    parse(language, source)
    before = views()
    for _ in range(10):
        parse(language, source)
    assert views() == before
