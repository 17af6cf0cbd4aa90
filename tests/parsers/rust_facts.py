"""Facts of Rust sources as short text, so that a test is a source and what it must become."""

from __future__ import annotations

from textwrap import dedent

from shown_facts import place, references_in, returned, shown, signature, symbol, symbols_in

from isg.parsers.facts import FileFacts
from isg.parsers.parse import parse

__all__ = [
    "facts_of",
    "imports",
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
    return parse("rust", dedent(source).encode())


def value_of(statements: str, name: str = "it") -> str:
    """The term that the last `let` of the name gives it, in a function with parameters a, b and c."""
    facts = facts_of(f"fn f(a: A, b: B, c: C) {{ {statements} }}")
    return shown(facts, [each for each in facts.bindings if each.name == name][-1].term)


def symbols(source: str) -> list[str]:
    """``kind path`` of each symbol but the module, by place."""
    return symbols_in(facts_of(source))


def references(source: str, *roles: str) -> list[str]:
    """``role form term @ symbol`` of each reference with one of these roles, in source order."""
    return references_in(facts_of(source), *roles)


def imports(source: str) -> list[str]:
    """``module | name | alias | flags`` of each import."""
    return [
        f"{each.module} | {each.name} | {each.alias} | {' '.join(flag.name or '' for flag in each.flags)}"
        for each in facts_of(source).imports
    ]
