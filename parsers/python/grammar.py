"""The tree-sitter grammar of Python: its parser, and the numbers of its node kinds.

Nodes are told apart by their kind's number, since reading a number is cheaper than making a string.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from tree_sitter import Node, Parser, Range
from tree_sitter_language_pack import get_language

LANGUAGE = get_language("python")
ERROR = 65535  # tree-sitter gives this number to what it could not parse

Result = TypeVar("Result")


def _ids_by_name() -> tuple[dict[str, tuple[int, ...]], dict[str, int]]:
    named: dict[str, tuple[int, ...]] = {"ERROR": (ERROR,)}
    tokens: dict[str, int] = {}
    for number in range(LANGUAGE.node_kind_count):
        if not LANGUAGE.node_kind_is_visible(number):
            continue
        name = LANGUAGE.node_kind_for_id(number)
        if name is None:
            continue
        if LANGUAGE.node_kind_is_named(number):
            named[name] = (*named.get(name, ()), number)
        else:
            tokens.setdefault(name, number)
    return named, tokens


_NAMED, _TOKENS = _ids_by_name()


def kind(name: str) -> int:
    """The number of a node kind that has only one."""
    return _NAMED[name][0]


def kinds(*names: str) -> frozenset[int]:
    """All numbers of these node kinds (some have two)."""
    return frozenset(number for name in names for number in _NAMED.get(name, ()))


def token(text: str) -> int:
    """The number of a keyword or of punctuation."""
    return _TOKENS[text]


IDENTIFIER = kind("identifier")
ATTRIBUTE = kind("attribute")
SUBSCRIPT = kind("subscript")
CALL = kind("call")
ASSIGNMENT = kind("assignment")
TYPE = kind("type")
EQUALS = token("=")
STRING = kind("string")
BLOCKS = kinds("block")
COMMENT = kind("comment")
EXTRAS = kinds("comment", "line_continuation", "ERROR")


class Dispatch(dict[int, Callable[[Node], Result]]):
    """Handlers by node kind, with a fallback for all others."""

    def __init__(
        self, handlers: Mapping[str, Callable[[Node], Result]], fallback: Callable[[Node], Result]
    ) -> None:
        super().__init__()
        self._fallback = fallback
        for name, handler in handlers.items():
            for number in _NAMED.get(name, ()):
                self[number] = handler

    def __missing__(self, number: int) -> Callable[[Node], Result]:
        self[number] = self._fallback
        return self._fallback


def parser() -> Parser:
    """A parser of whole files."""
    return Parser(LANGUAGE)


def fragment_parser(span: Range) -> Parser:
    """A parser that sees only this part of a file; its nodes have their positions in the whole."""
    return Parser(LANGUAGE, included_ranges=[span])


def parts(node: Node) -> list[Node]:
    """The children of a node without comments and what could not be parsed."""
    return [child for child in node.children if child.kind_id not in EXTRAS]


def named(nodes: Iterable[Node]) -> list[Node]:
    """Those that are neither punctuation nor comments."""
    return [node for node in nodes if node.is_named and node.kind_id not in EXTRAS]


def assignment_sides(node: Node) -> tuple[list[Node], Node | None, Node | None]:
    """The targets of a chained assignment, its annotation, and its value."""
    children = node.children
    if len(children) == 3 and children[2].kind_id != ASSIGNMENT and children[1].kind_id == EQUALS:
        return [children[0]], None, children[2]
    targets: list[Node] = []
    annotation: Node | None = None
    current: Node | None = node
    while current is not None and current.kind_id == ASSIGNMENT:
        children = current.children
        targets.append(children[0])
        current = None
        for child in children[1:]:
            if child.kind_id == TYPE:
                annotation = child
            elif child.is_named and child.kind_id not in EXTRAS:
                current = child
    return targets, annotation, current
