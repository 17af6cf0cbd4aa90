"""The tables of one file's facts while they grow."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from isg.parsers.facts import (
    MOST_MEANINGS,
    NOTHING,
    Binding,
    BindingId,
    BindingKind,
    DeclarationFact,
    Diagnostic,
    FileFacts,
    Import,
    Parameter,
    Reference,
    ScopeFact,
    ScopeId,
    ScopeKind,
    Signature,
    SignatureFlag,
    SignatureId,
    SymbolFact,
    SymbolId,
    TermId,
)
from isg.parsers.flow import most_telling
from isg.parsers.terms import Term


class TermTable(dict[Term, int]):
    """Hash-consed terms: ``table[term]`` is its index, made on first use."""

    __slots__ = ("rows",)

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Term] = []
        _ = self[(0,)]

    def __missing__(self, term: Term) -> int:
        rows = self.rows
        self[term] = index = len(rows)
        rows.append(term)
        return index


class SymbolDraft(msgspec.Struct):
    """A symbol whose facts are not all known yet."""

    kind: str
    name: str
    parent: SymbolId
    unit: int
    line: int
    column: int
    start: int
    end: int
    signature: str = ""
    doc: str = ""
    visibility: str = "public"
    modifiers: tuple[str, ...] = ()
    decorators: tuple[TermId, ...] = ()
    bases: tuple[TermId, ...] = ()
    keywords: tuple[tuple[str, TermId], ...] = ()
    type_parameters: tuple[str, ...] = ()
    scope: ScopeId = NOTHING
    signatures: tuple[SignatureId, ...] = ()
    complexity: int = 0
    statements: int = 0
    heads: tuple[str, ...] = ()  # all signature lines, for the hash
    bodies: tuple[tuple[int, int], ...] = ()  # byte spans, for the hash
    declarations: tuple[DeclarationFact, ...] = ()  # all that declares it, where that may be several

    def finish(self, signature_hash: bytes, body_hash: bytes) -> SymbolFact:
        return SymbolFact(
            self.kind,
            self.name,
            self.parent,
            self.unit,
            self.line,
            self.column,
            self.start,
            self.end,
            self.signature,
            self.doc,
            self.visibility,
            self.modifiers,
            self.decorators,
            self.bases,
            self.keywords,
            self.type_parameters,
            self.scope,
            self.signatures,
            self.complexity,
            self.statements,
            signature_hash,
            body_hash,
            self._elsewhere() if self.declarations else (),
        )

    def _elsewhere(self) -> tuple[DeclarationFact, ...]:
        """The declarations but the one that the symbol stands at."""
        here = self.unit, self.line, self.column
        return tuple(each for each in self.declarations if (each.unit, each.line, each.column) != here)


class SignatureDraft(msgspec.Struct):
    """A signature whose body is still being read; the dicts stand for ordered sets."""

    symbol: SymbolId
    scope: ScopeId = NOTHING
    parameters: list[Parameter] = []
    returns: TermId = 0
    returned: dict[TermId, None] = {}
    yielded: dict[TermId, None] = {}
    flags: SignatureFlag = SignatureFlag.NONE
    called: list[tuple[int, int, int]] = []
    expected: TermId = 0
    type_parameters: ScopeId = NOTHING

    def finish(self) -> Signature:
        return Signature(
            self.symbol,
            self.scope,
            tuple(self.parameters),
            self.returns,
            tuple(self.returned),
            tuple(self.yielded),
            self.flags,
            tuple(self.called),
            self.expected,
            self.type_parameters,
        )


class ScopeDraft(msgspec.Struct):
    kind: ScopeKind
    parent: ScopeId
    symbol: SymbolId
    names: dict[str, list[BindingId]]

    def finish(self, bindings: list[Binding]) -> ScopeFact:
        names = {
            name: tuple(bound) if len(bound) <= MOST_MEANINGS else _few(bound, bindings)
            for name, bound in self.names.items()
        }
        return ScopeFact(self.kind, self.parent, self.symbol, names)


def _few(bound: list[BindingId], bindings: list[Binding]) -> tuple[BindingId, ...]:
    """Some of the very many bindings of a name: of each sort those that tell most."""
    sorts: dict[tuple[bool, bool], list[BindingId]] = {}
    for each in bound:
        fact = bindings[each]
        sorts.setdefault((fact.kind is BindingKind.NARROWED, fact.instance), []).append(each)
    return tuple(sorted(each for sort in sorts.values() for each in most_telling(sort)))


class Tables:
    """Everything that a file's facts are made of."""

    __slots__ = (
        "augments",
        "bindings",
        "diagnostics",
        "exports",
        "exports_of",
        "imports",
        "references",
        "scopes",
        "signatures",
        "symbols",
        "terms",
        "units",
    )

    def __init__(self) -> None:
        self.terms = TermTable()
        self.symbols: list[SymbolDraft] = []
        self.scopes: list[ScopeDraft] = []
        self.bindings: list[Binding] = []
        self.signatures: list[SignatureDraft] = []
        self.imports: list[Import] = []
        self.references: list[Reference] = []
        self.diagnostics: list[Diagnostic] = []
        self.units: list[int] = [1]
        self.exports: list[str] | None = None
        self.exports_of: list[TermId] = []
        self.augments = False

    def scope(
        self, kind: ScopeKind, parent: ScopeId, symbol: SymbolId, names: dict[str, list[BindingId]]
    ) -> ScopeId:
        self.scopes.append(ScopeDraft(kind, parent, symbol, names))
        return len(self.scopes) - 1

    def binding(
        self,
        kind: BindingKind,
        name: str,
        scope: ScopeId,
        term: TermId = 0,
        declared: TermId = 0,
        symbol: SymbolId = NOTHING,
        instance: bool = False,
    ) -> BindingId:
        self.bindings.append(Binding(kind, name, scope, term, declared, symbol, instance))
        return len(self.bindings) - 1

    def symbol(self, draft: SymbolDraft) -> SymbolId:
        self.symbols.append(draft)
        return len(self.symbols) - 1

    def finish(self, language: str, lines: int, hashes: Sequence[tuple[bytes, bytes]]) -> FileFacts:
        """The facts; *hashes* are the signature and body hash of each symbol."""
        return FileFacts(
            language,
            lines,
            tuple(self.units),
            tuple(draft.finish(*pair) for draft, pair in zip(self.symbols, hashes, strict=True)),
            tuple(draft.finish(self.bindings) for draft in self.scopes),
            tuple(self.bindings),
            tuple(self.terms.rows),
            tuple(draft.finish() for draft in self.signatures),
            tuple(self.imports),
            tuple(self.references),
            None if self.exports is None else tuple(self.exports),
            tuple(self.exports_of),
            tuple(self.diagnostics),
            self.augments,
        )
