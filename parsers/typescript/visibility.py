"""Who can see a symbol: what is exported is public, and so are members that do not say otherwise."""

from __future__ import annotations

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, BindingKind, SymbolId
from isg.parsers.typescript.walk import Walk

_MEMBERS = frozenset({"method", "property", "field", "constructor"})
_SPACES = frozenset({"module", "namespace"})
_OPEN = frozenset({"class", "interface", "enum", "type_alias", "constant", "variable"})


def set_visibility(walk: Walk) -> None:
    """Marks what stands in a module, namespace or function and is not exported as private."""
    symbols = walk.tables.symbols
    exported = _exported(walk)
    for number, draft in enumerate(symbols):
        if draft.parent == NOTHING or draft.kind in _MEMBERS:
            continue
        parent = symbols[draft.parent].kind
        if number in exported:
            draft.modifiers = ("export", *draft.modifiers)
        elif parent in _SPACES:
            draft.visibility = "public" if walk.is_script and draft.parent == 0 else "private"
        elif parent not in _OPEN:
            draft.visibility = "private"


def _exported(walk: Walk) -> set[SymbolId]:
    """The symbols that exported names of the file stand for."""
    tables, found = walk.tables, set()
    for binding in tables.bindings:
        if binding.kind is not BindingKind.EXPORT:
            continue
        row = tables.terms.rows[binding.term]
        if row[0] == op.SYMBOL:
            found.add(int(row[1]))
        elif row[0] == op.NAME:
            for number in tables.scopes[int(row[1])].names.get(str(row[2]), ()):
                found.add(tables.bindings[number].symbol)
    return found
