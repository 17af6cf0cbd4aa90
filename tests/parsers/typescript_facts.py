"""Facts of TypeScript sources as short text, so that a test is a source and what it must become."""

from __future__ import annotations

from textwrap import dedent

from shown_facts import declared_at, place, references_in, returned, shown, signature, symbol, symbols_in

from isg.parsers.facts import FileFacts, ScopeKind
from isg.parsers.parse import parse

__all__ = [
    "declared_as",
    "declared_at",
    "exports",
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


def facts_of(source: str, language: str = "typescript") -> FileFacts:
    return parse(language, dedent(source).encode())


def value_of(source: str, name: str = "it", language: str = "typescript") -> str:
    """The term that the last binding of the name in the source gives it."""
    facts = facts_of(source, language)
    return shown(facts, [each for each in facts.bindings if each.name == name][-1].term)


def declared_as(source: str, name: str = "it") -> str:
    """The declared type of the name's last binding that has one."""
    facts = facts_of(source)
    found = [each.declared for each in facts.bindings if each.name == name and each.declared]
    return shown(facts, found[-1])


def symbols(source: str, language: str = "typescript") -> list[str]:
    """``kind path`` of each symbol but the module, by place."""
    return symbols_in(facts_of(source, language))


def references(source: str, *roles: str, language: str = "typescript") -> list[str]:
    """``role form term @ symbol`` of each reference with one of these roles, in source order."""
    return references_in(facts_of(source, language), *roles)


def imports(source: str, language: str = "typescript") -> list[str]:
    """``module name alias flags`` of each import."""
    found = []
    for each in facts_of(source, language).imports:
        flags = f" [{each.flags!s}]" if each.flags else ""
        found.append(f"{each.module} {each.name or '()'}{each.alias and f' as {each.alias}'}{flags}")
    return found


def exports(source: str, language: str = "typescript") -> dict[str, str]:
    """The terms of the names that a module exports."""
    facts = facts_of(source, language)
    scope = next(each for each in facts.scopes if each.kind is ScopeKind.EXPORTS)
    return {
        name: " / ".join(shown(facts, facts.bindings[number].term) for number in numbers)
        for name, numbers in scope.names.items()
    }
