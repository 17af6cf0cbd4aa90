"""What Rust's terms can denote beside what all languages have: paths, types and bounds of Rust."""

from __future__ import annotations

from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    Bound,
    ClassEntity,
    Defined,
    Entity,
    Foreign,
    Value,
    depth_of,
    place_of,
    text_of,
)


class Namespace(Defined):
    """An inline module ``mod x { … }``, or the items of a macro."""

    __slots__ = ()

    word = "namespace"


class Item(Defined):
    """A constant, static, field, variant or macro: a definition that is no type, function or module."""

    __slots__ = ()

    word = "item"


class Alias(Defined):
    """A type alias, before it is given its arguments."""

    __slots__ = ()

    word = "alias"


class TypePath(Entity):
    """A type that is no struct, enum or trait, standing in a path: ``T::new``, ``Self::Item``, ``(A, B)``."""

    __slots__ = ("depth", "instance")

    def __init__(self, instance: Entity) -> None:
        self.instance = instance
        self.depth = instance.depth

    def text(self) -> str:
        return f"type of {self.instance.text()}"

    def nested(self) -> tuple[Value, ...]:
        return ((self.instance,),)


class Applied(Entity):
    """A function with its own type arguments written out: ``f::<T>``."""

    __slots__ = ("arguments", "depth", "function")

    def __init__(self, function: Entity, arguments: tuple[Value, ...]) -> None:
        self.function = function
        self.arguments = arguments
        self.depth = max(function.depth, depth_of(arguments))

    def text(self) -> str:
        return f"{self.function.text()}::<{', '.join([text_of(v) for v in self.arguments])}>"


class Wrapping(Foreign):
    """A value of a foreign type with arguments that are the project's: what it gives may be one of those."""

    __slots__ = ("arguments", "depth")

    def __init__(self, name: str, arguments: tuple[Value, ...]) -> None:
        super().__init__(name)
        self.arguments = arguments
        self.depth = 1 + depth_of(arguments)

    def text(self) -> str:
        return f"{super().text()}<{', '.join([text_of(value) for value in self.arguments])}>"

    def nested(self) -> tuple[Value, ...]:
        return self.arguments


class TraitBound(Entity):
    """A trait as a bound: with its arguments, and what its associated types are said to be."""

    __slots__ = ("associated", "depth", "trait")

    def __init__(self, trait: ClassEntity, associated: tuple[tuple[str, Value], ...]) -> None:
        self.trait = trait
        self.associated = associated
        self.depth = max(trait.depth, 1 + depth_of(value for _, value in associated))

    def text(self) -> str:
        named = ", ".join([f"{name} = {text_of(value)}" for name, value in self.associated])
        return f"{self.trait.text()}<{named}>"

    def nested(self) -> tuple[Value, ...]:
        return (*self.trait.arguments, *(value for _, value in self.associated))


class Opaque(Entity):
    """A value of which only bounds are known: ``impl A + B``, ``dyn A + B``."""

    __slots__ = ("bounds", "depth")

    def __init__(self, bounds: tuple[Entity, ...]) -> None:
        self.bounds = bounds
        self.depth = depth_of((bounds,))

    def text(self) -> str:
        return f"some {' + '.join([bound.text() for bound in self.bounds])}"

    def nested(self) -> tuple[Value, ...]:
        return tuple(value for bound in self.bounds for value in bound.nested())


class TraitSelf(Entity):
    """``Self`` in a trait: whatever type implements it."""

    __slots__ = ("module", "symbol")

    def __init__(self, module: Module, symbol: int) -> None:
        self.module = module
        self.symbol = symbol

    def text(self) -> str:
        return f"Self of {place_of(self.module, self.symbol)}"


class Projection(Entity):
    """An associated type of a type that is not known yet: ``T::Item``, ``<T as Iterator>::Item``."""

    __slots__ = ("base", "depth", "name", "trait")

    def __init__(self, base: Entity, trait: ClassEntity | None, name: str) -> None:
        self.base = base
        self.trait = trait
        self.name = name
        self.depth = 1 + base.depth

    def text(self) -> str:
        return f"<{self.base.text()} as {self.trait.text() if self.trait else '?'}>::{self.name}"

    def nested(self) -> tuple[Value, ...]:
        return ((self.base,), *(self.trait.arguments if self.trait is not None else ()))


class FunctionType(Entity):
    """The type of functions and closures: ``fn(A) -> B``, ``impl Fn(A) -> B``."""

    __slots__ = ("depth", "parameters", "result")

    def __init__(self, parameters: tuple[Value, ...], result: Value) -> None:
        self.parameters = parameters
        self.result = result
        self.depth = 1 + depth_of((*parameters, result))

    def text(self) -> str:
        parameters = ", ".join([text_of(value) for value in self.parameters])
        return f"fn({parameters}) -> {text_of(self.result)}"

    def nested(self) -> tuple[Value, ...]:
        return (*self.parameters, self.result)


class Associated(Bound):
    """A function named through a type, ``Type::f``: nothing is passed to it by that."""

    __slots__ = ()
