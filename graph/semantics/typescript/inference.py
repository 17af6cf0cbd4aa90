"""What type variables stand for in a call, found out from what is passed.

Rules: the TypeScript handbook, "Generics"; inference from arguments as in the language specification (1.8,
§4.15.2): each place where a type parameter stands in a parameter's type is held against what is passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.values import (
    DEPTH_LIMIT,
    NOTHING,
    UNKNOWN,
    ClassEntity,
    Entity,
    Instance,
    TupleEntity,
    TypeVariable,
    Value,
    join,
    shallow,
    union,
)
from isg.graph.semantics.typescript.entities import Closure, Deferred, Intersection, Mapped, ObjectType

if TYPE_CHECKING:
    from isg.graph.semantics.typescript.language import TypeScript

_LIMIT = DEPTH_LIMIT + 2  # how deep types are held against each other
_ITERATED = ("Iterable", "AsyncIterable", "ArrayLike")


class Inference:
    """Solves type variables, those of one call together; ``mapping`` holds what is known of them.

    Types speak of each other, round and round, and every way leads to the same pairs of a declared type and
    a value. To hold the two against each other once more tells nothing new, unless it may go deeper.
    """

    def __init__(self, typescript: TypeScript, mapping: dict[TypeVariable, Value]) -> None:
        self._typescript = typescript
        self.mapping = mapping
        self._matched: dict[tuple[Value, Value], int] = {}  # with the least depth that it was done at

    def match(self, pattern: Value, actual: Value, depth: int = 0) -> None:
        """Solve the type variables of a declared type from a value that is to be of it."""
        if not self._typescript.generics.is_open(pattern):
            return
        if depth >= self._matched.get((pattern, actual), _LIMIT + 1):
            return
        self._matched[pattern, actual] = depth
        fixed = [e for e in pattern if not isinstance(e, TypeVariable)]
        for entity in fixed if depth < _LIMIT else ():
            self._match(entity, actual, depth)
        variables = [e for e in pattern if isinstance(e, TypeVariable)]
        if variables:
            rest = self._unmatched(fixed, actual)
            for variable in variables:
                self._bind(variable, rest)

    def _unmatched(self, fixed: list[Entity], actual: Value) -> Value:
        """What of a value is left for the bare variables of a union (`T | Promise<T>`, `T | undefined`)."""
        if not fixed:
            return actual
        classes = [e.type for e in fixed if isinstance(e, Instance)]
        return tuple(
            e
            for e in actual
            if e not in fixed
            and not (
                isinstance(e, Instance)
                and any(self._typescript.classes.is_subclass(e.type, c) for c in classes)
            )
        )

    def _bind(self, variable: TypeVariable, actual: Value) -> None:
        known = union(e for e in actual if e is not UNKNOWN and e is not variable)
        if known:
            before = self.mapping.get(variable, NOTHING)
            self.mapping[variable] = shallow(join(before, known), DEPTH_LIMIT)

    def _match(self, pattern: Entity, actual: Value, depth: int) -> None:
        if isinstance(pattern, Instance):
            if pattern.type.arguments:
                self._match_class(pattern.type, actual, depth)
        elif isinstance(pattern, Closure):
            self._match_callable(pattern, actual, depth)
        elif isinstance(pattern, TupleEntity):
            self._match_tuple(pattern, actual, depth)
        elif isinstance(pattern, ObjectType):
            self._match_object(pattern, actual, depth)
        elif isinstance(pattern, Intersection):
            for part in pattern.parts:
                self.match((part,), actual, depth + 1)
        elif isinstance(pattern, Deferred | Mapped):
            found = self._typescript.computed.inferring(pattern, actual)
            if found is not None:
                self.match(*found, depth + 1)

    def _match_class(self, pattern: ClassEntity, actual: Value, depth: int) -> None:
        for entity in actual:
            plain = self._typescript.plain(entity)
            base = (
                self._typescript.classes.as_base(plain.type, pattern) if isinstance(plain, Instance) else None
            )
            if base is not None:
                for wanted, given in zip(pattern.arguments, base.arguments, strict=False):
                    self.match(wanted, given, depth + 1)
            elif entity is not UNKNOWN:
                self._match_members(pattern, entity, depth)

    def _match_members(self, pattern: ClassEntity, actual: Entity, depth: int) -> None:
        """A value held against an interface that it does not name, member by member."""
        if pattern.module.library:
            if pattern.module.facts.symbols[pattern.symbol].name in _ITERATED:
                self.match(pattern.arguments[0], self._typescript.iterate(actual), depth + 1)
            return
        wanted = self._typescript.universe.instance(pattern)
        for name in self._typescript.classes.member_names(pattern):
            self._match_member(wanted, actual, name, depth)

    def _match_member(self, pattern: Entity, actual: Entity, name: str, depth: int) -> None:
        members = self._typescript.members
        if members.has(actual, name):
            self.match(members.value(pattern, name), members.value(actual, name), depth + 1)

    def _match_tuple(self, pattern: TupleEntity, actual: Value, depth: int) -> None:
        for entity in actual:
            if isinstance(entity, TupleEntity):
                for item, given in zip(pattern.items, entity.items, strict=False):
                    self.match(item, given, depth + 1)

    def _match_object(self, pattern: ObjectType, actual: Value, depth: int) -> None:
        for name in self._typescript.members.names_of(pattern):
            for entity in actual:
                if entity is not UNKNOWN:
                    self._match_member(pattern, entity, name, depth)

    def _match_callable(self, pattern: Closure, actual: Value, depth: int) -> None:
        """A function type held against functions: by their parameters' types, and by what they return."""
        calls = self._typescript.calls
        returns = calls.returned(pattern)
        for entity in actual:
            for inner in calls.callables(entity):
                for wanted, given in calls.parameters_of(pattern, inner):
                    self.match(wanted, given, depth + 1)
                if self._typescript.generics.is_open(returns):
                    self.match(returns, calls.call(inner, Arguments(None)), depth + 1)
