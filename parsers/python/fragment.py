"""One function of a Python file, parsed by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from tree_sitter import Node, Point, Range

from isg.parsers.differing import Difference, Lines
from isg.parsers.facts import FileFacts, SymbolFact, SymbolId
from isg.parsers.grammar import Effort, TooBroken
from isg.parsers.python.grammar import GRAMMAR, kind
from isg.parsers.python.source import decoded

_FUNCTION = kind("function_definition")
_TYPE_PARAMETERS = kind("type_parameter")
_HEADS = (b"def ", b"async ")
_CLOSING = (b")", b"]", b"}")
_UNEVEN = re.compile(rb"[\t\f]|\r(?!\n)")  # what indents by other than one column, or not at all


class Part(NamedTuple):
    """A function by itself, in a text that ends with it; nodes have their places in the whole file."""

    text: bytes
    node: Node

    @property
    def head(self) -> str:
        """All up to its body."""
        body = self.node.child_by_field_name("body")
        end = self.node.end_byte if body is None else body.start_byte
        return decoded(self.text[self.node.start_byte : end].decode("latin-1"))


def parsed_alone(
    facts: FileFacts, function: SymbolId, source: bytes, where: Difference, lines: Lines
) -> Part | None:
    """The statement of the function in the new text; None where it is more or less than that."""
    fact = facts.symbols[function]
    first, last = facts.units[fact.unit] + fact.line, facts.units[fact.unit] + fact.end + lines.surplus
    if lines.first < first or lines.last_after > last:
        return None  # in its decorators, or with its last line
    begin = _line_start(source, where.start, lines.first - first)
    end = _line_end(source, begin, last - first)
    text, start = source[:end], begin + _indentation(source[begin:end])
    if not text.startswith(_HEADS, start) or b"global" in text[start:] or text.endswith(b"\\"):
        return None
    inner = text[start:].split(b"\n")[1:]
    if len(inner) != last - first or _UNEVEN.search(text, begin) or _is_out(inner, start - begin):
        return None
    if _is_followed_by_comment(source, end, start - begin):
        return None
    span = Range(Point(first - 1, start - begin), Point(last - 1, end - text.rfind(b"\n") - 1), start, end)
    try:
        root = Effort(end - start).parse(GRAMMAR.fragment_parser(span), text).root_node
    except TooBroken:
        return None
    nodes = root.named_children
    if root.has_error or len(nodes) != 1 or not _is_function(nodes[0], start, last):
        return None
    if not _is_further_in(nodes[0]):
        return None
    return Part(text, nodes[0]) if _stands_there(nodes[0], fact, first, text) else None


def _is_function(node: Node, start: int, last: int) -> bool:
    """Whether a node is a function from a byte to the end of a line, without parameters of types."""
    return (
        node.kind_id == _FUNCTION
        and node.start_byte == start
        and node.end_point[0] == last - 1
        and not any(child.kind_id == _TYPE_PARAMETERS for child in node.children)
    )


def _is_further_in(function: Node) -> bool:
    """Whether all lines of a function's body are further in than its head: alone, they need not be."""
    body = function.child_by_field_name("body")
    if body is None:
        return False
    (line, column), (first, indentation) = function.start_point, body.start_point
    begun = [child.start_point for child in body.children]
    return first == line or (indentation > column and all(each[1] >= indentation for each in begun))


def _stands_there(node: Node, fact: SymbolFact, line: int, text: bytes) -> bool:
    """Whether a function has the name that it had, at the same place."""
    name = node.child_by_field_name("name")
    return (
        name is not None
        and name.start_point == (line - 1, fact.column - 1)
        and text[name.start_byte : name.end_byte] == fact.name.encode()
    )


def _is_out(lines: Sequence[bytes], column: int) -> bool:
    """Whether a line begins no further in than the function, where that may end it among the others."""
    return any(
        _indentation(line) <= column and not line.lstrip().startswith(_CLOSING)
        for line in lines
        if line.strip()
    )


def _indentation(line: bytes) -> int:
    return len(line) - len(line.lstrip(b" \t"))


def _line_start(text: bytes, place: int, above: int) -> int:
    """Where the line begins that stands so many lines above the one of a place."""
    start = text.rfind(b"\n", 0, place)
    for _ in range(above):
        start = text.rfind(b"\n", 0, max(start, 0))
    return start + 1


def _line_end(text: bytes, place: int, below: int) -> int:
    """Where the line ends that stands so many lines below the one of a place."""
    end = text.find(b"\n", place)
    for _ in range(below):
        end = text.find(b"\n", end + 1) if end >= 0 else end
    return end if end >= 0 else len(text)


def _is_followed_by_comment(source: bytes, end: int, column: int) -> bool:
    """Whether a comment follows that stands further in than the function: it may belong to its last block."""
    while end < len(source):
        after = source.find(b"\n", end + 1)
        line = source[end + 1 : after if after >= 0 else len(source)]
        if line.strip():
            return line.lstrip().startswith(b"#") and _indentation(line) > column
        end = after if after >= 0 else len(source)
    return False
