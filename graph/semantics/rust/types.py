"""Type expressions: what a type as written stands for.

Rules: The Rust Reference, "Types", "Paths in types", "Type aliases", "Trait and lifetime bounds". A type is
represented by a value of it; ``dyn Trait`` and ``impl Trait`` by what their bounds say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN,
    UNKNOWN_VALUE,
    ClassEntity,
    Entity,
    External,
    Foreign,
    Instance,
    ModuleEntity,
    TypeVariable,
    Value,
    join,
    union,
)
from isg.graph.semantics.rust.entities import (
    Alias,
    FunctionType,
    Item,
    Namespace,
    Opaque,
    Projection,
    TraitBound,
    TraitSelf,
    TypePath,
    Wrapping,
)
from isg.graph.semantics.rust.generics import Mapping_
from isg.graph.semantics.rust.names import NOMINAL, TYPES
from isg.parsers import operators as op
from isg.parsers.facts import BindingKind, ScopeKind
from isg.parsers.terms import Term

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

_ALIKE = (
    ("collections", "HashMap", "HashMap"),
    ("collections", "HashSet", "HashSet"),
    ("collections", "IndexMap", "HashMap"),
    ("collections", "IndexSet", "HashSet"),
    ("sync", "Arc", "Arc"),
)  # by the ending of a name
_BLOCKS = NOMINAL | {"impl"}
Named = tuple[tuple[str, Value], ...]


class Types:
    """Evaluates type expressions."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust

    def of(self, module: Module, term: int) -> Value:
        """A value of the type that a term in a type position stands for."""
        return self._rust.solve_type(module, term, self._evaluate)

    def _evaluate(self, module: Module, expression: Term, term: int) -> Value:
        operator = expression[0]
        if operator in (op.TYPE_NAME, op.TYPE_MEMBER, op.NAME, op.MEMBER):
            return join(*[self.instantiate(e, None, ()) for e in self.path(module, term)]) or UNKNOWN_VALUE
        if operator == op.INDEX:
            return self._generic(module, int(expression[1]), int(expression[2]))
        if operator == op.TUPLE:
            items = tuple([self.of(module, int(t)) for t in expression[1:]])
            return (self._rust.making.tuple_(items),) if all(items) else NOTHING
        if operator == op.CALLABLE:
            return (self._callable(module, int(expression[1])),)
        if operator == op.INTERSECTION:
            bounds = self.bounds(module, term)
            return (self._rust.making.opaque(bounds),) if bounds else UNKNOWN_VALUE
        if operator == op.LITERAL:
            return self._rust.literal(str(expression[1]))
        if operator == op.QUALIFIED:
            return self._qualified(module, int(expression[1]), int(expression[2]), str(expression[3]))
        if operator in (op.EXPECTED, op.ANNOTATION):
            return self._rust.evaluator.value(module, term)
        return UNKNOWN_VALUE

    def _callable(self, module: Module, signature: int) -> FunctionType:
        fact = module.facts.signatures[signature]
        parameters = tuple([self.of(module, p.annotation) for p in fact.parameters])
        return self._rust.making.function_type(parameters, self.of(module, fact.returns))

    def _qualified(self, module: Module, subject: int, trait: int, name: str) -> Value:
        project = self._rust.projections.project
        traits: list[ClassEntity | None] = []
        traits += [b.trait for b in self.bounds(module, trait) if isinstance(b, TraitBound)]
        return join(*[project(e, t, name) for e in self.of(module, subject) for t in traits or [None]])

    # paths

    def path(self, module: Module, term: int) -> Value:
        """What a path in a type position leads to: modules, types with or without arguments."""
        expression = module.facts.terms[term]
        if expression[0] in (op.TYPE_NAME, op.NAME):
            return self.name(module, int(expression[1]), str(expression[2]))
        if expression[0] in (op.TYPE_MEMBER, op.MEMBER):
            prefix, name = int(expression[1]), str(expression[2])
            own = self._own_associated(module, prefix, name)
            if own is not None:
                return own
            return join(*[self._rust.names.member(e, name, TYPES) for e in self.path(module, prefix)])
        return tuple([self.as_path(e) for e in self.of(module, term)])

    def name(self, module: Module, scope: int, name: str) -> Value:
        if name == "Self":
            return tuple([self.as_path(e) for e in self.self_type(module, scope)])
        if name == "[]":
            slice_ = self._rust.library_trait("primitive", "slice")
            return (slice_,) if slice_ is not None else NOTHING
        return self._rust.names.lexical(module, scope, name, TYPES)

    def _own_associated(self, module: Module, prefix: int, name: str) -> Value | None:
        """``Self::Item`` inside an impl block that says what ``Item`` is."""
        expression = module.facts.terms[prefix]
        if expression[0] != op.TYPE_NAME or expression[2] != "Self":
            return None
        block = self.block(module, int(expression[1]))
        if block is None or module.facts.symbols[block].kind != "impl":
            return None
        term = self.associated_type(module, block, name)
        return tuple([self.as_path(e) for e in self.of(module, term)]) if term is not None else None

    def associated_type(self, module: Module, block: int, name: str) -> int | None:
        """The term that an impl block or trait gives an associated type; None where it names none so."""
        scope = module.facts.symbols[block].scope
        if scope < 0:
            return None
        for binding in module.facts.scopes[scope].names.get(name, ()):
            fact = module.facts.bindings[binding]
            if fact.symbol > 0 and module.facts.symbols[fact.symbol].kind == "type_alias":
                return fact.term
        return None

    def block(self, module: Module, scope: int) -> int | None:
        """The impl block, trait, struct or enum around a scope."""
        while scope >= 0:
            fact = module.facts.scopes[scope]
            inside = fact.kind in (ScopeKind.CLASS, ScopeKind.TYPE_PARAMETERS) and fact.symbol > 0
            if inside and module.facts.symbols[fact.symbol].kind in _BLOCKS:
                return fact.symbol
            scope = fact.parent
        return None

    def self_type(self, module: Module, scope: int) -> Value:
        """What ``Self`` means in a scope."""
        block = self.block(module, scope)
        if block is None:
            return UNKNOWN_VALUE
        return self.self_of(module, block)

    def self_of(self, module: Module, block: int) -> Value:
        """What ``Self`` means in an impl block, trait, struct or enum."""
        fact = module.facts.symbols[block]
        if fact.kind == "trait":
            return (self._rust.universe.intern(TraitSelf, module, block),)
        if fact.kind == "impl":
            keywords = dict(fact.keywords)
            known = self.of(module, keywords.get("self", 0))
            return known if known != UNKNOWN_VALUE else self._implementing(module, keywords.get("trait", 0))
        arguments = tuple([(v,) for v in self.parameters(module, block)])
        return (self._rust.universe.instance(self._rust.universe.class_(module, block, arguments)),)

    def _implementing(self, module: Module, trait: int) -> Value:
        """A type of which nothing is known but that it implements a trait of the project."""
        bounds = [e for e in self.bounds(module, trait) if isinstance(e, TraitBound)] if trait else []
        if not bounds or any(bound.trait.module.library for bound in bounds):
            return UNKNOWN_VALUE
        return (self._rust.making.opaque(bounds),)

    def as_path(self, entity: Entity) -> Entity:
        """A value's type as a path's segment."""
        if isinstance(entity, Instance):
            return entity.type
        return self._rust.universe.intern(TypePath, entity)

    # generic types

    def _generic(self, module: Module, head: int, index: int) -> Value:
        arguments, named = self.arguments(module, index)
        return (
            join(*[self.instantiate(e, arguments, named) for e in self.path(module, head)]) or UNKNOWN_VALUE
        )

    def arguments(self, module: Module, index: int) -> tuple[tuple[Value, ...], Named]:
        """Generic arguments as written: those by position, and associated types by name."""
        terms = module.facts.terms
        expression = terms[index]
        parts = expression[1:] if expression[0] == op.TUPLE else (index,)
        named: list[tuple[str, Value]] = []
        values: list[Value] = []
        for part in parts:
            each = terms[int(part)]
            if each[0] == op.OBJECT:
                pairs = each[1:]
                named += [
                    (str(n), self.of(module, int(t))) for n, t in zip(pairs[::2], pairs[1::2], strict=True)
                ]
            else:
                values.append(self.of(module, int(part)) or UNKNOWN_VALUE)
        return tuple(values), tuple(named)

    def instantiate(self, entity: Entity, arguments: tuple[Value, ...] | None, named: Named) -> Value:
        """A value of a type that a path leads to, with these generic arguments."""
        universe = self._rust.universe
        if isinstance(entity, ClassEntity):
            class_ = self.with_arguments(entity, arguments)
            if entity.module.facts.symbols[entity.symbol].kind == "trait":
                return (self._rust.making.opaque([self._rust.making.trait_bound(class_, named)]),)
            return (universe.instance(class_),)
        if isinstance(entity, TypePath):
            return (entity.instance,)
        if isinstance(entity, Alias):
            return self._alias(entity, arguments)
        if isinstance(entity, Item):
            parent = entity.module.facts.symbols[entity.symbol].parent
            return (
                (universe.instance(universe.class_(entity.module, parent)),) if parent > 0 else UNKNOWN_VALUE
            )
        if isinstance(entity, External):
            return self._foreign(entity, arguments or ())
        return NOTHING if isinstance(entity, ModuleEntity | Namespace) else UNKNOWN_VALUE

    def _foreign(self, type_: External, arguments: tuple[Value, ...]) -> Value:
        """A value of a type that stands outside the project.

        One that is called ``Result`` and has arguments is taken for the standard one, since crates call
        their alias of it so.
        """
        result = self._rust.library_trait("result", "Result")
        if result is not None and arguments and type_.name.endswith("::Result"):
            error = arguments[1] if len(arguments) > 1 else (self._rust.universe.foreign(),)
            return (self._rust.making.instance(result, (arguments[0], error)),)
        return (self._rust.making.foreign(type_.name, arguments),)

    def alike(self, foreign: Wrapping) -> Instance | None:
        """The type of the standard library that a foreign one is called after, since it behaves so too.

        There are many maps, sets and counted pointers that can take the place of the standard ones.
        """
        name = foreign.name.rpartition("::")[2]
        for stub, ending, standard in _ALIKE:
            class_ = self._rust.library_trait(stub, standard) if name.endswith(ending) else None
            if class_ is not None:
                count = len(self.parameters(class_.module, class_.symbol))
                return self._rust.making.instance(class_, foreign.arguments[:count])
        return None

    def known_as(self, entity: Entity) -> Entity:
        """The standard type that a foreign value is known as, if there is one."""
        return (self.alike(entity) or entity) if isinstance(entity, Wrapping) else entity

    def with_arguments(self, class_: ClassEntity, arguments: tuple[Value, ...] | None) -> ClassEntity:
        """A class with generic arguments; defaults stand for those that are left out at the end."""
        if arguments is None and class_.arguments:
            return class_
        parameters = self.parameters(class_.module, class_.symbol)
        given = (arguments or ())[: len(parameters)]
        if not parameters or (arguments is None and not self._all_defaulted(parameters)):
            return self._rust.universe.class_(class_.module, class_.symbol)
        mapping: Mapping_ = dict(zip(parameters, given, strict=False))
        for parameter in parameters[len(given) :]:
            mapping[parameter] = self._default(parameter, mapping)
        values = tuple([mapping[parameter] for parameter in parameters])
        return self._rust.making.class_(class_.module, class_.symbol, values)

    def _all_defaulted(self, parameters: tuple[TypeVariable, ...]) -> bool:
        return all(v.module.facts.bindings[v.binding].term for v in parameters)

    def _default(self, parameter: TypeVariable, mapping: Mapping_) -> Value:
        term = parameter.module.facts.bindings[parameter.binding].term
        if not term:
            return UNKNOWN_VALUE
        default = self.of(parameter.module, term)
        return self._rust.generics.substitute(default, mapping) or UNKNOWN_VALUE

    def _alias(self, alias: Alias, arguments: tuple[Value, ...] | None) -> Value:
        value = self.aliased(alias)
        parameters = self.parameters(alias.module, alias.symbol)
        mapping: Mapping_ = dict(zip(parameters, arguments or (), strict=False))
        for parameter in parameters:
            if parameter not in mapping:
                mapping[parameter] = self._default(parameter, mapping)
        return self._rust.generics.substitute(value, mapping)

    def aliased(self, alias: Alias) -> Value:
        """What a type alias stands for, its own parameters open."""
        module, symbol = alias.module, alias.symbol
        self._rust.consult(module, "symbol", module.path, module.qualified[symbol])
        fact = module.facts.symbols[symbol]
        parent = module.facts.symbols[fact.parent]
        if parent.scope < 0:
            return UNKNOWN_VALUE
        for binding in module.facts.scopes[self.home(module, symbol)].names.get(fact.name, ()):
            if module.facts.bindings[binding].symbol == symbol:
                return self.of(module, module.facts.bindings[binding].term)
        return UNKNOWN_VALUE

    def aliased_text(self, module: Module, symbol: int) -> Value:
        """What an alias stands for, for the answers to others."""
        return self.aliased(self._rust.universe.intern(Alias, module, symbol))

    def home(self, module: Module, symbol: int) -> int:
        """The scope that the name of a symbol stands in."""
        found = module.memo.get(("homes", 0))
        if found is None:
            found = module.memo["homes", 0] = {
                b.symbol: b.scope
                for b in module.facts.bindings
                if b.symbol > 0 and b.kind is not BindingKind.PARAMETER
            }
        return int(found.get(symbol, 0))

    def parameters(self, module: Module, symbol: int) -> tuple[TypeVariable, ...]:
        """The type parameters of a type, alias, impl block or function, in order."""
        found = module.memo.get(("parameters", symbol))
        if found is None:
            found = module.memo["parameters", symbol] = self._parameters(module, symbol)
        return found

    def _parameters(self, module: Module, symbol: int) -> tuple[TypeVariable, ...]:
        fact = module.facts.symbols[symbol]
        scope = self._parameter_scope(module, symbol) if fact.type_parameters else -1
        if scope < 0:
            return ()
        names = module.facts.scopes[scope].names
        bindings = [names[name][0] for name in fact.type_parameters if name in names]
        return tuple([self._rust.universe.type_variable(module, b) for b in bindings])

    def _parameter_scope(self, module: Module, symbol: int) -> int:
        found = module.memo.get(("parameter scopes", 0))
        if found is None:
            found = module.memo["parameter scopes", 0] = {
                scope.symbol: index
                for index, scope in enumerate(module.facts.scopes)
                if scope.kind is ScopeKind.TYPE_PARAMETERS
            }
        return int(found.get(symbol, -1))

    # bounds

    def bounds(self, module: Module, term: int) -> tuple[Entity, ...]:
        """The bounds that a term stands for: traits with their arguments, function types, foreign traits."""
        if term <= 0:
            return ()
        expression = module.facts.terms[term]
        if expression[0] == op.INTERSECTION:
            return tuple([bound for t in expression[1:] for bound in self.bounds(module, int(t))])
        found: list[Entity] = []
        for entity in self.of(module, term):
            if isinstance(entity, Opaque):
                found += entity.bounds
            elif isinstance(entity, FunctionType | Foreign):
                found.append(entity)
        return tuple(found)

    def bounds_of_variable(self, variable: TypeVariable) -> tuple[Entity, ...]:
        """The declared bounds of a type parameter."""
        module = variable.module
        return self.bounds(module, module.facts.bindings[variable.binding].declared)

    def bounds_said_of(self, entity: Entity) -> tuple[Entity, ...]:
        """The bounds that ``where`` clauses of the file of a type variable give what is made of it."""
        variable = _root(entity)
        if variable is None:
            return ()
        clauses = self._clauses(variable.module)
        return tuple([b for t in clauses.get(entity, ()) for b in self.bounds(variable.module, t)])

    def _clauses(self, module: Module) -> dict[Entity, list[int]]:
        """The terms of bounds that stand in ``where`` clauses, by the type that they are said of."""
        found: dict[Entity, list[int]] | None = module.memo.get(("clauses", 0))
        if found is None:
            found = module.memo["clauses", 0] = {}
            with self._rust.projections.afresh():
                for fact in module.facts.bindings:
                    if fact.kind is BindingKind.NARROWED and fact.scope >= 0:
                        for entity in self.of(module, fact.term):
                            found.setdefault(entity, []).append(fact.declared)
        return found

    def is_known(self, value: Value) -> bool:
        return bool(union(value)) and UNKNOWN not in value


def _root(entity: Entity) -> TypeVariable | None:
    """The type variable that a projection begins with."""
    while isinstance(entity, Projection):
        entity = entity.base
    return entity if isinstance(entity, TypeVariable) else None
