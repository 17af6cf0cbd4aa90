"""Python classes: bases, type parameters, method resolution order, and members by name.

Rules: the language reference §3.3.3 (class creation) and the C3 linearisation of Barrett et al., "A
Monotonic Superclass Linearization for Dylan" (1996), which Python's MRO is.
"""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from isg.graph.linking.fixpoint import latest
from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    UNKNOWN,
    ClassEntity,
    Entity,
    External,
    Instance,
    TypeVariable,
    Value,
)
from isg.parsers.facts import BindingKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isg.graph.semantics.python.language import Python

CLASS_KINDS = frozenset({"class", "enum", "protocol"})


class ClassInfo(msgspec.Struct, frozen=True):
    """What a class head says, resolved."""

    bases: tuple[Entity, ...] = ()  # ClassEntity, External or UNKNOWN, in source order
    parameters: tuple[TypeVariable, ...] = ()
    metaclass: Entity | None = None
    protocol: bool = False
    enum: bool = False
    named_tuple: bool = False
    typed_dict: bool = False


_EMPTY = ClassInfo()


class Member(msgspec.Struct, frozen=True, gc=False):
    """A member found on a class: the class in the MRO that has it, and its bindings there."""

    owner: ClassEntity
    bindings: tuple[int, ...]


_Place: TypeAlias = tuple[int, Member | Entity | None]
"""Where in a resolution order a member is, and what is found there; -1 for nowhere."""


class Classes:
    """Answers questions about classes of the project and of the library."""

    def __init__(self, python: Python) -> None:
        self._python = python
        self._members: dict[tuple[Module, int, str], tuple[int, ...]] = {}
        self._places: dict[tuple[object, ...], _Place] = {}
        self._mros: dict[ClassEntity, tuple[tuple[Entity, ...], tuple[Entity, ...]]] = {}

    def info(self, module: Module, symbol: int) -> ClassInfo:
        if self._python.reader is not module:
            self._python.consult(module, "class", module.path, module.qualified[symbol])
        found = module.memo.get(("class", symbol))
        if found is not None:
            return found  # type: ignore[no-any-return]
        key = (module, "class", symbol)
        return self._python.solver.solve(key, lambda: self._info(module, symbol), _EMPTY, latest)

    def _info(self, module: Module, symbol: int) -> ClassInfo:
        before = self._python.reading(module)
        try:
            return self._read_head(module, symbol)
        finally:
            self._python.reading(before)

    def _read_head(self, module: Module, symbol: int) -> ClassInfo:
        fact = module.facts.symbols[symbol]
        python = self._python
        bases: list[Entity] = []
        explicit: list[TypeVariable] = []
        mentioned: dict[TypeVariable, None] = {}
        flags = {"protocol": False, "enum": False, "named_tuple": False, "typed_dict": False}
        for term in fact.bases:
            special, arguments = python.types.special_base(module, term)
            if special is not None:
                if special in ("Generic", "Protocol"):
                    explicit += [v for value in arguments for v in value if isinstance(v, TypeVariable)]
                flags["protocol"] |= special == "Protocol"
                flags["named_tuple"] |= special == "NamedTuple"
                flags["typed_dict"] |= special == "TypedDict"
                if special not in ("Generic", "Protocol"):
                    known = python.stubs.library_class(f"typing.{special}")
                    bases.append(known or python.universe.external(f"typing.{special}"))
                continue
            for base in self._base_entities(module, term):
                if isinstance(base, ClassEntity) and base.module is module and base.symbol == symbol:
                    continue  # a class is not its own base: a name bound twice
                bases.append(base)
                mentioned.update(dict.fromkeys(_variables(base)))
        parameters = [
            python.universe.type_variable(module, b)
            for name in fact.type_parameters
            for b in self._type_parameter_bindings(module, fact.scope, name)
        ]
        metaclass = next(
            (python.types.class_of_term(module, t) for n, t in fact.keywords if n == "metaclass"), None
        )
        enum = any(self._is_enum(base) for base in bases)
        flags["enum"] = enum
        return ClassInfo(
            tuple(dict.fromkeys(bases)), tuple(parameters or explicit or mentioned), metaclass, **flags
        )

    def _base_entities(self, module: Module, term: int) -> Iterator[Entity]:
        found = False
        for entity in self._python.types.type_expression(module, term):
            if isinstance(entity, Instance):
                found = True
                yield entity.type
            elif isinstance(entity, External):
                found = True
                yield entity
        if not found:
            for entity in self._python.evaluator.value(module, term):
                yield entity if isinstance(entity, ClassEntity | External) else UNKNOWN

    def _type_parameter_bindings(self, module: Module, scope: int, name: str) -> Iterator[int]:
        scopes, bindings = module.facts.scopes, module.facts.bindings
        while scope >= 0:
            for binding in scopes[scope].names.get(name, ()):
                if bindings[binding].kind is BindingKind.TYPE_PARAMETER:
                    yield binding
                    return
            scope = scopes[scope].parent

    def _is_enum(self, base: Entity) -> bool:
        if isinstance(base, External):
            return base.name.startswith("enum.")
        if isinstance(base, ClassEntity):
            return base.module.name == "enum" or self.info(base.module, base.symbol).enum
        return False

    # linearisation

    def mro(self, type_: ClassEntity) -> tuple[Entity, ...]:
        """The class and its ancestors in method resolution order, type arguments passed along.

        Ancestors outside the project are External entities; a base that is not known is UNKNOWN.
        """
        plain = self._plain_mro(type_.module, type_.symbol)
        if not type_.arguments:
            return plain
        known = self._mros.get(type_)
        if known is not None and known[0] is plain:
            return known[1]
        found = self._with_arguments(type_, plain)
        self._mros[type_] = (plain, found)
        return found

    def _with_arguments(self, type_: ClassEntity, plain: tuple[Entity, ...]) -> tuple[Entity, ...]:
        mapping = self.mapping(type_)
        variables = self._python.variables
        return tuple(
            variables.substitute_class(e, mapping) if isinstance(e, ClassEntity) else e
            for e in (type_, *plain[1:])
        )

    def mapping(self, type_: ClassEntity) -> dict[TypeVariable, Value]:
        """Type parameters of a class to the arguments given."""
        if not type_.arguments:
            return {}
        return dict(zip(self.info(type_.module, type_.symbol).parameters, type_.arguments, strict=False))

    def _plain_mro(self, module: Module, symbol: int) -> tuple[Entity, ...]:
        if self._python.reader is not module:
            self._python.consult(module, "class", module.path, module.qualified[symbol])
        found = module.memo.get(("mro", symbol))
        if found is not None:
            return found  # type: ignore[no-any-return]
        key = (module, "mro", symbol)
        return self._python.solver.solve(key, lambda: self._linearise(module, symbol), (), latest)

    def _linearise(self, module: Module, symbol: int) -> tuple[Entity, ...]:
        before = self._python.reading(module)
        try:
            itself = self._python.universe.class_(module, symbol)
            bases = self.info(module, symbol).bases
            if len(bases) == 1:
                only = bases[0]
                rest = self.mro(only) if isinstance(only, ClassEntity) else (only,)
                return (itself, *[e for e in rest if e is not itself])
            chains = [list(self.mro(b)) if isinstance(b, ClassEntity) else [b] for b in bases]
            chains = [[e for e in chain if e is not itself] for chain in chains]
            return (itself, *merge([*chains, list(bases)]))
        finally:
            self._python.reading(before)

    def is_subclass(self, type_: ClassEntity, other: ClassEntity) -> bool:
        if type_.module is other.module and type_.symbol == other.symbol:
            return True
        return any(
            isinstance(e, ClassEntity) and e.module is other.module and e.symbol == other.symbol
            for e in self._plain_mro(type_.module, type_.symbol)
        )

    def as_base(self, type_: ClassEntity, other: ClassEntity) -> ClassEntity | None:
        """The entry of another class in the MRO of this one, with the arguments it has there."""
        for entity in self.mro(type_):
            if (
                isinstance(entity, ClassEntity)
                and entity.module is other.module
                and entity.symbol == other.symbol
            ):
                return entity
        return None

    # members

    def own(self, module: Module, symbol: int, name: str) -> tuple[int, ...]:
        """The bindings of a name in the body of one class, attributes of its instances included."""
        if self._python.reader is not module:
            self._python.consult(module, "member", module.path, module.qualified[symbol], name)
        facts = module.facts
        scope = facts.symbols[symbol].scope
        if scope < 0 or name not in facts.scopes[scope].names:
            return ()
        key = (module, symbol, name)
        found = self._members.get(key)
        if found is None:
            found = self._members[key] = tuple(
                b
                for b in facts.scopes[scope].names[name]
                if facts.bindings[b].kind is not BindingKind.NARROWED
            )
        return found

    def find(self, type_: ClassEntity, name: str, after: ClassEntity | None = None) -> Member | Entity | None:
        """The member of that name; the external or unknown ancestor that may have it; None.

        Known ancestors are asked before external ones: what the project defines is what it means.
        """
        module, symbol = type_.module, type_.symbol
        python = self._python
        from_outside = python.reader is not module
        if from_outside:
            python.consult(module, "find", module.path, module.qualified[symbol], name)
        key = (module, symbol, name, after and after.module, after and after.symbol)
        place = self._places.get(key)
        if place is None:
            before = python.reading(module)
            plain = self._plain_mro(module, symbol)
            place = self._place(plain, name, after)
            python.reading(before)
            if ("mro", symbol) in module.memo:
                self._places[key] = place
        position, found = place
        if position < 0:
            return None
        if type_.arguments:
            entity = self.mro(type_)[position]
            if isinstance(found, Member) and isinstance(entity, ClassEntity):
                return Member(entity, found.bindings)
            return entity
        if from_outside:
            python.consult(module, "class", module.path, module.qualified[symbol])
        return found

    def tuple_fields(self, type_: ClassEntity) -> tuple[str, ...]:
        """The fields of a ``typing.NamedTuple`` in their order; none for other classes."""
        for entity in self.mro(type_):
            if isinstance(entity, ClassEntity) and self.info(entity.module, entity.symbol).named_tuple:
                scope = entity.module.facts.symbols[entity.symbol].scope
                bindings = entity.module.facts.bindings
                names = entity.module.facts.scopes[scope].names if scope >= 0 else {}
                return tuple(n for n, found in names.items() if any(bindings[b].declared for b in found))
        return ()

    def _place(self, mro: tuple[Entity, ...], name: str, after: ClassEntity | None) -> _Place:
        outside = -1
        start = 0
        if after is not None:
            start = next((i + 1 for i, e in enumerate(mro) if _class_of(e) == _class_of(after)), len(mro))
        for position in range(start, len(mro)):
            entity = mro[position]
            if not isinstance(entity, ClassEntity):
                if outside < 0 or mro[outside] is UNKNOWN:
                    outside = position
                continue
            bindings = self.own(entity.module, entity.symbol, name)
            if bindings:
                return position, Member(entity, bindings)
        return outside, mro[outside] if outside >= 0 else None


def merge(chains: list[list[Entity]]) -> list[Entity]:
    """C3: the merge of linearisations; where they contradict each other, in order of first mention."""
    left = [deque(chain) for chain in chains]
    behind = Counter(_class_of(each) for chain in chains for each in chain[1:])  # what waits for others
    taken: set[Entity | tuple[Module, int]] = set()
    result: list[Entity] = []
    while True:
        for chain in left:
            while chain and _class_of(chain[0]) in taken:
                chain.popleft()
                if chain:
                    behind[_class_of(chain[0])] -= 1
        left = [chain for chain in left if chain]
        if not left:
            return result
        head = next((chain[0] for chain in left if not behind[_class_of(chain[0])]), left[0][0])
        result.append(head)
        taken.add(_class_of(head))


def _class_of(entity: Entity) -> Entity | tuple[Module, int]:
    """What is the same for a class with any arguments."""
    return (entity.module, entity.symbol) if isinstance(entity, ClassEntity) else entity


def _variables(entity: Entity) -> Iterator[TypeVariable]:
    if isinstance(entity, TypeVariable):
        yield entity
    for value in entity.nested():
        for inner in value:
            yield from _variables(inner)
