"""One file's bytes to its facts, by language."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from isg.parsers.differing import Difference, Lines, changed_lines, difference
from isg.parsers.facts import Diagnostic, FileFacts, SymbolId
from isg.parsers.installed import GRAMMARS, installed
from isg.parsers.languages import FAMILIES
from isg.parsers.reach import function_at

if TYPE_CHECKING:
    from isg.parsers.reparsing import Earlier

READ_IN_PARTS = frozenset({"python"})
"""Languages of which one function can be read again alone."""

_FRAMES = 20_000  # Python frames, far more than the depth limits of the readers let them use


def parse(language: str, source: bytes, earlier: Earlier | None = None) -> FileFacts:
    """The facts of one source file. Pure: the same bytes give the same facts anywhere.

    ``earlier`` is the last content of the same file, where it is at hand, and becomes this one.

    Raises KeyError for a language without a module.
    """
    from isg.parsers.grammar import TooBroken  # brings in tree-sitter, which the coordinator can do without

    with _prepared():
        try:
            return _extract(language, source, earlier)
        except TooBroken:
            return _not_understood(language, source)


class Edit(NamedTuple):
    """An edit within one function: its index, the lines that changed, and the facts of before."""

    function: SymbolId
    lines: Lines
    before: FileFacts


def parse_edited(
    language: str,
    facts: Callable[[], FileFacts],
    before: bytes,
    after: bytes,
    earlier: Earlier | None = None,
) -> tuple[FileFacts, Edit | None]:
    """The facts of a file that was edited, from those of before.

    Where the edit is within one function that can be read alone, it is given beside. The facts then say what
    ``parse`` says, but tables only grow: the numbers of before mean what they meant.
    """
    if language in READ_IN_PARTS:
        where = difference(before, after)
        known, lines = facts(), changed_lines(before, after, where)
        function = function_at(known, lines)
        found = None if function is None else _reread(known, function, after, where, lines)
        if function is not None and found is not None:
            return found, Edit(function, lines, known)
    return parse(language, after, earlier), None


def _reread(
    facts: FileFacts, function: SymbolId, source: bytes, where: Difference, lines: Lines
) -> FileFacts | None:
    from isg.parsers.python.rereading import reread

    with _prepared():
        return reread(facts, function, source, where, lines)


def _extract(language: str, source: bytes, earlier: Earlier | None) -> FileFacts:
    return reader(language)(source, earlier)


def reader(language: str) -> Callable[[bytes, Earlier | None], FileFacts]:
    """What reads the files of a language, imported with its grammar; raises KeyError for one without."""
    if language == "python":
        from isg.parsers.python.extract import extract

        return extract
    if language == "rust":
        from isg.parsers.rust.extract import extract as extract_rust

        return extract_rust
    if FAMILIES[language] == "typescript":
        from isg.parsers.typescript.extract import extract as extract_typescript

        return partial(extract_typescript, language)
    raise KeyError(language)


def _not_understood(language: str, source: bytes) -> FileFacts:
    """The facts of an empty file of as many lines, and why there are no others."""
    facts = _extract(language, b"\n" * source.count(b"\n"), None)
    reason = Diagnostic("too-broken", "too many errors to parse it", 1, max(facts.lines, 1))
    return msgspec.structs.replace(facts, diagnostics=(reason,))


@contextmanager
def _prepared() -> Iterator[None]:
    """Room for deep sources, and no garbage collection among the many live small objects."""
    limit, collecting = sys.getrecursionlimit(), gc.isenabled()
    sys.setrecursionlimit(max(limit, _FRAMES))
    gc.disable()
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
        if collecting:
            gc.enable()


@cache
def grammar_version(language: str) -> str:
    """What facts depend on besides the bytes and the extractor: the grammar that parses them."""
    if language not in FAMILIES:
        raise KeyError(language)
    return "+".join(map(installed, GRAMMARS))
