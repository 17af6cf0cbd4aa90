"""What a TypeScript expression can denote besides what all languages know: types without a name of their own.

Each is interned by the :class:`~isg.graph.linking.values.Universe` and stands for a *type*, as the compiler
sees it: a value is known by its type (TypeScript handbook, "Type Compatibility").
"""

from __future__ import annotations

from typing import TypeAlias

from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    DEPTH_LIMIT,
    Defined,
    Entity,
    TypeVariable,
    Universe,
    Value,
    depth_of,
    shallow,
    text_of,
)

Environment: TypeAlias = tuple[tuple[TypeVariable, Value], ...]
"""What type variables stand for, in the order of their places."""


def text_of_environment(environment: Environment) -> str:
    return ", ".join(f"{variable.text()}={text_of(value)}" for variable, value in environment)


class Primitive(Entity):
    """A value of a type that is no object: `string`, `number`, `undefined` …"""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def text(self) -> str:
        return f"Primitive {self.name}"


class NamespaceObject(Defined):
    """The object of a `namespace` (all declarations of the name in its scope), by its first symbol."""

    __slots__ = ()

    word = "namespace"


class _Located(Entity):
    """Something written at a term or signature of a file, with what its type variables stand for."""

    __slots__ = ("depth", "environment", "index", "module")

    def __init__(self, module: Module, index: int, environment: Environment) -> None:
        self.module = module
        self.index = index
        self.environment = environment
        self.depth = 1 + depth_of(value for _, value in environment) if environment else 1

    def text(self) -> str:
        inside = text_of_environment(self.environment)
        return f"{type(self).__name__} {self.module.path} {self.index} [{inside}]"

    def nested(self) -> tuple[Value, ...]:
        return tuple(value for _, value in self.environment)


class ObjectLiteral(_Located):
    """The value of an OBJECT term in an expression."""

    __slots__ = ()


class ObjectType(_Located):
    """An instance of an OBJECT term in a type position."""

    __slots__ = ()


class Closure(_Located):
    """A function known by its signature: a function type, or a function expression in a generic context."""

    __slots__ = ()


class Deferred(_Located):
    """A type term that depends on type variables in a way that can only be told once they are known."""

    __slots__ = ()


class Mapped(_Located):
    """A mapped type (the term) over known keys and values."""

    __slots__ = ()


class Intersection(Entity):
    """Something that is of each of these types."""

    __slots__ = ("depth", "parts")

    def __init__(self, parts: tuple[Entity, ...]) -> None:
        self.parts = parts
        self.depth = depth_of((parts,))

    def text(self) -> str:
        return f"Intersection({' & '.join(sorted(part.text() for part in self.parts))})"

    def nested(self) -> tuple[Value, ...]:
        return (self.parts,)


class Constructed(Entity):
    """An instance of what a constructor makes that is known by a type variable only (a mixin's base)."""

    __slots__ = ("constructor",)

    def __init__(self, constructor: TypeVariable) -> None:
        self.constructor = constructor

    def text(self) -> str:
        return f"Constructed({self.constructor.text()})"

    def nested(self) -> tuple[Value, ...]:
        return ((self.constructor,),)


class Instantiated(Entity):
    """A generic function with its type arguments given: `f<T>`."""

    __slots__ = ("arguments", "depth", "inner")

    def __init__(self, inner: Entity, arguments: tuple[Value, ...]) -> None:
        self.inner = inner
        self.arguments = arguments
        self.depth = inner.depth + depth_of(arguments)

    def text(self) -> str:
        return f"Instantiated({self.inner.text()}, {', '.join(map(text_of, self.arguments))})"

    def nested(self) -> tuple[Value, ...]:
        return ((self.inner,), *self.arguments)


def environment_of(mapping: dict[TypeVariable, Value]) -> Environment:
    """A mapping in the order of the variables' places, with what is nested too deep made unknown."""
    ordered = sorted(mapping.items(), key=lambda pair: (pair[0].module.path, pair[0].binding))
    return tuple((variable, shallow(value, DEPTH_LIMIT - 1)) for variable, value in ordered)


def intersection(universe: Universe, parts: tuple[Entity, ...]) -> Entity:
    """The intersection of these, flattened; the part itself where there is only one."""
    flat: dict[Entity, None] = {}
    for part in parts:
        flat.update(dict.fromkeys(part.parts if isinstance(part, Intersection) else (part,)))
    found = tuple(flat)
    return found[0] if len(found) == 1 else universe.intern(Intersection, found)
