"""Least fixed points over mutually dependent questions.

Evaluation is demand-driven and memoised. A question that (indirectly) asks itself gets the best answer
so far; the head of such a strongly connected component asks again until no answer in it changes. So an
answer is the least solution of its component, whatever was asked first (chaotic iteration; the
components are found on the stack as in Tarjan 1972).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

if TYPE_CHECKING:
    from isg.graph.linking.module import Module

A = TypeVar("A")
Question: TypeAlias = "tuple[Module, str, int]"  # the module asked, the kind of question, about which index

_FREE = 1 << 60
_ROUNDS = 40  # a bound on rounds; answers grow in a finite lattice and need far fewer


class Solver:
    """Answers questions by calling ``compute`` once for each, or to a fixed point where they are cyclic."""

    def __init__(self) -> None:
        self._active: dict[Question, int] = {}  # questions under way, with how deep they stand
        self._asked: set[Question] = set()  # those of them that were asked again meanwhile
        self._provisional: dict[Question, int] = {}  # answered in this round, with the depth it rests on
        self._best: dict[Question, Any] = {}  # the best answers so far of unfinished components
        self._pending: list[Question] = []  # the provisional ones, in order
        self._low = _FREE  # the least depth of a question under way that was asked again
        self._changed = False

    def solve(self, key: Question, compute: Callable[[], A], bottom: A, join: Callable[[A, A], A]) -> A:
        """The answer to ``key``; the caller has looked into what the module keeps already."""
        depth = self._active.get(key)
        if depth is not None:
            self._asked.add(key)
            self._low = min(self._low, depth)
            return cast("A", self._best.get(key, bottom))
        rests_on = self._provisional.get(key) if self._provisional else None
        if rests_on is not None:
            self._low = min(self._low, rests_on)
            return cast("A", self._best[key])
        depth = self._active[key] = len(self._active)
        outer_low, outer_changed, mark = self._low, self._changed, len(self._pending)
        self._low, self._changed = _FREE, False
        answer = compute()
        if self._low != _FREE or (self._best and key in self._best) or (self._asked and key in self._asked):
            answer = self._settle(key, answer, compute, bottom, join, mark)
            if self._low < depth:  # part of a component whose head is further out: that one iterates
                self._pending.append(key)
                del self._active[key]
                self._asked.discard(key)
                self._low = min(outer_low, self._low)
                self._changed = self._changed or outer_changed
                return answer
        key[0].keep(key[1], key[2], answer)
        del self._active[key]
        self._low, self._changed = outer_low, outer_changed
        return answer

    def attempt(self, compute: Callable[[], A]) -> tuple[A, bool]:
        """What ``compute`` gives, and whether that is final: it rests on no question under way."""
        outer_low, self._low = self._low, _FREE
        answer = compute()
        final = self._low == _FREE
        self._low = min(outer_low, self._low)
        return answer, final

    def _settle(
        self,
        key: Question,
        answer: A,
        compute: Callable[[], A],
        bottom: A,
        join: Callable[[A, A], A],
        mark: int,
    ) -> A:
        """Ask until no answer of the component changes, where this question is its head."""
        depth = self._active[key]
        for _ in range(_ROUNDS):
            if key in self._asked or key in self._best:
                before = self._best.get(key, bottom)
                answer = join(before, answer)
                if not _same(answer, before):
                    self._changed = True
                self._best[key] = answer
            if self._low < depth:
                self._best[key] = answer
                self._provisional[key] = self._low
                return answer
            if not self._changed or key not in self._asked:
                break
            self._forget_round(mark)
            self._low, self._changed = _FREE, False
            answer = compute()
        for done in self._pending[mark:]:
            del self._provisional[done]
            done[0].keep(done[1], done[2], self._best.pop(done))
        del self._pending[mark:]
        self._best.pop(key, None)
        self._asked.discard(key)
        return answer

    def _forget_round(self, mark: int) -> None:
        for key in self._pending[mark:]:
            del self._provisional[key]
        del self._pending[mark:]


def latest(_: A, new: A) -> A:
    """The newer of two answers: how to join those that are no sets, and do not grow."""
    return new


def _same(one: object, other: object) -> bool:
    if one is other or one == other:
        return True
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and set(one) == set(other)
    return False
