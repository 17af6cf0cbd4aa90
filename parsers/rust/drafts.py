"""Symbols while they are read: what all definitions have."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from isg.parsers.rust import attributes as attributes_of
from isg.parsers.rust.attributes import NONE, Attributes
from isg.parsers.rust.docs import is_outer
from isg.parsers.rust.grammar import ATTRIBUTE, COMMENTS, VISIBILITY
from isg.parsers.rust.walk import Walk
from isg.parsers.tables import SymbolDraft


class Drafts:
    """Makes drafts of symbols, with the attributes and documentation before them."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk

    def attributed(self, nodes: list[Node]) -> Iterator[tuple[Node, Attributes]]:
        """The named nodes but comments, each with what stands before it."""
        walk = self.walk
        pending: list[Node] = []
        for node in nodes:
            kind_id = node.kind_id
            if kind_id in COMMENTS:
                if is_outer(walk.text, node.start_byte):
                    pending.append(node)
            elif kind_id == ATTRIBUTE:
                pending.append(node)
            elif node.is_named:
                if pending:
                    yield node, attributes_of.read(walk, pending)
                    pending = []
                else:
                    yield node, NONE

    def draft(self, kind: str, name: Node, node: Node, attributes: Attributes) -> SymbolDraft:
        """A symbol in the definition that is being read."""
        return self.called(self.walk.name(name), kind, name, node, attributes)

    def called(self, text: str, kind: str, at: Node, node: Node, attributes: Attributes) -> SymbolDraft:
        """A symbol of this name, which stands at a node."""
        walk = self.walk
        line, column = walk.place(at)
        start = attributes.start or node
        first, last = walk.lines(start, node, at)
        draft = SymbolDraft(kind, text, walk.symbol, walk.unit, line, column, first, last)
        draft.doc = attributes.doc
        draft.modifiers = tuple(attributes.modifiers)
        return draft


def visibility_of(walk: Walk, node: Node) -> str:
    """`pub` is public, `pub(crate)` and the like are protected."""
    for child in node.children:
        if child.kind_id == VISIBILITY:
            text = "".join(walk.slice(child).split())
            return "public" if text == "pub" else "private" if text == "pub(self)" else "protected"
    return "private"
