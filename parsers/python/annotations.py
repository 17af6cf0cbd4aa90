"""Type expressions: annotations, type arguments, and strings that hold them."""

from __future__ import annotations

from tree_sitter import Node, Point, Range

from isg.parsers import operators as op
from isg.parsers.facts import Form, ReferenceFlag, Role, TermId
from isg.parsers.grammar import Dispatch
from isg.parsers.python.grammar import GRAMMAR, kind, named, parts
from isg.parsers.python.readers import Reader
from isg.parsers.python.walk import MAX_DEPTH, Walk

_TYPE = kind("type")
MAX_STRING_ANNOTATION = 2000


class Annotations:
    """Reads type expressions: like others, but with role TYPE, ``|`` as a union, and strings parsed."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader
        self._handlers: Dispatch[TermId] = GRAMMAR.dispatch(
            {
                "type": self._wrapped,
                "parenthesized_expression": self._wrapped,
                "identifier": self._name,
                "attribute": self._attribute,
                "subscript": self._subscript,
                "generic_type": self._generic,
                "union_type": self._union,
                "binary_operator": self._binary,
                "member_type": self._member,
                "string": self._string,
                "concatenated_string": self._concatenated,
                "list": self._list,
                "tuple": self._tuple,
                "expression_list": self._tuple,
                "splat_type": self._splat,
                "list_splat": self._splat,
                "constrained_type": self._wrapped,
            },
            reader.read,
        )

    def read(self, node: Node) -> TermId:
        """The term of a type expression."""
        walk = self.walk
        if walk.depth > MAX_DEPTH:
            return walk.too_deep(node)
        walk.depth += 1
        term = self._handlers[node.kind_id](node)
        walk.depth -= 1
        return term

    def _wrapped(self, node: Node) -> TermId:
        inner = named(node.children)
        if not inner:
            return 0
        term = self.read(inner[0])
        for child in inner[1:]:
            self.read(child)
        return term

    def _name(self, node: Node) -> TermId:
        return self.reader.names.mention(node, Role.TYPE)

    def _attribute(self, node: Node) -> TermId:
        return self.reader.member(node, Role.TYPE)

    def _member(self, node: Node) -> TermId:
        """``a[b].c`` and the like."""
        children = named(node.children)
        if len(children) != 2:
            return self._wrapped(node)
        owner = self.read(children[0])
        name = self.walk.slice(children[1])
        term = self.walk.terms[(op.MEMBER, owner, name)]
        self.walk.refer(term, name, Role.TYPE, Form.CHAIN, children[1])
        return term

    def _subscript(self, node: Node) -> TermId:
        children = named(node.children)
        return self.subscripted(children[0], self.read(children[0]), children[1:])

    def _generic(self, node: Node) -> TermId:
        children = named(node.children)
        base = self.read(children[0])
        arguments = [argument for child in children[1:] for argument in named(child.children)]
        return self.subscripted(children[0], base, arguments)

    def subscripted(self, base_node: Node, base: TermId, arguments: list[Node]) -> TermId:
        """A generic with its arguments; those of Literal are values, as are Annotated's but the first."""
        name = self.walk.slice(base_node).rpartition(".")[2]
        items = []
        for at, argument in enumerate(arguments):
            is_value = name == "Literal" or (name == "Annotated" and at > 0)
            items.append(self._value(argument) if is_value else self.read(argument))
        index = items[0] if len(items) == 1 else self.walk.terms[(op.TUPLE, *items)]
        return self.walk.terms[(op.INDEX, base, index)]

    def _value(self, node: Node) -> TermId:
        while node.kind_id == _TYPE and node.children:
            node = node.children[0]
        return self.reader.read(node)

    def _union(self, node: Node) -> TermId:
        return self.reader.union(*[self.read(child) for child in named(node.children)])

    def _binary(self, node: Node) -> TermId:
        children = parts(node)
        if len(children) == 3 and children[1].type == "|":
            return self.reader.union(self.read(children[0]), self.read(children[2]))
        return self.reader.read(node)

    def _list(self, node: Node) -> TermId:
        return self.walk.terms[(op.LIST, *[self.read(child) for child in named(node.children)])]

    def _tuple(self, node: Node) -> TermId:
        return self.walk.terms[(op.TUPLE, *[self.read(child) for child in named(node.children)])]

    def _splat(self, node: Node) -> TermId:
        return self.walk.terms[(op.STAR, self.read(named(node.children)[-1]))]

    # strings

    def _concatenated(self, node: Node) -> TermId:
        return self.reader.read(node)

    def _string(self, node: Node) -> TermId:
        """The type expression that a string holds; its nodes have their places in the file."""
        walk = self.walk
        children = node.children
        content = children[1:-1]
        if len(content) != 1 or content[0].type != "string_content" or content[0].children:
            return self.reader.read(node)
        start, end = content[0].start_byte, content[0].end_byte
        if end - start > MAX_STRING_ANNOTATION or "b" in walk.slice(children[0]).lower():
            return self.reader.read(node)
        walk.strings.append((node.start_byte, node.end_byte))
        flags = walk.flags
        walk.flags |= ReferenceFlag.STRING.value
        term = self._name(content[0]) if walk.slice(content[0]).isidentifier() else self._fragment(content[0])
        walk.flags = flags
        return term

    def _fragment(self, content: Node) -> TermId:
        first, last = content.start_point, content.end_point
        span = Range(Point(*first), Point(*last), content.start_byte, content.end_byte)
        tree = self.walk.effort.parse(GRAMMAR.fragment_parser(span), self.walk.source)
        statements = named(tree.root_node.children)
        if len(statements) != 1 or tree.root_node.has_error:
            return 0
        strings = len(self.walk.strings)
        term = self.read(statements[0])
        del self.walk.strings[strings:]  # they stand inside this one
        return term
