"""What a command answers, before any format: the one shape that all renderers read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, overload

import msgspec

from isg.graph.queries.bound import Bound, Notice

Result: TypeAlias = Mapping[str, object]


class Made(Sequence[Result]):
    """Results that are made when they are looked at: of many that were found, few are printed."""

    def __init__(self, found: Sequence[Any], make: Callable[[Any], Result]) -> None:
        self._found = found
        self._make = make

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, place: int) -> Result: ...
    @overload
    def __getitem__(self, place: slice) -> Made: ...
    def __getitem__(self, place: int | slice) -> Result | Made:
        if isinstance(place, slice):
            return Made(self._found[place], self._make)
        return self._make(self._found[place])


NO_BOUND = Bound(certain=0, possible=0)


class Node(msgspec.Struct, frozen=True):
    """A box of a diagram."""

    key: str
    label: str
    kind: str
    file: str | None = None
    line: int = 0
    emphasis: bool = False


class Arrow(msgspec.Struct, frozen=True):
    """An arrow of a diagram, between the keys of two nodes."""

    source: str
    target: str
    kind: str
    how: str | None = None
    confidence: str = "exact"


class Diagram(msgspec.Struct, frozen=True):
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]


class Finding(msgspec.Struct, frozen=True):
    """A result as continuous integration sees it: a rule that a place breaks."""

    rule: str
    level: str  # error, warning, note
    message: str
    file: str | None
    line: int
    fingerprint: str
    related: tuple[tuple[str, int, str], ...] = ()  # file, line, what is there


class Project(msgspec.Struct, frozen=True):
    name: str
    state: str
    files: int
    symbols: int
    edges: int


def no_cells(result: Result) -> Sequence[str]:
    return ()


class Answer(msgspec.Struct, frozen=True):
    """A command's answer.

    ``results`` are what machines read, in rank order. For people the same results become rows: ``cells``
    gives the columns of one, ``group`` the heading that it stands under. ``document`` replaces the rows
    where an answer is prose.
    """

    results: Sequence[Result]
    title: str = ""
    bound: Bound = NO_BOUND
    columns: tuple[str, ...] = ()
    heads: bool = False  # whether text shows the columns' names: where cells do not explain themselves
    cells: Callable[[Result], Sequence[str]] = no_cells
    group: Callable[[Result], str] | None = None
    details: Callable[[Result], Sequence[str]] | None = None  # further lines under a row
    notes: tuple[str, ...] = ()
    warnings: tuple[Notice, ...] = ()
    fields: Mapping[str, object] = msgspec.field(default_factory=dict)  # further fields of the envelope
    document: str | None = None
    verbatim: bool = False  # the document is all that people get: it has a budget of its own
    formed: Callable[[str], Answer] | None = None  # the answer in another format, where that is another one
    diagram: Callable[[Sequence[Result]], Diagram] | None = None
    findings: Callable[[Sequence[Result]], Sequence[Finding]] | None = None
    failed: bool = False  # a gate that the user set did not hold: exit status 1
    project: Project | None = None  # where the command itself knows it
    bounded: bool = True  # False for what is no question about the graph (index, status): no bound line


class Envelope(msgspec.Struct, frozen=True):
    """An answer together with the question and the project that it is about; ``shown`` obeys the limit."""

    command: str
    query: Mapping[str, object]
    project: Project | None
    answer: Answer
    shown: Sequence[Result]
    warnings: tuple[Notice, ...]
    next_step: str = ""  # the command that lists what the bound counts as unresolved

    @property
    def truncated(self) -> bool:
        return len(self.shown) < len(self.answer.results)

    def bound_line(self) -> str:
        """The bound in one line: ``23 certain, 4 possible; 2 sites named "save" could not be …``."""
        bound = self.answer.bound
        counts = f"{bound.certain:,} certain, {bound.possible:,} possible"
        line = "; ".join((counts, *bound.why))
        return f"{line}: {self.next_step}" if self.next_step and bound.unresolved else line


class Style(msgspec.Struct, frozen=True):
    """How the receiver reads: colour and indentation are for terminals only."""

    color: bool = False
    indent: bool = False
