"""What a macro by example makes of its input (Rust reference, "Macros By Example").

The first rule that takes the input is used. A repetition takes as much as it can: rules for which that is
not what is meant are ambiguous to the compiler as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from isg.parsers.rust.effort import Effort
from isg.parsers.rust.fragments import NONE, Fragments
from isg.parsers.rust.lexing import CLOSERS, NOWHERE, Token, TokenKind, Tokens
from isg.parsers.rust.rules import Part, Repetition, Rule, Unreadable, Variable

# What a variable stands for: tokens of the input from one to another; or for each time that it is repeated.
Bound: TypeAlias = "tuple[int, int] | list[Bound]"


def transcribed(rules: tuple[Rule, ...], tokens: Tokens, effort: Effort) -> list[Token]:
    """What the first rule gives that takes these tokens; raises Unreadable where none does, and Spent."""
    fit = _Fit(tokens, effort)
    for rule in rules:
        bound: dict[str, Bound] = {}
        if fit.end(rule.takes, 0, len(tokens.each), bound) == len(tokens.each):
            given: list[Token] = []
            _Gift(tokens, effort, given).write(rule.gives, bound)
            return given
    raise Unreadable


class _Fit:
    """Fits what rules take to tokens."""

    def __init__(self, tokens: Tokens, effort: Effort) -> None:
        self._each = tokens.each
        self._closing = tokens.closing
        self._fragments = Fragments(tokens, effort)
        self._effort = effort

    def end(self, parts: tuple[Part, ...], at: int, end: int, bound: dict[str, Bound]) -> int:
        """The token behind those that the parts take, which bind variables; NONE where they do not fit."""
        ends: list[int] = []  # of the brackets around those that are open
        for part in parts:
            self._effort.spend(1)
            if isinstance(part, Token):
                if part.text in CLOSERS and at == end and ends:
                    end = ends.pop()
                elif at >= end or self._each[at].text != part.text:
                    return NONE
                elif at in self._closing:
                    ends.append(end)
                    end = self._closing[at]
                at += 1
            elif isinstance(part, Variable):
                first, at = at, self._fragments.end(part.fragment, at, end)
                bound[part.name] = first, at
            else:
                at = self._repeated(part, at, end, bound)
            if at == NONE:
                return NONE
        return at

    def _repeated(self, part: Repetition, at: int, end: int, bound: dict[str, Bound]) -> int:
        rounds: list[dict[str, Bound]] = []
        while at < end:
            first = at
            if rounds and part.separator is not None:
                if self._each[at].text != part.separator.text:
                    break
                first += 1
            inner: dict[str, Bound] = {}
            behind = self.end(part.inner, first, end, inner)
            if behind in (NONE, first):
                break
            at = behind
            rounds.append(inner)
            if part.times == "?":
                break
        for name in part.names:
            bound[name] = [each[name] for each in rounds]
        return at if rounds or part.times != "+" else NONE


class _Gift:
    """Writes what a rule gives."""

    def __init__(self, tokens: Tokens, effort: Effort, given: list[Token]) -> None:
        self._each = tokens.each
        self._effort = effort
        self._given = given

    def write(self, parts: tuple[Part, ...], bound: Mapping[str, Bound]) -> None:
        """Raises Unreadable and Spent."""
        self._effort.spend(len(parts))
        for part in parts:
            if isinstance(part, Token):
                self._given.append(part)
            elif isinstance(part, Variable):
                self._variable(part, bound)
            else:
                self._repeated(part, bound)

    def _variable(self, part: Variable, bound: Mapping[str, Bound]) -> None:
        """A variable that nothing binds belongs to a macro that is defined here."""
        span = bound.get(part.name)
        if span is None:
            self._given.append(Token(TokenKind.MARK, "$", NOWHERE, part.gap))
            self._given.append(Token(TokenKind.WORD, part.name, NOWHERE, ""))
            return
        if isinstance(span, list):
            raise Unreadable
        first, end = span
        self._effort.spend(end - first)
        if first < end:
            self._given.append(self._each[first]._replace(gap=part.gap))
            self._given += self._each[first + 1 : end]

    def _repeated(self, part: Repetition, bound: Mapping[str, Bound]) -> None:
        rounds = {name: each for name in part.names if isinstance(each := bound.get(name), list)}
        counts = {len(each) for each in rounds.values()}
        if len(counts) != 1:
            raise Unreadable
        (count,) = counts
        for index in range(count):
            if index and part.separator is not None:
                self._given.append(part.separator)
            self._effort.spend(len(bound))
            behind = len(self._given)
            self.write(part.inner, {**bound, **{name: each[index] for name, each in rounds.items()}})
            if behind < len(self._given) and not self._given[behind].gap:
                self._given[behind] = self._given[behind]._replace(gap=part.gap)
