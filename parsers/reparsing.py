"""Parsing a file again after an edit: tree-sitter takes from the earlier tree what the edit left alone.

See "Advanced parsing: editing" in tree-sitter's documentation. A tree with errors depends on how its parser
came to it; such a source is parsed from its first byte, so that the same bytes always give the same facts.
"""

from __future__ import annotations

from tree_sitter import Point, Tree

from isg.parsers.differing import difference


class Earlier:
    """The last content of one file, and its tree."""

    def __init__(self) -> None:
        self._source = b""
        self._tree: Tree | None = None

    def edited(self, source: bytes) -> Tree | None:
        """The tree, told how the next content differs; it is given once."""
        tree, self._tree = self._tree, None
        if tree is not None:
            _edit(tree, self._source, source)
        return tree

    def keep(self, source: bytes, tree: Tree) -> None:
        """Take what is the last content now."""
        self._source, self._tree = source, tree


def _edit(tree: Tree, before: bytes, after: bytes) -> None:
    """Tell a tree what was edited."""
    start, old_end, new_end = difference(before, after)
    tree.edit(
        start_byte=start,
        old_end_byte=old_end,
        new_end_byte=new_end,
        start_point=_point(before, start),
        old_end_point=_point(before, old_end),
        new_end_point=_point(after, new_end),
    )


def _point(source: bytes, place: int) -> Point:
    return Point(source.count(b"\n", 0, place), place - source.rfind(b"\n", 0, place) - 1)
