"""PEP 695 type parameters: a scope between a generic definition and what is around it."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers.facts import BindingKind, ScopeKind
from isg.parsers.python.flow import Frame
from isg.parsers.python.grammar import IDENTIFIER, kind, named
from isg.parsers.python.readers import Reader
from isg.parsers.python.walk import Walk
from isg.parsers.tables import SymbolDraft

_CONSTRAINED = kind("constrained_type")


class TypeParameters:
    """Opens the scope of a definition's type parameters, where it has any."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def enter(self, node: Node, draft: SymbolDraft) -> None:
        parameters = node.child_by_field_name("type_parameters")
        if parameters is not None:
            self.enter_list([parameters], draft)

    def enter_list(self, lists: list[Node], draft: SymbolDraft | None) -> None:
        """The walk's frame becomes that of the type parameters."""
        walk, outer = self.walk, self.walk.frame
        names: dict[str, list[int]] = {}
        scope = walk.tables.scope(ScopeKind.TYPE_PARAMETERS, outer.scope, walk.referrer, names)
        frame = Frame(outer, scope, walk.referrer, names)
        frame.is_function = True
        frame.inherit_self(outer)
        walk.frame = frame
        nodes = [child for each in lists for child in named(each.children)]
        found = [(name, bound) for node in nodes for name, bound in [self._parts(node)] if name is not None]
        for name_node, _ in found:
            name = walk.slice(name_node)
            binding = walk.tables.binding(BindingKind.TYPE_PARAMETER, name, scope)
            names.setdefault(name, []).append(binding)
            walk.slots[name_node.start_byte] = binding
            frame.env.names[name] = (binding,)
        for name_node, bound in found:
            if bound is not None:
                walk.bind(name_node.start_byte, 0, self.reader.annotations.read(bound))
        if draft is not None:
            draft.type_parameters = tuple(walk.slice(name_node) for name_node, _ in found)

    def _parts(self, node: Node) -> tuple[Node | None, Node | None]:
        """The name and the bound of one type parameter."""
        bound: Node | None = None
        current: Node | None = node
        while current is not None and current.kind_id != IDENTIFIER:
            inner = named(current.children)
            if current.kind_id == _CONSTRAINED and len(inner) == 2:
                bound = inner[1]
            current = inner[0] if inner else None
        return current, bound
