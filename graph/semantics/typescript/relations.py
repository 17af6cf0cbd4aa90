"""Whether a value can stand where a type is asked for, as far as that is known.

Rules: the TypeScript handbook, "Type Compatibility": types are compared by their members, not by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.values import (
    UNKNOWN,
    ClassEntity,
    Entity,
    External,
    Foreign,
    Instance,
    Text,
    TupleEntity,
    TypeVariable,
    Value,
)
from isg.graph.semantics.typescript.entities import Closure, Intersection, Mapped, ObjectType, Primitive

if TYPE_CHECKING:
    from isg.graph.semantics.typescript.language import TypeScript

EMPTY = frozenset({"null", "undefined", "void"})
_TOP = frozenset({"Object", "Function"})
_BOOLEAN = frozenset({"true", "false", "boolean"})


class Relations:
    """Compares values with types."""

    def __init__(self, typescript: TypeScript) -> None:
        self._typescript = typescript

    def assignable(self, actual: Entity, wanted: Value) -> bool:
        """Whether nothing known speaks against it; what is not known can be anything."""
        return any(self._assignable(actual, each) for each in wanted)

    def _assignable(self, actual: Entity, wanted: Entity) -> bool:
        return self._typescript.once((actual, wanted), lambda: self._compare(actual, wanted))

    def _compare(self, actual: Entity, wanted: Entity) -> bool:
        if actual is wanted or isinstance(wanted, TypeVariable) or wanted is UNKNOWN or actual is UNKNOWN:
            return True
        if isinstance(actual, Foreign | External):
            return True
        if isinstance(actual, TypeVariable):
            return not isinstance(wanted, Primitive | Text)
        if isinstance(wanted, Intersection):
            return all(self._assignable(actual, part) for part in wanted.parts)
        if isinstance(wanted, Primitive | Text):
            return self._as_primitive(actual, wanted)
        if isinstance(actual, Primitive) and actual.name in EMPTY:
            return False
        if isinstance(actual, Intersection):
            return any(self._assignable(part, wanted) for part in actual.parts)
        return self._as_object(actual, wanted)

    def _as_primitive(self, actual: Entity, wanted: Primitive | Text) -> bool:
        if isinstance(wanted, Text):
            return False
        if isinstance(actual, Text):
            return wanted.name == "string"
        if isinstance(actual, Primitive):
            same = actual.name == wanted.name or (
                actual.name in EMPTY and wanted.name in ("void", actual.name)
            )
            return same or (wanted.name == "boolean" and actual.name in _BOOLEAN)
        return wanted.name == "object"

    def _as_object(self, actual: Entity, wanted: Entity) -> bool:
        typescript = self._typescript
        callables = typescript.calls.callables(actual)
        if isinstance(wanted, Closure):
            return bool(callables)
        if isinstance(wanted, TupleEntity):
            return isinstance(actual, TupleEntity) and len(actual.items) >= len(wanted.items)
        if isinstance(wanted, Instance):
            return self._as_instance(actual, wanted)
        if isinstance(wanted, ObjectType | Mapped):
            return self._has_members(actual, wanted)
        if isinstance(wanted, ClassEntity):
            return isinstance(actual, ClassEntity) and typescript.classes.is_subclass(actual, wanted)
        return True

    def _as_instance(self, actual: Entity, wanted: Instance) -> bool:
        classes = self._typescript.classes
        name = wanted.type.module.facts.symbols[wanted.type.symbol].name
        if wanted.type.module.library and name in _TOP:
            return name == "Object" or bool(self._typescript.calls.callables(actual))
        plain = self._typescript.plain(actual)
        if isinstance(plain, Instance) and classes.is_subclass(plain.type, wanted.type):
            return True
        if isinstance(plain, Instance) and plain.type.module.library and wanted.type.module.library:
            return False
        return self._has_members(actual, wanted)

    def _has_members(self, actual: Entity, wanted: Entity) -> bool:
        members = self._typescript.members
        names = members.names_of(wanted)
        return all(name in _SPECIAL or members.has(actual, name) for name in names)


_SPECIAL = frozenset({"[]", "()", "new", "constructor"})
