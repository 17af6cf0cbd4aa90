"""Spending a budget of tokens on ranked symbols: sources, and below them a list of many more.

The seeds come first; one that is too large is cut after a whole line, and marked. Of what is left a share
is kept for a list, so that many symbols are shown at all; the rest goes to sources, first those worth most
for their tokens. The list has names, and signatures of the first as long as there is room. The shares were
chosen on the history of the ranking. What stands inside something shown whole is not printed again.
Everything that is printed counts: headings, fences and footer too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from isg.graph.model import CALLABLE_KINDS, TYPE_KINDS, Symbol
from isg.graph.queries.forms import MARKDOWN, Form
from isg.graph.queries.listing import Listing
from isg.graph.queries.parts import Candidate, Count, Detail, Part, Writing
from isg.graph.queries.shortening import cut_mark, without_documentation
from isg.graph.queries.tokens import at_least, estimate

SEEDS = 0.3  # of the budget at most, as long as there is anything else to show
ALONE = 0.4  # of the budget, for a single seed that fits whole
PLAIN, AT_LEAST = 600, 0.6  # tokens that a seed may have anyway, as long as they are no more of the budget
LISTED = 0.21  # of what the seeds leave: for the list, so that many symbols are shown at all
SIGNATURES = 0.05  # of the list: for signatures; they have what the sources leave, too
EACH = 40  # tokens of room for each symbol that may be shown by its source
LARGEST = 0.9  # of what is left: a larger source than this is shown by its signature
SMALL = 120  # tokens: such a source is never too large
LEAST = 30  # tokens: with less room no source is tried
SIZE = 0.7  # how much a source counts the less, the longer it is: the power of its tokens
_LISTED_INSIDE = CALLABLE_KINDS | TYPE_KINDS

Source = Callable[[Symbol], str | None]


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
        self._writing = Writing(form, count)
        self._headed: set[str | None] = set()  # files that have a heading

    def spend(self, candidates: Sequence[Candidate]) -> Assembly:
        seeds = [candidate for candidate in candidates if candidate.is_seed]
        others = [candidate for candidate in candidates if not candidate.is_seed]
        form = self._form
        room = self._budget - self._count(form.begin + self._footer(10**4, 10**4) + form.end)
        parts, room = self._show_seeds(seeds, room, alone=not others)
        parts += self._show_others(others, parts, room)
        return self._fit(_with_insides(parts, others), len(candidates))

    # Seeds

    def _show_seeds(self, seeds: Sequence[Candidate], room: int, *, alone: bool) -> tuple[list[Part], int]:
        """Each seed whole where it fits, else cut, and what room is left.

        What one does not need is left to the next.
        """
        parts: list[Part] = []
        plain = min(PLAIN, int(room * AT_LEAST))
        share = room if alone else max(int(room * SEEDS), plain)
        for at, seed in enumerate(seeds):
            most = max(0, share) // (len(seeds) - at)
            heading = self._heading(seed.symbol)
            if len(seeds) == 1:
                whole = self._full(seed, max(int(room * ALONE), plain) - heading)
                most = most if whole is None else whole.tokens + heading
            part = self._seed(seed, min(most, room) - heading)
            spent = self._count(self._form.only_names([seed.symbol]))
            if part.detail is not Detail.NAME:
                spent = part.tokens + heading
                self._headed.add(seed.symbol.file)
            share -= spent
            room -= spent
            parts.append(part)
        return parts, room

    def _seed(self, seed: Candidate, room: int) -> Part:
        text = self._source(seed.symbol)
        if text is not None:
            whole = self._writing.part(seed, Detail.FULL, text.rstrip())
            if whole.tokens <= room:
                return whole
            text = without_documentation(seed.symbol, text) or text
            bare = self._writing.part(seed, Detail.FULL, text.rstrip())
            shortened = bare if bare.tokens <= room else self._cut(seed, text.rstrip(), room)
            if shortened is not None:
                return shortened
        signature = self._writing.part(seed, Detail.SIGNATURE, seed.symbol.signature, cut=text is not None)
        if signature.text and signature.tokens <= room:
            return signature
        return self._writing.part(seed, Detail.NAME, seed.symbol.name, cut=text is not None)

    def _cut(self, seed: Candidate, text: str, room: int) -> Part | None:
        """The first lines of a seed, with a mark that says how many are missing; the most that fit."""
        lines = text.split("\n")

        def first(kept: int) -> Part:
            shown = "\n".join(lines[:kept]).rstrip()
            return self._writing.part(seed, Detail.FULL, f"{shown}\n{cut_mark(len(lines) - kept)}", cut=True)

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
        names = int(room * LISTED)
        sources, left = self._as_sources(others[: 1 + room // EACH], holders, room - names, ())
        room = left + names
        rest = self._listing(_not_shown(others, sources), room, names)
        if rest.room > EACH:  # there was little to list
            more, left = self._as_sources(_not_shown(others, sources), holders, rest.room, sources)
            sources += more
            rest = self._listing(_not_shown(others, sources), room - rest.room + left, names)
        return sources + rest.parts

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

    def _heading(self, symbol: Symbol) -> int:
        """What it takes to say which file a symbol is in, unless that is said already."""
        return 0 if symbol.file in self._headed else self._writing.heading(symbol)

    def _listing(self, candidates: Sequence[Candidate], room: int, names: int) -> Listing:
        """The candidates as a list: names for so many tokens, signatures for the rest, then more names."""
        listing = Listing(self._writing, room, self._headed)
        listing.add_names(candidates, room - int(names * (1 - SIGNATURES)))
        listing.turn_to_signatures()
        listing.add_names(candidates[len(listing.parts) :])
        return listing

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
        full = self._writing.part(candidate, Detail.FULL, text.rstrip())
        if full.tokens > most and candidate.is_seed:
            bare = without_documentation(symbol, text)
            full = full if bare is None else self._writing.part(candidate, Detail.FULL, bare.rstrip())
        return full if full.tokens <= most else None

    # Printing

    def _fit(self, parts: Sequence[Part], candidates: int) -> Assembly:
        """The document, with parts dropped from the end until all that is printed is within the budget.

        A seed is never dropped from the answer, but where not even its name fits, nothing of it is printed.
        """
        kept = list(parts)
        while True:
            left_out = candidates - len(kept)
            for footer in (self._footer(left_out, _signatures_only(kept)), ""):
                document = self._writing.document(kept, footer)
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
