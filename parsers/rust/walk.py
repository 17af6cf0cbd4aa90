"""The state that all readers of one file share: where the walk is, and the tables it fills."""

from __future__ import annotations

from msgspec.structs import replace
from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import (
    NOTHING,
    BindingId,
    BindingKind,
    Form,
    ImportFlag,
    Role,
    ScopeId,
    ScopeKind,
    SignatureId,
    SymbolId,
    TermId,
)
from isg.parsers.recording import Recorder
from isg.parsers.rust.local_macros import Use, Whole, of_file
from isg.parsers.rust.operators import EVIDENT
from isg.parsers.rust.source import Source
from isg.parsers.source import decoded
from isg.parsers.tables import SignatureDraft, Tables

MAX_DEPTH = 600
MAX_UNION = 16
_HEADS = frozenset({Role.IMPLEMENT, Role.INHERIT})


class Walk(Recorder):
    """Where the walk is. Readers keep nothing between nodes but what stands here.

    Variables are found here, items by the linker: ``locals`` maps a name to the binding that is visible
    now, and a block undoes what it added. All variables of a function are in the scope of its body; blocks
    have a scope of their own only where they hold items.
    """

    __slots__ = (
        "breaks",
        "complexity",
        "import_flags",
        "in_thread_local",
        "local_macros",
        "local_scope",
        "locals",
        "log",
        "macro_depth",
        "member_of",
        "never",
        "scope",
        "signature",
        "silent",
        "source",
        "statements",
        "symbol",
        "unit_type",
        "use",
    )

    deepest = MAX_DEPTH
    evident = EVIDENT

    def begin(self, source: Source, tables: Tables) -> None:
        """The walk of one file begins."""
        super().begin_file(source.text, tables)
        self.source = source
        self.never = self.terms[(op.LITERAL, "never")]  # of what does not come back
        self.unit_type = self.terms[(op.LITERAL, "unit")]
        self.macro_depth = 0
        self.local_macros = of_file(len(source.text))
        self.use: Use | None = None  # of a macro of the file, among the items that it writes: their heads
        self.silent = False  # in the body of a macro, where nothing is a reference yet
        self.scope: ScopeId = 0
        self.symbol: SymbolId = 0  # the definition around: parent of what is defined
        self.member_of = ""  # "impl", "trait" … where the items read are its members
        self.locals: dict[str, BindingId] = {}
        self.log: list[tuple[str, BindingId]] = []  # what the locals were before
        self.local_scope: ScopeId = NOTHING
        self.signature: SignatureDraft | None = None
        self.breaks: list[tuple[str, dict[TermId, None]]] = []  # open loops: their labels, values of breaks
        self.in_thread_local = False  # among the statics of `thread_local!`
        self.import_flags = ImportFlag.NONE
        self.complexity = 0
        self.statements = 0

    # text

    def slice(self, node: Node) -> str:
        return self.source.slice(node.start_byte, node.end_byte)

    def name(self, node: Node) -> str:
        """An identifier; a raw one (`r#type`) without its mark."""
        name = self.text[node.start_byte : node.end_byte]
        if not name.isascii():
            name = decoded(name)
        return name[2:] if name.startswith("r#") else name

    # references

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
        if self.silent:
            return
        if self.use is None:
            super().refer(term, name, role, form, node, arguments, call, flags)
        elif role in _HEADS or self.use.is_new(node, name):
            super().refer(term, name, role, form, node, arguments, call, flags)
            line, column = self.use.point(node, self._whole(self.use))
            self.tables.references[-1] = replace(self.tables.references[-1], line=line, column=column)

    def place(self, node: Node) -> tuple[int, int]:
        if self.use is None:
            return super().place(node)
        return self.use.point(node, self._whole(self.use))

    def lines(self, first: Node, last: Node, name: Node) -> tuple[int, int]:
        """The first and the last line of a definition, relative to the unit."""
        if self.use is not None:
            return self.use.lines(first, last, name, self._whole(self.use))
        return first.start_point[0] + 1 - self.unit_line, last.end_point[0] + 1 - self.unit_line

    def _whole(self, use: Use) -> Whole:
        """Where the definition that is being read stands, of those that a macro writes."""
        if self.symbol < use.first:
            return use.whole
        around = self.tables.symbols[self.symbol]
        return Whole(around.line, around.column, around.start, around.end)

    # variables

    def bind(self, name: str, kind: BindingKind, term: TermId, declared: TermId = 0) -> BindingId:
        """A variable: from here on, until the block ends, the name means it."""
        scope = self.local_scope
        if scope == NOTHING:
            scope = self.tables.scope(ScopeKind.BLOCK, self.scope, self.referrer, {})
            self.local_scope = scope
        number = self.tables.binding(kind, name, scope, term, declared)
        self.tables.scopes[scope].names.setdefault(name, []).append(number)
        self.log.append((name, self.locals.get(name, NOTHING)))
        self.locals[name] = number
        return number

    def hide(self, name: str) -> None:
        """Until the block ends, the name means an item of the block and no variable around it."""
        if name in self.locals:
            self.log.append((name, self.locals.pop(name)))

    def forget(self, mark: int) -> None:
        """Undoes all bindings since the log was this long."""
        log, known = self.log, self.locals
        while len(log) > mark:
            name, before = log.pop()
            if before == NOTHING:
                known.pop(name, None)
            else:
                known[name] = before

    # scopes and terms

    def define(self, name: str, symbol: SymbolId, kind: BindingKind = BindingKind.DEFINITION) -> None:
        """Binds the name of an item in the scope that is being read."""
        term = self.terms[(op.SYMBOL, symbol)]
        number = self.tables.binding(kind, name, self.scope, term, 0, symbol)
        self.tables.scopes[self.scope].names.setdefault(name, []).append(number)

    def new_signature(self, symbol: SymbolId) -> tuple[SignatureDraft, SignatureId]:
        signature = SignatureDraft(symbol)
        self.tables.signatures.append(signature)
        return signature, len(self.tables.signatures) - 1

    def union(self, *terms: TermId) -> TermId:
        """One of these values; flat, without repetition; what never comes back is none."""
        members = self.alternatives(terms)
        if len(members) > 1:
            members.pop(self.never, None)
        if len(members) == 1:
            return next(iter(members))
        return self.terms[(op.UNION, *list(members)[:MAX_UNION])] if members else self.never
