"""Patterns, declarations and struct literals: what a name is bound to, what a path evaluates to.

Rules: The Rust Reference, "Patterns", "Let statements", "Struct expressions", "Constant items".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN_VALUE,
    ClassEntity,
    Entity,
    External,
    Foreign,
    Instance,
    Value,
    join,
)
from isg.graph.semantics.rust.entities import Alias, Item
from isg.graph.semantics.rust.names import VALUES
from isg.parsers import operators as op
from isg.parsers.terms import Term

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

_TYPE_PATHS = frozenset({op.TYPE_NAME, op.TYPE_MEMBER, op.INDEX, op.QUALIFIED})


class Patterns:
    """Evaluates what patterns bind, and paths to constants and constructors."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust

    def evaluate(self, module: Module, term: Term) -> Value:
        """The value of a term of an operator that Rust shares with few."""
        operator = term[0]
        evaluator = self._rust.evaluator
        if operator == op.PAYLOAD:
            return self.payload(module, int(term[1]), int(term[2]), str(term[3]))
        if operator == op.TRY:
            return join(*[self._rust.operators.tried(e) for e in evaluator.value(module, int(term[1]))])
        if operator == op.DEREF:
            return self._dereferenced(module, int(term[1]))
        if operator == op.NEW:
            return self._new(module, term)
        return UNKNOWN_VALUE

    def _dereferenced(self, module: Module, term: int) -> Value:
        """What ``*x`` is: the same, for references are transparent; but ``**x`` is behind a pointer.

        So is ``*x.field`` where the field is declared as anything but a reference.
        """
        value = self._rust.evaluator.value(module, term)
        expression = module.facts.terms[term]
        is_held = expression[0] == op.MEMBER and self._holds(module, int(expression[1]), str(expression[2]))
        if expression[0] != op.DEREF and not is_held:
            return value
        return tuple([e for entity in value for e in self._rust.deref.target(entity) or (entity,)])

    def _holds(self, module: Module, owner: int, member: str) -> bool:
        """Whether a member is a field that is no reference by its declaration, and no pointer."""
        if not member.startswith("."):
            return False
        owners = self._rust.evaluator.value(module, owner)
        found = [each for e in owners for each in self._rust.methods.field_symbols(e, member[1:])]
        kinds = [field.facts.symbols[symbol].signature.partition(": ")[2] for field, symbol in found]
        return bool(kinds) and not any(declared.startswith(("&", "*")) for declared in kinds)

    # names

    def bound(self, module: Module, declared: int, term: int) -> Value:
        """What a binding holds: as declared, what is left open there as it is initialised."""
        if not declared:
            return self._rust.evaluator.value(module, term)
        value = self._rust.types.of(module, declared)
        if term > 0 and self._rust.known.has_hole(value):
            return self._completed(module, value, term)
        return value

    def _completed(self, module: Module, declared: Value, term: int) -> Value:
        """A declared type with ``_`` in it, completed by what it is initialised with."""
        expression = module.facts.terms[term]
        if expression[0] == op.CALL:
            callee = module.facts.terms[int(expression[1])]
            if callee[0] == op.MEMBER and callee[2] == "collect":
                receivers = self._rust.evaluator.value(module, int(callee[1]))
                items = join(*[self._rust.iterate(e) for e in receivers])
                return self._rust.known.filled(declared, items)
        return self._rust.known.completed(declared, self._rust.evaluator.value(module, term))

    def item_value(self, item: Item) -> Value:
        """What the name of a constant, static or variant evaluates to."""
        module, symbol = item.module, item.symbol
        fact = module.facts.symbols[symbol]
        if self._rust.names.is_variant(module, symbol):
            if fact.scope >= 0 and module.facts.scopes[fact.scope].names:
                return (item,)
            return (self._rust.universe.instance(self._rust.universe.class_(module, fact.parent)),)
        if fact.kind not in ("constant", "variable"):
            return (item,)
        self._rust.consult(module, "member", module.path, module.qualified[fact.parent], fact.name)
        home = module.facts.scopes[self._rust.types.home(module, symbol)]
        bindings = [b for b in home.names.get(fact.name, ()) if module.facts.bindings[b].symbol == symbol]
        declared = [module.facts.bindings[b].declared for b in bindings]
        return join(*[self._rust.types.of(module, d) for d in declared]) or UNKNOWN_VALUE

    def unit_value(self, class_: ClassEntity) -> Value:
        """What the name of a struct evaluates to: its only value, or its constructor."""
        module, fact = class_.module, class_.module.facts.symbols[class_.symbol]
        self._rust.consult(module, "symbol", module.path, module.qualified[class_.symbol])
        has_fields = fact.scope >= 0 and module.facts.scopes[fact.scope].names
        if fact.kind != "struct" or has_fields:
            return (class_,)
        return (self._rust.universe.instance(class_),)

    # struct literals

    def _new(self, module: Module, term: Term) -> Value:
        arguments = Arguments.of(module, term)
        return join(*[self._construct(e, arguments) for e in self._rust.types.path(module, int(term[1]))])

    def _construct(self, entity: Entity, arguments: Arguments) -> Value:
        if isinstance(entity, Item):
            parent = entity.module.facts.symbols[entity.symbol].parent
            enum = self._rust.universe.class_(entity.module, parent)
            return self._rust.calls.construct(enum, entity.module, entity.symbol, arguments)
        if isinstance(entity, ClassEntity):
            return self._rust.calls.construct(entity, entity.module, entity.symbol, arguments)
        values = self._rust.types.instantiate(entity, None, ())
        if isinstance(entity, Alias):
            made = [self._construct(e.type, arguments) for e in values if isinstance(e, Instance)]
            return join(*made) or values
        return values

    # payloads

    def payload(self, module: Module, subject: int, path: int, name: str) -> Value:
        """What a pattern binds in a field of what it matches."""
        return self.within(module, self._rust.evaluator.value(module, subject), path, name)

    def within(self, module: Module, values: Value, path: int, name: str) -> Value:
        """What a field holds of values that match the variant or struct that a path of a file names."""
        found = []
        for entity in self.matched(module, path):
            if isinstance(entity, Item | ClassEntity):
                found.append(self._field(entity, name, values))
            elif isinstance(entity, External | Foreign):
                found.append(self._of_foreign(values))
        return join(*found) or (UNKNOWN_VALUE if values else NOTHING)

    def _of_foreign(self, values: Value) -> Value:
        """What a pattern binds in a value of which nothing else is known than that it is foreign."""
        given = [self._rust.given_by(e) for e in values if isinstance(e, Foreign)]
        return join(*given) if len(given) == len(values) else UNKNOWN_VALUE

    def matched(self, module: Module, path: int) -> Value:
        """The variant or struct that a pattern names."""
        term = module.facts.terms[path]
        found: Value
        if term[0] in _TYPE_PATHS:
            found = self._rust.types.path(module, path)
        elif term[0] == op.NAME:
            found = self._rust.names.lexical(module, int(term[1]), str(term[2]), VALUES)
        elif term[0] == op.MEMBER:
            prefixes = self._rust.evaluator.value(module, int(term[1]))
            found = join(*[self._rust.names.member(e, str(term[2]), VALUES) for e in prefixes])
        else:
            return NOTHING
        return join(*[self._unaliased(entity) for entity in found])

    def _unaliased(self, entity: Entity) -> Value:
        if not isinstance(entity, Alias):
            return (entity,)
        values = self._rust.types.instantiate(entity, None, ())
        return tuple([e.type if isinstance(e, Instance) else e for e in values])

    def _field(self, matched: Item | ClassEntity, name: str, values: Value) -> Value:
        module, symbol = matched.module, matched.symbol
        is_variant = isinstance(matched, Item)
        owner = module.facts.symbols[symbol].parent if is_variant else symbol
        name = self.position(module, symbol, name)
        subjects = [
            step
            for value in values
            for step in self._rust.deref.steps(value)
            if isinstance(step, Instance) and step.type.module is module and step.type.symbol == owner
        ]
        if values and all(isinstance(value, Foreign) for value in values):
            return self._of_foreign(values)
        known = subjects or [self._rust.universe.instance(self._rust.universe.class_(module, owner))]
        return join(*[self._rust.methods.field_of(each, module, symbol, name) for each in known])

    def position(self, module: Module, symbol: int, name: str) -> str:
        """The name of a field that a pattern counts from the end."""
        if not name.startswith("-"):
            return name
        scope = module.facts.symbols[symbol].scope
        count = len(module.facts.scopes[scope].names) if scope >= 0 else 0
        return str(count + int(name))
