"""``__all__`` where it is written down."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers.facts import TermId
from isg.parsers.python.grammar import ATTRIBUTE, CALL, IDENTIFIER, STRING, kind, kinds, named, parts
from isg.parsers.python.readers import Reader
from isg.parsers.python.walk import Walk

_SEQUENCES = kinds("list", "tuple", "expression_list", "set")
_BINARY = kind("binary_operator")
_PARENTHESIZED = kind("parenthesized_expression")
_NAME = "__all__"


class Exports:
    """Collects ``__all__`` from a module's own statements."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def begin(self) -> None:
        """A module's statements begin."""
        self.names: list[str] | None = None
        self.modules: dict[TermId, None] = {}
        self._broken = False

    def assigned(self, target: Node, value: Node) -> None:
        """``__all__ = […]``"""
        if self._is_all(target):
            self.names = []
            self._add(value)

    def extended(self, target: Node, value: Node) -> None:
        """``__all__ += […]``"""
        if self._is_all(target):
            self._add(value)

    def called(self, node: Node) -> None:
        """``__all__.extend([…])``, ``.append("x")``, ``.remove("x")``"""
        function = node.children[0]
        if function.kind_id != ATTRIBUTE or not self._is_all(function.children[0]):
            return
        arguments = named(node.children[-1].children)
        method = self.walk.slice(function.children[-1])
        if len(arguments) != 1:
            return
        if method == "extend":
            self._add(arguments[0])
        elif method in ("append", "remove") and arguments[0].kind_id == STRING:
            name = self._string(arguments[0])
            if method == "append":
                self._put(name)
            elif self.names and name in self.names:
                self.names.remove(name)

    def finish(self) -> None:
        tables = self.walk.tables
        tables.exports = None if self._broken or self.names is None else list(dict.fromkeys(self.names))
        tables.exports_of = list(self.modules)

    def _is_all(self, node: Node) -> bool:
        return (
            node.kind_id == IDENTIFIER
            and node.end_byte - node.start_byte == len(_NAME)
            and self.walk.slice(node) == _NAME
        )

    def _put(self, name: str) -> None:
        self.names = self.names if self.names is not None else []
        self.names.append(name)

    def _add(self, root: Node) -> None:
        pending = [root]
        while pending:
            node = pending.pop()
            if node.kind_id in _SEQUENCES:
                for child in named(node.children):
                    if child.kind_id == STRING:
                        self._put(self._string(child))
                    elif child.kind_id == kind("list_splat"):
                        pending.append(parts(child)[-1])
                    else:
                        self._broken = True
            elif node.kind_id == _BINARY and parts(node)[1].type == "+":
                pending += (parts(node)[2], parts(node)[0])
            elif node.kind_id == _PARENTHESIZED:
                pending.extend(named(node.children))
            elif node.kind_id == CALL and self.walk.slice(node.children[0]) in ("list", "tuple", "sorted"):
                pending.extend(named(node.children[-1].children))
            elif node.kind_id == ATTRIBUTE and self.walk.slice(parts(node)[-1]) == _NAME:
                self._module(parts(node)[0])
            else:
                self._broken = True

    def _module(self, node: Node) -> None:
        """Another module's ``__all__`` is part of this one."""
        references = len(self.walk.tables.references)
        term = self.reader.read(node)
        del self.walk.tables.references[references:]  # the statement itself makes them
        self.modules[term] = None
        self.names = self.names if self.names is not None else []

    def _string(self, node: Node) -> str:
        return self.walk.slice(node).lstrip("rRuUbB").strip("'\"")
