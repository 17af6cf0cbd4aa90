"""JSX: an element whose name is no intrinsic one calls its component with an object of properties."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import Form, Role, TermId
from isg.parsers.typescript.expected import expect, hold
from isg.parsers.typescript.grammar import IDENTIFIER, MEMBER, SPREAD, TYPE_ARGUMENTS, kind
from isg.parsers.typescript.literals import MAX_ELEMENTS
from isg.parsers.typescript.readers import Reader
from isg.parsers.typescript.walk import Walk

_OPENING = kind("jsx_opening_element")
_CLOSING = kind("jsx_closing_element")
_TEXT = kind("jsx_text")
_EXPRESSION = kind("jsx_expression")
_ATTRIBUTE = kind("jsx_attribute")


class Jsx:
    """Reads elements and fragments."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def begin(self) -> None:
        """A file begins: these are among its first terms."""
        terms = self.walk.terms
        element = terms[(op.TYPE_MEMBER, terms[(op.TYPE_NAME, 0, "JSX")], "Element")]
        self._element = terms[(op.ANNOTATION, element)]
        self._intrinsic = terms[(op.TYPE_MEMBER, terms[(op.TYPE_NAME, 0, "JSX")], "IntrinsicElements")]
        self._true = terms[(op.LITERAL, "true")]

    def handlers(self) -> dict[str, Callable[[Node], TermId]]:
        return {
            "jsx_element": self.element,
            "jsx_self_closing_element": self.opening,
            "jsx_expression": self.reader.anything,
            "jsx_text": lambda node: 0,
        }

    def element(self, node: Node) -> TermId:
        """``<Foo a={b}>…</Foo>``, ``<>…</>``"""
        kinds = self.walk.kinds
        for child in node.named_children:
            number = kinds[child.kind_id]
            if number == _OPENING:
                self.opening(child)
            elif number not in (_CLOSING, _TEXT):
                self.reader.read(child)
        return self._element

    def opening(self, node: Node) -> TermId:
        """The head of an element, or a whole one that closes itself."""
        walk, kinds = self.walk, self.walk.kinds
        name_node = node.child_by_field_name("name")
        callee = self._callee(name_node) if name_node is not None else None
        value = callee[1] if callee is not None else 0
        pairs: list[str | TermId] = []
        for child in node.named_children:
            number = kinds[child.kind_id]
            if number == _ATTRIBUTE:
                pairs += self._attribute(child)
            elif number == _EXPRESSION:
                for inner in child.named_children:
                    is_spread = kinds[inner.kind_id] == SPREAD
                    pairs += ("...", self.reader.read(inner.named_children[-1] if is_spread else inner))
            elif number == TYPE_ARGUMENTS:
                value = self.reader.types.applied(value, child)
        pairs = pairs[: 2 * MAX_ELEMENTS]
        properties = hold(walk, walk.terms[(op.OBJECT, *pairs)], tuple(int(each) for each in pairs[1::2]))
        if callee is None:
            expect(walk, properties, self._intrinsic)
            return self._element
        call = walk.terms[(op.CALL, value, 1, properties)]
        term, _, name, form, place = callee
        walk.refer(term, name, Role.CALL, form, place, 1, call)
        if properties in walk.expectant:
            expect(walk, properties, walk.terms[(op.EXPECTED, call, 0)])
        return self._element

    def _callee(self, node: Node) -> tuple[TermId, TermId, str, Form, Node] | None:
        """The component that a name means; names in lower case and with colons are intrinsic."""
        number = self.walk.kinds[node.kind_id]
        if number == MEMBER:
            return self.reader.calls.callee(node, number)
        if number != IDENTIFIER or self.walk.text[node.start_byte].islower():
            return None
        return self.reader.calls.callee(node, number)

    def _attribute(self, node: Node) -> tuple[str, TermId]:
        children = node.named_children
        name = self.walk.slice(children[0])
        if len(children) < 2:
            return name, self._true
        value = children[-1]
        if self.walk.kinds[value.kind_id] == _EXPRESSION:
            inner = [child for child in value.named_children if child.kind_id not in self.walk.extras]
            return name, self.reader.read(inner[0]) if inner else 0
        return name, self.reader.read(value)
