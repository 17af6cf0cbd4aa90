"""What a test tells about a value: `instanceof`, `typeof`, `in`, discriminants, type predicates.

Rules: the TypeScript handbook, "Narrowing".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    UNKNOWN,
    UNKNOWN_VALUE,
    ClassEntity,
    Entity,
    External,
    Foreign,
    Function,
    Instance,
    Lambda,
    Text,
    TypeVariable,
    Value,
    join,
    union,
)
from isg.graph.semantics.typescript.calls import Candidate
from isg.graph.semantics.typescript.entities import Closure, Deferred, Primitive
from isg.graph.semantics.typescript.relations import EMPTY
from isg.parsers import operators as op
from isg.parsers.terms import Term

if TYPE_CHECKING:
    from isg.graph.semantics.typescript.language import TypeScript

_FALSY = EMPTY | {"false"}
_OPEN = (TypeVariable, Deferred)


class Narrowing:
    """Narrows values by tests, given as terms."""

    def __init__(self, typescript: TypeScript) -> None:
        self._typescript = typescript

    def tested(self, module: Module, subject: int, test: int, holds: bool) -> Value:
        """A value behind a test that holds, or does not."""
        value = self._typescript.evaluator.value(module, subject)
        if not value:
            return value
        expression = module.facts.terms[test]
        operator = expression[0]
        if operator == op.OBJECT:
            return self._by_member(module, value, expression, holds)
        if operator == op.LITERAL:
            return self._by_typeof(value, str(expression[1]), holds)
        if operator == op.CALL:
            return self._by_predicate(module, value, subject, expression, holds)
        if operator in (op.STRING, op.INTEGER):
            wanted = self._typescript.types.type_of(module, test)
            return self._narrow(value, wanted) if holds else self._exclude_literal(value, wanted)
        wanted = self._instances(self._typescript.evaluator.value(module, test))
        if not wanted:
            return ()
        return self._narrow(value, wanted) if holds else self._exclude(value, wanted)

    def _instances(self, classes: Value) -> Value:
        """What `instanceof` asks for."""
        typescript = self._typescript
        found: list[Entity] = []
        for entity in classes:
            if isinstance(entity, ClassEntity):
                found.append(typescript.universe.instance(typescript.classes.applied(entity, ())))
            elif isinstance(entity, External):
                found.append(typescript.universe.foreign(entity.name))
            else:
                found += typescript.calls.constructed(entity)
        return union(found)

    # by types

    def _narrow(self, value: Value, wanted: Value) -> Value:
        """The members of a value that are of a type; the type itself where none is known to be."""
        if wanted == UNKNOWN_VALUE:
            return value
        relations = self._typescript.relations
        found: list[Entity] = []
        for entity in value:
            if entity is UNKNOWN or isinstance(entity, Foreign):
                continue
            if isinstance(entity, _OPEN):
                found += self._typescript.types.intersect([(entity,), wanted])
            elif self._is_of(entity, wanted):
                found.append(entity)
            else:
                found += [w for w in wanted if relations.assignable(w, (entity,)) and w is not UNKNOWN]
        return union(found) or wanted

    def _is_of(self, entity: Entity, wanted: Value) -> bool:
        """Whether a value is of a type by what it is declared to be; by its members only for objects."""
        classes = self._typescript.classes
        plain = self._typescript.plain(entity)
        for each in wanted:
            if isinstance(each, Instance) and isinstance(plain, Instance):
                if classes.is_subclass(plain.type, each.type):
                    return True
            elif self._typescript.relations.assignable(entity, (each,)):
                return True
        return False

    def _exclude(self, value: Value, wanted: Value) -> Value:
        if wanted == UNKNOWN_VALUE:
            return value
        return union(e for e in value if e is UNKNOWN or isinstance(e, _OPEN) or not self._is_of(e, wanted))

    def _exclude_literal(self, value: Value, wanted: Value) -> Value:
        return union(e for e in value if e not in wanted)

    # by `typeof`

    def _by_typeof(self, value: Value, name: str, holds: bool) -> Value:
        kept = [e for e in value if self._has_type(e, name) is not (not holds)]
        if kept or not holds:
            return union(kept)
        if name in ("object", "function"):
            return UNKNOWN_VALUE
        return self._typescript.types.primitive(name)

    def _has_type(self, entity: Entity, name: str) -> bool | None:
        """Whether `typeof` says so of a value; None where that is not known."""
        if entity is UNKNOWN or isinstance(entity, Foreign | TypeVariable | Deferred):
            return None
        if isinstance(entity, Text):
            return name == "string"
        if isinstance(entity, Primitive):
            own = "boolean" if entity.name in ("true", "false") else entity.name
            own = {"null": "object", "void": "undefined"}.get(own, own)
            return own == name
        if isinstance(entity, Function | Lambda | Closure | ClassEntity) or self._typescript.calls.callables(
            entity
        ):
            return name == "function"
        if isinstance(entity, Instance) and self._typescript.classes.is_enum(entity.type):
            return name in ("number", "string")
        return name == "object"

    # by members

    def _by_member(self, module: Module, value: Value, expression: Term, holds: bool) -> Value:
        name, term = str(expression[1]), int(expression[2])
        if not term:
            kept = [e for e in value if self._has(e, name) is not (not holds)]
            return union(kept) or value
        tested = module.facts.terms[term]
        truthy = tested == (op.LITERAL, "true")
        literal = self._typescript.evaluator.value(module, term)
        kept = [e for e in value if self._fits(e, name, literal, truthy, holds)]
        return union(kept) or value

    def _has(self, entity: Entity, name: str) -> bool | None:
        if entity is UNKNOWN or isinstance(entity, Foreign | TypeVariable | Deferred):
            return None
        return name in self._typescript.members.names_of(entity)

    def _fits(self, entity: Entity, name: str, literal: Value, truthy: bool, holds: bool) -> bool:
        """Whether a member of a union may still be meant after a test of its member."""
        if entity is UNKNOWN or isinstance(entity, Foreign | TypeVariable | Deferred):
            return True
        if isinstance(entity, Primitive) and entity.name in EMPTY:
            return not holds
        known = self._typescript.members.value(entity, name)
        if not known or any(e is UNKNOWN for e in known):
            return True
        if truthy:
            falsy = [isinstance(e, Primitive) and e.name in _FALSY for e in known]
            return not all(falsy) if holds else any(falsy) or not all(self._is_true(e) for e in known)
        if holds:
            return any(self._may_equal(e, each) for e in known for each in literal)
        return not (len(known) == 1 and known == literal and isinstance(known[0], Text | Primitive))

    def _is_true(self, entity: Entity) -> bool:
        """Whether a value is always truthy: an object or `true`."""
        return not isinstance(entity, Primitive | Text) or (
            isinstance(entity, Primitive) and entity.name == "true"
        )

    def _may_equal(self, known: Entity, literal: Entity) -> bool:
        if isinstance(literal, Text):
            return known is literal or (isinstance(known, Primitive) and known.name == "string")
        if isinstance(literal, Primitive) and isinstance(known, Primitive):
            return (
                known is literal
                or {known.name, literal.name} <= {"boolean", "true"}
                or {
                    known.name,
                    literal.name,
                }
                <= {"boolean", "false"}
            )
        if isinstance(known, Text | Primitive):
            return isinstance(literal, Text | Primitive) and known is literal
        return True

    # by predicates

    def _by_predicate(self, module: Module, value: Value, subject: int, call: Term, holds: bool) -> Value:
        """What a function that returns `x is T` tells of the argument that it was given for x."""
        typescript = self._typescript
        arguments = Arguments.of(module, call)
        found: list[Value] = []
        for entity in typescript.evaluator.value(module, int(call[1])):
            candidates = [
                c for each in typescript.calls.callables(entity) for c in typescript.calls.candidates(each)
            ]
            if not candidates:
                continue
            chosen = typescript.calls.choose(candidates, arguments)
            told = self._told(chosen, arguments, subject)
            if told is not None:
                found.append(self._narrow(value, told) if holds else self._exclude(value, told))
        return join(*found) if found else value

    def _told(self, candidate: Candidate, arguments: Arguments, subject: int) -> Value | None:
        """The type that a predicate says its argument is of; None where it speaks of another."""
        typescript = self._typescript
        terms = candidate.module.facts.terms
        if not candidate.signature.returns:
            return None
        predicate = terms[candidate.signature.returns]
        if predicate[0] != op.NARROW:
            return None
        about = terms[int(predicate[1])]
        if about[0] == op.PARAMETER:
            position = int(about[2])
            if position >= len(arguments.positional) or arguments.positional[position] != subject:
                return None
        wanted = terms[int(predicate[2])]
        if wanted == (op.LITERAL, "true"):
            return None
        typescript.calls.returns(candidate.module, candidate.index)  # for the record of look-ups
        type_ = typescript.types.type_of(candidate.module, int(predicate[2]))
        if not typescript.generics.is_open(type_):
            return type_
        mapping = typescript.calls.solve(candidate, arguments, len(candidate.signature.parameters))
        return () if mapping is None else typescript.generics.substitute(type_, mapping, candidate.receiver)

    def non_null(self, value: Value) -> Value:
        """A value without null and undefined."""
        return union(e for e in value if not (isinstance(e, Primitive) and e.name in EMPTY))
