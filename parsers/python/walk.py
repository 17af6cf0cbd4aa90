"""The state that all readers of one file share: where the walk is, and the tables it fills."""

from __future__ import annotations

import msgspec
from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import (
    NOTHING,
    Binding,
    BindingId,
    ImportFlag,
    SymbolId,
    TermId,
)
from isg.parsers.flow import Environment, Origins, Reaching
from isg.parsers.grammar import Effort
from isg.parsers.narrowing import Held
from isg.parsers.python.flow import Frame
from isg.parsers.python.meetings import Meetings
from isg.parsers.python.operators import EVIDENT
from isg.parsers.python.source import decoded
from isg.parsers.recording import Recorder
from isg.parsers.tables import SignatureDraft, Tables

MAX_DEPTH = 400
# Combining members of enums is slow, so flags of imports are plain numbers while a file is read.
CHECKED = ImportFlag.TYPE_CHECKING.value
CONDITIONAL = ImportFlag.CONDITIONAL.value
TRY = ImportFlag.TRY.value
LAZY = ImportFlag.LAZY.value

BLOCK_END, STATEMENT, BLOCK = 0, 1, 2  # the lowest bits of a mark; the others are the byte
_USE = (op.USE,)


class DefinitionPlan(msgspec.Struct, frozen=True, gc=False):
    """What a def or class statement defines; several may share one symbol."""

    symbol: SymbolId
    binding: BindingId
    role: str  # "sole", "overload", "implementation", "accessor"
    unit: int


class Walk(Recorder):
    """Where the walk is. Readers keep nothing between nodes but what stands here."""

    __slots__ = (
        "complexity",
        "defining",
        "effort",
        "frame",
        "held",
        "import_flags",
        "marks",
        "origins",
        "parameters",
        "plans",
        "ranges",
        "slots",
        "source",
        "statements",
        "strings",
        "unordered",
        "walruses",
        "writes",
    )

    deepest = MAX_DEPTH
    evident = EVIDENT

    def begin(self, source: bytes, frame: Frame, tables: Tables, effort: Effort) -> None:
        """The walk of a file or a part of it begins in this frame."""
        super().begin_file(source.decode("latin-1"), tables)
        self.source = source
        self.frame = frame
        self.effort = effort
        self.import_flags = 0  # of ImportFlag
        self.complexity = 0
        self.origins: Origins = Meetings(tables)
        self.slots: dict[int, BindingId] = {}  # the binding that the identifier at this byte makes
        self.plans: dict[int, DefinitionPlan] = {}  # by the first byte of the def or class
        self.ranges: dict[int, tuple[int, int]] = {}  # bindings made in the loop or try at this byte
        self.writes: list[tuple[int, str]] = []  # attribute chains assigned, by their first byte
        self.defining: set[BindingId] = set()  # bindings that are their symbol's definition
        self.parameters: dict[BindingId, tuple[SignatureDraft, int]] = {}
        self.held: dict[BindingId, Held] = {}  # outcomes of tests, by the binding that has them as value
        self.statements = 0  # read so far
        self.unordered = False  # whether statements may be read out of order
        self.marks: list[int] = [0]  # where blocks and statements begin and end, in source order
        self.strings: list[tuple[int, int]] = []  # those with more than a word in them
        self.walruses: list[int] = []

    def slice(self, node: Node) -> str:
        part = self.text[node.start_byte : node.end_byte]
        return part if part.isascii() else decoded(part)

    def note_walruses(self, start: int) -> None:
        """Find the signs of all named expressions behind a place."""
        at = self.source.find(b":=", start)
        while at >= 0:
            self.walruses.append(at)
            at = self.source.find(b":=", at + 2)

    # environments

    def branch(self, env: Environment) -> None:
        self.frame.env = env

    def merge(self, one: Environment, other: Environment) -> Environment:
        return self.origins.merge(one, other)

    def bind(self, start: int, term: TermId, declared: TermId = 0) -> BindingId:
        """The identifier at this byte is bound now; its binding, or NOTHING where none was planned."""
        number = self.slots.get(start, NOTHING)
        if number != NOTHING:
            planned = self.tables.bindings[number]
            self.tables.bindings[number] = Binding(
                planned.kind, planned.name, planned.scope, term, declared, planned.symbol, planned.instance
            )
            self.reach(planned.name, number)
        return number

    def reach(self, name: str, binding: BindingId) -> None:
        """From here on the name means this binding."""
        frame = self.frame
        if self.tables.bindings[binding].scope == frame.scope:
            frame.env.bind(name, binding)
            return
        inner: Frame | None = frame
        while inner is not None and inner.is_inline:  # a walrus in a comprehension binds outside it
            inner.env.bind(name, binding)
            inner = inner.parent
        if inner is not None and self.tables.bindings[binding].scope == inner.scope:
            inner.env.bind(name, binding)
        else:
            frame.env.forget_chains(name)

    def expect(self, value: TermId, declared: TermId) -> None:
        """A lambda takes what is declared that it is called with."""
        row = self.terms.rows[value]
        if declared and row[0] == op.LAMBDA:
            self.tables.signatures[int(row[1])].expected = declared

    def use(self, reaching: Reaching) -> TermId:
        return self.terms[_USE + reaching]

    def join_range(self, env: Environment, node: Node) -> None:
        """Adds all bindings made inside this loop or try to the environment."""
        low, high = self.ranges.get(node.start_byte, (0, 0))
        scope = self.frame.scope
        for number in range(low, high):
            binding = self.tables.bindings[number]
            if binding.scope == scope:
                env.bind_perhaps(binding.name, number)
        if env.chains:
            first, last = node.start_byte, node.end_byte
            for start, chain in self.writes:
                if first <= start < last:
                    env.chains.pop(chain, None)
                    env.forget_chains(chain)
