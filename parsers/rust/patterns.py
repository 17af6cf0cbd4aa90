"""Patterns: what they bind, and the paths in them (Rust reference, chapter "Patterns").

An identifier in a pattern is a new variable unless it names a constant, a unit struct or a variant, which
one file alone cannot say. The compiler's own lints can: variables are written in lower case, the others
begin with a capital.
"""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import Binding, BindingKind, Form, Role, TermId
from isg.parsers.rust.grammar import (
    EXTRAS,
    GRAMMAR,
    IDENTIFIER,
    SCOPED,
    SHORTHAND,
    kind,
    named,
    token,
)
from isg.parsers.rust.readers import Reader
from isg.parsers.rust.walk import MAX_DEPTH, Walk

_ANYTHING = token("_")
_REST = kind("remaining_field_pattern")
_CAPTURED = kind("captured_pattern")
_FIELD = kind("field_pattern")
_FIELD_IDENTIFIER = kind("field_identifier")
_MUTABLE = kind("mutable_specifier")
_REFERENCE = kind("reference_pattern")
_Handler = Callable[[Node, TermId, BindingKind], None]


class Patterns:
    """Reads patterns against the value they match."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader
        handlers: dict[str, _Handler] = {
            "identifier": self._identifier,
            "mut_pattern": self._wrapped,
            "ref_pattern": self._wrapped,
            "reference_pattern": self._wrapped,
            "captured_pattern": self._captured,
            "tuple_pattern": self._tuple,
            "slice_pattern": self._slice,
            "tuple_struct_pattern": self._tuple_struct,
            "struct_pattern": self._struct,
            "or_pattern": self._or,
            "scoped_identifier": self._path,
            "generic_pattern": self._parts,
            "range_pattern": self._parts,
            "macro_invocation": self._macro,
            "const_block": self._macro,
        }
        self._handlers = {
            number: handler for name, handler in handlers.items() for number in GRAMMAR.kinds(name)
        }

    def read(self, node: Node, value: TermId, kind: BindingKind, declared: TermId = 0) -> None:
        """Binds the variables of a pattern that the value is matched with."""
        walk = self.walk
        if declared:
            value = walk.terms[(op.ANNOTATION, declared)]
        handler = self._handlers.get(node.kind_id)
        if handler is None:
            return
        if walk.depth > MAX_DEPTH:
            walk.too_deep(node)
            return
        walk.depth += 1
        handler(node, value, kind)
        walk.depth -= 1

    def _identifier(self, node: Node, value: TermId, kind: BindingKind) -> None:
        walk = self.walk
        name = walk.name(node)
        if name[:1].isupper():
            walk.refer(walk.terms[(op.NAME, walk.scope, name)], name, Role.READ, Form.NAME, node)
        else:
            walk.bind(name, kind, value)

    def _wrapped(self, node: Node, value: TermId, kind: BindingKind) -> None:
        """`mut x`, `ref x`, `&x`"""
        inner = node.children[-1]
        if inner.kind_id == IDENTIFIER and node.kind_id != _REFERENCE:
            self.walk.bind(self.walk.name(inner), kind, value)
        else:
            self.read(inner, value, kind)

    def _captured(self, node: Node, value: TermId, kind: BindingKind) -> None:
        """`x @ pattern`"""
        inner = named(node.children)
        self.walk.bind(self.walk.name(inner[0]), kind, value)
        self.read(inner[-1], value, kind)

    def _tuple(self, node: Node, value: TermId, kind: BindingKind) -> None:
        elements = _elements(node)
        if len(elements) == 1 and elements[0].kind_id != _REST and not _has_comma(node):
            self.read(elements[0], value, kind)  # `(pattern)` is only grouped
            return
        for at, element in _positions(elements):
            self.read(element, self.walk.terms[(op.ITEM, value, at)], kind)

    def _slice(self, node: Node, value: TermId, kind: BindingKind) -> None:
        for element in _elements(node):
            rest = element.kind_id == _CAPTURED and named(element.children)[-1].kind_id == _REST
            self.read(element, value if rest else self.walk.terms[(op.ITER, value)], kind)

    def _tuple_struct(self, node: Node, value: TermId, kind: BindingKind) -> None:
        """`Path(a, .., b)`"""
        walk = self.walk
        children = node.children
        path = self.path(children[0])
        for at, element in _positions(_elements(node)[1:]):
            self.read(element, walk.terms[(op.PAYLOAD, value, path, str(at))], kind)

    def _struct(self, node: Node, value: TermId, kind: BindingKind) -> None:
        """`Path { a, b: pattern, .. }`"""
        path = self.reader.paths.constructed(node.children[0])
        for child in node.children[1:]:
            if child.kind_id == _FIELD:
                self._field(child, path, value, kind)

    def _field(self, node: Node, path: TermId, value: TermId, kind: BindingKind) -> None:
        walk = self.walk
        inner = [child for child in named(node.children) if child.kind_id != _MUTABLE]
        if not inner:
            return
        name_node = inner[0]
        name = walk.name(name_node)
        term = walk.terms[(op.PAYLOAD, value, path, name)]
        if name_node.kind_id in (SHORTHAND, _FIELD_IDENTIFIER):
            walk.refer(term, name, Role.READ, Form.CHAIN, name_node)
        if name_node.kind_id == SHORTHAND:
            walk.bind(name, kind, term)
        else:
            self.read(node.children[-1], term, kind)

    def _or(self, node: Node, value: TermId, kind: BindingKind) -> None:
        """All alternatives bind the same names; a variable is what any of them gives it."""
        walk, bindings = self.walk, self.walk.tables.bindings
        first: dict[str, int] = {}
        for alternative in _elements(node):
            mark = len(walk.log)
            self.read(alternative, value, kind)
            for name, _ in walk.log[mark:]:
                number = walk.locals[name]
                known = first.setdefault(name, number)
                if known != number:
                    old = bindings[known]
                    term = walk.union(old.term, bindings[number].term)
                    bindings[known] = Binding(
                        old.kind, old.name, old.scope, term, old.declared, old.symbol, False
                    )
                    walk.locals[name] = known

    def _path(self, node: Node, value: TermId, kind: BindingKind) -> None:
        self.path(node)

    def _parts(self, node: Node, value: TermId, kind: BindingKind) -> None:
        for child in named(node.children):
            if child.kind_id == IDENTIFIER or child.kind_id in SCOPED:
                self.path(child)

    def _macro(self, node: Node, value: TermId, kind: BindingKind) -> None:
        self.reader.read(node)

    def path(self, node: Node) -> TermId:
        """A path in the value namespace: a constant, or the constructor of a struct or variant."""
        walk = self.walk
        if node.kind_id in SCOPED:
            term, name, name_node, form = self.reader.paths.value(node)
        elif node.kind_id == IDENTIFIER:
            name, name_node, form = walk.name(node), node, Form.NAME
            term = walk.terms[(op.NAME, walk.scope, name)]
        else:
            return self.reader.types.read(node)
        if name != "Self":
            walk.refer(term, name, Role.READ, form, name_node)
        return term


def _elements(node: Node) -> list[Node]:
    """The parts of a pattern, wildcards among them."""
    return [
        child
        for child in node.children
        if (child.is_named or child.kind_id == _ANYTHING) and child.kind_id not in EXTRAS
    ]


def _positions(elements: list[Node]) -> list[tuple[int, Node]]:
    """Each element with its position; behind `..` counted from the end."""
    rest = next((at for at, each in enumerate(elements) if each.kind_id == _REST), len(elements))
    return [(at if at < rest else at - len(elements), each) for at, each in enumerate(elements) if at != rest]


def _has_comma(node: Node) -> bool:
    return any(child.type == "," for child in node.children)
