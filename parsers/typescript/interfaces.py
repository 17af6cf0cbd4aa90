"""Interfaces, type aliases, and object types with their members."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import BindingKind, Role, ScopeKind, TermId
from isg.parsers.source import decoded
from isg.parsers.terms import DECLARING
from isg.parsers.typescript.docs import docstring
from isg.parsers.typescript.grammar import (
    COMMENT,
    FUNCTION_TYPE,
    METHOD_SIGNATURE,
    OBJECT_TYPE,
    TYPE_ANNOTATION,
    TYPE_PARAMETERS,
    kind,
    texts,
)
from isg.parsers.typescript.readers import Reader
from isg.parsers.typescript.scopes import Scope
from isg.parsers.typescript.signature_text import alias_signature, clean_line
from isg.parsers.typescript.type_parameters import enter_type_parameters, names_of
from isg.parsers.typescript.walk import Plan, Walk

MAX_PAIRS = 128  # names and types that stand in the term of an object type
_BODY = kind("interface_body")
_EXTENDS = kind("extends_type_clause")
_PROPERTY = kind("property_signature")
_CALL = kind("call_signature")
_CONSTRUCT = kind("construct_signature")
_INDEX = kind("index_signature")
_MAPPED = kind("mapped_type_clause")
_TYPES = frozenset(
    {
        TYPE_ANNOTATION,
        kind("opting_type_annotation"),
        kind("omitting_type_annotation"),
        kind("adding_type_annotation"),
    }
)


class Interfaces:
    """Reads what describes objects: interfaces, aliases, object types."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def interface(self, node: Node) -> None:
        walk = self.walk
        plan = walk.plans.get(node.start_byte)
        if plan is None:
            return
        draft = walk.tables.symbols[plan.symbol]
        outer, owner, referrer = walk.scope, walk.owner, walk.referrer
        walk.owner = walk.referrer = plan.symbol
        draft.doc = docstring(walk, node)
        body: Node | None = None
        for child in node.children:
            number = walk.kinds[child.kind_id]
            if number == TYPE_PARAMETERS:
                draft.type_parameters = names_of(enter_type_parameters(walk, self.reader, child))
            elif number == _EXTENDS:
                draft.bases = tuple(
                    self.reader.types.head(each, Role.INHERIT)
                    for each in child.named_children
                    if each.kind_id not in walk.extras
                )
            elif number in (_BODY, OBJECT_TYPE):
                body = child
        end = body.start_byte if body is not None else node.end_byte
        draft.signature = clean_line(decoded(walk.text[node.start_byte : end]))
        draft.heads = (draft.signature,)
        scope = walk.open(ScopeKind.CLASS, plan.symbol)
        draft.scope = scope.number
        if body is not None:
            draft.bodies = ((body.start_byte, body.end_byte),)
            self._members(body, scope)
        walk.scope, walk.owner, walk.referrer = outer, owner, referrer
        walk.fill(plan.binding, walk.terms[(op.SYMBOL, plan.symbol)])

    def alias(self, node: Node) -> None:
        """``type X<T> = …``; an object type gives the alias members of its own."""
        walk = self.walk
        plan = walk.plans.get(node.start_byte)
        children = [child for child in node.children if child.is_named and child.kind_id not in walk.extras]
        if plan is None or len(children) < 2:
            return
        draft = walk.tables.symbols[plan.symbol]
        outer, owner, referrer = walk.scope, walk.owner, walk.referrer
        walk.owner = walk.referrer = plan.symbol
        draft.doc = docstring(walk, node)
        if walk.kinds[children[1].kind_id] == TYPE_PARAMETERS:
            draft.type_parameters = names_of(enter_type_parameters(walk, self.reader, children[1]))
        value = children[-1]
        if walk.kinds[value.kind_id] == OBJECT_TYPE and not self._mapped_clause(value):
            scope = walk.open(ScopeKind.CLASS, plan.symbol)
            draft.scope = scope.number
            term = self.object(self._members(value, scope), scope)
        else:
            term = self.reader.types.read(value)
        head = walk.text[node.start_byte : value.start_byte]
        draft.signature = alias_signature(decoded(head), walk.slice(value))
        draft.heads = (clean_line(walk.slice(node)),)
        walk.scope, walk.owner, walk.referrer = outer, owner, referrer
        walk.fill(plan.binding, term)

    def object_type(self, node: Node) -> TermId:
        """An object type that has no name, or a mapped type."""
        walk = self.walk
        index = self._mapped_clause(node)
        if index is not None:
            return self._mapped(index)
        outer = walk.scope
        scope = walk.open(ScopeKind.CLASS, 0)
        term = self.object(self._members(node, scope), scope)
        walk.scope = outer
        return term

    def object(self, pairs: list[str | TermId], scope: Scope) -> TermId:
        """The term of an object type, which no other has: its members are declared here."""
        terms = self.walk.terms
        declaring = terms[(op.LITERAL, str(scope.number))]
        return terms[(op.OBJECT, DECLARING, declaring, *pairs[: 2 * MAX_PAIRS])]

    # mapped types

    def _mapped_clause(self, node: Node) -> Node | None:
        """The index signature of a mapped type."""
        kinds = self.walk.kinds
        for child in node.named_children:
            if kinds[child.kind_id] == _INDEX:
                if any(kinds[each.kind_id] == _MAPPED for each in child.named_children):
                    return child
                return None
        return None

    def _mapped(self, node: Node) -> TermId:
        """``[K in C as D]: V``"""
        walk, types, outer = self.walk, self.reader.types, self.walk.scope
        keys = value = 0
        for child in node.named_children:
            number = walk.kinds[child.kind_id]
            if number == _MAPPED:
                parts = [each for each in child.named_children if each.kind_id not in walk.extras]
                if len(parts) < 2:
                    continue
                keys = types.read(parts[1])
                scope = walk.open(ScopeKind.TYPE_PARAMETERS, walk.referrer)
                name = walk.slice(parts[0])
                binding = walk.declare_type(scope, BindingKind.TYPE_PARAMETER, name, is_parameter=True)
                walk.fill(binding, 0, keys)
                for each in parts[2:]:
                    types.read(each)
            elif number in _TYPES:
                value = types.read(child)
        walk.scope = outer
        return walk.terms[(op.MAPPED, keys, value)]

    # members

    def _members(self, body: Node, scope: Scope) -> list[str | TermId]:
        """Names and types of members, which are symbols and bindings of the scope."""
        walk = self.walk
        pairs: list[str | TermId] = []
        overloads: dict[str, Plan] = {}
        for child in body.children:
            number = walk.kinds[child.kind_id]
            if number == COMMENT:
                walk.doc = child
            elif number == METHOD_SIGNATURE:
                pairs += self._method(child, scope, overloads)
            elif number == _PROPERTY:
                pairs += self._property(child, scope)
            elif number in (_CALL, _CONSTRUCT):
                pairs += self._callable(child, "()" if number == _CALL else "new", scope)
            elif number == _INDEX:
                pairs += self._index(child, scope)
            elif child.is_named:
                self.reader.types.read(child)
        walk.doc = None
        return pairs

    def _method(self, node: Node, scope: Scope, overloads: dict[str, Plan]) -> tuple[str | TermId, ...]:
        walk = self.walk
        name_node = node.child_by_field_name("name")
        if name_node is None:
            return ()
        name = self.reader.members.key(name_node)
        words = texts(node.children)
        accessor = bool(words & {"get", "set"})
        plan = overloads.get(name)
        if plan is None:
            symbol = walk.define("property" if accessor else "method", name, name_node, node)
            term = walk.terms[(op.SYMBOL, symbol)]
            binding = walk.member(scope.number, BindingKind.DEFINITION, name, term, symbol=symbol)
            plan = overloads[name] = Plan(symbol, binding)
        draft = walk.tables.symbols[plan.symbol]
        draft.declarations += (walk.declaration(node, node),)
        signature = self.reader.functions.signature(node, plan.symbol)
        line = clean_line(walk.slice(node))
        draft.signature = draft.signature or line
        draft.heads += (line,)
        draft.doc = draft.doc or docstring(walk, node)
        draft.modifiers = draft.modifiers or _marks(node.children)
        draft.signatures += (signature,)
        draft.end = node.end_point[0] + 1 - walk.unit_line
        if accessor:
            returns = walk.tables.signatures[signature].returns
            return (name, returns) if returns else ()
        return (name, walk.terms[(op.CALLABLE, signature)])

    def _property(self, node: Node, scope: Scope) -> tuple[str | TermId, ...]:
        walk = self.walk
        children = node.children
        name_node = node.child_by_field_name("name")
        if name_node is None:
            return ()
        name = self.reader.members.key(name_node)
        annotation = children[-1] if walk.kinds[children[-1].kind_id] in _TYPES else None
        function = _function_type(walk, annotation)
        symbol = walk.define("field" if function is None else "method", name, name_node, node)
        draft = walk.tables.symbols[symbol]
        draft.doc = docstring(walk, node)
        draft.signature = clean_line(walk.slice(node))
        draft.heads = (draft.signature,)
        draft.modifiers = _marks(children)
        declared = 0
        if function is not None:
            signature = self.reader.functions.signature(function)
            walk.tables.signatures[signature].symbol = symbol
            draft.signatures = (signature,)
            declared = walk.terms[(op.CALLABLE, signature)]
        elif annotation is not None:
            owner, walk.owner = walk.owner, symbol
            declared = self.reader.types.read(annotation)
            walk.owner = owner
        walk.member(scope.number, BindingKind.DECLARATION, name, 0, declared, symbol, instance=True)
        return (name, declared)

    def _callable(self, node: Node, name: str, scope: Scope) -> tuple[str | TermId, ...]:
        """``(a: A): B`` and ``new (a: A): B``"""
        walk = self.walk
        walk.doc = None
        term = walk.terms[(op.CALLABLE, self.reader.functions.signature(node))]
        walk.member(scope.number, BindingKind.DECLARATION, name, 0, term)
        return (name, term)

    def _index(self, node: Node, scope: Scope) -> tuple[str | TermId, ...]:
        """``[key: string]: V``"""
        walk = self.walk
        walk.doc = None
        value = 0
        for child in node.named_children:
            if walk.kinds[child.kind_id] in _TYPES:
                value = self.reader.types.read(child)
            elif walk.kinds[child.kind_id] != _MAPPED and child.kind_id not in walk.extras:
                self._index_key(child)
        walk.member(scope.number, BindingKind.DECLARATION, "[]", 0, value, instance=True)
        return ("[]", value)

    def _index_key(self, node: Node) -> None:
        """The type of the keys; their name is of no use."""
        if node.type != "identifier":
            self.reader.types.read(node)

    def index_signature(self, node: Node, scope: Scope) -> None:
        """``[key: string]: V`` in a class"""
        self._index(node, scope)


def _function_type(walk: Walk, annotation: Node | None) -> Node | None:
    """The function type that an annotation is, if it is one."""
    inner = annotation.named_children if annotation is not None else []
    return inner[0] if len(inner) == 1 and walk.kinds[inner[0].kind_id] == FUNCTION_TYPE else None


def _marks(children: list[Node]) -> tuple[str, ...]:
    """The modifiers of a member of an interface."""
    words = {"readonly": "readonly", "?": "optional"}
    return tuple(words[word] for word in words if word in texts(children))
