"""The macros that a file defines and uses itself, while it is read."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from tree_sitter import Node

from isg.parsers.facts import ScopeId
from isg.parsers.rust.effort import Effort
from isg.parsers.rust.expanded import Expanded
from isg.parsers.rust.lexing import NOWHERE, tokens_of
from isg.parsers.rust.rules import Rule, Unreadable, rules_of
from isg.parsers.rust.source import START

_LEAST = 10_000  # tokens that the macros of the smallest file may take and give
_A_BYTE = 4  # and those of larger ones for each byte
BYTES_A_TOKEN = 4  # about as many as tokens have


@dataclass(slots=True)
class Definition:
    """A macro of the file: the part of a text between its brackets, and its rules once they are read."""

    text: str
    start: int
    end: int
    _rules: tuple[Rule, ...] | None = None

    def rules(self, effort: Effort) -> tuple[Rule, ...]:
        """Raises Unreadable and Spent."""
        if self._rules is None:
            self._rules = ()
            effort.spend((self.end - self.start) // BYTES_A_TOKEN)
            try:
                self._rules = rules_of(tokens_of(self.text, self.start, self.end))
            except ValueError:
                raise Unreadable from None
        return self._rules


class Whole(NamedTuple):
    """Where something stands as a whole; lines are relative to the unit."""

    line: int
    column: int
    first: int
    last: int


class Use:
    """A use of a macro that stands in the file: where that is, and where what it writes stands.

    What is named among the tokens that the macro is given stands there, all else where what it is part of
    stands: at the use as a whole in the end.
    """

    def __init__(self, text: str, node: Node, expanded: Expanded, unit_line: int, symbols: int) -> None:
        row, column = node.start_point
        self.expanded = expanded  # what the innermost macro gives that is being read for it
        self.first = symbols  # its first symbol
        self._lines = [node.start_byte - column]  # the first bytes of its lines
        at = text.find("\n", node.start_byte, node.end_byte)
        while at >= 0:
            self._lines.append(at + 1)
            at = text.find("\n", at + 1, node.end_byte)
        line = row + 1 - unit_line
        self.whole = Whole(line, column + 1, line, line + len(self._lines) - 1)
        self._referred: set[tuple[int, str]] = set()

    def place_of(self, byte: int) -> int:
        """The place in the file of a byte of what is being read; or NOWHERE."""
        return self.expanded.place_of(byte - START)

    def point(self, node: Node, around: Whole) -> tuple[int, int]:
        """Where a node stands: line, relative to the unit, and column."""
        place = self.place_of(node.start_byte)
        if place == NOWHERE:
            return around.line, around.column
        index = bisect_right(self._lines, place) - 1
        return self.whole.line + index, place - self._lines[index] + 1

    def lines(self, first: Node, last: Node, name: Node, around: Whole) -> tuple[int, int]:
        """How far a definition reaches: as far as all of it is written here, with its name."""
        places = [self.place_of(b) for b in (first.start_byte, name.start_byte, last.end_byte - 1)]
        if places[1] == NOWHERE:
            return around.first, around.last
        if NOWHERE in places or places != sorted(places):
            places = [places[1]] * 3
        start, end = (bisect_right(self._lines, each) - 1 for each in (places[0], places[2]))
        return self.whole.line + start, self.whole.line + end

    def is_new(self, node: Node, name: str) -> bool:
        """Whether a name stands in the file and was not referred to there; from now on it was."""
        referred = self.place_of(node.start_byte), name
        if referred[0] == NOWHERE or referred in self._referred:
            return False
        self._referred.add(referred)
        return True


@dataclass(slots=True)
class LocalMacros:
    """What a file's macros are, and what may still be done for them."""

    effort: Effort
    definitions: dict[str, Definition] = field(default_factory=dict)
    written: set[tuple[ScopeId, int, str]] = field(default_factory=set)  # named items: where, of what kind


def of_file(size: int) -> LocalMacros:
    """At the beginning of a file of so many bytes."""
    return LocalMacros(Effort(_LEAST + _A_BYTE * size))
