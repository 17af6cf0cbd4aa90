"""What a test tells about a value: ``isinstance``, ``issubclass``, ``match`` and their negations.

Rules: the typing specification, chapter on type narrowing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN,
    ClassEntity,
    Entity,
    External,
    Foreign,
    Instance,
    TupleEntity,
    TypeVariable,
    Value,
    join,
    union,
)

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python


class Narrowing:
    """Narrows values by the classes that they were tested against."""

    def __init__(self, python: Python) -> None:
        self._python = python

    def classes(self, test: Value) -> list[Entity]:
        """The classes that the second argument of ``isinstance`` means."""
        result: list[Entity] = []
        for entity in test:
            if isinstance(entity, TupleEntity):
                for item in entity.items:
                    result += self.classes(item)
            elif isinstance(entity, Instance) and entity.type.arguments:
                result += self.classes(entity.type.arguments[0])
            else:
                result.append(entity)
        return result

    def narrow(self, subject: Value, test: Value) -> Value:
        """The members of a value that are instances of a class; new instances of it where none is."""
        if not subject or not test:
            return NOTHING
        universe = self._python.universe
        classes = self.classes(test)
        kept = [e for e in subject if self._is_instance(e, classes)]
        if kept:
            return union(kept)
        made: list[Entity] = []
        for class_ in classes:
            if isinstance(class_, ClassEntity):
                made.append(universe.instance(class_))
            elif isinstance(class_, External):
                made.append(universe.foreign(class_.name))
            elif isinstance(class_, TypeVariable):
                made.append(universe.type_variable(class_.module, class_.binding))
            else:  # nothing is known of the class, so nothing is told of the subject
                made += subject
        return union(made)

    def exclude(self, subject: Value, test: Value) -> Value:
        """The members of a value that may still be there after a failed ``isinstance``."""
        classes = self.classes(test)
        return union(e for e in subject if not self._is_instance(e, classes))

    def rejoined(self, subject: Value, told: Value) -> Value:
        """A value behind a test that said on one of the ways what it is: kept where nothing is known."""
        if self._python.types.is_concrete(subject):
            return subject
        return join(subject, tuple(e for e in told if isinstance(e, Instance) and not e.type.module.library))

    def narrow_class(self, subject: Value, test: Value) -> Value:
        """The same as :meth:`narrow` for classes and ``issubclass``."""
        if not subject or not test:
            return NOTHING
        classes = [e for e in self.classes(test) if isinstance(e, ClassEntity)]
        kept = [
            e
            for e in subject
            if isinstance(e, ClassEntity) and any(self._python.classes.is_subclass(e, c) for c in classes)
        ]
        return union(kept or classes or [UNKNOWN])

    def _is_instance(self, entity: Entity, classes: list[Entity]) -> bool:
        if isinstance(entity, Foreign):
            return any(isinstance(c, External) and c.name == entity.name for c in classes)
        plain = self._python.known.plain(entity)
        if isinstance(plain, TypeVariable):
            return False
        if not isinstance(plain, Instance):
            return False
        return any(
            isinstance(c, ClassEntity) and self._python.classes.is_subclass(plain.type, c) for c in classes
        )
