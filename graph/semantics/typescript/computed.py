"""Types that are computed from types: indexed access, `keyof`, conditional and mapped types.

Rules: the TypeScript handbook, "Type Manipulation". What depends on a type variable waits as
:class:`~isg.graph.semantics.typescript.entities.Deferred` until the variable is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    NOTHING,
    UNION_LIMIT,
    UNKNOWN,
    UNKNOWN_VALUE,
    Entity,
    External,
    Foreign,
    Text,
    TypeVariable,
    Value,
    join,
    union,
)
from isg.graph.semantics.typescript.entities import (
    Constructed,
    Deferred,
    Mapped,
    ObjectLiteral,
    ObjectType,
    Primitive,
)
from isg.graph.semantics.typescript.inference import Inference
from isg.parsers import operators as op
from isg.parsers.terms import Term

if TYPE_CHECKING:
    from isg.graph.semantics.typescript.language import TypeScript

_WAITING = (TypeVariable, Deferred, Constructed)


class Computed:
    """Evaluates type operators over what their operands are known to be."""

    def __init__(self, typescript: TypeScript) -> None:
        self._typescript = typescript
        self._numbers: dict[Entity, int] = {}

    def deferred(self, module: Module, term: int) -> Value:
        """A type operator, evaluated as far as its own file tells."""
        return self._compute(self._typescript.universe.intern(Deferred, module, term, ()))

    def resolve(self, entity: Entity) -> Value:
        """A deferred type with what is known of its variables now; each file that asks finds it out itself.

        What it rests on is more than its term: that is on record for whoever went the whole way.
        """
        assert isinstance(entity, Deferred)
        module = entity.module
        reader = self._typescript.reader or module
        number = self._numbers.setdefault(entity, len(self._numbers))
        found = reader.memo.get(("deferred", number))
        if found is not None:
            return found  # type: ignore[no-any-return]
        if reader is not module:
            self._typescript.consult(module, "term", module.path, str(entity.index))
        key = (reader, "deferred", number)
        return self._typescript.solver.solve(key, lambda: self._compute(entity), NOTHING, join)

    def _compute(self, entity: Deferred) -> Value:
        module, mapping = entity.module, dict(entity.environment)
        expression = module.facts.terms[entity.index]
        operator = expression[0]
        if operator == op.CONDITIONAL:
            return self._conditional(entity, expression, mapping)
        if operator == op.MAPPED:
            return self._mapped(entity, expression, mapping)
        if operator == op.KEYS:
            operand = self._type(module, int(expression[1]), mapping)
            return (entity,) if _waits(operand) else self.keys_of(operand)
        if operator == op.TYPEOF:
            found = self._value(module, int(expression[1]), mapping)
            return (entity,) if found is None else found
        return UNKNOWN_VALUE

    def _type(self, module: Module, term: int, mapping: dict[TypeVariable, Value]) -> Value:
        typescript = self._typescript
        return typescript.generics.substitute(typescript.types.type_of(module, term), mapping)

    # indexed access

    def _value(self, module: Module, term: int, mapping: dict[TypeVariable, Value]) -> Value | None:
        """The value of a term over types; None while it depends on a type variable."""
        typescript = self._typescript
        expression = module.facts.terms[term]
        operator = expression[0]
        if operator == op.ANNOTATION:
            found = self._type(module, int(expression[1]), mapping)
            return None if _waits(found) else found
        if operator not in (op.MEMBER, op.INDEX, op.ITER, op.AWAIT, op.CALL, op.ITEM):
            return typescript.generics.substitute(typescript.evaluator.value(module, term), mapping)
        inner = self._value(module, int(expression[1]), mapping)
        if inner is None:
            return None
        if operator == op.INDEX:
            keys = self._value(module, int(expression[2]), mapping)
            return None if keys is None else self.indexed(inner, keys)
        return join(*[self._applied(entity, expression) for entity in inner])

    def _applied(self, entity: Entity, expression: Term) -> Value:
        typescript = self._typescript
        if expression[0] == op.MEMBER:
            return typescript.members.value(entity, str(expression[2]))
        if expression[0] == op.ITER:
            return typescript.iterate(entity)
        if expression[0] == op.AWAIT:
            return typescript.awaited(entity)
        if expression[0] == op.ITEM:
            return typescript.item(entity, int(expression[2]))
        return join(*[typescript.calls.returned(each) for each in typescript.calls.callables(entity)])

    def indexed(self, value: Value, keys: Value) -> Value:
        """The members of a value that keys name; its elements for keys that are numbers."""
        members = self._typescript.members
        found: list[Value] = []
        for entity in value:
            for key in keys:
                if isinstance(key, Text):
                    found.append(members.value(entity, key.content))
                elif key is UNKNOWN or isinstance(key, Primitive):
                    found.append(members.element(entity))
                else:
                    found.append(UNKNOWN_VALUE)
        return join(*found)

    # keyof

    def keys_of(self, value: Value) -> Value:
        """The names of the members that all of a value's entities have; strings where they are not known."""
        if not value:
            return NOTHING
        found: dict[str, None] | None = None
        for entity in value:
            names = self._typescript.members.names_of(entity)
            if not names or entity is UNKNOWN:
                return UNKNOWN_VALUE
            found = dict.fromkeys(n for n in names if found is None or n in found)
        if found is None or len(found) > UNION_LIMIT:
            return UNKNOWN_VALUE
        return union(
            self._typescript.universe.intern(Primitive, "string") if name == "[]" else self._text(name)
            for name in found
        )

    def _text(self, name: str) -> Entity:
        return self._typescript.universe.string(name)

    # mapped types

    def _mapped(self, entity: Deferred, expression: Term, mapping: dict[TypeVariable, Value]) -> Value:
        keys = self._type(entity.module, int(expression[1]), mapping)
        if _waits(keys):
            return (entity,)
        return (self._typescript.universe.intern(Mapped, entity.module, entity.index, entity.environment),)

    def mapped_keys(self, entity: Mapped) -> Value:
        return self._typescript.once(("keys", entity), lambda: self._mapped_keys(entity))

    def _mapped_keys(self, entity: Mapped) -> Value:
        expression = entity.module.facts.terms[entity.index]
        return self._type(entity.module, int(expression[1]), dict(entity.environment))

    def mapped_value(self, entity: Mapped, key: Entity) -> Value:
        """The type of one member of a mapped type."""
        return self._typescript.once(("mapped", entity, key), lambda: self._mapped_value(entity, key))

    def _mapped_value(self, entity: Mapped, key: Entity) -> Value:
        module = entity.module
        if self._typescript.reader is not module:
            self._typescript.consult(module, "term", module.path, str(entity.index))
        expression = module.facts.terms[entity.index]
        mapping = dict(entity.environment)
        variable = self._key_variable(module, int(expression[1]), int(expression[2]))
        if variable is not None:
            mapping[variable] = (key,)
        return self._type(module, int(expression[2]), mapping)

    def _key_variable(self, module: Module, keys: int, values: int) -> TypeVariable | None:
        for variable in self._typescript.generics.free.of_term(module, values):
            if variable.module.facts.bindings[variable.binding].declared == keys:
                return variable
        return None

    def mapped_over(self, entity: Mapped) -> Value:
        """The type whose members a mapped type goes through (`K in keyof T`, or K of T); nothing else."""
        module = entity.module
        mapping = dict(entity.environment)
        term = int(module.facts.terms[entity.index][1])
        expression = module.facts.terms[term]
        if expression[0] == op.KEYS:
            return self._type(module, int(expression[1]), mapping)
        for variable in self._typescript.types.type_of(module, term):
            if isinstance(variable, TypeVariable):
                bound = variable.module.facts.bindings[variable.binding].declared
                inner = variable.module.facts.terms[bound] if bound else ()
                if inner and inner[0] == op.KEYS:
                    return self._type(variable.module, int(inner[1]), mapping)
        return NOTHING

    # conditional types

    def _conditional(self, entity: Deferred, expression: Term, mapping: dict[TypeVariable, Value]) -> Value:
        module = entity.module
        check, wanted, yes, no = (int(t) for t in expression[1:5])
        checked = self._type(module, check, mapping)
        if _waits(checked):
            return (entity,)
        distributed = self._bare(module, check)
        results: list[Value] = []
        for each in checked if distributed is not None else checked[:1]:
            own = dict(mapping)
            if distributed is not None:
                own[distributed] = (each,)
            results.append(self._branch(module, each, wanted, yes, no, own))
        return join(*results) or UNKNOWN_VALUE

    def _bare(self, module: Module, check: int) -> TypeVariable | None:
        """The type variable that a conditional type distributes over."""
        found = self._typescript.types.type_of(module, check)
        return found[0] if len(found) == 1 and isinstance(found[0], TypeVariable) else None

    def _branch(
        self,
        module: Module,
        checked: Entity,
        wanted: int,
        yes: int,
        no: int,
        mapping: dict[TypeVariable, Value],
    ) -> Value:
        if checked is UNKNOWN:
            return UNKNOWN_VALUE  # both branches may hold the type itself, without end
        pattern = self._type(module, wanted, mapping)
        if not self._typescript.relations.assignable(checked, pattern):
            return self._type(module, no, mapping)
        inference = Inference(self._typescript, {})
        inference.match(pattern, (checked,))
        outside = isinstance(checked, Foreign | External)
        unknown = (self._typescript.universe.foreign(),) if outside else UNKNOWN_VALUE
        for variable in self._typescript.generics.variables_in(pattern):
            if variable not in mapping:
                mapping[variable] = inference.mapping.get(variable) or unknown
        return self._type(module, yes, mapping)

    # inference through computed types

    def inferring(self, pattern: Deferred | Mapped, actual: Value) -> tuple[Value, Value] | None:
        """A type and a value that tell the variables behind a computed type, from what is to be of it.

        A mapped type tells what it goes through.
        """
        expression = pattern.module.facts.terms[pattern.index]
        if expression[0] != op.MAPPED:
            return None
        keys = pattern.module.facts.terms[int(expression[1])]
        if keys[0] == op.KEYS:
            return self._type(pattern.module, int(keys[1]), dict(pattern.environment)), actual
        if isinstance(pattern, Mapped):
            wanted = self.mapped_value(pattern, self.mapped_keys(pattern)[0])
            return wanted, join(*[self._values_in(entity) for entity in actual])
        return None

    def _values_in(self, entity: Entity) -> Value:
        """What the members of an object are, whatever their names."""
        members = self._typescript.members
        if isinstance(entity, Mapped):
            return members.element(entity)
        if isinstance(entity, ObjectLiteral | ObjectType):
            return join(*[members.value(entity, name) for name in members.names_of(entity)])
        return NOTHING


def _waits(value: Value) -> bool:
    return any(isinstance(entity, _WAITING) for entity in value)
