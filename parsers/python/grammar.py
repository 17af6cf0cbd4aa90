"""The tree-sitter grammar of Python, and how its nodes are read."""

from __future__ import annotations

from collections.abc import Iterable

from tree_sitter import Node

from isg.parsers.grammar import Grammar

GRAMMAR = Grammar("python")
kind, kinds, token = GRAMMAR.kind, GRAMMAR.kinds, GRAMMAR.token

IDENTIFIER = kind("identifier")
ATTRIBUTE = kind("attribute")
SUBSCRIPT = kind("subscript")
CALL = kind("call")
LIST_SPLAT = kind("list_splat")
ASSIGNMENT = kind("assignment")
TYPE = kind("type")
EQUALS = token("=")
STRING = kind("string")
BLOCKS = kinds("block")
COMMENT = kind("comment")
EXTRAS = kinds("comment", "line_continuation", "ERROR")


def unstarred(node: Node) -> Node:
    """The grammar takes the star of `[*a.b()]` for one of `a`; displays see to it that it is not lost."""
    return parts(node)[-1] if node.kind_id == LIST_SPLAT else node


def parts(node: Node) -> list[Node]:
    """The children of a node without comments and what could not be parsed."""
    return [child for child in node.children if child.kind_id not in EXTRAS]


def named(nodes: Iterable[Node]) -> list[Node]:
    """Those that are neither punctuation nor comments."""
    return [node for node in nodes if node.is_named and node.kind_id not in EXTRAS]


def assignment_sides(node: Node) -> tuple[list[Node], Node | None, Node | None]:
    """The targets of a chained assignment, its annotation, and its value."""
    children = node.children
    if len(children) == 3 and children[2].kind_id != ASSIGNMENT and children[1].kind_id == EQUALS:
        return [children[0]], None, children[2]
    targets: list[Node] = []
    annotation: Node | None = None
    current: Node | None = node
    while current is not None and current.kind_id == ASSIGNMENT:
        children = current.children
        targets.append(children[0])
        current = None
        for child in children[1:]:
            if child.kind_id == TYPE:
                annotation = child
            elif child.is_named and child.kind_id not in EXTRAS:
                current = child
    return targets, annotation, current
