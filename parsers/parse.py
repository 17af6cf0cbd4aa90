"""One file's bytes to its facts, by language."""

from __future__ import annotations

from functools import cache

from isg.parsers.facts import FileFacts

EXTRACTOR_VERSION = 4  # raise it whenever the facts of some source change


def parse(language: str, source: bytes) -> FileFacts:
    """The facts of one source file. Pure: the same bytes give the same facts anywhere.

    Raises KeyError for a language without a module.
    """
    if language == "python":
        from isg.parsers.python.extract import extract

        return extract(source)
    raise KeyError(language)


@cache
def grammar_version(language: str) -> str:
    """What facts depend on besides the bytes and the extractor: the grammar that parses them."""
    if language != "python":
        raise KeyError(language)
    return "+".join(f"{name}-{_version(name)}" for name in ("tree-sitter", "tree-sitter-language-pack"))


def _version(distribution: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # a tenth of a cold query's start

    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"
