"""Spending a budget of tokens on ranked symbols: sources first, then signatures, then names.

The seeds come first; one that is too large is cut after a whole line, and marked. Of what is left a share
goes to names, so that many symbols are shown at all; most of the rest to sources, first those worth most
for their tokens; a little to signatures of the next, what remains to more names. The shares were chosen on
the history of the ranking. What stands inside something shown whole is not printed again. Sources are
printed first, in rank order, then lists by file.
Everything that is printed counts: headings, fences and footer too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from isg.graph.model import CALLABLE_KINDS, TYPE_KINDS, Symbol, SymbolKind
from isg.graph.queries.forms import MARKDOWN, Form
from isg.graph.queries.shortening import cut_mark, without_documentation
from isg.graph.queries.tokens import at_least, estimate

SEEDS = 0.3  # of the budget at most, as long as there is anything else to show
ALONE = 0.4  # of the budget, for a single seed that fits whole
PLAIN, AT_LEAST = 600, 0.6  # tokens that a seed may have anyway, as long as they are no more of the budget
NAMES = 0.3  # of what the seeds leave: for names, so that many symbols are shown at all
SOURCES = 0.95  # of the rest: for sources
EACH = 70  # tokens of room for each symbol that may be shown by its source
SIGNATURES = 0.2  # of what is left then: names turned to signatures; more names have the rest
LARGEST = 0.8  # of what is left: a larger source than this is shown by its signature
SMALL = 120  # tokens: such a source is never too large
LEAST = 30  # tokens: with less room no source is tried
SIZE = 0.5  # how much a source counts the less, the longer it is: the power of its tokens
_LISTED_INSIDE = CALLABLE_KINDS | TYPE_KINDS
_WORD = re.compile(r"\w+")

Source = Callable[[Symbol], str | None]
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
    tokens: int  # of the text and all that is printed around it
    cut: bool = False


class Assembly(NamedTuple):
    parts: tuple[Part, ...]
    document: str
    tokens: int
    left_out: int


def assemble(
    candidates: Sequence[Candidate],
    budget: int,
    source: Source | None,
    form: Form = MARKDOWN,
    count: Count = estimate,
) -> Assembly:
    """The document that shows the candidates, in their order, within the budget, as ``count`` counts tokens.

    Without ``source`` there are only signatures and names.
    """
    return _Spending(budget, source or _no_source, form, count).spend(candidates)


def _no_source(symbol: Symbol) -> str | None:
    return None


class _Spending:
    """One budget, and how it is spent."""

    def __init__(self, budget: int, source: Source, form: Form, count: Count) -> None:
        self._budget = budget
        self._source = source
        self._form = form
        self._count = count

    def spend(self, candidates: Sequence[Candidate]) -> Assembly:
        seeds = [candidate for candidate in candidates if candidate.is_seed]
        others = [candidate for candidate in candidates if not candidate.is_seed]
        form = self._form
        room = self._budget - self._count(form.begin + self._footer(10**4, 10**4) + form.end)
        parts = self._show_seeds(seeds, room, alone=not others)
        room -= sum(part.tokens for part in parts)
        parts += self._show_others(others, parts, room)
        return self._fit(_with_insides(parts, others), len(candidates))

    # Seeds

    def _show_seeds(self, seeds: Sequence[Candidate], room: int, *, alone: bool) -> list[Part]:
        """Each seed whole where it fits, else cut; what one does not need is left to the next."""
        parts: list[Part] = []
        plain = min(PLAIN, int(room * AT_LEAST))
        left = room if alone else max(int(room * SEEDS), plain)
        most = room
        for at, seed in enumerate(seeds):
            share = max(0, left) // (len(seeds) - at)
            if len(seeds) == 1:
                whole = self._full(seed, max(int(room * ALONE), plain))
                share = share if whole is None else whole.tokens
            part = self._seed(seed, min(share, most))
            left -= part.tokens
            most -= part.tokens
            parts.append(part)
        return parts

    def _seed(self, seed: Candidate, room: int) -> Part:
        text = self._source(seed.symbol)
        if text is not None:
            whole = self._part(seed, Detail.FULL, text.rstrip())
            if whole.tokens <= room:
                return whole
            text = without_documentation(seed.symbol, text) or text
            bare = self._part(seed, Detail.FULL, text.rstrip())
            shortened = bare if bare.tokens <= room else self._cut(seed, text.rstrip(), room)
            if shortened is not None:
                return shortened
        signature = self._part(seed, Detail.SIGNATURE, seed.symbol.signature, cut=text is not None)
        if signature.text and signature.tokens <= room:
            return signature
        return self._part(seed, Detail.NAME, seed.symbol.qualified, cut=text is not None)

    def _cut(self, seed: Candidate, text: str, room: int) -> Part | None:
        """The first lines of a seed, with a mark that says how many are missing; the most that fit."""
        lines = text.split("\n")

        def first(kept: int) -> Part:
            shown = "\n".join(lines[:kept]).rstrip()
            return self._part(seed, Detail.FULL, f"{shown}\n{cut_mark(len(lines) - kept)}", cut=True)

        low, high = 0, len(lines) - 1  # so many lines fit; so many at most are tried
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if first(middle).tokens <= room else (low, middle - 1)
        return first(low) if low else None

    # The others

    def _show_others(self, others: Sequence[Candidate], shown: Sequence[Part], room: int) -> list[Part]:
        """As many names as their share allows, some of them as sources, the next ones as signatures.

        What holds others is not shown whole.
        """
        whole = {part.candidate.node for part in shown if part.detail is Detail.FULL and not part.cut}
        others = [candidate for candidate in others if not candidate.ancestors & whole]
        files: set[str | None] = set()
        holders = _holders(others)
        names, spent = self._take(others, int(room * NAMES), files)
        room -= spent
        most = 1 + room // EACH
        parts, unspent = self._as_sources(names[:most], holders, int(room * SOURCES))
        room += unspent - int(room * SOURCES)
        parts, unspent = self._as_signatures(parts + names[most:], int(room * SIGNATURES))
        room += unspent - int(room * SIGNATURES)
        more, spent = self._take(others[len(names) :], room, files)
        parts, room = parts + more, room - spent
        if room > EACH:  # there was little to name
            parts, room = self._as_sources(parts, holders, room)
        return self._as_signatures(parts, room)[0]

    def _as_sources(self, parts: Sequence[Part], holders: set[int], room: int) -> tuple[list[Part], int]:
        """The parts, as many as fit as sources, and what room is left; nothing is shown twice."""
        found: list[Part | None] = list(parts)
        shown = [part.candidate for part in parts if part.detail is Detail.FULL]
        whole = {candidate.node for candidate in shown}
        inside = {node for candidate in shown for node in candidate.ancestors}
        for at, full in self._worth_most(parts, room):
            candidate = full.candidate
            if candidate.ancestors & whole or candidate.node in holders | inside or room < LEAST:
                continue
            cost = full.tokens - parts[at].tokens
            if cost <= min(room, max(SMALL, int(room * LARGEST))):
                room -= cost
                whole.add(candidate.node)
                inside |= candidate.ancestors
                found[at] = full
        for at, part in enumerate(parts):
            if part.candidate.ancestors & whole:  # printed within the other one
                room += part.tokens
                found[at] = None
        return [part for part in found if part is not None], room

    def _worth_most(self, parts: Sequence[Part], room: int) -> list[tuple[int, Part]]:
        """What may be shown as a source, by falling score for its length, with its position."""
        found: list[tuple[int, Part]] = []
        for at, part in enumerate(parts):
            full = None if part.detail is Detail.FULL else self._full(part.candidate, room + part.tokens)
            if full is not None:
                found.append((at, full))
        return sorted(found, key=lambda each: (-each[1].candidate.score / each[1].tokens ** SIZE, each[0]))

    def _as_signatures(self, parts: Sequence[Part], room: int) -> tuple[list[Part], int]:
        """The parts, names turned to signatures as long as there is room, and what is left of it."""
        found: list[Part] = []
        for part in parts:
            if part.detail is Detail.NAME and room > 0:
                text = qualified_signature(part.candidate.symbol)
                signature = self._part(part.candidate, Detail.SIGNATURE, text)
                if signature.tokens - part.tokens <= room:
                    room -= signature.tokens - part.tokens
                    part = signature
            found.append(part)
        return found, room

    def _take(
        self, candidates: Sequence[Candidate], room: int, files: set[str | None]
    ) -> tuple[list[Part], int]:
        """The first candidates whose names fit, and what they cost; ``files`` are those with a heading."""
        parts: list[Part] = []
        spent = 0
        for candidate in candidates:
            symbol = candidate.symbol
            part = self._part(candidate, Detail.NAME, symbol.qualified)
            cost = part.tokens
            if symbol.file not in files:
                form = self._form
                cost += self._count(form.heading(symbol) + form.names(["a"]) + form.foot())
            if spent + cost > room:
                break
            spent += cost
            files.add(symbol.file)
            parts.append(part)
        return parts, spent

    def _full(self, candidate: Candidate, most: int) -> Part | None:
        """A candidate with its source, at most that many tokens, and without long documentation."""
        symbol = candidate.symbol
        if symbol.end_line - symbol.line >= most:  # a line is a token at the least
            return None
        text = self._source(symbol)
        if not text or not text.strip():
            return None
        text = text if candidate.is_seed else without_documentation(symbol, text) or text
        if self._count is estimate and at_least(text) > most and not candidate.is_seed:
            return None
        full = self._part(candidate, Detail.FULL, text.rstrip())
        if full.tokens > most and candidate.is_seed:
            bare = without_documentation(symbol, text)
            full = full if bare is None else self._part(candidate, Detail.FULL, bare.rstrip())
        return full if full.tokens <= most else None

    # Printing

    def _part(self, candidate: Candidate, detail: Detail, text: str, *, cut: bool = False) -> Part:
        symbol, role = candidate.symbol, candidate.role
        if detail is Detail.NAME:
            printed = f", {text}"
        elif detail is Detail.SIGNATURE:
            printed = self._form.signature(symbol, role, text)
        else:
            printed = self._form.source(symbol, role, text)
        return Part(candidate, detail, text, self._count(printed), cut)

    def _fit(self, parts: Sequence[Part], candidates: int) -> Assembly:
        """The document, with parts dropped from the end until all that is printed is within the budget.

        A seed is never dropped from the answer, but where not even its name fits, nothing of it is printed.
        """
        kept = list(parts)
        while True:
            left_out = candidates - len(kept)
            for footer in (self._footer(left_out, _signatures_only(kept)), ""):
                document = self._document(kept, footer)
                tokens = self._count(document)
                if tokens <= self._budget:
                    return Assembly(tuple(kept), document, tokens, left_out)
                if not kept or not kept[-1].candidate.is_seed:
                    break
            shown = max((at for at, part in enumerate(kept) if part.text), default=None)
            if shown is None:
                return Assembly(tuple(kept), "", 0, left_out)
            if kept[shown].candidate.is_seed:
                kept[shown] = Part(kept[shown].candidate, Detail.NAME, "", 0, cut=True)
            else:
                del kept[shown]
            kept = _still_inside(kept)

    def _document(self, parts: Sequence[Part], footer: str) -> str:
        """Sources in rank order; below them the rest by file, the file of the best of them first."""
        form, pieces = self._form, []
        listed: dict[str | None, list[Part]] = {}
        for part in parts:
            if part.text and part.detail is Detail.FULL:
                pieces.append(form.source(part.candidate.symbol, part.candidate.role, part.text))
            elif part.text:
                listed.setdefault(part.candidate.symbol.file, []).append(part)
        for group in listed.values():
            pieces.append(form.heading(group[0].candidate.symbol))
            group.sort(key=lambda part: part.candidate.symbol.line)
            pieces += [
                form.signature(part.candidate.symbol, part.candidate.role, part.text)
                for part in group
                if part.detail is Detail.SIGNATURE
            ]
            pieces += [form.names([part.text for part in group if part.detail is Detail.NAME]), form.foot()]
        body = ("".join(pieces) + footer).lstrip("\n")
        return form.begin + body + form.end if body else ""

    def _footer(self, left_out: int, unshown: int) -> str:
        """What was left out, and how to ask for it."""
        said = [f"{left_out} more left out"] if left_out else []
        said += [f"{unshown} without source"] if unshown else []
        return self._form.note(f"{', '.join(said)}; --budget {2 * self._budget} shows more") if said else ""


def _holders(candidates: Iterable[Candidate]) -> set[int]:
    """The types and modules that hold other candidates: those are shown one by one."""
    candidates = list(candidates)
    within = {node for candidate in candidates for node in candidate.ancestors}
    return {
        candidate.node
        for candidate in candidates
        if candidate.node in within and candidate.symbol.kind not in CALLABLE_KINDS
    }


def _with_insides(parts: Sequence[Part], others: Iterable[Candidate]) -> list[Part]:
    """The parts in rank order, with the functions and types that stand inside what is shown whole."""
    whole = {part.candidate.node for part in parts if part.detail is Detail.FULL and not part.cut}
    by_node = {part.candidate.node: part for part in parts}
    found = [part for part in parts if part.candidate.is_seed]
    for candidate in others:
        part = by_node.get(candidate.node)
        if part is not None:
            found.append(part)
        elif candidate.ancestors & whole and candidate.symbol.kind in _LISTED_INSIDE:
            found.append(Part(candidate, Detail.FULL, "", 0))
    return found


def _still_inside(parts: Sequence[Part]) -> list[Part]:
    """The parts without those whose text stood inside one that is no longer shown whole."""
    whole = {
        part.candidate.node for part in parts if part.detail is Detail.FULL and not part.cut and part.text
    }
    return [part for part in parts if part.text or part.candidate.is_seed or part.candidate.ancestors & whole]


def _signatures_only(parts: Iterable[Part]) -> int:
    return sum(part.detail is not Detail.FULL for part in parts)


def qualified_signature(symbol: Symbol) -> str:
    """A signature that says whose it is: ``def QuerySet.filter(self)``."""
    if symbol.name == symbol.qualified or not symbol.signature or symbol.kind is SymbolKind.IMPL_BLOCK:
        return symbol.signature or symbol.qualified
    for word in _WORD.finditer(symbol.signature):
        if word.group() == symbol.name:
            return symbol.signature[: word.start()] + symbol.qualified + symbol.signature[word.end() :]
    return symbol.signature
