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
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from isg.graph.model import CALLABLE_KINDS, TYPE_KINDS, Symbol, SymbolKind
from isg.graph.queries.forms import MARKDOWN, Form, owner_of
from isg.graph.queries.shortening import cut_mark, without_documentation
from isg.graph.queries.tokens import at_least, estimate

SEEDS = 0.3  # of the budget at most, as long as there is anything else to show
ALONE = 0.4  # of the budget, for a single seed that fits whole
PLAIN, AT_LEAST = 600, 0.6  # tokens that a seed may have anyway, as long as they are no more of the budget
LISTED = 0.25  # of what the seeds leave: for names and signatures, so that many symbols are shown at all
EACH = 70  # tokens of room for each symbol that may be shown by its source
SIGNATURES = 0.05  # of what the sources leave: names turned to signatures
LARGEST = 0.8  # of what is left: a larger source than this is shown by its signature
SMALL = 120  # tokens: such a source is never too large
LEAST = 30  # tokens: with less room no source is tried
SIZE = 0.7  # how much a source counts the less, the longer it is: the power of its tokens
BRACES = 2  # tokens around the names of one owner
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
        self._headed: set[str | None] = set()  # files that have a heading

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
            if part.detail is not Detail.NAME:
                self._headed.add(seed.symbol.file)
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
        """Sources, and below them as many of the rest as there is room for.

        What holds others is not shown whole.
        """
        whole = {part.candidate.node for part in shown if part.detail is Detail.FULL and not part.cut}
        others = [candidate for candidate in others if not candidate.ancestors & whole]
        holders = _holders(others)
        listed = int(room * LISTED)
        sources, left = self._as_sources(others[: 1 + room // EACH], holders, room - listed, [])
        room = left + listed
        rest, left = self._as_list(_not_shown(others, sources), room)
        if left > EACH:  # there was little to list
            more, left = self._as_sources([part.candidate for part in rest], holders, left, sources)
            sources += more
            rest, _ = self._as_list(_not_shown(others, sources), room)
        return sources + rest

    def _as_sources(
        self, candidates: Iterable[Candidate], holders: set[int], room: int, shown: Sequence[Part]
    ) -> tuple[list[Part], int]:
        """As many sources as fit, those worth most first, and what room is left; nothing is shown twice."""
        parts: list[Part] = []
        whole = {part.candidate.node for part in shown}
        inside = {node for part in shown for node in part.candidate.ancestors}
        for full in self._worth_most(candidates, room):
            candidate = full.candidate
            if candidate.ancestors & whole or candidate.node in holders | inside or room < LEAST:
                continue
            cost = full.tokens + self._heading(candidate.symbol)
            if cost <= min(room, max(SMALL, int(room * LARGEST))):
                room -= cost
                whole.add(candidate.node)
                inside |= candidate.ancestors
                self._headed.add(candidate.symbol.file)
                parts.append(full)
        return parts, room

    def _worth_most(self, candidates: Iterable[Candidate], room: int) -> list[Part]:
        """What may be shown as a source, by falling score for its length."""
        found = [full for candidate in candidates if (full := self._full(candidate, room)) is not None]
        return sorted(found, key=lambda full: -full.candidate.score / full.tokens**SIZE)

    def _as_list(self, candidates: Sequence[Candidate], room: int) -> tuple[list[Part], int]:
        """The first candidates by name and some of those by signature, and what room is left."""
        names, spent = self._names(candidates, room - int(room * SIGNATURES))
        room -= spent
        parts: list[Part] = []
        for name in names:
            symbol = name.candidate.symbol
            signature = self._part(name.candidate, Detail.SIGNATURE, qualified_signature(symbol))
            more = signature.tokens - name.tokens
            if symbol.file not in self._headed:
                more += self._heading(symbol) + self._count(self._form.names([symbol])) - name.tokens
            if more > room:
                parts.append(name)
                continue
            room -= more
            self._headed.add(symbol.file)
            parts.append(signature)
        return parts, room

    def _names(self, candidates: Iterable[Candidate], room: int) -> tuple[list[Part], int]:
        """The first candidates whose names fit, and what they cost, with what stands around them."""
        parts: list[Part] = []
        listed: Counter[tuple[str | None, str]] = Counter()  # by file, and by owner in it
        spent = 0
        for candidate in candidates:
            symbol = candidate.symbol
            part = self._part(candidate, Detail.NAME, symbol.qualified)
            file, owner = (symbol.file, ""), (symbol.file, owner_of(symbol))
            cost = self._name_cost(part, listed[file], listed[owner])
            if spent + cost > room:
                break
            spent += cost
            listed.update({file, owner})
            parts.append(part)
        return parts, spent

    def _name_cost(self, name: Part, in_file: int, of_owner: int) -> int:
        """What a name adds to a list that has so many of its file and of its owner."""
        symbol, form = name.candidate.symbol, self._form
        if not in_file:
            return self._count(
                form.names([symbol]) if symbol.file in self._headed else form.only_names([symbol])
            )
        if not owner_of(symbol):
            return name.tokens
        if not of_owner:
            return self._count(f", {symbol.qualified}")
        return name.tokens + (BRACES if of_owner == 1 else 0)

    def _heading(self, symbol: Symbol) -> int:
        """What it takes to say in which file a symbol is; nothing where that is said already."""
        if symbol.file in self._headed:
            return 0
        return self._count(self._form.heading(symbol) + self._form.foot())

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
            printed = f", {text}" if candidate.is_seed else f", {symbol.name}"
        elif detail is Detail.SIGNATURE:
            printed = self._form.signature(symbol, role, text)
        else:
            printed = self._form.source(symbol, role, text)
        if candidate.is_seed and symbol.file not in self._headed:
            printed = self._form.heading(symbol) + printed + self._form.foot()
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
        """What is shown of each file; files with sources first, else the file of the best part first."""
        by_file: dict[str | None, list[Part]] = {}
        for part in parts:
            if part.text:
                by_file.setdefault(part.candidate.symbol.file, []).append(part)
        sections = sorted(
            by_file.values(), key=lambda group: all(part.detail is not Detail.FULL for part in group)
        )
        body = ("".join(map(self._section, sections)) + footer).lstrip("\n")
        return self._form.begin + body + self._form.end if body else ""

    def _section(self, parts: Sequence[Part]) -> str:
        """What is shown of a file: sources in rank order, then signatures and names by line."""
        form = self._form
        ordered = sorted(parts, key=lambda part: part.candidate.symbol.line)
        names = [part.candidate.symbol for part in ordered if part.detail is Detail.NAME]
        if len(names) == len(parts):
            return form.only_names(names)
        pieces = [form.heading(parts[0].candidate.symbol)]
        for detail, write, group in (
            (Detail.FULL, form.source, parts),
            (Detail.SIGNATURE, form.signature, ordered),
        ):
            pieces += [
                write(part.candidate.symbol, part.candidate.role, part.text)
                for part in group
                if part.detail is detail
            ]
        return "".join((*pieces, form.names(names), form.foot()))

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


def _not_shown(candidates: Iterable[Candidate], sources: Sequence[Part]) -> list[Candidate]:
    """Those that are neither among the sources nor inside one."""
    whole = {part.candidate.node for part in sources}
    return [each for each in candidates if each.node not in whole and not each.ancestors & whole]


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
