"""What stands before a definition: attributes and documentation (Rust reference, chapter "Attributes")."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tree_sitter import Node

from isg.parsers.rust.docs import is_doc_test, outer_line, paragraph
from isg.parsers.rust.grammar import ATTRIBUTE, COMMA, IDENTIFIER, TOKEN_TREE, kind
from isg.parsers.rust.walk import Walk

_ATTRIBUTE_INSIDE = kind("attribute")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NOT = re.compile(r"\bnot\s*\([^()]*\)")
_TEST = re.compile(r"\btest\b")
_VALUE = re.compile(r'=\s*"((?:[^"\\]|\\.)*)"\s*$', re.DOTALL)

# the last segment of attributes that make a function a test, of the language and of widely used runners
_TESTS = frozenset({"test", "bench", "rstest", "test_case", "quickcheck", "proptest", "wasm_bindgen_test"})
_MODIFIERS = {
    "deprecated": "deprecated",
    "must_use": "must_use",
    "non_exhaustive": "non_exhaustive",
    "macro_export": "export",
    "no_mangle": "export",
    "proc_macro": "macro",
    "proc_macro_derive": "macro",
    "proc_macro_attribute": "macro",
}


@dataclass(slots=True)
class Attributes:
    """The attributes and documentation of one definition."""

    start: Node | None = None
    modifiers: list[str] = field(default_factory=list)
    derives: list[list[Node]] = field(default_factory=list)  # the tokens of each derived path
    path: str = ""  # of `#[path = "…"]`
    conditional_paths: list[str] = field(default_factory=list)  # of `#[cfg_attr(…, path = "…")]`
    doc: str = ""


NONE = Attributes()


def read(walk: Walk, nodes: list[Node]) -> Attributes:
    """What these attributes and doc comments say."""
    found = Attributes(nodes[0])
    lines: list[str] = []
    for node in nodes:
        if node.kind_id != ATTRIBUTE:
            lines += outer_line(walk.slice(node))
            continue
        for inside in node.children:
            if inside.kind_id == _ATTRIBUTE_INSIDE:
                _attribute(walk, inside.children, found, lines)
    if lines:
        found.doc = paragraph(lines)
        if is_doc_test(lines):
            found.modifiers.append("doctest")
    found.modifiers = list(dict.fromkeys(found.modifiers))
    return found


def _attribute(walk: Walk, nodes: list[Node], found: Attributes, lines: list[str]) -> None:
    """One attribute: a path, then a token tree, a value or nothing."""
    if not nodes:
        return
    text = walk.text[nodes[0].start_byte : nodes[-1].end_byte]
    tree = nodes[-1] if nodes[-1].kind_id == TOKEN_TREE else None
    path = text[: tree.start_byte - nodes[0].start_byte] if tree is not None else text
    name = path.partition("=")[0].strip().rpartition("::")[2]
    if name == "derive" and tree is not None:
        found.derives += [each for each in _split(tree) if each and each[-1].kind_id == IDENTIFIER]
    elif name == "cfg" and tree is not None:
        found.modifiers.append("conditional")
        if _TEST.search(_NOT.sub("", _STRING.sub("", walk.text[tree.start_byte : tree.end_byte]))):
            found.modifiers.append("test")
    elif name == "cfg_attr" and tree is not None:
        path = found.path
        for each in _split(tree)[1:]:
            _attribute(walk, each, found, lines)
        if found.path != path:
            found.conditional_paths.append(found.path)
            found.path = path
    elif name == "doc" or name == "path":
        _value(walk, name, nodes, found, lines)
    elif name in _TESTS:
        found.modifiers.append("test")
    elif name in _MODIFIERS:
        found.modifiers.append(_MODIFIERS[name])


def _value(walk: Walk, name: str, nodes: list[Node], found: Attributes, lines: list[str]) -> None:
    text = walk.slice(nodes[-1])
    literal = _STRING.fullmatch(text) or _VALUE.search(text)
    if literal is None:
        return
    value = text[1:-1] if text.startswith('"') else literal[1]
    if name == "path":
        found.path = value
    else:
        lines += value.split("\n")


def _split(tree: Node) -> list[list[Node]]:
    """The tokens between the brackets, parted at commas."""
    groups: list[list[Node]] = [[]]
    for token in tree.children[1:-1]:
        if token.kind_id == COMMA:
            groups.append([])
        else:
            groups[-1].append(token)
    return groups
