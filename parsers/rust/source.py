"""Source text: the bytes of a file between the words that make its fragments parse on their own.

A token tree of a macro is parsed again as what it looks like, with its positions in the file. Tree-sitter
parses only the ranges that it is told of, so the words that a fragment lacks (`;` behind an expression,
`match` around a pattern) stand before and behind the file in one buffer, and never in a tree of the file.
"""

from __future__ import annotations

import re

from tree_sitter import Node, Range, Tree

from isg.parsers.grammar import Effort, TooBroken
from isg.parsers.reparsing import Earlier
from isg.parsers.rust.grammar import GRAMMAR
from isg.parsers.source import decoded

_BEFORE = b"match 0{"
_AFTER = b"; =>0}"
_FAR = (2**30, 0)
_RAW = re.compile(rb'r(#{1,255})"')
_FEW = 16
# Each begins with plain text, that is searched for fast; what its group holds is left out.
_UNPARSED = (
    re.compile(rb"dyn(?<=\bdyn)(\s+'\w+\s*\+)"),
    re.compile(rb"impl(?<=\bimpl)(\s+'\w+\s*\+)"),
    re.compile(rb"(auto)(?<=\bauto)(?=\s+trait\b)"),
)
_PRIMITIVE_MACRO = re.compile(rb"\b(?:str|char|bool|[iuf](?:8|16|32|64|128|size))(?=!\s*[\[({])")
START = len(_BEFORE)  # the first byte of the file in its buffer
_EMPTY = GRAMMAR.parser().parse(b"")


def _with_closed_strings(utf8: bytes) -> bytes:
    """The source with raw strings that nothing closes taken apart.

    Tree-sitter looks for the end of each to the end of the file, all of them in vain. A few are let be: what
    looks like one may stand inside a plain string.
    """
    for hashes in {len(found) for found in _RAW.findall(utf8)}:
        mark = b"#" * hashes + b'"'
        behind = utf8.rfind(mark[::-1]) + 1
        if utf8.count(b"r" + mark, behind) > _FEW:
            first = utf8.find(b"r" + mark, behind) + len(mark)
            utf8 = utf8[:first] + utf8[first:].replace(b"r" + mark, b" " * (hashes + 2))
    return utf8


def _as_parsed(source: bytes) -> bytes:
    """The source with what tree-sitter cannot parse written so that it can; every byte keeps its place.

    Macros that are called like a primitive type, `str![…]`, have another name; lifetimes that are the first
    bound, the `auto` of traits and the `~` that only macros take are left out.
    """
    source = _PRIMITIVE_MACRO.sub(lambda found: b"_" * len(found[0]), source)
    for pattern in _UNPARSED:
        source = pattern.sub(_without, source)
    return source.replace(b"~", b"^")


def _without(found: re.Match[bytes]) -> bytes:
    """What was found, its group blank: that ends it."""
    return found[0].removesuffix(found[1]) + re.sub(rb"[^\n]", b" ", found[1])


class Source:
    """One file's buffer, and the trees of it and of its parts; ``text`` is what names are read from.

    ``unread`` is the line of the first part that was not parsed, since the file had taken what parsing one
    may cost: macros of hundreds of rules do. Its tree and those of the parts behind it are empty.
    """

    __slots__ = ("_effort", "buffer", "end", "text", "unread")

    def __init__(self, utf8: bytes) -> None:
        closed = b"".join((_BEFORE, _with_closed_strings(utf8), _AFTER))
        self.text = closed.decode("latin-1")
        self.buffer = _as_parsed(closed)
        self.end = START + len(utf8)
        self._effort = Effort(len(utf8))
        self.unread: int | None = None

    def slice(self, start: int, end: int) -> str:
        """The text between two bytes of the buffer."""
        return decoded(self.text[start:end])

    def tree(self, earlier: Earlier | None) -> Tree:
        """The tree of the file; raises TooBroken."""
        parser = GRAMMAR.fragment_parser(Range((0, 0), _FAR, START, self.end))
        return self._effort.parse_next(parser, self.buffer, earlier)

    def expression(self, first: Node, last: Node) -> Tree:
        """From one token to another, as an expression statement."""
        return self._parse(_span(first, last), self._behind(0, 1))

    def pattern(self, first: Node, last: Node) -> Tree:
        """From one token to another, as the arm of a match."""
        return self._parse(Range((0, 0), (0, START), 0, START), _span(first, last), self._behind(2, 6))

    def items(self, *runs: list[Node]) -> Tree:
        """Runs of tokens, as items; the `;` behind the last may be left out."""
        spans = [_span(run[0], run[-1]) for run in runs]
        tree = self._parse(*spans)
        if not tree.root_node.has_error or self.text[runs[-1][-1].end_byte - 1] == ";":
            return tree
        return self._parse(*spans, self._behind(0, 1))

    def _behind(self, first: int, last: int) -> Range:
        """Some of the words behind the file."""
        return Range(_FAR, _FAR, self.end + first, self.end + last)

    def _parse(self, *spans: Range) -> Tree:
        if self.unread is None:
            try:
                return self._effort.parse(GRAMMAR.fragment_parser(*spans), self.buffer)
            except TooBroken:
                self.unread = 1 + max(span.start_point[0] for span in spans if span.start_point != _FAR)
        return _EMPTY


def _span(first: Node, last: Node) -> Range:
    return Range(first.start_point, last.end_point, first.start_byte, last.end_byte)
