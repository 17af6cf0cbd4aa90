"""Parsing a file again after an edit: tree-sitter takes from the earlier tree what the edit left alone.

See "Advanced parsing: editing" in tree-sitter's documentation. A tree with errors depends on how its parser
came to it; such a source is parsed from its first byte, so that the same bytes always give the same facts.
"""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Point, Tree


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
    """Tell a tree what was edited: all between the first and the last byte that differ."""
    shorter = min(len(before), len(after))
    start = _longest(shorter, lambda size: before[:size] == after[:size])
    behind = _longest(
        shorter - start, lambda size: before[len(before) - size :] == after[len(after) - size :]
    )
    old_end, new_end = len(before) - behind, len(after) - behind
    tree.edit(
        start_byte=start,
        old_end_byte=old_end,
        new_end_byte=new_end,
        start_point=_point(before, start),
        old_end_point=_point(before, old_end),
        new_end_point=_point(after, new_end),
    )


def _longest(most: int, holds: Callable[[int], bool]) -> int:
    """The greatest size up to which something holds; it holds for 0."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _point(source: bytes, place: int) -> Point:
    return Point(source.count(b"\n", 0, place), place - source.rfind(b"\n", 0, place) - 1)
