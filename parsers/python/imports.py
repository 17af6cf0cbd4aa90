"""Import statements."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import Import, ImportFlag
from isg.parsers.python.grammar import kind
from isg.parsers.python.walk import LAZY, Walk

_ALIASED = kind("aliased_import")
_RELATIVE = kind("relative_import")
_WILDCARD = kind("wildcard_import")
_PREFIX = kind("import_prefix")
_FLAGS = [ImportFlag(number) for number in range(16)]


class Imports:
    """Records imports and binds their names."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk

    def plain(self, node: Node) -> None:
        """``import a.b, c as d``"""
        for child in node.children_by_field_name("name"):
            if child.kind_id == _ALIASED:
                alias = child.children[-1]
                self._add(self._dotted(child.children[0]), 0, "", self.walk.slice(alias), child, alias)
            elif child.children:
                self._add(self._dotted(child), 0, "", "", child, child.children[0])

    def future(self, node: Node) -> None:
        self._names(node, "__future__", 0)

    def from_module(self, node: Node) -> None:
        """``from .a import b as c, *``"""
        module, level = "", 0
        source = node.child_by_field_name("module_name")
        if source is not None and source.kind_id == _RELATIVE:
            for child in source.children:
                if child.kind_id == _PREFIX:
                    level = self.walk.slice(child).count(".")
                else:
                    module = self._dotted(child)
        elif source is not None:
            module = self._dotted(source)
        self._names(node, module, level)
        for child in node.children:
            if child.kind_id == _WILDCARD:
                self._add(module, level, "*", "", child, None)

    def _names(self, node: Node, module: str, level: int) -> None:
        for child in node.children_by_field_name("name"):
            if child.kind_id == _ALIASED:
                alias = child.children[-1]
                name = self._dotted(child.children[0])
                self._add(module, level, name, self.walk.slice(alias), child, alias)
            elif child.children:
                self._add(module, level, self._dotted(child), "", child, child.children[0])

    def _dotted(self, node: Node) -> str:
        return "".join(self.walk.slice(node).split())

    def _add(self, module: str, level: int, name: str, alias: str, place: Node, bound: Node | None) -> None:
        walk = self.walk
        line, column = walk.place(place)
        frame = walk.frame
        flags = walk.import_flags
        if frame.is_function:
            flags |= LAZY
        number = len(walk.tables.imports)
        walk.tables.imports.append(
            Import(
                module, level, name, alias, walk.unit, line, column, frame.symbol, frame.scope, _FLAGS[flags]
            )
        )
        if bound is not None:
            walk.bind(bound.start_byte, walk.terms[(op.IMPORTED, number)])
