"""Spending a budget of tokens on ranked symbols: sources first, then signatures, then names.

The seeds come first and whole; one that is too large is cut after a whole line, and marked. Of what is left
a share goes to names, so that many symbols are shown at all; most of the rest to the sources of the first
of them, a little to signatures of the next, and what remains to more names. The shares were chosen on the
same history as the ranking: more sources would show fewer symbols. Sources are printed first, in rank order,
then lists by file.
Everything that is printed counts: headings, fences and footer too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

from isg.graph.model import CALLABLE_KINDS, Symbol, SymbolKind
from isg.graph.queries.tokens import cut_to, estimate

SEEDS = 0.6  # of the budget at most, as long as there is anything else to show
ALONE = 0.85  # of the budget, for a single seed that fits whole
NAMES = 0.1  # of what the seeds leave: for names, so that many symbols are shown at all
SOURCES = 0.8  # of the rest: for sources
EACH = 180  # tokens of room for each symbol that may be shown by its source
SIGNATURES = 0.3  # of what is left then: names turned to signatures; more names have the rest
LARGEST = 0.6  # of what is left: a larger source than this is shown by its signature
SMALL = 120  # tokens: such a source is never too large
LEAST = 40  # tokens: with less room no source is tried
_CUT = "… (cut: {left} more lines)"
_CUT_COMMENT = "… (cut: {lines} lines of comment)"
_BACKTICKS = re.compile(r"`+")
_WORD = re.compile(r"\w+")
_COMMENT = re.compile(r"[ \t]*(?://|/\*|\*)")


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
    text: str
    tokens: int  # of the text and all that is printed around it
    cut: bool = False


class Assembly(NamedTuple):
    parts: tuple[Part, ...]
    document: str
    tokens: int
    left_out: int


def assemble(
    candidates: Sequence[Candidate], budget: int, source: Callable[[Symbol], str | None]
) -> Assembly:
    """The document that shows the candidates, in their order, within the budget."""
    seeds = [candidate for candidate in candidates if candidate.is_seed]
    others = [candidate for candidate in candidates if not candidate.is_seed]
    room = budget - estimate(_footer(10**4, budget))
    parts = _show_seeds(seeds, room, source, alone=not others)
    room -= sum(part.tokens for part in parts)
    parts += _show_others(others, parts, room, source)
    return _fit(parts, len(candidates), budget)


# Seeds


def _show_seeds(
    seeds: Sequence[Candidate], room: int, source: Callable[[Symbol], str | None], *, alone: bool
) -> list[Part]:
    """Each seed whole where it fits, else cut; what one does not need is left to the next."""
    parts: list[Part] = []
    left = room if alone else int(room * SEEDS)
    most = room
    for at, seed in enumerate(seeds):
        share = max(0, left) // (len(seeds) - at)
        if len(seeds) == 1:
            whole = _full(seed, source, int(room * ALONE))
            share = share if whole is None else whole.tokens
        part = _seed(seed, min(share, most), source)
        left -= part.tokens
        most -= part.tokens
        parts.append(part)
    return parts


def _seed(seed: Candidate, room: int, source: Callable[[Symbol], str | None]) -> Part:
    text = source(seed.symbol)
    if text is not None:
        whole = _part(seed, Detail.FULL, text.rstrip())
        if whole.tokens <= room:
            return whole
        text = _without_comment(seed.symbol, text) or text
        bare = _part(seed, Detail.FULL, text.rstrip())
        shortened = bare if bare.tokens <= room else _cut(seed, text.rstrip(), room)
        if shortened is not None:
            return shortened
    signature = _part(seed, Detail.SIGNATURE, seed.symbol.signature, cut=text is not None)
    if signature.text and signature.tokens <= room:
        return signature
    return _part(seed, Detail.NAME, seed.symbol.qualified, cut=text is not None)


def _without_comment(symbol: Symbol, text: str) -> str | None:
    """A source without what its documentation says above it, and that said; None where there is none.

    In Rust that is a part of the item, and often much longer than the rest of it.
    """
    lines = text.split("\n")
    above = lines[: symbol.line - symbol.start_line]
    kept = [line for line in above if not _COMMENT.match(line)]
    cut = len(above) - len(kept)
    if not cut:
        return None
    return "\n".join([_CUT_COMMENT.format(lines=cut), *kept, *lines[len(above) :]])


def _cut(seed: Candidate, text: str, room: int) -> Part | None:
    """The first lines of a seed, with a mark that says how many are missing."""
    lines = text.count("\n") + 1
    around = _part(seed, Detail.FULL, _CUT.format(left=lines)).tokens
    kept = cut_to(text + "\n", room - around).rstrip()
    while kept:
        left = lines - kept.count("\n") - 1
        part = _part(seed, Detail.FULL, f"{kept}\n{_CUT.format(left=left)}", cut=True)
        if part.tokens <= room:
            return part
        kept = kept.rpartition("\n")[0].rstrip()
    return None


# The others


def _show_others(
    others: Sequence[Candidate],
    shown: Sequence[Part],
    room: int,
    source: Callable[[Symbol], str | None],
) -> list[Part]:
    """As many names as their share allows, the first of them as sources, the next ones as signatures.

    What stands inside a seed that is shown whole is not shown again; what holds others is not shown whole.
    """
    whole = {part.candidate.node for part in shown if part.detail is Detail.FULL and not part.cut}
    others = [candidate for candidate in others if not candidate.ancestors & whole]
    files: set[str | None] = set()
    holders = _holders(others)
    names, spent = _take(others, int(room * NAMES), files)
    room -= spent
    most = 1 + room // EACH
    parts, unspent = _as_sources(names[:most], holders, int(room * SOURCES), source)
    room += unspent - int(room * SOURCES)
    parts, unspent = _as_signatures(parts + names[most:], int(room * SIGNATURES))
    room += unspent - int(room * SIGNATURES)
    more, spent = _take(others[len(names) :], room, files)
    parts, room = _as_sources(parts + more, holders, room - spent, source)
    return _as_signatures(parts, room)[0]


def _holders(candidates: Sequence[Candidate]) -> set[int]:
    """The types and modules that hold other candidates: those are shown one by one."""
    within = {node for candidate in candidates for node in candidate.ancestors}
    return {
        candidate.node
        for candidate in candidates
        if candidate.node in within and candidate.symbol.kind not in CALLABLE_KINDS
    }


def _as_sources(
    names: Sequence[Part], holders: set[int], room: int, source: Callable[[Symbol], str | None]
) -> tuple[list[Part], int]:
    """The parts, the first ones that fit as sources, and what room is left; nothing is shown twice."""
    parts: list[Part] = []
    shown = [part.candidate for part in names if part.detail is Detail.FULL]
    whole = {candidate.node for candidate in shown}
    inside = {node for candidate in shown for node in candidate.ancestors}
    for part in names:
        candidate = part.candidate
        if part.detail is Detail.FULL or room < LEAST:
            parts.append(part)
            continue
        if candidate.ancestors & whole:
            room += part.tokens
            continue
        most = min(max(SMALL, int(room * LARGEST)), room + part.tokens)
        full = None if candidate.node in holders | inside else _full(candidate, source, most)
        if full is not None:
            room -= full.tokens - part.tokens
            whole.add(candidate.node)
            inside |= candidate.ancestors
            part = full
        parts.append(part)
    return parts, room


def _as_signatures(parts: Sequence[Part], room: int) -> tuple[list[Part], int]:
    """The parts, names turned to signatures as long as there is room, and what is left of it."""
    found: list[Part] = []
    for part in parts:
        if part.detail is Detail.NAME:
            signature = _part(part.candidate, Detail.SIGNATURE, qualified_signature(part.candidate.symbol))
            if signature.tokens - part.tokens <= room:
                room -= signature.tokens - part.tokens
                part = signature
        found.append(part)
    return found, room


def _take(candidates: Sequence[Candidate], room: int, files: set[str | None]) -> tuple[list[Part], int]:
    """The first candidates whose names fit, and what they cost; ``files`` are those with a heading."""
    parts: list[Part] = []
    spent = 0
    for candidate in candidates:
        symbol = candidate.symbol
        part = _part(candidate, Detail.NAME, symbol.qualified)
        cost = part.tokens + (0 if symbol.file in files else estimate(_heading(symbol) + _NAMES) + 1)
        if spent + cost > room:
            break
        spent += cost
        files.add(symbol.file)
        parts.append(part)
    return parts, spent


def qualified_signature(symbol: Symbol) -> str:
    """A signature that says whose it is: ``def QuerySet.filter(self)``."""
    if symbol.name == symbol.qualified or not symbol.signature or symbol.kind is SymbolKind.IMPL_BLOCK:
        return symbol.signature or symbol.qualified
    for word in _WORD.finditer(symbol.signature):
        if word.group() == symbol.name:
            return symbol.signature[: word.start()] + symbol.qualified + symbol.signature[word.end() :]
    return symbol.signature


def _full(candidate: Candidate, source: Callable[[Symbol], str | None], most: int) -> Part | None:
    """A candidate with its source, at most that many tokens; without the comment above where that helps."""
    symbol = candidate.symbol
    if symbol.end_line - symbol.line >= most:  # a line is a token at the least
        return None
    text = source(symbol)
    if not text or not text.strip():
        return None
    full = _part(candidate, Detail.FULL, text.rstrip())
    if full.tokens <= most:
        return full
    bare = _without_comment(symbol, text)
    part = None if bare is None else _part(candidate, Detail.FULL, bare.rstrip())
    return part if part is not None and part.tokens <= most else None


# Printing


def _part(candidate: Candidate, detail: Detail, text: str, *, cut: bool = False) -> Part:
    printed = _printed(candidate, detail, text)
    return Part(candidate, detail, text, estimate(printed), cut)


def _printed(candidate: Candidate, detail: Detail, text: str) -> str:
    """One part of the document; each begins and ends so that parts can simply be joined."""
    symbol = candidate.symbol
    if detail is Detail.NAME:
        return f", {_code(text)}"
    if detail is Detail.SIGNATURE:
        return f"- {symbol.line} {_code(text)} {candidate.role}\n"
    fence = _fence(text)
    head = f"\n## {symbol.qualified} ({candidate.role}) {symbol.file}:{symbol.line}\n"
    return f"{head}{fence}{symbol.language}\n{text}\n{fence}\n"


_NAMES = "- also "  # before the names of a file, which share one line


def _heading(symbol: Symbol) -> str:
    """What stands above the listed symbols of a file."""
    return f"\n{symbol.file}:\n"


def _fence(text: str) -> str:
    """A run of backticks longer than any in the text."""
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    return "`" * max(3, longest + 1)


def _code(text: str) -> str:
    flat = " ".join(text.split())
    fence = "`" * (max((len(run) for run in _BACKTICKS.findall(flat)), default=0) + 1)
    space = " " if "`" in flat else ""
    return f"{fence}{space}{flat}{space}{fence}"


def _footer(left_out: int, budget: int) -> str:
    if not left_out:
        return ""
    return f"\n{left_out} more left out; --budget {2 * budget} shows more\n"


def _fit(parts: Sequence[Part], candidates: int, budget: int) -> Assembly:
    """The document, with parts dropped from the end until all that is printed is within the budget.

    A seed is never dropped from the answer, but where not even its name fits, nothing of it is printed.
    """
    kept = list(parts)
    while True:
        left_out = candidates - len(kept)
        for footer in (_footer(left_out, budget), ""):
            document = _document(kept, footer)
            tokens = estimate(document)
            if tokens <= budget:
                return Assembly(tuple(kept), document, tokens, left_out)
            if not kept or not kept[-1].candidate.is_seed:
                break
        shown = max((at for at, part in enumerate(kept) if part.text), default=None)
        if shown is None:
            return Assembly(tuple(kept), "", 0, left_out)
        if kept[shown].candidate.is_seed:
            kept[shown] = Part(kept[shown].candidate, Detail.NAME, "", 0, cut=True)
        else:
            kept.pop()


def _document(parts: Sequence[Part], footer: str) -> str:
    """Sources in rank order; below them the rest by file, the file of the best of them first."""
    sources: list[str] = []
    listed: dict[str, list[Part]] = {}
    for part in parts:
        if part.text and part.detail is Detail.FULL:
            sources.append(_printed(part.candidate, part.detail, part.text))
        elif part.text:
            listed.setdefault(_heading(part.candidate.symbol), []).append(part)
    for heading, group in listed.items():
        sources.append(heading)
        group.sort(key=lambda part: (part.detail is Detail.NAME, part.candidate.symbol.line))
        listing = [_printed(part.candidate, part.detail, part.text) for part in group]
        first = next((at for at, part in enumerate(group) if part.detail is Detail.NAME), None)
        if first is not None:
            listing[first] = _NAMES + listing[first].removeprefix(", ")
            listing.append("\n")
        sources += listing
    return ("".join(sources) + footer).lstrip("\n")
