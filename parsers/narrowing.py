"""Tests, and what they tell the code behind them, in the languages that narrow a variable by tests.

A test of a variable makes a pseudo-binding of it, made of what reached it before. Each language says which
tests tell what; how they follow each other is the same for all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import BindingId, TermId
from isg.parsers.flow import Environment, Origins, Reaching

# A variable that is tested again and again costs each of its uses as much as there are tests. What it is
# tells more than what it is not.
_MOST_EXCLUDED = 64
_MOST_TESTS = 128


class Fact(NamedTuple):
    """A variable or chain is (or is not) of a type."""

    key: str
    value: TermId  # its term before the test
    operator: int  # NARROW, EXCLUDE or SUBTYPE
    type: TermId

    def is_about(self, other: Fact) -> bool:
        """Whether both say the same of one variable, of different types."""
        return self.key == other.key and self.operator == other.operator


Facts = tuple[Fact, ...]


class Outcome(NamedTuple):
    """The value of a test, and what holds where it is true and where it is false."""

    term: TermId
    true: Facts = ()
    false: Facts = ()


class Held(NamedTuple):
    """The outcome of a test that a variable holds, and what reached the variables it is about then."""

    outcome: Outcome
    tested: dict[str, Reaching]


class _Frame(Protocol):
    env: Environment


class _Walk(Protocol):
    origins: Origins

    @property
    def frame(self) -> _Frame: ...

    def merge(self, one: Environment, other: Environment) -> Environment: ...


class Narrowing(ABC):
    """Follows tests through the environments in which their outcomes hold."""

    walk: _Walk

    @abstractmethod
    def test(self, node: Node) -> Outcome:
        """Read a test, and say what its outcomes tell."""

    @abstractmethod
    def narrowed(self, fact: Fact, before: Reaching) -> BindingId:
        """The pseudo-binding of a variable of which a fact is known; ``before`` reached it till then."""

    def behind(self, env: Environment, facts: Facts) -> Environment:
        """The environment where these facts hold; the given one where there are none."""
        if not facts:
            return env
        inner = env.fork()
        for fact in facts:
            self.learn(inner, fact)
        return inner

    def learn(self, env: Environment, fact: Fact) -> None:
        """Have a fact hold in an environment."""
        known = env.names if fact.key in env.names else env.chains
        before = known.get(fact.key, ())
        origins = self.walk.origins
        tests = origins.tests(before)
        if tests < (_MOST_EXCLUDED if fact.operator == op.EXCLUDE else _MOST_TESTS):
            binding = self.narrowed(fact, before)
            origins.note(binding, before)
            known[fact.key] = (binding,)

    def in_turn(self, operands: Sequence[Node], going_on: Callable[[Outcome], Facts]) -> list[Outcome]:
        """The outcomes of operands each of which is reached only where the ones before it let go on.

        ``going_on`` is what holds then. The value is known behind any of them, with what it assigned.
        """
        frame = self.walk.frame
        outcomes = [self.test(operands[0])]
        joined = frame.env
        for operand in operands[1:]:
            known = self.behind(frame.env, going_on(outcomes[-1]))
            frame.env = known.fork()
            outcomes.append(self.test(operand))
            if frame.env.differs(known):
                joined = self.walk.merge(joined, frame.env)
        frame.env = joined
        return outcomes

    def rejoined(self, before: Environment, one: Environment, other: Environment) -> Environment:
        """After an expression with branches only assignments in them can have changed anything."""
        if one is before and other is before:
            return before
        return self.walk.merge(one, other)
