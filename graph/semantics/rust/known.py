"""What the standard library's declarations do not say by themselves: ``collect`` and its like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.values import (
    UNKNOWN_VALUE,
    Bound,
    Entity,
    Function,
    Instance,
    TupleEntity,
    Unknown,
    Value,
)
from isg.graph.semantics.rust.generics import Mapping_

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

_COLLECTING = frozenset({"std::iter::Iterator::collect"})


class Known:
    """Completes what written types leave open."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust

    def refine(
        self, function: Function, through: Bound | None, mapping: Mapping_, explicit: tuple[Value, ...]
    ) -> None:
        """Fill the holes of ``collect::<Vec<_>>()`` with the items that are collected."""
        if through is None or not explicit or not function.module.library:
            return
        if function.module.full_name(function.symbol) not in _COLLECTING:
            return
        variables = self._rust.types.parameters(function.module, function.symbol)
        items = self._rust.iterate(through.receiver)
        for variable, written in zip(variables, explicit, strict=False):
            mapping[variable] = self.filled(written, items)

    def filled(self, written: Value, items: Value) -> Value:
        """A collection as written, its unknown arguments taken from the items that go into it."""
        return tuple([self._filled(entity, items) for entity in written])

    def _filled(self, entity: Entity, items: Value) -> Entity:
        if not isinstance(entity, Instance) or not self._has_hole(entity):
            return entity
        class_ = entity.type
        name = class_.module.facts.symbols[class_.symbol].name
        parts: tuple[Value, ...] = (items,)
        first = items[0] if len(items) == 1 else None
        if len(class_.arguments) > 1 and isinstance(first, TupleEntity):
            parts = first.items
        if name in ("Result", "Option") and isinstance(first, Instance):
            inner = first.type.arguments
            whole = class_.arguments[0] if class_.arguments else UNKNOWN_VALUE
            parts = (self.filled(whole, inner[0]) if inner else whole, *inner[1:])
            given = (UNKNOWN_VALUE,) * len(class_.arguments)
        else:
            given = class_.arguments
        values = tuple(
            [
                parts[i] if (not known or isinstance(known[0], Unknown)) and i < len(parts) else known
                for i, known in enumerate(given)
            ]
        )
        return self._rust.universe.instance(self._rust.universe.class_(class_.module, class_.symbol, values))

    def _has_hole(self, entity: Instance) -> bool:
        return any(
            isinstance(e, Unknown) or (isinstance(e, Instance) and self._has_hole(e))
            for v in entity.type.arguments
            for e in v
        )
