"""Reading a Python file again after an edit within one function.

The function is parsed and read alone; the rest of the facts stand, at the lines where they are now. Tables
only grow: what the function said before stays in them, and nothing leads there any more. So an index into
them that others keep means what it meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from isg.parsers.differing import Difference, Lines
from isg.parsers.facts import (
    NOTHING,
    Binding,
    BindingKind,
    FileFacts,
    Reference,
    ReferenceFlag,
    Role,
    ScopeId,
    ScopeKind,
    SignatureFlag,
    SymbolFact,
    SymbolId,
)
from isg.parsers.grammar import Effort, TooBroken
from isg.parsers.moving import Growth
from isg.parsers.python.bodies import Hashes, hashes, with_other_part
from isg.parsers.python.docs import docstring
from isg.parsers.python.extract import READERS, line_count, visibility_of
from isg.parsers.python.flow import Frame
from isg.parsers.python.fragment import Part, parsed_alone
from isg.parsers.python.source import to_utf8
from isg.parsers.python.statements import Statements
from isg.parsers.python.walk import STATEMENT, Walk
from isg.parsers.reach import around, inside, sets_outside
from isg.parsers.tables import ScopeDraft, SignatureDraft, SymbolDraft, Tables

_DECORATORS = {"static": "staticmethod", "class": "classmethod"}  # by the modifier that they are known by
_IMPLICIT = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})  # which have it without one
_TRANSIENT = frozenset({BindingKind.HANDLER, BindingKind.AUGMENTED})
_NAME = re.compile(r"\w+")


class _ReachesOut(Exception):
    """The function says something of what is around it, or has other definitions in it than before."""


def reread(
    facts: FileFacts, function: SymbolId, source: bytes, where: Difference, lines: Lines
) -> FileFacts | None:
    """The facts of a file in which something changed within a function that stands in no other one.

    ``facts`` are those of before, ``source`` is the text of now, ``where`` and ``lines`` what of it changed.
    None where all of it has to be read.
    """
    if not _stands_alone(facts, function) or to_utf8(source) != (source, None):
        return None
    part = parsed_alone(facts, function, source, where, lines)
    if part is None or not _is_clear(part.head, facts, facts.scopes[facts.symbols[function].scope].parent):
        return None
    try:
        with READERS.taken() as statements:
            return _spliced(facts, function, part, lines, line_count(source), statements)
    except (_ReachesOut, TooBroken):
        return None


def _stands_alone(facts: FileFacts, function: SymbolId) -> bool:
    """Whether what is said of a function is all said in its one definition, and it says nothing of others."""
    fact = facts.symbols[function]
    signature = facts.signatures[fact.signatures[0]] if len(fact.signatures) == 1 else None
    scope = facts.scopes[fact.scope].parent if fact.scope >= 0 else NOTHING
    return (
        signature is not None
        and (signature.scope, signature.type_parameters) == (fact.scope, NOTHING)
        and scope >= 0
        and facts.scopes[scope].symbol == fact.parent
        and _is_plain(facts, scope)
        and not fact.declarations
        and not facts.diagnostics
        and fact.name not in _IMPLICIT
        and fact.statements > 0
        and not sets_outside(facts, function, inside(facts, function))
    )


def _is_plain(facts: FileFacts, scope: ScopeId) -> bool:
    """Whether a scope is the module's, or that of a class in such a one."""
    while scope:
        if facts.scopes[scope].kind is not ScopeKind.CLASS:
            return False
        scope = facts.scopes[scope].parent
    return True


class _Extended(Tables):
    """The tables of a file to which what one of its functions says is added anew.

    Definitions in the function keep their numbers. What stands has no drafts, as nobody asks for them.
    """

    __slots__ = ("_left", "_within")

    def __init__(self, facts: FileFacts, within: set[SymbolId]) -> None:
        super().__init__()
        self.terms.rows = list(facts.terms)
        self.bindings = list(facts.bindings)
        self.units = list(facts.units)
        self.scopes = [ScopeDraft(ScopeKind.MODULE, NOTHING, NOTHING, {})] * len(facts.scopes)
        self.symbols = [SymbolDraft("", "", NOTHING, 0, 0, 0, 0, 0)] * len(facts.symbols)
        self.signatures = [SignatureDraft(NOTHING)] * len(facts.signatures)
        self._within = within
        self._left = sorted(within, reverse=True)

    def symbol(self, draft: SymbolDraft) -> SymbolId:
        if not self._left or (draft.parent not in self._within and len(self._left) < len(self._within)):
            raise _ReachesOut
        number = self._left.pop()
        self.symbols[number] = draft
        return number

    def see_that_it_is(self, facts: FileFacts) -> None:
        """Raises _ReachesOut where the function defines other things than before, imports, or sets others."""
        stand = (
            (draft.name, draft.kind, draft.parent) == (fact.name, fact.kind, fact.parent)
            for number in self._within
            for draft, fact in [(self.symbols[number], facts.symbols[number])]
        )
        own = (binding.scope >= len(facts.scopes) for binding in self.bindings[len(facts.bindings) :])
        if self._left or self.imports or self.diagnostics or not all(stand) or not all(own):
            raise _ReachesOut


def _spliced(
    facts: FileFacts, function: SymbolId, part: Part, lines: Lines, length: int, statements: Statements
) -> FileFacts:
    """The facts with those of the function as it is now; raises _ReachesOut."""
    within, number = inside(facts, function), facts.symbols[function].signatures[0]
    tables = _Extended(facts, within)
    walk = _read(facts, function, part, tables, statements)
    tables.see_that_it_is(facts)
    growth = Growth(facts, function, lines.surplus)
    moved, known = growth.facts(), (len(facts.scopes), len(facts.signatures))
    if moved.lines != length:
        raise _ReachesOut  # the last line of the file has an end now, or none
    before, behind = _references_around(facts, function, within)
    signatures = (
        *moved.signatures[:number],
        tables.signatures[number].finish(),
        *moved.signatures[number + 1 :],
    )
    spliced = msgspec.structs.replace(
        moved,
        symbols=_symbols(moved, function, walk),
        scopes=(*facts.scopes, *(draft.finish(tables.bindings) for draft in tables.scopes[known[0] :])),
        bindings=tuple(tables.bindings),
        terms=tuple(tables.terms.rows),
        signatures=(*signatures, *(draft.finish() for draft in tables.signatures[known[1] :])),
        references=(*growth.references(before), *tables.references, *growth.references(behind)),
    )
    walk.release()
    return spliced


def _references_around(
    facts: FileFacts, function: SymbolId, within: set[SymbolId]
) -> tuple[Sequence[Reference], Sequence[Reference]]:
    """The references that stand before and behind those of a function; raises _ReachesOut."""
    references = facts.references
    own = [index for index, each in enumerate(references) if each.symbol in within]
    if not own:
        fact = facts.symbols[function]
        last = facts.units[fact.unit] + fact.end
        later = (i for i, each in enumerate(references) if facts.units[each.unit] + each.line > last)
        first = next(later, len(references))
        return references[:first], references[first:]
    flags = (references[index].flags for index in own)
    if len(own) != own[-1] + 1 - own[0] or any(each & ReferenceFlag.TYPE_CHECKING for each in flags):
        raise _ReachesOut
    return references[: own[0]], references[own[-1] + 1 :]


def _symbols(moved: FileFacts, function: SymbolId, walk: Walk) -> tuple[SymbolFact, ...]:
    """All symbols: the function and what is in it as they were read, what is around with their changes."""
    symbols, drafts = list(moved.symbols), walk.tables.symbols
    within = sorted(inside(moved, function))
    hashed = dict(zip(within, hashes(walk, within), strict=True))
    for index in within[1:]:
        drafts[index].visibility = visibility_of(drafts[index].name)
        symbols[index] = drafts[index].finish(*hashed[index])
    before, draft = symbols[function], drafts[function]
    now = symbols[function] = msgspec.structs.replace(
        before,
        scope=draft.scope,
        signature=draft.signature,
        signature_hash=hashed[function].signature,
        doc=draft.doc,
        complexity=draft.complexity,
        statements=draft.statements,
        body_hash=hashed[function].body,
    )
    more = now.statements - before.statements
    for index in around(moved, function):
        outer = symbols[index]
        symbols[index] = msgspec.structs.replace(
            outer,
            statements=outer.statements + more,
            body_hash=with_other_part(outer.body_hash, now.name, _hashes_of(before), _hashes_of(now)),
        )
        before, now = outer, symbols[index]
    return tuple(symbols)


def _hashes_of(symbol: SymbolFact) -> Hashes:
    return Hashes(symbol.signature_hash, symbol.body_hash)


def _read(
    facts: FileFacts, function: SymbolId, part: Part, tables: _Extended, statements: Statements
) -> Walk:
    """Read the function as it would be read on a walk over the file."""
    fact, number = facts.symbols[function], facts.symbols[function].signatures[0]
    walk = statements.walk
    walk.begin(part.text, _frame_around(facts, function), tables, Effort(len(part.text)))
    walk.marks[:] = [part.node.start_byte << 2 | STATEMENT]
    walk.enter_unit(fact.unit)
    walk.note_walruses(part.node.start_byte)
    walk.referrer = function
    place = fact.unit, fact.line, fact.column, fact.start, fact.end
    draft = SymbolDraft(fact.kind, fact.name, fact.parent, *place)
    tables.symbol(draft)
    signature = tables.signatures[number] = SignatureDraft(function)
    decorators = [(name, 0) for modifier, name in _DECORATORS.items() if modifier in fact.modifiers]
    outer, definitions = walk.frame, statements.definitions
    draft.signature, body = definitions.function_in(outer, part.node, signature, number, draft, decorators)
    draft.complexity, draft.statements = walk.complexity, walk.statements
    draft.doc, draft.scope = docstring(walk, body), signature.scope
    if not draft.statements or (signature.flags ^ facts.signatures[number].flags) & SignatureFlag.ASYNC:
        raise _ReachesOut
    return walk


def _frame_around(facts: FileFacts, function: SymbolId) -> Frame:
    """The module or class that a function stands in, with what reaches the function there."""
    fact = facts.symbols[function]
    scope = facts.scopes[fact.scope].parent
    frame = _frame_of(facts, scope)
    bound = (b for b in frame.names.get(fact.name, ()) if facts.bindings[b].symbol == function)
    own = next(bound, None)
    if own is None:
        raise _ReachesOut
    frame.env.names.update((name, (b[0],)) for name, b in frame.names.items() if b[0] < own)
    return frame


def _frame_of(facts: FileFacts, scope: ScopeId) -> Frame:
    fact = facts.scopes[scope]
    names = {name: list(bindings) for name, bindings in fact.names.items()}
    frame = Frame(_frame_of(facts, fact.parent) if scope else None, scope, fact.symbol, names)
    frame.is_class = scope > 0
    frame.notable = {name for name, bound in names.items() if _is_notable(facts.bindings[bound[0]])}
    return frame


def _is_notable(binding: Binding) -> bool:
    """Whether a variable is more than a plain local one."""
    return binding.symbol != NOTHING or binding.kind is BindingKind.IMPORT


def _is_clear(head: str, facts: FileFacts, scope: ScopeId) -> bool:
    """Whether it is plain what the names in a head mean: those of the scope around were bound once."""
    fact, bindings = facts.scopes[scope], facts.bindings
    unclear = {each.name for each in bindings if each.kind is BindingKind.NARROWED and each.scope == scope}
    if any(name in head for name in unclear):
        return False
    written = {
        each.name for each in facts.references if each.role is Role.WRITE and each.symbol == fact.symbol
    }
    return not any(
        name in written
        or len(bound) > 1
        or bindings[bound[0]].instance
        or bindings[bound[0]].kind in _TRANSIENT
        for name in _NAME.findall(head)
        if (bound := fact.names.get(name)) is not None
    )
