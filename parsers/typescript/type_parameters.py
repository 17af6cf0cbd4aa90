"""Type parameters: a scope of their own around what is generic in them."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers.facts import BindingKind, ScopeKind
from isg.parsers.typescript.grammar import TYPE_PARAMETER, kind
from isg.parsers.typescript.readers import Reader
from isg.parsers.typescript.scopes import Scope
from isg.parsers.typescript.walk import Walk

_CONSTRAINT = kind("constraint")
_DEFAULT = kind("default_type")
_NAME = kind("type_identifier")


def enter_type_parameters(walk: Walk, reader: Reader, node: Node) -> Scope:
    """Opens the scope of ``<T extends Bound = Default>``; all parameters are known in all bounds."""
    scope = walk.open(ScopeKind.TYPE_PARAMETERS, walk.referrer)
    kinds = walk.kinds
    declared: list[tuple[int, Node]] = []
    for child in node.named_children:
        if kinds[child.kind_id] == TYPE_PARAMETER:
            name = next((each for each in child.children if kinds[each.kind_id] == _NAME), None)
            if name is not None:
                text = walk.slice(name)
                number = walk.declare_type(scope, BindingKind.TYPE_PARAMETER, text, is_parameter=True)
                declared.append((number, child))
    for number, parameter in declared:
        bound = default = 0
        for child in parameter.named_children:
            number_of_kind = kinds[child.kind_id]
            if number_of_kind == _CONSTRAINT:
                bound = reader.types.read(child)
            elif number_of_kind == _DEFAULT:
                default = reader.types.read(child)
        walk.fill(number, default, bound)
    return scope


def names_of(scope: Scope) -> tuple[str, ...]:
    """The names of a scope of type parameters, in order."""
    return tuple(scope.names)
