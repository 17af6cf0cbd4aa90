"""Tree-sitter grammars: their parsers, the numbers of their node kinds, and what they could not parse.

Nodes are told apart by their kind's number, since reading a number is cheaper than making a string.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import local
from typing import TypeVar

from tree_sitter import Node, Parser, Range, Tree
from tree_sitter_language_pack import SupportedLanguage, get_language

from isg.parsers.facts import Diagnostic
from isg.parsers.reparsing import Earlier

ERROR = 65535  # tree-sitter gives this number to what it could not parse
MAX_DIAGNOSTICS = 20
_STEPS = 3_000  # more than sources need that are edited, merged or cut off somewhere
_FEWEST = 400  # of the smallest sources: a step may take a millisecond where nesting is deep
_BYTES_A_STEP = 20  # sources without errors have 40 or more
_STUCK = 250  # steps at one place, besides those that finish the tree of a large source
_BYTES_A_STEP_AT_THE_END = 50
_PIECE = 4096  # bytes: lexing them takes about as long as the operations of a step

Result = TypeVar("Result")


class Grammar:
    """One language's grammar."""

    def __init__(self, name: SupportedLanguage) -> None:
        self._language = get_language(name)
        self._named: dict[str, tuple[int, ...]] = {"ERROR": (ERROR,)}
        self._tokens: dict[str, int] = {}
        for number in range(self._language.node_kind_count):
            if not self._language.node_kind_is_visible(number):
                continue
            kind = self._language.node_kind_for_id(number)
            if kind is None:
                continue
            if self._language.node_kind_is_named(number):
                self._named[kind] = (*self._named.get(kind, ()), number)
            else:
                self._tokens.setdefault(kind, number)

    def kind(self, name: str) -> int:
        """The number of a node kind that has only one."""
        return self._named[name][0]

    def kinds(self, *names: str) -> frozenset[int]:
        """All numbers of these node kinds (some have two)."""
        return frozenset(number for name in names for number in self._named.get(name, ()))

    def token(self, text: str) -> int:
        """The number of a keyword or of punctuation."""
        return self._tokens[text]

    def numbers_of(self, other: Grammar) -> dict[int, int]:
        """For each node kind of *other*, the first number that this grammar gives to its name.

        Grammars of one family share readers by comparing such numbers. A kind that only *other* has keeps
        its own, moved past those of this grammar.
        """
        behind = self._language.node_kind_count
        numbers = {ERROR: ERROR}
        for name, known in other._named.items():
            numbers.update((number, self._named.get(name, (behind + number,))[0]) for number in known)
        for number in range(other._language.node_kind_count):
            if number not in numbers:
                token = other._language.node_kind_for_id(number) or ""
                numbers[number] = self._tokens.get(token, behind + number)
        return numbers

    def dispatch(
        self, handlers: Mapping[str, Callable[[Node], Result]], fallback: Callable[[Node], Result]
    ) -> Dispatch[Result]:
        """These handlers by the numbers of their node kinds."""
        numbered = {
            number: handler for name, handler in handlers.items() for number in self._named.get(name, ())
        }
        return Dispatch(numbered, fallback)

    def parser(self) -> Parser:
        """A parser of whole files."""
        return Parser(self._language)

    def fragment_parser(self, *spans: Range) -> Parser:
        """A parser that sees only these parts of a file; its nodes have their positions in the whole."""
        return Parser(self._language, included_ranges=list(spans))


class _Window(local):
    """The pieces of sources that tree-sitter reads, one after the other in the same memory of a thread.

    Its Python binding never lets go of a piece: what it keeps must not be the source, nor ever another one.
    """

    def __init__(self) -> None:
        self._memory = memoryview(bytearray(_PIECE))
        self._views: dict[int, memoryview] = {}  # by size

    def show(self, source: memoryview, start: int) -> memoryview:
        """The piece of a source from a place on; good until the next one is shown."""
        piece = source[start : start + _PIECE]
        size = len(piece)
        self._memory[:size] = piece
        if size not in self._views:
            self._views[size] = self._memory[:size]
        return self._views[size]


_WINDOW = _Window()


class TooBroken(Exception):
    """Parsing took more steps than any source is worth: tree-sitter's recovery is quadratic in the errors."""


class Effort:
    """What parsing one file and its parts may cost, in steps of tree-sitter: never in time.

    A step is some operations of its parser, or a piece of the source that its lexer runs over (again). Where
    it tries to get over an error without end, steps that lead no further are all there is, and they are dear.
    """

    __slots__ = ("_furthest", "_here", "_left", "_stuck")

    def __init__(self, size: int) -> None:
        self._left = min(_STEPS, _FEWEST + size // 2) + size // _BYTES_A_STEP
        self._stuck = _STUCK + size // _BYTES_A_STEP_AT_THE_END
        self._here = 0  # steps since the parser came as far as it is
        self._furthest = -1

    def parse(self, parser: Parser, source: bytes, before: Tree | None = None) -> Tree:
        """The tree of a source, from an edited one of before where there is one; raises TooBroken."""
        whole = memoryview(source)
        self._here, self._furthest = 0, -1

        def read(start: int, _: object) -> memoryview | bytes:
            self._left -= 1
            return b"" if self._left < 0 else _WINDOW.show(whole, start)

        try:
            if before is None:
                tree = parser.parse(read, progress_callback=self._stops)
            else:
                tree = parser.parse(read, before, progress_callback=self._stops)
        except ValueError as error:
            parser.reset()  # else it would go on from here with the next source
            raise TooBroken from error
        if self._left < 0:
            raise TooBroken
        return tree

    def parse_next(self, parser: Parser, source: bytes, earlier: Earlier | None) -> Tree:
        """The tree of a whole file, from that of its earlier content where there is one; raises TooBroken."""
        if earlier is None:
            return self.parse(parser, source)
        tree = self._try(parser, source, earlier.edited(source))
        if tree is None or tree.root_node.has_error:
            tree = self.parse(parser, source)
        earlier.keep(source, tree)
        return tree

    def _try(self, parser: Parser, source: bytes, before: Tree | None) -> Tree | None:
        """The tree that comes of an earlier one, at no cost: parsing the whole has to have the same means."""
        left = self._left
        try:
            return None if before is None else self.parse(parser, source, before)
        except TooBroken:
            return None
        finally:
            self._left = left

    def _stops(self, offset: int, _has_error: bool) -> bool:
        """Called by tree-sitter every so many operations; true ends the parse."""
        self._left -= 1
        self._here += 1
        if offset > self._furthest:
            self._here, self._furthest = 0, offset
        return self._left < 0 or self._here > self._stuck


class Dispatch(dict[int, Callable[[Node], Result]]):
    """Handlers by node kind, with a fallback for all others."""

    def __init__(
        self, handlers: Mapping[int, Callable[[Node], Result]], fallback: Callable[[Node], Result]
    ) -> None:
        super().__init__(handlers)
        self._fallback = fallback

    def __missing__(self, number: int) -> Callable[[Node], Result]:
        self[number] = self._fallback
        return self._fallback


def syntax_errors(root: Node) -> list[Diagnostic]:
    """The outermost spans that could not be parsed, in source order."""
    found: list[Diagnostic] = []
    pending = [root]
    while pending and len(found) < MAX_DIAGNOSTICS:
        node = pending.pop()
        if node.is_error or node.is_missing:
            first, last = node.start_point[0] + 1, node.end_point[0] + 1
            message = f"missing {node.type}" if node.is_missing else "cannot be parsed"
            found.append(Diagnostic("syntax-error", message, first, last))
        elif node.has_error:
            pending.extend(child for child in reversed(node.children) if child.has_error or child.is_missing)
    return found
