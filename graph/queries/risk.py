"""How likely the next bug is in a place: a product of powers of what is known about it.

    risk = (1 + lines) × (1 + recent)^½ × … , and × 2^¼ where no test reaches it

The exponents are fitted on later bug fixes by ``tests/benchmarks/history/fit_hotspots.py``, in steps of a
quarter, and stand here only. What did not help there has the exponent 0: fan-in and centrality say how far a
bug would reach, not where it is. That recent changes tell more than old ones: Graves, Karr, Marron, Siy 2000;
that changes tell more than measures of the code alone: Moser, Pedrycz, Succi 2008; that many hands at a file
raise its risk: Weyuker, Ostrand, Bell 2008; that faults come again where some were mended: Kim, Zimmermann,
Whitehead, Zeller 2007.
"""

from __future__ import annotations

from math import exp
from typing import NamedTuple

import msgspec

YEAR = 365 * 24 * 60 * 60  # seconds


class Exponents(msgspec.Struct, frozen=True):
    """How much each part of a risk weighs."""

    lines: float = 1.0
    complexity: float = 0.0
    recent: float = 0.0
    file_authors: float = 0.0
    fixes: float = 0.0
    parameters: float = 0.0
    references: float = 0.0
    longest: float = 0.0
    untested: float = 0.0


FUNCTION = Exponents(
    complexity=0.25, recent=0.5, file_authors=0.75, parameters=0.5, references=0.5, untested=0.25
)
# Of files many exponents are nearly equal: these fit the development cases and those of 23 more projects
# (``tests/benchmarks/history/cut_fixes.py``) together.
FILE = Exponents(recent=1.0, file_authors=0.5, fixes=0.5, longest=0.25, untested=0.5)
PER_LINE = 2.0  # by line, a risk is divided by lines to this power


class Parts(NamedTuple):
    """What is known about a place, in the order of :class:`Exponents`."""

    lines: int  # without those of functions inside of it, which are places of their own
    complexity: int
    recent: float  # commits that changed it, each by how fresh it was
    file_authors: float  # people who changed its file, each by how fresh the newest change was
    fixes: int  # commits that changed it and say that they mend a fault
    parameters: int
    references: int  # to what is outside of it
    longest: int  # lines of the longest function in it
    untested: bool  # no test reaches it in a few steps


_FROM_HISTORY = ("recent", "file_authors", "fixes")


def freshness(age: int) -> float:
    """How much a change counts that was made so many seconds before the newest one: e^(-years)."""
    return exp(-age / YEAR)


def risk(parts: Parts, exponents: Exponents, *, per_line: bool) -> float:
    """The risk of a place; ``per_line`` what of it is found first by who inspects few lines."""
    found = 2.0**exponents.untested if parts.untested else 1.0
    for value, exponent in zip(parts[:-1], msgspec.structs.astuple(exponents), strict=False):
        found *= (1.0 + value) ** exponent
    return found / (1.0 + parts.lines) ** PER_LINE if per_line else found


def formula(exponents: Exponents, *, per_line: bool, history: bool) -> str:
    """The risk as a formula over the parts that an answer shows."""
    factors = []
    for name in Parts._fields[:-1]:
        exponent = getattr(exponents, name) - (PER_LINE if per_line and name == "lines" else 0.0)
        if exponent and (history or name not in _FROM_HISTORY):
            factors.append(f"(1+{name})" if exponent == 1.0 else f"(1+{name})^{exponent:g}")
    return " × ".join((*factors, f"2^{exponents.untested:g} if not tested"))
