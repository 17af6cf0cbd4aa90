"""Literals and displays: strings, numbers, lists, tuples, sets, dicts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import TermId
from isg.parsers.python.grammar import ATTRIBUTE, CALL, COMMENT, EXTRAS, STRING, SUBSCRIPT, kind, parts
from isg.parsers.python.operators import BOOL, BYTES, COMPLEX, ELLIPSIS, FLOAT, INT, NONE, STR
from isg.parsers.python.readers import Reader
from isg.parsers.python.source import decoded
from isg.parsers.python.walk import Walk

MAX_STRING = 64
MAX_INTEGER_DIGITS = 9
MAX_ELEMENTS = 64  # of a display: what follows is read, but stands in no term

_PAIR = kind("pair")
_SPLAT = kind("dictionary_splat")
_CHAINS = frozenset({ATTRIBUTE, CALL, SUBSCRIPT})
_INTERPOLATION = kind("interpolation")


class Displays:
    """Reads literals and displays."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def handlers(self) -> dict[str, Callable[[Node], TermId]]:
        return {
            "string": self.string,
            "concatenated_string": self.concatenated,
            "integer": self.integer,
            "float": self.float,
            "true": lambda node: BOOL,
            "false": lambda node: BOOL,
            "none": lambda node: NONE,
            "ellipsis": lambda node: ELLIPSIS,
            "list": partial(self.sequence, op.LIST),
            "set": partial(self.sequence, op.SET),
            "tuple": partial(self.sequence, op.TUPLE),
            "expression_list": partial(self.sequence, op.TUPLE),
            "tuple_expression": partial(self.sequence, op.TUPLE),
            "pattern_list": partial(self.sequence, op.TUPLE),
            "dictionary": self.dictionary,
        }

    def string(self, node: Node) -> TermId:
        """A short plain string is its value; any other is a str or bytes. Interpolations are read."""
        walk = self.walk
        start, end = node.start_byte, node.end_byte
        text = walk.text
        if text[start] in "\"'" and end - start <= MAX_STRING + 2:
            value = text[start + 1 : end - 1]
            if value.isidentifier() and value.isascii():
                return walk.terms[(op.STRING, value)]
            walk.strings.append((start, end))
            if "\\" not in value and "\n" not in value and not value.startswith(("''", '""')):
                return walk.terms[(op.STRING, decoded(value))]
            return STR
        walk.strings.append((start, end))
        prefix = text[start : start + 2].lower()
        if "b" in prefix.partition('"')[0].partition("'")[0]:
            return BYTES
        if prefix[0] == "f" or prefix[1:] == "f":
            self._interpolations(node)
        return STR

    def _interpolations(self, node: Node) -> None:
        for child in node.children:
            if child.kind_id == _INTERPOLATION:
                self.reader.read(child)

    def concatenated(self, node: Node) -> TermId:
        term = STR
        for child in node.children:
            if child.kind_id == STRING and self.string(child) == BYTES:
                term = BYTES
        return term

    def integer(self, node: Node) -> TermId:
        text = self.walk.slice(node)
        if len(text) <= MAX_INTEGER_DIGITS and text.isdigit() and text.isascii():
            return self.walk.terms[(op.INTEGER, int(text))]
        return COMPLEX if text[-1:] in "jJ" else INT

    def float(self, node: Node) -> TermId:
        return COMPLEX if self.walk.slice(node)[-1:] in ("j", "J") else FLOAT

    def sequence(self, operator: int, node: Node) -> TermId:
        """A list, set or tuple display with its element terms."""
        elements = [self._element(child) for child in node.named_children if child.kind_id not in EXTRAS]
        return self.walk.terms[(operator, *elements[:MAX_ELEMENTS])]

    def _element(self, node: Node) -> TermId:
        """An element; a star before a chain stands inside of it in the tree."""
        term = self.reader.read(node)
        if node.kind_id in _CHAINS and self.walk.text[node.start_byte] == "*":
            return self.walk.terms[(op.STAR, term)]
        return term

    def dictionary(self, node: Node) -> TermId:
        reader = self.reader
        pairs: list[TermId] = []
        for child in node.named_children:
            if child.kind_id == _PAIR:
                children = parts(child)
                if len(children) == 3:
                    pairs += (reader.read(children[0]), reader.read(children[2]))
                else:
                    reader.anything(child)
            elif child.kind_id == _SPLAT:
                pairs += (0, reader.read(parts(child)[-1]))
            elif child.kind_id != COMMENT:
                reader.read(child)
        return self.walk.terms[(op.DICT, *pairs[: 2 * MAX_ELEMENTS])]
