"""Values made of others: what iterating, awaiting and unpacking give.

Rules: ECMA-262 §7.4 (iterators), §27.2 (promises); the TypeScript handbook, "Iterators and Generators".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.values import (
    UNKNOWN,
    UNKNOWN_VALUE,
    Entity,
    External,
    Foreign,
    Instance,
    Text,
    TupleEntity,
    TypeVariable,
    Value,
    join,
)
from isg.graph.semantics.typescript.entities import Deferred, Intersection, Primitive
from isg.graph.semantics.typescript.relations import EMPTY

if TYPE_CHECKING:
    from isg.graph.semantics.typescript.language import TypeScript


class Structure:
    """Takes values apart."""

    def __init__(self, typescript: TypeScript) -> None:
        self._typescript = typescript

    def iterate(self, entity: Entity, protocol: str, method: str) -> Value:
        """An element of what is iterated by a protocol of the library."""
        typescript = self._typescript
        if isinstance(entity, TupleEntity):
            return join(*entity.items) or UNKNOWN_VALUE
        if isinstance(entity, Text):
            return typescript.types.primitive("string")
        if isinstance(entity, Foreign | External):
            return (typescript.universe.foreign(),)
        if isinstance(entity, TypeVariable | Deferred):
            apparent = [
                e for e in typescript.generics.apparent(entity) if not isinstance(e, TypeVariable | Deferred)
            ]
            return join(*[self.iterate(e, protocol, method) for e in apparent]) or UNKNOWN_VALUE
        if isinstance(entity, Intersection):
            found = [self.iterate(part, protocol, method) for part in entity.parts]
            return join(*[value for value in found if value != UNKNOWN_VALUE]) or UNKNOWN_VALUE
        if isinstance(entity, Primitive) and entity.name in EMPTY:
            return ()
        return self._by_protocol(typescript.plain(entity), protocol, method)

    def _by_protocol(self, entity: Entity, protocol: str, method: str) -> Value:
        typescript = self._typescript
        wanted = typescript.globals.library_class(protocol)
        if isinstance(entity, Instance) and wanted is not None:
            base = typescript.classes.as_base(entity.type, wanted)
            if base is not None:
                return base.arguments[0] if base.arguments else UNKNOWN_VALUE
        made = [
            self._step(iterator, protocol)
            for function in (
                typescript.members.value(entity, method) if typescript.members.has(entity, method) else ()
            )
            for iterator in typescript.calls.call(function, Arguments(None))
        ]
        return join(*made) or UNKNOWN_VALUE

    def _step(self, iterator: Entity, protocol: str) -> Value:
        """The elements that an iterator gives."""
        typescript = self._typescript
        for name in (protocol, protocol.replace("Iterable", "Iterator")):
            wanted = typescript.globals.library_class(name)
            if isinstance(iterator, Instance) and wanted is not None:
                base = typescript.classes.as_base(iterator.type, wanted)
                if base is not None:
                    return base.arguments[0] if base.arguments else UNKNOWN_VALUE
        return UNKNOWN_VALUE

    def awaited(self, entity: Entity) -> Value:
        """What `await` gives: what a promise is of, and anything else itself."""
        typescript = self._typescript
        if isinstance(entity, Foreign | External):
            return (typescript.universe.foreign(),)
        wanted = typescript.globals.library_class("PromiseLike")
        if isinstance(entity, Instance) and wanted is not None:
            base = typescript.classes.as_base(entity.type, wanted)
            if base is not None:
                inner = base.arguments[0] if base.arguments else UNKNOWN_VALUE
                return join(*map(self._settled, inner)) if inner else inner
        if isinstance(entity, Intersection):
            return self._awaited_parts(entity)
        return (entity,)

    def _awaited_parts(self, entity: Intersection) -> Value:
        """What awaiting an object gives that is a promise among other things; itself where it is none."""
        for part in entity.parts:
            found = self.awaited(part)
            if found != (part,):
                return found
        return (entity,)

    def _settled(self, entity: Entity) -> Value:
        """A promise of a promise settles with what the inner one settles with."""
        promise = self._typescript.globals.library_class("PromiseLike")
        if not isinstance(entity, Instance) or promise is None:
            return (entity,)
        if self._typescript.classes.is_subclass(entity.type, promise):
            return self.awaited(entity) if entity.depth > 1 else UNKNOWN_VALUE
        return (entity,)

    def item(self, entity: Entity, position: int) -> Value:
        """The element at a position of what is unpacked."""
        if isinstance(entity, TupleEntity):
            size = len(entity.items)
            if -size <= position < size:
                return entity.items[position]
            return self._typescript.types.primitive("undefined")
        if entity is UNKNOWN:
            return UNKNOWN_VALUE
        return self._typescript.iterate(entity)
