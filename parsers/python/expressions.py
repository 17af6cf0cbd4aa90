"""Expressions as terms, with the references in them."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import BindingKind, Form, ReferenceFlag, Role, TermId
from isg.parsers.grammar import Dispatch
from isg.parsers.python.annotations import Annotations
from isg.parsers.python.calls import Calls
from isg.parsers.python.comprehensions import Comprehensions
from isg.parsers.python.conditions import Conditions
from isg.parsers.python.displays import Displays
from isg.parsers.python.flow import Frame
from isg.parsers.python.grammar import (
    ATTRIBUTE,
    CALL,
    GRAMMAR,
    IDENTIFIER,
    LIST_SPLAT,
    SUBSCRIPT,
    kinds,
    parts,
    unstarred,
)
from isg.parsers.python.names import Names
from isg.parsers.python.operators import BINARY_METHODS, NONE, UNARY_METHODS
from isg.parsers.python.source import decoded
from isg.parsers.python.walk import MAX_DEPTH, Walk

MAX_UNION = 16
_MAX_CHAIN_TEXT = 80
# what is subscripted by types wherever it stands: `Handler = Callable[["Request"], None]`
_TYPE_FORMS = frozenset(
    {"Annotated", "Callable", "ClassVar", "Dict", "FrozenSet", "List", "Literal", "Optional", "Tuple", "Type"}
    | {"Union", "dict", "frozenset", "list", "set", "tuple", "type"}
)

_READ = Role.READ  # looking up members of enums is slow
_SELF, _ATTRIBUTE, _SUPER, _CHAIN = Form.SELF, Form.ATTRIBUTE, Form.SUPER, Form.CHAIN

_NEGATED = kinds("unary_operator")
_LITERAL_INDEXES = kinds("integer", "string")


class Expressions:
    """Reads expressions: ``read(node)`` is the term of the value."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.names = Names(walk)
        self.calls = Calls(walk, self)
        self.conditions = Conditions(walk, self)
        self.annotations = Annotations(walk, self)
        self.displays = Displays(walk, self)
        self.comprehensions = Comprehensions(walk, self)
        self.handlers: Dispatch[TermId] = GRAMMAR.dispatch(
            {
                "identifier": self.names.mention,
                "attribute": self.member,
                "call": self.calls.call,
                "subscript": self.subscript,
                "await": self.await_,
                "binary_operator": self.binary,
                "comparison_operator": self.conditions.compare,
                "boolean_operator": self.conditions.boolean,
                "not_operator": self.conditions.negate,
                "conditional_expression": self.conditions.choose,
                "unary_operator": self.unary,
                "parenthesized_expression": self.parenthesized,
                "named_expression": self.walrus,
                "yield": self.yield_,
                "list_splat": self.starred,
                "parenthesized_list_splat": self.parenthesized,
                "slice": self.slice,
                "comment": self.nothing,
                "line_continuation": self.nothing,
                "lambda": self.calls.lambda_,
                "type": self.annotations.read,
                **self.displays.handlers(),
                **self.comprehensions.handlers(),
            },
            self.anything,
        )

    def read(self, node: Node) -> TermId:
        kind_id = node.kind_id
        if kind_id == IDENTIFIER:
            return self.names.mention(node)
        walk = self.walk
        depth = walk.depth
        if depth > MAX_DEPTH:
            return walk.too_deep(node)
        walk.depth = depth + 1
        term = self.handlers[kind_id](node)
        walk.depth = depth
        return term

    def nothing(self, node: Node) -> TermId:
        """A comment or a line's continuation."""
        return 0

    def anything(self, node: Node) -> TermId:
        """Whatever has no handler: its parts are read, its value is unknown."""
        for child in node.children:
            if child.is_named:
                self.read(child)
        return 0

    def parenthesized(self, node: Node) -> TermId:
        children = node.children
        inner = children[1:-1] if len(children) == 3 else parts(node)[1:-1]
        if len(inner) == 1:
            return self.read(inner[0])
        return self.anything(node)

    # members

    def member(self, node: Node, role: Role = _READ) -> TermId:
        """The term of ``a.b``, with references to ``a`` and to the attribute; what a test or an assignment
        said of the chain is its value."""
        walk = self.walk
        receiver, name, name_node, form = self.member_parts(node)
        term = walk.terms[(op.MEMBER, receiver, name)]
        walk.refer(term, name, role, form, name_node)
        chains = walk.frame.env.chains
        if chains:
            start, end = node.start_byte, node.end_byte
            if end - start <= _MAX_CHAIN_TEXT:
                known = chains.get(walk.slice(node))
                if known is not None:
                    return walk.use(known)
        return term

    def member_parts(self, node: Node) -> tuple[TermId, str, Node, Form]:
        """Receiver, name, the name's node, and the form of an attribute expression."""
        children = node.children
        if len(children) != 3:
            children = parts(node)
            if len(children) != 3:
                return self.anything(node), "", node, Form.CHAIN
        walk, owner, name_node = self.walk, children[0], children[2]
        kind_id = owner.kind_id
        if kind_id == LIST_SPLAT:
            owner = unstarred(owner)
            kind_id = owner.kind_id
        if kind_id == IDENTIFIER:
            receiver = self.names.mention(owner)
            own = walk.frame.self_name
            form = _SELF if own and own == walk.slice(owner) else _ATTRIBUTE
        else:
            receiver = self.read(owner)
            form = _SUPER if kind_id == CALL and walk.terms.rows[receiver][0] == op.SUPER else _CHAIN
        name = walk.text[name_node.start_byte : name_node.end_byte]
        if not name.isascii():
            name = decoded(name)
        return receiver, name, name_node, form

    def subscript(self, node: Node) -> TermId:
        form = node.children[0]
        if form.kind_id in (IDENTIFIER, ATTRIBUTE) and self._is_type_form(self.walk.slice(form)):
            arguments = [child for child in parts(node)[2:] if child.is_named]
            return self.annotations.subscripted(form, self.read(form), arguments)
        owner, index, bracket = self.subscript_parts(node)
        self.walk.imply(owner, "__getitem__", bracket)
        term = self.walk.terms[(op.INDEX, owner, index)]
        chains = self.walk.frame.env.chains
        if chains and node.end_byte - node.start_byte <= _MAX_CHAIN_TEXT:
            known = chains.get(self.walk.slice(node))
            if known is not None:
                return self.walk.use(known)
        return term

    def _is_type_form(self, text: str) -> bool:
        """Whether it names a form of types, and nothing of that name is defined around it."""
        owner, _, name = text.rpartition(".")
        if name not in _TYPE_FORMS or (owner and name.islower()):
            return False
        frame: Frame | None = self.walk.frame
        while frame is not None:
            found = [self.walk.tables.bindings[number] for number in frame.names.get(name, ())]
            if any(binding.kind is not BindingKind.IMPORT for binding in found):
                return False
            frame = frame.parent
        return True

    def subscript_parts(self, node: Node) -> tuple[TermId, TermId, Node]:
        """The terms of the subscripted value and of the index, and the bracket's node."""
        children = parts(node)
        owner = self.read(unstarred(children[0]))
        items = [self.read(child) for child in children[2:] if child.is_named]
        has_comma = any(not child.is_named and child.type == "," for child in children[2:])
        index = items[0] if len(items) == 1 and not has_comma else self.walk.terms[(op.TUPLE, *items)]
        return owner, index, children[1] if len(children) > 1 else children[0]

    def slice(self, node: Node) -> TermId:
        self.anything(node)
        return self.walk.terms[(op.LITERAL, "slice")]

    # operators

    def await_(self, node: Node) -> TermId:
        children = node.children if len(node.children) == 2 else parts(node)
        awaited = children[-1]
        if awaited.kind_id == CALL and self.walk.depth <= MAX_DEPTH:
            value = self.calls.call(awaited, ReferenceFlag.AWAITED.value)
        else:
            value = self.read(awaited)
        self.walk.imply(value, "__await__", children[0])
        return self.walk.terms[(op.AWAIT, value)]

    def binary(self, node: Node) -> TermId:
        children = node.children if len(node.children) == 3 else parts(node)
        if len(children) != 3:
            return self.anything(node)
        left = self.read(children[0])
        right = self.read(children[2])
        method = BINARY_METHODS.get(children[1].type)
        if method is None:
            return 0
        self.walk.imply(left, method, children[1])
        return self.walk.terms[(op.OPERATE, method, left, right)]

    def unary(self, node: Node) -> TermId:
        children = node.children if len(node.children) == 2 else parts(node)
        value = self.read(children[-1])
        method = UNARY_METHODS.get(children[0].type)
        if method is None:
            return 0
        self.walk.imply(value, method, children[0])
        return self.walk.terms[(op.UNARY, method, value)]

    def walrus(self, node: Node) -> TermId:
        children = parts(node)
        if len(children) != 3:
            return self.anything(node)
        value = self.read(children[2])
        binding = self.walk.bind(children[0].start_byte, value)
        if binding < 0:
            return value
        return self.walk.use((binding,))

    def starred(self, node: Node) -> TermId:
        return self.walk.terms[(op.STAR, self.read(parts(node)[-1]))]

    def yield_(self, node: Node) -> TermId:
        children = parts(node)
        signature = self.walk.frame.signature
        value = 0
        if len(children) > 1:
            value = self.read(children[-1])
            if len(children) > 2 and children[1].type == "from":
                self.walk.imply(value, "__iter__", children[0])
                if signature is not None:
                    signature.yielded[self.walk.terms[(op.ITER, value)]] = None
                return self.walk.terms[(op.AWAIT, value)]  # what a generator returns (PEP 380)
        else:
            value = NONE
        if signature is None:
            return 0
        signature.yielded[value] = None
        return self._sent(signature.returns) if signature.returns else 0

    def _sent(self, returns: TermId) -> TermId:
        """What a ``yield`` gives: what is sent, as in ``-> Generator[Yielded, Sent, Returned]``."""
        rows = self.walk.terms.rows
        index = rows[int(rows[returns][2])] if rows[returns][0] == op.INDEX else ()
        if len(index) < 3 or index[0] != op.TUPLE:  # `Iterator[Yields]`
            return 0
        return self.walk.terms[(op.ANNOTATION, int(index[2]))]

    def union(self, *terms: TermId) -> TermId:
        """One of these values; flat, without repetition, and unknown past the limit."""
        members = self.walk.alternatives(terms)
        if len(members) == 1:
            return next(iter(members))
        return self.walk.terms[(op.UNION, *list(members)[:MAX_UNION])]

    def is_chain(self, node: Node) -> bool:
        """Whether it is a name, or attributes and items of one by constants: ``a``, ``a.b``, ``a.b[0].c``."""
        while node.kind_id == ATTRIBUTE or (node.kind_id == SUBSCRIPT and self._has_literal_index(node)):
            node = node.children[0]
        return node.kind_id == IDENTIFIER

    def _has_literal_index(self, node: Node) -> bool:
        children = node.children
        if len(children) != 4:
            return False
        index = children[2]
        if index.kind_id in _NEGATED and len(index.children) == 2:
            index = index.children[1]
        return index.kind_id in _LITERAL_INDEXES
