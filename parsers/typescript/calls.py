"""Calls: of functions, methods and constructors, tagged templates, ``import()`` and ``require()``."""

from __future__ import annotations

import re

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import Form, ReferenceFlag, Role, TermId
from isg.parsers.typescript.expected import expect
from isg.parsers.typescript.grammar import (
    ARGUMENTS,
    AWAIT,
    BINARY,
    IDENTIFIER,
    IMPORT,
    MEMBER,
    NON_NULL,
    PARENTHESIZED,
    SPREAD,
    SUPER,
    TEMPLATE,
    TYPE_ARGUMENTS,
    UNARY,
)
from isg.parsers.typescript.readers import Reader
from isg.parsers.typescript.walk import Walk

_STARRED = ReferenceFlag.STARRED.value
_AWAITED = ReferenceFlag.AWAITED.value
_WEAKER = frozenset({AWAIT, UNARY, BINARY})  # operators that bind less than a call does
_GOES_ON = re.compile(r"\s*(?:\?\.|[.\[(]|!(?!=))")  # behind a call: more of a chain


class Calls:
    """Reads calls: one reference of role CALL to what is called."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def read(self, node: Node) -> TermId:
        return self.call(node)

    def call(self, node: Node, flags: int = 0) -> TermId:
        """``f(x)``, ``a.f<T>(x)``, ``f`…` ``"""
        walk, kinds = self.walk, self.walk.kinds
        children = node.children
        function = children[0]
        number = kinds[function.kind_id]
        if number == IMPORT:
            return self.reader.imports.dynamic(node)
        if number == IDENTIFIER and walk.slice(function) == "require" and walk.find("require") is None:
            required = self.reader.imports.required(node)
            if required:
                return required
        if number in _WEAKER and kinds[children[1].kind_id] == TYPE_ARGUMENTS:
            return self._behind_operator(node, children, flags)
        return self._called(op.CALL, children[1:], self.callee(function, number), flags)

    def _behind_operator(self, node: Node, children: list[Node], flags: int) -> TermId:
        """``await f<T>(x)``, ``!f<T>(x)``, ``a + f<T>(x)``: the grammar takes it for ``(await f)<T>(x)``.

        Where more of a chain follows, it is the end of that which is awaited.
        """
        walk, kinds = self.walk, self.walk.kinds
        function, awaits = children[0], False
        while (number := kinds[function.kind_id]) in _WEAKER:
            awaits = number == AWAIT
            if number == BINARY:
                self.reader.read(function.children[0])
            function = function.children[-1]
        is_whole = not _GOES_ON.match(walk.text, node.end_byte)
        flags |= _AWAITED if awaits and is_whole else 0
        call = self._called(op.CALL, children[1:], self.callee(function, number), flags)
        if not is_whole:
            return call
        return walk.terms[(op.AWAIT, call)] if kinds[children[0].kind_id] == AWAIT else 0

    def new(self, node: Node) -> TermId:
        """``new C<T>(x)``, ``new C``"""
        walk = self.walk
        children = [child for child in node.children if child.kind_id not in walk.extras]
        if len(children) < 2:
            return self.reader.anything(node)
        function = children[1]
        callee = self.callee(function, walk.kinds[function.kind_id])
        return self._called(op.NEW, children[2:], callee, 0)

    def callee(self, function: Node, number: int) -> tuple[TermId, TermId, str, Form, Node]:
        """What is called as it is named and as it is known here, its name, form, and the name's node."""
        walk = self.walk
        if number == IDENTIFIER:
            term, value, name = self.reader.names.callee(function)
            return term, value, name, Form.NAME, function
        if number == MEMBER:
            receiver, name, name_node, form = self.reader.members.parts(function)
            term = walk.terms[(op.MEMBER, receiver, name)]
            value = self.reader.members.known(function, term) if walk.frame.env.chains else term
            return term, value, name, form, name_node
        if number in (NON_NULL, PARENTHESIZED) and len(function.named_children) == 1:
            inner = function.named_children[0]
            inner_number = walk.kinds[inner.kind_id]
            if inner_number in (IDENTIFIER, MEMBER):
                return self.callee(inner, inner_number)
        if number == SUPER:
            term = walk.frame.super
            return term, term, "super", Form.SUPER, function
        term = self.reader.read(function)
        return term, term, "", Form.OTHER, function

    def _called(
        self, operator: int, rest: list[Node], callee: tuple[TermId, TermId, str, Form, Node], flags: int
    ) -> TermId:
        walk, kinds = self.walk, self.walk.kinds
        term, value, name, form, name_node = callee
        arguments: list[TermId] = []
        count = 0
        for child in rest:
            number = kinds[child.kind_id]
            if number == ARGUMENTS:
                count, starred = self._arguments(child, arguments)
                flags |= starred
            elif number == TYPE_ARGUMENTS:
                value = self.reader.types.applied(value, child)
            elif number == TEMPLATE:
                arguments = [0, *self.reader.literals.substitutions(child)]
                count = len(arguments)
        call = walk.terms[(operator, value, len(arguments), *arguments)]
        walk.refer(term, name, Role.CALL, form, name_node, count, call, flags)
        if not walk.expectant.isdisjoint(arguments):
            for position, argument in enumerate(arguments):
                if argument in walk.expectant:
                    expect(walk, argument, walk.terms[(op.EXPECTED, call, position)])
        return call

    def _arguments(self, node: Node, arguments: list[TermId]) -> tuple[int, int]:
        """Reads arguments; how many there are at least, and the flag for ``...``."""
        walk, reader = self.walk, self.reader
        starred = flag = 0
        for child in node.named_children:
            number = walk.kinds[child.kind_id]
            if number == IDENTIFIER:
                arguments.append(reader.names.mention(child, Role.READ))
            elif child.kind_id in walk.extras:
                continue
            else:
                arguments.append(reader.read(child))
                if number == SPREAD:
                    starred += 1
                    flag = _STARRED
        return len(arguments) - starred, flag
