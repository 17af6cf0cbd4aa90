"""Type expressions: what the values of a written type are.

Rules: the TypeScript handbook, "Everyday Types", "Object Types", "Generics". An operator on types that has
to know type variables is left to :mod:`isg.graph.semantics.typescript.computed`.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    NOTHING,
    UNION_LIMIT,
    UNKNOWN,
    UNKNOWN_VALUE,
    ClassEntity,
    Entity,
    External,
    Instance,
    ModuleEntity,
    TypeVariable,
    Value,
    join,
    union,
)
from isg.graph.semantics.typescript.classes import CLASS_KINDS
from isg.graph.semantics.typescript.entities import (
    Closure,
    NamespaceObject,
    ObjectType,
    Primitive,
    intersection,
)
from isg.graph.semantics.typescript.names import AssignedMember, Found, Item, Meaning
from isg.parsers import operators as op
from isg.parsers.facts import BindingKind, ScopeKind
from isg.parsers.terms import Term

if TYPE_CHECKING:
    from isg.graph.semantics.typescript.language import TypeScript

TUPLE_LIMIT = 24  # items of a tuple that are told apart
_TRANSPARENT = frozenset({"Partial", "Required", "Readonly", "NoInfer", "ThisType"})
_COMPUTED = frozenset({op.KEYS, op.CONDITIONAL, op.MAPPED, op.TYPEOF})
_NAMED = frozenset({op.TYPE_NAME, op.NAME, op.USE, op.TYPE_MEMBER, op.MEMBER, op.IMPORTED})


class Types:
    """Turns type expressions into values."""

    def __init__(self, typescript: TypeScript) -> None:
        self._typescript = typescript
        self._followed: set[AssignedMember] = set()  # those whose types are being looked for

    def type_of(self, module: Module, term: int) -> Value:
        """Instances of what a type expression means."""
        return self._typescript.solve_type(module, term, self._evaluate)

    def _evaluate(self, module: Module, expression: Term, term: int) -> Value:
        operator = expression[0]
        universe = self._typescript.universe
        if operator in _NAMED:
            return self._named(module, expression, term)
        if operator == op.LITERAL:
            return self.primitive(str(expression[1]))
        if operator == op.STRING:
            return (universe.string(str(expression[1])),)
        if operator == op.INTEGER:
            return self.primitive("number")
        if operator == op.UNION:
            return join(*[self.type_of(module, int(t)) for t in expression[1:]])
        if operator == op.INTERSECTION:
            return self.intersect([self.type_of(module, int(t)) for t in expression[1:]])
        if operator == op.INDEX:
            return self._applied(module, int(expression[1]), int(expression[2]))
        if operator == op.OBJECT:
            return (universe.intern(ObjectType, module, term, ()),)
        if operator == op.CALLABLE:
            return (universe.intern(Closure, module, int(expression[1]), ()),)
        if operator in _COMPUTED:
            return self._typescript.computed.deferred(module, term)
        return self._other(module, expression, term)

    def _other(self, module: Module, expression: Term, term: int) -> Value:
        operator = expression[0]
        if operator == op.TUPLE:
            return self._tuple(module, expression[1:])
        if operator == op.EXPECTED:
            return self._typescript.contextual.argument(module, int(expression[1]), int(expression[2]))
        if operator == op.NARROW:
            return self.primitive("boolean")
        if operator in (op.ANNOTATION, op.STAR):
            return self.type_of(module, int(expression[1]))
        if operator == op.UNKNOWN:
            return UNKNOWN_VALUE
        return self.instances(self._typescript.evaluator.value(module, term))

    def primitive(self, name: str) -> Value:
        if name == "never":
            return NOTHING
        return (self._typescript.universe.intern(Primitive, name),)

    def _tuple(self, module: Module, terms: tuple[int | str, ...]) -> Value:
        rows = module.facts.terms
        values = [self.type_of(module, int(t)) for t in terms]
        if any(rows[int(t)][0] == op.STAR for t in terms) or len(terms) > TUPLE_LIMIT:
            items = [
                join(*[self._typescript.iterate(e) for e in value]) if rows[int(t)][0] == op.STAR else value
                for t, value in zip(terms, values, strict=True)
            ]
            return self._typescript.container(module, "list", join(*items) or UNKNOWN_VALUE)
        return (self._typescript.universe.tuple_(tuple(values)),) if all(values) else NOTHING

    def intersect(self, operands: Iterable[Value]) -> Value:
        """Something that is of all of these types: for each choice of members of unions."""
        known = [value for value in operands if value and value != UNKNOWN_VALUE]
        if not known:
            return UNKNOWN_VALUE
        size = 1
        for value in known:
            size *= len(value)
        if size > UNION_LIMIT:
            known = [value[:1] for value in known]
        universe = self._typescript.universe
        return union(intersection(universe, parts) for parts in product(*known))

    def instances(self, classes: Value) -> Value:
        """Instances of classes, where a value stands for a type."""
        found: list[Entity] = []
        for entity in classes:
            if isinstance(entity, ClassEntity):
                found.append(self._typescript.universe.instance(entity))
            elif isinstance(entity, External):
                found.append(self._typescript.universe.foreign(entity.name))
            else:
                found.append(UNKNOWN)
        return union(found)

    # names

    def _named(self, module: Module, expression: Term, term: int) -> Value:
        if expression[0] == op.TYPE_NAME and expression[2] == "this":
            return self._this(module, int(expression[1]))
        found = self._typescript.names.named(module, term, Meaning.TYPE)
        return self.of_found(found)

    def _this(self, module: Module, scope: int) -> Value:
        """The type `this`: the receiver, of the class or interface around."""
        scopes, symbols = module.facts.scopes, module.facts.symbols
        while scope >= 0:
            fact = scopes[scope]
            if fact.kind is ScopeKind.CLASS and symbols[fact.symbol].kind in CLASS_KINDS:
                class_ = self._typescript.classes.entity(module, fact.symbol)
                return (self._typescript.universe.receiver(class_),)
            scope = fact.parent
        return UNKNOWN_VALUE

    def of_found(self, found: Found) -> Value:
        """Instances of the types that a name stands for."""
        if not found:
            return UNKNOWN_VALUE
        if len(found) == 1:
            return self._of_item(found[0])
        named = [item for item in found if not isinstance(item, ModuleEntity | NamespaceObject)]
        return join(*[self._of_item(item) for item in named]) if named else UNKNOWN_VALUE

    def _of_item(self, item: Item) -> Value:
        if isinstance(item, tuple):
            return self._of_slot(*item)
        if isinstance(item, External):
            return (self._typescript.universe.foreign(item.name),)
        if isinstance(item, AssignedMember):
            return self._of_assigned(item)
        return UNKNOWN_VALUE

    def _of_assigned(self, item: AssignedMember) -> Value:
        """What a member of an assigned namespace says as a type; unknown where modules are each other."""
        if item in self._followed:
            return UNKNOWN_VALUE
        types = self._typescript.exports.assigned_types(item)
        if not types:
            return self.instances(self._typescript.names.value_of((item,)))
        self._followed.add(item)
        try:
            return self.of_found(types)
        finally:
            self._followed.discard(item)

    def _of_slot(self, module: Module, binding: int) -> Value:
        fact = module.facts.bindings[binding]
        if fact.kind is BindingKind.TYPE_PARAMETER:
            return (self._typescript.universe.type_variable(module, binding),)
        symbol = fact.symbol
        if symbol < 0 and fact.term and module.facts.terms[fact.term][0] == op.SYMBOL:
            symbol = int(module.facts.terms[fact.term][1])
        if symbol < 0:
            return self.instances(self._typescript.names.slot_value(module, binding))
        kind = module.facts.symbols[symbol].kind
        if kind in CLASS_KINDS:
            return (self._raw(module, symbol),)
        if kind == "type_alias":
            return self.alias(module, symbol, fact.term, ())
        parent = module.facts.symbols[symbol].parent
        if parent >= 0 and module.facts.symbols[parent].kind == "enum":
            return (self._raw(module, parent),)
        return self.instances(self._typescript.names.slot_value(module, binding))

    def _raw(self, module: Module, symbol: int) -> Instance:
        """An instance of a class that is named without type arguments."""
        classes = self._typescript.classes
        return self._typescript.universe.instance(classes.applied(classes.entity(module, symbol), ()))

    # type arguments

    def arguments_of(self, module: Module, term: int) -> tuple[Value, ...]:
        """The types between angle brackets."""
        expression = module.facts.terms[term] if term > 0 else (op.UNKNOWN,)
        terms = expression[1:] if expression[0] == op.TUPLE else (term,)
        return tuple([self.type_of(module, int(t)) for t in terms])

    def _applied(self, module: Module, base: int, index: int) -> Value:
        expression = module.facts.terms[base]
        if expression[0] not in _NAMED:
            return self.type_of(module, base)
        found = self._typescript.names.named(module, base, Meaning.TYPE)
        arguments = self.arguments_of(module, index)
        if not all(arguments):
            arguments = tuple(value or UNKNOWN_VALUE for value in arguments)
        return join(*[self._apply(item, arguments) for item in found]) if found else UNKNOWN_VALUE

    def _apply(self, item: Item, arguments: tuple[Value, ...]) -> Value:
        if not isinstance(item, tuple):
            return self._of_item(item)
        module, binding = item
        fact = module.facts.bindings[binding]
        symbol = fact.symbol
        if symbol < 0 and fact.term and module.facts.terms[fact.term][0] == op.SYMBOL:
            symbol = int(module.facts.terms[fact.term][1])
        kind = module.facts.symbols[symbol].kind if symbol >= 0 else ""
        if kind in CLASS_KINDS:
            classes = self._typescript.classes
            class_ = classes.applied(classes.entity(module, symbol), arguments)
            return (self._typescript.universe.instance(class_),)
        if kind == "type_alias":
            if module.library and fact.name in _TRANSPARENT:
                return arguments[0]
            return self.alias(module, symbol, fact.term, arguments)
        return self._of_slot(module, binding)

    def alias(self, module: Module, symbol: int, term: int, arguments: tuple[Value, ...]) -> Value:
        """What a type alias stands for, with type arguments."""
        value = self.type_of(module, term)
        parameters = self.alias_parameters(module, symbol)
        if not parameters:
            return value
        generics = self._typescript.generics
        given = generics.complete(parameters, arguments)
        return generics.substitute(value, dict(zip(parameters, given, strict=False)))

    def alias_parameters(self, module: Module, symbol: int) -> tuple[TypeVariable, ...]:
        names = module.facts.symbols[symbol].type_parameters
        scope = self._typescript.classes.parameters_scope(module, symbol) if names else -1
        if scope < 0:
            return ()
        found = module.facts.scopes[scope].names
        return tuple(
            self._typescript.universe.type_variable(module, found[n][0]) for n in names if n in found
        )
