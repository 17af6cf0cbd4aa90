"""Facts of Python sources as short text, so that a test is a source and what it must become."""

from __future__ import annotations

from textwrap import dedent

from shown_facts import declared_at, place, references_in, returned, shown, signature, symbol, symbols_in

from isg.parsers.facts import FileFacts
from isg.parsers.parse import parse

__all__ = [
    "declared_as",
    "declared_at",
    "facts_of",
    "place",
    "references",
    "returned",
    "shown",
    "signature",
    "symbol",
    "symbols",
    "value_of",
]


def facts_of(source: str) -> FileFacts:
    return parse("python", dedent(source).encode())


def value_of(source: str, name: str = "it") -> str:
    """The term that the last assignment to the name in the source gives it."""
    facts = facts_of(source)
    return shown(facts, [each for each in facts.bindings if each.name == name][-1].term)


def declared_as(source: str, name: str = "it") -> str:
    """The type expression of the name's first annotated binding."""
    facts = facts_of(source)
    return shown(facts, next(each.declared for each in facts.bindings if each.name == name and each.declared))


def symbols(source: str) -> list[str]:
    """``kind path`` of each symbol but the module, by place."""
    return symbols_in(facts_of(source))


def references(source: str, *roles: str) -> list[str]:
    """``role form term @ symbol`` of each reference with one of these roles, in source order."""
    return references_in(facts_of(source), *roles)
