"""Values: the entities that a term can denote.

A value is a tuple of distinct entities, the members of a union. Entities are interned by the
:class:`Universe` that made them, so they compare and hash by identity, and a value can be a memo key.
The lattice of values is finite: unions past ``UNION_LIMIT`` and type arguments nested past
``DEPTH_LIMIT`` become unknown, so every least fixed point is reached.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar

if TYPE_CHECKING:
    from isg.graph.linking.module import Module

UNION_LIMIT = 24
DEPTH_LIMIT = 4


class Entity:
    """Anything that an expression can denote. Made by a :class:`Universe` only."""

    __slots__ = ()
    depth = 0

    def text(self) -> str:
        """What stands for the entity in any process: the same for the same one."""
        return type(self).__name__

    def nested(self) -> tuple[Value, ...]:
        """The values inside it: type arguments, items, results."""
        return ()


Value: TypeAlias = tuple[Entity, ...]
NOTHING: Value = ()


def text_of(value: Value) -> str:
    """The texts of a value's entities, in an order of their own."""
    return " | ".join(sorted([entity.text() for entity in value]))


def place_of(module: Module, symbol: int) -> str:
    """Where a symbol is defined, for texts."""
    return f"{module.path} {module.key(symbol)}"


def depth_of(values: Iterable[Value]) -> int:
    """How deep type arguments nest in any of the values."""
    return max((entity.depth for value in values for entity in value), default=0)


class Unknown(Entity):
    """Not known: resolution stopped here."""

    __slots__ = ()


class Foreign(Entity):
    """A value that code outside the project made; its type is not known here."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def text(self) -> str:
        return f"Foreign {self.name}"


class External(Entity):
    """A module, class or function outside the project, known by its dotted name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def text(self) -> str:
        return f"External {self.name}"


class ModuleEntity(Entity):
    """A module of the project."""

    __slots__ = ("module",)

    def __init__(self, module: Module) -> None:
        self.module = module

    def text(self) -> str:
        return f"module {self.module.path}"


class NamespaceEntity(Entity):
    """A package without a file of its own, by its dotted name."""

    __slots__ = ("name", "origin")

    def __init__(self, name: str, origin: str) -> None:
        self.name = name
        self.origin = origin

    def text(self) -> str:
        return f"NamespaceEntity {self.name}"


class ClassEntity(Entity):
    """A class itself; ``arguments`` are its type arguments, empty where not given."""

    __slots__ = ("arguments", "depth", "module", "symbol")

    def __init__(self, module: Module, symbol: int, arguments: tuple[Value, ...]) -> None:
        self.module = module
        self.symbol = symbol
        self.arguments = arguments
        self.depth = 1 + depth_of(arguments)

    def text(self) -> str:
        arguments = "".join([f"[{text_of(value)}]" for value in self.arguments])
        return f"class {place_of(self.module, self.symbol)}{arguments}"

    def nested(self) -> tuple[Value, ...]:
        return self.arguments


class Instance(Entity):
    """An instance of a class."""

    __slots__ = ("depth", "type")

    def __init__(self, type_: ClassEntity) -> None:
        self.type = type_
        self.depth = type_.depth

    def text(self) -> str:
        return f"a {self.type.text()}"

    def nested(self) -> tuple[Value, ...]:
        return self.type.arguments


class ReceiverClass(ClassEntity):
    """The class that a class method is called on: this one, or one that extends it."""

    __slots__ = ()

    def text(self) -> str:
        return f"ReceiverClass {place_of(self.module, self.symbol)}"


class Receiver(Instance):
    """The object that a method is called on: an instance of this class, or of one that extends it."""

    __slots__ = ()

    def text(self) -> str:
        return f"Receiver {place_of(self.type.module, self.type.symbol)}"


class TupleEntity(Entity):
    """A tuple of known length and element values."""

    __slots__ = ("depth", "items")

    def __init__(self, items: tuple[Value, ...]) -> None:
        self.items = items
        self.depth = 1 + depth_of(items)

    def text(self) -> str:
        return f"TupleEntity({', '.join([text_of(item) for item in self.items])})"

    def nested(self) -> tuple[Value, ...]:
        return self.items


class Text(Entity):
    """A string whose text is known."""

    __slots__ = ("content",)

    def __init__(self, content: str) -> None:
        self.content = content

    def text(self) -> str:
        return f"Text {self.content}"


class Defined(Entity):
    """What a symbol of a file defines; ``word`` says in texts what that is."""

    __slots__ = ("module", "symbol")

    word: ClassVar[str]

    def __init__(self, module: Module, symbol: int) -> None:
        self.module = module
        self.symbol = symbol

    def text(self) -> str:
        return f"{self.word} {place_of(self.module, self.symbol)}"


class Function(Defined):
    """A function of the project, or of the library's stubs, unbound."""

    __slots__ = ()

    word = "function"


class Lambda(Entity):
    """An anonymous function."""

    __slots__ = ("module", "signature")

    def __init__(self, module: Module, signature: int) -> None:
        self.module = module
        self.signature = signature

    def text(self) -> str:
        return f"Lambda {self.module.path} {self.signature}"


class Bound(Entity):
    """A callable whose first argument is given: a method of an instance or a class."""

    __slots__ = ("depth", "function", "receiver")

    def __init__(self, function: Entity, receiver: Entity) -> None:
        self.function = function
        self.receiver = receiver
        self.depth = 1 + receiver.depth

    def text(self) -> str:
        return f"Bound({self.function.text()}, {self.receiver.text()})"


class Wrapped(Entity):
    """A function behind a decorator that the language itself knows: property, static, class, context …"""

    __slots__ = ("inner", "kind")

    def __init__(self, kind: str, inner: Entity) -> None:
        self.kind = kind
        self.inner = inner

    def text(self) -> str:
        return f"Wrapped {self.kind}({self.inner.text()})"


class Callback(Entity):
    """A callable of which only the type is known: ``Callable[[parameters], result]``."""

    __slots__ = ("depth", "parameters", "result")

    def __init__(self, result: Value, parameters: tuple[Value, ...]) -> None:
        self.result = result
        self.parameters = parameters
        self.depth = 1 + depth_of((result, *parameters))

    def text(self) -> str:
        return f"Callback([{', '.join([text_of(p) for p in self.parameters])}], {text_of(self.result)})"

    def nested(self) -> tuple[Value, ...]:
        return (self.result,)


class Partial(Entity):
    """``functools.partial(function, …)`` with so many positional arguments given."""

    __slots__ = ("function", "given")

    def __init__(self, function: Entity, given: int) -> None:
        self.function = function
        self.given = given

    def text(self) -> str:
        return f"Partial({self.function.text()}, {self.given})"


class Proxy(Entity):
    """``super()``: the bases of ``type`` seen through ``receiver``."""

    __slots__ = ("depth", "receiver", "type")

    def __init__(self, type_: ClassEntity, receiver: Entity) -> None:
        self.type = type_
        self.receiver = receiver
        self.depth = 1 + receiver.depth

    def text(self) -> str:
        return f"Proxy({self.type.text()}, {self.receiver.text()})"


class TypeVariable(Entity):
    """A type parameter, by the place of its binding; ``meta`` where the class itself is meant (type[T])."""

    __slots__ = ("binding", "meta", "module")

    def __init__(self, module: Module, binding: int, meta: bool) -> None:
        self.module = module
        self.binding = binding
        self.meta = meta

    def text(self) -> str:
        return f"TypeVariable {self.module.path} {self.module.facts.bindings[self.binding].name} {self.meta}"


class SelfType(Entity):
    """The type of the receiver (typing.Self); ``meta`` where the class itself is meant."""

    __slots__ = ("meta",)

    def __init__(self, meta: bool) -> None:
        self.meta = meta

    def text(self) -> str:
        return f"SelfType {self.meta}"


UNKNOWN = Unknown()
UNKNOWN_VALUE: Value = (UNKNOWN,)


E = TypeVar("E", bound=Entity)


class Universe:
    """Makes entities, one object for each distinct one."""

    def __init__(self) -> None:
        self._externals: dict[str, External] = {}
        self._interned: dict[tuple[Any, ...], Any] = {}
        self.self_type = SelfType(False)
        self.self_meta = SelfType(True)

    def intern(self, make: Callable[..., E], *parts: Hashable) -> E:
        """The entity of this kind and these parts, made on first use."""
        key = (make, *parts)
        found: E | None = self._interned.get(key)
        if found is None:
            found = self._interned[key] = make(*parts)
        return found

    def external(self, name: str) -> External:
        found = self._externals.get(name)
        if found is None:
            found = self._externals[name] = External(name)
        return found

    def foreign(self, name: str = "") -> Foreign:
        return self.intern(Foreign, name)

    def module(self, module: Module) -> ModuleEntity:
        return self.intern(ModuleEntity, module)

    def namespace(self, name: str, origin: str) -> NamespaceEntity:
        return self.intern(NamespaceEntity, name, origin)

    def class_(self, module: Module, symbol: int, arguments: tuple[Value, ...] = ()) -> ClassEntity:
        if arguments:
            arguments = tuple(shallow(value, DEPTH_LIMIT - 1) for value in arguments)
        return self.intern(ClassEntity, module, symbol, arguments)

    def instance(self, type_: ClassEntity) -> Instance:
        return self.intern(Instance, type_)

    def receiver_class(self, module: Module, symbol: int) -> ReceiverClass:
        return self.intern(ReceiverClass, module, symbol, ())

    def receiver(self, type_: ClassEntity) -> Receiver:
        return self.intern(Receiver, type_)

    def tuple_(self, items: tuple[Value, ...]) -> TupleEntity:
        items = tuple(shallow(value, DEPTH_LIMIT - 1) for value in items)
        return self.intern(TupleEntity, items)

    def string(self, content: str) -> Text:
        return self.intern(Text, content)

    def function(self, module: Module, symbol: int) -> Function:
        return self.intern(Function, module, symbol)

    def lambda_(self, module: Module, signature: int) -> Lambda:
        return self.intern(Lambda, module, signature)

    def bound(self, function: Entity, receiver: Entity) -> Entity:
        if receiver.depth >= DEPTH_LIMIT + 1:
            return function
        return self.intern(Bound, function, receiver)

    def wrapped(self, kind: str, inner: Entity) -> Wrapped:
        return self.intern(Wrapped, kind, inner)

    def callback(self, result: Value, parameters: tuple[Value, ...] = ()) -> Callback:
        parameters = tuple(shallow(value, DEPTH_LIMIT - 1) for value in parameters)
        return self.intern(Callback, shallow(result, DEPTH_LIMIT - 1), parameters)

    def partial(self, function: Entity, given: int) -> Partial:
        return self.intern(Partial, function, given)

    def proxy(self, type_: ClassEntity, receiver: Entity) -> Proxy:
        return self.intern(Proxy, type_, receiver)

    def type_variable(self, module: Module, binding: int, meta: bool = False) -> TypeVariable:
        return self.intern(TypeVariable, module, binding, meta)


def shallow(value: Value, limit: int) -> Value:
    """The value with what is nested deeper than the limit made unknown."""
    if all(entity.depth <= limit for entity in value):
        return value
    return union(entity if entity.depth <= limit else UNKNOWN for entity in value)


def union(entities: Iterable[Entity]) -> Value:
    """The value of these members: distinct, in order of first mention; unknown past the limit."""
    members = tuple(dict.fromkeys(entities))
    return members if len(members) <= UNION_LIMIT else UNKNOWN_VALUE


def join(*values: Value) -> Value:
    """The union of values."""
    rest = [value for value in values if value]
    if len(rest) == 1:
        return rest[0]
    return union(entity for value in rest for entity in value)
