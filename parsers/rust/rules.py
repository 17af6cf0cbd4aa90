"""The rules of a macro: what each takes, and what it gives (Rust reference, "Macros By Example")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from isg.parsers.rust.lexing import OPENERS, Token, TokenKind, Tokens

_TIMES = frozenset("*+?")
_MAX_NESTING = 32  # brackets in brackets of a rule


@dataclass(frozen=True, slots=True)
class Variable:
    """`$name`, and in what a rule takes the fragment that it is: `$name:ty`."""

    name: str
    gap: str  # what stands before it
    fragment: str = ""


@dataclass(frozen=True, slots=True)
class Repetition:
    """`$( … ) separator times`"""

    inner: tuple[Part, ...]
    separator: Token | None
    times: str
    names: frozenset[str]  # of the variables in it
    gap: str  # what stands before it


Part: TypeAlias = "Token | Variable | Repetition"


@dataclass(frozen=True, slots=True)
class Rule:
    takes: tuple[Part, ...]
    gives: tuple[Part, ...]


class Unreadable(Exception):
    """A macro is written in a way that is not read here."""


def rules_of(tokens: Tokens) -> tuple[Rule, ...]:
    """The rules of `macro_rules! name { (…) => { … }; … }`, from the tokens between its brackets.

    Raises Unreadable.
    """
    each, closing = tokens.each, tokens.closing
    found: list[Rule] = []
    at = 0
    while at < len(each):
        if at not in closing or closing[at] + 2 not in closing or each[closing[at] + 1].text != "=>":
            raise Unreadable
        body = closing[at] + 2
        takes = _Parts(tokens, binds=True).between(at + 1, closing[at], 0)
        gives = _Parts(tokens, binds=False).between(body + 1, closing[body], 0)
        found.append(Rule(takes, gives))
        at = closing[body] + 1
        while at < len(each) and each[at].text == ";":
            at += 1
    return tuple(found)


class _Parts:
    """Reads what a rule takes, where variables are bound, or what it gives."""

    def __init__(self, tokens: Tokens, *, binds: bool) -> None:
        self._each = tokens.each
        self._closing = tokens.closing
        self._binds = binds

    def between(self, at: int, end: int, depth: int) -> tuple[Part, ...]:
        """The parts from one token to another, brackets among them; bodies of functions are left empty."""
        found: list[Part] = []
        in_head = False  # of a function
        while at < end:
            token = self._each[at]
            if token.text == "$" and token.kind is TokenKind.MARK:
                part, at = self._special(at, end, depth)
                found.append(part)
                continue
            found.append(token)
            if token.text == "fn":
                in_head = at + 1 < end and self._each[at + 1].text not in OPENERS
            elif token.text == ";":
                in_head = False
            elif token.text == "{" and in_head and not self._binds:
                in_head = False
                at = self._closing[at]
                found.append(self._each[at])
            at += 1
        return tuple(found)

    def _special(self, at: int, end: int, depth: int) -> tuple[Part, int]:
        """What begins with `$`, and the token behind it."""
        if at + 1 >= end or depth > _MAX_NESTING:
            raise Unreadable
        token = self._each[at + 1]
        if at + 1 in self._closing and token.text == "(":
            return self._repetition(at + 1, end, depth)
        if token.kind is not TokenKind.WORD:
            raise Unreadable
        if token.text == "crate":
            return token._replace(gap=self._each[at].gap), at + 2
        if not self._binds:
            return Variable(token.text, self._each[at].gap), at + 2
        if at + 3 >= end or self._each[at + 2].text != ":":
            raise Unreadable
        return Variable(token.text, "", self._each[at + 3].text), at + 4

    def _repetition(self, opening: int, end: int, depth: int) -> tuple[Part, int]:
        closing, gap = self._closing[opening], self._each[opening - 1].gap
        inner = self.between(opening + 1, closing, depth + 1)
        separator: Token | None = None
        at = closing + 1
        if at < end and self._each[at].text not in _TIMES:
            separator = self._each[at]
            at += 1
        if at >= end or self._each[at].text not in _TIMES:
            raise Unreadable
        return Repetition(inner, separator, self._each[at].text, frozenset(_names(inner)), gap), at + 1


def _names(parts: tuple[Part, ...]) -> Iterator[str]:
    for each in parts:
        if isinstance(each, Variable):
            yield each.name
        elif isinstance(each, Repetition):
            yield from each.names
