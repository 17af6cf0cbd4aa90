"""The symbols that are shown, whole, by signature or by name, and the document that shows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from isg.graph.model import Symbol, SymbolKind
from isg.graph.queries.forms import Form

_WORD = re.compile(r"\w+")

Count = Callable[[str], int]


class Detail(StrEnum):
    """How much of a symbol is shown."""

    FULL = "full"
    SIGNATURE = "signature"
    NAME = "name"


class Candidate(NamedTuple):
    """A symbol that may be shown."""

    symbol: Symbol
    role: str
    score: float
    is_seed: bool
    ancestors: frozenset[int]
    node: int


class Part(NamedTuple):
    """A symbol that is shown."""

    candidate: Candidate
    detail: Detail
    text: str  # nothing where the symbol stands inside another one that is shown whole
    tokens: int  # of the text and all that is printed around it, but for what names the file
    cut: bool = False


class Writing(NamedTuple):
    """The form that parts are written in, and how its tokens are counted."""

    form: Form
    count: Count

    def part(self, candidate: Candidate, detail: Detail, text: str, *, cut: bool = False) -> Part:
        """A candidate with as much of it, and what that takes."""
        symbol, role = candidate.symbol, candidate.role
        if detail is Detail.FULL:
            printed = self.form.source(symbol, role, text)
        elif detail is Detail.SIGNATURE:
            printed = self.form.signature(symbol, role, text)
        else:
            printed = self.form.further_name(symbol, 2)
        return Part(candidate, detail, text, self.count(printed), cut)

    def heading(self, symbol: Symbol) -> int:
        """What it takes to say which file a symbol is in."""
        return self.count(self.form.heading(symbol) + self.form.foot())

    def names(self, symbols: Sequence[Symbol]) -> int:
        """What it takes to name symbols below a heading."""
        return self.count(self.form.names(symbols))

    def document(self, parts: Iterable[Part], footer: str) -> str:
        """All parts by file: files with sources first, then in the order of the first part of each."""
        by_file: dict[str | None, list[Part]] = {}
        for part in parts:
            if part.text:
                by_file.setdefault(part.candidate.symbol.file, []).append(part)
        sections = sorted(
            by_file.values(), key=lambda group: all(part.detail is not Detail.FULL for part in group)
        )
        body = ("".join(map(self._section, sections)) + footer).lstrip("\n")
        return self.form.begin + body + self.form.end if body else ""

    def _section(self, parts: Sequence[Part]) -> str:
        """What is shown of a file: sources in the given order, then signatures and names by line."""
        form = self.form
        by_line = sorted(parts, key=lambda part: part.candidate.symbol.line)
        names = [part.candidate.symbol for part in by_line if part.detail is Detail.NAME]
        if len(names) == len(parts):
            return form.only_names(names)
        pieces = [form.heading(parts[0].candidate.symbol)]
        for part in parts:
            if part.detail is Detail.FULL:
                pieces.append(form.source(part.candidate.symbol, part.candidate.role, part.text))
        for part in by_line:
            if part.detail is Detail.SIGNATURE:
                pieces.append(form.signature(part.candidate.symbol, part.candidate.role, part.text))
        return "".join((*pieces, form.names(names), form.foot()))


def qualified_signature(symbol: Symbol) -> str:
    """A signature that says whose it is: ``def QuerySet.filter(self)``."""
    if symbol.name == symbol.qualified or not symbol.signature or symbol.kind is SymbolKind.IMPL_BLOCK:
        return symbol.signature or symbol.qualified
    for word in _WORD.finditer(symbol.signature):
        if word.group() == symbol.name:
            return symbol.signature[: word.start()] + symbol.qualified + symbol.signature[word.end() :]
    return symbol.signature
