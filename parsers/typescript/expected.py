"""The types that are expected of function expressions where they stand.

TypeScript gives the parameters of a function expression their types from its context ("contextual typing"):
the parameter of the callee, the declared type of the variable, the return type of the function around it.
"""

from __future__ import annotations

from isg.parsers import operators as op
from isg.parsers.facts import TermId
from isg.parsers.typescript.walk import MAX_DEPTH, Walk


def expect(walk: Walk, term: TermId, type: TermId, depth: int = 0) -> None:
    """Tells the functions in a value that it is expected to have this type."""
    if term not in walk.expectant or depth > MAX_DEPTH:
        return
    terms, row = walk.terms, walk.terms.rows[term]
    operator = row[0]
    if operator == op.LAMBDA:
        _expect_function(walk, int(row[1]), type, depth)
    elif operator == op.SYMBOL:
        for signature in walk.tables.symbols[int(row[1])].signatures:
            _expect_function(walk, signature, type, depth)
    elif operator == op.OBJECT:
        owner = terms[(op.ANNOTATION, type)]
        for at in range(1, len(row), 2):
            name, value = row[at], int(row[at + 1])
            if value in walk.expectant:
                expect(walk, value, terms[(op.TYPEOF, terms[(op.MEMBER, owner, name)])], depth + 1)
    elif operator in (op.LIST, op.TUPLE):
        owner = terms[(op.ANNOTATION, type)]
        for at, part in enumerate(row[1:]):
            if part in walk.expectant:
                expect(walk, int(part), terms[(op.TYPEOF, terms[(op.ITEM, owner, at)])], depth + 1)
    elif operator == op.UNION:
        for part in row[1:]:
            expect(walk, int(part), type, depth + 1)


def _expect_function(walk: Walk, number: int, type: TermId, depth: int) -> None:
    signature = walk.tables.signatures[number]
    if signature.expected:
        return
    signature.expected = type
    if not signature.returns and not walk.expectant.isdisjoint(signature.returned):
        terms = walk.terms
        result = terms[(op.TYPEOF, terms[(op.CALL, terms[(op.ANNOTATION, type)], 0)])]
        for value in signature.returned:
            expect(walk, value, result, depth + 1)


def hold(walk: Walk, term: TermId, parts: tuple[TermId, ...]) -> TermId:
    """The term, which expects a type where one of its parts does."""
    if not walk.expectant.isdisjoint(parts):
        walk.expectant.add(term)
    return term


def as_tuple(walk: Walk, term: TermId) -> TermId:
    """A display of several values where it may be a tuple, in which each position has a type of its own."""
    rows = walk.terms.rows
    parts = tuple(int(part) for part in rows[term][1:]) if rows[term][0] == op.LIST else ()
    if len(parts) < 2 or any(rows[part][0] == op.STAR for part in parts):
        return term
    return hold(walk, walk.terms[(op.TUPLE, *parts)], parts)
