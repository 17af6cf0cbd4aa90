"""Answers about types that a file has had before: to ask for them again rests on nothing new.

An answer that is given while a question about itself is open (whether a type meets the bounds of an impl that
is being tried, what a projection leads to) holds only there, and is not kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from isg.graph.linking.values import Entity

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

E = TypeVar("E", bound=Entity)


class Remembered:
    """Keeps answers in the file that is being read, which has recorded what they rest on."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust
        self._numbers: dict[Entity, int] = {}
        self.open = 0  # questions under way that may ask themselves

    def number(self, entity: Entity) -> int:
        """A number for an entity, the same in this process."""
        return self._numbers.setdefault(entity, len(self._numbers))

    def ask(self, kind: str, entity: Entity, compute: Callable[[], tuple[E, ...]]) -> tuple[E, ...]:
        """The answer to a question of this kind about an entity."""
        reader = self._rust.reader
        if reader is None or self.open:
            return compute()
        number = self.number(entity)
        found: tuple[E, ...] | None = reader.memo.get((kind, number))
        if found is not None:
            return found
        return self._rust.solver.solve((reader, kind, number), compute, (), _together)

    def is_new(self, kind: str, entity: Entity) -> bool:
        """Whether the file that is being read does this for the first time."""
        reader = self._rust.reader
        if reader is None:
            return True
        key = (kind, self.number(entity))
        if key in reader.memo:
            return False
        reader.memo[key] = True
        return True


def _together(one: tuple[E, ...], other: tuple[E, ...]) -> tuple[E, ...]:
    return tuple(dict.fromkeys((*one, *other)))
