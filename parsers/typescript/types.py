"""Type expressions (TypeScript handbook, "Creating Types from Types"): annotations, arguments, aliases."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import BindingKind, Form, Role, ScopeKind, TermId
from isg.parsers.grammar import Dispatch
from isg.parsers.typescript.grammar import (
    CALL,
    IDENTIFIER,
    MEMBER,
    NESTED_IDENTIFIER,
    NUMBER,
    STRING,
    TYPE_ARGUMENTS,
    kind,
)
from isg.parsers.typescript.readers import Reader
from isg.parsers.typescript.scopes import Scope
from isg.parsers.typescript.walk import MAX_DEPTH, Walk

MAX_MEMBERS = 64  # of a union or intersection: what follows is read, but stands in no term
_UNION = kind("union_type")
_INTERSECTION = kind("intersection_type")
_LITERAL_TYPE = kind("literal_type")
_ANY = frozenset({"any", "unknown"})


class Types:
    """Reads type expressions: their terms denote types, and mentions in them have role TYPE."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader
        handlers = {
            "type_annotation": self._wrapped,
            "opting_type_annotation": self._wrapped,
            "omitting_type_annotation": self._wrapped,
            "adding_type_annotation": self._wrapped,
            "parenthesized_type": self._wrapped,
            "optional_type": self._wrapped,
            "flow_maybe_type": self._wrapped,
            "default_type": self._wrapped,
            "constraint": self._wrapped,
            "type_predicate_annotation": self._wrapped,
            "asserts_annotation": self._wrapped,
            "asserts": self._wrapped,
            "type_identifier": self._name,
            "identifier": self._name,
            "nested_type_identifier": self._nested,
            "generic_type": self._generic,
            "predefined_type": self._predefined,
            "literal_type": self._literal,
            "union_type": self._union,
            "intersection_type": self._intersection,
            "array_type": self._array,
            "readonly_type": self._readonly,
            "tuple_type": self._tuple,
            "rest_type": self._rest,
            "required_parameter": self._element,
            "optional_parameter": self._element,
            "function_type": self._function,
            "constructor_type": self._constructor,
            "object_type": self._object,
            "type_query": self._query,
            "index_type_query": self._keys,
            "lookup_type": self._lookup,
            "conditional_type": self._conditional,
            "infer_type": self._infer,
            "template_literal_type": self._template,
            "this_type": self._this,
            "this": self._this,
            "type_predicate": self._predicate,
            "member_expression": self._imported_member,
            "call_expression": self._import,
        }
        self._handlers: Dispatch[TermId] = walk.syntax.grammar.dispatch(handlers, self._anything)

    def read(self, node: Node) -> TermId:
        """The term of a type expression."""
        walk = self.walk
        depth = walk.depth
        if depth > MAX_DEPTH:
            return walk.too_deep(node)
        walk.depth = depth + 1
        term = self._handlers[node.kind_id](node)
        walk.depth = depth
        return term

    def instance(self, node: Node) -> TermId:
        """A value of the type that is written there."""
        return self.walk.terms[(op.ANNOTATION, self.read(node))]

    def head(self, node: Node, role: Role) -> TermId:
        """What an interface extends or a class implements: its name has a role of its own."""
        number = self.walk.kinds[node.kind_id]
        if number in _HEADS:
            return self._mention(node, role)
        if number == _GENERIC:
            name, arguments = node.named_children[0], node.named_children[-1]
            return self.applied(self.head(name, role), arguments)
        return self.read(node)

    def applied(self, base: TermId, arguments: Node) -> TermId:
        """A generic with these type arguments."""
        items = [self.read(child) for child in self._named(arguments)]
        if not items:
            return base
        return self._instance(base, items)

    def _instance(self, base: TermId, items: list[TermId]) -> TermId:
        """A generic with arguments: TUPLE holds several, so that one that is a tuple stands in another."""
        terms = self.walk.terms
        alone = len(items) == 1 and terms.rows[items[0]][0] != op.TUPLE
        return terms[(op.INDEX, base, items[0] if alone else terms[(op.TUPLE, *items)])]

    def union(self, members: list[TermId]) -> TermId:
        """One of these types: flat, without repetition; one unknown makes all unknown."""
        rows = self.walk.terms.rows
        flat: dict[TermId, None] = {}
        for member in members:
            row = rows[member]
            if row[0] == op.UNION:
                flat.update((int(each), None) for each in row[1:])
            else:
                flat[member] = None
        if len(flat) == 1:
            return members[0]
        return self.walk.terms[(op.UNION, *list(flat)[:MAX_MEMBERS])]

    # names

    def _name(self, node: Node) -> TermId:
        return self._mention(node, Role.TYPE)

    def _nested(self, node: Node) -> TermId:
        return self._mention(node, Role.TYPE)

    def _mention(self, node: Node, role: Role) -> TermId:
        """A plain name or one behind dots; what stands before the last dot is a namespace or module."""
        walk = self.walk
        number = walk.kinds[node.kind_id]
        if number in (IDENTIFIER, _TYPE_IDENTIFIER):
            return self._plain(node, role)
        children = [child for child in node.children if child.is_named and child.kind_id not in walk.extras]
        if len(children) != 2:
            return self._anything(node)
        term = self._qualified(children[0])
        name = walk.slice(children[1])
        form = Form.ATTRIBUTE if walk.kinds[children[0].kind_id] == IDENTIFIER else Form.CHAIN
        term = walk.terms[(op.TYPE_MEMBER, term, name)]
        walk.refer(term, name, role, form, children[1])
        return term

    def _qualified(self, node: Node) -> TermId:
        """The namespace that a qualified name begins with."""
        walk = self.walk
        if walk.kinds[node.kind_id] in (NESTED_IDENTIFIER, MEMBER, _NESTED_TYPE) and walk.depth < MAX_DEPTH:
            walk.depth += 1
            term = self._mention(node, Role.TYPE)
            walk.depth -= 1
            return term
        if walk.kinds[node.kind_id] == CALL:
            return self._import(node)
        return self._plain(node, Role.TYPE)

    def _import_type(self, node: Node) -> TermId:
        """What a plain name stands for that was written as ``import("m")``; 0 for all others."""
        module = self.walk.import_types.get(node.start_byte)
        return 0 if module is None else self.reader.imports.module(module, node)

    def _plain(self, node: Node, role: Role) -> TermId:
        walk = self.walk
        if walk.import_types:
            imported = self._import_type(node)
            if imported:
                return imported
        name = walk.slice(node)
        scope: Scope | None = walk.scope
        while scope is not None:
            is_parameter = scope.types.get(name)
            if is_parameter is not None:
                break
            scope = scope.parent
        else:
            is_parameter = False
        number = scope.number if scope is not None else walk.module_scope().number
        term = walk.terms[(op.TYPE_NAME, number, name)]
        if not is_parameter:
            walk.refer(term, name, role, Form.NAME, node)
        return term

    # combinations

    def _wrapped(self, node: Node) -> TermId:
        term = 0
        for child in node.named_children:
            if child.kind_id not in self.walk.extras:
                term = self.read(child)
        return term

    def _anything(self, node: Node) -> TermId:
        """Whatever has no handler: its parts are read, the type is unknown."""
        for child in node.named_children:
            if child.kind_id not in self.walk.extras:
                self.read(child)
        return 0

    def _named(self, node: Node) -> list[Node]:
        extras = self.walk.extras
        return [child for child in node.named_children if child.kind_id not in extras]

    def _generic(self, node: Node) -> TermId:
        children = self._named(node)
        base = self.read(children[0])
        return self.applied(base, children[-1]) if len(children) > 1 else base

    def _predefined(self, node: Node) -> TermId:
        text = self.walk.slice(node)
        if text in _ANY:
            return 0
        return self.walk.terms[(op.LITERAL, text.rpartition(" ")[2])]  # `unique symbol`

    def _literal(self, node: Node) -> TermId:
        children = self._named(node)
        return self.reader.read(children[0]) if children else 0

    def _spine(self, node: Node, number: int) -> list[Node]:
        """The members of nested binary unions or intersections, in source order."""
        kinds = self.walk.kinds
        members: list[Node] = []
        while kinds[node.kind_id] == number:
            children = self._named(node)
            if not children:
                break
            members.extend(reversed(children[1:]))
            node = children[0]
        else:
            members.append(node)
        return members[::-1]

    def _union(self, node: Node) -> TermId:
        members = [self.read(child) for child in self._spine(node, _UNION)]
        if not members or 0 in members:
            return 0
        return self.union(members)

    def _intersection(self, node: Node) -> TermId:
        members = [self.read(child) for child in self._spine(node, _INTERSECTION)]
        known = [member for member in dict.fromkeys(members) if member]
        if len(known) == 1:
            return known[0]
        return self.walk.terms[(op.INTERSECTION, *known[:MAX_MEMBERS])] if known else 0

    def _array(self, node: Node) -> TermId:
        return self._instance(self.walk.terms[(op.TYPE_NAME, 0, "Array")], [self._wrapped(node)])

    def _readonly(self, node: Node) -> TermId:
        """``readonly T[]``"""
        terms, inner = self.walk.terms, self._wrapped(node)
        row = terms.rows[inner]
        if row[0] == op.INDEX and row[1] == terms[(op.TYPE_NAME, 0, "Array")]:
            return terms[(op.INDEX, terms[(op.TYPE_NAME, 0, "ReadonlyArray")], int(row[2]))]
        return inner

    def _tuple(self, node: Node) -> TermId:
        return self.walk.terms[(op.TUPLE, *[self.read(child) for child in self._named(node)])]

    def _rest(self, node: Node) -> TermId:
        return self.walk.terms[(op.STAR, self._wrapped(node))]

    def _element(self, node: Node) -> TermId:
        """``name: T``, ``name?: T`` or ``...name: T`` in a tuple."""
        children = self._named(node)
        term = self.read(children[-1])
        is_rest = len(children) > 1 and self.walk.kinds[children[0].kind_id] == _REST
        return self.walk.terms[(op.STAR, term)] if is_rest else term

    # functions and objects

    def _function(self, node: Node) -> TermId:
        return self.walk.terms[(op.CALLABLE, self.reader.functions.signature(node))]

    def _constructor(self, node: Node) -> TermId:
        return self.walk.terms[(op.OBJECT, "new", self._function(node))]

    def _object(self, node: Node) -> TermId:
        return self.reader.interfaces.object_type(node)

    # types of values, and types computed from types

    def _query(self, node: Node) -> TermId:
        """``typeof x``, ``typeof import("x")``"""
        children = self._named(node)
        if not children:
            return 0
        term = self._queried(children[0])
        for child in children[1:]:
            if self.walk.kinds[child.kind_id] == TYPE_ARGUMENTS:
                term = self.applied(term, child)
        return self.walk.terms[(op.TYPEOF, term)]

    def _queried(self, node: Node) -> TermId:
        number = self.walk.kinds[node.kind_id]
        if number == IDENTIFIER:
            return self._import_type(node) or self.reader.names.mention(node, Role.TYPE)
        if number == MEMBER:
            return self._queried_member(node)
        if number == CALL:
            return self._import(node)
        return self.reader.read(node)

    def _queried_member(self, node: Node) -> TermId:
        """``x.y``, ``import("x").y``"""
        walk, innermost = self.walk, node
        while walk.kinds[innermost.kind_id] == MEMBER:
            innermost = innermost.children[0]
        is_import = walk.kinds[innermost.kind_id] == CALL or innermost.start_byte in walk.import_types
        if not is_import or len(node.children) != 3:
            return self.reader.members.mention(node, Role.TYPE)
        owner, name = self._queried(node.children[0]), walk.slice(node.children[2])
        term = walk.terms[(op.MEMBER, owner, name)]
        walk.refer(term, name, Role.TYPE, Form.CHAIN, node.children[2])
        return term

    def _import(self, node: Node) -> TermId:
        """``import("x")`` in a type position"""
        children = node.children
        if len(children) < 2 or children[0].type != "import":
            return self.reader.read(node)
        return self.reader.imports.imported(children[-1], is_type=True)

    def _imported_member(self, node: Node) -> TermId:
        """``import("x").Y.Z``"""
        return self._mention(node, Role.TYPE)

    def _keys(self, node: Node) -> TermId:
        return self.walk.terms[(op.KEYS, self._wrapped(node))]

    def _lookup(self, node: Node) -> TermId:
        """``T["name"]``, ``T[K]``: the type of what subscripting a value of T gives."""
        children = self._named(node)
        if len(children) != 2:
            return self._anything(node)
        walk, terms = self.walk, self.walk.terms
        owner = terms[(op.ANNOTATION, self.read(children[0]))]
        key = children[1]
        inner = self._named(key) if walk.kinds[key.kind_id] == _LITERAL_TYPE else []
        if inner and walk.kinds[inner[0].kind_id] in (STRING, NUMBER):
            name = walk.slice(inner[0]).strip("'\"`")
            member = terms[(op.MEMBER, owner, name)]
            walk.refer(member, name, Role.TYPE, Form.CHAIN, inner[0])
            return terms[(op.TYPEOF, member)]
        index = terms[(op.ANNOTATION, self.read(key))]
        return terms[(op.TYPEOF, terms[(op.INDEX, owner, index)])]

    def _conditional(self, node: Node) -> TermId:
        """``A extends B ? C : D``; what B infers is known in C."""
        walk = self.walk
        children = self._named(node)
        if len(children) != 4:
            return self._anything(node)
        left, right, consequence, alternative = children
        checked = self.read(left)
        outer, inferring = walk.scope, walk.inferring
        if walk.text.find("infer", right.start_byte, right.end_byte) >= 0:
            walk.inferring = walk.open(ScopeKind.TYPE_PARAMETERS, walk.referrer)
        bound = self.read(right)
        walk.inferring = inferring
        then = self.read(consequence)
        walk.scope = outer
        return walk.terms[(op.CONDITIONAL, checked, bound, then, self.read(alternative))]

    def _infer(self, node: Node) -> TermId:
        walk, children = self.walk, self._named(node)
        if not children:
            return 0
        scope, name = walk.inferring or walk.scope, walk.slice(children[0])
        if name not in scope.types:
            number = walk.declare_type(scope, BindingKind.TYPE_PARAMETER, name, is_parameter=True)
            if len(children) > 1:
                walk.fill(number, 0, self.read(children[1]))
        return walk.terms[(op.TYPE_NAME, scope.number, name)]

    def _template(self, node: Node) -> TermId:
        self._anything(node)
        return self.walk.terms[(op.LITERAL, "string")]

    def _this(self, node: Node) -> TermId:
        scope: Scope | None = self.walk.scope
        while scope is not None and not scope.is_class:
            scope = scope.parent
        number = scope.number if scope is not None else self.walk.module_scope().number
        return self.walk.terms[(op.TYPE_NAME, number, "this")]

    def _predicate(self, node: Node) -> TermId:
        """A predicate outside a return type says no more than a boolean."""
        children = self._named(node)
        if len(children) > 1:
            self.read(children[-1])
        return self.walk.terms[(op.LITERAL, "boolean")]


_GENERIC = kind("generic_type")
_TYPE_IDENTIFIER = kind("type_identifier")
_NESTED_TYPE = kind("nested_type_identifier")
_REST = kind("rest_pattern")
_HEADS = frozenset({_TYPE_IDENTIFIER, IDENTIFIER, _NESTED_TYPE, NESTED_IDENTIFIER, MEMBER})
