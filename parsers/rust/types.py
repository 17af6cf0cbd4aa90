"""Types as terms, with a reference to each name in them (Rust reference, chapter "Types").

References and raw pointers are transparent, lifetimes are left out: neither matters to names.
"""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, Form, Parameter, ParameterKind, Role, TermId
from isg.parsers.grammar import Dispatch
from isg.parsers.rust.grammar import (
    ARROW,
    BLOCK,
    GENERIC_TYPES,
    GRAMMAR,
    IDENTIFIER,
    LIFETIMES,
    PARAMETER,
    PARAMETERS,
    SCOPED,
    TYPE_ARGUMENTS,
    TYPE_IDENTIFIER,
    kind,
    kinds,
    named,
    parts,
)
from isg.parsers.rust.readers import Reader
from isg.parsers.rust.walk import MAX_DEPTH, Walk

_BINDING = kind("type_binding")
_BOUNDS = kind("trait_bounds")
_VALUES = kinds(
    "integer_literal", "boolean_literal", "char_literal", "string_literal", "negative_literal"
) | {BLOCK}
_NAMES = frozenset({IDENTIFIER, TYPE_IDENTIFIER})


class Types:
    """Reads types: ``read(node)`` is the term of the type."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader
        self._handlers: Dispatch[TermId] = GRAMMAR.dispatch(
            {
                "primitive_type": self._primitive,
                "scoped_type_identifier": self._scoped,
                "scoped_identifier": self._scoped,
                "generic_type": self._generic,
                "generic_type_with_turbofish": self._generic,
                "reference_type": self._transparent,
                "pointer_type": self._transparent,
                "bracketed_type": self._transparent,
                "abstract_type": self._transparent,
                "dynamic_type": self._transparent,
                "higher_ranked_trait_bound": self._ranked,
                "tuple_type": self._tuple,
                "unit_type": self._unit,
                "never_type": self._nothing,
                "removed_trait_bound": self._nothing,
                "lifetime": self._nothing,
                "array_type": self._array,
                "function_type": self._function,
                "bounded_type": self.bounds,
                "trait_bounds": self.bounds,
                "qualified_type": self._transparent,
                "macro_invocation": self._macro,
            },
            self._anything,
        )

    def read(self, node: Node) -> TermId:
        kind_id = node.kind_id
        if kind_id in _NAMES:
            return self._name(node, Role.TYPE)
        walk = self.walk
        if walk.depth > MAX_DEPTH:
            return walk.too_deep(node)
        walk.depth += 1
        term = self._handlers[kind_id](node)
        walk.depth -= 1
        return term

    def head(self, node: Node, role: Role) -> TermId:
        """A type that a head names: its own name has this role, its arguments are TYPE."""
        kind_id = node.kind_id
        if kind_id in _NAMES:
            return self._name(node, role)
        if kind_id in SCOPED:
            return self.reader.paths.type_(node, role)
        if kind_id in GENERIC_TYPES:
            return self._generic(node, role)
        return self.read(node)

    def _name(self, node: Node, role: Role) -> TermId:
        walk = self.walk
        name = walk.name(node)
        if name == "_":
            return 0
        term = walk.terms[(op.TYPE_NAME, walk.scope, name)]
        if name != "Self":
            walk.refer(term, name, role, Form.NAME, node)
        return term

    def _primitive(self, node: Node) -> TermId:
        return self.walk.terms[(op.LITERAL, self.walk.slice(node))]

    def _scoped(self, node: Node) -> TermId:
        return self.reader.paths.type_(node, Role.TYPE)

    def _generic(self, node: Node, role: Role = Role.TYPE) -> TermId:
        term = arguments = 0
        for child in node.children:
            if child.kind_id == TYPE_ARGUMENTS:
                arguments = self.arguments(child)
            elif child.is_named:
                term = self.head(child, role)
        return self.walk.terms[(op.INDEX, term, arguments)] if arguments else term

    def arguments(self, node: Node) -> TermId:
        """`<A, B, Item = C>`: A alone, or a tuple, associated types last in an OBJECT; 0 without.

        A tuple type that stands alone is wrapped in a tuple: `<(A, B)>` is not `<A, B>`.
        """
        found: list[TermId] = []
        associated: list[str | TermId] = []
        for child in node.children:
            kind_id = child.kind_id
            if not child.is_named or kind_id in LIFETIMES:
                continue
            if kind_id == _BINDING:
                inner = named(child.children)
                associated += (self.walk.name(inner[0]), self.read(inner[-1]))
            elif kind_id == _BOUNDS and found:  # `Item: Bound`, whose name the grammar takes for a type
                name = self.walk.terms.rows[found.pop()][-1]
                associated += (str(name), self.bounds(child))
            elif kind_id in _VALUES:
                found.append(self.reader.read(child))
            else:
                found.append(self.read(child))
        if associated:
            found.append(self.walk.terms[(op.OBJECT, *associated)])
        if len(found) > 1:
            return self.walk.terms[(op.TUPLE, *found)]
        return self._alone(found[0]) if found else 0

    def _alone(self, term: TermId) -> TermId:
        """The only argument of a type."""
        is_tuple = self.walk.terms.rows[term][0] == op.TUPLE
        return self.walk.terms[(op.TUPLE, term)] if is_tuple else term

    def bounds(self, node: Node, role: Role = Role.TYPE) -> TermId:
        """`A + B`: the only one, or an INTERSECTION; lifetimes and `?Sized` are none."""
        found = self.bound_list(node, role)
        if len(found) < 2:
            return found[0] if found else 0
        return self.walk.terms[(op.INTERSECTION, *found)]

    def bound_list(self, node: Node, role: Role) -> list[TermId]:
        found = [self.head(child, role) for child in node.children if child.is_named]
        return [term for term in found if term]

    def _transparent(self, node: Node) -> TermId:
        inner = [child for child in named(node.children) if child.kind_id not in LIFETIMES]
        term = 0
        for child in reversed(inner):
            if child.type != "mutable_specifier":
                term = self.read(child)
        return term

    def _ranked(self, node: Node) -> TermId:
        """`for<'a> Bound<'a>`"""
        return self.read(node.children[-1])

    def _tuple(self, node: Node) -> TermId:
        return self.walk.terms[(op.TUPLE, *[self.read(child) for child in named(node.children)])]

    def _unit(self, node: Node) -> TermId:
        return self.walk.unit_type

    def _nothing(self, node: Node) -> TermId:
        return 0

    def _array(self, node: Node) -> TermId:
        """`[T]` and `[T; N]`"""
        inner = named(node.children)
        element = self.read(inner[0]) if inner else 0
        for length in inner[1:]:
            self.reader.read(length)
        return self.walk.terms[(op.INDEX, self.walk.terms[(op.TYPE_NAME, 0, "[]")], self._alone(element))]

    def _function(self, node: Node) -> TermId:
        """`fn(A) -> B` and `Fn(A) -> B`"""
        walk = self.walk
        signature, number = walk.new_signature(NOTHING)
        signature.scope = walk.scope
        signature.returns = walk.unit_type
        behind_arrow = False
        for child in parts(node):
            kind_id = child.kind_id
            if kind_id == PARAMETERS:
                for parameter in named(child.children):
                    signature.parameters.append(self._parameter(parameter))
            elif kind_id == ARROW:
                behind_arrow = True
            elif behind_arrow:
                signature.returns = self.read(child)
            elif kind_id in _NAMES or kind_id in SCOPED:
                self.head(child, Role.TYPE)
        return walk.terms[(op.CALLABLE, number)]

    def _parameter(self, node: Node) -> Parameter:
        name = ""
        if node.kind_id == PARAMETER:
            inner = named(node.children)
            name = self.walk.slice(inner[0])
            node = inner[-1]
        return Parameter(name, ParameterKind.POSITIONAL_ONLY, self.read(node), 0, False)

    def _macro(self, node: Node) -> TermId:
        self.reader.macros.invocation(node)
        return 0

    def _anything(self, node: Node) -> TermId:
        """Whatever has no handler: its parts are read, its meaning is unknown."""
        if node.kind_id in _VALUES:
            return self.reader.read(node)
        for child in named(node.children):
            self.read(child)
        return 0
