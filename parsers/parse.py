"""One file's bytes to its facts, by language."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from isg.parsers.facts import Diagnostic, FileFacts
from isg.parsers.languages import FAMILIES

if TYPE_CHECKING:
    from isg.parsers.reparsing import Earlier

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


def _extract(language: str, source: bytes, earlier: Earlier | None) -> FileFacts:
    if language == "python":
        from isg.parsers.python.extract import extract

        return extract(source, earlier)
    if language == "rust":
        from isg.parsers.rust.extract import extract as extract_rust

        return extract_rust(source, earlier)
    if FAMILIES[language] == "typescript":
        from isg.parsers.typescript.extract import extract as extract_typescript

        return extract_typescript(language, source, earlier)
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
    return "+".join(f"{name}-{_version(name)}" for name in ("tree-sitter", "tree-sitter-language-pack"))


def _version(distribution: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # a tenth of a cold query's start

    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"
