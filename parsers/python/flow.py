"""Which bindings of a name can reach a point: environments that fork and merge with control flow.

An environment maps names to the bindings that may hold there. Statements are interpreted in order, once;
at the start of a loop all bindings of its body are joined in, which is the fixed point, since a binding is
known by its place and not by its value.
"""

from __future__ import annotations

from isg.parsers.facts import BindingId
from isg.parsers.tables import SignatureDraft

Reaching = tuple[BindingId, ...]


class Environment:
    """The bindings that reach one point of a scope.

    ``chains`` holds what is known of things that are no variables of this scope: attribute chains
    (``self.x``) and outer variables behind a test. They differ from names in a merge: known on one path
    only means not known.
    """

    __slots__ = ("alive", "chains", "names")

    def __init__(self, names: dict[str, Reaching], chains: dict[str, Reaching], alive: bool = True) -> None:
        self.names = names
        self.chains = chains
        self.alive = alive

    def fork(self) -> Environment:
        return Environment(self.names.copy(), self.chains.copy() if self.chains else {}, self.alive)

    def bind(self, name: str, binding: BindingId) -> None:
        """The name is bound anew, so what was known of its attributes is void."""
        self.names[name] = (binding,)
        if self.chains:
            self.forget_chains(name)

    def forget(self, name: str) -> None:
        self.names.pop(name, None)
        if self.chains:
            self.forget_chains(name)

    def forget_chains(self, name: str) -> None:
        prefix = f"{name}."
        for key in [key for key in self.chains if key == name or key.startswith(prefix)]:
            del self.chains[key]


class Origins(dict[BindingId, Reaching]):
    """For each pseudo-binding of a test: what reached before it.

    Where both outcomes of a test meet again, nothing is known any more: the merge goes back to that.
    """

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
        if len(one) == len(other) == 1:
            origin = self.get(one[0])
            if origin is not None and origin == self.get(other[0]):
                return origin
        union = {*one, *other}
        for binding in (*one, *other):
            origin = self.get(binding)
            if origin and union.issuperset(origin):
                union.discard(binding)  # x or (x known to be a C) is x
        return tuple(sorted(union))


class Frame:
    """The scope being read: its names, its environment, and the function whose body it belongs to."""

    __slots__ = (
        "accessors",
        "breaks",
        "definitions",
        "env",
        "fields",
        "is_class",
        "is_function",
        "is_inline",
        "names",
        "notable",
        "outer",
        "overloads",
        "parent",
        "redirected",
        "referrer",
        "scope",
        "self_binding",
        "self_class",
        "self_instance",
        "self_name",
        "signature",
        "symbol",
    )

    def __init__(
        self, parent: Frame | None, scope: int, symbol: int, names: dict[str, list[BindingId]]
    ) -> None:
        self.parent = parent
        self.scope = scope
        self.symbol = symbol
        self.referrer = symbol  # the source of references: while a head is read, what it defines
        self.names = names
        self.env = Environment({}, {})
        self.is_function = False  # function, lambda, comprehension, type parameters
        self.is_class = False
        self.is_inline = False  # a comprehension: it runs where it stands
        self.notable: set[str] = set()  # names that are more than plain locals
        self.outer: dict[str, tuple[int, bool]] = {}  # terms of names that do not come from here
        self.redirected: dict[str, Frame] = {}  # global and nonlocal names
        self.breaks: list[list[Environment]] = []
        self.definitions: dict[str, int] = {}  # symbols of this scope by name, as first defined
        self.overloads: dict[str, tuple[int, int]] = {}  # open overload sets: symbol and binding
        self.accessors: dict[str, tuple[int, int]] = {}  # what x.setter may belong to: symbol and binding
        self.fields: dict[str, int] = {}  # of a class: symbols of attributes set on instances
        self.signature: SignatureDraft | None = None
        self.self_name = ""
        self.self_binding = -1
        self.self_class: Frame | None = None
        self.self_instance = False

    def inherit_self(self, outer: Frame) -> None:
        """Closures see the first parameter of the method around them."""
        self.self_name = outer.self_name
        self.self_binding = outer.self_binding
        self.self_class = outer.self_class
        self.self_instance = outer.self_instance
