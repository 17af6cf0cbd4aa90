"""Patterns of match statements: what they bind, and what they tell about the subject."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import Form, Role, TermId
from isg.parsers.python.grammar import IDENTIFIER, STRING, kind, kinds, parts
from isg.parsers.python.readers import Reader
from isg.parsers.python.walk import MAX_DEPTH, Walk

_CASE = kind("case_pattern")
_AS = kinds("as_pattern")
_UNION = kind("union_pattern")
_SEQUENCES = kinds("list_pattern", "tuple_pattern")
_DICT = kind("dict_pattern")
_CLASS = kind("class_pattern")
_KEYWORD = kind("keyword_pattern")
_SPLAT = kind("splat_pattern")
_DOTTED = kind("dotted_name")


class Patterns:
    """``match(node, subject)`` binds a pattern's captures and gives the subject's term behind it."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def match(self, node: Node, subject: TermId) -> TermId:
        walk = self.walk
        if walk.depth > MAX_DEPTH:
            return walk.too_deep(node)
        walk.depth += 1
        term = self._match(node, subject)
        walk.depth -= 1
        return term

    def _match(self, node: Node, subject: TermId) -> TermId:
        kind_id = node.kind_id
        if kind_id == _CASE:
            for child in parts(node):
                if child.is_named:
                    return self.match(child, subject)
            return subject
        if kind_id in _AS:
            return self._as(node, subject)
        if kind_id == _UNION:
            return self._union(node, subject)
        if kind_id in _SEQUENCES:
            return self._sequence(node, subject)
        if kind_id == _DICT:
            return self._mapping(node, subject)
        if kind_id == _CLASS:
            return self._class(node, subject)
        if kind_id == _DOTTED:
            return self._dotted(node, subject)
        if kind_id == _SPLAT:
            walk = self.walk
            walk.bind(parts(node)[-1].start_byte, walk.terms[(op.REST, subject)])
            return subject
        if kind_id == STRING or node.is_named:
            self.reader.read(node)
        return subject

    def _as(self, node: Node, subject: TermId) -> TermId:
        children = parts(node)
        matched = self.match(children[0], subject)
        self.walk.bind(children[-1].start_byte, matched)
        return matched

    def _union(self, node: Node, subject: TermId) -> TermId:
        """Captures of all alternatives are bound; the subject is one of what they match."""
        results = []
        frame = self.walk.frame
        before = frame.env
        merged = None
        for child in parts(node):
            if not child.is_named:
                continue
            frame.env = before.fork()
            results.append(self.match(child, subject))
            merged = frame.env if merged is None else self.walk.merge(merged, frame.env)
        frame.env = merged or before
        return self.reader.union(*results) if results else subject

    def _sequence(self, node: Node, subject: TermId) -> TermId:
        children = [child for child in parts(node) if child.is_named]
        star = next((at for at, child in enumerate(children) if _is_starred(child)), len(children))
        for at, child in enumerate(children):
            if at == star:
                self.match(child, subject)
            else:
                position = at if at < star else at - len(children)
                self.match(child, self.walk.terms[(op.ITEM, subject, position)])
        return subject

    def _mapping(self, node: Node, subject: TermId) -> TermId:
        key = 0
        for child in parts(node):
            if child.kind_id == _CASE:
                self.match(child, self.walk.terms[(op.INDEX, subject, key)])
            elif child.kind_id == _SPLAT:
                self.walk.bind(parts(child)[-1].start_byte, self.walk.terms[(op.LITERAL, "dict")])
            elif child.kind_id == _DOTTED:
                key = self._value(child)
            elif child.is_named:
                key = self.reader.read(child)
        return subject

    def _class(self, node: Node, subject: TermId) -> TermId:
        children = parts(node)
        narrowed = self.walk.terms[(op.NARROW, subject, self._value(children[0]))]
        for child in children[1:]:
            if child.kind_id != _CASE:
                continue
            inner = parts(child)
            if inner and inner[0].kind_id == _KEYWORD:
                self._keyword(inner[0], narrowed)
            else:
                self.match(child, 0)  # what stands at a position only the class knows
        return narrowed

    def _keyword(self, node: Node, subject: TermId) -> None:
        """``C(a=pattern)``: the pattern is matched with the attribute."""
        children = parts(node)
        name_node, pattern = children[0], children[-1]
        name = self.walk.slice(name_node)
        term = self.walk.terms[(op.MEMBER, subject, name)]
        self.walk.refer(term, name, Role.READ, Form.CHAIN, name_node)
        if pattern is not name_node and pattern.is_named:
            self.match(pattern, term)

    def _dotted(self, node: Node, subject: TermId) -> TermId:
        """One name captures; a dotted one is a value to compare with."""
        if len(node.children) == 1:
            self.walk.bind(node.start_byte, subject)
        else:
            self._value(node)
        return subject

    def _value(self, node: Node) -> TermId:
        """The term of a dotted name that is read."""
        names = [child for child in node.children if child.kind_id == IDENTIFIER]
        term = self.reader.names.mention(names[0], Role.READ)
        for at, child in enumerate(names[1:]):
            name = self.walk.slice(child)
            term = self.walk.terms[(op.MEMBER, term, name)]
            self.walk.refer(term, name, Role.READ, Form.CHAIN if at else Form.ATTRIBUTE, child)
        return term


def _is_starred(node: Node) -> bool:
    return any(child.kind_id == _SPLAT for child in node.children)
