"""What every language's walk over a file does alike: it knows where it is, and writes down what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import ClassVar, Generic, TypeVar

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import (
    DeclarationFact,
    Diagnostic,
    Form,
    Reference,
    ReferenceFlag,
    Role,
    SymbolId,
    TermId,
)
from isg.parsers.grammar import MAX_DIAGNOSTICS
from isg.parsers.tables import Tables

_FLAGS = [ReferenceFlag(number) for number in range(32)]  # combining enum members is slow


_IMPLICIT, _CHAIN = Role.IMPLICIT, Form.CHAIN  # looking up members of enums is slow

Readers = TypeVar("Readers")


class Idle(Generic[Readers]):
    """Readers between two files: making them costs as much as reading a small file.

    They refer to each other, so those that are not used again stay until a garbage collection.
    """

    def __init__(self, make: Callable[[], Readers]) -> None:
        self._make = make
        self._idle: list[Readers] = []

    @contextmanager
    def taken(self) -> Iterator[Readers]:
        """Readers for one file; they are not used again where that fails."""
        try:
            readers = self._idle.pop()
        except IndexError:
            readers = self._make()
        yield readers
        self._idle.append(readers)


class Recorder:
    """The place of a walk, and the tables it fills."""

    __slots__ = ("depth", "flags", "referrer", "tables", "terms", "text", "unit", "unit_line")

    deepest: ClassVar[int]  # levels of nesting that are read
    evident: ClassVar[frozenset[int]] = frozenset()
    """Terms whose type is plain to see: an operator on them is no use of anything in the project."""
    standing: ClassVar[frozenset[str]] = frozenset()
    """What is the same for all files that it reads."""

    def begin_file(self, text: str, tables: Tables) -> None:
        """Before a file is read; ``text`` is the bytes of its source as Latin-1."""
        self.text = text
        self.tables = tables
        self.terms = tables.terms
        self.unit = 0
        self.unit_line = 1
        self.depth = 0
        self.flags = 0  # of ReferenceFlag, for all references made now
        self.referrer: SymbolId = 0  # their source

    def release(self) -> None:
        """Lets go of the file that was read."""
        for kind in type(self).__mro__:
            for name in getattr(kind, "__slots__", ()):
                if name not in self.standing:
                    delattr(self, name)

    def place(self, node: Node) -> tuple[int, int]:
        """Line, relative to the unit, and column of a node."""
        row, column = node.start_point
        return row + 1 - self.unit_line, column + 1

    def declaration(self, node: Node, whole: Node) -> DeclarationFact:
        """The place of one of several declarations of a symbol; *whole* begins it, decorators included."""
        name = node.child_by_field_name("name")
        line, column = self.place(node if name is None else name)
        start, end = whole.start_point[0] + 1, whole.end_point[0] + 1
        return DeclarationFact(self.unit, line, column, start - self.unit_line, end - self.unit_line)

    def enter_unit(self, unit: int) -> None:
        self.unit = unit
        self.unit_line = self.tables.units[unit]

    def refer(
        self,
        term: TermId,
        name: str,
        role: Role,
        form: Form,
        node: Node,
        arguments: int = -1,
        call: TermId = 0,
        flags: int = 0,
    ) -> None:
        row, column = node.start_point
        self.tables.references.append(
            Reference(
                term,
                name,
                role,
                form,
                self.unit,
                row + 1 - self.unit_line,
                column + 1,
                self.referrer,
                arguments,
                call,
                _FLAGS[flags | self.flags],
            )
        )

    def imply(self, receiver: TermId, method: str, node: Node) -> None:
        """The method that an operator calls on its operand, unless the operand is plainly a built-in."""
        if self.terms.rows[receiver][0] not in self.evident:
            self.refer(self.terms[(op.MEMBER, receiver, method)], method, _IMPLICIT, _CHAIN, node)

    def alternatives(self, terms: Iterable[TermId]) -> dict[TermId, None]:
        """What one of these values may be, each once: unions among them are taken apart."""
        rows = self.terms.rows
        members: dict[TermId, None] = {}
        for term in terms:
            row = rows[term]
            if row[0] == op.UNION:
                members.update((int(member), None) for member in row[1:])
            else:
                members[term] = None
        return members

    def complain(self, code: str, message: str, node: Node) -> None:
        if len(self.tables.diagnostics) < MAX_DIAGNOSTICS:
            first, last = node.start_point[0] + 1, node.end_point[0] + 1
            self.tables.diagnostics.append(Diagnostic(code, message, first, last))

    def too_deep(self, node: Node) -> TermId:
        self.complain("too-deep", f"nested more than {self.deepest} levels deep", node)
        return 0
