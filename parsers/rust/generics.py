"""Generic parameters and where clauses: a scope between a definition and what is around it."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, Binding, BindingId, BindingKind, Role, ScopeId, ScopeKind, TermId
from isg.parsers.rust.grammar import kind, named, parts
from isg.parsers.rust.readers import Reader
from isg.parsers.rust.walk import Walk
from isg.parsers.tables import SymbolDraft

_TYPE_PARAMETER = kind("type_parameter")
_CONST_PARAMETER = kind("const_parameter")
_PREDICATE = kind("where_predicate")
_BOUNDS = kind("trait_bounds")
_RANKED = kind("higher_ranked_trait_bound")
_REFERENCE = kind("reference_type")


class Generics:
    """Opens the scope of a definition's generic parameters, where it has any, or a where clause.

    Parameters are bindings TYPE_PARAMETER with their bounds declared, those of the where clause among them,
    or with the type of a constant. What a where clause asks of other types
    (`T::Item: Foo`, an impl's `T` in one of its methods) is a binding NARROWED, named as it is written, its
    term the type and declared its bounds.
    """

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def enter(self, draft: SymbolDraft, parameters: Node | None, where: Node | None) -> ScopeId:
        """The walk's scope becomes that of the parameters; NOTHING where there is nothing to declare."""
        if parameters is None and where is None:
            return NOTHING
        nodes = named(parameters.children) if parameters is not None else []
        nodes = [node for node in nodes if node.kind_id in (_TYPE_PARAMETER, _CONST_PARAMETER)]
        predicates = [node for node in where.children if node.kind_id == _PREDICATE] if where else []
        if not nodes and not predicates:
            return NOTHING
        walk = self.walk
        scope = walk.tables.scope(ScopeKind.TYPE_PARAMETERS, walk.scope, walk.referrer, {})
        walk.scope = scope
        bounds: dict[str, list[TermId]] = {}
        declared = [self._declare(node, scope, bounds) for node in nodes]
        draft.type_parameters = tuple(bounds)
        for node, (_, number) in zip(nodes, declared, strict=True):
            self._parameter(node, number, bounds)
        for predicate in predicates:
            self._predicate(predicate, scope, bounds)
        for name, number in declared:
            if bounds[name]:
                self._patch(number, declared=self._meet(bounds[name]))
        return scope

    def _declare(self, node: Node, scope: ScopeId, bounds: dict[str, list[TermId]]) -> tuple[str, BindingId]:
        """Names come first, for bounds may name later parameters."""
        name_node = node.child_by_field_name("name")
        name = self.walk.name(name_node) if name_node is not None else ""
        bounds[name] = []
        return name, self._bind(BindingKind.TYPE_PARAMETER, name, scope, 0, 0)

    def _bind(
        self, binding: BindingKind, name: str, scope: ScopeId, term: TermId, declared: TermId
    ) -> BindingId:
        tables = self.walk.tables
        number = tables.binding(binding, name, scope, term, declared)
        tables.scopes[scope].names.setdefault(name, []).append(number)
        return number

    def _patch(self, number: BindingId, declared: TermId = 0, term: TermId = 0) -> None:
        bindings = self.walk.tables.bindings
        old = bindings[number]
        bindings[number] = Binding(
            old.kind, old.name, old.scope, term or old.term, declared or old.declared, NOTHING, False
        )

    def _parameter(self, node: Node, number: BindingId, bounds: dict[str, list[TermId]]) -> None:
        """`T: Bound = Default` and `const N: usize = 3`"""
        name = self.walk.tables.bindings[number].name
        children = parts(node)
        types = self.reader.types
        after = ""
        for child in children:
            if child.kind_id == _BOUNDS:
                bounds[name] += types.bound_list(child, Role.TYPE)
            elif not child.is_named:
                after = child.type
            elif after == "=":
                is_const = node.kind_id == _CONST_PARAMETER
                self._patch(number, term=self.reader.read(child) if is_const else types.read(child))
            elif after == ":":
                self._patch(number, declared=types.read(child))

    def _predicate(self, node: Node, scope: ScopeId, bounds: dict[str, list[TermId]]) -> None:
        children = named(node.children)
        if len(children) != 2:
            self.reader.anything(node)
            return
        left = self._bare(children[0])
        name = "".join(self.walk.slice(left).split())
        term = self.reader.types.read(left)
        found = self.reader.types.bound_list(children[1], Role.TYPE)
        if name in bounds:
            bounds[name] += found
        elif found:
            self._bind(BindingKind.NARROWED, name, scope, term, self._meet(found))

    def _bare(self, node: Node) -> Node:
        """The type without `for<'a>` and `&`."""
        while node.kind_id in (_RANKED, _REFERENCE):
            node = node.children[-1]
        return node

    def _meet(self, bounds: list[TermId]) -> TermId:
        """All of these bounds."""
        bounds = list(dict.fromkeys(bounds))
        return bounds[0] if len(bounds) == 1 else self.walk.terms[(op.INTERSECTION, *bounds)]
