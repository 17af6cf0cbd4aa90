"""The standard library as stubs of our own, and values of its types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.library import Library, ReadStub
from isg.graph.linking.module import Module
from isg.graph.linking.semantics import Naming
from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN_VALUE,
    ClassEntity,
    Entity,
    External,
    Function,
    Instance,
    TupleEntity,
    Value,
    join,
)
from isg.parsers.facts import FileFacts

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python


LIBRARY = "<library>"
_STUBS = Library("python", "isg.graph.semantics.python.library")
_LITERAL_CLASSES = {"None": "NoneType"}
_TYPING_CONTAINERS = frozenset({"Generator", "AsyncGenerator"})


def _library_module(name: str, facts: FileFacts) -> Module:
    return Module(f"{LIBRARY}/{name}.stub", Naming(name), lambda: facts, library=True)


class Stubs:
    """Modules and types of the library."""

    def __init__(self, python: Python, read: ReadStub) -> None:
        self._python = python
        self._read = read
        self._library: dict[str, Module | None] = {}
        self._literals: dict[str, Value] = {}

    def module(self, name: str) -> Module | None:
        """The stub of a module of the standard library."""
        name = "typing" if name == "typing_extensions" else name
        if name not in self._library:
            facts = _STUBS.facts(name, self._read)
            self._library[name] = _library_module(name, facts) if facts else None
        return self._library[name]

    def library_class(self, dotted: str) -> ClassEntity | None:
        module_name, _, name = dotted.rpartition(".")
        module = self.module(module_name)
        symbol = module.symbol_of_name.get(name) if module is not None else None
        if module is None or symbol is None:
            return None
        return self._python.universe.class_(module, symbol)

    def library_name(self, entity: Entity) -> str | None:
        """The dotted name of something outside the project."""
        if isinstance(entity, External):
            return entity.name
        if isinstance(entity, ClassEntity | Function) and entity.module.library:
            return entity.module.full_name(entity.symbol)
        return None

    def literal(self, name: str) -> Value:
        """An instance of the built-in type of that name."""
        found = self._literals.get(name)
        if found is None:
            class_ = self.library_class(f"builtins.{_LITERAL_CLASSES.get(name, name)}")
            found = (self._python.universe.instance(class_),) if class_ is not None else UNKNOWN_VALUE
            self._literals[name] = found
        return found

    def container(self, name: str, *arguments: Value) -> Value:
        """An instance of a generic built-in type; nothing while nothing is known of what is in it."""
        class_ = self.library_class(f"{'typing' if name in _TYPING_CONTAINERS else 'builtins'}.{name}")
        if class_ is None:
            return UNKNOWN_VALUE
        if not all(arguments):
            return NOTHING
        return (
            self._python.universe.instance(
                self._python.universe.class_(class_.module, class_.symbol, arguments)
            ),
        )

    def as_instance(self, entity: TupleEntity) -> Instance:
        """A tuple as an instance of the class ``tuple``."""
        items = join(*entity.items) or UNKNOWN_VALUE
        value = self.container("tuple", items)
        found = value[0]
        assert isinstance(found, Instance)
        return found

    def is_none(self, entity: Entity) -> bool:
        """Whether it is the value None."""
        return (entity,) == self.literal("None")
