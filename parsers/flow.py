"""Which bindings of a name can reach a point: environments that fork and merge with control flow.

An environment maps names to the bindings that may hold there. Statements are interpreted in order, once;
at the start of a loop all bindings of its body are joined in, which is the fixed point, since a binding is
known by its place and not by its value. All languages share these; each says where its control flow forks.
"""

from __future__ import annotations

from collections.abc import Sequence

from isg.parsers.facts import MOST_MEANINGS, BindingId

Reaching = tuple[BindingId, ...]


def most_telling(bindings: Sequence[BindingId]) -> Reaching:
    """Bindings of one name, in source order; where they are very many, those that come first and last.

    The first ones declare it, the last ones are in force. All of them would cost their number squared.
    """
    if len(bindings) <= MOST_MEANINGS:
        return tuple(bindings)
    return (*bindings[: MOST_MEANINGS // 2], *bindings[-MOST_MEANINGS // 2 :])


class Environment:
    """The bindings that reach one point of a scope.

    A name with no bindings may have any that its scope gives it. ``chains`` holds what is known of things
    that are no variables of this scope: attribute chains (``self.x``) and outer variables behind a test.
    They differ from names in a merge: known on one path only means not known.
    """

    __slots__ = ("alive", "chains", "names")

    def __init__(self, names: dict[str, Reaching], chains: dict[str, Reaching], alive: bool = True) -> None:
        self.names = names
        self.chains = chains
        self.alive = alive

    def differs(self, other: Environment) -> bool:
        """Whether other bindings reach this point than another one."""
        return self.names != other.names or self.chains != other.chains

    def fork(self) -> Environment:
        return Environment(self.names.copy(), self.chains.copy() if self.chains else {}, self.alive)

    def bind(self, name: str, binding: BindingId) -> None:
        """The name is bound anew, so what was known of its attributes is void."""
        self.names[name] = (binding,)
        if self.chains:
            self.forget_chains(name)

    def bind_perhaps(self, name: str, binding: BindingId) -> None:
        """The name may have been bound anew."""
        known = self.names.get(name, ())
        if binding not in known:
            self.names[name] = most_telling((*known, binding))
        if self.chains:
            self.forget_chains(name)

    def forget(self, name: str) -> None:
        self.names.pop(name, None)
        if self.chains:
            self.forget_chains(name)

    def forget_chains(self, name: str) -> None:
        """What was known of a variable or chain, its members and items; of ``a[``: only of items of ``a``."""
        prefixes = name if name.endswith("[") else (f"{name}.", f"{name}[")
        for key in [key for key in self.chains if key == name or key.startswith(prefixes)]:
            del self.chains[key]


class Origins:
    """For each pseudo-binding of a test: what reached before it.

    Where both outcomes of a test meet again, nothing is known any more: the merge goes back to that.
    """

    __slots__ = ("_before", "_tests")

    def __init__(self) -> None:
        self._before: dict[BindingId, Reaching] = {}
        self._tests: dict[BindingId, int] = {}

    def note(self, binding: BindingId, before: Reaching) -> None:
        """A test made this binding of what reached it."""
        self._tests[binding] = self.tests(before) + 1
        self._before[binding] = before

    def tests(self, reaching: Reaching) -> int:
        """How many tests what reaches a point has gone through, at most."""
        known = self._tests
        return max((known.get(binding, 0) for binding in reaching), default=0) if known else 0

    def untested(self, reaching: Reaching) -> Reaching:
        """The bindings of the source that reach a point, whatever tests told of them."""
        before = self._before
        if not before:
            return reaching
        found: dict[BindingId, None] = {}
        pending = [*reversed(reaching)]
        while pending:
            binding = pending.pop()
            if before.get(binding):
                pending += reversed(before[binding])
            else:
                found[binding] = None
        return tuple(found)

    def merge(self, one: Environment, other: Environment) -> Environment:
        """What holds where two paths meet; a path that ended adds nothing."""
        if not one.alive:
            return other
        if not other.alive:
            return one
        names = one.names.copy()
        for name, reaching in other.names.items():
            known = names.get(name)
            if known is None:
                names[name] = reaching
            elif known != reaching:
                names[name] = self._union(known, reaching)
        chains: dict[str, Reaching] = {}
        if one.chains and other.chains:
            for key, reaching in other.chains.items():
                known = one.chains.get(key)
                if known is not None:
                    union = self._union(known, reaching)
                    if union:
                        chains[key] = union
        return Environment(names, chains)

    def _union(self, one: Reaching, other: Reaching) -> Reaching:
        if one == other:
            return one
        if not one or not other:
            return ()
        if len(one) == len(other) == 1:
            origin = self._before.get(one[0])
            if origin is not None and origin == self._before.get(other[0]):
                return self.rejoined(one[0], other[0], origin)
        union = {*one, *other}
        for binding in (*one, *other):
            if self._adds_nothing(binding, union):
                union.discard(binding)
        return most_telling(sorted(union))

    def rejoined(self, one: BindingId, other: BindingId, origin: Reaching) -> Reaching:
        """What is left of the two outcomes of a test where they meet again: what reached the test."""
        return origin

    def before(self, reaching: Reaching) -> Reaching:
        """What reached the tests whose outcomes have met in what reaches a point."""
        return reaching

    def _adds_nothing(self, binding: BindingId, union: set[BindingId]) -> bool:
        """Whether what reached a test is in a union itself: x or (x known to be a C, and a D) is x."""
        before = self._before.get(binding)
        while before:
            if union.issuperset(before):
                return True
            before = self._before.get(before[0]) if len(before) == 1 else None
        return False
