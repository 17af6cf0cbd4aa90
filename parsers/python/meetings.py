"""What stays known of a variable where the outcomes of a test meet again.

Rule: behind ``if isinstance(x, C): …`` x is a C on one of the ways (typing specification, chapter on type
narrowing): where nothing else is known of it, that is what it may be.
"""

from __future__ import annotations

from isg.parsers import operators as op
from isg.parsers.facts import BindingId, BindingKind
from isg.parsers.flow import Origins, Reaching
from isg.parsers.tables import Tables

_TESTS = frozenset({op.GUARDED, op.REJOINED})


class Meetings(Origins):
    """What reached the tests of a file, and what is left of their outcomes."""

    __slots__ = ("_met", "_tables")

    def __init__(self, tables: Tables) -> None:
        super().__init__()
        self._tables = tables
        self._met: dict[BindingId, Reaching] = {}  # what reached the tests behind which ways have met

    def before(self, reaching: Reaching) -> Reaching:
        """What reached the tests whose outcomes have met since."""
        while len(reaching) == 1 and reaching[0] in self._met:
            reaching = self._met[reaching[0]]
        return reaching

    def rejoined(self, one: BindingId, other: BindingId, origin: Reaching) -> Reaching:
        """What reached the test, and the instance that it is on one of the ways."""
        told = [binding for binding in (one, other) if self._is_instance(binding)]
        if not origin or len(told) != 1:
            return origin
        tables, outcome = self._tables, self._tables.bindings[told[0]]
        terms = tables.terms
        term = terms[(op.NARROW, terms[(op.USE, *origin)], terms[(op.REJOINED, terms[(op.USE, *told)])])]
        binding = tables.binding(
            BindingKind.NARROWED, outcome.name, outcome.scope, term, symbol=outcome.symbol
        )
        self.note(binding, origin)
        self._met[binding] = origin
        return (binding,)

    def _adds_nothing(self, binding: BindingId, union: set[BindingId]) -> bool:
        """Where outcomes have met, what reached the test is in what is left of them."""
        met = self._met
        if not met:
            return super()._adds_nothing(binding, union)
        if binding in met:
            return False
        is_within = any(binding in met[other] for other in union if other in met)
        return is_within or super()._adds_nothing(binding, union)

    def _is_instance(self, binding: BindingId) -> bool:
        """Whether a test said of which class the variable is an instance."""
        rows = self._tables.terms.rows
        row = rows[self._tables.bindings[binding].term]
        return row[0] == op.NARROW and rows[int(row[2])][0] not in _TESTS
